/**
 * What the user decided: where things are to end up (law 3), never how. Kept in the log until the server has confirmed it.
 */
import type {AccountName, MailboxPath, PartNumber} from './ids.ts';
import type {Flag} from './message.ts';
import type {SafeText} from './safe-text.ts';

declare const brand: unique symbol;
export type OperationId = number & {readonly [brand]: 'OperationId'};

/** Our own number for a message in the log: it stays the message's while moves give it other UIDs (law 4). */
export type LogMessageId = number & {readonly [brand]: 'LogMessageId'};

/** Where a message is: a UID belongs to one UIDVALIDITY of one mailbox (RFC 9051 §2.3.1.1). */
export type Place = {readonly mailbox: MailboxPath; readonly uidValidity: number; readonly uid: number};

export type PartPlace = Place & {readonly part: PartNumber};

/** A mailbox by its name, or by what it is for where nobody has looked up the name yet. */
export type Destination = {readonly path: MailboxPath} | {readonly use: 'trash' | 'archive'};

/** What mailboxes are looked up for by their use. */
export type Use = 'trash' | 'archive' | 'sent' | 'drafts';

export type Change =
	/** `isSequel`: it follows from mail that was sent, and is no decision of its own. */
	| {readonly kind: 'flag'; readonly flag: Flag; readonly isSet: boolean; readonly isSequel?: true}
	| {readonly kind: 'move'; readonly to: Destination}
	| {readonly kind: 'copy'; readonly to: Destination}
	/**
	 * For good: there is no way back. No decisions of the user's: `isDrained`: it is in local mail, proven; `isDraft`: our own
	 * copy of a draft that was sent or thrown away.
	 */
	| {readonly kind: 'remove'; readonly isDrained?: true; readonly isDraft?: true}
	| AcrossChange
	| AppendChange
	| FileChange
	| DraftChange
	| MailboxChange;

/** To a mailbox of another account. */
export type AcrossChange = {
	readonly kind: 'move' | 'copy';
	readonly to: {readonly account: AccountName; readonly mailbox: MailboxPath};
};

/** What a move or copy from another account is here, where the messages are to go; that account keeps their octets meanwhile. */
export type AppendChange = {
	readonly kind: 'append';
	readonly to: {readonly path: MailboxPath};
	readonly from: AccountName;
	/** What that account calls the decision: it is one operation, however often and in how many pieces it is handed over. */
	readonly key: string;
};

/** What of a message another account has handed over. */
export type Handed = {
	/** What that account calls it: recorded once, however often it is handed over. */
	readonly key: string;
	readonly flags: readonly Flag[];
	/** INTERNALDATE, in ms since the epoch. */
	readonly date: number;
};

/** A copy of what was sent, into the mailbox of sent mail; its octets are in the queue of outgoing mail meanwhile. */
export type FileChange = {
	readonly kind: 'file';
	readonly to: {readonly use: 'sent'};
	/** What the queue calls it: recorded once, however often that is tried. */
	readonly letter: string;
	readonly flags: readonly Flag[];
	/** INTERNALDATE, in ms since the epoch: when it was sent. */
	readonly date: number;
	readonly sizeBytes: number;
	/** Its name is a Resent-Message-ID. */
	readonly isResent?: true;
};

/**
 * A draft, as it is on the disk when its turn comes, into the mailbox of drafts; then its older copy there goes. One
 * operation for each draft, for as long as there is one; its target is our copy.
 */
export type DraftChange = {
	readonly kind: 'draft';
	readonly to: {readonly use: 'drafts'};
	/** What the disk calls it. */
	readonly draft: string;
	/** About so many octets go up. */
	readonly sizeBytes: number;
	/** What lies where the target is; undefined: nothing of ours. */
	readonly copy?: DraftCopy;
	/** What was sent last, until it is all there is. */
	readonly sent?: DraftCopy;
	/** It was saved again since that was sent. */
	readonly isAgain?: true;
	/** A message that pieces of it lie in was gone: was it the older copy? */
	readonly isUnsure?: true;
};

export type DraftCopy = {
	/** Of the draft as it was sent, in ms since the epoch; and what tells it from another state of it. */
	readonly savedAt: number;
	readonly version: string;
	/** Of this copy alone: it is looked up by it. */
	readonly messageId: string;
	/** Of the whole message, in octets. */
	readonly sizeBytes: number;
	/** Whether some of it lay on the server already. */
	readonly isOfPieces: boolean;
	/** Its attachments. */
	readonly parts: readonly CopiedPart[];
};

