/**
 * A screen as cells: a grapheme and a style each. A wide grapheme stands in its first cell; the second holds ''.
 *
 * Laws: a space has the style of its look (`lookOfSpace`), so that what looks the same is the same; half a wide
 * grapheme never stays: what overwrites one half blanks the other, as terminals do.
 */
import {lookOfSpace, plainStyle, type StyleId} from './style.ts';

export class Grid {
	readonly columns: number;
	readonly rows: number;
	/** Row by row. */
	readonly texts: string[];
	readonly styles: Uint16Array;
	/** In which style a cell was really written: of a space that shows only when it is turned inside out (DECRARA). */
	readonly written: Uint16Array;

	/** Blank, or as another of the same size. */
	constructor(columns: number, rows: number, like?: Grid) {
		this.columns = columns;
		this.rows = rows;
		this.texts = like?.texts.slice() ?? new Array<string>(columns * rows).fill(' ');
		this.styles = like?.styles.slice() ?? new Uint16Array(columns * rows);
		this.written = like?.written.slice() ?? new Uint16Array(columns * rows);
	}

	clone(): Grid {
		return new Grid(this.columns, this.rows, this);
	}

	/** The texts and styles of a row; in which style its cells were written says who writes them. */
	takeRow(row: number, other: Grid): void {
		const start = row * this.columns;
		for (let cell = start; cell < start + this.columns; cell++) this.texts[cell] = other.texts[cell] as string;
		this.styles.set(other.styles.subarray(start, start + this.columns), start);
	}

	/** Puts a grapheme of one or two columns somewhere on a row. It has to fit. */
	put(row: number, column: number, text: string, width: number, style: StyleId): void {
		const cell = row * this.columns + column;
		this.#breakWide(cell, column);
		if (width === 2) this.#breakWide(cell + 1, column + 1);
		this.texts[cell] = text;
		this.styles[cell] = text === ' ' ? lookOfSpace(style) : style;
		this.written[cell] = style;
		if (width === 2) {
			this.texts[cell + 1] = '';
			this.styles[cell + 1] = style;
		}
	}

	/** A mark joins the grapheme before it. */
	join(row: number, column: number, mark: string): void {
		let cell = row * this.columns + column;
		if (column > 0 && this.texts[cell] === '') cell--;
		this.texts[cell] += mark;
	}

	/** The other half of a wide grapheme whose one half goes. */
	#breakWide(cell: number, column: number): void {
		if (column > 0 && this.texts[cell] === '') this.#blank(cell - 1);
		if (column + 1 < this.columns && this.texts[cell + 1] === '') this.#blank(cell + 1);
	}

	#blank(cell: number): void {
		this.texts[cell] = ' ';
		this.styles[cell] = lookOfSpace(this.styles[cell] as StyleId);
	}

	/** Blanks the cells from one to before another, counted through the rows. */
	erase(from: number, to: number): void {
		if (from >= to) return;
		this.#breakWide(from, from % this.columns);
		this.#breakWide(to - 1, (to - 1) % this.columns);
		this.texts.fill(' ', from, to);
		this.styles.fill(plainStyle, from, to);
		this.written.fill(plainStyle, from, to);
	}

	/** Moves the rows from `top` to `bottom` up by so many (down where negative); blank ones come in. */
	scroll(top: number, bottom: number, lines: number): void {
		const height = bottom - top + 1;
		const moved = Math.min(Math.abs(lines), height);
		const [start, end] = [top * this.columns, (bottom + 1) * this.columns];
		const shift = moved * this.columns;
		const texts = this.texts.slice(start, end);
		const styles = this.styles.slice(start, end);
		const written = this.written.slice(start, end);
		for (let cell = start; cell < end; cell++) {
			const from = cell - start + (lines > 0 ? shift : -shift);
			const isInside = from >= 0 && from < texts.length;
			this.texts[cell] = isInside ? (texts[from] as string) : ' ';
			this.styles[cell] = isInside ? (styles[from] as number) : plainStyle;
			this.written[cell] = isInside ? (written[from] as number) : plainStyle;
		}
	}

	hasSameRow(row: number, other: Grid, otherRow: number): boolean {
		const [mine, its] = [row * this.columns, otherRow * this.columns];
		for (let column = 0; column < this.columns; column++) {
			if (this.styles[mine + column] !== other.styles[its + column]) return false;
			if (this.texts[mine + column] !== other.texts[its + column]) return false;
		}
		return true;
	}

	isBlankRow(row: number): boolean {
		const start = row * this.columns;
		for (let cell = start; cell < start + this.columns; cell++) {
			if (this.texts[cell] !== ' ' || this.styles[cell] !== plainStyle) return false;
		}
		return true;
	}

	/** Rows that are equal have equal sums; the other way round must be looked at. */
	rowSum(row: number): number {
		let sum = 2_166_136_261;
		const start = row * this.columns;
		for (let cell = start; cell < start + this.columns; cell++) {
			sum = Math.imul(sum ^ (this.texts[cell]?.charCodeAt(0) || 1), 16_777_619);
			sum = Math.imul(sum ^ (this.styles[cell] as number), 16_777_619);
		}
		return sum;
	}
}
