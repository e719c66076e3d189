/**
 * A mailbox one looks into: a window onto its rows. Costs O(visible), for ten messages and for a million (law 12).
 *
 * What was on the screen stays there when the line goes, and is checked when it is back. A row the server garbles is
 * asked once more without its header, then shown as what it is.
 */
import type {Budget} from '../model/budget.ts';
import {Failure} from '../model/failure.ts';
import {type MailboxPath, type MessageId, messageId} from '../model/ids.ts';
import type {MailboxState} from '../model/mailbox.ts';
import type {Flag, Message} from '../model/message.ts';
import type {Change, Place} from '../model/operation.ts';
import {walk} from '../model/part.ts';
import {ours, type SafeText, safeLine} from '../model/safe-text.ts';
import type {RowFact, Selected} from '../remote/remote.ts';
import type {Facts} from '../store/facts.ts';
import {type Described, readSummary} from './describe.ts';
import {Hidden, hiddenAmong, type KnownRow} from './hidden.ts';
import {live} from './live.ts';
import {MailboxDecisions} from './mailbox-decisions.ts';
import type {Need, Question} from './needs.ts';
import type {Operations} from './operations.ts';
import {Positions, sequenceSet} from './positions.ts';
import type {Replay} from './replay.ts';
import type {OpenMailbox, TagWhat, Tell, Which} from './session.ts';
import {Tags} from './tags.ts';
import type {Worker} from './worker.ts';

/** What a row weighs on the line without compression. */
const rowBytes = 280;
/** A header as far as it is asked for, and what is around it: for a session budget. */
const mostRowBytes = 2048 + 250;
const aroundRowsBytes = 400;
/** `slice(-Infinity)` is all, but a number says so. */
const longestWindow = 1_000_000;
const mostRows = 20_000;

type Window = {readonly first: number; readonly last: number};

export type MailboxSurroundings = {
	readonly facts: Facts;
	readonly worker: Worker;
	readonly operations: Operations;
	readonly replay: Replay;
	readonly budget: () => Budget;
	readonly tell: Tell;
};

export class MailboxView implements OpenMailbox {
	readonly path: MailboxPath;
	readonly name: SafeText;
	readonly state = live<MailboxState>({
		state: 'closed',
		because: ours(''),
		count: undefined,
		isReadOnly: false,
		uidValidity: undefined,
		tagged: 0,
		version: 0,
	});
	readonly #facts: Facts;
	readonly #worker: Worker;
	readonly #budget: () => Budget;
	readonly #tell: Tell;
	readonly #operations: Operations;
	readonly #replay: Replay;
	/** Sequence numbers (RFC 9051 §2.3.1.2); what is shown are positions, which leave out what is going. */
	readonly #positions = new Positions();
	/** Messages on the server. */
	#count: number | undefined;
	/** What of it is going and shown no more; undefined: to be looked up again. */
	#hidden: Hidden | undefined = new Hidden();
	readonly #tags = new Tags();
	readonly #decisions: MailboxDecisions;
	readonly #asked = new Set<number>();
	readonly #garbled = new Map<number, 'once' | 'twice'>();
	#messages = new Map<MessageId, Message>();
	#wish: Window | undefined;
	/** The positions it stands for, which mean other messages when it turns out where those stood that are going. */
	#looked: Window | undefined;
	#newest = 0;
	#ahead: Window | undefined;
	#uidNext: number | undefined;
	#isChecked = true;
	#soon: NodeJS.Immediate | undefined;

