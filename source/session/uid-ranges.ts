/** Sets of UIDs as ranges, never as arrays of numbers: a mailbox that was emptied says `1:4294967295`. */

type UidRange = {readonly first: number; readonly last: number};

/** `5,3:1` → 1–3, 5 in the order they are written. */
export function rangesOf(set: string): UidRange[] {
	return set
		.split(',')
		.filter(range => range !== '')
		.map(range => {
			const [from = 0, to = from] = range.split(':').map(Number);
			return {first: Math.min(from, to), last: Math.max(from, to)};
		});
}

/** More than a mailbox holds in practice; a range that says otherwise is not believed. */
const mostNumbers = 2_000_000;

/** Both ends included. */
export const numbersWithin = (first: number, last: number): number[] =>
	last - first >= mostNumbers ? [] : Array.from({length: Math.max(0, last - first + 1)}, (_, index) => first + index);
