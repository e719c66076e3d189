/**
 * A mailbox that has another name: what lies below it goes along (RFC 9051 §6.3.6).
 */
import {inbox, type MailboxPath} from './ids.ts';
import type {MailboxChange} from './operation.ts';

export type Renaming = {
	readonly from: MailboxPath;
	readonly to: MailboxPath;
	/** What separates the levels of a name; '' where there are none, or nobody knows. */
	readonly delimiter: string;
};

/** What a mailbox is called after it; undefined: as before. INBOX stays, and only its messages go. */
export function renamedPath(path: string, {from, to, delimiter}: Renaming): MailboxPath | undefined {
	if (from === inbox) return undefined;
	if (path === from) return to;
	const below = `${from}${delimiter}`;
	if (delimiter === '' || !path.startsWith(below)) return undefined;
	return `${to}${delimiter}${path.slice(below.length)}` as MailboxPath;
}

/** What a mailbox that the server calls so will be called when these are done (oldest first); undefined: it will be no more. */
export function laterPath(
	path: MailboxPath,
	decided: readonly MailboxChange[],
	delimiter: string,
): MailboxPath | undefined {
	let later = path;
	for (const change of decided) {
		if (change.kind === 'delete' && change.mailbox === later) return undefined;
		if (change.kind !== 'rename') continue;
		later = renamedPath(later, {from: change.mailbox, to: change.to, delimiter}) ?? later;
	}
	return later;
}

/**
 * What the server, and all that is known of it, calls a mailbox as long as these changes (oldest first) are only decided.
 * One that is to be made under the name has no other.
 */
export function formerPath(path: MailboxPath, decided: readonly MailboxChange[], delimiter: string): MailboxPath {
	let former = path;
	for (const change of decided.toReversed()) {
		if (change.kind === 'create' && change.mailbox === former) return former;
		if (change.kind !== 'rename' || change.mailbox === inbox) continue;
		former = renamedPath(former, {from: change.to, to: change.mailbox, delimiter}) ?? former;
	}
	return former;
}
