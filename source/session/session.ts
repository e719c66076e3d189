/**
 * The session's face: all that the screens and the commands know of it.
 *
 * - A plain noun is a live value or a free read.
 * - `ensure…` says what is needed; it may cost, is idempotent, and stays within the budget.
 * - Other verbs are what the user decided.
 * Nothing here is awaited and nothing throws: what went wrong is a state, a sentence or a notice.
 */
import type {Advice} from '../model/advice.ts';
import type {Budget, BudgetName, OverBudget, Price} from '../model/budget.ts';
import type {Call} from '../model/call.ts';
import type {Draining, Drainings} from '../model/draining.ts';
import type {AccountName, MailboxPath, MessageId, PartNumber} from '../model/ids.ts';
import type {CalendarReading} from '../model/invitation.ts';
import type {Link} from '../model/link.ts';
import type {MailboxList, MailboxState} from '../model/mailbox.ts';
import type {HeaderLine, Message, MessageText, TextLine} from '../model/message.ts';
import type {ModelName, Models} from '../model/model.ts';
import type {Notice} from '../model/notice.ts';
import type {Change, DraftCopy, MailboxChange, Operation, OperationId, Place, Use} from '../model/operation.ts';
import type {Posted, Posting, ShownLetter} from '../model/outgoing.ts';
import type {Part} from '../model/part.ts';
import type {PartOnServer} from '../model/piece.ts';
import type {SafeText} from '../model/safe-text.ts';
import type {StatePlace, StatePlaces} from '../model/state-place.ts';
import type {Transfer} from '../model/transfer.ts';
import type {Ledger, Usage} from '../model/usage.ts';
import type {Wish, Wishes} from '../model/wish.ts';
import type {HeldCounts} from '../model/wish-cost.ts';
import type {Live} from './live.ts';
import type {Staying} from './staying-parts.ts';

/** Puts a sentence on the status line. */
export type Tell = (kind: Notice['kind'], text: SafeText, advice?: Advice) => void;