	constructor(path: MailboxPath, {facts, worker, operations, replay, budget, tell}: MailboxSurroundings) {
		this.#budget = budget;
		this.path = path;
		this.name = safeLine(path);
		this.#facts = facts;
		this.#worker = worker;
		this.#operations = operations;
		this.#replay = replay;
		this.#tell = tell;
		this.#decisions = new MailboxDecisions({
			path,
			facts,
			worker,
			operations,
			tell,
			tags: this.#tags,
			isReadOnly: () => this.state.get().isReadOnly,
			place: uid => this.#place(uid),
			count: () => this.#count ?? 0,
			message: id => this.message(id),
			sequences: (first, last) => this.#windowOf(first, last),
			isTaking: () => replay.isTakingFrom(path),
			idsIn: window => (this.#missing(window).length > 0 ? undefined : this.#idsIn(window)),
			onChange: () => this.decided(),
		});
	}

	#idsIn({first, last}: Window): MessageId[] {
		const ids = Array.from({length: Math.max(0, last - first + 1)}, (_, index) => this.#positions.at(first + index));
		return ids.filter(id => id !== undefined).filter(id => !this.#isGoing(id));
	}

	row(position: number): Message | undefined {
		const sequence = this.#shown.sequenceAt(position);
		const id = this.#positions.at(sequence);
		if (id !== undefined) return this.message(id);
		return this.#garbled.get(sequence) === 'twice' ? this.#unreadable(sequence) : undefined;
	}

	/** The facts with the log applied on top; undefined when it is gone, or going. */
	message(id: MessageId): Message | undefined {
		const known = this.#messages.get(id);
		if (known) return known;
		const fact = this.#facts.summary(id);
		if (fact === undefined) return undefined;
		const place = this.#place(fact.uid);
		if (this.#operations.isGoing(place)) return undefined;
		const {sender: from, ...rest} = fact;
		const message: Message = {
			...rest,
			from,
			flags: this.#operations.flagsOf(place, fact.flags),
			held: this.#held(id),
			isPending: this.#operations.isPending(place),
			isTagged: this.#tags.has(fact.uid),
		};
		this.#messages.set(id, message);
		return message;
	}

	positionOf(id: MessageId): number | undefined {
		const sequence = this.#positions.of(id);
		return sequence === undefined ? undefined : this.#shown.positionOf(sequence);
	}

	ensureRows(first: number, last: number): void {
		this.#worker.lookInto(this.path);
		this.#looked = {first, last};
		this.#wish = this.#windowOf(first, last);
		this.#newest = 0;
		this.#open();
	}

	ensureNewest(count: number): void {
		this.#worker.lookInto(this.path);
		this.#newest = count;
		this.#wishNewest();
		this.#open();
	}

	ensureAhead(first: number, last: number): void {
		if (this.state.get().state !== 'open' || this.#count === undefined || !this.#budget().mayFetchAhead) return;
		this.#ahead = this.#windowOf(first, last);
		if (this.#missing(this.#ahead).length > 0) this.#worker.need(this.#need('ahead'));
	}

	/** Positions on the screen as sequence numbers. */
	#windowOf(first: number, last: number): Window {
		const end = this.#shown.sequenceAt(last);
		return {
			first: this.#shown.sequenceAt(Math.max(1, first)),
			last: this.#count === undefined ? end : Math.min(end, this.#count),
		};
	}

	#wishNewest(): void {
		if (this.#newest === 0 || this.#count === undefined) return;
		const shown = this.#count - this.#shown.count;
		this.#wish = {first: this.#shown.sequenceAt(Math.max(1, shown - this.#newest + 1)), last: this.#count};
	}

	#place(uid: number): Place {
		return {mailbox: this.path, uidValidity: this.state.get().uidValidity ?? 0, uid};
	}

	#isGoing(id: MessageId): boolean {
		const uid = this.#facts.uidOf(id);
		return uid !== undefined && this.#operations.isGoing(this.#place(uid));
	}

	/** Rows that are going are not shown; found anew when something went, came or was decided. */
	get #shown(): Hidden {
		if (this.#hidden === undefined) {
			this.#hidden = this.#operations.hasGoing(this.path) ? new Hidden(this.#going()) : new Hidden();
		}
		return this.#hidden;
	}

	#going(): number[] {
		const rows: KnownRow[] = [];
		for (const [sequence, id] of this.#positions.all()) {
			const uid = this.#facts.uidOf(id);
			if (uid !== undefined) rows.push({sequence, uid});
		}
		rows.sort((a, b) => a.sequence - b.sequence);
		const isGoing = (uid: number): boolean => this.#operations.isGoing(this.#place(uid));
		const leaving = this.#operations.leaving(this.path, this.state.get().uidValidity ?? 0);
		return hiddenAmong(rows, isGoing, leaving, this.#count ?? 0);
	}

	#open(): void {
		if (this.state.get().state !== 'open') this.#set({state: 'opening', because: ours('')});
		if (this.#worker.selected === this.path && this.#missing(this.#wish).length === 0) return;
		this.#worker.need(this.#need('looking-at'));
	}

	/** The mailbox was opened on the connection, for the first time or again. */
	opened({uidValidity, uidNext, count, isReadOnly}: Selected): void {
		const before = this.#count;
		const isSame = this.#facts.learnMailbox(this.path, uidValidity);
		this.#asked.clear();
		this.#garbled.clear();
		if (!isSame) {
			this.#forgetAll();
			this.#tell(
				'problem',
				ours(
					'The server has renumbered this mailbox (UIDVALIDITY); what was known of it was forgotten and is fetched anew',
				),
			);
		} else if (before === count && this.#uidNext !== undefined && this.#uidNext === uidNext) {
			// As many as before and none was added: none was removed either. Only flags may have changed.
			this.#positions.refresh();
		} else {
			// What was going may have gone with the line; what is still there is learned again.
			this.#positions.forget(id => this.#isGoing(id));
			this.#positions.age();
		}
		// With no row on the screen there are no flags to check.
		this.#isChecked = before === undefined || this.#wish === undefined;
		this.#uidNext = uidNext;
		this.#count = count;
		this.#set({state: 'open', because: ours(''), isReadOnly, uidValidity});
		this.#wishNewest();
		this.#worker.need(this.#need('looking-at'));
	}

	notOpened(failure: Failure): void {
		this.#set({state: 'refused', because: failure.sentence});
	}

	counted(count: number): void {
		const before = this.#count ?? 0;
		if (count === before) return;
		this.#uidNext = undefined;
		this.#count = count;
		this.#set({});
		const fresh = count - before;
		if (fresh > 0) this.#tell('done', ours(fresh === 1 ? '1 new message' : `${fresh} new messages`));
		if (this.#newest > 0) {
			this.#wishNewest();
			this.#open();
		}
	}

	/** Returns the message that was there, when it was known. */
	expunged(sequence: number): MessageId | undefined {
		const gone = this.#positions.expunge(sequence);
		if (gone !== undefined) {
			const uid = this.#facts.uidOf(gone);
			if (uid !== undefined) this.#tags.delete(uid);
			this.#messages.delete(gone);
			this.#facts.forgetMessage(gone);
		}
		// Questions under way are answered by rows that carry their own numbers; what still lacks is asked again.
		this.#asked.clear();
		this.#garbled.clear();
		if (this.#count !== undefined) this.#count = Math.max(0, this.#count - 1);
		if (this.#wish && this.#count !== undefined)
			this.#wish = {...this.#wish, last: Math.min(this.#wish.last, this.#count)};
		this.#setSoon();
		return gone;
	}

	/** What the user decided of messages here, or what became of it, has changed. */
	decided(): void {
		this.#messages.clear();
		this.#set({});
		if (this.#newest > 0) this.#wishNewest();
		else if (this.#looked !== undefined) this.#wish = this.#windowOf(this.#looked.first, this.#looked.last);
		// Where what is going stood was a guess: other rows may be on the screen, and nobody has asked for them.
		if (this.#worker.selected === this.path && this.#missing(this.#wish).length > 0)
			this.#worker.need(this.#need('looking-at'));
	}

	decide(which: Which, change: Change): boolean {
		return this.#decisions.decide(which, change);
	}

	tag(ids: readonly MessageId[], isTagged: boolean): void {
		this.#decisions.tag(ids, isTagged);
	}

	untagAll(): void {
		this.#decisions.untagAll();
	}

	ensureTagged(what: TagWhat): void {
		this.#decisions.ensureTagged(what);
	}

	flagged({sequence, uid, flags}: {sequence: number; uid: number | undefined; flags: readonly Flag[]}): void {
		const id = uid === undefined ? this.#positions.at(sequence) : this.#facts.idOf(this.path, uid);
		if (id === undefined) return;
		this.#facts.learnFlags(id, flags);
		this.changed(id);
	}

	/** Something about a message changed that its row shows. */
	changed(id: MessageId): void {
		this.#messages.delete(id);
		this.#set({});
	}

	#forgetAll(): void {
		this.#positions.forgetAll();
		this.#messages.clear();
		this.#tags.clear();
		this.#wish = undefined;
		this.#looked = undefined;
		this.#newest ||= 1;
	}

	/** Ten thousand EXPUNGEs in one packet are one repaint. */
	#setSoon(): void {
		this.#hidden = undefined;
		this.#soon ??= setImmediate(() => this.#set({}));
	}

	#set(change: Partial<MailboxState>): void {
		clearImmediate(this.#soon);
		this.#soon = undefined;
		this.#hidden = undefined;
		const before = this.state.get();
		this.state.set({...before, ...change, version: before.version + 1});
		const count = this.#count === undefined ? undefined : this.#count - this.#shown.count;
		if (count !== before.count || this.#tags.count !== before.tagged)
			this.state.set({...this.state.get(), count, tagged: this.#tags.count});
	}

	#held(id: MessageId): Message['held'] {
		if (!this.#facts.hasChunks(id)) return 'summary';
		const json = this.#facts.structure(id);
		if (json === undefined) return 'summary';
		const {structure} = JSON.parse(json) as Described;
		const leaves = structure ? [...walk(structure)].filter(part => part.children.length === 0) : [];
		const isWhole = leaves.length > 0 && leaves.every(part => this.#facts.heldBytes(id, part.number) >= part.sizeBytes);
		return isWhole ? 'whole' : 'text';
	}

	#missing(window: Window | undefined): number[] {
		const missing: number[] = [];
		if (window === undefined || this.#count === undefined) return missing;
		for (let position = window.first; position <= Math.min(window.last, this.#count); position++) {
			const isKnown = this.#positions.isFresh(position) || this.#garbled.get(position) === 'twice';
			if (!isKnown) missing.push(position);
		}
		return missing;
	}

	#need(urgency: 'looking-at' | 'ahead'): Need {
		const window = () => (urgency === 'ahead' ? this.#ahead : this.#wish);
		const unasked = () => this.#missing(window()).filter(position => !this.#asked.has(position));
		const isOpen = () => this.state.get().state === 'open' && this.#worker.selected === this.path;
		return {
			key: `rows:${urgency}:${this.path}`,
			urgency,
			mailbox: this.path,
			isDone: () =>
				isOpen() &&
				this.#missing(window()).length === 0 &&
				(urgency === 'ahead' || this.#isChecked || this.#asked.size > 0),
			isAllAsked: () => isOpen() && unasked().length === 0,
			cost: () => ({what: ours('Fetch rows'), mostBytes: mostRowBytes + aroundRowsBytes}),
			next: (room, mostBytes) => {
				// What is being taken away makes numbers of those behind it.
				if (!isOpen() || this.#replay.isTakingFrom(this.path)) return undefined;
				const check = urgency === 'looking-at' ? this.#check() : undefined;
				if (check) return check;
				const clean = unasked().filter(position => !this.#garbled.has(position));
				const fitting = Math.max(1, Math.floor((mostBytes - aroundRowsBytes) / mostRowBytes));
				// The newest first: they are looked at most.
				const positions = (clean.length > 0 ? clean : unasked()).slice(-Math.min(fitting, longestWindow));
				if (positions.length === 0 || (urgency === 'ahead' && room < rowBytes * positions.length)) return undefined;
				return this.#ask(positions);
			},
			lost: () => {
				this.#asked.clear();
				this.#positions.age();
			},
			fail: failure => {
				this.#asked.clear();
				this.#tell('problem', failure.sentence);
			},
		};
	}

	/** After a lost line, with the same messages: their flags may have changed meanwhile. */
	#check(): Question | undefined {
		const window = this.#wish;
		if (this.#isChecked || window === undefined) return undefined;
		this.#isChecked = true;
		if (this.#missing(window).length > 0) return undefined;
		return {
			expectedBytes: 60 * (window.last - window.first + 1),
			mostBytes: 120 * (window.last - window.first + 1) + aroundRowsBytes,
			ask: async remote => {
				await remote.fetchRows(`${window.first}:${window.last}`, row => this.#checked(row), {withoutHeader: true});
			},
		};
	}

	#checked({sequence, uid, flags}: RowFact): void {
		this.flagged({sequence, uid, flags});
	}

	#ask(positions: readonly number[]): Question {
		for (const position of positions) this.#asked.add(position);
		const isRetry = positions.every(position => this.#garbled.has(position));
		const count = this.#count;
		return {
			expectedBytes: rowBytes * positions.length,
			mostBytes: mostRowBytes * positions.length + aroundRowsBytes,
			ask: async remote => {
				try {
					await remote.fetchRows(sequenceSet(positions), row => this.#learn(row), {withoutHeader: isRetry});
				} catch (error) {
					// Messages were removed while the question was on its way: the numbers it named are no more.
					if (!(error instanceof Failure) || error.kind !== 'refused' || this.#count === count) throw error;
					for (const position of positions) this.#asked.delete(position);
					return;
				}
				this.#answered(positions, isRetry);
			},
		};
	}

	#learn({sequence, uid, flags, sizeBytes, header}: RowFact): void {
		const summary = header
			? readSummary(header)
			: {
					sender: ours(''),
					fromField: ours(''),
					subject: ours('(this message’s header cannot be read)'),
					date: undefined,
				};
		const id = this.#facts.learnSummary({mailbox: this.path, uid, flags: new Set(flags), sizeBytes, ...summary});
		this.#messages.delete(id);
		this.#positions.learn(sequence, id);
		if (this.#positions.size > mostRows) this.#forgetFar();
		this.#set({});
	}

	/** Who scrolls through a million rows does not have to hold a million rows. */
	#forgetFar(): void {
		const windows = [this.#wish, this.#ahead].filter(window => window !== undefined);
		for (const id of this.#positions.keep(windows)) {
			this.#messages.delete(id);
			if (!this.#facts.hasChunks(id)) this.#facts.forgetMessage(id);
		}
	}

	/** Rows are counted against what was asked: imapflow skips in silence what it cannot read. */
	#answered(positions: readonly number[], isRetry: boolean): void {
		const count = this.#count ?? 0;
		let isGarbled = false;
		for (const position of positions) {
			this.#asked.delete(position);
			if (this.#positions.isFresh(position) || position > count) continue;
			this.#garbled.set(position, isRetry ? 'twice' : 'once');
			isGarbled = true;
		}
		if (!isGarbled) this.#positions.forgetAged();
		else if (isRetry)
			this.#tell('problem', ours('The server’s answer about some messages cannot be read; they are marked'));
		this.#set({});
	}

	#unreadable(position: number): Message {
		return {
			id: messageId(-position),
			mailbox: this.path,
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
	}
}
