/**
 * A text of many lines that is typed: keys in, text and cursor out. A line is as long as its writer wants; on the screen it
 * is wrapped. Pure.
 */
import {safeLine} from '../source/model/safe-text.ts';
import {graphemes, widthOf} from '../source/model/width.ts';
import type {Key} from './key-source.ts';

/** `at`: in graphemes of that line. `goal`: the column that up and down come back to. */
export type EditedText = {
	readonly lines: readonly string[];
	readonly line: number;
	readonly at: number;
	readonly goal: number | undefined;
};

/** A row of the screen: so many graphemes of a line. */
type Row = {readonly line: number; readonly from: number; readonly to: number};

/** The cursor stands at the beginning: an answer is written above what it quotes, or one goes down to below it. */
export const editText = (text: string): EditedText => ({
	lines: text.replaceAll(/\r\n?/g, '\n').split('\n'),
	line: 0,
	at: 0,
	goal: undefined,
});

export const wholeText = ({lines}: EditedText): string => lines.join('\n');

const columnsOf = (pieces: readonly string[]): number => widthOf(safeLine(pieces.join('')));

/** Broken behind a blank where there is one. A line that fills its rows has room for the cursor behind it. */
function rowsOfLine(text: string, line: number, columns: number): Row[] {
	const pieces = graphemes(text);
	const rows: Row[] = [];
	let from = 0;
	let width = 0;
	let blank = -1;
	for (const [index, piece] of pieces.entries()) {
		const own = Math.max(1, columnsOf([piece]));
		if (width + own > columns && index > from) {
			const to = blank > from ? blank : index;
			rows.push({line, from, to});
			from = to;
			width = columnsOf(pieces.slice(from, index));
			blank = -1;
		}
		width += own;
		if (piece === ' ') blank = index + 1;
	}
	rows.push({line, from, to: pieces.length});
	return rows;
}

export const rowsOf = ({lines}: EditedText, columns: number): Row[] =>
	lines.flatMap((text, line) => rowsOfLine(text, line, columns));

/** The row the cursor is in, among all, and its column. */
export function cursorOf(text: EditedText, columns: number): {readonly row: number; readonly column: number} {
	const rows = rowsOf(text, columns);
	const row = rows.findLastIndex(each => each.line === text.line && each.from <= text.at);
	const {from} = rows[row] ?? {from: 0};
	return {row, column: columnsOf(graphemes(text.lines[text.line] ?? '').slice(from, text.at))};
}

export const textOfRow = ({lines}: EditedText, {line, from, to}: Row): string =>
	graphemes(lines[line] ?? '')
		.slice(from, to)
		.join('');

const pieces = ({lines, line}: EditedText): string[] => graphemes(lines[line] ?? '');

function withLines(text: EditedText, from: number, count: number, lines: readonly string[]): readonly string[] {
	return [...text.lines.slice(0, from), ...lines, ...text.lines.slice(from + count)];
}

function typed(text: EditedText, written: string): EditedText {
	const here = pieces(text);
	const before = here.slice(0, text.at).join('') + written;
	const after = here.slice(text.at).join('');
	const added = before.split('\n');
	const last = added.at(-1) ?? '';
	const lines = withLines(text, text.line, 1, [...added.slice(0, -1), last + after]);
	return {lines, line: text.line + added.length - 1, at: graphemes(last).length, goal: undefined};
}

function erased(text: EditedText, by: -1 | 1): EditedText {
	const here = pieces(text);
	const index = by < 0 ? text.at - 1 : text.at;
	if (index >= 0 && index < here.length) {
		const line = here.toSpliced(index, 1).join('');
		return {...text, lines: withLines(text, text.line, 1, [line]), at: index, goal: undefined};
	}
	const upper = by < 0 ? text.line - 1 : text.line;
	const [first, second] = [text.lines[upper], text.lines[upper + 1]];
	if (first === undefined || second === undefined) return text;
	return {
		lines: withLines(text, upper, 2, [first + second]),
		line: upper,
		at: graphemes(first).length,
		goal: undefined,
	};
}

