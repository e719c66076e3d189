/**
 * One step of sending the log: what it is, and which an operation needs next. Pure.
 *
 * Laws: what was sent and not answered is looked up, not sent again (law 3); only UIDs, and only under the UIDVALIDITY
 * they were decided for.
 */
import {type AccountName, inbox, type MailboxPath} from '../model/ids.ts';
import type {Flag} from '../model/message.ts';
import {
	type AppendChange,
	type Change,
	type Destination,
	type DraftChange,
	type FileChange,
	isAcross,
	isMailboxChange,
	isSamePlace,
	type LogMessageId,
	type MailboxChange,
	type Operation,
	type Target,
	type Use,
} from '../model/operation.ts';
import {ours, type SafeText, safeLine} from '../model/safe-text.ts';
import {renumberedWords} from '../model/try-again.ts';
import {arrivingStep, filingStep, leavingStep} from './across-steps.ts';
import {draftStep} from './draft-steps.ts';

/** Some targets of one operation, all in one mailbox. */
export type Batch = {readonly operation: Operation; readonly targets: readonly Target[]};

export type Step =
	/** CREATE, RENAME, DELETE; never of the mailbox that is open. */
	| {
			readonly do: 'mailbox' | 'look-mailboxes';
			readonly mailbox: MailboxPath | undefined;
			readonly batches: readonly Batch[];
			readonly change: MailboxChange;
	  }
	/** Which mailbox is the Trash, or the archive? */
	| {readonly do: 'list'; readonly mailbox: undefined; readonly batches: readonly Batch[]}
	| StepIn<'store', {readonly flag: Flag; readonly isSet: boolean}>
	| StepIn<'move', {readonly to: MailboxPath}>
	| StepIn<'copy', {readonly to: MailboxPath}>
	/** The second half of a move without MOVE, and all of a removal: \Deleted, then UID EXPUNGE. */
	| StepIn<'remove', {readonly to: MailboxPath | undefined}>
	/** The answer to a MOVE was lost: which of them are still there? */
	| StepIn<'look', {readonly to: MailboxPath}>
	/** Their Message-IDs, since they will have to be looked up by them. */
	| StepIn<'name', {readonly to: MailboxPath}>
	/** The answer to a COPY was lost: which of them are in the mailbox they were copied to? */
	| StepIn<'find-copies', {readonly from: MailboxPath; readonly to: MailboxPath}>
	/** Nobody said which UID they got; they are found by their Message-ID. */
	| StepIn<'find', object>
	/** How large they are: what goes to another account is asked for by the octet. */
	| StepIn<'weigh', object>
	/** Into a file, and from there into the log of the other account. */
	| StepIn<'carry', {readonly account: AccountName}>
	/** What has come from another account, or was sent. */
	| {
			readonly do: 'append';
			readonly mailbox: undefined;
			readonly batches: readonly Batch[];
			readonly to: MailboxPath;
			readonly change: AppendChange | FileChange;
	  }
	/** The answer to an APPEND was lost: is it there? And: it was appended; is it there, whole? */
	| StepIn<'find-append', {readonly to: MailboxPath; readonly change: AppendChange | FileChange}>
	| StepIn<'verify', {readonly to: MailboxPath; readonly change: AppendChange}>
	/** A draft goes up (APPEND). Its answer was lost: is it there? Pieces of it were gone: is its older copy there? */
	| {
			readonly do: 'save-draft';
			readonly mailbox: undefined;
			readonly batches: readonly Batch[];
			readonly to: MailboxPath;
			readonly change: DraftChange;
	  }
	| StepIn<'find-draft', {readonly to: MailboxPath; readonly change: DraftChange}>
	| StepIn<'look-draft', {readonly change: DraftChange}>
	/** It goes up in the place of its older copy (REPLACE). */
	| StepIn<'exchange-draft', {readonly to: MailboxPath; readonly change: DraftChange}>
	/** It is there: its older copy goes. */
	| StepIn<'replace-draft', {readonly change: DraftChange}>
	/** There is no older copy, or none that we may touch; there is no mailbox for it. */
	| {readonly do: 'settle-draft' | 'withdraw-draft'; readonly mailbox: undefined; readonly batches: readonly Batch[]}
	/** What it was to bring about is so. */
	| {readonly do: 'settle'; readonly mailbox: undefined; readonly batches: readonly Batch[]}
	| {
			readonly do: 'refuse';
			readonly mailbox: undefined;
			readonly batches: readonly Batch[];
			readonly because: SafeText;
	  };

