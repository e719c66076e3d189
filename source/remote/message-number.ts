import type {Response} from './fetched-row.ts';

/** `* 12 EXISTS`. What is no number of messages (RFC 9051 §9, nz-number: 32 bits) says nothing. */
export function messageNumber({command}: Response): number | undefined {
	const number = /^\d{1,10}$/.test(command) ? Number(command) : Number.NaN;
	return number < 2 ** 32 ? number : undefined;
}
