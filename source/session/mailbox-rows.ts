/**
 * The rows of a mailbox by sequence number: which are known, which are lacking, and the questions that bring them. What is
 * held on the disk is known for no byte; what the server garbles is asked once more without its header, then shown as what
 * it is.
 */
import {Failure} from '../model/failure.ts';
import {type MailboxPath, type MessageId, messageId} from '../model/ids.ts';
import type {Message} from '../model/message.ts';
import type {Place} from '../model/operation.ts';
import {ours} from '../model/safe-text.ts';
import type {RowFact} from '../remote/remote.ts';
import type {Facts} from '../store/facts.ts';
import {readKept, readSummary} from './describe.ts';
import type {HeldBlock} from './held-block.ts';
import type {MailboxStanding} from './mailbox-standing.ts';
import type {MailboxSync} from './mailbox-sync.ts';
import type {Need, Question} from './needs.ts';
import {type Positions, sequenceSet} from './positions.ts';
import type {Tell} from './session.ts';
import type {ShownRows} from './shown-rows.ts';
import type {Worker} from './worker.ts';

/** What a row weighs on the line without compression. */
const rowBytes = 280;
/** A header as far as it is asked for, and what is around it: for a session budget. */
const mostRowBytes = 2048 + 250;
const aroundRowsBytes = 400;
/** And its flags alone. */
const flagsBytes = 60;
/** `slice(-Infinity)` is all, but a number says so. */
const longestWindow = 1_000_000;
const mostRows = 20_000;

/** Sequence numbers, both included. */
export type Window = {readonly first: number; readonly last: number};

type RowsSurroundings = {
	readonly facts: Facts;
	readonly block: HeldBlock;
	readonly sync: MailboxSync;
	readonly worker: Worker;
	readonly tell: Tell;
	readonly standing: MailboxStanding;
	readonly shown: ShownRows;
	/** Sequence numbers (RFC 9051 §2.3.1.2); what is shown are positions, which leave out what is going. */
	readonly positions: Positions;
	/** Messages are being taken away just now, so that numbers are about to shift. */
	readonly isTaking: () => boolean;
	/** The rows that are looked at, or may be next. */
	readonly window: (urgency: Urgency) => Window | undefined;
	/** A message that went from another mailbox has turned up here, under this UID. */
	readonly onFound: (from: Place, uid: number) => void;
};

type Urgency = 'looking-at' | 'ahead';

export class MailboxRows {
	readonly positions: Positions;
	readonly #around: RowsSurroundings;
	readonly #asked = new Set<number>();
	readonly #garbled = new Map<number, 'once' | 'twice'>();
	/** Another one as soon as sequence numbers mean other messages than before. */
	#numbering = {};

	constructor(around: RowsSurroundings) {
		this.#around = around;
		this.positions = around.positions;
	}

	/** Questions under way are answered by rows that carry their own numbers; what still lacks is asked again. */
	askAgain(): void {
		this.#asked.clear();
		this.#garbled.clear();
		this.#numbering = {};
	}

	/** The row of a message that the server could not say in any way. */
	unreadable(sequence: number): Message | undefined {
		return this.#garbled.get(sequence) === 'twice' ? unreadableRow(this.#around.standing.path, sequence) : undefined;
	}

	/** What is held on the disk is known. */
	recall(window: Window): void {
		if (this.#around.block.held === undefined) return;
		let first = window.first;
		while (first <= window.last && this.positions.at(first) !== undefined) first += 1;
		if (first > window.last) return;
		const held = this.#around.block.at(first, window.last);
		const isCertain = this.#around.standing.isOpen && this.#around.sync.isDone;
		const fresh = held.ids.filter((id, index) => this.positions.recall(held.first + index, id, isCertain));
		// Where what is going stands is certain there now.
		if (fresh.length > 0) this.#around.standing.setSoon();
	}

	/** What was held on the disk is in memory from now on, where only these numbers say what stands where. */
	trustHeld(): void {
		const {block} = this.#around;
		const last = block.held?.count ?? 0;
		const {first, ids} = block.at(Math.max(1, last - mostRows + 1), last);
		for (const [index, id] of ids.entries()) this.positions.trust(first + index, id);
	}

	missing(window: Window | undefined): number[] {
		const missing: number[] = [];
		const count = this.#around.standing.count;
		if (window === undefined || count === undefined) return missing;
		this.recall({first: window.first, last: Math.min(window.last, count)});
		for (let position = window.first; position <= Math.min(window.last, count); position++) {
			const isKnown = this.positions.isFresh(position) || this.#garbled.get(position) === 'twice';
			if (!isKnown) missing.push(position);
		}
		return missing;
	}

	#isHeld(window: Window | undefined): boolean {
		const {standing, block} = this.#around;
		const last = Math.min(window?.last ?? 0, standing.count ?? 0);
		if (window === undefined || block.held === undefined) return false;
		this.recall({first: window.first, last});
		for (let at = window.first; at <= last; at++) if (this.positions.at(at) === undefined) return false;
		return true;
	}

