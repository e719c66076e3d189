/**
 * Where some messages of a block stand: remembered, so that finding another costs the rows between the two and not all
 * that are newer. Pure.
 *
 * Laws: a mark that may be wrong is not kept; numbers shift by what goes below them, and by nothing else.
 */

/** The message of this UID stands at this sequence number, or would. */
export type Mark = {readonly sequence: number; readonly uid: number};

/** Two that are nearer than this to one another are one too many. */
const closest = 64;

export class BlockMarks {
	/** Ascending, by either. */
	#marks: Mark[] = [];

	learn(mark: Mark): void {
		const at = this.#from(({sequence}) => sequence >= mark.sequence);
		const isNear = (other: Mark | undefined): boolean =>
			other !== undefined && Math.abs(other.sequence - mark.sequence) < closest;
		if (!isNear(this.#marks[at]) && !isNear(this.#marks[at - 1])) this.#marks.splice(at, 0, mark);
	}

	/** The nearest that stand before and after, by whatever they are compared by. */
	around(by: keyof Mark, value: number): {readonly below: Mark | undefined; readonly above: Mark | undefined} {
		const at = this.#from(mark => mark[by] > value);
		// One that stands there exactly is below.
		return {below: this.#marks[at - 1], above: this.#marks[at]};
	}

	/** The message at this number went. */
	expunged(gone: number): void {
		this.#marks = this.#marks.flatMap(({sequence, uid}) =>
			sequence === gone ? [] : [{uid, sequence: sequence > gone ? sequence - 1 : sequence}],
		);
	}

	forget(): void {
		this.#marks = [];
	}

	/** The first that is so; those that are not come first. */
	#from(isSo: (mark: Mark) => boolean): number {
		let [low, high] = [0, this.#marks.length];
		while (low < high) {
			const middle = (low + high) >> 1;
			const mark = this.#marks[middle];
			if (mark !== undefined && isSo(mark)) high = middle;
			else low = middle + 1;
		}
		return low;
	}
}