type StepIn<Name extends string, Rest> = {
	readonly do: Name;
	readonly mailbox: MailboxPath;
	readonly batches: readonly Batch[];
} & Rest;

export type StepOf<Name extends Step['do']> = Extract<Step, {do: Name}>;

export type Surroundings = {
	readonly has: (capability: string) => boolean;
	/** The mailbox that is open on the connection. */
	readonly selected: MailboxPath | undefined;
	/** The mailbox of that use: `undefined` as long as nobody asked the server, '' when there is none. */
	readonly special: (use: Use) => MailboxPath | '' | undefined;
	readonly uidValidityOf: (mailbox: MailboxPath) => number | undefined;
	readonly isReadOnly: (mailbox: MailboxPath) => boolean;
	/** Without a message: of a change of a mailbox. */
	readonly isUnderWay: (operation: Operation, message?: LogMessageId) => boolean;
	/** The user has left it out of the call that is going on. */
	readonly isLeftOut?: (operation: Operation) => boolean;
	/** It was refused together with others, so that nobody knows which of them was meant: it is sent by itself. */
	readonly isAlone: (operation: Operation) => boolean;
};

const isDrained = (change: Change): boolean => change.kind === 'remove' && change.isDrained === true;

/** A Message-ID that was looked for and is not there. */
export const noMessageId = '-';

/** `isFollowed`: something else was decided about one of its messages behind it. */
export function stepOf(
	operation: Operation,
	left: readonly Target[],
	around: Surroundings,
	isFollowed: boolean,
): Step | undefined {
	const {change} = operation;
	if (isMailboxChange(change)) return mailboxStep(operation, change, around);
	const [first] = left.filter(({state, isRefused}) => state !== 'handed' && !isRefused);
	if (first === undefined) return undefined;
	if (change.kind === 'append')
		return arrivingStep(
			operation,
			change,
			left.filter(({isRefused}) => !isRefused),
		);
	if (change.kind === 'draft') return draftStep(operation, change, first, around);
	if (change.kind === 'file') return sentStep(operation, change, first, around);
	// It has gone from the maildrop, which is all that was to be.
	const moved = left.filter(({place, from}) => isDrained(change) && !isSamePlace(place, from));
	if (moved.length > 0) return {do: 'settle', mailbox: undefined, batches: [{operation, targets: moved}]};
	const {mailbox, uidValidity} = first.place;
	const isLookedUp = first.place.uid === 0 || first.state === 'sending';
	const targets = left.filter(
		({place, state, messageId, isRefused}) =>
			!isRefused &&
			place.mailbox === mailbox &&
			place.uidValidity === uidValidity &&
			state === first.state &&
			(messageId === '') === (first.messageId === '') &&
			(!isLookedUp || (messageId === noMessageId) === (first.messageId === noMessageId)),
	);
	const batches = [{operation, targets}];
	const refuse = (because: SafeText): Step => ({do: 'refuse', mailbox: undefined, batches, because});
	if (first.place.uid === 0) {
		// Nobody knows of a copy, so none is touched.
		if (change.kind === 'remove' && change.isDraft) return {do: 'settle', mailbox: undefined, batches};
		if (first.messageId !== '' && first.messageId !== noMessageId) return {do: 'find', mailbox, batches};
		return refuse(safeLine(`nobody knows which message of ${mailbox} it is by now: look for it there`));
	}
	const known = around.uidValidityOf(mailbox);
	if (known !== undefined && known !== uidValidity) return refuse(renumberedWords(mailbox));
	if (change.kind !== 'copy' && around.isReadOnly(mailbox))
		return refuse(safeLine(`the mailbox ${mailbox} is read-only`));
	if (change.kind === 'flag') return {do: 'store', mailbox, batches, flag: change.flag, isSet: change.isSet};
	if (change.kind === 'remove') return {do: 'remove', mailbox, batches, to: undefined};
	if (isAcross(change)) return leavingStep(operation, change, mailbox, targets);
	return transferStep(change, mailbox, batches, {first, around, isFollowed});
}

