/**
 * Screens as a mail client makes them, at random: each follows from the one before by something that happens to screens
 * (a row is edited, the selection moves, a region scrolls, all is new, the window changes), with every style, wide
 * characters and blanks.
 *
 * A screen is written as text for a terminal in several ways, as Ink and we do: all of it, or the rows that changed.
 */
import type {Random} from '../../source/demo/random.ts';

/** A character with its parameters of SGR; `text` '' is the right half of a wide one. */
export type FrameCell = {readonly text: string; readonly style: string};
export type Screen = {
	readonly columns: number;
	readonly rows: readonly (readonly FrameCell[])[];
	readonly cursor: {readonly row: number; readonly column: number; readonly isShown: boolean};
};

const blank: FrameCell = {text: ' ', style: ''};
const narrow = [...'abcdefghijklmnopqrstuvwxyzABC0123456789.,:-+*/()', 'é', 'ß', 'Ж', 'λ', '…', '·', '│'];
const wide = ['漢', '字', '日', '本', '한', '글'];
/** Twice as often as not there is none; some of them change what is seen on a space, some do not. */
const styles = [
	'',
	'',
	'',
	'',
	'',
	'1',
	'2',
	'4',
	'7',
	'7',
	'1;7',
	'2;7',
	'3',
	'9',
	'31',
	'1;36',
	'92',
	'44',
	'7;33',
	'4;35;43',
];
const deepStyles = ['38;5;200', '1;38;5;17;48;5;231', '7;48;5;22'];

type FrameWords = {
	readonly chance: Random;
	readonly hasDeepColours: boolean;
	/** For a terminal whose cells can be asked for only where they are ASCII. */
	readonly isAscii?: boolean;
};

const ascii = narrow.filter(character => character < '\x7f');
const letter = ({chance, isAscii}: FrameWords): string => chance.pick(isAscii ? ascii : narrow);

export function firstScreen(columns: number, rows: number): Screen {
	return {
		columns,
		rows: Array.from({length: rows}, () => Array.from({length: columns}, () => blank)),
		cursor: {row: 0, column: 0, isShown: false},
	};
}

export function nextScreen(before: Screen, words: FrameWords): Screen {
	const {chance} = words;
	const rows = before.rows.map(row => [...row]);
	for (let times = chance.pick([1, 1, 1, 2, 3]); times > 0; times--) chance.pick(changes)(rows, before.columns, words);
	return {
		columns: before.columns,
		rows,
		cursor: {
			row: chance.below(rows.length),
			column: chance.isOneIn(8) ? before.columns - 1 : chance.below(before.columns),
			isShown: !chance.isOneIn(4),
		},
	};
}

/** The same in another window: cut, or with blanks; a wide character that would be cut in two is gone. */
export function resized(before: Screen, columns: number, rows: number): Screen {
	const cells = Array.from({length: rows}, (_, row) =>
		whole(Array.from({length: columns}, (__, column) => before.rows[row]?.[column] ?? blank)),
	);
	const {row, column, isShown} = before.cursor;
	return {columns, rows: cells, cursor: {row: Math.min(row, rows - 1), column: Math.min(column, columns - 1), isShown}};
}

type Rows = FrameCell[][];
type Change = (rows: Rows, columns: number, words: FrameWords) => void;

const changes: readonly Change[] = [
	/* all is new */ (rows, columns, words) => {
		for (let row = 0; row < rows.length; row++) rows[row] = randomRow(columns, words);
	},
	/* a list, one row selected */ (rows, columns, words) => {
		const selected = words.chance.below(rows.length);
		for (let row = 0; row < rows.length; row++) rows[row] = listRow(columns, row, row === selected, words);
	},
	/* one row is new */ (rows, columns, words) => {
		rows[words.chance.below(rows.length)] = randomRow(columns, words);
	},
	moveSelection,
	moveSelection,
	scrollRegion,
	scrollRegion,
	edit,
	edit,
	mark,
	/* rows are blank */ (rows, columns, {chance}) => {
		const from = chance.below(rows.length);
		const to = Math.min(rows.length, from + 1 + chance.below(rows.length));
		const style = chance.pick(['', '', '7', '44']);
		for (let row = from; row < to; row++) rows[row] = Array.from({length: columns}, () => ({text: ' ', style}));
	},
	/* nothing */ () => {},
];

