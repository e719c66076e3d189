/**
 * The screen Ink believes to write on: what it sends is interpreted, and what comes of it stands in a grid.
 *
 * Laws: it knows just what Ink and our own first frame send (SGR, cursor motion, erasing, the cursor's sight, the
 * alternate screen, synchronised updates); anything else is swallowed, so no sequence gets past us to the terminal.
 */
import {graphemes, widthOf} from '../model/width.ts';
import type {Abilities} from './capabilities.ts';
import {Grid} from './grid.ts';
import {afterSgr, plainStyle, type StyleId} from './style.ts';

type Switches = {
	/** Entering or leaving the alternate screen. */
	onAlternate(isOn: boolean): void;
};

export class VirtualScreen {
	grid: Grid;
	row = 0;
	column = 0;
	isCursorShown = true;
	/** Between the beginning and the end of a synchronised update. */
	isInUpdate = false;
	#style: StyleId = plainStyle;
	#rest = '';
	readonly #can: Pick<Abilities, 'attributes' | 'colours'>;
	readonly #switches: Switches;

	constructor(columns: number, rows: number, can: Pick<Abilities, 'attributes' | 'colours'>, switches: Switches) {
		this.grid = new Grid(columns, rows);
		this.#can = can;
		this.#switches = switches;
	}

	/** All blank, in another size perhaps. */
	clear(columns = this.grid.columns, rows = this.grid.rows): void {
		this.grid = new Grid(columns, rows);
		[this.row, this.column, this.#style] = [0, 0, plainStyle];
	}

	write(written: string): void {
		const text = this.#rest + written;
		this.#rest = '';
		const token =
			/\x1b(?:\[([0-?]*)[ -/]*([@-~])|\][^\x07\x1b]*(?:\x07|\x1b\\)|[^[\]])|\x1b|[\x00-\x1f\x7f]|[^\x00-\x1f\x7f]+/g;
		for (const found of text.matchAll(token)) {
			const [all, parameters, final] = found;
			if (final !== undefined) this.#control(parameters ?? '', final);
			else if (all === '\n') this.#lineFeed();
			else if (all === '\r') this.column = 0;
			else if (all === '\b') this.column = Math.max(0, this.column - 1);
			else if (all === '\x1b') {
				this.#rest = text.slice(found.index);
				return;
			} else if (all > '\x1f' && all !== '\x7f') this.#print(all);
		}
	}

	#print(text: string): void {
		for (const grapheme of graphemes(text)) {
			const width = widthOf(grapheme);
			if (width === 0) this.grid.join(this.row, Math.max(0, this.column - 1), grapheme);
			else {
				if (this.column + width > this.grid.columns) this.#lineFeed();
				if (width <= this.grid.columns) this.grid.put(this.row, this.column, grapheme, width, this.#style);
				this.column += width;
			}
		}
	}

	/** Ink means the beginning of the next line. */
	#lineFeed(): void {
		this.column = 0;
		if (this.row < this.grid.rows - 1) this.row++;
		else this.grid.scroll(0, this.grid.rows - 1, 1);
	}

	#control(parameters: string, final: string): void {
		const {columns, rows} = this.grid;
		const count = Number.parseInt(parameters, 10) || 1;
		const cell = this.row * columns + Math.min(this.column, columns - 1);
		switch (final) {
			case 'm':
				this.#style = afterSgr(this.#style, parameters, this.#can);
				break;
			case 'A':
				this.#goTo(this.row - count, this.column);
				break;
			case 'B':
				this.#goTo(this.row + count, this.column);
				break;
			case 'C':
				this.#goTo(this.row, this.column + count);
				break;
			case 'D':
				this.#goTo(this.row, this.column - count);
				break;
			case 'E':
				this.#goTo(this.row + count, 0);
				break;
			case 'F':
				this.#goTo(this.row - count, 0);
				break;
			case 'G':
				this.#goTo(this.row, count - 1);
				break;
			case 'H': {
				const [row = '', column = ''] = parameters.split(';');
				this.#goTo((Number(row) || 1) - 1, (Number(column) || 1) - 1);
				break;
			}
			case 'J':
				this.#erase(parameters, cell, 0, columns * rows);
				break;
			case 'K':
				this.#erase(parameters, cell, this.row * columns, (this.row + 1) * columns);
				break;
			case 'h':
			case 'l':
				this.#switch(parameters, final === 'h');
		}
	}

	#goTo(row: number, column: number): void {
		this.row = Math.max(0, Math.min(this.grid.rows - 1, row));
		this.column = Math.max(0, Math.min(this.grid.columns - 1, column));
	}

	#erase(parameters: string, cell: number, start: number, end: number): void {
		if (parameters === '' || parameters === '0') this.grid.erase(cell, end);
		else if (parameters === '1') this.grid.erase(start, cell + 1);
		else this.grid.erase(start, end);
	}

	#switch(mode: string, isOn: boolean): void {
		if (mode === '?25') this.isCursorShown = isOn;
		else if (mode === '?2026') this.isInUpdate = isOn;
		else if (mode === '?1049') {
			this.clear();
			this.#switches.onAlternate(isOn);
		}
	}
}
