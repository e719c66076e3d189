/** Something that one question brings: asked again on the next line when this one is lost before it is answered. */
import type {SafeText} from '../model/safe-text.ts';
import type {Need, Question} from './needs.ts';

type OneQuestion = Pick<Need, 'key' | 'urgency' | 'mailbox' | 'fail' | 'open' | 'isHeld'> & {
	readonly what: SafeText;
	/** Octets. */
	readonly expectedBytes: number;
	readonly mostBytes: number;
	/** It waits for another moment. */
	readonly mayAsk?: () => boolean;
	readonly ask: Question['ask'];
};

export function oneQuestion({what, expectedBytes, mostBytes, mayAsk, ask, ...need}: OneQuestion): Need {
	let [isAsked, isDone] = [false, false];
	return {
		...need,
		isDone: () => isDone,
		isAllAsked: () => isAsked,
		lost: () => {
			isAsked = false;
		},
		cost: () => ({what, mostBytes}),
		next: () => {
			if (isAsked || mayAsk?.() === false) return undefined;
			isAsked = true;
			return {
				expectedBytes,
				mostBytes,
				ask: async remote => {
					await ask(remote);
					isDone = true;
				},
			};
		},
	};
}
