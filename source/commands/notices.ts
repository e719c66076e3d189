/**
 * What went wrong on the way and did not end the command: an alert of the server, a row it garbled, a `.part` of
 * somebody else. Said once the command is over, unless that says it itself.
 */
import {type SafeText, safeLine} from '../model/safe-text.ts';
import type {CommandSession} from '../session/session.ts';
import type {Undone} from './undone.ts';

type Notices = {
	/** In the order they came, without what the end of the command says. */
	readonly besides: (end: Undone | undefined) => readonly SafeText[];
	readonly stop: () => void;
};

export function collectNotices({notice}: Pick<CommandSession, 'notice'>): Notices {
	const all = new Set<SafeText>();
	const add = (): void => {
		const now = notice.get();
		if (now?.kind === 'problem') all.add(withoutKeys(now.text));
	};
	// What the start has met, too.
	add();
	const stop = notice.subscribe(add);
	// Who ends in silence has a reason to.
	const besides = (end: Undone | undefined): SafeText[] =>
		end?.message === '' ? [] : [...all].filter(text => !end?.message.includes(text));
	return {besides, stop};
}

/** What one does on the screen is another command here. */
export const withoutKeys = (sentence: SafeText): SafeText =>
	safeLine(sentence.replace('try again in :downloads', 'run the same command again'));
