/**
 * Brings messages of an mbox, or of a Maildir and those below it, into local mail. Each gets a key made of what is in it, so
 * that an import that was cut short is run again and goes on: what is there already is passed by.
 */
import {createHash} from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import {Failure} from '../model/failure.ts';
import {type MailboxPath, mailboxPath} from '../model/ids.ts';
import type {Flag} from '../model/message.ts';
import {codeOf, diskFailure} from './disk-failure.ts';
import {beginsWithField, fieldsOf} from './header-fields.ts';
import {lettersFor, readKeywords} from './keywords.ts';
import {levelOf} from './mailbox-folders.ts';
import {type Delivery, deliverAll, keysIn, readMessage} from './maildir.ts';
import {byDelivery, flagsOf, readName} from './maildir-name.ts';
import {type Read, readMbox} from './mbox.ts';

export type Imported = {
	readonly messages: number;
	readonly wereThere: number;
	readonly problems: number;
	/** Of an mbox, in octets; of a Maildir, in files. */
	readonly done: number;
	readonly all: number;
};

export type Import = {
	readonly mailbox: MailboxPath;
	readonly read: AsyncIterable<Read>;
	/** What of it was read, and how much there is. */
	readonly progress: () => {readonly done: number; readonly all: number};
};

const messagesAtOnce = 64;
const bytesAtOnce = 8_000_000;

/** What is to be imported from a file or folder. Throws a Failure. */
export async function importsOf(source: string, mailbox: MailboxPath): Promise<Import[]> {
	try {
		const stat = await fs.stat(source);
		if (!stat.isDirectory()) return [ofMbox(source, mailbox, stat.size)];
		const found: Import[] = [];
		const visit = async (folder: string, into: MailboxPath): Promise<void> => {
			const entries = await fs.readdir(folder, {withFileTypes: true});
			const folders = entries.filter(each => each.isDirectory()).map(({name}) => name);
			if (folders.includes('cur')) found.push(await ofMaildir(folder, into));
			for (const name of folders.sort())
				if (!['cur', 'new', 'tmp'].includes(name) && !name.startsWith('.'))
					await visit(path.join(folder, name), mailboxPath(`${into}/${levelOf(name)}`));
		};
		await visit(source, mailbox);
		return found;
	} catch (error) {
		throw diskFailure(error, `to read ${source}`);
	}
}

function ofMbox(file: string, mailbox: MailboxPath, all: number): Import {
	let done = 0;
	const read = readMbox(file, bytes => {
		done = bytes;
	});
	return {mailbox, read, progress: () => ({done, all})};
}

async function ofMaildir(folder: string, mailbox: MailboxPath): Promise<Import> {
	const keywords = await readKeywords(folder);
	const files: string[] = [];
	for (const place of ['cur', 'new'])
		for (const name of await fs.readdir(path.join(folder, place)))
			if (!name.startsWith('.')) files.push(path.join(folder, place, name));
	const inOrder = byDelivery(files, file => readName(path.basename(file)).key);
	let done = 0;
	async function* read(): AsyncGenerator<Read> {
		for (const file of inOrder) {
			done += 1;
			yield await readOne(file, flagsOf(readName(path.basename(file)).letters, keywords));
		}
	}
	return {mailbox, read: read(), progress: () => ({done, all: files.length})};
}

async function readOne(file: string, flags: readonly Flag[]): Promise<Read> {
	try {
		const {octets, date} = await readMessage(file);
		if (!beginsWithField(octets)) return {is: 'problem', where: file, because: 'no message: it has no header'};
		return {is: 'message', octets, flags, date};
	} catch (error) {
		return {is: 'problem', where: file, because: `it cannot be read (${codeOf(error)})`};
	}
}

/** `folder`: the Maildir they go to. Throws a Failure; what was imported until then stays, and is passed by the next time. */
export async function importInto(
	folder: string,
	{read, progress}: Import,
	onProgress: (so: Imported) => void,
	onProblem: (where: string, because: string) => void,
): Promise<Imported> {
	const keysThere = new Set([...(await keysIn(folder))].map(whatOf));
	const seen = new Map<string, number>();
	let [messages, wereThere, problems, bytes, position] = [0, 0, 0, 0, 0];
	let waiting: Delivery[] = [];
	const so = (): Imported => ({messages, wereThere, problems, ...progress()});
	const deliver = async (): Promise<void> => {
		if (waiting.length > 0) await deliverAll(folder, waiting);
		messages += waiting.length;
		waiting = [];
		bytes = 0;
		onProgress(so());
	};
	for await (const each of read) {
		if (each.is === 'problem') {
			problems += 1;
			onProblem(each.where, each.because);
			continue;
		}
		const {octets, flags} = each;
		const date = each.date ?? dateIn(octets) ?? 0;
		const hash = createHash('sha256').update(octets).digest('hex').slice(0, 24);
		const copies = (seen.get(hash) ?? 0) + 1;
		seen.set(hash, copies);
		position += 1;
		// Of messages of one second it tells the order.
		const key = `${Math.max(0, Math.floor(date / 1000))}.Q${position}I${hash}N${copies}.bonsai`;
		if (keysThere.has(whatOf(key))) {
			wereThere += 1;
			continue;
		}
		waiting.push({key, octets, letters: await lettersOf(folder, flags), date});
		bytes += octets.length;
		if (waiting.length >= messagesAtOnce || bytes >= bytesAtOnce) await deliver();
	}
	await deliver();
	return so();
}

/** The key without where it stood in what was imported: a file from which something was taken since brings the rest once. */
const whatOf = (key: string): string => key.replace(/^(\d+\.)Q\d+(?=I)/, '$1');

/** A keyword for which a Maildir has no letter left is not kept. */
const lettersOf = (folder: string, flags: readonly Flag[]): Promise<string> =>
	lettersFor(folder, flags).catch(error => {
		if (!(error instanceof Failure)) throw error;
		return lettersFor(folder, flags, {mayAdd: false});
	});

/** What it says itself of when it was sent. */
function dateIn(octets: Buffer): number | undefined {
	const text = fieldsOf(octets.subarray(0, 100_000), ['date'], 200).toString('latin1');
	const date = Date.parse(
		text
			.replace(/^date\s*:/i, '')
			.replace(/\(.*?\)/g, '')
			.trim(),
	);
	return Number.isNaN(date) ? undefined : date;
}
