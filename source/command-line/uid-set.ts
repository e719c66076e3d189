/** UIDs as words: `12,15:20` (RFC 9051 §9, sequence-set). Throws a UsageProblem. */
import {UsageProblem} from './usage-problem.ts';

/** As many as one command may name: each is kept by itself. */
const mostUids = 100_000;
const largestUid = 2 ** 32 - 1;

export function readUid(word: string): number {
	const uid = /^\d{1,10}$/.test(word) ? Number(word) : 0;
	if (uid < 1 || uid > largestUid) throw new UsageProblem(`${word} is no UID: bonsai list shows them`);
	return uid;
}

export type UidSet = {
	/** Ascending, each once. */
	readonly uids: readonly number[];
	/** Of these, those that were named one by one and not by a range, which may have holes. */
	readonly named: readonly number[];
};

export function readUidSet(words: readonly string[]): UidSet {
	const uids = new Set<number>();
	const named = new Set<number>();
	for (const range of words.flatMap(word => word.split(','))) {
		const ends = range.split(':');
		if (ends.length > 2) throw new UsageProblem(`${range} is no range of UIDs: it looks like 15:20`);
		const [from = 0, to = from] = ends.map(readUid).sort((a, b) => a - b);
		if (uids.size + to - from >= mostUids) throw new UsageProblem(`${words.join(' ')} is more than ${mostUids} UIDs`);
		for (let uid = from; uid <= to; uid++) uids.add(uid);
		if (ends.length === 1) named.add(from);
	}
	return {uids: inOrder(uids), named: inOrder(named)};
}

const inOrder = (uids: ReadonlySet<number>): number[] => [...uids].sort((a, b) => a - b);
