/** `bonsai list MAILBOX`: the newest messages, the newest last. */
import {sizeOf} from '../model/amounts.ts';
import type {MailboxPath} from '../model/ids.ts';
import {hasFlag, type Message} from '../model/message.ts';
import type {OpenMailbox} from '../session/session.ts';
import type {Around} from './command.ts';
import {messageJson} from './json.ts';
import {localMoment} from './moment.ts';
import {table} from './table.ts';
import {Undone} from './undone.ts';

type ListOptions = {readonly mailbox: MailboxPath; readonly limit: number};

export async function list(
	{session, line, output, isJson}: Around,
	{mailbox: path, limit}: ListOptions,
): Promise<void> {
	const mailbox = session.mailbox(path);
	mailbox.ensureNewest(limit);
	const {state, because, count, uidValidity} = await line.arrived(
		mailbox.state,
		now => now.state === 'refused' || (now.state === 'open' && newest(mailbox, limit) !== undefined),
	);
	if (state === 'refused') throw new Undone(because);
	const messages = newest(mailbox, limit) ?? [];
	if (isJson) {
		output.json({
			account: session.account,
			mailbox: path,
			uidValidity: uidValidity ?? null,
			count: count ?? null,
			messages: messages.map(messageJson),
		});
	} else output.lines(messageLines(messages, output));
}

/** Undefined while some are not here. Looks at the newest first: it comes last. */
function newest(mailbox: OpenMailbox, limit: number): Message[] | undefined {
	const {count} = mailbox.state.get();
	if (count === undefined) return undefined;
	const messages: Message[] = [];
	for (let position = count; position > Math.max(0, count - limit); position--) {
		const row = mailbox.row(position);
		if (row === undefined) return undefined;
		messages.push(row);
	}
	return messages.reverse();
}

/** UID, flags, date, from, size, subject. */
function messageLines(messages: readonly Message[], look: {readonly isTerminal: boolean}): string[] {
	const rows = messages.map(message => [
		message.uid === 0 ? '' : String(message.uid),
		flagLetters(message),
		localMoment(message.date),
		message.from,
		!isKnown(message) ? '' : look.isTerminal ? sizeOf(message.sizeBytes) : String(message.sizeBytes),
		message.subject,
	]);
	return table(rows, [{align: 'right'}, {}, {}, {mostColumns: 30}, {align: 'right'}, {}], look);
}

/** A row that could not be read has no UID; one that was moved here and waits has none either, but all the rest. */
const isKnown = ({uid, isPending}: Message): boolean => uid !== 0 || isPending;

const letters = [
	['\\Flagged', 'F'],
	['\\Answered', 'A'],
	['$Forwarded', 'P'],
	['\\Draft', 'T'],
	['\\Deleted', 'D'],
] as const;

/** N new, F flagged, A answered, P passed on, T draft, D marked as deleted; '' for a message that was just read. */
function flagLetters(message: Message): string {
	if (!isKnown(message)) return '';
	const set = letters.filter(([flag]) => hasFlag(message, flag)).map(([, letter]) => letter);
	return [...(hasFlag(message, '\\Seen') ? [] : ['N']), ...set].join('');
}