function wordErased(text: EditedText): EditedText {
	if (text.at === 0) return erased(text, -1);
	const here = pieces(text);
	const before = here
		.slice(0, text.at)
		.join('')
		.replace(/\S*\s*$/, '');
	const lines = withLines(text, text.line, 1, [before + here.slice(text.at).join('')]);
	return {...text, lines, at: graphemes(before).length, goal: undefined};
}

function restErased(text: EditedText): EditedText {
	const here = pieces(text);
	if (text.at >= here.length) return erased(text, 1);
	return {...text, lines: withLines(text, text.line, 1, [here.slice(0, text.at).join('')]), goal: undefined};
}

function sideways(text: EditedText, by: -1 | 1): EditedText {
	const {length} = pieces(text);
	const at = text.at + by;
	if (at >= 0 && at <= length) return {...text, at, goal: undefined};
	const line = text.line + by;
	const next = text.lines[line];
	if (next === undefined) return text;
	return {...text, line, at: by < 0 ? graphemes(next).length : 0, goal: undefined};
}

function vertically(text: EditedText, by: number, columns: number): EditedText {
	const rows = rowsOf(text, columns);
	const cursor = cursorOf(text, columns);
	const goal = text.goal ?? cursor.column;
	const row = rows[Math.max(0, Math.min(rows.length - 1, cursor.row + by))];
	if (row === undefined) return text;
	const own = graphemes(text.lines[row.line] ?? '').slice(row.from, row.to);
	// Behind the last of a row that goes on one is in the next already.
	const isLast = row.to === graphemes(text.lines[row.line] ?? '').length;
	const most = isLast ? own.length : own.length - 1;
	let at = 0;
	while (at < most && columnsOf(own.slice(0, at + 1)) <= goal) at++;
	return {...text, line: row.line, at: row.from + at, goal};
}

function toEdge(text: EditedText, isEnd: boolean, columns: number): EditedText {
	const rows = rowsOf(text, columns);
	const row = rows[cursorOf(text, columns).row];
	if (row === undefined) return text;
	const isLast = row.to === pieces(text).length;
	return {...text, at: isEnd ? row.to - (isLast ? 0 : 1) : row.from, goal: undefined};
}

/** The text after the key; undefined when the key is none that edits. @param rows Of a page. */
export function editedText(text: EditedText, key: Key, columns: number, rows: number): EditedText | undefined {
	if (key.text !== '') {
		const written = key.text
			.replaceAll(/\r\n?/g, '\n')
			.replaceAll('\t', '    ')
			.replaceAll(/[\x00-\x09\x0b-\x1f\x7f-\x9f]/g, '');
		return typed(text, written);
	}
	switch (key.name) {
		case 'Enter':
			return typed(text, '\n');
		case 'Tab':
			return typed(text, '    ');
		case 'Backspace':
			return erased(text, -1);
		case 'Delete':
		case 'Ctrl+d':
			return erased(text, 1);
		case 'Ctrl+w':
			return wordErased(text);
		case 'Ctrl+k':
			return restErased(text);
		case 'Left':
		case 'Ctrl+b':
			return sideways(text, -1);
		case 'Right':
		case 'Ctrl+f':
			return sideways(text, 1);
		case 'Up':
		case 'Ctrl+p':
			return vertically(text, -1, columns);
		case 'Down':
		case 'Ctrl+n':
			return vertically(text, 1, columns);
		case 'PageUp':
			return vertically(text, 1 - rows, columns);
		case 'PageDown':
		case 'Ctrl+v':
			return vertically(text, rows - 1, columns);
		case 'Home':
		case 'Ctrl+a':
			return toEdge(text, false, columns);
		case 'End':
		case 'Ctrl+e':
			return toEdge(text, true, columns);
		default:
			return undefined;
	}
}
