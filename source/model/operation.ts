/**
 * What the user decided: where things are to end up (law 3), never how. Kept in the log until the server has confirmed it.
 */
import type {MailboxPath} from './ids.ts';
import type {Flag} from './message.ts';
import type {SafeText} from './safe-text.ts';

declare const brand: unique symbol;
export type OperationId = number & {readonly [brand]: 'OperationId'};

/** Our own number for a message in the log: it stays the message's while moves give it other UIDs (law 4). */
export type LogMessageId = number & {readonly [brand]: 'LogMessageId'};

/** Where a message is: a UID belongs to one UIDVALIDITY of one mailbox (RFC 9051 §2.3.1.1). */
export type Place = {readonly mailbox: MailboxPath; readonly uidValidity: number; readonly uid: number};

/** A mailbox by its name, or by what it is for where nobody has looked up the name yet. */
export type Destination = {readonly path: MailboxPath} | {readonly use: 'trash' | 'archive'};

export type Change =
	| {readonly kind: 'flag'; readonly flag: Flag; readonly isSet: boolean}
	| {readonly kind: 'move'; readonly to: Destination}
	| {readonly kind: 'copy'; readonly to: Destination}
	/** For good: there is no way back. */
	| {readonly kind: 'remove'}
	| MailboxChange;

/** What is decided about a mailbox itself: an operation without targets. */
export type MailboxChange =
	| {readonly kind: 'create'; readonly mailbox: MailboxPath}
	| {readonly kind: 'rename'; readonly mailbox: MailboxPath; readonly to: MailboxPath}
	/** With all that is in it, for good. */
	| {readonly kind: 'delete'; readonly mailbox: MailboxPath};

export type MessageChange = Exclude<Change, MailboxChange>;

/**
 * How far a target has come. `copied` is half of a move on a server without MOVE: the copy is confirmed, the original is
 * still there. A target that is `sending` with nothing under way has lost its answer: it is looked up, not sent again.
 */
export type TargetState = 'waiting' | 'sending' | 'copied' | 'done';

export type Target = {
	readonly message: LogMessageId;
	/** Where it is now, as far as is known; uid 0: its mailbox is known, its UID there is not. */
	readonly place: Place;
	/** Where it was when it was decided. */
	readonly from: Place;
	/** Of a flag: whether it was set before; undefined when nobody knew. */
	readonly wasSet: boolean | undefined;
	/** Its Message-ID; '' where that was not needed yet. */
	readonly messageId: string;
	readonly state: TargetState;
};

export type Operation = {
	readonly id: OperationId;
	readonly change: Change;
	readonly targets: readonly Target[];
	/** Ms since the epoch. */
	readonly madeAt: number;
	/** `undone`: it was done, and then taken back by another operation. */
	readonly state: 'waiting' | 'done' | 'refused' | 'undone';
	/** Why it was refused, in the server's words where there are any. */
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
