/**
 * Bytes spent, by what they were for and by mailbox. Counted at the TCP socket, below TLS and DEFLATE (law 8).
 */
import type {MailboxPath} from './ids.ts';

/** `waiting` is news and waiting for it; `keepalive` is what keeps a quiet line open. */
export const purposes = [
	'connect',
	'mailboxes',
	'rows',
	'structure',
	'text',
	'parts',
	'headers',
	'operations',
	'sending',
	'waiting',
	'keepalive',
] as const;
export type Purpose = (typeof purposes)[number];

/** Why bytes are spent. */
export type Cause = {
	readonly purpose: Purpose;
	/** The mailbox the question was about; '' for none. */
	readonly mailbox: MailboxPath | '';
};

/** What went over the line at one moment. */
export type Spent = Cause & {readonly upBytes: number; readonly downBytes: number; readonly turns: number};

export type Usage = {
	readonly upBytes: number;
	readonly downBytes: number;
	/** Times we spoke after the server had spoken: each cost one round trip. */
	readonly turns: number;
	/** Both ways together. */
	readonly byPurpose: Readonly<Record<Purpose, number>>;
	/** Both ways together; '' is what was about no mailbox. */
	readonly byMailbox: ReadonlyMap<MailboxPath | '', number>;
};

export const noUsage: Usage = {
	upBytes: 0,
	downBytes: 0,
	turns: 0,
	byPurpose: Object.fromEntries(purposes.map(purpose => [purpose, 0])) as Usage['byPurpose'],
	byMailbox: new Map(),
};

export function plus(usage: Usage, {purpose, mailbox, upBytes, downBytes, turns}: Spent): Usage {
	const bytes = upBytes + downBytes;
	return {
		upBytes: usage.upBytes + upBytes,
		downBytes: usage.downBytes + downBytes,
		turns: usage.turns + turns,
		byPurpose: {...usage.byPurpose, [purpose]: usage.byPurpose[purpose] + bytes},
		byMailbox: new Map(usage.byMailbox).set(mailbox, (usage.byMailbox.get(mailbox) ?? 0) + bytes),
	};
}

export const totalBytes = ({upBytes, downBytes}: Pick<Usage, 'upBytes' | 'downBytes'>): number => upBytes + downBytes;

/** The bytes ledger of an account. */
export type Ledger = {
	/** This connection, or the last one when there is none. */
	readonly connection: Usage;
	readonly today: Usage;
	readonly ever: Usage;
	/** Bytes in each of the last 24 hours and 30 days, oldest first; the last one is not over yet. */
	readonly lastHours: readonly number[];
	readonly lastDays: readonly number[];
};

/** What bytes were for, as the user is told. */
export const purposeWords: Readonly<Record<Purpose, string>> = {
	connect: 'connecting and leaving',
	mailboxes: 'mailboxes: listing, opening',
	rows: 'rows of messages',
	structure: 'opening messages',
	text: 'more of their text',
	parts: 'parts',
	headers: 'all headers',
	operations: 'changes: flags, moves, deletions',
	sending: 'sending mail',
	waiting: 'news and waiting for it',
	keepalive: 'keeping the line open',
};
