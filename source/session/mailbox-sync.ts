/**
 * Brings a mailbox that is held on the disk to what the server has, each time it is opened (RFC 4549 §4, RFC 7162 §3):
 * what changed and what went of what is held, and where it stands by now. What is new or older is fetched by others.
 *
 * Laws: UIDVALIDITY is compared before anything is applied; the cursor is written in the transaction that stores what it
 * covers; a message is gone only when the server said so, or did not name it in an answer that came whole (law 5).
 */
import type {MailboxPath, MessageId} from '../model/ids.ts';
import {type SafeText, safeLine} from '../model/safe-text.ts';
import type {FlagsFact, Remote, RowFact, Selected} from '../remote/remote.ts';
import type {Facts} from '../store/facts.ts';
import type {HeldBlock} from './held-block.ts';
import type {MailboxStanding} from './mailbox-standing.ts';
import type {Question} from './needs.ts';
import {planSync, type SyncPlan} from './sync-plan.ts';
import {rangesOf} from './uid-ranges.ts';

type SyncSurroundings = {
	readonly facts: Facts;
	readonly block: HeldBlock;
	readonly standing: MailboxStanding;
	/** These went, or their flags changed. */
	readonly onGone: (ids: readonly MessageId[]) => void;
	readonly onFlags: (id: MessageId) => void;
	/** Everything known of it was forgotten: it is another mailbox under the same name. */
	readonly onStartOver: (because: SafeText | undefined) => void;
	/** How many of the newest messages are to be held; what is held below a longer gap is left behind. */
	readonly wanted: () => number;
	/** Takes a row in; returns its id. */
	readonly learnRow: (row: RowFact) => MessageId;
	readonly onDone: () => void;
};

/** A fetch of all that is new says where it stands; of more than this the count is asked first. */
const mostNewAtOnce = 100;
const summaryBytes = 300;

export class MailboxSync {
	readonly #around: SyncSurroundings;
	/** What is left to do of the sync under way; undefined: none is. */
	#selected: Selected | undefined;
	#plan: SyncPlan = 'nothing';
	/** What changed and went of what is held is stored; left is what came. */
	#isApplied = false;
	#isAsked = false;
	#isDone = false;
	/** Grows when something changes meanwhile whose place nobody can tell. */
	#missed = 0;

	constructor(around: SyncSurroundings) {
		this.#around = around;
	}

