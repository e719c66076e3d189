/**
 * Counts every byte at the TCP socket: below TLS and DEFLATE, so that it is what the line carried (law 8).
 * The one place where bytes get a purpose and a mailbox.
 *
 * A packet is seen before it is understood: what goes up is for the question asked last, what comes down for the oldest
 * one not yet answered. Waiting for news (IDLE) is asked all the time, so it takes only what no other question claims.
 */
import {performance} from 'node:perf_hooks';
import {type Cause, noUsage, plus, type Spent, type Usage} from '../model/usage.ts';
import {octetsPass} from './few-buffers.ts';
import {LineSpeed} from './line-speed.ts';

const connecting: Cause = {purpose: 'connect', mailbox: ''};

export class Meter {
	readonly #onSpent: (spent: Spent) => void;
	readonly #speed: LineSpeed;
	#usage: Usage = noUsage;
	#direction: 'up' | 'down' = 'down';
	/** Asked and not yet answered, oldest first. */
	#open: Cause[] = [];
	/** For whom bytes are when nothing is asked: whoever asked last. */
	#last: Cause = connecting;

	/** `onSpent` is told of each packet; `clock` gives ms and never goes back. */
	constructor(onSpent: (spent: Spent) => void = () => {}, clock: () => number = () => performance.now()) {
		this.#onSpent = onSpent;
		this.#speed = new LineSpeed(clock);
	}

	/** A question is about to be written. Returns what to call when it is answered, or will never be. */
	ask(cause: Cause): () => void {
		const mine = {...cause};
		this.#open.push(mine);
		this.#last = mine;
		return () => {
			this.#open = this.#open.filter(each => each !== mine);
		};
	}

	/** Everything asked so far is answered: the next question starts a round trip of its own. */
	rest(): void {
		this.#speed.rest();
	}

	up(bytes: number): void {
		this.#speed.up();
		const turns = this.#direction === 'down' ? 1 : 0;
		this.#direction = 'up';
		const asking = this.#open.findLast(isNoWait) ?? this.#open.at(-1) ?? this.#last;
		this.#spend({...asking, upBytes: bytes, downBytes: 0, turns});
	}

	down(bytes: number): void {
		this.#speed.down(bytes);
		this.#direction = 'down';
		const answered = this.#open.find(isNoWait) ?? this.#open[0] ?? this.#last;
		this.#spend({...answered, upBytes: 0, downBytes: bytes, turns: 0});
	}

	#spend(spent: Spent): void {
		octetsPass(spent.upBytes + spent.downBytes);
		this.#usage = plus(this.#usage, spent);
		this.#onSpent(spent);
	}

	get usage(): Usage {
		return this.#usage;
	}

	get roundTripMs(): number | undefined {
		return this.#speed.roundTripMs;
	}

	get bytesPerSecond(): number | undefined {
		return this.#speed.bytesPerSecond;
	}

	get atLeastBytesPerSecond(): number {
		return this.#speed.atLeastBytesPerSecond;
	}
}

const isNoWait = ({purpose}: Cause): boolean => purpose !== 'waiting';