/** An attachment in a copy of a draft, and what it was made of: the file as it was then, or where it lay. */
export type CopiedPart = {
	readonly part: PartNumber;
	/** As sent, in octets. */
	readonly sizeBytes: number;
	readonly encoding: string;
	readonly of: {readonly file: string; readonly sizeBytes: number; readonly mtimeMs: number} | PartPlace;
};

/** What is decided about a mailbox itself: an operation without targets. */
export type MailboxChange =
	| {readonly kind: 'create'; readonly mailbox: MailboxPath}
	| {readonly kind: 'rename'; readonly mailbox: MailboxPath; readonly to: MailboxPath}
	/** With all that is in it, for good. */
	| {readonly kind: 'delete'; readonly mailbox: MailboxPath};

export type MessageChange = Exclude<Change, MailboxChange>;

/**
 * How far a target has come. `copied` is half of a move on a server without MOVE, or to another account: the copy is
 * confirmed, the original is still there. `handed`: it is in the log of the other account, which has not settled it. A
 * target that is `sending` with nothing under way has lost its answer: it is looked up, not sent again.
 */
export type TargetState = 'waiting' | 'sending' | 'handed' | 'copied' | 'done';

export type Target = {
	readonly message: LogMessageId;
	/** Where it is now, as far as is known; uid 0: its mailbox is known, its UID there is not. */
	readonly place: Place;
	/** Where it was when it was decided. */
	readonly from: Place;
	/** The last move of it that had not been carried out when it was decided: it was shown where that was to bring it. */
	readonly behind?: OperationId;
	/** Of a flag: whether it was set before; undefined when nobody knew. */
	readonly wasSet: boolean | undefined;
	/** Its Message-ID; '' where that was not needed yet. */
	readonly messageId: string;
	/** In octets; 0 where it is not known. */
	readonly sizeBytes: number;
	readonly state: TargetState;
	/** Nothing more is sent of it, while others of the operation go on; it stays as it is until that is tried again. */
	readonly isRefused: boolean;
	/** Of an append. */
	readonly handed?: Handed;
};

export type Operation = {
	readonly id: OperationId;
	readonly change: Change;
	readonly targets: readonly Target[];
	/** Ms since the epoch. */
	readonly madeAt: number;
	/** `undone`: it was done, and then taken back by another operation. */
	readonly state: 'waiting' | 'done' | 'refused' | 'undone';
	/** Why it was refused, or some of its targets were while others still go on; in the server's words where there are any. */
	readonly refusal: SafeText;
	/** The operation that this one takes back. */
	readonly undoes: OperationId | undefined;
	/** Of a change of a mailbox: it was sent, and is not answered; of others their targets say so. */
	readonly isSent: boolean;
	/** The user does not want it sent yet, nor what depends on it. */
	readonly isHeld: boolean;
	/** One that was refused and that this counts on: it waits until that is tried again or given up. */
	readonly waitsFor: OperationId | undefined;
};

export const isSamePlace = (a: Place, b: Place): boolean =>
	a.mailbox === b.mailbox && a.uidValidity === b.uidValidity && a.uid === b.uid;

export const isMailboxChange = (change: Change): change is MailboxChange =>
	change.kind === 'create' || change.kind === 'rename' || change.kind === 'delete';

/** It brings a draft to the server, or takes our copy of one from there. */
export const isOfDraft = (change: Change): boolean =>
	change.kind === 'draft' || (change.kind === 'remove' && change.isDraft === true);

export const isAcross = (change: Change): change is AcrossChange =>
	(change.kind === 'move' || change.kind === 'copy') && 'account' in change.to;

/** All that is left of it is in the log of another account: nothing of it can be sent here. */
export function isElsewhere({change, targets}: Pick<Operation, 'change' | 'targets'>): boolean {
	const left = targets.filter(({state, isRefused}) => state !== 'done' && !isRefused);
	return isAcross(change) && left.length > 0 && left.every(({state}) => state === 'handed');
}

export const transferTo = (kind: 'move' | 'copy', to: Destination | AcrossChange['to']): Change =>
	({kind, to}) as Change;
