/** `bonsai mailboxes`: what there is, with counts. */
import type {Mailbox} from '../model/mailbox.ts';
import type {Around} from './command.ts';
import {mailboxJson} from './json.ts';
import {table} from './table.ts';

export async function mailboxes({session, line, output, isJson}: Around): Promise<void> {
	session.ensureMailboxes();
	await line.arrived(session.mailboxes, ({state}) => state === 'known');
	// A server without LIST-STATUS counts them one by one.
	await session.settled();
	const {mailboxes: all} = session.mailboxes.get();
	if (isJson) output.json({account: session.account, mailboxes: all.map(mailboxJson)});
	else output.lines(mailboxLines(all, output));
}

/** Messages, unread, what it is for, name. */
function mailboxLines(all: readonly Mailbox[], look: {readonly isTerminal: boolean}): string[] {
	const rows = all
		.filter(({isSelectable}) => isSelectable)
		.map(({name, messages, unseen, specialUse}) => [
			String(messages ?? ''),
			String(unseen ?? ''),
			specialUse ?? '',
			name,
		]);
	return table(rows, [{align: 'right'}, {align: 'right'}, {}, {}], look);
}
