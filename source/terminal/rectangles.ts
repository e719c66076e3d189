/**
 * Rows that differ by being turned inside out, as the selected row of a list: DECRARA (VT420) reverses the attributes
 * of a rectangle in 10 to 16 octets, where writing the row again takes a hundred.
 *
 * Laws: whole rows only, where a rectangle and DEC's "stream" are the same; the caller's grid afterwards is what the
 * terminal shows.
 */
import type {Grid} from './grid.ts';
import type {Pen} from './pen.ts';
import {inverted, lookOfSpace, type StyleId} from './style.ts';

/** Reverses the rows that are more alike to the new frame when reversed. Changes `shown` as the terminal is changed. */
export function reverseRows(shown: Grid, wanted: Grid, pen: Pen): void {
	for (let row = 0; row < wanted.rows; row++) {
		if (!isBetterReversed(shown, wanted, row)) continue;
		let last = row;
		while (last + 1 < wanted.rows && isBetterReversed(shown, wanted, last + 1)) last++;
		pen.write(`\x1b[${row === 0 ? '' : row + 1};;${last + 1 === wanted.rows ? '' : last + 1};;7$t`);
		for (let each = row; each <= last; each++) reverse(shown, each);
		row = last;
	}
}

function isBetterReversed(shown: Grid, wanted: Grid, row: number): boolean {
	const start = row * wanted.columns;
	let saved = 0;
	for (let cell = start; cell < start + wanted.columns; cell++) {
		if (shown.texts[cell] !== wanted.texts[cell]) continue;
		if (wanted.styles[cell] === shown.styles[cell]) saved--;
		else if (wanted.styles[cell] === reversedCell(shown, cell)) saved++;
	}
	// Less than so many would be as cheap to write.
	return saved > 16;
}

function reverse(grid: Grid, row: number): void {
	const start = row * grid.columns;
	for (let cell = start; cell < start + grid.columns; cell++) {
		grid.styles[cell] = reversedCell(grid, cell);
		grid.written[cell] = inverted(grid.written[cell] as StyleId);
	}
}

function reversedCell(grid: Grid, cell: number): StyleId {
	if (grid.texts[cell] === ' ') return lookOfSpace(inverted(grid.written[cell] as StyleId));
	return inverted(grid.styles[cell] as StyleId);
}
