/**
 * The same session without a screen: for scripts, pipes and screen readers. Start here.
 *
 * A command asks a session for something, waits until it is there, and prints it: plain text, or JSON whose shape is a
 * promise (docs/commands.md, test/commands/json.test.ts). What cannot be done is an `Undone`, with a sentence.
 * It must not know React, IMAP or the disk; nothing here waits for news.
 */
import type {AccountName, MailboxPath, PartNumber} from '../model/ids.ts';
import {ours} from '../model/safe-text.ts';
import type {CommandSession, OpenMessage} from '../session/session.ts';
import type {Line} from './line.ts';
import type {Output} from './output.ts';
import {Undone} from './undone.ts';

export type Around = {
	readonly session: CommandSession;
	readonly line: Line;
	readonly output: Output;
	readonly isJson: boolean;
	/** All accounts there are. */
	readonly accounts?: readonly AccountName[];
	/** Accounts that messages are moved or copied to, where what goes there is sent at once. */
	readonly others?: readonly {readonly session: CommandSession; readonly line: Line}[];
};

/** How a message is named on the command line. */
export type MessageName = {
	readonly mailbox: MailboxPath;
	readonly uid: number;
	/** That of which the user knows the UID; undefined: whatever it is now. */
	readonly uidValidity: number | undefined;
};

/** Opens the message that is named, or says why not. */
export async function openNamed(
	{session, line}: Around,
	{mailbox, uid, uidValidity}: MessageName,
	{withText, part = '' as PartNumber}: {readonly withText: boolean; readonly part?: PartNumber},
): Promise<OpenMessage> {
	const asked = session.ensureNamed(mailbox, uid, {uidValidity, withText});
	const named = await line.arrived(asked, ({state}) => state !== 'asking');
	if (named.state === 'known') return session.message(named.id, part);
	throw new Undone('because' in named ? named.because : ours('The message did not come'));
}

/** What JSON says of where a message is. */
export const whereOf = ({session}: Around, {mailbox, uid}: MessageName) => ({
	account: session.account,
	mailbox,
	uidValidity: session.mailbox(mailbox).state.get().uidValidity ?? null,
	uid,
});
