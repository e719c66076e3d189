/**
 * A mailbox one looks into: a window onto its rows. Costs O(visible), for ten messages and for a million (law 12).
 *
 * What was on the screen stays there when the line goes, and is checked when it is back; what is held on the disk is there
 * before any line.
 */
import {type Budget, creditSeconds, type Price} from '../model/budget.ts';
import type {Failure} from '../model/failure.ts';
import type {MailboxPath, MessageId} from '../model/ids.ts';
import type {MailboxState} from '../model/mailbox.ts';
import type {Flag, Message} from '../model/message.ts';
import type {Change, Destination, Place} from '../model/operation.ts';
import {ours, type SafeText, safeLine} from '../model/safe-text.ts';
import type {Wish} from '../model/wish.ts';
import type {KnownMailbox, Modseq, Selected, UidSet} from '../remote/remote.ts';
import type {Facts} from '../store/facts.ts';
import {Arriving, type ArrivingMessage} from './arriving.ts';
import {Going} from './going.ts';
import {HeldBlock} from './held-block.ts';
import type {Hidden} from './hidden.ts';
import {live} from './live.ts';
import {MailboxDecisions} from './mailbox-decisions.ts';
import {MailboxRows, type Window} from './mailbox-rows.ts';
import {MailboxSync} from './mailbox-sync.ts';
import type {Need} from './needs.ts';
import type {Operations} from './operations.ts';
import type {Replay} from './replay.ts';
import type {OpenMailbox, TagWhat, Tell, Which} from './session.ts';
import {shownMessage} from './shown-message.ts';
import {Tags} from './tags.ts';
import {numbersWithin, rangesOf} from './uid-ranges.ts';
import {WishedMailbox} from './wished-mailbox.ts';
import type {Worker} from './worker.ts';

export type MailboxSurroundings = {
	readonly facts: Facts;
	readonly worker: Worker;
	readonly operations: Operations;
	readonly replay: Replay;
	readonly budget: () => Budget;
	readonly tell: Tell;
	/** Ms since the epoch. */
	readonly clock: () => number;
	/** How many of the newest messages are to be held on the disk. */
	readonly wanted: (path: MailboxPath) => number;
	/** The mailbox something is moved to, where its name is known. */
	readonly resolve: (to: Destination) => MailboxPath | '' | undefined;
	/** These are no more. */
	readonly onGone: (ids: readonly MessageId[]) => void;
};

/** A question of a call for less than this is mostly words, and as much is soon over on any line. */
const fewestQuestionBytes = 8192;
/** How much shorter DEFLATE makes summaries, structures and texts, at least. */
const deflated = 3;

export class MailboxView implements OpenMailbox {
	readonly path: MailboxPath;
	readonly name: SafeText;
	readonly state = live<MailboxState>({
		state: 'closed',
		because: ours(''),
		count: undefined,
		isReadOnly: false,
		uidValidity: undefined,
		asOf: undefined,
		tagged: 0,
		version: 0,
	});
	readonly #facts: Facts;
	readonly #worker: Worker;
	readonly #budget: () => Budget;
	readonly #tell: Tell;
	readonly #operations: Operations;
	readonly #arriving: Arriving;
	readonly #going: Going;
	readonly #rows: MailboxRows;
	/** Messages on the server. */
	#count: number | undefined;
	readonly #tags = new Tags();
	readonly #decisions: MailboxDecisions;
	readonly #block: HeldBlock;
	readonly #sync: MailboxSync;
	#messages = new Map<MessageId, Message>();
	#wish: Window | undefined;
	/** The positions it stands for, which mean other messages when it turns out where those stood that are going. */
	#looked: Window | undefined;
	#newest = 0;
	#ahead: Window | undefined;
	#uidNext: number | undefined;
	#soon: NodeJS.Immediate | undefined;
	/** A call brings it: that it is as the server has it may be an answer to somebody else. */
	#onSynced: () => void = () => {};