export type Session = {
	readonly account: AccountName;
	/** Where its mail is: `me@host:993`, or a tunnel. */
	readonly address: SafeText;
	readonly link: Live<Link>;
	/** Bytes of this run, at once. */
	readonly usage: Live<Usage>;
	/** Bytes of this connection, today and ever; told at most once a second. */
	readonly ledger: Live<Ledger>;
	readonly notice: Live<Notice | undefined>;
	readonly budget: Live<Budget>;
	/** What is left of the session budget, about; undefined without one. */
	readonly budgetLeft: Live<number | undefined>;
	/** What it does not cover and waits for a yes or no; one at a time. */
	readonly overBudget: Live<OverBudget | undefined>;
	readonly mailboxes: Live<MailboxList>;
	readonly transfers: Live<readonly Transfer[]>;
	/** What of its mailboxes is to come to the disk. */
	readonly wishes: Live<Wishes>;
	/** The model of the account, and of mailboxes that have another. */
	readonly models: Live<Models>;
	/** Where the user chose that the state of messages lives, by mailbox; of others MailboxState says. */
	readonly statePlaces: Live<StatePlaces>;
	/** What leaves the server of offline mailboxes, and when. */
	readonly drainings: Live<Drainings>;
	readonly post: Post;
	/** The log, oldest first: what waits to be sent, what was refused, and for a while what is done. */
	readonly operations: Live<readonly Operation[]>;

	/** The list of mailboxes. What is known is taken, unless `isFresh`, or its counts are wanted and have changed by us. */
	ensureMailboxes(options?: {readonly isFresh?: boolean; readonly withCounts?: boolean}): void;
	/** The mailbox as something to look into, also under a name that is only decided. Free; `ensureRows` opens it. */
	mailbox(path: MailboxPath): OpenMailbox;
	/** What the mailbox that was opened under this name is called by now. Free. */
	nowCalled(path: MailboxPath): MailboxPath;
	/** The message as something to read; `part` is that of an attached message opened as one. */
	message(id: MessageId, part?: PartNumber): OpenMessage;

	/** Address fields of mail that is here with that text in one of them, the newest first, as they may be shown. Free. */
	addressFields(text: string): readonly {readonly from: string; readonly to: string; readonly cc: string}[];
	/** The mailbox of that use; '' when there is none, undefined when the server was not asked yet. Free. */
	special(use: Use): MailboxPath | '' | undefined;
	/**
	 * Brings into a file what a draft has left on the server, wherever its message is by now. Returns the transfer; undefined
	 * when it was not begun, and a notice says why.
	 */
	bring(at: PartOnServer, mediaType: string, file: string): number | undefined;
	/** What that costs. Free. */
	priceToBring(at: PartOnServer): Price;
	/** Takes back a decision that stands, the last one unless one is named (`u`): strikes it when nothing was sent of it, else records its inverse. */
	undo(operation?: OperationId): void;
	/** Takes back one that waits, or clears one that is over from the list. */
	discard(operation: OperationId): void;
	/** Sends a refused one again. */
	retry(operation: OperationId): void;
	/** Creates, renames or deletes a mailbox. Durable when it returns, and shown in the list at once. */
	decideAboutMailbox(change: MailboxChange): void;
	/** Keeps one back that was not begun to be sent, and those that depend on it; or lets it go again. */
	hold(operation: OperationId, isHeld: boolean): void;
	/**
	 * Decides about messages by their UIDs, for commands. Durable when it returns; undefined when it could not be written
	 * down, and a notice says why.
	 */
	decideByUid(
		mailbox: MailboxPath,
		uidValidity: number,
		uids: readonly number[],
		change: Change,
	): OperationId | undefined;

	/** Octets of texts and parts that the disk holds, and may hold. Free. */
	bodies(): {readonly heldBytes: number; readonly mostBytes: number};
	/** How many messages of a mailbox are kept on the disk so far. Free, though it has to count them. */
	held(mailbox: MailboxPath): HeldCounts;
	/** The call that is planned, under way, or just over; undefined: there is none. */
	readonly call: Live<Call | undefined>;
	/** Asks the server what has changed, and shows what a call would do. Costs the question. */
	planCall(): void;
	/** Leaves one line of the plan out, or takes it in again. */
	strike(line: string, isStruck: boolean): void;
	/** Does what is planned, and hangs up. */
	goCall(): void;
	/** Ends it; what came stays. One that is over is shown no more. */
	stopCall(): void;
	/** Another wish for a mailbox, or for all without one of their own; `undefined`: what holds without it. */
	setWish(mailbox: MailboxPath | undefined, wish: Wish | undefined): void;
	/** Other numbers for an offline mailbox, or for all without their own; `undefined`: what holds without them. */
	setDraining(mailbox: MailboxPath | undefined, draining: Draining | undefined): void;
	/** Whether its mail is taken from the server. Free. */
	isOffline(mailbox: MailboxPath): boolean;
	/** The mailbox of local mail that the messages of an offline mailbox come to. Free. */
	localOf(mailbox: MailboxPath): MailboxPath;
	/** How many of an offline mailbox stay on the server, and why; '' when none does. Free. */
	staying(mailbox: MailboxPath): SafeText;
	/** Another model for the account, or for one mailbox of it. */
	chooseModel(name: ModelName, mailbox?: MailboxPath): void;
	/** Another place for the state of a mailbox's messages. */
	chooseStatePlace(mailbox: MailboxPath, place: StatePlace): void;
	chooseBudget(name: BudgetName): void;
	/** From now on nothing leaves that could exceed so many bytes, unless the user says yes to it. */
	limitSession(bytes: number | undefined): void;
	answerOverBudget(isAllowed: boolean): void;
	/** Asks the server for news now (`$`). */
	look(): void;
	dial(): void;
	hangUp(): void;
	/** Forgets a transfer. One that is under way or paused is stopped, and what came of it is thrown away. */
	cancel(transfer: number): void;
	/** Asks for no more of it; what came is kept. */
	pause(transfer: number): void;
	/** Goes on with one that was paused or has failed. */
	resume(transfer: number): void;
	/** Has another program open the file of one that is done. */
	openFile(transfer: number): void;
	/** Lists the downloads an earlier run has left, and goes on with those that were under way. Once, by who stays. */
	takeUpDownloads(): void;
	/** Whether a file of that name is there already (free: a look at the disk). */
	fileExists(file: string): boolean;
	/** How many decisions are on their way to the server, drafts among them, as the model and the line have it. Free. */
	leaving(): number;
	/** Resolves when none is, when nothing can be done here about those that are, or after so many ms (30 s, unless told). */
	left(patienceMs?: number): Promise<void>;
	/**
	 * Ends the connection, when what was decided has left it, or nothing can be done about that, or after so many ms (30 s,
	 * unless told): the rest is in the log. The promise is for the end of the program, not for screens.
	 */
	close(options?: {readonly patienceMs?: number}): Promise<void>;
};

