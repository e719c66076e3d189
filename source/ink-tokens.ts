/**
 * Stands for Ink's tokenizer in the built program (build.ts), with the same result: text in which nothing joins is taken
 * apart by code points. By itself it asks Intl.Segmenter about each character of each row of each frame, which is a
 * fifth of the time from a key to the screen, and half of the garbage.
 */
import {tokenize as slowly} from '@alcalzone/ansi-tokenize';
import {isSeparate, widthOfCodePoint} from './model/width.ts';

export * from '@alcalzone/ansi-tokenize';

type Tokens = ReturnType<typeof slowly>;

const style = /(\x1b\[[\d;]*m)/;

export function tokenize(text: string, endChar?: number): Tokens {
	if (endChar !== undefined) return slowly(text, endChar);
	return text
		.split(style)
		.flatMap((piece, index) => (index % 2 === 0 && isSeparate(piece) ? letters(piece) : slowly(piece)));
}

const letters = (text: string): Tokens =>
	Array.from(text, value => ({
		type: 'char' as const,
		value,
		fullWidth: widthOfCodePoint(value.codePointAt(0) ?? 0) === 2,
	}));
