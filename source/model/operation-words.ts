/**
 * Decisions as sentences, made when they are shown: no subject is ever kept in the log (law 2). Pure.
 */
import {bytesOf} from './amounts.ts';
import {
	type AcrossChange,
	type AppendChange,
	type Change,
	type Destination,
	type DraftChange,
	type FileChange,
	isMailboxChange,
	type MailboxChange,
	type MessageChange,
	type Operation,
} from './operation.ts';
import {ours, type SafeText, safeLine} from './safe-text.ts';

const flagWords: Readonly<Record<string, readonly [set: string, unset: string]>> = {
	'\\seen': ['Mark as read', 'Mark as unread'],
	'\\flagged': ['Flag', 'Take the flag from'],
	'\\answered': ['Mark as answered', 'Mark as not answered'],
	'\\deleted': ['Mark as deleted', 'Mark as not deleted'],
};

function changeWords(
	change: Exclude<MessageChange, AppendChange | FileChange | DraftChange>,
): readonly [verb: string, target: string] {
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
			return change.isDrained ? ['Remove', ', here by now'] : ['Remove for good', ''];
	}
}

function destinationWords(to: Destination | AcrossChange['to']): string {
	if ('path' in to) return ` to ${to.path}`;
	if ('account' in to) return ` to ${to.account}/${to.mailbox}`;
	return to.use === 'trash' ? '' : ' to the archive';
}

/** `Move 3 messages from INBOX to Lists/bonsai`. */
export function sentenceOf({change, targets}: Pick<Operation, 'change' | 'targets'>): SafeText {
	if (isMailboxChange(change)) return mailboxSentence(change);
	if (change.kind === 'append')
		return safeLine(`Take in ${countOf(targets.length)} from ${change.from} into ${change.to.path}`);
	if (change.kind === 'file') return ours('File a copy of what you sent');
	if (change.kind === 'draft') return safeLine(`Save a draft on the server (${bytesOf(change.sizeBytes)})`);
	if (change.kind === 'remove' && change.isDraft) return ours('Remove the copy of a draft that is none any more');
	const [verb, target] = changeWords(change);
	const mailboxes = [...new Set(targets.map(each => each.from.mailbox))];
	const from = mailboxes.length === 1 ? mailboxes[0] : `${mailboxes.length} mailboxes`;
	// Taken back while it was on its way: nobody knew yet that it had gone.
	if (change.kind === 'move' && 'path' in change.to && change.to.path === from)
		return safeLine(`Move ${countOf(targets.length)} back to ${from}`);
	// What was on its way elsewhere was not seen where it lay.
	const isOnItsWay = targets.some(({behind}) => behind !== undefined);
	const place = isOnItsWay ? '' : ` ${change.kind === 'flag' ? 'in' : 'from'} ${from}`;
	return safeLine(`${verb} ${countOf(targets.length)}${place}${target}`);
}

function mailboxSentence(change: MailboxChange): SafeText {
	switch (change.kind) {
		case 'create':
			return safeLine(`Create the mailbox ${change.mailbox}`);
		case 'rename':
			return safeLine(`Rename the mailbox ${change.mailbox} to ${change.to}`);
		case 'delete':
			return safeLine(`Delete the mailbox ${change.mailbox}, for good`);
	}
}

function mailboxDoneWords(change: MailboxChange): SafeText {
	switch (change.kind) {
		case 'create':
			return safeLine(`Mailbox ${change.mailbox} created`);
		case 'rename':
			return safeLine(`Mailbox ${change.mailbox} renamed to ${change.to}`);
		case 'delete':
			return safeLine(`Mailbox ${change.mailbox} deleted`);
	}
}

/** `3 messages moved to Lists/bonsai`. */
export function doneWords(change: Change, count: number): SafeText {
	if (isMailboxChange(change)) return mailboxDoneWords(change);
	const words = (): string => {
		switch (change.kind) {
			case 'flag':
				return (doneFlagWords[change.flag.toLowerCase()] ?? [`marked ${change.flag}`, `marked ${change.flag} no more`])[
					change.isSet ? 0 : 1
				];
			case 'move':
				if (!('use' in change.to)) return `moved${destinationWords(change.to)}`;
				return change.to.use === 'trash' ? 'deleted' : 'archived';
			case 'copy':
				return `copied${destinationWords(change.to)}`;
			case 'remove':
				return change.isDrained || change.isDraft ? 'removed from the server' : 'removed for good';
			case 'append':
				return `taken in from ${change.from}`;
			case 'file':
				return 'filed with what you sent';
			case 'draft':
				return 'saved with the drafts';
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
