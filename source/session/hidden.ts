/**
 * Positions on the screen and sequence numbers of the server, which differ by what was moved or removed and is not yet
 * gone there. Pure arithmetic on a sorted list: a lookup costs O(log hidden).
 */
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
