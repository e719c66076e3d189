/**
 * A sentence of the session with what one can press about it, as the keys are bound. Pure.
 */
import type {Keymap} from '../source/keys/keymap.ts';
import type {ScreenKeys} from '../source/keys/screen-keys.ts';
import type {ScreenName} from '../source/keys/screens.ts';
import type {Advice} from '../source/model/advice.ts';
import {ours, type SafeText} from '../source/model/safe-text.ts';
import {safe} from './safe.ts';

const oneLine: ReadonlySet<Advice> = new Set(['undo', 'outbox', 'look', 'decide-about-tagged', 'keep-state-here']);

export function withAdvice(
	sentence: SafeText,
	advice: Advice | undefined,
	keymap: Keymap,
	screen: ScreenName,
): SafeText {
	if (advice === undefined) return sentence;
	const words = adviceWords(advice, keymap, screen);
	// A notice is one sentence on one line; a remark has room.
	const joint = oneLine.has(advice) ? ours('; ') : ours('. ');
	return words === '' ? sentence : safe`${sentence}${joint}${words}`;
}

function adviceWords(advice: Advice, keymap: Keymap, screen: ScreenName): SafeText {
	const keys = keymap.on(screen);
	switch (advice) {
		case 'undo':
			return keys.hint('undo', 'takes it back');
		case 'outbox':
			return keys.hint('outbox', 'shows the outbox');
		case 'look':
			return keys.hint('look', 'looks for it');
		case 'keep-state-here':
			return keys.hint('statePlace', 'keeps it here');
		case 'decide-about-tagged':
			return taggedWords(keys);
		case 'see-parts':
			return keys.hint('parts', 'shows its parts');
		case 'more-text':
			return keys.hint('moreText', 'brings more');
		case 'decrypt-openpgp':
			return decryptWords(keymap, screen, ours('encrypted '), ours('gpg --decrypt'));
		case 'decrypt-smime':
			return decryptWords(keymap, screen, ours(''), ours('openssl smime -decrypt …'));
	}
}

/** `; and a key decides about all of them`. */
function taggedWords(keys: ScreenKeys): SafeText {
	const found = keys.keysOf('deleteTagged').find(key => key.includes(' '));
	return found === undefined
		? ours('')
		: ours(`with ${found.replace(/ .*/, '')} in front a key decides about all of them`);
}

function decryptWords(keymap: Keymap, screen: ScreenName, which: SafeText, program: SafeText): SafeText {
	const parts = keymap.on(screen).nameOf('parts');
	const pipe = keymap.on('parts').nameOf('pipe');
	if (parts === '' || pipe === '') return ours('');
	return safe`To read it: ${parts}, choose the ${which}part, ${pipe} and: ${program}`;
}
