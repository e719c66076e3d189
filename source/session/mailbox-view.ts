/**
 * A mailbox one looks into: a window onto its rows. Costs O(visible), for ten messages and for a million (law 12).
 *
 * What was on the screen stays there when the line goes, and is checked when it is back; what is held on the disk is there
 * before any line.
 */
import type {Budget, Price} from '../model/budget.ts';
import type {Failure} from '../model/failure.ts';
import type {MailboxPath, MessageId} from '../model/ids.ts';
import type {MailboxState} from '../model/mailbox.ts';
import type {Message} from '../model/message.ts';
import type {Change, Destination} from '../model/operation.ts';
import {type SafeText, safeLine} from '../model/safe-text.ts';
import type {StatePlace} from '../model/state-place.ts';
import type {Facts} from '../store/facts.ts';
import type {Stood} from '../store/stood-rows.ts';
import type {DecidedMailboxes} from './decided-mailboxes.ts';
import {HeldBlock} from './held-block.ts';
import type {Live} from './live.ts';
import {LookedAt} from './looked-at.ts';
import {MailboxDecisions} from './mailbox-decisions.ts';
import {MailboxNews} from './mailbox-news.ts';
import {MailboxOnDisk} from './mailbox-on-disk.ts';
import {MailboxRows} from './mailbox-rows.ts';
import {MailboxStanding} from './mailbox-standing.ts';
import {MailboxSync} from './mailbox-sync.ts';
import type {Operations} from './operations.ts';
import type {OwnMarks} from './own-marks.ts';
import {Positions} from './positions.ts';
import type {Replay} from './replay.ts';
import type {OpenMailbox, TagWhat, Tell, Which} from './session.ts';
import {ShownRows} from './shown-rows.ts';
import {Tags} from './tags.ts';
import type {Worker} from './worker.ts';

export type MailboxSurroundings = {
	readonly facts: Facts;
	readonly worker: Worker;
	readonly operations: Operations;
	readonly replay: Replay;
	readonly own: OwnMarks;
	/** Whether it holds what clients tell each other, and no mail. */
	readonly isQuiet: (path: MailboxPath) => boolean;
	/** Where the user wants the state of messages; undefined: where it usually is. */
	readonly chosenPlace: (path: MailboxPath) => StatePlace | undefined;
	readonly budget: () => Budget;
	readonly tell: Tell;
	/** Ms since the epoch. */
	readonly clock: () => number;
	readonly decided: DecidedMailboxes;
	/** How many of the newest messages are to be held on the disk. */
	readonly wanted: (path: MailboxPath) => number;
	/** The mailbox something is moved to, where its name is known. */
	readonly resolve: (to: Destination) => MailboxPath | '' | undefined;
	/** These are no more. */
	readonly onGone: (ids: readonly MessageId[]) => void;
};

export class MailboxView implements OpenMailbox {
	readonly path: MailboxPath;
	readonly name: SafeText;
	readonly #standing: MailboxStanding;
	readonly #isToBeMade: () => boolean;
	readonly #shown: ShownRows;
	readonly #rows: MailboxRows;
	readonly #looked: LookedAt;
	readonly #decisions: MailboxDecisions;
	/** What the server says of it. */
	readonly news: MailboxNews;
	readonly onDisk: MailboxOnDisk;

