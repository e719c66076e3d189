/**
 * The newest messages of a mailbox as far as they are held on the disk without a gap: which message stands at which
 * sequence number, and how the block grows and shrinks. In memory there is none, and every call does nothing.
 *
 * Laws: what says how far it is held is written with what it covers, in one transaction; the sequence number of a held
 * message is the block's count less the held ones with a greater UID, so that only the count is stored.
 */
import type {MailboxPath, MessageId} from '../model/ids.ts';
import type {KnownMailbox} from '../remote/remote.ts';
import type {Facts, HeldMailbox} from '../store/facts.ts';

const nobody: ReadonlySet<number> = new Set();

export class HeldBlock {
	readonly #path: MailboxPath;
	readonly #facts: Facts;
	readonly #clock: () => number;
	#held: HeldMailbox | undefined;
	/** Messages in it; undefined: not counted yet, and to show the newest nobody has to. */
	#size: number | undefined;

	constructor(path: MailboxPath, facts: Facts, clock: () => number) {
		this.#path = path;
		this.#facts = facts;
		this.#clock = clock;
		this.reload();
	}

	/** The mailbox has changed places, or another process has written. */
	reload(): void {
		this.#held = this.#facts.held(this.#path);
		this.#size = undefined;
	}

	get held(): HeldMailbox | undefined {
		return this.#held;
	}

	get size(): number {
		if (this.#held === undefined) return 0;
		this.#size ??= this.#facts.countFrom(this.#path, this.#held, this.#held.wholeFrom);
		return this.#size;
	}

	/** The sequence number of its oldest message; one more than the newest when it is empty. */
	get first(): number {
		return (this.#held?.count ?? 0) - this.size + 1;
	}

	/** Where a message stands; undefined when it is not in the block, or not there. */
	sequenceOf(uid: number): number | undefined {
		const held = this.#held;
		if (held === undefined || uid < held.wholeFrom || uid >= held.uidNext) return undefined;
		if (this.#facts.idOf(this.#path, uid) === undefined) return undefined;
		return held.count - this.#facts.countFrom(this.#path, held, uid) + 1;
	}

	/** Whether a message is one of the newest `count`. */
	isAmongNewest(uid: number | undefined, count: number): boolean {
		const sequence = uid === undefined ? undefined : this.sequenceOf(uid);
		return sequence !== undefined && sequence > (this.#held?.count ?? 0) - count;
	}

	/** What to tell the server when the mailbox is opened, so that it says what changed. */
	get known(): KnownMailbox | undefined {
		const held = this.#held;
		if (held === undefined) return undefined;
		const {uidValidity, highestModseq, wholeFrom, uidNext} = held;
		return {uidValidity, highestModseq, uids: this.size === 0 ? undefined : {first: wholeFrom, last: uidNext - 1}};
	}

	/** The held messages at these sequence numbers, oldest first, and the number of the first of them. */
	at(first: number, last: number): {readonly first: number; readonly ids: readonly MessageId[]} {
		const held = this.#held;
		const to = Math.min(last, held?.count ?? 0);
		if (held === undefined || first > to) return {first, ids: []};
		const ids = this.#facts.block(this.#path, held, held.count - to, to - first + 1).reverse();
		return {first: to - ids.length + 1, ids};
	}

	/** Another mailbox under the same name, or the first time: nothing is held of it but how many there are. */
	begin(state: Omit<HeldMailbox, 'wholeFrom' | 'syncedAt' | 'wishDone'>): void {
		this.#set({...state, wholeFrom: state.uidNext, syncedAt: this.#clock(), wishDone: undefined});
		this.#size = 0;
	}

	/** All up to this was stored. In the transaction that has stored it. */
	learn(change: Partial<HeldMailbox>): void {
		const held = this.#held;
		if (held === undefined) return;
		this.#set({...held, ...change, syncedAt: this.#clock()});
		this.#loseStrays(held, nobody);
	}

	/** It is certain now that it is as the server has it. */
	checked(): void {
		this.learn({});
	}

	/** A message at this sequence number went, whether it was held or not; `uid` when it was. Before it is forgotten. */
	expunged(sequence: number, uid: number | undefined): void {
		const held = this.#held;
		if (held === undefined || sequence > held.count) return;
		if (uid !== undefined && uid >= held.wholeFrom) this.#size = this.size - 1;
		this.#set({...held, count: held.count - 1});
	}

	/** These stand directly above its newest or directly below its oldest, and are stored. UIDs ascending. */
	grow(uids: {readonly above?: readonly number[]; readonly below?: readonly number[]}): void {
		const held = this.#held;
		if (held === undefined) return;
		const {above = [], below = []} = uids;
		const newest = above.at(-1);
		const oldest = below[0];
		if (newest === undefined && oldest === undefined) return;
		const before = this.size;
		this.#size = before + above.length + below.length;
		this.#set({
			...held,
			count: held.count + above.length,
			uidNext: newest === undefined ? held.uidNext : Math.max(held.uidNext, newest + 1),
			// Of what is new nothing is here but its row.
			wishDone: undefined,
			wholeFrom: oldest ?? (before === 0 ? (above[0] ?? held.wholeFrom) : held.wholeFrom),
		});
		this.#loseStrays(held, new Set([...above, ...below]));
	}

	/** What was looked at outside the block, and is not there now that the block reaches to it. */
	#loseStrays(before: HeldMailbox, there: ReadonlySet<number>): void {
		const {wholeFrom, uidNext} = this.#held ?? before;
		const reached = [
			...this.#facts.uidsWithin(this.#path, wholeFrom, before.wholeFrom - 1),
			...this.#facts.uidsWithin(this.#path, before.uidNext, uidNext - 1),
		];
		for (const uid of reached) {
			const id = there.has(uid) ? undefined : this.#facts.idOf(this.#path, uid);
			if (id !== undefined) this.#facts.loseMessage(id);
		}
	}

	#set(held: HeldMailbox): void {
		this.#facts.learnHeld(this.#path, held);
		this.#held = this.#facts.held(this.#path);
	}
}
