/**
 * A message with files, a session that has it open, and a folder to save in: how tests about downloads begin.
 */
import assert from 'node:assert/strict';
import type {TestContext} from 'node:test';
import {type DemoServer, type Fault, MailboxState, startDemoServer} from '../../source/demo/server.ts';
import {inbox, type PartNumber} from '../../source/model/ids.ts';
import type {Transfer} from '../../source/model/transfer.ts';
import type {OpenMessage, Session} from '../../source/session/session.ts';
import {ownFolder} from './own-folder.ts';
import {newest, type Opened, type OpenOptions, openSession} from './session.ts';
import {until} from './waiting.ts';

/** Octets no compression makes smaller, the same each time. */
export function noise(length: number, seed = 1): Buffer {
	const octets = Buffer.alloc(length);
	let state = seed;
	for (let index = 0; index < length; index++) {
		state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
		octets[index] = state >>> 24;
	}
	return octets;
}

export const asBase64 = (octets: Buffer, column = 76): string =>
	octets.toString('base64').replaceAll(new RegExp(`.{${column}}`, 'g'), '$&\r\n');

/** In base64 unless it says so itself. */
type File = Buffer | {readonly encoding: string; readonly body: string};

/** A letter of a text and files. */
export function letterWith(...files: readonly File[]): string {
	const parts = files.map((file, index) => {
		const {encoding, body} = Buffer.isBuffer(file) ? {encoding: 'base64', body: asBase64(file)} : file;
		return `--m\r\nContent-Type: application/octet-stream; name="file-${index + 1}.bin"\r\nContent-Transfer-Encoding: ${encoding}\r\n\r\n${body}\r\n`;
	});
	return `From: Ada <ada@example.org>\r\nSubject: files\r\nDate: Fri, 20 Nov 2026 10:00:00 +0000\r\nContent-Type: multipart/mixed; boundary=m\r\n\r\n--m\r\n\r\nText.\r\n${parts.join('')}--m--\r\n`;
}

export async function serverWith(
	context: TestContext,
	letters: readonly string[],
	capabilities?: readonly string[],
): Promise<DemoServer> {
	const server = await startDemoServer({
		mailboxes: () => [
			{name: 'INBOX', state: new MailboxState(7)},
			{name: 'Other', state: new MailboxState(8)},
		],
		isRecording: true,
		...(capabilities ? {capabilities} : {}),
	});
	context.after(() => server.close());
	for (const each of letters) server.append('INBOX', each);
	return server;
}

type WithFilesOptions = Partial<OpenOptions> & {
	readonly capabilities?: readonly string[];
	/** Before the message is opened. */
	readonly fault?: Fault;
};

type WithFiles = Opened & {
	readonly server: DemoServer;
	/** To save in. */
	readonly folder: string;
	readonly message: OpenMessage;
	readonly said: () => string[];
};

/** The newest message, opened and its structure known. */
async function openNewest(session: Session): Promise<OpenMessage> {
	const row = (await newest(session.mailbox(inbox), 5)).at(-1);
	assert.ok(row);
	const message = session.message(row.id);
	message.ensureContent();
	await until(message.content, ({state, text}) => state === 'known' && !text.isAsking);
	return message;
}

export async function withFiles(
	context: TestContext,
	files: readonly File[],
	{capabilities, fault, ...options}: WithFilesOptions = {},
): Promise<WithFiles> {
	const server = await serverWith(context, [letterWith(...files)], capabilities);
	if (fault) server.faults.add(fault);
	const account = {disabledCapabilities: ['COMPRESS=DEFLATE'], ...options.account};
	const opened = await openSession(context, {port: server.port, ...options, account});
	const said = () => server.transcript.filter(({by}) => by === 'client').map(({text}) => text);
	const message = await openNewest(opened.session);
	return {...opened, server, folder: ownFolder(context), message, said};
}

/** Saves a part and waits until that is over, one way or the other. */
export async function saved(session: Session, message: OpenMessage, part: PartNumber, file: string): Promise<Transfer> {
	const id = message.save(part, file);
	assert.ok(id !== undefined, session.notice.get()?.text ?? 'it was not begun');
	return ended(session, id);
}

export async function ended(session: Session, id: number): Promise<Transfer> {
	const find = (all: readonly Transfer[]) => all.find(each => each.id === id);
	const isOver = (all: readonly Transfer[]) => ['done', 'failed'].includes(find(all)?.state ?? '');
	return find(await until(session.transfers, isOver)) as Transfer;
}
