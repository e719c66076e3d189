/** The code of a status response (RFC 9051 §7.1): `[UIDVALIDITY 7]` of `* OK [UIDVALIDITY 7] UIDs valid`. */
import {type Response, type Token, textOf} from './fetched-row.ts';

/** Its words, the first in upper case; none when there is no code. */
export function responseCode({attributes}: Response): readonly string[] {
	const first = attributes?.[0];
	if (first === null || typeof first !== 'object' || Array.isArray(first)) return [];
	const words = ((first as {section?: readonly Token[]}).section ?? []).map(token => textOf(token) ?? '');
	return words.map((word, index) => (index === 0 ? word.toUpperCase() : word));
}
