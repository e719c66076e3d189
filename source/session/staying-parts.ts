/**
 * Whether what is sent on may stay in the mailboxes of an account, to be fetched by its submission server (BURL): that and
 * the mail server must both offer it. What each has said is remembered; what was never asked is asked once it matters.
 */
import type {Spent} from '../model/usage.ts';
import type {PiecesOffer} from './hand-over.ts';
import {live} from './live.ts';

/** `unknown`: one of them was not asked, or is being asked. */
export type Staying = 'yes' | 'no' | 'unknown';

type StayingOptions = {
	/** Of the submission server; undefined: a command sends, or nothing. */
	readonly pieces: PiecesOffer | undefined;
	/** Whether the mail server lends parts (URLAUTH); undefined: it was never asked. */
	readonly isLent: () => boolean | undefined;
	/** Whether there is a line by the model, and it may cost something. */
	readonly mayAsk: () => boolean;
	readonly onSpent: (spent: Spent) => void;
};

const patienceMs = 20_000;

export class StayingParts {
	readonly state = live<Staying>('no');
	readonly #options: StayingOptions;
	#asking: AbortController | undefined;
	/** Why ever: it is not asked again on this line. */
	#hasFailed = false;

	constructor(options: StayingOptions) {
		this.#options = options;
		this.look();
	}

	/** What is known may have changed. */
	look(): void {
		const {pieces, isLent} = this.#options;
		const both = pieces === undefined ? [false] : [isLent(), pieces.isTaken()];
		this.state.set(both.includes(false) ? 'no' : both.includes(undefined) ? 'unknown' : 'yes');
	}

	/** There is another line. */
	anew(): void {
		this.#hasFailed = false;
		this.look();
	}

	/** Asks the submission server, where that would help; without a line, or without an answer, nothing stays there. */
	ensure(): void {
		this.look();
		const {pieces, isLent, mayAsk, onSpent} = this.#options;
		if (this.state.get() !== 'unknown' || this.#asking !== undefined) return;
		if (pieces === undefined || isLent() === undefined || this.#hasFailed || !mayAsk()) {
			this.state.set('no');
			return;
		}
		const asking = new AbortController();
		this.#asking = asking;
		pieces
			.ask({onSpent, signal: asking.signal, patienceMs})
			.catch(() => {
				this.#hasFailed = true;
			})
			.finally(() => {
				this.#asking = undefined;
				this.look();
				if (this.#hasFailed) this.state.set('no');
			});
	}

	close(): void {
		this.#asking?.abort(new Error('left'));
	}
}
