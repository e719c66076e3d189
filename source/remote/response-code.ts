/** The code of a status response (RFC 9051 §7.1): `[UIDVALIDITY 7]` of `* OK [UIDVALIDITY 7] UIDs valid`. */
import {type Response, type Token, textOf} from './fetched-row.ts';

/** Its words, the first in upper case; none when there is no code. */
export function responseCode(response: Response): readonly string[] {
	const words = tokensOf(response).map(token => textOf(token) ?? '');
	return words.map((word, index) => (index === 0 ? word.toUpperCase() : word));
}

/** The list in it: the flags of `[PERMANENTFLAGS (\\Seen \\*)]`. */
export const listInCode = (response: Response): readonly string[] =>
	tokensOf(response)
		.filter(token => Array.isArray(token))
		.flat()
		.map(token => textOf(token as Token) ?? '')
		.filter(word => word !== '');

function tokensOf({attributes}: Response): readonly Token[] {
	const first = attributes?.[0];
	if (first === null || typeof first !== 'object' || Array.isArray(first)) return [];
	return (first as {section?: readonly Token[]}).section ?? [];
}
