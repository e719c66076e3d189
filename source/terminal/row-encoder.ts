/**
 * One row of the difference between two screens. See frame-encoder.ts.
 */
import {lazily} from '../model/lazily.ts';
import type {Grid} from './grid.ts';
import {octetsOf} from './octets.ts';
import {type Pen, unknown} from './pen.ts';
import {erasesPlain, lookOfSpace, plainStyle, type StyleId, sgrBetween} from './style.ts';

/** Erasing the end of a row takes three octets and the move to it. */
const shortestErased = 4;

export function encodeRow(shown: Grid, wanted: Grid, row: number, pen: Pen): void {
	const line = new Line(shown, wanted, row);
	const [first, end] = line.changed();
	const tail = line.blankFrom();
	const isErased = tail < end && line.changesWithin(tail, end) >= shortestErased;
	const stop = isErased ? Math.min(end, tail) : end;
	for (let column = line.nextChange(first, stop); column < stop; ) {
		const runEnd = line.runFrom(column, stop, pen);
		const start = line.cheapestStart(row, column, pen);
		pen.moveTo(row, start);
		line.print(start, runEnd, pen);
		column = line.nextChange(runEnd, stop);
	}
	if (isErased) {
		pen.moveTo(row, tail);
		if (!erasesPlain(pen.style)) pen.setStyle(plainStyle);
		pen.write('\x1b[K');
		line.wasWritten(tail, wanted.columns, plainStyle);
	}
}

class Line {
	readonly #start: number;
	readonly #columns: number;
	readonly #shown: Grid;
	readonly #wanted: Grid;

	constructor(shown: Grid, wanted: Grid, row: number) {
		this.#shown = shown;
		this.#wanted = wanted;
		this.#columns = wanted.columns;
		this.#start = row * wanted.columns;
	}

	#isSame(column: number): boolean {
		const cell = this.#start + column;
		return (
			this.#wanted.styles[cell] === this.#shown.styles[cell] && this.#wanted.texts[cell] === this.#shown.texts[cell]
		);
	}

	#text(column: number): string {
		return this.#wanted.texts[this.#start + column] as string;
	}

	#style(column: number): StyleId {
		return this.#wanted.styles[this.#start + column] as StyleId;
	}

	/** The first changed column, and the one behind the last. */
	changed(): [first: number, end: number] {
		let first = 0;
		while (first < this.#columns && this.#isSame(first)) first++;
		let end = this.#columns;
		while (end > first && this.#isSame(end - 1)) end--;
		return [first, end];
	}

	/** From where on the wanted row is plain and blank. */
	blankFrom(): number {
		let column = this.#columns;
		while (column > 0 && this.#text(column - 1) === ' ' && this.#style(column - 1) === plainStyle) column--;
		return column;
	}

	changesWithin(from: number, to: number): number {
		let count = 0;
		for (let column = from; column < to; column++) if (!this.#isSame(column)) count++;
		return count;
	}

	/** The next changed column, at the first half of a wide grapheme. */
	nextChange(from: number, stop: number): number {
		let column = from;
		while (column < stop && this.#isSame(column)) column++;
		if (column >= stop) return stop;
		while (column > 0 && this.#text(column) === '') column--;
		return column;
	}

	/** How far to write on from a change: over gaps that are shorter to write again than to jump. */
	runFrom(column: number, stop: number, pen: Pen): number {
		let end = column;
		for (;;) {
			while (end < stop && !this.#isSame(end)) end++;
			while (end < this.#columns && this.#text(end) === '') end++;
			const next = this.nextChange(end, stop);
			if (next >= stop || this.#rewriteCost(end, next, pen) > this.#jumpCost(end, next, pen)) return end;
			end = Math.max(next, end + 1);
		}
	}

	/** The start of the row is cheaper to get to: a few cells before the change may be written again for that. */
	cheapestStart(row: number, column: number, pen: Pen): number {
		const direct = pen.costTo(row, column);
		if (column === 0 || column >= direct) return column;
		// The style of the change is needed anyhow.
		const isFree = (style: StyleId): boolean => {
			for (let before = 0; before < column; before++) {
				const isSame = this.#style(before) === style || this.#isUnseen(before, style);
				if (!isSame || !isCertain(this.#text(before))) return false;
			}
			return true;
		};
		if (pen.costTo(row, 0) + column >= direct) return column;
		if (isFree(pen.style)) return 0;
		if (!isFree(this.#style(column))) return column;
		pen.setStyle(this.#style(column));
		return 0;
	}

	#rewriteCost(from: number, to: number, pen: Pen): number {
		let cost = 0;
		let style = this.#style(from - 1);
		for (let column = from; column <= to && column < this.#columns; column++) {
			const wanted = this.#style(column);
			if (!this.#isUnseen(column, style)) {
				cost += sgrBetween(style, wanted, pen.can).length;
				style = wanted;
			}
			if (column < to) cost += octetsOf(this.#text(column));
		}
		return cost;
	}

	#jumpCost(from: number, to: number, pen: Pen): number {
		const distance = to - from;
		const jump = distance === 1 ? 3 : distance < 10 ? 4 : 5;
		return jump + sgrBetween(this.#style(from - 1), this.#style(to), pen.can).length;
	}

	/** A space looks the same in many styles, so the pen's own may stay. */
	#isUnseen(column: number, style: StyleId): boolean {
		return this.#text(column) === ' ' && lookOfSpace(style) === this.#style(column);
	}

	print(from: number, end: number, pen: Pen): void {
		for (let column = from; column < end; ) {
			const text = this.#text(column);
			if (!this.#isUnseen(column, pen.style)) pen.setStyle(this.#style(column));
			let count = 1;
			if (text.length === 1) {
				while (column + count < end && this.#text(column + count) === text && this.#isAlike(column, column + count))
					count++;
			}
			this.wasWritten(column, column + count, pen.style);
			const isWide = column + 1 < this.#columns && this.#text(column + 1) === '';
			if (isWide) {
				pen.print(text, 2, false);
				column += 2;
			} else if (isCertain(text)) {
				printRun(pen, text, count);
				column += count;
			} else {
				pen.print(text, 1, false);
				column += 1;
			}
			// Where terminals disagree about a width, what follows is put in its place again.
			if (pen.column === unknown && column < end && isCertain(this.#text(column))) pen.moveTo(pen.row, column);
		}
	}

	wasWritten(from: number, to: number, style: StyleId): void {
		this.#shown.written.fill(style, this.#start + from, this.#start + to);
	}

	#isAlike(column: number, other: number): boolean {
		return this.#style(column) === this.#style(other);
	}
}

function printRun(pen: Pen, text: string, count: number): void {
	const octets = octetsOf(text);
	// tmux repeats octets, and so nothing outside ASCII.
	if (pen.can.repeats && count > 1 && octets === 1) {
		const repeat = `\x1b[${count - 1}b`;
		if (repeat.length < (count - 1) * octets) {
			pen.write(text + repeat, octets + repeat.length);
			pen.column += count;
			return;
		}
	}
	const isInside = pen.column + count < pen.columns;
	if (pen.can.erasesCells && !pen.can.repeats && text === ' ' && erasesPlain(pen.style) && count > 8 && isInside) {
		pen.write(`\x1b[${count}X\x1b[${count}C`);
		pen.column += count;
		return;
	}
	pen.print(text.repeat(count), count);
}

/** Letters on whose width all terminals agree. */
const certain = lazily(() => /^(?=\p{L})[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}]$/u);

const isCertain = (text: string): boolean => (text.charCodeAt(0) < 0x7f ? text.length === 1 : certain().test(text));
