/**
 * What the user decided, as this process sees it: the log on disk, and the view of it that rows are shown with.
 *
 * Laws: a decision is on disk before anything says it is done (law 2); what is on the screen is the facts with the log
 * applied on top, so a refusal and an undo need no way back; facts change only when the server has confirmed.
 */
import {standingStill} from '../model/dependence.ts';
import {type AccountName, demoName, type MailboxPath} from '../model/ids.ts';
import type {Flag} from '../model/message.ts';
import {
	type Change,
	isAcross,
	isMailboxChange,
	type MailboxChange,
	type Operation,
	type OperationId,
	type PartPlace,
	type Place,
	type Target,
} from '../model/operation.ts';
import {ours, type SafeText, safeLine} from '../model/safe-text.ts';
import {whyUnwritable} from '../store/disk-trouble.ts';
import {type Decision, type NewTarget, OperationLog} from '../store/log.ts';
import type {Stood} from '../store/stood-rows.ts';
import type {AcrossAccounts} from './across-accounts.ts';
import {backFrom} from './back-from.ts';
import {type LiveSource, live} from './live.ts';
import type {OwnMarks} from './own-marks.ts';
import {Projections} from './projections.ts';

/** How often a process looks whether another has written to the log, or has died holding it. */
const lookMs = 400;

type OperationsOptions = {
	readonly folder: string | undefined;
	/** Messages that go to other accounts, and come from them; undefined: there is no way. */
	readonly across?: AcrossAccounts | undefined;
	/** What is decided where the server keeps no state for us; undefined: nowhere. */
	readonly own?: OwnMarks | undefined;
	/** Ms since the epoch. */
	readonly clock: () => number;
	/** There is something to send, and we are the one to send it. */
	readonly onWaiting: () => void;
	/** Rows of this mailbox may look different now. */
	readonly onChange: (mailbox: MailboxPath) => void;
	/** The server has confirmed it, to us or to another process: the facts may follow. */
	readonly onDone: (operation: Operation) => void;
	/** The same, of a flag of these messages; others of the operation may still wait. */
	readonly onFlagged: (places: readonly Place[], flag: Flag, isSet: boolean) => void;
	/** The server has put a message there, as it says. */
	readonly onMoved: (from: Place, to: Place) => void;
	readonly onRefused: (operation: Operation) => void;
	/** What is decided about mailboxes themselves may be other than before. */
	readonly onMailboxes: () => void;
	/** What is decided about messages is other than it was, or more of it is done. `isOurs`: we are the one to send it. */
	readonly onCounts: (before: ReadonlyMap<OperationId, Operation>, isOurs: boolean) => void;
	/** The log itself cannot be used. */
	readonly onBroken: (because: SafeText) => void;
};

export class Operations {
	/** Oldest first; those that are over are among them for a while. */
	readonly all: LiveSource<readonly Operation[]> = live<readonly Operation[]>([]);
	readonly #options: OperationsOptions;
	#log: OperationLog | undefined;
	/** Why there is no log. */
	#broken: SafeText | undefined;
	#projections = new Projections();
	#timer: NodeJS.Timeout | undefined;