/** The list of mailboxes is asked for when it is not known which is the one of sent mail. */
function sentStep(operation: Operation, change: FileChange, target: Target, {special}: Surroundings): Step {
	const batches = [{operation, targets: [target]}];
	const to = special(change.to.use);
	if (to === undefined) return {do: 'list', mailbox: undefined, batches};
	if (to === '') return {do: 'refuse', mailbox: undefined, batches, because: noSuchPlace(change.to.use)};
	return filingStep(operation, change, target, to);
}

function mailboxStep(operation: Operation, change: MailboxChange, {selected}: Surroundings): Step {
	const batches = [{operation, targets: []}];
	if (operation.isSent) return {do: 'look-mailboxes', mailbox: undefined, batches, change};
	const isOpen = change.kind !== 'create' && selected !== undefined && selected.startsWith(change.mailbox);
	return {do: 'mailbox', mailbox: isOpen ? inbox : undefined, batches, change};
}

function transferStep(
	{kind, to: destination}: {readonly kind: 'move' | 'copy'; readonly to: Destination},
	mailbox: MailboxPath,
	batches: readonly Batch[],
	{first, around, isFollowed}: {readonly first: Target; readonly around: Surroundings; readonly isFollowed: boolean},
): Step {
	const refuse = (because: SafeText): Step => ({do: 'refuse', mailbox: undefined, batches, because});
	const to = 'path' in destination ? destination.path : around.special(destination.use);
	if (to === undefined) return {do: 'list', mailbox: undefined, batches};
	if (to === '') return refuse(noSuchPlace('use' in destination ? destination.use : 'archive'));
	if (to === mailbox && kind === 'move') {
		// Another client has moved it there; or what had brought it to where it was shown was struck, or is taken back and was
		// refused.
		const isTakenBack = batches[0]?.operation.undoes !== undefined;
		if ('path' in destination || isTakenBack || first.from.mailbox !== mailbox)
			return {do: 'settle', mailbox: undefined, batches};
		// Nobody knew of which use the mailbox is when that was decided in it.
		return refuse(safeLine(`it is in ${mailbox} already`));
	}
	if (first.state === 'copied') return {do: 'remove', mailbox, batches, to};
	// Once the answer to the move is lost, there is nobody left to ask for the name of what was moved.
	if (kind === 'move' && isFollowed && first.state === 'waiting' && first.messageId === '')
		return {do: 'name', mailbox, batches, to};
	const isByMove = kind === 'move' && around.has('MOVE');
	if (first.state === 'waiting') return {do: isByMove ? 'move' : 'copy', mailbox, batches, to};
	if (isByMove) return {do: 'look', mailbox, batches, to};
	if (first.messageId === '') return {do: 'name', mailbox, batches, to};
	return {do: 'find-copies', mailbox: to, batches, from: mailbox, to};
}

const noSuchPlace = (use: Use): SafeText => ours(noPlaceWords[use]);

const noPlaceWords: Readonly<Record<Use, string>> = {
	trash:
		'this account has no Trash that is known. Name one (bonsai account add … --special trash=NAME), or use :remove, which is for good',
	archive:
		'this account has no archive that is known. Name one (bonsai account add … --special archive=NAME), or use s',
	drafts: 'this account has no mailbox for drafts that is known',
	sent: 'this account has no mailbox for sent mail that is known. Make one (:mailbox create Sent), then try this again',
};