function randomRow(columns: number, words: FrameWords): FrameCell[] {
	const {chance} = words;
	const row: FrameCell[] = [];
	while (row.length < columns) {
		const style = chance.pick(words.hasDeepColours ? [...styles, ...deepStyles] : styles);
		const kind = chance.below(6);
		const length = 1 + chance.below(chance.isOneIn(3) ? columns : 12);
		const repeated = letter(words);
		for (let count = 0; count < length && row.length < columns; count++) {
			if (kind === 0) row.push({text: ' ', style});
			else if (kind === 1) row.push({text: repeated, style});
			else if (kind === 2 && !words.isAscii && row.length + 2 <= columns)
				row.push({text: chance.pick(wide), style}, {text: '', style});
			else row.push({text: chance.isOneIn(6) ? ' ' : letter(words), style});
		}
	}
	return row;
}

function listRow(columns: number, number: number, isSelected: boolean, frame: FrameWords): FrameCell[] {
	const {chance} = frame;
	const isUnread = chance.isOneIn(3);
	const style = [isUnread && '1', isSelected && '7'].filter(Boolean).join(';');
	const words = Array.from({length: columns}, () => (chance.isOneIn(5) ? ' ' : letter(frame))).join('');
	const text = ` ${1000 + number} ${frame.isAscii ? '.' : '·'} ${words}`
		.slice(0, columns - 1 - chance.below(columns >> 1))
		.padEnd(columns);
	return [...text].map(character => ({text: character, style}));
}

/** A row is turned inside out, and another one back. */
function moveSelection(rows: Rows, _columns: number, {chance}: FrameWords): void {
	const turned = (row: FrameCell[]): FrameCell[] =>
		row.map(({text, style}) => {
			const set = style.split(';').filter(Boolean);
			return {text, style: (set.includes('7') ? set.filter(each => each !== '7') : [...set, '7']).join(';')};
		});
	const from = chance.below(rows.length);
	const to = chance.isOneIn(2) ? (from + 1) % rows.length : chance.below(rows.length);
	rows[from] = turned(rows[from]!);
	if (to !== from) rows[to] = turned(rows[to]!);
}

function scrollRegion(rows: Rows, columns: number, words: FrameWords): void {
	const {chance} = words;
	const top = chance.below(rows.length - 2);
	const bottom = chance.isOneIn(3) ? rows.length - 1 : top + 2 + chance.below(rows.length - top - 2);
	const region = rows.slice(top, bottom + 1);
	for (let lines = 1 + chance.below(3), up = chance.isOneIn(2); lines > 0; lines--) {
		if (up) region.push(randomRow(columns, words));
		else region.unshift(randomRow(columns, words));
	}
	const kept = region.slice(0, bottom - top + 1);
	const last = region.slice(-(bottom - top + 1));
	const isFirst = chance.isOneIn(2);
	rows.splice(top, bottom - top + 1, ...(isFirst ? kept : last));
}

/** A few cells here and there, the last column of the last row among them. */
function edit(rows: Rows, columns: number, words: FrameWords): void {
	const {chance} = words;
	for (let times = 1 + chance.below(4); times > 0; times--) {
		const index = chance.isOneIn(5) ? rows.length - 1 : chance.below(rows.length);
		const row = rows[index]!;
		const from = chance.isOneIn(4) ? columns - 1 : chance.below(columns);
		const length = 1 + chance.below(5);
		const style = chance.isOneIn(2) ? row[from]!.style : chance.pick(styles);
		for (let column = from; column < Math.min(columns, from + length); column++)
			row[column] = {text: letter(words), style};
		rows[index] = whole(row);
	}
}

/** One column of many rows, as flags are. */
function mark(rows: Rows, columns: number, {chance, isAscii}: FrameWords): void {
	const column = chance.below(columns);
	const text = chance.pick(['N', isAscii ? '.' : '·', ' ', '+']);
	for (let row = 0; row < rows.length; row++) {
		if (chance.isOneIn(2)) continue;
		rows[row]![column] = {text, style: rows[row]![column]!.style};
		rows[row] = whole(rows[row]!);
	}
}

const isWide = (text: string): boolean => wide.includes(text);

/** Without halves of wide characters. */
function whole(row: readonly FrameCell[]): FrameCell[] {
	return row.map((cell, column) => {
		const isOrphan = cell.text === '' && !isWide(row[column - 1]?.text ?? '');
		const isWidow = isWide(cell.text) && row[column + 1]?.text !== '';
		return isOrphan || isWidow ? {text: ' ', style: cell.style} : cell;
	});
}
