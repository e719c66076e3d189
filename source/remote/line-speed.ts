/**
 * How fast the line is and how far away the server, measured from the packets that pass: never configured.
 * What it says of a rate is the line's, not the server's: docs/decisions/0015-rate-and-price.md.
 */

/** Of a flow: full packets, one behind the other. A lone short one came when the server got round to it. */
const packetBytes = 250;
const windowBytes = 1000;
/** Less time cannot be told from the noise of two computers; a fast line gets there with more bytes. */
const windowMs = 50;
const enoughAnswerBytes = 800;
const longestGapMs = 1000;

export class LineSpeed {
	readonly #clock: () => number;
	#askedAt: number | undefined;
	#lastDownAt = 0;
	#lastDownBytes = 0;
	#windowBytes = 0;
	#windowMs = 0;
	/** Of the last windows, oldest first, in bytes per second. */
	readonly #rates: number[] = [];
	readonly #roundTrips: number[] = [];
	/** Since the last question that was asked with nothing owed. */
	#answerBytes = 0;
	#bestRate = 0;
	#isResting = true;

	/** `clock` gives ms and never goes back. */
	constructor(clock: () => number) {
		this.#clock = clock;
	}

	/** Everything asked so far is answered: the next question starts a round trip of its own. */
	rest(): void {
		this.#isResting = true;
	}

	up(): void {
		if (!this.#isResting) return;
		this.#isResting = false;
		this.#askedAt = this.#clock();
		this.#answerBytes = 0;
	}

	down(bytes: number): void {
		const now = this.#clock();
		if (this.#askedAt !== undefined) {
			if (this.#answerBytes === 0) this.#tookRoundTrip(now - this.#askedAt);
			else this.#measureFlow(bytes, now - this.#lastDownAt);
			this.#answerBytes += bytes;
			this.#rateAnswer(now - this.#askedAt);
		}
		this.#lastDownAt = now;
		this.#lastDownBytes = bytes;
	}

	#tookRoundTrip(ms: number): void {
		this.#roundTrips.push(ms);
		if (this.#roundTrips.length > 8) this.#roundTrips.shift();
	}

	/**
	 * Bytes that came behind others of the same answer came as fast as the line goes, or as the server got round to
	 * them. Measured in windows of a few packets, so that packets the system handed over together do not count as fast.
	 */
	#measureFlow(bytes: number, sinceLastMs: number): void {
		if (sinceLastMs > longestGapMs || bytes < packetBytes || this.#lastDownBytes < packetBytes) return;
		this.#windowBytes += bytes;
		this.#windowMs += sinceLastMs;
		if (this.#windowBytes < windowBytes || this.#windowMs < windowMs) return;
		this.#rates.push(this.#windowBytes / (Math.max(this.#windowMs, 0.1) / 1000));
		if (this.#rates.length > 8) this.#rates.shift();
		this.#windowBytes = 0;
		this.#windowMs = 0;
	}

	/** The best moment of an answer tells what the line does for certain; what trickles in later tells nothing. */
	#rateAnswer(ms: number): void {
		if (this.#answerBytes < enoughAnswerBytes) return;
		this.#bestRate = Math.max(this.#bestRate, this.#answerBytes / (Math.max(ms, 0.1) / 1000));
	}

	/** The shortest of the last waits for an answer, in ms; undefined before the first. */
	get roundTripMs(): number | undefined {
		return this.#roundTrips.length > 0 ? Math.min(...this.#roundTrips) : undefined;
	}

	/**
	 * Bytes per second downwards; undefined until enough came in a flow to tell. Of the last windows the upper quartile:
	 * what was slower was mostly the server, what was faster was mostly the clock.
	 */
	get bytesPerSecond(): number | undefined {
		const rates = this.#rates.toSorted((a, b) => a - b);
		const rate = rates[Math.ceil(rates.length * 0.75) - 1];
		return rate === undefined ? undefined : Math.round(rate);
	}

	/** What the line does for certain, which may be much less than it can; 0 before the first answer of any size. */
	get atLeastBytesPerSecond(): number {
		return this.bytesPerSecond ?? this.#bestRate;
	}
}
