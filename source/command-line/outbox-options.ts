/** `bonsai outbox --again ID`, `--undo ID` and the like: what is to be done about one letter. Pure. Throws a UsageProblem. */
import type {OptionName, Values} from './options.ts';
import {UsageProblem} from './usage-problem.ts';

export const letterVerbs = [
	'again',
	'undo',
	'arrived',
	'hold',
	'release',
	'discard',
] as const satisfies readonly OptionName[];
export type LetterVerb = (typeof letterVerbs)[number];

export type WantedOutbox = {readonly about: {readonly verb: LetterVerb; readonly letter: string} | undefined};

export function readOutbox(values: Values): WantedOutbox {
	const [first, ...others] = letterVerbs.flatMap(verb => {
		const letter = values[verb];
		return letter === undefined ? [] : [{verb, letter}];
	});
	if (others.length > 0)
		throw new UsageProblem(`one thing at a time: ${letterVerbs.map(verb => `--${verb}`).join(', ')} or nothing`);
	return {about: first};
}