export type {Staying} from './staying-parts.ts';

/** Mail that leaves by this account, or whose draft it keeps. */
export type Post = {
	/** Whether it has a way to send. Free. */
	readonly maySend: boolean;
	/** Whether what is sent on by it may stay in the mailboxes of its account, so that nothing of it crosses the line. */
	readonly staying: Live<Staying>;
	/** Asks the submission server once, where that is not known: while it is `unknown` the answer is on its way. Costs a login. */
	ensureStaying(): void;
	/** How many letters are to leave now, as the model has it: they are tried once more when the session is closed. Free. */
	readonly leaving: number;
	/**
	 * Makes a letter of a draft and puts it on its way. When this resolves the letter is on the disk, whole, and the draft is
	 * gone; or it says why not, and the draft is as it was. Never rejects. It costs nothing yet.
	 */
	send(posting: Posting): Promise<Posted>;
	/** What leaves by this account, oldest first: what waits, what was refused, what is not known, and for a while what was sent. */
	readonly letters: Live<readonly ShownLetter[]>;
	/** A draft of this account is to be on the server too, as it is on the disk by then; where drafts are kept here alone, nothing happens. */
	keepDraft(draft: string): void;
	/** One that lies on the server is gone on with here: its copy there is ours from now on. Returns the draft that it is, when it was one of ours. */
	adoptDraft(draft: string, place: Place, copy: DraftCopy): string;
	/** It is not there any more: its copy on the server goes. */
	dropDraft(draft: string): void;
	/** Makes one that waits a draft again. */
	takeBack(letter: string): void;
	/** Sends one again, at once, whatever became of it: one of which nobody knows may arrive twice. */
	sendAgain(letter: string): void;
	/** The user knows that one arrived of which nobody was told. */
	arrived(letter: string): void;
	/** Throws one away that is not to be sent any more, or clears one that is over from the list. */
	discard(letter: string): void;
	/** Keeps one back, or lets it go. */
	hold(letter: string, isHeld: boolean): void;
};

/** What commands know besides: they name messages by UID, and end. */
export type CommandSession = Session & {
	/**
	 * A message by its UID, before anything of the mailbox is known: its row, its structure and, when wanted, the
	 * beginning of its text, in one turn. `uidValidity`: that of which the UID is known; of another nothing is asked.
	 */
	ensureNamed(
		mailbox: MailboxPath,
		uid: number,
		options?: {readonly uidValidity?: number | undefined; readonly withText?: boolean},
	): Live<NamedMessage>;
	/** Gives a part ('' is the whole message) to `write`, decoded, as it comes. Returns the transfer. */
	stream(id: MessageId, part: PartNumber, write: (octets: Buffer) => Promise<void>): number | undefined;
	/** Which of these UIDs (ascending) are there, and under which UIDVALIDITY: what `decideByUid` has to know. */
	ensureExisting(mailbox: MailboxPath, uids: readonly number[]): Live<ExistingUids>;
	/** Where the state of a mailbox's messages lives, as far as that is known. Free. */
	statePlace(mailbox: MailboxPath): StatePlace;
	/**
	 * The same where their state is not the server's: done when it returns; false when it could not be, and a notice says why.
	 */
	decideHere(mailbox: MailboxPath, uidValidity: number, uids: readonly number[], change: Change): boolean;
	/** What of a mailbox's state is ours, as a newsrc file; undefined: nothing. Free. */
	exportState(mailbox: MailboxPath): string | undefined;
	/** Decides what such a file says; how many marks were other before. */
	importState(mailbox: MailboxPath, text: string): {readonly count: number} | {readonly because: SafeText};
	/** Hands over all mail that is due, call or not. Resolves to whether all of it went. */
	sendMail(): Promise<boolean>;
	/** Whether it is this process that sends the log; else another one does (law 15). Free. */
	isDraining(): boolean;
	/** Whether what is decided there is sent at once, and not by the next call. Free. */
	dialsByItself(mailbox: MailboxPath): boolean;
	/** Why nothing can be decided or sent; undefined: it can. Free. */
	brokenLog(): SafeText | undefined;
	/** False when the cache cannot be written: what comes is in memory, and ends with the program. Free. */
	keepsFacts(): boolean;
	/** Resolves when nothing is under way or being decoded, and nothing more can be done now. */
	readonly settled: () => Promise<void>;
};

