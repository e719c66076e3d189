/**
 * A line that owes an answer and brings no byte for so long is dead. Judged here, by what is owed: a quiet IDLE is none, and
 * an upload gets the time it needs, since nobody answers while it is on its way.
 */
import type {Meter} from './meter.ts';

/** 2,400 bit/s: no line that mail is uploaded on is slower. */
const slowestBytesPerMs = 0.3;

export class Silence {
	readonly #patienceMs: number;
	readonly #meter: Meter;
	readonly #owed: () => number;
	readonly #onDead: () => void;
	#watch: NodeJS.Timeout | undefined;
	#uploadingUntil = 0;

	constructor(patienceMs: number, meter: Meter, owed: () => number, onDead: () => void) {
		this.#patienceMs = patienceMs;
		this.#meter = meter;
		this.#owed = owed;
		this.#onDead = onDead;
	}

	watch(): void {
		let before = this.#meter.usage.downBytes;
		this.#watch = setInterval(() => {
			const now = this.#meter.usage.downBytes;
			const isSilent = now === before && this.#owed() > 0 && performance.now() > this.#uploadingUntil;
			before = now;
			if (isSilent) this.#onDead();
		}, this.#patienceMs).unref();
	}

	uploads(bytes: number): void {
		this.#uploadingUntil = Math.max(performance.now(), this.#uploadingUntil) + bytes / slowestBytesPerMs;
	}

	stop(): void {
		clearInterval(this.#watch);
	}
}
