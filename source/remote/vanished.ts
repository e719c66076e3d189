import {type Response, type Token, textOf} from './fetched-row.ts';
import {type Range, readRanges} from './uid-set.ts';

/** `* VANISHED (EARLIER) 41,43:116` (RFC 7162 §3.2.10). Only what was not earlier shifts the sequence numbers. */
export function readVanished({attributes = []}: Response): {readonly ranges: Range[]; readonly isEarlier: boolean} {
	const [first] = attributes;
	const tags: readonly Token[] = Array.isArray(first) ? first : [];
	return {
		isEarlier: tags.some(tag => textOf(tag)?.toUpperCase() === 'EARLIER'),
		ranges: readRanges(textOf(attributes.at(-1)) ?? '').filter(([, last]) => Number.isFinite(last)),
	};
}
