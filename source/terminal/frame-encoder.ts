/**
 * From the screen that is shown to the screen that is wanted, in as few octets as we know how.
 *
 * It tries the plain difference, the same after each scroll that may have happened, and the same from an empty screen,
 * and takes the shortest. Within a row: unchanged cells are jumped over or written again, whichever is shorter; blank
 * ends are erased, runs repeated, styles changed by the least SGR.
 *
 * Laws: pure (the pen's state goes in and comes out); after the text is written the terminal shows `shown`, which is
 * `wanted` unless the frame was cut at `mostOctets`: then some rows are still old, never half a row.
 */
import type {Abilities} from './capabilities.ts';
import {Grid} from './grid.ts';
import {Pen, type PenState} from './pen.ts';
import {reverseRows} from './rectangles.ts';
import {encodeRow} from './row-encoder.ts';
import {type Scroll, scrollCandidates} from './scroll-candidates.ts';
import {plainStyle} from './style.ts';

export type Frame = {
	readonly text: string;
	readonly octets: number;
	readonly pen: PenState;
	readonly shown: Grid;
	readonly isWhole: boolean;
};

type FrameLimits = {
	readonly mostOctets?: number;
	/** Written first when there is not room for all. */
	readonly firstRow?: number;
};

/** Below this the plain difference cannot be beaten by much. */
const worthTrying = 40;

export function encodeFrame(shown: Grid, wanted: Grid, pen: PenState, can: Abilities, limits: FrameLimits = {}): Frame {
	const whole = shortest(shown, wanted, pen, can, {});
	return whole.octets <= (limits.mostOctets ?? whole.octets) ? whole : shortest(shown, wanted, pen, can, limits);
}

function shortest(shown: Grid, wanted: Grid, state: PenState, can: Abilities, limits: FrameLimits): Frame {
	const penWith = (abilities: Abilities): Pen => new Pen(state, wanted, abilities);
	let best = encode(shown.clone(), wanted, penWith(can), limits) as Frame;
	const offer = ({before, pen}: Start): void => {
		const frame = encode(before, wanted, pen, limits, best.isWhole ? best.octets : undefined);
		if (frame && isBetter(frame, best)) best = frame;
	};
	if (best.octets > worthTrying) {
		for (const scroll of scrollCandidates(shown, wanted)) offer(scrolled(shown, penWith(can), scroll));
		// To write a row is shorter than to reverse what is about to be written over.
		if (can.rectangles) offer({before: shown.clone(), pen: penWith({...can, rectangles: false})});
		offer(erased(penWith(can)));
		const emptied = mostlyChanged(shown, wanted);
		if (emptied) offer(scrolled(shown, penWith(can), emptied));
	}
	return best;
}

/**
 * Of frames that are cut only the plain difference counts: what it has written stays. A scroll or an erasure could be
 * chosen again at each next frame, and the screen would never be whole.
 */
const isBetter = (a: Frame, b: Frame): boolean => a.isWhole && (!b.isWhole || a.octets < b.octets);

/** From where a frame is written, when something was done to the whole screen first. */
type Start = {readonly before: Grid; readonly pen: Pen};

function scrolled(shown: Grid, pen: Pen, {top, bottom, lines}: Scroll): Start {
	pen.scroll(top, bottom, lines);
	const before = shown.clone();
	before.scroll(top, bottom, lines);
	return {before, pen};
}

function erased(pen: Pen): Start {
	pen.setStyle(plainStyle);
	pen.write('\x1b[2J');
	return {before: new Grid(pen.columns, pen.rows), pen};
}

/** The longest run of rows that have little in common: scrolled away whole, they are blank at once. */
function mostlyChanged(shown: Grid, wanted: Grid): Scroll | undefined {
	let best: Scroll | undefined;
	for (let top = 0; top < wanted.rows; top++) {
		let bottom = top - 1;
		while (bottom + 1 < wanted.rows && isMostlyChanged(shown, wanted, bottom + 1)) bottom++;
		const lines = bottom - top + 1;
		if (lines > Math.max(2, best?.lines ?? 0)) best = {top, bottom, lines};
		top = Math.max(top, bottom);
	}
	return best;
}

function isMostlyChanged(shown: Grid, wanted: Grid, row: number): boolean {
	const start = row * wanted.columns;
	let changed = 0;
	for (let cell = start; cell < start + wanted.columns; cell++) {
		if (shown.texts[cell] !== wanted.texts[cell]) changed++;
	}
	return changed > wanted.columns / 4;
}

/** `shown` becomes what is shown then. Nothing comes of it when it takes more than is worth while. */
function encode(
	shown: Grid,
	wanted: Grid,
	pen: Pen,
	{mostOctets = Number.POSITIVE_INFINITY, firstRow}: FrameLimits,
	worthOctets = Number.POSITIVE_INFINITY,
): Frame | undefined {
	if (pen.can.rectangles) reverseRows(shown, wanted, pen);
	const isLimited = mostOctets !== Number.POSITIVE_INFINITY;
	let isWhole = true;
	for (const row of rowOrder(wanted.rows, isLimited ? firstRow : undefined)) {
		if (pen.octets >= worthOctets) return undefined;
		if (shown.hasSameRow(row, wanted, row)) continue;
		if (pen.octets >= mostOctets) {
			isWhole = false;
			continue;
		}
		encodeRow(shown, wanted, row, pen);
		shown.takeRow(row, wanted);
	}
	return {text: pen.text, octets: pen.octets, pen: pen.state, shown, isWhole};
}

function* rowOrder(rows: number, first: number | undefined): Generator<number> {
	if (first !== undefined) yield first;
	for (let row = 0; row < rows; row++) if (row !== first) yield row;
}
