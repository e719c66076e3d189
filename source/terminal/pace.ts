/**
 * How fast the terminal takes what we send, and so how much may be on its way.
 *
 * Between us and the glass stand the kernel, sshd and a modem, each with room for seconds of an old screen. So after
 * some octets the terminal is asked whether it is well (DSR, 4 octets), which it answers when it has come there:
 * what is sent and not yet answered for is kept to what it takes in half a second. One that never answers is paced by
 * the kernel alone.
 *
 * Laws: knows no tty and no cells; an answer that is lost delays a frame once, and never the session.
 */

export const question = '\x1b[5n';
export const isAnswer = (report: string): boolean => /^\x1b\[\d+n$/.test(report);

/** Whether it is well (DSR), or what it can do (DA1). */
export type Question = 'status' | 'attributes';
type Asked = {readonly question: Question; readonly octets: number; readonly at: number};

const firstWindow = 4096;
const leastWindow = 256;
const endlessWindow = 65_536;
const queueMs = 500;
/** A terminal that has not answered within this is not waited for. */
const deafAfterMs = 3000;
const lostAfterMs = 15_000;
const leastFarewellMs = 1000;
const longestFarewellMs = 4000;
/** Slow below, no longer slow above: octets per second. */
const slowBelow = 2400;
const fastAbove = 4800;
/** Of fewer octets no rate can be told. */
const leastSample = 200;

export class Pace {
	readonly #now: () => number;
	readonly #asked: Asked[] = [];
	#sentOctets = 0;
	#answeredOctets = 0;
	#answeredAt = 0;
	#isDeaf: boolean;
	#hasAnswered = false;
	#isSlow: boolean;
	readonly #isAlwaysSlow: boolean;
	/** Octets a second; undefined until it was measured. */
	rate: number | undefined;
	/** The shortest time an answer took. */
	roundTripMs: number | undefined;

	constructor({
		answers,
		isSlow,
		now,
	}: {readonly answers: boolean; readonly isSlow: boolean; readonly now: () => number}) {
		this.#isDeaf = !answers;
		this.#isSlow = isSlow;
		this.#isAlwaysSlow = isSlow;
		this.#now = now;
	}

	get isSlow(): boolean {
		return this.#isSlow;
	}

	/** Whether an answer is on its way, which would become keys of whoever reads the terminal next. */
	get isAwaiting(): boolean {
		return this.#asked.length > 0 && !this.#isDeaf;
	}

	/** How long the last answer is worth waiting for when we go: longer on a longer line, but never for long. */
	get farewellMs(): number {
		return Math.min(longestFarewellMs, Math.max(leastFarewellMs, 1.5 * (this.roundTripMs ?? 0)));
	}

	/** Octets that may be sent now; 0 when it is to be waited for an answer. */
	room(): number {
		this.#giveUp();
		const window = this.#window();
		if (window >= endlessWindow) return Number.POSITIVE_INFINITY;
		const onTheirWay = this.#isDeaf ? 0 : this.#sentOctets - this.#answeredOctets;
		// Less would be half a row each time.
		const room = window - onTheirWay;
		return room < Math.min(window, leastWindow) / 2 ? 0 : room;
	}

	/** Ms until there is room again even without an answer. */
	patienceMs(): number {
		const [oldest] = this.#asked;
		return oldest === undefined ? 0 : Math.max(0, oldest.at + this.#longestMs() - this.#now());
	}

	/** Counts what is sent, and says whether the terminal should be asked behind it. */
	sends(octets: number): boolean {
		this.#sentOctets += octets;
		const unasked = this.#sentOctets - Math.max(this.#answeredOctets, this.#asked.at(-1)?.octets ?? 0);
		return !this.#isDeaf && unasked >= Math.min(1024, this.#window() / 2);
	}

	/** A question was sent: the terminal answers for all octets up to here. */
	asks(question: Question): void {
		this.#asked.push({question, octets: this.#sentOctets, at: this.#now()});
	}

	/** Terminals answer in order: what was asked before this was not answered and will not be. */
	answered(question: Question): void {
		// One that says what it can do may be deaf to this one still.
		if (question === 'status') {
			this.#hasAnswered = true;
			this.#isDeaf = false;
		}
		const index = this.#asked.findIndex(each => each.question === question);
		const asked = this.#asked.splice(0, index + 1).at(-1);
		if (!asked) return;
		const now = this.#now();
		const took = now - asked.at;
		this.roundTripMs = Math.min(this.roundTripMs ?? took, took);
		// With another answer before it on the line, only the time since that one was this one's own.
		const ownMs = this.#answeredAt > asked.at ? now - this.#answeredAt : took - this.roundTripMs;
		this.#measured(asked.octets - this.#answeredOctets, ownMs);
		this.#answeredOctets = asked.octets;
		this.#answeredAt = now;
	}

	/** The kernel took so many octets in this time: all that is known of a terminal that does not answer. */
	drained(octets: number, ms: number): void {
		if (this.#isDeaf && ms >= 200) this.#measured(octets, ms);
	}

	#measured(octets: number, ms: number): void {
		if (octets < leastSample) return;
		const sample = (octets * 1000) / Math.max(1, ms);
		this.rate = this.rate === undefined ? sample : (this.rate + sample) / 2;
		if (this.rate < slowBelow) this.#isSlow = true;
		else if (this.rate > fastAbove) this.#isSlow = this.#isAlwaysSlow;
	}

	#window(): number {
		if (this.rate === undefined) return this.#isDeaf ? endlessWindow : firstWindow;
		return Math.max(leastWindow, (this.rate * ((this.#isDeaf ? 0 : (this.roundTripMs ?? 0)) + queueMs)) / 1000);
	}

	#longestMs(): number {
		return this.#hasAnswered ? lostAfterMs : deafAfterMs;
	}

	#giveUp(): void {
		if (this.#isDeaf || this.#asked.length === 0 || this.patienceMs() > 0) return;
		if (!this.#hasAnswered) {
			// Its first answer may still come, and says then how slow it is: on a very slow one a first list takes longer.
			this.#isDeaf = true;
			return;
		}
		this.#asked.length = 0;
		this.#answeredOctets = this.#sentOctets;
	}
}
