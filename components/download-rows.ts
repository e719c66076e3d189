/**
 * Downloads as rows: state, name, how far of how much, how fast, how long still. Pure.
 */
import {ours, type SafeText} from '../source/model/safe-text.ts';
import {isUnderWay, type Transfer} from '../source/model/transfer.ts';
import {fit} from '../source/model/width.ts';
import {phrases} from './aloud.ts';
import {bytesOf, durationOf, progressInSteps, progressOf, rateOf, sizeOf} from './format.ts';
import {safe} from './safe.ts';

/** What was only looked at and is here needs no row. */
export const isListed = ({into, state}: Transfer): boolean => into !== 'memory' || state !== 'done';

const stateColumns = 9;
const doneColumns = 4;
const sizeColumns = 5;
const rateColumns = 9;
const leftColumns = 8;
const gaps = 7;

const words: Readonly<Record<Transfer['state'], SafeText>> = {
	waiting: ours('waiting'),
	coming: ours('coming'),
	paused: ours('paused'),
	done: ours('saved'),
	failed: ours('failed'),
};

export const stateOf = ({state, into}: Transfer): SafeText =>
	state === 'done' && into === 'opener' ? ours('opened') : words[state];

/** In a narrow window the name matters more. */
const hasTimes = (columns: number): boolean => columns >= 60;

const nameColumns = (columns: number): number =>
	Math.max(
		8,
		columns - stateColumns - doneColumns - sizeColumns - gaps - (hasTimes(columns) ? rateColumns + leftColumns + 3 : 0),
	);

type Cells = {
	readonly state: SafeText;
	readonly name: SafeText;
	/** `34%`, `of`, `1.2M`. */
	readonly done: readonly [SafeText, SafeText, SafeText];
	readonly rate: SafeText;
	readonly left: SafeText;
};

function row({state, name, done: [share, of, size], rate, left}: Cells, columns: number): SafeText {
	const right = {align: 'right'} as const;
	const done = safe`${fit(share, doneColumns, right)} ${of} ${fit(size, sizeColumns)}`;
	const times = safe` ${fit(rate, rateColumns, right)}  ${fit(left, leftColumns, right)}`;
	return safe`${fit(state, stateColumns)} ${fit(name, nameColumns(columns))} ${done}${hasTimes(columns) ? times : ours('')}`;
}

export const downloadHeading = (columns: number): SafeText =>
	safe` ${row({state: ours('State'), name: ours('Name'), done: [ours('Here'), ours('of'), ours('')], rate: ours('Rate'), left: ours('Left')}, columns)}`;

export function downloadAloud(transfer: Transfer): SafeText {
	const {name, heldBytes, totalBytes, state} = transfer;
	const share = state === 'done' ? ours('') : safe`${progressInSteps(heldBytes, totalBytes)} here`;
	return phrases(name, stateOf(transfer), share, bytesOf(totalBytes));
}

export function downloadLine(transfer: Transfer, columns: number): SafeText {
	const {name, heldBytes, totalBytes, bytesPerSecond} = transfer;
	const isComing = isUnderWay(transfer) && bytesPerSecond !== undefined && bytesPerSecond > 0;
	const cells: Cells = {
		state: stateOf(transfer),
		name,
		done: [progressOf(heldBytes, totalBytes), ours('of'), sizeOf(totalBytes)],
		rate: isComing ? rateOf(bytesPerSecond) : ours(''),
		left: isComing ? durationOf((totalBytes - heldBytes) / bytesPerSecond) : ours(''),
	};
	return row(cells, columns);
}