	constructor(
		path: MailboxPath,
		{facts, worker, operations, replay, budget, tell, clock, wanted, resolve, onGone: gone}: MailboxSurroundings,
	) {
		this.#budget = budget;
		this.path = path;
		this.name = safeLine(path);
		this.#facts = facts;
		this.#worker = worker;
		this.#operations = operations;
		this.#arriving = new Arriving({path, facts, operations, resolve});
		this.#tell = tell;
		this.#decisions = new MailboxDecisions({
			path,
			facts,
			worker,
			operations,
			tell,
			tags: this.#tags,
			isReadOnly: () => this.state.get().isReadOnly,
			target: ({id, uid}) => this.#arriving.find(id)?.message ?? (uid > 0 ? this.#place(uid) : undefined),
			place: uid => this.#place(uid),
			count: () => this.#count ?? 0,
			message: id => this.message(id),
			sequences: (first, last) => this.#windowOf(first, last),
			isTaking: () => replay.isTakingFrom(path),
			idsIn: window => (this.#rows.missing(window).length > 0 ? undefined : this.#idsIn(window)),
			onChange: () => this.decided(),
		});
		this.#block = new HeldBlock(path, facts, clock);
		this.#sync = new MailboxSync({
			path,
			facts,
			block: this.#block,
			count: () => this.#count ?? 0,
			onGone: ids => {
				for (const id of ids) this.#messages.delete(id);
				if (ids.length > 0) gone(ids);
			},
			onFlags: id => this.#messages.delete(id),
			onStartOver: because => this.#startedOver(because),
			wanted: () => wanted(path),
			learnRow: row => this.#rows.learnFact(row, {isKept: true}),
			onDone: () => this.#synced(),
		});
		this.#rows = new MailboxRows({
			path,
			facts,
			block: this.#block,
			sync: this.#sync,
			tell,
			count: () => this.#count,
			isLive: () => this.state.get().state === 'open' && this.#isLive,
			isTaking: () => replay.isTakingFrom(path),
			window: urgency => (urgency === 'ahead' ? this.#ahead : this.#wish),
			onFound: (from, uid) => this.#found(from, uid),
			onRow: id => this.#messages.delete(id),
			onRecalled: () => this.#setSoon(),
			onChange: () => this.#set({}),
		});
		this.#going = new Going({
			path,
			facts,
			operations,
			positions: this.#rows.positions,
			block: this.#block,
			count: () => this.#count ?? 0,
			place: uid => this.#place(uid),
		});
		this.recall();
	}

	/** What to tell the server when it is opened. */
	get known(): KnownMailbox | undefined {
		return this.#block.known;
	}

	/** Messages that are held without a gap. */
	get heldSize(): number {
		return this.#block.size;
	}

	/** Whether it is among the newest, of which so many are wished for. */
	isWished(id: MessageId, wanted: number): boolean {
		return this.#block.isAmongNewest(this.#facts.uidOf(id), wanted);
	}

	/** What is wished for of it, to be brought by a call. */
	wished(wish: Wish, onFail: Need['fail'], onProgress: () => void): WishedMailbox {
		this.#onSynced = onProgress;
		return new WishedMailbox({
			path: this.path,
			wish,
			facts: this.#facts,
			block: this.#block,
			sync: this.#sync,
			isOpen: () => this.#isLive && this.state.get().state === 'open',
			count: () => this.#count ?? 0,
			chunkBytes: () => this.#worker.chunkBytes,
			hasPreviews: () => this.#worker.has('PREVIEW'),
			mostBytes: () => this.#fullQuestionBytes(),
			askRows: sequences => this.#rows.ask(sequences),
			onProgress: () => {
				this.#messages.clear();
				this.#set({});
				onProgress();
			},
			onFail,
		});
	}

	/** What a call asks for at once, as it is before DEFLATE, so that others need not wait for long behind it. */
	#fullQuestionBytes(): number {
		const bytes = Math.max(fewestQuestionBytes, this.#worker.bytesIn(creditSeconds));
		return this.#worker.link.get().isCompressed ? deflated * bytes : bytes;
	}

	/** All up to this was told, and taken in. */
	learnModseq(highestModseq: Modseq): void {
		if (this.#sync.isDone) this.#block.learn({highestModseq});
	}

	/** The model has changed: what is held is elsewhere now, and what is looked at stays where it is. */
	moved(): void {
		this.#holdMoved();
		if (!this.#isLive) this.age();
	}

	#holdMoved(): void {
		this.#block.reload();
		if (this.#block.held === undefined) this.#set({asOf: undefined});
		const {uidValidity, isReadOnly} = this.state.get();
		const count = this.#count;
		const newest = count === undefined ? undefined : this.#rows.positions.at(count);
		const uid = newest === undefined ? undefined : this.#facts.uidOf(newest);
		const isFirst = this.#facts.isKept(this.path) && this.#block.held === undefined;
		if (isFirst && this.#isLive) this.#sync.adopt();
		if (!isFirst || uidValidity === undefined || count === undefined || uid === undefined) return;
		// Without a number of changes the next opening compares, so that what is not certain now does no harm.
		this.#block.begin({uidValidity, uidNext: uid + 1, count, isReadOnly, highestModseq: undefined});
		this.#rows.growBlock(sequence => this.#rows.positions.at(sequence) !== undefined);
	}

	/** What is held on the disk is shown at once, for no byte, and says how old it is. */
	recall(): void {
		this.#block.reload();
		const {held} = this.#block;
		if (held === undefined || this.#isLive) return;
		this.#rows.positions.forgetAll();
		this.#messages.clear();
		this.#count = held.count;
		this.#set({
			state: 'open',
			because: ours(''),
			isReadOnly: held.isReadOnly,
			uidValidity: held.uidValidity,
			asOf: held.syncedAt,
		});
	}

	/** The server has said, of a mailbox that is not open, that nothing in it has changed. */
	unchanged(): void {
		this.#block.checked();
		const {held} = this.#block;
		if (held !== undefined && this.state.get().asOf !== undefined) this.#set({asOf: held.syncedAt});
	}

	/** The line is gone: what is held is from now on as old as it is. */
	age(): void {
		const {held} = this.#block;
		if (held !== undefined && this.state.get().asOf === undefined) this.#set({asOf: held.syncedAt});
	}

	/** Whether the mailbox is open on the connection. */
	get #isLive(): boolean {
		return this.#worker.selected === this.path;
	}

	/** What is held is as the server has it: where it stands is certain. */
	#synced(): void {
		this.#rows.positions.forgetAll();
		this.#rows.isChecked = true;
		this.#set({asOf: undefined});
		this.#renewWish();
		this.#worker.need(this.#rows.need('looking-at'));
		this.#onSynced();
	}

	/** Another client has moved a message here: what was decided of it follows. One that was renumbered is not certain enough. */
	#found(from: Place, uid: number): void {
		if (from.mailbox !== this.path) this.#operations.follow(from, this.#place(uid));
	}

	#startedOver(because: SafeText | undefined): void {
		this.#forgetAll();
		if (because !== undefined) this.#tell('problem', because);
	}

	#idsIn({first, last}: Window): MessageId[] {
		const ids = Array.from({length: Math.max(0, last - first + 1)}, (_, index) =>
			this.#rows.positions.at(first + index),
		);
		return ids.filter(id => id !== undefined).filter(id => !this.#isGoing(id));
	}

	row(position: number): Message | undefined {
		const arrival = this.#arrivals[position - this.#there - 1];
		if (arrival !== undefined) return this.message(arrival.id);
		const sequence = this.#shown.sequenceAt(position);
		const id = this.#rows.positions.at(sequence);
		if (id !== undefined) return this.message(id);
		return this.#rows.unreadable(sequence);
	}

	/** Messages that are in the mailbox and not going, without those that are to arrive. */
	get #there(): number {
		return (this.#count ?? 0) - this.#shown.count;
	}

	/** Of a mailbox nobody has looked into, nothing is claimed. */
	get #arrivals(): readonly ArrivingMessage[] {
		return this.#count === undefined ? [] : this.#arriving.all;
	}

	/** A message that was moved here and has not arrived. */
	arrival(id: MessageId): Message | undefined {
		return this.#arriving.message(id);
	}

	/** Something was decided elsewhere: what is to arrive here may be something else. */
	decidedElsewhere(): void {
		if (this.#arriving.hasChanged()) this.decided();
	}

	/** The facts with the log applied on top; undefined when it is gone, or going. */
	message(id: MessageId): Message | undefined {
		const known = this.#messages.get(id) ?? this.arrival(id);
		if (known) return known;
		const fact = this.#facts.summary(id);
		// What went from here may have turned up elsewhere, as the same message.
		if (fact === undefined || fact.mailbox !== this.path) return undefined;
		const message = shownMessage(fact, this.#place(fact.uid), {
			decided: this.#operations,
			facts: this.#facts,
			isTagged: this.#tags.has(fact.uid),
		});
		if (message === undefined) return undefined;
		this.#messages.set(id, message);
		return message;
	}

	positionOf(id: MessageId): number | undefined {
		const arrival = this.#arrivals.findIndex(each => each.id === id);
		if (arrival >= 0) return this.#there + arrival + 1;
		const sequence = this.#rows.positions.of(id);
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
		if (this.#rows.missing(this.#ahead).length > 0) this.#worker.need(this.#rows.need('ahead'));
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

	/** What is on the screen, now that other messages stand there. */
	#renewWish(): void {
		if (this.#newest > 0) this.#wishNewest();
		else if (this.#looked !== undefined) this.#wish = this.#windowOf(this.#looked.first, this.#looked.last);
	}

	/** What is held comes on the screen; who of it is going is seen only then, and others take their places. */
	#recallWish(): void {
		const {positions} = this.#rows;
		const before = positions.size;
		for (let size = -1; this.#wish !== undefined && size !== positions.size; this.#renewWish()) {
			size = positions.size;
			this.#rows.recall(this.#wish);
		}
		if (positions.size !== before && this.#operations.hasGoing(this.path)) this.#set({});
	}

	#place(uid: number): Place {
		return {mailbox: this.path, uidValidity: this.state.get().uidValidity ?? 0, uid};
	}

	#isGoing(id: MessageId): boolean {
		const uid = this.#facts.uidOf(id);
		return uid !== undefined && this.#operations.isGoing(this.#place(uid));
	}

	/** Rows that are going are not shown. */
	get #shown(): Hidden {
		return this.#going.hidden;
	}

	#open(): void {
		this.#recallWish();
		if (this.state.get().state !== 'open') this.#set({state: 'opening', because: ours('')});
		if (this.#worker.selected === this.path && this.#rows.missing(this.#wish).length === 0) return;
		this.#worker.need(this.#rows.need('looking-at'));
	}

	/** The mailbox was opened on the connection, for the first time or again. */
	opened(selected: Selected): void {
		if (this.#facts.isKept(this.path)) this.#openedKept(selected);
		else this.#openedInMemory(selected);
	}

	#openedKept(selected: Selected): void {
		const {count, isReadOnly, uidValidity} = selected;
		this.#rows.askAgain();
		this.#rows.positions.age();
		this.#count = count;
		this.#set({state: 'open', because: ours(''), isReadOnly, uidValidity});
		this.#sync.begin(selected);
		this.#worker.need(this.#rows.need('looking-at'));
	}

	#openedInMemory({uidValidity, uidNext, count, isReadOnly}: Selected): void {
		const before = this.#count;
		const isSame = this.#facts.learnMailbox(this.path, uidValidity);
		this.#rows.askAgain();
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
			this.#rows.positions.refresh();
		} else {
			// What was going may have gone with the line; what is still there is learned again.
			this.#rows.positions.forget(id => this.#isGoing(id));
			this.#rows.positions.doubt();
		}
		// With no row on the screen there are no flags to check.
		this.#rows.isChecked = before === undefined || this.#wish === undefined;
		this.#uidNext = uidNext;
		this.#count = count;
		this.#set({state: 'open', because: ours(''), isReadOnly, uidValidity, asOf: undefined});
		this.#wishNewest();
		this.#worker.need(this.#rows.need('looking-at'));
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
		if (!this.#isPlaced) {
			this.#missed(1);
			return undefined;
		}
		this.#rows.recall({first: sequence, last: sequence});
		const gone = this.#rows.positions.expunge(sequence);
		const uid = gone === undefined ? undefined : this.#facts.uidOf(gone);
		if (uid !== undefined) this.#tags.delete(uid);
		this.#facts.transaction(this.path, () => {
			this.#block.expunged(sequence, uid);
			if (gone !== undefined) this.#facts.loseMessage(gone);
		});
		if (gone !== undefined) this.#messages.delete(gone);
		this.#rows.askAgain();
		if (this.#count !== undefined) this.#count = Math.max(0, this.#count - 1);
		if (this.#wish && this.#count !== undefined)
			this.#wish = {...this.#wish, last: Math.min(this.#wish.last, this.#count)};
		this.#setSoon();
		return gone;
	}

	/** The same, of a server that names them by UID (VANISHED, RFC 7162 §3.2.10.2); from the newest, so that no number shifts. */
	vanished(uids: UidSet): readonly MessageId[] {
		const gone: MessageId[] = [];
		const all = rangesOf(uids).flatMap(({first, last}) => numbersWithin(first, last));
		if (!this.#isPlaced) return this.#vanishedUnplaced(all);
		for (const uid of all.sort((a, b) => b - a)) {
			const sequence = this.#rows.sequenceOf(uid);
			const id = sequence === undefined ? undefined : this.expunged(sequence);
			if (id !== undefined) gone.push(id);
		}
		return gone;
	}

	/** Whether it is certain which message a sequence number means. */
	get #isPlaced(): boolean {
		return !this.#facts.isKept(this.path) || this.#sync.isDone;
	}

	#missed(gone: number): void {
		this.#sync.missed();
		if (this.#count !== undefined) this.#count = Math.max(0, this.#count - gone);
		this.#setSoon();
	}

	#vanishedUnplaced(uids: readonly number[]): readonly MessageId[] {
		const gone = uids.map(uid => this.#facts.idOf(this.path, uid)).filter(id => id !== undefined);
		this.#facts.transaction(this.path, () => {
			for (const id of gone) this.#facts.loseMessage(id);
		});
		this.#block.reload();
		for (const id of gone) this.#messages.delete(id);
		this.#missed(uids.length);
		return gone;
	}

	/** What the user decided of messages here, or what became of it, has changed. */
	decided(): void {
		this.#arriving.forget();
		this.#messages.clear();
		this.#set({});
		this.#renewWish();
		// Where what is going stood was a guess: other rows may be on the screen, and nobody has asked for them.
		if (this.#worker.selected === this.path && this.#rows.missing(this.#wish).length > 0)
			this.#worker.need(this.#rows.need('looking-at'));
	}

	priceAcross(which: Which): Price | undefined {
		return this.#decisions.priceAcross(which);
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
		// What is held on the disk may not have been looked at.
		if (uid === undefined) this.#rows.recall({first: sequence, last: sequence});
		const isFresh = this.#rows.positions.isFresh(sequence);
		if (uid === undefined && !isFresh && !this.#isPlaced) this.#sync.missed();
		const at = isFresh ? this.#rows.positions.at(sequence) : undefined;
		const id = uid === undefined ? at : this.#facts.idOf(this.path, uid);
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
		this.#rows.positions.forgetAll();
		this.#messages.clear();
		this.#tags.clear();
		this.#wish = undefined;
		this.#looked = undefined;
		this.#newest ||= 1;
	}

	/** Ten thousand EXPUNGEs in one packet are one repaint. */
	#setSoon(): void {
		this.#going.forget();
		this.#soon ??= setImmediate(() => this.#set({}));
	}

	#set(change: Partial<MailboxState>): void {
		clearImmediate(this.#soon);
		this.#soon = undefined;
		this.#going.forget();
		this.#arriving.forget();
		const before = this.state.get();
		this.state.set({...before, ...change, version: before.version + 1});
		const count = this.#count === undefined ? undefined : this.#there + this.#arrivals.length;
		if (count !== before.count || this.#tags.count !== before.tagged)
			this.state.set({...this.state.get(), count, tagged: this.#tags.count});
	}
}
