/**
A text → the lines a screen of so many columns shows.

Laws:
- No line is wider than `columns`, none splits a grapheme, and nothing but blanks at breaks is lost.
- A line that fits stays as it was written: tables, code and drawings keep their blanks.
- Lines break at blanks, and beside wide characters (Chinese and Japanese have no blanks). A word or URL is broken only when it is wider than the screen.
- A quote stays a quote: its marks are repeated on every line.
- Linear: 200 kB take a few tens of milliseconds.

It takes SafeText and gives SafeText: pieces of whole graphemes of a safe text are safe.
*/
import type {TextLine} from '../model/message.ts';
import type {SafeText} from '../model/safe-text.ts';
import {graphemes, widthOf, widthOfCodePoint} from '../model/width.ts';
import {type FlowedOptions, logicalLines} from './flowed.ts';

export type WrapOptions = FlowedOptions & {readonly columns: number};

const ascii = /^[\x20-\x7e]*$/;
// What may not begin a line, or end one, where there are no blanks to break at (a little of JIS X 4051).
const closing = /^[、。，．・：；？！」』）】〉》〕］｝ーぁぃぅぇぉっゃゅょァィゥェォッャュョ々…]/;
const opening = /[「『（【〈《〔［｛]$/;
/** The marks of a quote that leaves no room for its words are cut to a third of the screen. */
const maxPrefixShare = 3;

function hasWide(word: string): boolean {
	for (const character of word) if (widthOfCodePoint(character.codePointAt(0)!) === 2) return true;
	return false;
}

/** A word's unbreakable pieces: one for a Latin word, one for each character of Chinese. */
function piecesOf(word: string): string[] {
	if (ascii.test(word) || !hasWide(word)) return [word];
	const pieces: string[] = [];
	let mayBreak = false;
	for (const grapheme of graphemes(word)) {
		const isWide = widthOf(grapheme) === 2;
		const last = pieces.at(-1);
		const isBreak = (isWide || mayBreak) && !closing.test(grapheme) && !(last !== undefined && opening.test(last));
		if (last === undefined || isBreak) pieces.push(grapheme);
		else pieces[pieces.length - 1] = last + grapheme;
		mayBreak = isWide;
	}
	return pieces;
}

/** A word that is wider than the screen, in pieces that are not. */
function* breakLong(word: string, columns: number): Generator<string> {
	if (ascii.test(word)) {
		for (let start = 0; start < word.length; start += columns) yield word.slice(start, start + columns);
		return;
	}
	let piece = '';
	let width = 0;
	for (const grapheme of graphemes(word)) {
		const needed = widthOf(grapheme);
		if (width + needed > columns && piece !== '') {
			yield piece;
			piece = '';
			width = 0;
		}
		// A character wider than the whole screen: there is nothing better than to show that it is there.
		piece += needed > columns ? '…' : grapheme;
		width += Math.min(needed, columns);
	}
	yield piece;
}

/** One logical line in as many pieces of at most `columns` as it needs. */
function wrapLine(text: string, columns: number): string[] {
	const trimmed = text.trimEnd();
	if (trimmed.length <= columns && ascii.test(trimmed)) return [trimmed];
	if (trimmed.length * 2 <= columns || widthOf(trimmed) <= columns) return [trimmed];

	const lines: string[] = [];
	let line = '';
	let width = 0;
	const finish = () => {
		lines.push(line.trimEnd());
		line = '';
		width = 0;
	};

	for (const token of trimmed.match(/ +|[^ ]+/g)!) {
		if (token.startsWith(' ')) {
			// Blanks at a break go; those in front of the first word are an indent and stay, as far as there is room.
			if (lines.length > 0 && line === '') continue;
			const blanks = token.slice(0, Math.max(0, columns - width));
			line += blanks;
			width += blanks.length;
			continue;
		}
		for (const piece of piecesOf(token)) {
			const pieceWidth = widthOf(piece);
			if (width + pieceWidth <= columns) {
				line += piece;
				width += pieceWidth;
				continue;
			}
			if (line.trim() !== '') finish();
			else {
				line = '';
				width = 0;
			}
			for (const part of breakLong(piece, columns)) {
				if (line !== '') finish();
				line = part;
				width = widthOf(part);
			}
		}
	}
	finish();
	return lines;
}

/**
The whole text as display lines, quote marks included. Lines carry no blanks at their ends.

@param text Of many lines, from `safeText` or `htmlToText`.
*/
export function wrapText(text: SafeText, {columns, ...flowed}: WrapOptions): TextLine[] {
	const width = Math.max(1, columns);
	const lines: TextLine[] = [];
	let isSignature = false;

	for (const {text: content, prefix, quoteDepth, isSignatureStart} of logicalLines(text, flowed)) {
		if (quoteDepth === 0 && isSignatureStart) isSignature = true;
		const kind = quoteDepth > 0 ? 'quote' : isSignature ? 'signature' : 'text';
		const whole = prefix + content;
		if (whole.length <= width && ascii.test(whole)) {
			lines.push({text: whole.trimEnd() as SafeText, quoteDepth, kind});
			continue;
		}
		const room = Math.floor(width / maxPrefixShare);
		const shown =
			prefix.length <= room ? prefix : `${prefix.slice(0, Math.max(0, room - 1)).trimEnd()} `.slice(0, room);
		for (const line of wrapLine(content, width - shown.length)) {
			lines.push({text: (shown + line).trimEnd() as SafeText, quoteDepth, kind});
		}
	}
	// The line end that ends a text begins no line.
	if (lines.length > 1 && lines.at(-1)!.text === '' && text.endsWith('\n')) lines.pop();
	return lines;
}
