/**
 * How fast something grows, over the last few times it was looked at.
 */
const mostSamples = 12;
/** Less time is noise. */
const leastMs = 500;

export class RateOverTime {
	readonly #clock: () => number;
	#samples: {readonly at: number; readonly bytes: number}[] = [];

	constructor(clock: () => number = () => performance.now()) {
		this.#clock = clock;
	}

	/** It begins, or goes on, with so many. */
	begin(bytes: number): void {
		this.#samples = [{at: this.#clock(), bytes}];
	}

	now(bytes: number): void {
		this.#samples.push({at: this.#clock(), bytes});
		if (this.#samples.length > mostSamples) this.#samples.shift();
	}

	get bytesPerSecond(): number | undefined {
		const [first, last] = [this.#samples[0], this.#samples.at(-1)];
		if (!first || !last || last.at - first.at < leastMs) return undefined;
		return Math.round(((last.bytes - first.bytes) / (last.at - first.at)) * 1000);
	}
}
