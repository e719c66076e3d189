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

/** Ascending, each once. */
export function readUidSet(words: readonly string[]): number[] {
	const uids = new Set<number>();
	for (const range of words.flatMap(word => word.split(','))) {
		const ends = range.split(':');
		if (ends.length > 2) throw new UsageProblem(`${range} is no range of UIDs: it looks like 15:20`);
		const [from = 0, to = from] = ends.map(readUid).sort((a, b) => a - b);
		if (to - from >= mostUids || uids.size + to - from >= mostUids)
			throw new UsageProblem(`${words.join(' ')} is more than ${mostUids} UIDs`);
		for (let uid = from; uid <= to; uid++) uids.add(uid);
	}
	return [...uids].sort((a, b) => a - b);
}
