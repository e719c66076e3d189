/**
 * What is kept of a mailbox, in numbers, and what its newest messages are like: what the price of a wish is made from.
 */
import type {MailboxPath, MessageId} from '../model/ids.ts';
import {lazily} from '../model/lazily.ts';
import {type HeldCounts, nothingHeld, type SampledMessage} from '../model/wish-cost.ts';
import type {Facts} from '../store/facts.ts';
import type {Described} from './describe.ts';

/** Enough to know what the others are like. */
const sampled = 100;

/** `gone`: so many of them are not on the server any more; nobody knows which. */
export function heldCounts(facts: Facts, path: MailboxPath, gone = 0): HeldCounts {
	const held = facts.held(path);
	if (held === undefined) return nothingHeld;
	// Structures are read only when somebody wishes for what is in them.
	const sample = lazily((): readonly SampledMessage[] =>
		facts.newest(path, held, sampled).flatMap(id => sampleOf(facts, id) ?? []),
	);
	const {summaries, structures, texts} = facts.counts(path);
	const left = (count: number): number => Math.max(0, count - gone);
	return {
		summaries: left(summaries),
		structures: left(structures),
		texts: left(texts),
		get sample() {
			return sample();
		},
	};
}

/** Undefined: its structure is not here. */
export function sampleOf(facts: Facts, id: MessageId): SampledMessage | undefined {
	const json = facts.structure(id);
	const structure = json === undefined ? undefined : (JSON.parse(json) as Described).structure;
	if (structure === undefined) return undefined;
	const heldBytes: SampledMessage['heldBytes'] = part =>
		facts.isEnded(id, part) ? Number.POSITIVE_INFINITY : facts.heldBytes(id, part);
	return {structure, heldBytes};
}
