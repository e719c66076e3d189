/**
 * What the user decided: where things are to end up (law 3), never how. Kept in the log until the server has confirmed it.
 */
import type {MailboxPath} from './ids.ts';
import type {Flag} from './message.ts';
import {ours, type SafeText, safeLine} from './safe-text.ts';

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
	| {readonly kind: 'remove'};

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
	/** The user does not want it sent yet, nor what depends on it. */
	readonly isHeld: boolean;
	/** One that was refused and that this counts on: it waits until that is tried again or given up. */
	readonly waitsFor: OperationId | undefined;
};

export const isSamePlace = (a: Place, b: Place): boolean =>
	a.mailbox === b.mailbox && a.uidValidity === b.uidValidity && a.uid === b.uid;

const flagWords: Readonly<Record<string, readonly [set: string, unset: string]>> = {
	'\\seen': ['Mark as read', 'Mark as unread'],
	'\\flagged': ['Flag', 'Take the flag from'],
	'\\answered': ['Mark as answered', 'Mark as not answered'],
	'\\deleted': ['Mark as deleted', 'Mark as not deleted'],
};

function changeWords(change: Change): readonly [verb: string, target: string] {
	switch (change.kind) {
		case 'flag': {
			const words = flagWords[change.flag.toLowerCase()] ?? [`Set ${change.flag} on`, `Take ${change.flag} from`];
			return [change.isSet ? words[0] : words[1], ''];
		}
		case 'move':
			return ['use' in change.to && change.to.use === 'trash' ? 'Delete' : 'Move', destinationWords(change.to)];
		case 'copy':
			return ['Copy', destinationWords(change.to)];
		case 'remove':
			return ['Remove for good', ''];
	}
}

function destinationWords(to: Destination): string {
	if ('path' in to) return ` to ${to.path}`;
	return to.use === 'trash' ? '' : ' to the archive';
}

/** `Move 3 messages from INBOX to Lists/bonsai`. Made when it is shown; no subject is ever kept in the log (law 2). */
export function sentenceOf({change, targets}: Pick<Operation, 'change' | 'targets'>): SafeText {
	const [verb, target] = changeWords(change);
	const mailboxes = [...new Set(targets.map(each => each.from.mailbox))];
	const from = mailboxes.length === 1 ? mailboxes[0] : `${mailboxes.length} mailboxes`;
	const preposition = change.kind === 'flag' ? 'in' : 'from';
	return safeLine(`${verb} ${countOf(targets.length)} ${preposition} ${from}${target}`);
}

/** `3 messages moved to Lists/bonsai`. */
export function doneWords(change: Change, count: number): SafeText {
	const words = (): string => {
		switch (change.kind) {
			case 'flag':
				return (doneFlagWords[change.flag.toLowerCase()] ?? [`marked ${change.flag}`, `marked ${change.flag} no more`])[
					change.isSet ? 0 : 1
				];
			case 'move':
				if ('path' in change.to) return `moved to ${change.to.path}`;
				return change.to.use === 'trash' ? 'deleted' : 'archived';
			case 'copy':
				return `copied${destinationWords(change.to)}`;
			case 'remove':
				return 'removed for good';
		}
	};
	return safeLine(`${countOf(count)} ${words()}`);
}

const doneFlagWords: Readonly<Record<string, readonly [set: string, unset: string]>> = {
	'\\seen': ['marked as read', 'marked as unread'],
	'\\flagged': ['flagged', 'flagged no more'],
	'\\answered': ['marked as answered', 'marked as not answered'],
};

export const countOf = (count: number): SafeText =>
	ours(count === 1 ? '1 message' : `${count.toLocaleString('en-US')} messages`);
