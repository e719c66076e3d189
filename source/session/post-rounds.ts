/**
 * When the queue of an account is sent in a running client, and what the user hears of it. In a round every letter that is
 * due is handed over once; one process at a time has the queue.
 *
 * Laws: without a line by the model nothing leaves by itself, but in a call; a letter that is unknown is never sent again
 * unasked; what a server has taken is followed up before anything else is sent.
 */

import {bytesOf} from '../model/amounts.ts';
import type {Failure} from '../model/failure.ts';
import {type Outcome, type Outgoing, type ShownLetter, upBytesOf} from '../model/outgoing.ts';
import {outcomeWords} from '../model/outgoing-words.ts';
import {safeLine} from '../model/safe-text.ts';
import type {Spent} from '../model/usage.ts';
import type {Submitting} from '../remote/submission.ts';
import type {OutgoingMail} from '../store/outgoing.ts';
import {type Carrier, handOverAll, isDue} from './hand-over.ts';
import type {Sequels} from './sequels.ts';
import type {Tell} from './session.ts';

/** Before a line that was down is tried again, in ms. */
const waits = [5000, 15_000, 60_000, 300_000];
/** What a letter costs besides its octets: a dialogue, and TLS. */
export const dialogueBytes = 4000;

export type PostRoundsOptions = {
	readonly mail: OutgoingMail;
	/** As they are known here. */
	readonly letters: () => readonly Outgoing[];
	readonly carrier: Carrier;
	readonly sequels: Sequels;
	/** Ms since the epoch. */
	readonly clock: () => number;
	/** Whether there is a line by the model, or one may be had. */
	readonly mayGo: () => boolean;
	/** Lends what lies in the mailboxes. */
	readonly urlsOf: NonNullable<Submitting['urlsOf']>;
	/** Whether there is a line to the mailboxes; and there is to be one. */
	readonly hasLine: () => boolean;
	readonly ensureLine: () => void;
	/** What is left of the session budget; undefined without one. */
	readonly budgetLeft: () => number | undefined;
	readonly onSpent: (spent: Spent) => void;
	readonly tell: Tell;
	readonly shown: (letter: Outgoing) => ShownLetter;
	/** Letters stand otherwise; or something was recorded in a log. */
	readonly onChange: () => void;
	readonly onRecorded: () => void;
};

type Which = 'due' | 'untried' | 'all';

export class PostRounds {
	readonly #options: PostRoundsOptions;
	#round: Promise<boolean> | undefined;
	#stop = new AbortController();
	/** The line was down so often since it was up. */
	#failures = 0;
	#retryAt = 0;
	/** Why it is not tried again before the user asks. */
	#denied: Failure | undefined;
	#isTooDear = false;
	#trouble = '';

	constructor(options: PostRoundsOptions) {
		this.#options = options;
	}

	get isAtWork(): boolean {
		return this.#round !== undefined;
	}

	/** The last try met no line, or a password that is refused. */
	get isDown(): boolean {
		return this.#failures > 0 || this.#denied !== undefined;
	}

	/** There is a line again, or the user wants it tried now. */
	tryAnew(): void {
		this.#failures = 0;
		this.#retryAt = 0;
		this.#denied = undefined;
		this.look();
	}

