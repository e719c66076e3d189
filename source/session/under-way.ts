/**
 * What is asked on the line and not answered, in octets expected, and how much more there is room for: two seconds of the
 * line, and no less than a round trip.
 */
import {creditSeconds, smallestChunkBytes} from '../model/budget.ts';
import type {Line} from './line.ts';
import {type Urgency, urgencies} from './needs.ts';

const nothing = (): Record<Urgency, number> => ({operations: 0, 'looking-at': 0, chosen: 0, ahead: 0});

export class UnderWay {
	readonly #line: Line;
	#questions = 0;
	#bytes = nothing();

	constructor(line: Line) {
		this.#line = line;
	}

	get isNothing(): boolean {
		return this.#questions === 0;
	}

	get isDeciding(): boolean {
		return this.#bytes.operations > 0;
	}

	/** A question leaves. Returns what is to be called when its answer is in. */
	begin(urgency: Urgency, bytes: number): () => void {
		this.#questions += 1;
		this.#bytes[urgency] += bytes;
		return () => {
			this.#questions -= 1;
			this.#bytes[urgency] -= bytes;
		};
	}

	/** The line was lost. */
	lost(): void {
		this.#questions = 0;
		this.#bytes = nothing();
	}

	/** What matters more does not wait for the credit that what matters less has taken. */
	room(urgency: Urgency): number {
		if (this.isNothing) return Number.POSITIVE_INFINITY;
		let taken = 0;
		for (const each of urgencies.slice(0, urgencies.indexOf(urgency) + 1)) taken += this.#bytes[each];
		return this.#creditBytes(urgency) - taken;
	}

	/** Nobody waits for what was chosen or comes ahead, but others do behind it: it gets what keeps the line full, no more. */
	#creditBytes(urgency: Urgency): number {
		const {chunkBytes, remote} = this.#line;
		const {atLeastBytesPerSecond = 0, roundTripMs = 0} = remote ?? {};
		const roundTripBytes = (atLeastBytesPerSecond * roundTripMs * 1.2) / 1000;
		if (urgency === 'chosen' || urgency === 'ahead')
			return chunkBytes * (1 + Math.max(1, Math.ceil(roundTripBytes / chunkBytes)));
		return Math.max(smallestChunkBytes, atLeastBytesPerSecond * creditSeconds, roundTripBytes);
	}
}
