/**
 * What a run plays on: a server with its mailboxes and their first messages, and all that becomes of them by others than
 * the clients. The demo server is one (demo-world.ts). Some messages share a Message-ID, one has none: what is looked up by
 * it must not be taken for another.
 */
import type {Random} from '../../../source/demo/random.ts';
import type {Account} from '../../../source/model/account.ts';
import {type MailboxPath, mailboxPath} from '../../../source/model/ids.ts';
import type {Step} from './steps.ts';

export const places: readonly MailboxPath[] = ['INBOX', 'Trash', 'Archive'].map(mailboxPath);
export const trash = mailboxPath('Trash');
/** Made, renamed and deleted in a run. To what must become of a message they are one place, whatever they are called. */
export const boxes: readonly MailboxPath[] = ['Box1', 'Box2', 'Box3'].map(mailboxPath);
export const familyOf = (mailbox: MailboxPath): MailboxPath => (boxes.includes(mailbox) ? boxes[0]! : mailbox);

/** What the server says when a test has it refuse; nothing was touched. */
export const refusalText = 'Not today';

/** A message in one mailbox, as the server has it. */
export type Instance = {
	readonly mailbox: MailboxPath;
	readonly uid: number;
	readonly subject: string;
	readonly flags: ReadonlySet<string>;
};

export type World = {
	readonly name: string;
	readonly hasMove: boolean;
	/** How a client gets there. */
	readonly account: Account;
	readonly secret: string;
	/** What happens only here. */
	readonly ownSteps: readonly Step[];
	/** Waits until nothing is under way at the server, and takes down what it holds. */
	readonly look: () => Promise<void>;
	/** Which of `boxes` are there; undefined: none ever is. */
	readonly boxes?: () => readonly MailboxPath[];
	/** What a mailbox held at the last look, oldest first; of one that is not there nothing. */
	readonly heldIn: (mailbox: MailboxPath) => readonly Instance[];
	readonly uidValidityOf: (mailbox: MailboxPath) => number | undefined;
	/** Another one after each change that anybody makes. */
	readonly version: () => string;
	/** Another program's work. */
	readonly append: (mailbox: MailboxPath, subject: string, flags: readonly string[]) => Promise<void>;
	readonly expunge: (mailbox: MailboxPath, uid: number) => Promise<void>;
	readonly move: (mailbox: MailboxPath, uid: number, to: MailboxPath) => Promise<void>;
	readonly setFlag: (mailbox: MailboxPath, uid: number, flag: string, isSet: boolean) => Promise<void>;
	/** All the same messages, of other UIDs. */
	readonly renumber: (mailbox: MailboxPath, uidValidity: number) => Promise<void>;
	/** All lines of the clients. */
	readonly cut: () => void;
	/** Something goes wrong, once, when there is occasion. Returns what. */
	readonly addFault: (chance: Random, serial: number) => string;
	/** The next rows that a client asks for are not told, or not all of them: then its line ends. */
	readonly cutRows: (chance: Random) => void;
	readonly clearFaults: () => void;
	/** Longer than any run takes there: a run that hangs says where. */
	readonly longestMs: number;
	readonly transcript: () => string;
	readonly close: () => Promise<void>;
};

export const atTheStart: readonly Omit<Instance, 'uid'>[] = [
	...['m1', 'm2', 'm3', 'm4', 'twin', 'twin-longer', 'nameless'].map(subject => [0, subject] as const),
	[2, 'a1'] as const,
	[2, 'a2', '\\Seen'] as const,
	[1, 't1'] as const,
	// Of the same Message-ID, each in a size of its own.
	[1, 'twin-2'] as const,
	[2, 'twin-three'] as const,
].map(([place, subject, ...flags]) => ({mailbox: places[place]!, subject, flags: new Set<string>(flags)}));

const messageIdOf = (subject: string): string => {
	if (subject === 'nameless') return '';
	return `Message-ID: <${subject.startsWith('twin') ? 'twin' : subject}@example.org>\r\n`;
};

/** Some have two parts. */
export const hasChart = (subject: string): boolean => /[13579]$/.test(subject);

/** Its text says its subject, so that nobody's text is shown as another's. */
export function letter(subject: string): string {
	const header = `From: Ada <ada@example.org>\r\nTo: me@example.org\r\n${messageIdOf(subject)}Date: Fri, 20 Nov 2026 10:00:00 +0000\r\nSubject: ${subject}\r\n`;
	const text = `About ${subject}.\r\n`;
	if (!hasChart(subject)) return `${header}\r\n${text}`;
	const boundary = `of-${subject}`;
	const parts = [`\r\n${text}`, `Content-Type: application/pdf\r\n\r\nChart of ${subject}.\r\n`];
	const body = parts.map(part => `--${boundary}\r\n${part}\r\n`).join('');
	return `${header}MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="${boundary}"\r\n\r\n${body}--${boundary}--\r\n`;
}

export const subjectOf = (raw: string): string => /^Subject: (.*)\r$/m.exec(raw)?.[1] ?? '';

/** The mailboxes that are there. */
export const placesOf = (world: World): readonly MailboxPath[] => [...places, ...(world.boxes?.() ?? [])];
