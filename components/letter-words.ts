/** What the outbox says of a letter besides its sentence: how it stands, why, and what can be done about it. Pure. */
import type {ScreenKeys} from '../source/keys/screen-keys.ts';
import type {ShownLetter} from '../source/model/outgoing.ts';
import {ours, type SafeText, safeLine} from '../source/model/safe-text.ts';
import {dateOf} from './format.ts';
import {safe} from './safe.ts';

export type LetterAround = {
	/** Ms since the epoch. */
	readonly now: number;
	/** Whether it leaves by itself, without a call. */
	readonly isSentAtOnce: boolean;
	readonly keys: ScreenKeys;
};

export function letterState({state, isHeld, sendAt}: ShownLetter, now: number): SafeText {
	if (state !== 'waiting') return ours(state);
	if (isHeld) return ours('held');
	return ours(sendAt > now ? 'later' : 'waiting');
}

/** Whether something has to be done about it by the user. */
export const isTrouble = ({state}: ShownLetter): boolean => state === 'refused' || state === 'unknown';

const withoutStop = (text: SafeText): SafeText => ours(text.replace(/\.$/, ''));

export function letterReason(letter: ShownLetter, around: LetterAround): SafeText {
	const {keys} = around;
	switch (letter.state) {
		case 'waiting':
			return whyWaiting(letter, around);
		case 'sending':
			return ours('It is on its way: all of it was sent, and the server has not said yet whether it takes it.');
		case 'sent':
			return letter.sequelState === 'over'
				? ours('The server has taken it.')
				: ours('The server has taken it. A copy is still to be filed with what was sent.');
		case 'refused':
			return safe`${withoutStop(letter.because)}.${refusedWords(letter)} ${keys.hints(['retry', 'sends it again'], ...draftHint(letter), ['discard', 'throws it away'])}.`;
		case 'unknown':
			return safe`${withoutStop(letter.because)}. It is not sent again by itself. ${keys.hints(['arrived', 'says that it arrived'], ['retry', 'sends it again'], ...draftHint(letter), ['discard', 'throws it away'])}.`;
	}
}

type Hint = readonly ['undo', string];

const draftHint = ({hasDraft, sequelState}: ShownLetter): readonly Hint[] =>
	hasDraft && sequelState === 'to-come' ? [['undo', 'makes it a draft again']] : [];

/** Who it was refused for, in the server's words. */
function refusedWords({refusals}: ShownLetter): SafeText {
	const [first, ...others] = refusals;
	if (first === undefined) return ours('');
	const more = others.length === 0 ? ours('') : safe` and ${others.length} more`;
	return safe` Refused: ${safeLine(first.address)} (${withoutStop(first.because)})${more}.`;
}

function whyWaiting(letter: ShownLetter, {now, isSentAtOnce, keys}: LetterAround): SafeText {
	const {isHeld, sendAt, notBefore, because, attempts} = letter;
	const back = keys.hints(...draftHint(letter), ['discard', 'throws it away']);
	if (isHeld) return safe`Held: it is not sent. ${keys.hint('hold', 'lets it go')}, ${back}.`;
	const sooner = keys.hints(['retry', 'sends it now'], ['hold', 'keeps it back']);
	if (sendAt > now) return safe`It is to be sent ${momentOf(sendAt, now)}. ${sooner}, ${back}.`;
	const tried = because === '' ? ours('') : safe`Not sent yet: ${withoutStop(because)}. `;
	if (!isSentAtOnce) return safe`${tried}It leaves in the next call. ${keys.hint('hold', 'keeps it back')}, ${back}.`;
	if (attempts === 0 && because === '' && notBefore > now)
		return safe`It leaves ${Math.ceil((notBefore - letter.madeAt) / 1000)} s after you sent it. ${sooner}, ${back}.`;
	const when =
		notBefore > now
			? safe`It is tried again ${momentOf(notBefore, now)}.`
			: ours('It leaves as soon as there is a line.');
	return safe`${tried}${when} ${sooner}, ${back}.`;
}

/** `at 18:05`, `on Nov 30 at 08:00`. */
function momentOf(moment: number, now: number): SafeText {
	const time = dateOf(moment, moment);
	const day = dateOf(moment, now);
	return day === time ? safe`at ${time}` : safe`on ${day} at ${time}`;
}