	constructor(options: OperationsOptions) {
		this.#options = options;
		try {
			this.#log = new OperationLog(options.folder);
			this.all.set(this.#log.operations());
			this.#project();
		} catch (error) {
			this.#broken = cannotKeep(error, options.folder);
			options.onBroken(this.#broken);
			this.#onlyLook();
		}
	}

	/** What waits in a log that cannot be written is shown, and stays where it is. */
	#onlyLook(): void {
		const {folder} = this.#options;
		if (folder === undefined) return;
		try {
			const log = new OperationLog(folder, {mayWrite: false});
			this.all.set(log.operations());
			log.close();
			this.#project();
		} catch {
			// Nothing of it can be read, as was said.
		}
	}

	/** Why nothing can be decided or sent; undefined: it can. */
	get broken(): SafeText | undefined {
		return this.#broken;
	}

	/** Begins to watch the log, and to drain it when that is ours to do. */
	start(): void {
		if (this.#log === undefined) return;
		// Who held it may have sent something after it was read here.
		this.#attempt(() => this.#log?.hold());
		this.refresh();
		this.#attempt(() => this.#settleAcross());
		if (this.mayDrain) this.#attempt(() => this.across?.sweep(this.all.get()));
		this.sendOn();
		if (this.#options.folder !== undefined) this.#timer = setInterval(() => this.look(), lookMs).unref();
	}

	/** Another process, or another account, may have written, or died. */
	look(): void {
		this.#attempt(() => {
			const log = this.#log;
			if (log === undefined) return;
			log.hold();
			this.refresh();
			this.#settleAcross();
			this.sendOn();
		});
	}

	/** What became of what other accounts were handed. */
	#settleAcross(): void {
		if (this.#log === undefined || !this.mayDrain) return;
		if (this.across?.settle(this.#log, this.all.get()) === true) this.reload();
	}

	/** What another process wrote is seen before anything is sent: it may have taken something back. */
	refresh(): void {
		this.#attempt(() => {
			if (this.#log?.hasChanged()) this.reload();
		});
	}

	/** There may be something to send. */
	sendOn(): void {
		if (this.mayDrain && this.hasMore) this.#options.onWaiting();
	}

	/** Something waits that is not held, and behind nothing that is. */
	get hasMore(): boolean {
		return this.ready.length > 0;
	}

	/** What waits for nothing but a line, oldest first. */
	get ready(): readonly Operation[] {
		const still = standingStill(this.all.get());
		return this.waiting.filter(({id}) => !still.has(id));
	}

	get across(): AcrossAccounts | undefined {
		return this.#options.across;
	}

	get mayDrain(): boolean {
		return this.#log?.isHeld === true;
	}

	/** Not confirmed by the server yet, oldest first. */
	get waiting(): readonly Operation[] {
		return this.all.get().filter(operation => operation.state === 'waiting');
	}

	/** What is decided about mailboxes and not confirmed, oldest first. */
	get mailboxChanges(): readonly MailboxChange[] {
		return this.waiting.map(({change}) => change).filter(isMailboxChange);
	}

	get log(): OperationLog | undefined {
		return this.#log;
	}

	/**
	 * Writes a decision down; returns undefined when it could not be, and says why. `stood`: how the mailbox to delete is
	 * known to stand.
	 */
	decide(
		change: Change,
		targets: readonly NewTarget[],
		{stood}: {readonly stood?: Stood | undefined} = {},
	): OperationId | undefined {
		if (isAcross(change) && this.across?.canReach(change.to.account) !== true) {
			this.#options.onBroken(noWay(change.to.account, this.across));
			return undefined;
		}
		return this.#record([{change, targets}], {stood})[0];
	}

	/** All of them or none. */
	#record(
		decisions: readonly Decision[],
		why: {readonly undoes?: OperationId; readonly stood?: Stood | undefined},
	): readonly OperationId[] {
		let ids: readonly OperationId[] = [];
		this.#attempt(() => {
			ids = this.#log?.recordAll(decisions, {madeAt: this.#options.clock(), ...why}) ?? [];
			this.#log?.hold();
			this.reload();
			this.sendOn();
		});
		if (this.#broken !== undefined) this.#options.onBroken(this.#broken);
		return ids;
	}

	/** The last decision that stands and could be taken back, or the one that is wanted. */
	lastStanding(wanted?: OperationId): Operation | undefined {
		const undoing = new Set(this.all.get().map(operation => operation.undoes));
		return this.all
			.get()
			.findLast(
				({id, state, undoes, change}) =>
					!isNoDecision(change) &&
					(wanted === undefined || id === wanted) &&
					(state === 'waiting' || state === 'done') &&
					undoes === undefined &&
					!undoing.has(id),
			);
	}

