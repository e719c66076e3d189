/**
 * The server of one seed: which extensions it has, and what is in its mailboxes at the start. Some messages share a
 * Message-ID, one has none: what is looked up by it must not be taken for another.
 */
import {type DemoServer, fullCapabilities, MailboxState, startDemoServer} from '../../../source/demo/server.ts';
import {type MailboxPath, mailboxPath} from '../../../source/model/ids.ts';

const bare = ['IMAP4rev1', 'SASL-IR', 'AUTH=PLAIN'];
const without = (...names: readonly string[]): string[] => fullCapabilities.filter(name => !names.includes(name));

export const servers: readonly {readonly name: string; readonly capabilities: readonly string[]}[] = [
	{name: 'all extensions', capabilities: fullCapabilities},
	{name: 'all but MOVE', capabilities: without('MOVE', 'COMPRESS=DEFLATE')},
	{name: 'all but QRESYNC', capabilities: without('QRESYNC', 'COMPRESS=DEFLATE')},
	{name: 'all but UIDPLUS', capabilities: without('UIDPLUS', 'COMPRESS=DEFLATE', 'IDLE')},
	{name: 'CONDSTORE and no MOVE', capabilities: [...bare, 'CONDSTORE', 'ENABLE', 'UIDPLUS', 'ESEARCH']},
	{name: 'MOVE and no UIDPLUS', capabilities: [...bare, 'MOVE', 'IDLE']},
	{name: 'UIDPLUS and no MOVE', capabilities: [...bare, 'UIDPLUS', 'LIST-EXTENDED', 'LIST-STATUS']},
	{name: 'bare IMAP4rev1', capabilities: bare},
];

export const places: readonly MailboxPath[] = ['INBOX', 'Trash', 'Archive'].map(mailboxPath);
export const trash = mailboxPath('Trash');

const messageIdOf = (subject: string): string => {
	if (subject === 'nameless') return '';
	return `Message-ID: <${subject.startsWith('twin') ? 'twin' : subject}@example.org>\r\n`;
};

/** Its text says its subject, so that nobody's text is shown as another's. */
export const letter = (subject: string): string =>
	`From: Ada <ada@example.org>\r\nTo: me@example.org\r\n${messageIdOf(subject)}Date: Fri, 20 Nov 2026 10:00:00 +0000\r\nSubject: ${subject}\r\n\r\nAbout ${subject}.\r\n`;

export type World = {readonly server: DemoServer; readonly name: string; readonly hasMove: boolean};

export async function startWorld(seed: number): Promise<World> {
	const {name, capabilities} = servers[seed % servers.length]!;
	const server = await startDemoServer({
		capabilities,
		isRecording: process.env.BONSAI_FUZZ_TRACE !== undefined,
		mailboxes: () => [
			{name: 'INBOX', state: new MailboxState(7)},
			{name: 'Trash', state: new MailboxState(8), specialUse: '\\Trash'},
			{name: 'Archive', state: new MailboxState(9)},
		],
	});
	for (const subject of ['m1', 'm2', 'm3', 'm4', 'twin', 'twin-longer', 'nameless'])
		server.append('INBOX', letter(subject));
	server.append('Archive', letter('a1'));
	server.append('Archive', letter('a2'), ['\\Seen']);
	server.append('Trash', letter('t1'));
	return {server, name, hasMove: capabilities.includes('MOVE')};
}

/** A message in one mailbox, as the server has it. */
export type Instance = {
	readonly mailbox: MailboxPath;
	readonly uid: number;
	readonly subject: string;
	readonly flags: ReadonlySet<string>;
};

/** What a mailbox holds, oldest first. */
export function heldIn(server: DemoServer, mailbox: MailboxPath): Instance[] {
	const state = server.mailbox(mailbox)!;
	return [...state.uids.within(1, state.uidNext)].map(uid => ({
		mailbox,
		uid,
		subject: subjectOf(state.letter(uid).message.bytes.read(0, 400).toString()),
		flags: state.flags(uid),
	}));
}

const subjectOf = (raw: string): string => /^Subject: (.*)\r$/m.exec(raw)?.[1] ?? '';

/** Grows with every change that anybody makes. */
export const versionOf = (server: DemoServer): string =>
	places.map(path => `${server.mailbox(path)!.uidValidity}/${server.mailbox(path)!.highestModseq}`).join(' ');