	/** Something may be due. */
	look(): void {
		const {letters, clock, mayGo} = this.#options;
		if (this.#round !== undefined || this.#stop.signal.aborted) return;
		if (this.#denied !== undefined || clock() < this.#retryAt || !mayGo()) return;
		const due = letters().filter(each => isDue(each, clock(), {isImpatient: false}) && this.#isAffordable(each));
		// When the line is up one looks again.
		if (due.some(each => !this.#isReachable(each))) this.#options.ensureLine();
		if (!due.some(each => this.#isReachable(each))) return;
		void this.run('due');
	}

	/**
	 * `untried`: also what may be taken back still; `all`: also what the server has put off. Returns false when another process
	 * sends. Never rejects.
	 */
	async run(which: Which): Promise<boolean> {
		while (this.#round !== undefined) await this.#round;
		this.#round = this.#send(which);
		try {
			return await this.#round;
		} finally {
			this.#round = undefined;
			this.#options.onChange();
		}
	}

	async #send(which: Which): Promise<boolean> {
		const {mail, carrier, clock, onSpent, tell, onChange, urlsOf} = this.#options;
		let spentBytes = 0;
		let begun: ShownLetter | undefined;
		try {
			return await handOverAll(mail, carrier, {
				isImpatient: which !== 'due',
				signal: this.#stop.signal,
				clock,
				urlsOf,
				mayGo: letter =>
					(which !== 'untried' || letter.attempts === 0 || letter.notBefore <= clock()) &&
					this.#isReachable(letter) &&
					this.#isAffordable(letter),
				onHeld: () => this.record(),
				onSpent(spent) {
					spentBytes += spent.upBytes + spent.downBytes;
					onSpent(spent);
				},
				onBegin: letter => {
					spentBytes = 0;
					begun = this.#options.shown(letter);
					onChange();
				},
				onOutcome: (_, outcome, now) => {
					this.record();
					onChange();
					this.#after(outcome);
					if (begun === undefined || this.#stop.signal.aborted) return;
					// A line that is down is said once.
					if (outcome.state === 'unsent' && outcome.failure.kind === 'offline' && this.#failures > 1) return;
					const {kind, text} = outcomeWords(begun, outcome, now, spentBytes);
					tell(kind, text, kind === 'problem' ? 'outbox' : undefined);
				},
			});
		} catch (error) {
			this.#retryAt = clock() + waits[2]!;
			tell('problem', safeLine(`Mail cannot be sent: its queue cannot be written (${(error as Error).message})`));
			return true;
		}
	}

	#after(outcome: Outcome): void {
		const {clock} = this.#options;
		if (outcome.state !== 'unsent') {
			this.#failures = 0;
			return;
		}
		if (outcome.failure.kind === 'denied') this.#denied = outcome.failure;
		this.#retryAt = clock() + (waits[this.#failures] ?? waits.at(-1)!);
		this.#failures++;
	}

	/** What follows of what was taken. While nobody else sends. */
	record(): void {
		const {sequels, onRecorded, tell} = this.#options;
		try {
			const hasRecorded = sequels.record();
			if (sequels.sweep() || hasRecorded) onRecorded();
			this.#trouble = '';
		} catch (error) {
			const {message} = error as Error;
			if (message !== this.#trouble)
				tell('problem', safeLine(`What follows a letter that was sent cannot be written down: ${message}`));
			this.#trouble = message;
		}
	}

	/** Parts in the mailboxes are lent on a line to them. */
	#isReachable({letter}: Outgoing): boolean {
		return letter.pieces === undefined || this.#options.hasLine();
	}

	/** What exceeds the session budget waits; that is said once. */
	#isAffordable(letter: Outgoing): boolean {
		const left = this.#options.budgetLeft();
		const bytes = Math.ceil(upBytesOf(letter.letter) * 1.02) + dialogueBytes;
		if (left === undefined || bytes <= left) {
			this.#isTooDear = false;
			return true;
		}
		if (!this.#isTooDear)
			this.#options.tell(
				'problem',
				safeLine(`Not sent: it could cost ${bytesOf(bytes)}, and ${bytesOf(left)} are left of the session budget`),
			);
		this.#isTooDear = true;
		return false;
	}

	/** Lets a round that is under way end: for so long it is waited for, then it is cut. */
	async close(patienceMs: number): Promise<void> {
		const round = this.#round;
		if (round !== undefined) {
			const {promise, resolve} = Promise.withResolvers<void>();
			const timer = setTimeout(resolve, patienceMs);
			await Promise.race([round, promise]);
			clearTimeout(timer);
		}
		this.#stop.abort();
		await this.#round;
	}
}
