/**
 * Counts every byte at the TCP socket: below TLS and DEFLATE, so that it is what the line carried (law 8).
 * The one place where bytes get a purpose, and where the line's rate and round trip are measured.
 */
import {performance} from 'node:perf_hooks';
import {type Purpose, purposes, type Usage} from '../model/usage.ts';

/** Of the recent past only: the line of a train is not the line of the station. */
const memoryMs = 20_000;
/** Fewer bytes than this say nothing about a rate. */
const enoughBytes = 2_000;
const enoughAnswerBytes = 800;

export class Meter {
	/** Whom bytes are counted for from now on. Set by whoever writes to the line. */
	purpose: Purpose = 'connect';
	readonly onChange: () => void;
	#up = 0;
	#down = 0;
	#turns = 0;
	#direction: 'up' | 'down' = 'down';
	#byPurpose = Object.fromEntries(purposes.map(purpose => [purpose, 0])) as Record<Purpose, number>;
	#askedAt: number | undefined;
	#lastDownAt = 0;
	#flowBytes = 0;
	#flowMs = 0;
	#roundTrips: number[] = [];
	#answerBytes = 0;
	/** Bytes per second of the last answers, the wait for them included: the line is at least that fast. */
	#answerRates: number[] = [];

	constructor(onChange: () => void = () => {}) {
		this.onChange = onChange;
	}

	up(bytes: number): void {
		this.#up += bytes;
		this.#byPurpose[this.purpose] += bytes;
		if (this.#direction === 'down') {
			this.#turns += 1;
			this.#answerBytes = 0;
			this.#answerRates = [0, ...this.#answerRates.slice(0, 3)];
			this.#askedAt = performance.now();
		}
		this.#direction = 'up';
		this.onChange();
	}

	down(bytes: number): void {
		const now = performance.now();
		this.#down += bytes;
		this.#byPurpose[this.purpose] += bytes;
		if (this.#direction === 'up' && this.#askedAt !== undefined) {
			this.#roundTrips.push(now - this.#askedAt);
			if (this.#roundTrips.length > 8) this.#roundTrips.shift();
		} else {
			this.#measureFlow(bytes, now - this.#lastDownAt);
		}
		this.#answerBytes += bytes;
		this.#rateAnswer(now);
		this.#direction = 'down';
		this.#lastDownAt = now;
		this.onChange();
	}

	/** The best moment of an answer tells most about the line; what trickles in later says nothing. */
	#rateAnswer(now: number): void {
		if (this.#askedAt === undefined || this.#answerBytes < enoughAnswerBytes) return;
		const rate = this.#answerBytes / (Math.max(now - this.#askedAt, 0.1) / 1000);
		this.#answerRates[0] = Math.max(this.#answerRates[0] ?? 0, rate);
	}

	/** Bytes that followed others without a question in between arrived as fast as the line goes. */
	#measureFlow(bytes: number, sinceLastMs: number): void {
		const roundTrip = this.roundTripMs ?? Number.POSITIVE_INFINITY;
		if (sinceLastMs > Math.max(1000, roundTrip)) return;
		this.#flowBytes += bytes;
		this.#flowMs += sinceLastMs;
		if (this.#flowMs > memoryMs) {
			this.#flowBytes /= 2;
			this.#flowMs /= 2;
		}
	}

	/** The shortest of the last waits for an answer, in ms; undefined before the first. */
	get roundTripMs(): number | undefined {
		return this.#roundTrips.length > 0 ? Math.min(...this.#roundTrips) : undefined;
	}

	/** Bytes per second downwards; undefined until enough came in one flow to tell. */
	get bytesPerSecond(): number | undefined {
		if (this.#flowBytes < enoughBytes) return undefined;
		return Math.round(this.#flowBytes / (Math.max(this.#flowMs, 0.1) / 1000));
	}

	/** What the line does for certain, which may be much less than it can; 0 before the first answer of any size. */
	get atLeastBytesPerSecond(): number {
		return this.bytesPerSecond ?? Math.max(0, ...this.#answerRates);
	}

	get usage(): Usage {
		return {upBytes: this.#up, downBytes: this.#down, turns: this.#turns, byPurpose: {...this.#byPurpose}};
	}
}
