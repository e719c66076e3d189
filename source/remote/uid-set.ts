/**
 * Sets of message numbers as IMAP spells them (RFC 9051 §9, sequence-set), as ranges: what a server says of a large
 * mailbox is never an array of numbers.
 */
import type {UidSet} from './remote.ts';

export type Range = readonly [first: number, last: number];

const numberIn = (text: string | undefined): number =>
	text === '*' ? Number.POSITIVE_INFINITY : /^\d{1,10}$/.test(text ?? '') ? Number(text) : Number.NaN;

/** Ascending, without overlaps. A range may run backwards and `*` is the end of all; what is no range is left out. */
export function readRanges(text: string): Range[] {
	const ranges: Range[] = [];
	for (const each of text.split(',')) {
		const [from, to, ...more] = each.split(':');
		const [first, last] = [numberIn(from), numberIn(to ?? from)];
		if (more.length === 0 && first > 0 && last > 0) ranges.push(first <= last ? [first, last] : [last, first]);
	}
	return joined(ranges);
}

/** The shortest set of the same numbers. */
export const writeRanges = (ranges: readonly Range[]): UidSet =>
	joined(ranges)
		.map(([first, last]) => (first === last ? `${first}` : `${first}:${Number.isFinite(last) ? last : '*'}`))
		.join(',');

function joined(ranges: readonly Range[]): Range[] {
	const joint: [first: number, last: number][] = [];
	for (const [first, last] of [...ranges].sort((a, b) => a[0] - b[0])) {
		const before = joint.at(-1);
		if (before !== undefined && first <= before[1] + 1) before[1] = Math.max(before[1], last);
		else joint.push([first, last]);
	}
	return joint;
}

export const countIn = (ranges: readonly Range[]): number =>
	ranges.reduce((count, [first, last]) => count + last - first + 1, 0);

/** More than a mailbox holds in practice; a range that says otherwise is not believed. */
const mostNumbers = 2_000_000;

/** Each of them, ascending. */
export function numbersIn(set: string): number[] {
	const numbers: number[] = [];
	for (const [first, last] of readRanges(set)) {
		if (numbers.length + last - first > mostNumbers) continue;
		for (let number = first; number <= last; number++) numbers.push(number);
	}
	return numbers;
}

/** Whether a number is in a set. */
export function isIn(set: string): (number: number) => boolean {
	const ranges = readRanges(set);
	return number => {
		let [low, high] = [0, ranges.length];
		while (low < high) {
			const middle = (low + high) >> 1;
			if ((ranges[middle] as Range)[1] < number) low = middle + 1;
			else high = middle;
		}
		return (ranges[low]?.[0] ?? Number.POSITIVE_INFINITY) <= number;
	};
}
