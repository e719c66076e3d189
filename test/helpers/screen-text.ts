/** A screen of random-frames.ts as text for a terminal: what a program like Ink would write to bring it there. */
import type {Random} from '../../source/demo/random.ts';
import type {FrameCell, Screen} from './random-frames.ts';

/** One row, left to right; `shown` is what a terminal has of a style and a character. */
function rowText(row: readonly FrameCell[], shown: Shown = asItIs): string {
	let [text, style] = ['', ''];
	for (const cell of row) {
		if (cell.text === '') continue;
		const looks = shown.style(cell.style);
		if (looks !== style) text += `\x1b[0${looks && `;${looks}`}m`;
		style = looks;
		text += shown.character(cell.text);
	}
	return style === '' ? text : `${text}\x1b[0m`;
}

export type Shown = {readonly style: (style: string) => string; readonly character: (text: string) => string};
const asItIs: Shown = {style: style => style, character: text => text};

/** All of it, each row at its place: for the terminal that shows what is to be. */
export const wholeScreen = ({rows, cursor}: Screen, shown: Shown): string =>
	[
		'\x1b[0m\x1b[2J',
		...rows.map((row, index) => `\x1b[${index + 1}H${rowText(row, shown)}`),
		`\x1b[${cursor.row + 1};${cursor.column + 1}H`,
	].join('');

/** As Ink writes: everything, or what changed, within a synchronised update or not, in pieces cut anywhere. */
export function* inkText(before: Screen | undefined, after: Screen, chance: Random): Generator<string> {
	const isAnew = !before || before.rows.length !== after.rows.length || before.columns !== after.columns;
	const body = isAnew || chance.isOneIn(3) ? everything(after, chance) : changed(before, after);
	const {row, column, isShown} = after.cursor;
	const text = `${body}\x1b[${row + 1};${column + 1}H${isShown ? '\x1b[?25h' : '\x1b[?25l'}`;
	const update = chance.isOneIn(2) ? `\x1b[?2026h${text}\x1b[?2026l` : text;
	if (!chance.isOneIn(3)) {
		yield update;
		return;
	}
	for (let at = 0; at < update.length; ) {
		const end = at + 1 + chance.below(200);
		yield update.slice(at, end);
		at = end;
	}
}

function everything({rows}: Screen, chance: Random): string {
	if (chance.isOneIn(2)) return `\x1b[2J\x1b[H${rows.map(row => rowText(row)).join('\n')}`;
	return `\x1b[H${rows.map(row => `\x1b[2K${rowText(row)}`).join('\n')}`;
}

function changed(before: Screen, {rows}: Screen): string {
	let text = '\x1b[H';
	for (const [index, row] of rows.entries()) {
		if (index > 0) text += '\x1b[E';
		const isSame = row.every(({text, style}, column) => {
			const old = before.rows[index]?.[column];
			return old?.text === text && old.style === style;
		});
		if (!isSame) text += `\x1b[2K${rowText(row)}`;
	}
	return text;
}