	/** Asks for the rows that are looked at, or may be next, where any are missing. */
	ensure(urgency: Urgency): void {
		this.#around.worker.need(this.#need(urgency));
	}

	#need(urgency: Urgency): Need {
		const window = () => this.#around.window(urgency);
		const unasked = () => this.missing(window()).filter(position => !this.#asked.has(position));
		const isOpen = () => this.#around.standing.isOpen;
		const isSynced = () => !this.#around.facts.isKept(this.#around.standing.path) || this.#around.sync.isDone;
		return {
			key: `rows:${urgency}:${this.#around.standing.path}`,
			urgency,
			mailbox: this.#around.standing.path,
			isDone: () => isOpen() && isSynced() && this.missing(window()).length === 0,
			isHeld: () => this.#isHeld(window()),
			isAllAsked: () => isOpen() && (isSynced() ? unasked().length === 0 : this.#around.sync.isAllAsked),
			cost: () => ({what: ours('Fetch rows'), mostBytes: mostRowBytes + aroundRowsBytes}),
			next: (room, mostBytes) => {
				// What is being taken away makes numbers of those behind it.
				if (!isOpen() || this.#around.isTaking()) return undefined;
				if (!isSynced()) return this.#around.sync.next();
				const sure = unasked().filter(position => this.positions.isSureOnly(position));
				if (sure.length > 0)
					return urgency === 'ahead' && room < flagsBytes * sure.length ? undefined : this.#askFlags(sure);
				const clean = unasked().filter(position => !this.#garbled.has(position));
				const fitting = Math.max(1, Math.floor((mostBytes - aroundRowsBytes) / mostRowBytes));
				// The newest first: they are looked at most.
				const positions = (clean.length > 0 ? clean : unasked()).slice(-Math.min(fitting, longestWindow));
				if (positions.length === 0 || (urgency === 'ahead' && room < rowBytes * positions.length)) return undefined;
				return this.ask(positions);
			},
			lost: () => this.lost(),
			fail: failure => {
				this.#asked.clear();
				this.#around.tell('problem', failure.sentence);
			},
		};
	}

	/** Rows that were known on an earlier line, and come on the screen again: where they stand is sure. */
	#askFlags(positions: readonly number[]): Question {
		for (const position of positions) this.#asked.add(position);
		return {
			expectedBytes: flagsBytes * positions.length,
			mostBytes: 120 * positions.length + aroundRowsBytes,
			ask: async remote => {
				await remote.fetchRows(sequenceSet(positions), row => this.#checked(row), {withoutHeader: true});
				for (const position of positions) this.#asked.delete(position);
				// What was not told is asked for whole.
				this.positions.doubtThese(positions);
				this.#around.standing.set({});
			},
		};
	}

	#checked({sequence, uid, flags}: RowFact): void {
		const id = this.#around.facts.idOf(this.#around.standing.path, uid);
		if (id === undefined) return;
		if (this.positions.at(sequence) === id) this.positions.learn(sequence, id);
		this.#around.facts.learnFlags(id, flags);
		this.#around.shown.changed(id);
		this.#around.standing.set({});
	}

	/** These rows, ascending. */
	ask(positions: readonly number[]): Question {
		for (const position of positions) this.#asked.add(position);
		const isRetry = positions.every(position => this.#garbled.has(position));
		const count = this.#around.standing.count;
		const numbering = this.#numbering;
		return {
			expectedBytes: rowBytes * positions.length,
			mostBytes: mostRowBytes * positions.length + aroundRowsBytes,
			ask: async remote => {
				try {
					// A row without its header says nothing of a message that stands there only since the question left.
					const learn = (row: RowFact): void => {
						if (!isRetry || numbering === this.#numbering) this.#learn(row);
					};
					await remote.fetchRows(sequenceSet(positions), learn, {
						withoutHeader: isRetry,
						isKept: this.#around.facts.isKept(this.#around.standing.path),
					});
				} catch (error) {
					// Only who has asked is told; others who want these rows ask for themselves.
					for (const position of positions) this.#asked.delete(position);
					// Messages were removed while the question was on its way: the numbers it named are no more.
					if (!(error instanceof Failure) || error.kind !== 'refused' || this.#around.standing.count === count)
						throw error;
					return;
				}
				// What was asked by numbers that are no more is lacking, not garbled.
				this.#answered(numbering === this.#numbering ? positions : [], isRetry);
			},
		};
	}

	/** The line was lost. */
	lost(): void {
		this.#asked.clear();
		this.positions.age();
		this.#around.sync.lost();
	}

	#learn(row: RowFact): void {
		this.positions.learn(
			row.sequence,
			this.learnFact(row, {isKept: this.#around.facts.isKept(this.#around.standing.path)}),
		);
		if (this.positions.size > mostRows) this.#forgetFar();
		this.#around.standing.set({});
	}

	/** `isKept`: all fields of a summary that is kept were asked for. */
	learnFact({uid, flags, sizeBytes, header}: RowFact, {isKept}: {readonly isKept: boolean}): MessageId {
		const summary = header
			? {...readSummary(header), ...(isKept ? {kept: readKept(header)} : {})}
			: {
					sender: ours(''),
					fromField: ours(''),
					subject: ours('(this message’s header cannot be read)'),
					date: undefined,
				};
		const fact = {mailbox: this.#around.standing.path, uid, flags: new Set(flags), sizeBytes, ...summary};
		const {id, from} = this.#around.facts.learnNew(fact);
		if (from) this.#around.onFound(from, uid);
		this.#around.shown.changed(id);
		return id;
	}

	/** Rows that came beside what is held without a gap make it longer. */
	growBlock(isThere: (sequence: number) => boolean): void {
		const {held, first} = this.#around.block;
		if (held === undefined) return;
		const uidAt = (sequence: number): number | undefined => {
			const id = isThere(sequence) ? this.positions.at(sequence) : undefined;
			return id === undefined ? undefined : this.#around.facts.uidOf(id);
		};
		const above: number[] = [];
		for (let at = held.count + 1, uid = uidAt(at); uid !== undefined; uid = uidAt(++at)) above.push(uid);
		const below: number[] = [];
		for (let at = first - 1, uid = uidAt(at); uid !== undefined; uid = uidAt(--at)) below.push(uid);
		below.reverse();
		this.#around.facts.transaction(this.#around.standing.path, () => this.#around.block.grow({above, below}));
	}

	/** Who scrolls through a million rows does not have to hold a million rows. */
	#forgetFar(): void {
		const windows = [this.#around.window('looking-at'), this.#around.window('ahead')].filter(
			window => window !== undefined,
		);
		for (const id of this.positions.keep(windows)) {
			this.#around.shown.changed(id);
			if (!this.#around.facts.isKept(this.#around.standing.path) && !this.#around.facts.hasChunks(id))
				this.#around.facts.forgetMessage(id);
		}
	}

	/** Rows are counted against what was asked: imapflow skips in silence what it cannot read. */
	#answered(positions: readonly number[], isRetry: boolean): void {
		const count = this.#around.standing.count ?? 0;
		let isGarbled = false;
		for (const position of positions) {
			this.#asked.delete(position);
			if (this.positions.isFresh(position) || position > count) continue;
			this.#garbled.set(position, isRetry ? 'twice' : 'once');
			isGarbled = true;
		}
		if (this.#around.sync.isDone) this.growBlock(sequence => this.positions.isFresh(sequence));
		if (!isGarbled) this.positions.forgetAged();
		else if (isRetry)
			this.#around.tell('problem', ours('The server’s answer about some messages cannot be read; they are marked'));
		this.#around.standing.set({});
	}

	/** Where a message stands; of one nobody knows, some number it may have: what is known around it decides. */
	sequenceOf(uid: number): number | undefined {
		const id = this.#around.facts.idOf(this.#around.standing.path, uid);
		const known = id === undefined ? undefined : this.positions.of(id);
		if (known !== undefined) return known;
		const held = id === undefined ? undefined : this.#around.block.sequenceOf(uid);
		if (held !== undefined) return held;
		let below = 0;
		for (const [sequence, each] of this.positions.all()) {
			if (sequence > below && (this.#around.facts.uidOf(each) ?? 0) < uid) below = sequence;
		}
		const {held: block, size} = this.#around.block;
		if (block !== undefined && size > 0 && uid >= block.uidNext) below = Math.max(below, block.count);
		return below < (this.#around.standing.count ?? 0) ? below + 1 : undefined;
	}
}

const unreadableRow = (mailbox: MailboxPath, sequence: number): Message => {
	return {
		id: messageId(-sequence),
		mailbox,
		uid: 0,
		from: ours(''),
		subject: ours('(the server’s answer about this message cannot be read)'),
		date: undefined,
		sizeBytes: 0,
		flags: new Set(),
		held: 'summary',
		isPending: false,
		isTagged: false,
	};
};
