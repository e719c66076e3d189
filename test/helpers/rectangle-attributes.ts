/**
 * DECCARA and DECRARA for xterm.js, which has neither: attributes of cells changed where they are (VT420, "EK-VT420-RM",
 * chapter 9). `CSI top;left;bottom;right;Ps… $ r` sets, `$ t` reverses. DEC's default extent is the stream: from the
 * first position on, over whole rows, to the last one.
 *
 * The one place that touches xterm.js's privates: there is no public way to write on its cells.
 */
import type xterm from '@xterm/headless';

type CellWords = {fg: number; bg: number};
type Line = {
	readonly length: number;
	loadCell(column: number, into: unknown): CellWords;
	setCell(column: number, cell: unknown): void;
};
type Core = {
	readonly _core: {
		readonly buffer: {
			readonly ybase: number;
			readonly lines: {get(row: number): Line | undefined};
			getNullCell(): {clone?: () => CellWords} & CellWords;
		};
	};
};

/** Bits of xterm.js's foreground word, by SGR parameter. Rectangles change these four and no others. */
const bits: Readonly<Record<number, number>> = {1: 0x8000000, 4: 0x10000000, 5: 0x20000000, 7: 0x4000000};
const allBits = Object.values(bits).reduce((all, bit) => all | bit, 0);

type Change = (foreground: number) => number;

const setting =
	(parameters: readonly number[]): Change =>
	foreground => {
		let word = foreground;
		for (const each of parameters) {
			if (each === 0) word &= ~allBits;
			else if (each > 20) word &= ~(bits[each === 22 ? 1 : each - 20] ?? 0);
			else word |= bits[each] ?? 0;
		}
		return word;
	};

const reversing = (parameters: readonly number[]): Change => {
	const reversed = parameters.reduce((all, each) => all ^ (each === 0 ? allBits : (bits[each] ?? 0)), 0);
	return foreground => foreground ^ reversed;
};

export function addRectangleAttributes(terminal: InstanceType<typeof xterm.Terminal>): void {
	const changeBy =
		(kind: (parameters: readonly number[]) => Change) =>
		(parameters: (number | number[])[]): boolean => {
			const numbers = parameters.map(each => (typeof each === 'number' ? each : (each[0] ?? 0)));
			const [top, left, bottom, right] = numbers as [number, number?, number?, number?];
			changeStream(terminal, {
				first: [(top || 1) - 1, (left || 1) - 1],
				last: [(bottom || terminal.rows) - 1, (right || terminal.cols) - 1],
				change: kind(numbers.length > 4 ? numbers.slice(4) : [0]),
			});
			return true;
		};
	terminal.parser.registerCsiHandler({intermediates: '$', final: 'r'}, changeBy(setting));
	terminal.parser.registerCsiHandler({intermediates: '$', final: 't'}, changeBy(reversing));
}

type Position = readonly [row: number, column: number];

function changeStream(
	terminal: InstanceType<typeof xterm.Terminal>,
	{first, last, change}: {readonly first: Position; readonly last: Position; readonly change: Change},
): void {
	const {buffer} = (terminal as unknown as Core)._core;
	for (let row = first[0]; row <= Math.min(last[0], terminal.rows - 1); row++) {
		const line = buffer.lines.get(buffer.ybase + row);
		if (!line) continue;
		const from = row === first[0] ? first[1] : 0;
		const to = row === last[0] ? last[1] : terminal.cols - 1;
		for (let column = from; column <= Math.min(to, line.length - 1); column++) {
			const cell = line.loadCell(column, Object.create(buffer.getNullCell()));
			cell.fg = change(cell.fg);
			line.setCell(column, cell);
		}
	}
}
