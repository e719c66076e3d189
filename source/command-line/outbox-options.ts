/**
 * `bonsai outbox --again ID`, `--undo ID` and the like: what is to be done about one letter, or one decision. Pure. Throws
 * a UsageProblem.
 */
import type {OperationId} from '../model/operation.ts';
import type {OptionName, Values} from './options.ts';
import {UsageProblem} from './usage-problem.ts';

export const outboxVerbs = [
	'again',
	'undo',
	'arrived',
	'hold',
	'release',
	'discard',
] as const satisfies readonly OptionName[];
export type OutboxVerb = (typeof outboxVerbs)[number];

export type AboutLetter = {readonly verb: OutboxVerb; readonly letter: string};
export type AboutDecision = {readonly verb: OutboxVerb; readonly decision: OperationId};
export type WantedOutbox = {readonly about: AboutLetter | AboutDecision | undefined};

export function readOutbox(values: Values): WantedOutbox {
	const [first, ...others] = outboxVerbs.flatMap(verb => {
		const id = values[verb];
		return id === undefined ? [] : [about(verb, id)];
	});
	if (others.length > 0)
		throw new UsageProblem(`one thing at a time: ${outboxVerbs.map(verb => `--${verb}`).join(', ')} or nothing`);
	return {about: first};
}

/** Decisions are numbered; what a letter is called has a hyphen in it. */
const about = (verb: OutboxVerb, id: string): AboutLetter | AboutDecision =>
	/^\d+$/.test(id) ? {verb, decision: Number(id) as OperationId} : {verb, letter: id};