	/**
	 * Takes back the last decision that stands, or the one that is wanted: strikes it when nothing of it was sent, else records its inverse.
	 * Returns what it was, or why there is no way back.
	 */
	undo(wanted?: OperationId): Operation | {readonly because: SafeText} {
		const last = this.lastStanding(wanted);
		if (last === undefined) return {because: ours('there is nothing to undo')};
		let isStruck = false;
		this.#attempt(() => {
			isStruck = this.#log?.strike(last.id) === true;
			if (isStruck) this.reload();
		});
		if (isStruck) return last;
		const back = backFrom(last, this.all.get());
		if ('because' in back) return back;
		return this.#record(back, {undoes: last.id}).length === 0 ? {because: ours('it could not be undone')} : last;
	}

	/** Forgets an operation: one that waits is taken back, one that is over is not listed any more. */
	discard(id: OperationId): boolean {
		let isGone = false;
		this.#attempt(() => {
			const operation = this.all.get().find(each => each.id === id);
			if (operation === undefined) return;
			if (operation.state === 'waiting') isGone = this.#log?.strike(id) === true;
			else {
				this.#log?.dismiss(id);
				isGone = true;
			}
			this.reload();
			// What waited behind it need not wait any more.
			this.sendOn();
		});
		return isGone;
	}

	/** Keeps back what was not begun to be sent, or lets it go again. Returns false when it was too late. */
	setHeld(id: OperationId, isHeld: boolean): boolean {
		let isSo = false;
		this.#attempt(() => {
			isSo = this.#log?.setHeld(id, isHeld) === true;
			this.reload();
			this.sendOn();
		});
		return isSo;
	}

	retry(id: OperationId): void {
		this.#attempt(() => {
			this.#log?.retry(id);
			this.reload();
			this.sendOn();
		});
	}

	/**
	 * A message that vanished from one place has turned up in another: what waits for it, and what was refused since it was
	 * gone, goes on there. Returns whether anything was decided about it.
	 */
	follow(from: Place, to: Place): boolean {
		let isKnown = false;
		this.#attempt(() => {
			isKnown = this.#log?.follow(from, to) === true;
			if (!isKnown) return;
			this.reload();
			this.sendOn();
		});
		return isKnown;
	}

	/** Reads the log again, after anybody has written to it. */
	reload(): void {
		const log = this.#log;
		if (log === undefined) return;
		const before = new Map(this.all.get().map(operation => [operation.id, operation]));
		const now = log.operations(before);
		this.all.set(now);
		const touched = this.#project();
		if (this.mayDrain) this.#attempt(() => this.across?.sweep(now));
		for (const operation of now) {
			const last = before.get(operation.id);
			if (last === operation) continue;
			this.#tellFlags(last, operation);
			this.#tellMoved(last, operation);
			const was = last?.state;
			if (was === operation.state) continue;
			const isDone = operation.state === 'done' || operation.state === 'undone';
			if (isDone && was === 'waiting') this.#options.onDone(operation);
			if (operation.state === 'refused' && was === 'waiting') this.#options.onRefused(operation);
		}
		for (const mailbox of touched) this.#options.onChange(mailbox);
		if ([...before.values(), ...now].some(({change}) => isMailboxChange(change))) this.#options.onMailboxes();
		this.#options.onCounts(before, this.mayDrain);
	}

	/** Of each message when its own is confirmed: when all of them are, it may have been decided anew of the first. */
	#tellFlags(before: Operation | undefined, {change, targets}: Operation): void {
		if (change.kind !== 'flag') return;
		const isDone = ({state}: Target): boolean => state === 'done';
		const known = new Set(before?.targets.filter(isDone).map(({message}) => message));
		const places = targets.filter(each => isDone(each) && !known.has(each.message)).map(({place}) => place);
		if (places.length > 0) this.#options.onFlagged(places, change.flag, change.isSet);
	}

	/** Of each message when it is known where the server has put it. */
	#tellMoved(before: Operation | undefined, {change, targets}: Operation): void {
		if (change.kind !== 'move' || isAcross(change)) return;
		const was = new Map(before?.targets.map(target => [target.message, target]));
		for (const {message, place, from, state} of targets) {
			const last = was.get(message);
			if (state === 'done' && last?.state !== 'done' && place.uid > 0)
				this.#options.onMoved(last?.place ?? from, place);
		}
	}

	flagsOf(place: Place, flags: ReadonlySet<Flag>): ReadonlySet<Flag> {
		return this.#projections.flagsOf(place, this.#options.own?.flagsOf(place, flags) ?? flags);
	}

	/** Where a part of a message is by now, as far as the log knows; uid 0: in that mailbox, and its UID is not known. */
	whereIs(at: PartPlace): PartPlace {
		const {mailbox, uidValidity, uid} = this.#log?.messages.whereIs(at) ?? at;
		return this.#log?.drafts.partFrom(at) ?? {mailbox, uidValidity, uid, part: at.part};
	}

	isGoing(place: Place): boolean {
		return this.#projections.isGoing(place) || this.#options.own?.isHidden(place) === true;
	}

	isPending(place: Place): boolean {
		return this.#projections.isPending(place);
	}

	hasGoing(mailbox: MailboxPath): boolean {
		return this.#projections.hasGoing(mailbox) || this.#options.own?.isOurs(mailbox) === true;
	}

	leaving(mailbox: MailboxPath, uidValidity: number): readonly number[] {
		const leaving = this.#projections.leaving(mailbox, uidValidity);
		const hidden = this.#options.own?.hidden(mailbox, uidValidity) ?? [];
		return hidden.length === 0 ? leaving : [...new Set([...leaving, ...hidden])].sort((a, b) => a - b);
	}

	/**
	 * The log could not be written when something was to be sent, or was answered: nothing more is sent that a crash would
	 * not know of. Returns false when it is not the log's failure.
	 */
	giveUp(error: unknown): boolean {
		if ((error as NodeJS.ErrnoException).code !== 'ERR_SQLITE_ERROR') return false;
		this.close();
		this.#broken = cannotKeep(error, this.#options.folder, 'Nothing more is sent until Bonsai is started again');
		this.#options.onBroken(this.#broken);
		return true;
	}

	/** A full disk, a log that another process broke: said once, and nothing else happens. */
	#attempt(work: () => void): void {
		try {
			work();
		} catch (error) {
			this.#options.onBroken(cannotKeep(error, this.#options.folder));
		}
	}

	close(): void {
		clearInterval(this.#timer);
		this.#attempt(() => this.#log?.close());
		this.#attempt(() => this.across?.close());
		this.#log = undefined;
	}

	/** Makes the view anew; returns the mailboxes it says something of, or did. */
	#project(): Set<MailboxPath> {
		const before = this.#projections.mailboxes;
		this.#projections = new Projections(this.all.get());
		return new Set([...before, ...this.#projections.mailboxes]);
	}
}

/** What follows by itself from something else. */
const isNoDecision = (change: Change): boolean =>
	change.kind === 'file' ||
	change.kind === 'draft' ||
	(change.kind === 'remove' && (change.isDrained === true || change.isDraft === true)) ||
	(change.kind === 'flag' && change.isSequel === true);

function noWay(account: AccountName, across: AcrossAccounts | undefined): SafeText {
	if (across === undefined) return ours('What is in the demo stays in it: nothing was changed');
	if (account === demoName) return ours('The demo forgets everything when it ends: nothing is moved or copied into it');
	return safeLine(`There is no account ${account}: nothing was changed`);
}

function cannotKeep(error: unknown, folder: string | undefined, outcome = 'Nothing was changed'): SafeText {
	const {why, help} = whyUnwritable(error) ?? {why: (error as Error).message, help: 'See to it'};
	return safeLine(
		`${outcome}: the log cannot be written (${why}). ${help}${folder === undefined ? '' : ` (${folder})`}`,
	);
}
