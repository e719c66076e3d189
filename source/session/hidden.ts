/**
 * Positions on the screen and sequence numbers of the server, which differ by what was moved or removed and is not yet
 * gone there. Pure arithmetic on a sorted list: a lookup costs O(log hidden).
 */
export type KnownRow = {readonly sequence: number; readonly uid: number};

/**
 * Which sequence numbers are hidden, from what is known: UIDs ascend with sequence numbers, so those that are going and
 * whose rows nobody has seen are somewhere between the rows that are known around them. Which of the unknown ones there
 * are theirs makes no difference to what is shown. None of them is among the `held`, of which every one is known. Takes
 * rows and UIDs ascending.
 */
export function hiddenAmong(
	rows: readonly KnownRow[],
	isGoing: (uid: number) => boolean,
	goingUids: readonly number[],
	count: number,
	held?: {readonly first: number; readonly last: number},
): number[] {
	const hidden: number[] = [];
	let next = 0;
	let before = 0;
	for (const {sequence, uid} of [...rows, {sequence: count + 1, uid: Number.POSITIVE_INFINITY}]) {
		let unseen = 0;
		for (; (goingUids[next] ?? Number.POSITIVE_INFINITY) < uid; next++) unseen += 1;
		for (let at = before + 1; at < sequence && unseen > 0; at++) {
			if (held !== undefined && at >= held.first && at <= held.last) {
				at = held.last;
				continue;
			}
			hidden.push(at);
			unseen -= 1;
		}
		if (goingUids[next] === uid) next += 1;
		if (sequence <= count && isGoing(uid)) hidden.push(sequence);
		before = sequence;
	}
	return hidden;
}

export class Hidden {
	readonly #sequences: readonly number[];

	/** Takes them ascending. */
	constructor(sequences: readonly number[] = []) {
		this.#sequences = sequences;
	}

	get count(): number {
		return this.#sequences.length;
	}

	/** How many hidden ones stand before this sequence number. */
	#before(sequence: number): number {
		let [low, high] = [0, this.#sequences.length];
		while (low < high) {
			const middle = (low + high) >> 1;
			if ((this.#sequences[middle] ?? 0) < sequence) low = middle + 1;
			else high = middle;
		}
		return low;
	}

	has(sequence: number): boolean {
		return this.#sequences[this.#before(sequence)] === sequence;
	}

	/** Where a sequence number stands among those that are shown; undefined when it is hidden. */
	positionOf(sequence: number): number | undefined {
		return this.has(sequence) ? undefined : sequence - this.#before(sequence);
	}

	/** The sequence number shown at a position. */
	sequenceAt(position: number): number {
		// The hidden one at index i has i shown ones fewer before it than its number says.
		let [low, high] = [0, this.#sequences.length];
		while (low < high) {
			const middle = (low + high) >> 1;
			if ((this.#sequences[middle] ?? 0) - middle <= position) low = middle + 1;
			else high = middle;
		}
		return position + low;
	}
}
