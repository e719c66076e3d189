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
import {walk} from '../model/part.ts';
import {ours, type SafeText, safeLine} from '../model/safe-text.ts';
import type {RowFact, Selected} from '../remote/remote.ts';
import type {Facts} from '../store/facts.ts';
import {type Described, readSummary} from './describe.ts';
import {live} from './live.ts';
import type {Need, Question} from './needs.ts';
import {Positions, sequenceSet} from './positions.ts';
import type {OpenMailbox, Tell} from './session.ts';
import type {Worker} from './worker.ts';

/** What a row weighs on the line without compression. */
const rowBytes = 280;
const mostRows = 20_000;

type Window = {readonly first: number; readonly last: number};

export class MailboxView implements OpenMailbox {
	readonly path: MailboxPath;
	readonly name: SafeText;
	readonly state = live<MailboxState>({
		state: 'closed',
		because: ours(''),
		count: undefined,
		isReadOnly: false,
		uidValidity: undefined,
		version: 0,
	});
	readonly #facts: Facts;
	readonly #worker: Worker;
	readonly #budget: () => Budget;
	readonly #tell: Tell;
	readonly #positions = new Positions();
	readonly #asked = new Set<number>();
	readonly #garbled = new Map<number, 'once' | 'twice'>();
	#messages = new Map<MessageId, Message>();
	#wish: Window | undefined;
	#newest = 0;
	#ahead: Window | undefined;
	#uidNext: number | undefined;
	#isChecked = true;

	constructor(path: MailboxPath, facts: Facts, worker: Worker, budget: () => Budget, tell: Tell) {
		this.#budget = budget;
		this.path = path;
		this.name = safeLine(path);
		this.#facts = facts;
		this.#worker = worker;
		this.#tell = tell;
	}

	row(position: number): Message | undefined {
		const id = this.#positions.at(position);
		if (id !== undefined) return this.message(id);
		return this.#garbled.get(position) === 'twice' ? this.#unreadable(position) : undefined;
	}

	message(id: MessageId): Message | undefined {
		const known = this.#messages.get(id);
		if (known) return known;
		const fact = this.#facts.summary(id);
		if (fact === undefined) return undefined;
		const {sender: from, ...rest} = fact;
		const message: Message = {...rest, from, held: this.#held(id), isPending: false};
		this.#messages.set(id, message);
		return message;
	}

	positionOf(id: MessageId): number | undefined {
		return this.#positions.of(id);
	}

	ensureRows(first: number, last: number): void {
		this.#worker.lookInto(this.path);
		const count = this.state.get().count;
		this.#wish = {first: Math.max(1, first), last: count === undefined ? last : Math.min(last, count)};
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
		const {state, count} = this.state.get();
		if (state !== 'open' || count === undefined || !this.#budget().mayFetchAhead) return;
		this.#ahead = {first: Math.max(1, first), last: Math.min(last, count)};
		if (this.#missing(this.#ahead).length > 0) this.#worker.need(this.#need('ahead'));
	}

	#wishNewest(): void {
		const {count} = this.state.get();
		if (this.#newest > 0 && count !== undefined)
			this.#wish = {first: Math.max(1, count - this.#newest + 1), last: count};
	}

	#open(): void {
		if (this.state.get().state !== 'open') this.#set({state: 'opening', because: ours('')});
		if (this.#worker.selected === this.path && this.#missing(this.#wish).length === 0) return;
		this.#worker.need(this.#need('looking-at'));
	}

	/** The mailbox was opened on the connection, for the first time or again. */
	opened({uidValidity, uidNext, count, isReadOnly}: Selected): void {
		const before = this.state.get();
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
		} else if (before.count === count && this.#uidNext !== undefined && this.#uidNext === uidNext) {
			// As many as before and none was added: none was removed either. Only flags may have changed.
			this.#positions.refresh();
		} else {
			this.#positions.age();
		}
		// With no row on the screen there are no flags to check.
		this.#isChecked = before.count === undefined || this.#wish === undefined;
		this.#uidNext = uidNext;
		this.#set({state: 'open', because: ours(''), count, isReadOnly, uidValidity});
		this.#wishNewest();
		this.#worker.need(this.#need('looking-at'));
	}

	notOpened(failure: Failure): void {
		this.#set({state: 'refused', because: failure.sentence});
	}

	counted(count: number): void {
		const before = this.state.get().count ?? 0;
		if (count === before) return;
		this.#uidNext = undefined;
		this.#set({count});
		const fresh = count - before;
		if (fresh > 0) this.#tell('done', ours(fresh === 1 ? '1 new message' : `${fresh} new messages`));
		if (this.#newest > 0) {
			this.#wishNewest();
			this.#open();
		}
	}

	expunged(position: number): void {
		const {count} = this.state.get();
		const gone = this.#positions.expunge(position);
		if (gone !== undefined) {
			this.#messages.delete(gone);
			this.#facts.forgetMessage(gone);
		}
		// Questions under way are answered by rows that carry their own numbers; what still lacks is asked again.
		this.#asked.clear();
		this.#garbled.clear();
		if (this.#wish && count !== undefined) this.#wish = {...this.#wish, last: Math.min(this.#wish.last, count - 1)};
		this.#set({count: count === undefined ? undefined : Math.max(0, count - 1)});
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
		this.#wish = undefined;
		this.#newest ||= 1;
	}

	#set(change: Partial<MailboxState>): void {
		const before = this.state.get();
		this.state.set({...before, ...change, version: before.version + 1});
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
		const {count} = this.state.get();
		const missing: number[] = [];
		if (window === undefined || count === undefined) return missing;
		for (let position = window.first; position <= Math.min(window.last, count); position++) {
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
			next: room => {
				if (!isOpen()) return undefined;
				const check = urgency === 'looking-at' ? this.#check() : undefined;
				if (check) return check;
				const clean = unasked().filter(position => !this.#garbled.has(position));
				const positions = clean.length > 0 ? clean : unasked();
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
		const {count} = this.state.get();
		return {
			expectedBytes: rowBytes * positions.length,
			ask: async remote => {
				try {
					await remote.fetchRows(sequenceSet(positions), row => this.#learn(row), {withoutHeader: isRetry});
				} catch (error) {
					// Messages were removed while the question was on its way: the numbers it named are no more.
					if (!(error instanceof Failure) || error.kind !== 'refused' || this.state.get().count === count) throw error;
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
		const {count = 0} = this.state.get();
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
		};
	}
}
