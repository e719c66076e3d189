/**
 * What has to be brought, in the order it matters: `operations > looking-at > chosen > ahead`.
 *
 * A need knows what it still lacks and asks for it piece by piece; it never sends anything itself. The worker asks
 * the most important need for its next question, as long as the line has room for the answer.
 */
import type {Failure} from '../model/failure.ts';
import type {MailboxPath} from '../model/ids.ts';
import type {SafeText} from '../model/safe-text.ts';
import type {Remote, Selected} from '../remote/remote.ts';

export const urgencies = ['operations', 'looking-at', 'chosen', 'ahead'] as const;
export type Urgency = (typeof urgencies)[number];

/** One request and what its answer is expected to weigh, in octets. */
export type Question = {
	readonly expectedBytes: number;
	/** What it could cost at most, up and down; undefined: twice as much and some framing. */
	readonly mostBytes?: number;
	/** Asks, and takes in the answer. Resolves when the answer is in; rejects with a Failure. */
	readonly ask: (remote: Remote) => Promise<void>;
};

/** What something could cost, in words and in bytes on the wire, up and down. */
export type Cost = {readonly what: SafeText; readonly mostBytes: number};

export type Need = {
	/** The same need twice has the same key, and is one need. */
	readonly key: string;
	readonly urgency: Urgency;
	/** Where it has to be asked; undefined when that does not matter. */
	readonly mailbox: MailboxPath | undefined;
	/**
	 * What to ask now; undefined when it waits for answers, or when `room` (octets the line still takes) is too
	 * little. A question returned counts as asked. `mostBytes` is what it may cost at most (a session budget).
	 */
	readonly next: (room: number, mostBytes: number) => Question | undefined;
	/** What it could still cost, of what was not asked yet; for rows, which are of use one by one, the first of them. */
	readonly cost?: () => Cost;
	/** Opens its mailbox, when that is to be opened for it, and asks for the first of it in the same packet. */
	readonly open?: (remote: Remote, known: Parameters<Remote['select']>[1]) => Promise<Selected>;
	readonly isDone: () => boolean;
	/** All of it is here, if perhaps not as the server has it now: no reason to dial for a command. */
	readonly isHeld?: () => boolean;
	/** Nothing is left to ask, though answers may be under way: time to wait for news behind them. */
	readonly isAllAsked: () => boolean;
	/** The line was lost: whatever was asked and not answered has to be asked again. */
	readonly lost: () => void;
	/** It cannot be met: the need is over. */
	readonly fail: (failure: Failure) => void;
};

export class Needs {
	readonly #needs = new Map<string, Need>();

	/** Replaces the need of the same key, and is the newest. */
	add(need: Need): void {
		this.#needs.delete(need.key);
		this.#needs.set(need.key, need);
	}

	has(key: string): boolean {
		return this.#needs.has(key);
	}

	remove(key: string): void {
		this.#needs.delete(key);
	}

	/** Drops the need itself, not one of the same key that took its place. */
	drop(need: Need): void {
		if (this.#needs.get(need.key) === need) this.#needs.delete(need.key);
	}

	/**
	 * Where in the queue a need stands that was just asked: first again, but of those the user chose each has its turn, now
	 * and when they are next looked at.
	 */
	turnOf(need: Need, queue: readonly Need[]): number {
		if (need.urgency !== 'chosen' || this.#needs.get(need.key) !== need) return 0;
		this.add(need);
		return queue.findLastIndex(each => each.urgency === 'chosen' && each.mailbox === need.mailbox) + 1;
	}

	/** Who looks elsewhere wants no more of what was looked at before. */
	keepLooksAt(mailbox: MailboxPath): void {
		this.removeLooks(each => each !== mailbox);
	}

	/** Nobody looks at these any more. */
	removeLooks(isIt: (mailbox: MailboxPath) => boolean): void {
		for (const need of [...this.#needs.values()]) {
			const isLook = need.urgency === 'looking-at' || need.urgency === 'ahead';
			if (isLook && need.mailbox !== undefined && isIt(need.mailbox)) this.#needs.delete(need.key);
		}
	}

	/**
	 * The needs that are not met, most important first; those met are dropped. Of what is looked at, the newest comes
	 * first: who has turned to another mailbox does not wait for the one before. Of what was chosen, that of the mailbox that
	 * is open: going to and fro would cost a turn each time.
	 */
	inOrder(selected?: MailboxPath): Need[] {
		for (const need of [...this.#needs.values()]) if (need.isDone()) this.#needs.delete(need.key);
		const needs = [...this.#needs.values()];
		return urgencies.flatMap(urgency => {
			const some = needs.filter(need => need.urgency === urgency);
			if (urgency === 'looking-at') return some.reverse();
			const isThere = (need: Need) => need.mailbox === undefined || need.mailbox === selected;
			return urgency === 'chosen' ? [...some.filter(isThere), ...some.filter(need => !isThere(need))] : some;
		});
	}
}
