/**
 * The newest messages of a mailbox as far as they are held on the disk without a gap: which message stands at which
 * sequence number, and how the block grows and shrinks. In memory there is none, and every call does nothing.
 *
 * Laws: what says how far it is held is written with what it covers, in one transaction; the sequence number of a held
 * message is the block's count less the held ones with a greater UID, so that only the count is stored. To find one the
 * rows from the nearest that was found before are passed over, and not all that are newer.
 */
import type {MailboxPath, MessageId} from '../model/ids.ts';
import type {Place} from '../model/operation.ts';
import type {Wish} from '../model/wish.ts';
import type {KnownMailbox} from '../remote/remote.ts';
import {type Facts, type HeldMailbox, type HeldPlace, isBeyond} from '../store/facts.ts';
import {BlockMarks, type Mark} from './block-marks.ts';

const nobody: ReadonlySet<number> = new Set();

/** Whoever jumps far leaves a mark each so many rows, so that no other jump there passes over more. */
const strideRows = 500;

export class HeldBlock {
	readonly #path: MailboxPath;
	readonly #facts: Facts;
	readonly #clock: () => number;
	#held: HeldMailbox | undefined;
	/** Messages in it; undefined: not counted yet, and to show the newest nobody has to. */
	#size: number | undefined;
	readonly #marks = new BlockMarks();
	/** What has come since an earlier block was up to date, where another one began above it. */
	#newFrom: number | undefined;
	#version = 0;

	constructor(path: MailboxPath, facts: Facts, clock: () => number) {
		this.#path = path;
		this.#facts = facts;
		this.#clock = clock;
		this.reload();
	}