export type NamedMessage =
	| {readonly state: 'asking'}
	| {readonly state: 'known'; readonly id: MessageId}
	| {readonly state: 'gone' | 'renumbered' | 'failed'; readonly because: SafeText};

export type ExistingUids =
	| {readonly state: 'asking'}
	| {readonly state: 'known'; readonly uidValidity: number; readonly uids: readonly number[]}
	| {readonly state: 'failed'; readonly because: SafeText};

/** A mailbox one looks into: rows by position, 1 the oldest. */
export type OpenMailbox = {
	readonly path: MailboxPath;
	readonly name: SafeText;
	readonly state: Live<MailboxState>;
	/** The row, when it is known. Free. */
	row(position: number): Message | undefined;
	/** Where a message stands now; undefined when it is gone, or not known. */
	positionOf(id: MessageId): number | undefined;
	/** The rows on the screen, by positions, both included. Opens the mailbox. Replaces the wish before it. */
	ensureRows(first: number, last: number): void;
	/** The `count` newest rows, before anybody knows how many there are. Opens the mailbox. */
	ensureNewest(count: number): void;
	/** The rows the user is heading for; only within a budget that allows it. */
	ensureAhead(first: number, last: number): void;

	/**
	 * Decides about messages. Durable when it returns, shown at once, sent as soon as there is a line. Returns false when
	 * it could not be written down or makes no sense here; a notice says why. The tagged ones are untagged by it.
	 */
	decide(which: Which, change: Change): boolean;
	/**
	 * What it costs to carry them to another account, down here and up there; undefined where nobody knows their sizes.
	 * Free.
	 */
	priceAcross(which: Which): Price | undefined;
	/** Tags messages, or takes the tags from them. Free. */
	tag(ids: readonly MessageId[], isTagged: boolean): void;
	untagAll(): void;
	/** Tags many; costs a search when not all of them are known. */
	ensureTagged(what: TagWhat): void;
};

/** The messages a decision is about. */
export type Which = readonly MessageId[] | 'tagged';

export type TagWhat =
	| {readonly what: 'all' | 'unread' | 'flagged'}
	/** Positions, both included. */
	| {readonly what: 'range'; readonly first: number; readonly last: number};

export type MessageContent = {
	readonly state: 'unknown' | 'asking' | 'known' | 'gone' | 'failed';
	/** When `failed` or `gone`: a sentence that says what to do. */
	readonly because: SafeText;
	/** Date, From, To, Cc, Subject and the like, as far as known. */
	readonly headers: readonly HeaderLine[];
	/** Every header, once `ensureAllHeaders` brought them. */
	readonly allHeaders: readonly HeaderLine[] | undefined;
	/** Its first words, where they were wished for; '' when they are not here. */
	readonly preview: SafeText;
	/** Unknown until it came; undefined for good when the server's description cannot be read. */
	readonly structure: Part | undefined;
	readonly text: MessageText;
	/** The invitation in it, or another calendar; undefined: there is none, or nobody knows yet. */
	readonly calendar: ShownCalendar | undefined;
	/** The links of an HTML text, numbered from 1. */
	readonly links: readonly SafeText[];
};

export type ShownCalendar = {
	readonly part: PartNumber;
	/** `offered`: it did not come, and more of the text brings it first. */
	readonly state: 'asking' | 'known' | 'offered';
	/** Octets, as sent. */
	readonly sizeBytes: number;
	/** When `known`. */
	readonly reading: CalendarReading | undefined;
	/** The text of the message tells of it too, so that its own description says nothing new. */
	readonly isToldByText: boolean;
};

