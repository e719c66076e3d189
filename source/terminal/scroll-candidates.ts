/**
 * Which part of the screen may have scrolled between two frames: runs of rows that stand in both, so many rows apart.
 * Pure. It proposes; the frame encoder measures which is the shortest.
 */
import type {Grid} from './grid.ts';

export type Scroll = {
	readonly top: number;
	readonly bottom: number;
	/** Up where positive. */
	readonly lines: number;
};

type Run = Scroll & {
	/** Rows that need not be written again. */
	readonly gain: number;
};

const mostTried = 4;

/** The most promising first: each run by itself, and all runs of the same shift as one. */
export function scrollCandidates(before: Grid, after: Grid): Scroll[] {
	const runs = runsOf(before, after).sort((a, b) => b.gain - a.gain);
	const candidates = new Map<string, Scroll>();
	const add = ({top, bottom, lines}: Scroll): void =>
		void candidates.set(`${top} ${bottom} ${lines}`, {top, bottom, lines});
	for (const run of runs.slice(0, mostTried)) {
		add(run);
		const alike = runs.filter(({lines}) => lines === run.lines);
		add({
			top: Math.min(...alike.map(({top}) => top)),
			bottom: Math.max(...alike.map(({bottom}) => bottom)),
			lines: run.lines,
		});
	}
	return [...candidates.values()];
}

function runsOf(before: Grid, after: Grid): Run[] {
	const {rows} = after;
	const sums = (grid: Grid): number[] => Array.from({length: rows}, (_, row) => grid.rowSum(row));
	const [old, now] = [sums(before), sums(after)];
	const runs: Run[] = [];
	for (let lines = 2 - rows; lines <= rows - 2; lines++) {
		if (lines === 0) continue;
		const isSame = (row: number): boolean =>
			now[row] === old[row + lines] && after.hasSameRow(row, before, row + lines);
		const end = Math.min(rows, rows - lines);
		for (let row = Math.max(0, -lines); row < end; row++) {
			if (!isSame(row)) continue;
			const start = row;
			let gain = 0;
			for (; row < end && isSame(row); row++) if (now[row] !== old[row] && !after.isBlankRow(row)) gain++;
			const last = row - 1;
			if (gain > 0) runs.push({gain, lines, top: Math.min(start, start + lines), bottom: Math.max(last, last + lines)});
		}
	}
	return runs;
}