	/** The mailbox has changed places, or another process has written. */
	reload(): void {
		const before = this.#held?.uidValidity;
		this.#take();
		if (this.#held?.uidValidity !== before) this.#newFrom = undefined;
		this.#size = undefined;
		this.#marks.forget();
	}

	/** Another one whenever other messages may be in it. */
	get version(): number {
		return this.#version;
	}

	get held(): HeldMailbox | undefined {
		return this.#held;
	}

	get size(): number {
		if (this.#held === undefined) return 0;
		this.#size ??= this.#facts.countBetween(this.#path, this.#held.wholeFrom, this.#held.uidNext);
		return this.#size;
	}

	/** The sequence number of its oldest message; one more than the newest when it is empty. */
	get first(): number {
		return (this.#held?.count ?? 0) - this.size + 1;
	}

	/** The sequence numbers of all of it; undefined: there is none. */
	get sequences(): {readonly first: number; readonly last: number} | undefined {
		return this.#held && {first: this.first, last: this.#held.count};
	}

	/** It would be in the block if it were there. */
	isGone(uid: number): boolean {
		return this.#covers(uid) && this.#facts.idOf(this.#path, uid) === undefined;
	}

	#covers(uid: number): boolean {
		return this.#held !== undefined && uid >= this.#held.wholeFrom && uid < this.#held.uidNext;
	}

	/** It lies here, and has come since the block was up to date. */
	isBeyond(place: Place): boolean {
		return isBeyond(this.#held, place);
	}

	/** It was not there when the mailbox was last brought up to date, in this session or an earlier one. */
	hasComeSince(uid: number): boolean {
		return uid >= (this.#newFrom ?? this.#held?.uidNext ?? Number.POSITIVE_INFINITY);
	}

	/** Where a message stands; undefined when it is not in the block, or not there. */
	sequenceOf(uid: number): number | undefined {
		const held = this.#held;
		if (held === undefined || !this.#covers(uid)) return undefined;
		if (this.#facts.idOf(this.#path, uid) === undefined) return undefined;
		const {below, above = topOf(held)} = this.#marks.around('uid', uid);
		const sequence =
			below !== undefined && uid - below.uid < above.uid - uid
				? below.sequence + this.#facts.countBetween(this.#path, below.uid, uid)
				: above.sequence - this.#facts.countBetween(this.#path, uid, above.uid);
		this.#marks.learn({sequence, uid});
		return sequence;
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
		const rows = this.#rows(held, first, to);
		const [oldest, newest] = [rows[0], rows.at(-1)];
		if (oldest) this.#marks.learn({sequence: to - rows.length + 1, uid: oldest.uid});
		if (newest) this.#marks.learn({sequence: to, uid: newest.uid});
		return {first: to - rows.length + 1, ids: rows.map(({id}) => id)};
	}

	/** Oldest first; fewer where the block does not reach so far down. */
	#rows(held: HeldMailbox, first: number, to: number): readonly HeldPlace[] {
		const limit = to - first + 1;
		const {above = topOf(held)} = this.#marks.around('sequence', to);
		const isFar = above.sequence - to > strideRows;
		// Who goes far down may be nearer to its end.
		const end = isFar && first >= this.first ? {sequence: this.first - 1, uid: held.wholeFrom - 1} : undefined;
		const {below = end} = this.#marks.around('sequence', first - 1);
		if (below !== undefined && first - below.sequence < above.sequence - to) {
			const from = this.#strideUp(held, below, first - 1);
			return this.#facts.newer(this.#path, held, {than: from.uid, skip: first - 1 - from.sequence, limit});
		}
		const from = this.#strideDown(held, above, to + 1);
		const skip = from.sequence - 1 - to;
		return this.#facts.older(this.#path, held, {than: from.uid, skip, limit}).reverse();
	}

	#strideDown(held: HeldMailbox, from: Mark, to: number): Mark {
		let mark = from;
		while (mark.sequence - to > strideRows) {
			const [row] = this.#facts.older(this.#path, held, {than: mark.uid, skip: strideRows - 1, limit: 1});
			if (row === undefined) return mark;
			mark = {sequence: mark.sequence - strideRows, uid: row.uid};
			this.#marks.learn(mark);
		}
		return mark;
	}

	#strideUp(held: HeldMailbox, from: Mark, to: number): Mark {
		let mark = from;
		while (to - mark.sequence > strideRows) {
			const [row] = this.#facts.newer(this.#path, held, {than: mark.uid, skip: strideRows - 1, limit: 1});
			if (row === undefined) return mark;
			mark = {sequence: mark.sequence + strideRows, uid: row.uid};
			this.#marks.learn(mark);
		}
		return mark;
	}

	/** Another mailbox under the same name, or the first time: nothing is held of it but how many there are. */
	begin(state: Omit<HeldMailbox, 'wholeFrom' | 'syncedAt' | 'wishDone'>): void {
		const isSame = this.#held?.uidValidity === state.uidValidity;
		this.#newFrom = isSame ? (this.#newFrom ?? this.#held?.uidNext) : undefined;
		this.#set({...state, wholeFrom: state.uidNext, syncedAt: this.#clock(), wishDone: undefined});
		this.#size = 0;
		this.#marks.forget();
	}

	/** All up to this was stored. In the transaction that has stored it. */
	learn(change: Partial<HeldMailbox>): void {
		const held = this.#held;
		if (held === undefined) return;
		const isPlaced = change.count === undefined && change.uidNext === undefined && change.wholeFrom === undefined;
		if (!isPlaced) this.#marks.forget();
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
		this.#marks.expunged(sequence);
		this.#set({...held, count: held.count - 1});
		this.fewer();
	}

	/** Some of it went: where so many of the newest are wished for, others are among them now. */
	fewer(): void {
		const held = this.#held;
		if (held?.wishDone === undefined) return;
		const {summaries} = JSON.parse(held.wishDone) as Wish;
		if (typeof summaries === 'object' && 'last' in summaries) this.#set({...held, wishDone: undefined});
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
		// Below the oldest there is nothing.
		const from = wholeFrom < before.wholeFrom && this.first <= 1 ? 1 : wholeFrom;
		const reached = [
			...this.#facts.uidsWithin(this.#path, from, before.wholeFrom - 1),
			...this.#facts.uidsWithin(this.#path, before.uidNext, uidNext - 1),
		];
		for (const uid of reached) {
			const id = there.has(uid) ? undefined : this.#facts.idOf(this.#path, uid);
			if (id !== undefined) this.#facts.loseMessage(id);
		}
	}

	#set(held: HeldMailbox): void {
		this.#facts.learnHeld(this.#path, held);
		this.#take();
	}

	#take(): void {
		this.#held = this.#facts.held(this.#path);
		this.#version += 1;
	}
}

/** Behind the newest. */
const topOf = ({count, uidNext}: HeldMailbox): Mark => ({sequence: count + 1, uid: uidNext});
