/**
 * The UIDs of a mailbox in order, kept as runs: a million messages without a gap are one run. Sequence number n is the
 * n-th UID. Copies are cheap, so each connection keeps its own (its sequence numbers change when *it* is told).
 */
export type Range = readonly [from: number, to: number];

type Run = {from: number; to: number; before: number};

export class UidRuns {
	#runs: Run[] = [];

	constructor(ranges: Iterable<Range> = []) {
		for (const [from, to] of ranges) this.add(from, to);
	}

	get count(): number {
		const last = this.#runs.at(-1);
		return last === undefined ? 0 : last.before + last.to - last.from + 1;
	}

	get last(): number {
		return this.#runs.at(-1)?.to ?? 0;
	}

	get ranges(): Range[] {
		return this.#runs.map(({from, to}) => [from, to]);
	}

	copy(): UidRuns {
		return new UidRuns(this.ranges);
	}

	/** Only at the end: UIDs grow. */
	add(from: number, to: number): void {
		const last = this.#runs.at(-1);
		if (to < from) return;
		if (last !== undefined && from === last.to + 1) last.to = to;
		else this.#runs.push({from, to, before: this.count});
	}

	remove(uid: number): void {
		const index = this.#find(uid);
		const run = this.#runs[index];
		if (run === undefined || uid < run.from) return;
		const rest: Run[] = [];
		if (run.from < uid) rest.push({from: run.from, to: uid - 1, before: run.before});
		if (uid < run.to) rest.push({from: uid + 1, to: run.to, before: run.before + uid - run.from});
		this.#runs.splice(index, 1, ...rest);
		for (let i = index + rest.length; i < this.#runs.length; i++) this.#runs[i]!.before--;
	}

	has(uid: number): boolean {
		return this.sequenceOf(uid) > 0;
	}

	/** 1-based; 0 when there is no such UID. */
	sequenceOf(uid: number): number {
		const run = this.#runs[this.#find(uid)];
		return run === undefined || uid < run.from ? 0 : run.before + uid - run.from + 1;
	}

	uidAt(sequence: number): number | undefined {
		let low = 0;
		let high = this.#runs.length - 1;
		while (low < high) {
			const middle = (low + high + 1) >> 1;
			if (this.#runs[middle]!.before < sequence) low = middle;
			else high = middle - 1;
		}
		const run = this.#runs[low];
		if (run === undefined || sequence < 1) return undefined;
		const uid = run.from + sequence - run.before - 1;
		return uid > run.to ? undefined : uid;
	}

	*within(from: number, to: number): Generator<number> {
		for (const run of this.#runs) {
			for (let uid = Math.max(from, run.from); uid <= Math.min(to, run.to); uid++) yield uid;
		}
	}

	/** The first run that does not end before that UID. */
	#find(uid: number): number {
		let low = 0;
		let high = this.#runs.length;
		while (low < high) {
			const middle = (low + high) >> 1;
			if (this.#runs[middle]!.to < uid) low = middle + 1;
			else high = middle;
		}
		return low;
	}
}

/** `1:3,5`, from ascending numbers. */
export const writeSet = (numbers: Iterable<number>): string => {
	const ranges: [number, number][] = [];
	for (const n of numbers) {
		const last = ranges.at(-1);
		if (last !== undefined && n === last[1] + 1) last[1] = n;
		else ranges.push([n, n]);
	}
	return writeRanges(ranges);
};

export const writeRanges = (ranges: readonly Range[]): string =>
	ranges.map(([from, to]) => (from === to ? String(from) : `${from}:${to}`)).join(',');
