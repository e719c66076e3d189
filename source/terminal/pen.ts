/**
 * Writes on the real terminal: knows where its cursor is, in which style it writes and how far it scrolls, and finds
 * the shortest sequence for each move.
 *
 * Laws: what is not known for certain (the column after characters on whose width terminals disagree) is `unknown`,
 * and the next move is an absolute one; no move ever scrolls.
 */
import type {Abilities} from './capabilities.ts';
import {octetsOf} from './octets.ts';
import {plainStyle, type StyleId, sgrBetween} from './style.ts';

export const unknown = -1;

/** The state of the real terminal. Rows and columns from 0; `column` = `columns` is behind the last one. */
export type PenState = {
	readonly row: number;
	readonly column: number;
	readonly style: StyleId;
	/** The first and the last row of the region that scrolls (DECSTBM). */
	readonly top: number;
	readonly bottom: number;
};

export const penAtStart = (rows: number): PenState => ({
	row: unknown,
	column: unknown,
	style: plainStyle,
	top: 0,
	bottom: rows - 1,
});

const csi = (count: number, final: string): string => (count === 1 ? `\x1b[${final}` : `\x1b[${count}${final}`);

export class Pen {
	readonly columns: number;
	readonly rows: number;
	readonly can: Abilities;
	octets = 0;
	row: number;
	column: number;
	style: StyleId;
	top: number;
	bottom: number;
	#text = '';

	constructor(state: PenState, size: {readonly columns: number; readonly rows: number}, can: Abilities) {
		this.columns = size.columns;
		this.rows = size.rows;
		this.can = can;
		({row: this.row, column: this.column, style: this.style, top: this.top, bottom: this.bottom} = state);
	}

	/** All that was written so far. */
	get text(): string {
		return this.#text;
	}

	get state(): PenState {
		const {row, column, style, top, bottom} = this;
		return {row, column, style, top, bottom};
	}

	/** A sequence that moves nothing, or after which the caller says where the cursor is. */
	write(sequence: string, octets = sequence.length): void {
		this.#text += sequence;
		this.octets += octets;
	}

	/** Text of so many columns; uncertain ones leave the column unknown. */
	print(text: string, columns: number, isCertain = true): void {
		this.write(text, octetsOf(text));
		this.column = isCertain && this.column !== unknown ? this.column + columns : unknown;
	}

	setStyle(style: StyleId): void {
		if (style === this.style) return;
		this.write(sgrBetween(this.style, style, this.can));
		this.style = style;
	}

	moveTo(row: number, column: number): void {
		const path = this.#pathTo(row, column);
		this.write(path, octetsSent(path));
		this.row = row;
		this.column = column;
	}

	/** Octets a move would take. */
	costTo(row: number, column: number): number {
		return octetsSent(this.#pathTo(row, column));
	}

	/** Scrolls the rows from `top` to `bottom` up by so many lines, down where negative. */
	scroll(top: number, bottom: number, lines: number): void {
		this.setStyle(plainStyle);
		this.#setRegion(top, bottom);
		const count = Math.abs(lines);
		if (this.can.scrolls) {
			this.write(csi(count, lines > 0 ? 'S' : 'T'));
			return;
		}
		this.moveTo(lines > 0 ? bottom : top, 0);
		// A line feed is two octets on the line, as is a reverse index.
		this.write((lines > 0 ? '\n' : '\x1bM').repeat(count), 2 * count);
	}

	#setRegion(top: number, bottom: number): void {
		if (this.top === top && this.bottom === bottom) return;
		const isAll = top === 0 && bottom === this.rows - 1;
		this.write(isAll ? '\x1b[r' : `\x1b[${top === 0 ? '' : top + 1};${bottom + 1}r`);
		[this.top, this.bottom] = [top, bottom];
		// DECSTBM homes the cursor.
		[this.row, this.column] = [0, 0];
	}

	#pathTo(row: number, column: number): string {
		if (row === this.row && column === this.column) return '';
		let best = cup(row, column);
		if (this.row === unknown) return best;
		const offer = (...path: readonly (string | undefined)[]): void => {
			if (path.includes(undefined)) return;
			const joined = path.join('');
			if (octetsSent(joined) < octetsSent(best)) best = joined;
		};
		const down = row - this.row;
		if (down === 0) {
			offer(this.#along(this.column, column));
			offer('\r', this.#along(0, column));
			return best;
		}
		// Behind the last column terminals differ about everything but going to the start of the row.
		const aside = this.column === this.columns ? undefined : this.#along(this.column, column);
		if (this.can.movesByOne) offer(`\x1b[${row + 1}d`, aside);
		if (this.#crossesMargin(row)) return best;
		if (down > 0) offer('\n'.repeat(down), this.#along(0, column));
		if (down > 0 && this.can.movesByOne) offer(csi(down, 'E'), this.#along(0, column));
		if (down === 1) offer('\x1bD', aside);
		if (down === -1) offer('\x1bM', aside);
		offer(csi(Math.abs(down), down > 0 ? 'B' : 'A'), aside);
		return best;
	}

	/** Vertical moves stop, or scroll, at the margins of the region. */
	#crossesMargin(row: number): boolean {
		const [from, to] = row > this.row ? [this.row, row] : [row, this.row];
		return (from <= this.bottom && to > this.bottom) || (from < this.top && to >= this.top);
	}

	#along(from: number, to: number): string | undefined {
		if (from === this.columns) return undefined;
		if (from === to) return '';
		let best = this.can.movesByOne ? csi(to + 1, 'G') : undefined;
		const offer = (path: string): void => {
			if (best === undefined || path.length < best.length) best = path;
		};
		if (from === unknown) return best;
		if (to > from) offer(csi(to - from, 'C'));
		else offer(from - to <= 3 ? '\b'.repeat(from - to) : csi(from - to, 'D'));
		return best;
	}
}

/** Node's raw mode leaves ONLCR on: the tty makes CR LF of a line feed, which is two octets, and column 0. */
const octetsSent = (path: string): number => {
	let octets = path.length;
	for (let index = 0; index < path.length; index++) if (path[index] === '\n') octets++;
	return octets;
};

function cup(row: number, column: number): string {
	if (row === 0 && column === 0) return '\x1b[H';
	if (column === 0) return `\x1b[${row + 1}H`;
	return `\x1b[${row === 0 ? '' : row + 1};${column + 1}H`;
}
