/**
 * How much of part 1 is asked for before anybody knows what it is: half a second of the line, which is less than
 * asking again would take; on a slow or metered line what is little enough to be wasted on a picture.
 */
import type {Budget} from '../model/budget.ts';
import type {Line} from './line.ts';

const leastBytes = 2048;
const mostBytes = 16 * 1024;
const seconds = 0.5;

export function probeBytes({name, textBytes}: Budget, line: Pick<Line, 'bytesIn'>): number {
	const guess = name === 'metered' ? 0 : Math.min(mostBytes, Math.round(line.bytesIn(seconds)));
	return Math.min(textBytes, Math.max(leastBytes, guess));
}

/** No more of it than what may be spent at most has room for. */
export const fittingProbeBytes = (wanted: number, most: number): number =>
	Math.max(Math.min(wanted, leastBytes), Math.min(wanted, most - mostToOpenBytes(0)));

/**
 * What opening could cost: the octets, To and Cc as far as they are asked for, and a structure, which no question can
 * bound: one of 4 kB has some fifty parts.
 */
export const mostToOpenBytes = (length: number): number => length + 8192 + 4000 + 400;