/** What somebody wrote, to be answered or sent on. */
export type WrittenMessage = {
	/** Octets: its header, or until that is here what is known of it, spelled as one. */
	readonly header: Buffer;
	readonly isHeaderHere: boolean;
	/** What of its text is here, without the width of a screen: a paragraph that flows is one line. */
	readonly text: SafeText;
	/** The same with its tabs, joiners and marks of direction: for who goes on with it, not to be shown. Undefined: the same. */
	readonly written?: string | undefined;
	/** Whether as much of the text as comes unasked is here, and readable. */
	readonly isTextHere: boolean;
	/** Whether that is all of it. */
	readonly isTextWhole: boolean;
};

/** How far the fields are here by which one leaves the mailing list of a message. */
export type ListFields =
	| {readonly state: 'asking'}
	/** Octets: they spelled as a header. */
	| {readonly state: 'known'; readonly header: Buffer}
	| {readonly state: 'failed'; readonly because: SafeText};

export type OpenMessage = {
	readonly id: MessageId;
	/** The attached message this is, or '' for the message itself. */
	readonly part: PartNumber;
	/** Where it lies on the server: of one that was moved and has not arrived its row does not say that. */
	readonly lies: Pick<Message, 'mailbox' | 'uid'>;
	readonly summary: Live<Message | undefined>;
	readonly content: Live<MessageContent>;
	/** The text as display lines of at most `columns` columns. Free; computed once per width and text. */
	lines(columns: number): readonly TextLine[];
	/** What its invitation says at length, or the text of one that cannot be read, likewise. */
	calendarLines(columns: number): readonly TextLine[];

	/** Headers, structure, and its invitation and as much text as the budget covers. */
	ensureContent(): void;
	/** The user looks elsewhere: what was not asked for yet is not wanted any more. */
	leave(): void;
	/** The invitation that did not come, else the next window of a long text, or as many octets more. */
	ensureMoreText(bytes?: number): void;
	ensureAllHeaders(): void;
	/** Those of its header fields that an answer needs. */
	ensureForAnswer(): void;
	/** Those of its header fields that say how one leaves the mailing list it came by, and to whom it came. */
	ensureListFields(): Live<ListFields>;
	/** What an answer to it needs, as far as it is here; `ensureContent` and `ensureForAnswer` bring it. Free. */
	written(): WrittenMessage;
	/** Its text was shown to the user: it counts as read, if that is the preference. */
	shown(): void;
	/** Shows the HTML (made readable) or the plain text. */
	chooseHtml(isHtml: boolean): void;

	/** What the parts ('' is the whole message) would still cost. Free. */
	price(parts: readonly PartNumber[]): Price;
	/** What the invitation that did not come, else the next window of a long text or so many octets more, would cost. Free. */
	priceOfMoreText(bytes?: number): Price;
	/** How many octets of a part are here, as they travel, and how many there are at most. Free. */
	heldBytes(part: PartNumber): number;
	travelBytes(part: PartNumber): number;
	/** Whether all of it is here. Free. */
	isWhole(part: PartNumber): boolean;
	/** Fetches parts into memory, to be looked at, saved or piped without paying again. */
	choose(parts: readonly PartNumber[]): void;
	/** A part that is here whole, as display lines, if it is one that can be read. Free. */
	partLines(part: PartNumber, columns: number): readonly TextLine[] | undefined;
	/** The file a part would be saved to: in the folder that is configured, its name safe and never outside it. */
	suggestedFile(part: PartNumber): string;
	/**
	 * Saves a part, fetching what is missing and going on with what an earlier save of it left. An existing file is only
	 * replaced when `mayReplace`. `isQuiet`: nobody needs to be told that it is done. Returns the transfer; undefined when it was not begun, and a notice says why.
	 */
	save(
		part: PartNumber,
		file: string,
		options?: {readonly mayReplace?: boolean; readonly isQuiet?: boolean},
	): number | undefined;
	/** Saves several into a folder, each under its own name or the next that is free. */
	saveAll(parts: readonly PartNumber[], folder: string): void;
	/** Has another program open a part, fetching what is missing. */
	open(part: PartNumber): void;
	/** Feeds a part (the whole message for '') to a command; what it prints becomes `pipeOutput`. */
	pipe(part: PartNumber, command: string): void;
	readonly pipeOutput: Live<PipeOutput | undefined>;
};

export type PipeOutput = {
	readonly command: SafeText;
	readonly state: 'running' | 'done';
	readonly output: SafeText;
	/** The command's exit code once it is done; 127 when it could not be run. */
	readonly exitCode: number | undefined;
};
