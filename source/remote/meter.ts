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
/** Less time than this on the line cannot be told from the noise of two computers. */
const enoughMs = 20;
const longestGapMs = 1000;

export class Meter {
	/** Whom bytes are counted for from now on. Set by whoever writes to the line. */
	purpose: Purpose = 'connect';
	readonly onChange: () => void;
	readonly #clock: () => number;
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
	/** The last answers, newest first: how much, and how long after the question its last byte came. */
	#answers: {bytes: number; ms: number}[] = [];

	/** `clock` gives ms and never goes back. */
	constructor(onChange: () => void = () => {}, clock: () => number = () => performance.now()) {
		this.onChange = onChange;
		this.#clock = clock;
	}

	up(bytes: number): void {
		this.#up += bytes;
		this.#byPurpose[this.purpose] += bytes;
		if (this.#direction === 'down') {
			this.#turns += 1;
			this.#forgetAnswers();
			this.#askedAt = this.#clock();
		}
		this.#direction = 'up';
		this.onChange();
	}

	down(bytes: number): void {
		const now = this.#clock();
		this.#down += bytes;
		this.#byPurpose[this.purpose] += bytes;
		if (this.#direction === 'up' && this.#askedAt !== undefined) {
			this.#roundTrips.push(now - this.#askedAt);
			if (this.#roundTrips.length > 8) this.#roundTrips.shift();
		} else {
			this.#measureFlow(bytes, now - this.#lastDownAt);
		}
		this.#timeAnswer(bytes, now);
		this.#direction = 'down';
		this.#lastDownAt = now;
		this.onChange();
	}

	/** Small answers say nothing, and must not push out those that do. */
	#forgetAnswers(): void {
		const telling = this.#answers.filter(each => each.bytes >= enoughAnswerBytes);
		this.#answers = [{bytes: 0, ms: 0}, ...telling.slice(0, 3)];
	}

	/** What trickles in long after the answer says nothing about the line. */
	#timeAnswer(bytes: number, now: number): void {
		const [answer] = this.#answers;
		if (answer === undefined || this.#askedAt === undefined) return;
		if (answer.bytes >= enoughAnswerBytes && now - this.#lastDownAt > longestGapMs) return;
		answer.bytes += bytes;
		answer.ms = Math.max(now - this.#askedAt, 0.1);
	}

	/** Bytes that followed others without a question in between arrived as fast as the line goes. */
	#measureFlow(bytes: number, sinceLastMs: number): void {
		const roundTrip = this.roundTripMs ?? Number.POSITIVE_INFINITY;
		if (sinceLastMs > Math.max(longestGapMs, roundTrip)) return;
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

	/** Bytes per second downwards; undefined until enough came to tell, and on a line too fast to tell. */
	get bytesPerSecond(): number | undefined {
		if (this.#flowBytes >= enoughBytes) return Math.round(this.#flowBytes / (Math.max(this.#flowMs, 0.1) / 1000));
		// An answer's time is a round trip and the line's own; the shortest wait for a small answer is the former.
		let bytes = 0;
		let ms = 0;
		for (const answer of this.#answers) {
			if (answer.bytes < enoughAnswerBytes) continue;
			bytes += answer.bytes;
			ms += answer.ms - (this.roundTripMs ?? 0);
		}
		return ms >= enoughMs ? Math.round(bytes / (ms / 1000)) : undefined;
	}

	/** What the line does for certain, which may be much less than it can; 0 before the first answer of any size. */
	get atLeastBytesPerSecond(): number {
		const rates = this.#answers
			.filter(each => each.bytes >= enoughAnswerBytes)
			.map(each => each.bytes / (each.ms / 1000));
		return this.bytesPerSecond ?? Math.max(0, ...rates);
	}

	get usage(): Usage {
		return {upBytes: this.#up, downBytes: this.#down, turns: this.#turns, byPurpose: {...this.#byPurpose}};
	}
}
