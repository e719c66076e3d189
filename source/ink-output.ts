/**
 * Stands for Ink's Output in the built program (build.ts), with the same result: a row that is written as a row of the
 * frame before is as that one was, wherever it stood. By itself Ink makes each row of each frame anew, out of an object
 * for each cell: that is more than half of the time from a key to the screen, and most of the garbage.
 *
 * Laws: how a row looks is for Ink's own Output to say, asked about that row alone; here is only remembered what it
 * said. So a transformer must be pure, as those of Ink's `Text` are.
 */
import InkOutput from '../node_modules/ink/build/output.js';

type Clip = Parameters<InkOutput['clip']>[0];
type Transformers = Parameters<InkOutput['write']>[3]['transformers'];

/** What one text writes on one row. */
type Piece = {
	readonly x: number;
	readonly text: string;
	/** Which line of the text. */
	readonly line: number;
	readonly transformers: Transformers;
	/** What it stands in, the outermost first; the row is inside all of them. */
	readonly clips: readonly Clip[];
};

type Row = {readonly pieces: readonly Piece[]; readonly text: string};

let before: {readonly width: number; readonly rows: ReadonlyMap<unknown, Row>} = {width: 0, rows: new Map()};

export default class Output {
	readonly width: number;
	readonly height: number;
	readonly #rows: Piece[][];
	#clips: readonly Clip[] = [];

	constructor({width, height}: {readonly width: number; readonly height: number}) {
		this.width = width;
		this.height = height;
		this.#rows = Array.from({length: Math.ceil(height)}, () => []);
	}

	write(x: number, y: number, text: string, {transformers}: {readonly transformers: Transformers}): void {
		if (text === '') return;
		const clips = this.#clips;
		for (const line of text.split('\n').keys()) {
			const row = y + line;
			if (clips.every(clip => isInside(clip, row))) this.#rows[row]?.push({x, text, line, transformers, clips});
		}
	}

	clip(clip: Clip): void {
		this.#clips = [...this.#clips, clip];
	}

	unclip(): void {
		this.#clips = this.#clips.slice(0, -1);
	}

	get(): {output: string; height: number} {
		const known = before.width === this.width ? before.rows : undefined;
		const rows = this.#rows.map(pieces => {
			const row = known?.get(nameOf(pieces));
			return row && areSame(row.pieces, pieces, isSamePiece) ? row : {pieces, text: this.#draw(pieces)};
		});
		before = {width: this.width, rows: new Map(rows.map(row => [nameOf(row.pieces), row]))};
		return {output: rows.map(({text}) => text).join('\n'), height: rows.length};
	}

	#draw(pieces: readonly Piece[]): string {
		const ink = new InkOutput({width: this.width, height: 1});
		for (const {x, text, line, transformers, clips} of pieces) {
			for (const {x1, x2} of clips) ink.clip({x1, x2, y1: undefined, y2: undefined});
			ink.write(x, -line, text, {transformers});
			for (const _ of clips) ink.unclip();
		}
		return ink.get().output;
	}
}

/** By what a row is found again: React keeps the transformer of a text that it has not drawn again. */
const nameOf = ([first]: readonly Piece[]): unknown => first?.transformers[0] ?? first?.text;

const isInside = ({y1, y2}: Clip, row: number): boolean =>
	y1 === undefined || y2 === undefined || (row >= y1 && row < y2);

const isSamePiece = (a: Piece, b: Piece): boolean =>
	a.x === b.x &&
	a.line === b.line &&
	a.text === b.text &&
	areSame(a.transformers, b.transformers, Object.is) &&
	areSame(a.clips, b.clips, (one, other) => one.x1 === other.x1 && one.x2 === other.x2);

const areSame = <T>(a: readonly T[], b: readonly T[], isSame: (a: T, b: T) => boolean): boolean =>
	a.length === b.length && a.every((each, index) => isSame(each, b[index] as T));
