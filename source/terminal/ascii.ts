/**
 * Text for a terminal that shows ASCII only: letters lose their accents, punctuation becomes plain, the rest becomes `?`,
 * as many as the character was columns wide, so that columns stay aligned. Escape sequences pass unchanged.
 */
import {graphemes, widthOf} from '../model/width.ts';

const plain: Readonly<Record<string, string>> = {
	'…': '~',
	'–': '-',
	'—': '-',
	'‐': '-',
	'−': '-',
	'─': '-',
	'│': '|',
	'├': '|',
	'└': '`',
	'·': '.',
	'•': '*',
	'‘': "'",
	'’': "'",
	'“': '"',
	'”': '"',
	'„': '"',
	'«': '"',
	'»': '"',
	'×': 'x',
	'\u00a0': ' ',
	Ł: 'L',
	ł: 'l',
	Ø: 'O',
	ø: 'o',
	Đ: 'D',
	đ: 'd',
	ı: 'i',
};

export function asciiOf(text: string): string {
	return text.replace(/[^\x00-\x7f]+/g, run => graphemes(run).map(inAscii).join(''));
}

function inAscii(grapheme: string): string {
	const columns = widthOf(grapheme);
	const known = plain[grapheme] ?? grapheme.normalize('NFKD').replace(/[\u0300-\u036f]/g, '');
	return /^[\x20-\x7e]*$/.test(known) && known.length === columns ? known : '?'.repeat(columns);
}