	/** Messages in the mailbox, as the connection has told by now. */
	get #count(): number {
		return this.#around.standing.count ?? 0;
	}

	/** Whether what is held is as the server has it, on this connection. */
	get isDone(): boolean {
		return this.#isDone;
	}

	get isAllAsked(): boolean {
		return this.#isAsked || this.#isDone;
	}

	/** The line was lost. */
	lost(): void {
		this.#isAsked = false;
		this.#isDone = false;
		this.#isApplied = false;
		this.#selected = undefined;
	}

	/** It came into being on this connection, so it is as the server has it. */
	adopt(): void {
		this.#isDone = true;
	}

	/** Something went or changed that is named by a number, before it is certain where what is held stands: asked once more. */
	missed(): void {
		this.#missed += 1;
		this.#isApplied = false;
	}

	/** The mailbox was opened. */
	begin(selected: Selected): void {
		this.lost();
		this.#selected = selected;
		const {block} = this.#around;
		this.#plan = planSync(block.held, selected);
		if (this.#plan === 'start-over') this.#startOver(selected);
		else if (this.#plan === 'nothing') this.#done();
		else if (block.size === 0) this.#atTop(selected);
		else if (this.#plan === 'only-new') this.#apply(selected, [], []);
		// Change numbers that went backwards are not to be trusted, nor is what was said by them.
		else if (this.#plan === 'changes' && selected.changes) this.#applyChanges(selected, selected.changes);
	}

	/** What to ask next; undefined when nothing is, or answers are awaited. */
	next(): Question | undefined {
		const selected = this.#selected;
		if (selected === undefined || this.#isDone || this.#isAsked) return undefined;
		this.#isAsked = true;
		const question = this.#isApplied ? this.#askNew(selected) : this.#askWhatChanged(selected);
		return {
			...question,
			ask: async remote => {
				try {
					await question.ask(remote);
				} catch (error) {
					// Only who has asked is told; others who wait for it ask for themselves.
					if (this.#selected === selected) this.#isAsked = false;
					throw error;
				}
			},
		};
	}

	#askWhatChanged(selected: Selected): Question {
		const {size} = this.#around.block;
		return {
			expectedBytes: this.#plan === 'compare' ? 30 * size : 400,
			mostBytes: 120 * size + 600,
			ask: remote => this.#askChanges(remote, selected),
		};
	}

	async #askChanges(remote: Remote, selected: Selected): Promise<void> {
		const {held} = this.#around.block;
		const range = `${held?.wholeFrom}:${(held?.uidNext ?? 1) - 1}`;
		const since = this.#plan === 'compare' ? undefined : held?.highestModseq;
		const flags: FlagsFact[] = [];
		const missed = this.#missed;
		// Both leave in one packet. Without change numbers one answer says both.
		const [, there] = await Promise.all([
			remote.fetchFlags(range, fact => flags.push(fact), since),
			since === undefined ? undefined : remote.fetchExisting(range),
		]);
		if (!this.#isStillSo(selected, missed)) return;
		const existing = new Set(there ?? flags.map(({uid}) => uid));
		this.#apply(
			selected,
			this.#heldUids().filter(uid => !existing.has(uid)),
			flags,
		);
	}

	/** What the server said with the opening (QRESYNC). */
	#applyChanges(selected: Selected, {vanished, flags}: NonNullable<Selected['changes']>): void {
		const {facts, standing} = this.#around;
		const gone = rangesOf(vanished).flatMap(({first, last}) => facts.uidsWithin(standing.path, first, last));
		this.#apply(selected, gone, flags);
	}

	#heldUids(): number[] {
		const {facts, standing, block} = this.#around;
		return block.held === undefined
			? []
			: facts.uidsWithin(standing.path, block.held.wholeFrom, block.held.uidNext - 1);
	}

	#apply(selected: Selected, gone: readonly number[], flags: readonly FlagsFact[]): void {
		const {facts, standing, block} = this.#around;
		const {path} = standing;
		const goneIds = gone.map(uid => facts.idOf(path, uid)).filter(id => id !== undefined);
		const changed: MessageId[] = [];
		facts.transaction(path, () => {
			for (const id of goneIds) facts.loseMessage(id);
			if (goneIds.length > 0) block.fewer();
			for (const {uid, flags: now} of flags) {
				const id = facts.idOf(path, uid);
				if (id === undefined) continue;
				facts.learnFlags(id, now);
				changed.push(id);
			}
			const {highestModseq, isReadOnly, permanentFlags} = selected;
			block.learn({highestModseq, isReadOnly, permanentFlags});
		});
		block.reload();
		this.#isApplied = true;
		this.#around.onGone(goneIds);
		for (const id of changed) this.#around.onFlags(id);
		const next = block.held?.uidNext ?? 0;
		// Not said any more when something came since the mailbox was opened.
		if (standing.uidNext !== undefined && standing.uidNext <= next) this.#place(selected, this.#count);
	}

	/** Where what is held stands, now that something came above it: how many are new says so. */
	#askNew(selected: Selected): Question {
		const next = this.#around.block.held?.uidNext ?? 1;
		const most = (selected.uidNext ?? Number.POSITIVE_INFINITY) - next;
		if (most > mostNewAtOnce)
			return {expectedBytes: 200, mostBytes: 1000, ask: remote => this.#countNew(remote, selected, next)};
		const bytes = summaryBytes * most;
		return {expectedBytes: bytes, mostBytes: 4 * bytes + 600, ask: remote => this.#fetchNew(remote, selected, next)};
	}

	async #fetchNew(remote: Remote, selected: Selected, next: number): Promise<void> {
		const {facts, standing, block, learnRow} = this.#around;
		const [before, missed] = [this.#count, this.#missed];
		const rows: RowFact[] = [];
		await remote.fetchSummaries(`${next}:*`, row => rows.push(row));
		if (!this.#isStillSo(selected, missed)) return;
		rows.sort((a, b) => a.uid - b.uid);
		const below = (rows[0]?.sequence ?? before + 1) - 1;
		facts.transaction(standing.path, () => {
			for (const row of rows) learnRow(row);
			block.learn({count: below});
			block.grow({above: rows.map(({uid}) => uid)});
		});
		this.#place(selected, below + rows.length);
	}

	async #countNew(remote: Remote, selected: Selected, next: number): Promise<void> {
		const {block, wanted} = this.#around;
		const [before, missed] = [this.#count, this.#missed];
		// `*` is the newest whatever its number, so below what was asked for it does not count (RFC 9051 §6.4.8).
		const fresh = (await remote.fetchExisting(`${next}:*`)).filter(uid => uid >= next);
		// Of what came meanwhile nobody knows whether it is among them: they are counted once more.
		if (!this.#isStillSo(selected, missed) || this.#count !== before) return;
		if (fresh.length > mostNewAtOnce && fresh.length >= wanted()) {
			const uidNext = fresh.reduce((above, uid) => Math.max(above, uid + 1), selected.uidNext ?? 1);
			this.#atTop({...selected, uidNext});
		} else {
			block.learn({count: before - fresh.length});
			this.#place(selected, before - fresh.length);
		}
	}

	#isStillSo(selected: Selected, missedBefore: number): boolean {
		if (this.#selected !== selected) return false;
		this.#isAsked = false;
		return this.#missed === missedBefore;
	}

	#place({uidNext}: Selected, count: number): void {
		const {block} = this.#around;
		const isTop = count === this.#count;
		const next = block.held?.uidNext ?? 0;
		block.learn({count, ...(isTop && uidNext !== undefined ? {uidNext: Math.max(next, uidNext)} : {})});
		this.#done();
	}

	/** Too much lies between, or nothing is held: a new block begins at the newest end. What is below is left behind. */
	#atTop({uidValidity, uidNext, isReadOnly, permanentFlags, highestModseq}: Selected): void {
		if (uidNext !== undefined)
			this.#around.block.begin({uidValidity, uidNext, count: this.#count, isReadOnly, permanentFlags, highestModseq});
		this.#done();
	}

	#startOver(selected: Selected): void {
		const {facts, block} = this.#around;
		const {path, uidValidity} = selected;
		const was = facts.uidValidity(path);
		facts.transaction(path, () => {
			if (was !== undefined) facts.loseMailbox(path);
			facts.learnMailbox(path, uidValidity);
		});
		block.reload();
		if (was !== undefined) this.#around.onStartOver(was === uidValidity ? undefined : renumbered(path));
		// A server that does not say UIDNEXT does not say what is new either: nothing of it is held from one time to the next.
		this.#atTop(selected);
	}

	#done(): void {
		this.#isDone = true;
		this.#around.block.checked();
		this.#around.onDone();
	}
}

const renumbered = (path: MailboxPath): SafeText =>
	safeLine(`The server has renumbered ${path} (UIDVALIDITY); what was known of it was forgotten and is fetched anew`);