	constructor(path: MailboxPath, around: MailboxSurroundings) {
		const {facts, worker, operations, replay, own, chosenPlace, isQuiet, budget, tell, clock, wanted, resolve, onGone} =
			around;
		this.path = path;
		this.name = safeLine(path);
		const tags = new Tags();
		const positions = new Positions();
		const isTaking = () => replay.isTakingFrom(path);
		const standing = new MailboxStanding(
			path,
			worker,
			() => this.#shown,
			() => chosenPlace(path),
		);
		this.#standing = standing;
		const block = new HeldBlock(path, facts, clock);
		const shown = new ShownRows({facts, operations, standing, block, positions, tags, resolve});
		this.#shown = shown;
		const sync: MailboxSync = new MailboxSync({
			facts,
			block,
			standing,
			onGone: ids => {
				for (const id of ids) shown.changed(id);
				if (ids.length > 0) onGone(ids);
			},
			onFlags: id => shown.changed(id),
			onStartOver: because => this.news.startedOver(because),
			wanted: () => wanted(path),
			learnRow: row => rows.learnFact(row, {isKept: true}),
			onDone: () => this.onDisk.synced(),
		});
		const rows = new MailboxRows({
			facts,
			block,
			sync,
			worker,
			tell,
			standing,
			shown,
			positions,
			isTaking,
			window: urgency => (urgency === 'ahead' ? this.#looked.ahead : this.#looked.window),
			onFound(from, uid) {
				// Another client has moved it here: what was decided of it follows. One that was renumbered is not certain enough,
				// nor is one of another mailbox that was: it may be there still, and this a copy, as what has not come since may be.
				const isCertain = from.mailbox !== path && facts.uidValidity(from.mailbox) === from.uidValidity;
				if (isCertain && block.hasComeSince(uid)) operations.follow(from, standing.place(uid));
			},
		});
		this.#rows = rows;
		const looked = new LookedAt({standing, shown, rows, worker, operations, budget});
		this.#looked = looked;
		this.#decisions = new MailboxDecisions({
			facts,
			worker,
			operations,
			own,
			tell,
			tags,
			standing,
			shown,
			rows,
			block,
			isTaking,
			isToBeDeleted: () => around.decided.isToBeDeleted(path),
			onChange: () => this.decided(),
		});
		this.news = new MailboxNews({
			facts,
			standing,
			block,
			sync,
			rows,
			shown,
			looked,
			tags,
			tell,
			isQuiet: () => isQuiet(path),
		});
		this.onDisk = new MailboxOnDisk({facts, worker, standing, block, sync, rows, shown, looked});
		this.onDisk.recall();
		this.#isToBeMade = () => around.decided.isToBeMade(path);
		this.mailboxesDecided();
	}

	get state(): Live<MailboxState> {
		return this.#standing.state;
	}

	/** How far the server has told what is in it, where that is not held on the disk. */
	get stood(): Stood | undefined {
		const {uidNext, state} = this.#standing;
		const {uidValidity} = state.get();
		return uidValidity === undefined || uidNext === undefined ? undefined : {uidValidity, uidNext};
	}

	row(position: number): Message | undefined {
		const id = this.#shown.idAt(position);
		return id === undefined ? this.#rows.unreadable(this.#shown.sequenceAt(position)) : this.#shown.message(id);
	}

	/** The facts with the log applied on top; undefined when it is gone, or going. */
	message(id: MessageId): Message | undefined {
		return this.#shown.message(id);
	}

	/** A message that was moved here and has not arrived. */
	arrival(id: MessageId): Message | undefined {
		return this.#shown.arrival(id);
	}

	positionOf(id: MessageId): number | undefined {
		return this.#shown.positionOf(id);
	}

	ensureRows(first: number, last: number): void {
		this.#looked.ensureRows(first, last);
	}

	ensureNewest(count: number): void {
		this.#looked.ensureNewest(count);
	}

	ensureAhead(first: number, last: number): void {
		this.#looked.ensureAhead(first, last);
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

	/** What the user decided of messages here, or what became of it, has changed. */
	decided(): void {
		this.#shown.allChanged();
		this.#standing.set({});
		this.#looked.decided();
	}

	/** What is decided about mailboxes is other than before. */
	mailboxesDecided(): void {
		this.#standing.learnToBeMade(this.#isToBeMade());
	}

	/** Something was decided elsewhere: what is to arrive here may be something else. */
	decidedElsewhere(): void {
		if (this.#shown.haveArrivalsChanged()) this.decided();
	}

	/** Something about a message changed that its row shows. */
	changed(id: MessageId): void {
		this.#shown.changed(id);
		this.#standing.set({});
	}

	notOpened(failure: Failure): void {
		this.#standing.set({state: 'refused', because: failure.sentence});
	}
}
