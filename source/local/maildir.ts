/**
 * One Maildir: `cur`, `new` and `tmp` with a file for each message. Here files are written, linked, renamed and removed.
 *
 * Laws: a message appears in `cur` or `new` whole and on the disk, or not at all; nothing there is ever overwritten; when a
 * function returns, what it did outlives a loss of power. A link in place of a file is not followed.
 */
import {constants} from 'node:fs';
import fs from 'node:fs/promises';
import path from 'node:path';
import {diskFailure, isMissing} from './disk-failure.ts';
import {nameWith, readName, uniqueKey} from './maildir-name.ts';
import {sentForm, storedForm} from './stored-octets.ts';

/** A file of it: `cur/NAME` or `new/NAME`. */
export type Place = {readonly isNew: boolean; readonly name: string};

export const fileAt = (folder: string, {isNew, name}: Place): string => path.join(folder, isNew ? 'new' : 'cur', name);

/** Each waits for the disk by itself, and it can take several. */
const writtenAtOnce = 16;

/** What a program left there has been forgotten by it (the Maildir page says 36 hours). */
const oldTmpMs = 36 * 3600_000;

export async function makeMaildir(folder: string): Promise<void> {
	for (const name of ['tmp', 'new', 'cur']) await fs.mkdir(path.join(folder, name), {recursive: true, mode: 0o700});
	await syncFolder(folder);
	await syncFolder(path.dirname(folder));
}

/** What a folder says of its files is on the disk. */
export async function syncFolder(folder: string): Promise<void> {
	const opened = await fs.open(folder, 'r');
	try {
		await opened.sync();
	} catch (error) {
		// Some file systems know no such thing.
		if ((error as NodeJS.ErrnoException).code !== 'EINVAL') throw error;
	} finally {
		await opened.close();
	}
}

export type Delivery = {
	readonly key?: string;
	readonly octets: Buffer;
	readonly letters: string;
	/** INTERNALDATE, in ms since the epoch. */
	readonly date: number;
};

/** Puts a message into `cur`. Returns its name there. Throws a Failure, and then nothing of it is left. */
export async function deliver(folder: string, delivery: Delivery): Promise<string> {
	try {
		const name = await put(folder, delivery);
		await syncFolder(path.join(folder, 'cur'));
		return name;
	} catch (error) {
		throw diskFailure(error, 'to store the message');
	}
}

/** Many: the folder is written to the disk once. Throws a Failure; of each message all is there then, or nothing. */
export async function deliverAll(folder: string, deliveries: readonly Delivery[]): Promise<void> {
	try {
		for (let at = 0; at < deliveries.length; at += writtenAtOnce) {
			const some = deliveries.slice(at, at + writtenAtOnce).map(each => put(folder, each));
			const failed = (await Promise.allSettled(some)).find(result => result.status === 'rejected');
			if (failed) throw failed.reason;
		}
		await syncFolder(path.join(folder, 'cur'));
	} catch (error) {
		throw diskFailure(error, 'to store the messages');
	}
}

async function put(folder: string, {key = uniqueKey(), octets, letters, date}: Delivery): Promise<string> {
	const stored = storedForm(octets);
	const sizes = stored.isAsSent ? `S=${stored.octets.length},B=` : `S=${stored.octets.length},W=${octets.length}`;
	const [draft, name] = [path.join(folder, 'tmp', key), nameWith(`${key},${sizes}`, letters)];
	try {
		await write(draft, stored.octets, date);
		await publish(draft, path.join(folder, 'cur', name));
		return name;
	} catch (error) {
		await fs.rm(draft, {force: true}).catch(() => {});
		throw error;
	}
}

async function write(file: string, octets: Buffer, date: number): Promise<void> {
	// What a program that was killed has left of the same message is written over.
	const opened = await fs.open(file, 'w', 0o600);
	try {
		await opened.writeFile(octets);
		await opened.utimes(new Date(), new Date(date));
		await opened.sync();
		const {size} = await opened.stat();
		if (size !== octets.length)
			throw Object.assign(new Error(`${size} of ${octets.length} octets were written`), {code: 'EIO'});
	} finally {
		await opened.close();
	}
}

/** A link is refused where there is something; a rename would replace it. */
export async function publish(draft: string, file: string): Promise<void> {
	try {
		await fs.link(draft, file);
	} catch (error) {
		// A file system without links (FAT): the name is ours alone.
		if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'].includes((error as NodeJS.ErrnoException).code ?? ''))
			throw error;
		await fs.rename(draft, file);
		return;
	}
	await fs.rm(draft, {force: true});
}

/**
 * The same message in another Maildir, under a name of its own: one file with two names where that can be, since nobody
 * changes what is in it, unless `isCopy`. It is not on the disk for certain before `syncFolder`. Throws what the system
 * throws.
 */
export async function adopt(
	file: string,
	folder: string,
	letters: string,
	{key = uniqueKey(), isCopy = false} = {},
): Promise<string> {
	const {base} = readName(path.basename(file));
	const [, ...fields] = base.split(',');
	const sizes = fields.filter(field => /^[SWB]=/.test(field));
	const name = nameWith([key, ...sizes].join(','), letters);
	const target = path.join(folder, 'cur', name);
	const isLinked = !isCopy && (await linked(file, target));
	if (isLinked) return name;
	const {octets, date} = await readFile(file);
	const draft = path.join(folder, 'tmp', key);
	try {
		await write(draft, octets, date);
		await publish(draft, target);
	} finally {
		await fs.rm(draft, {force: true}).catch(() => {});
	}
	return name;
}

/** Not where it is on another disk, or one without links. */
async function linked(file: string, target: string): Promise<boolean> {
	try {
		await fs.link(file, target);
		return true;
	} catch (error) {
		if (isMissing(error)) throw error;
		return false;
	}
}

/** Of all that is there. Throws what the system throws. */
export async function keysIn(folder: string): Promise<Set<string>> {
	const names = await Promise.all(['cur', 'new'].map(name => fs.readdir(path.join(folder, name))));
	return new Set(names.flat().map(name => readName(name).key));
}

export type MessageFile = {readonly octets: Buffer; readonly date: number};

/** As it is in the file, up to `most` octets. Throws what the system throws. */
export async function readFile(file: string, most = Number.POSITIVE_INFINITY): Promise<MessageFile> {
	const opened = await fs.open(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
	try {
		const stat = await opened.stat();
		if (!stat.isFile()) throw Object.assign(new Error('it is no file'), {code: 'EINVAL'});
		if (stat.size <= most) return {octets: await opened.readFile(), date: stat.mtimeMs};
		const {buffer, bytesRead} = await opened.read(Buffer.allocUnsafe(most), 0, most, 0);
		return {octets: buffer.subarray(0, bytesRead), date: stat.mtimeMs};
	} finally {
		await opened.close();
	}
}

/** As it is on a line (CRLF), with INTERNALDATE. Throws what the system throws. */
export async function readMessage(file: string, most?: number): Promise<MessageFile> {
	const {octets, date} = await readFile(file, most);
	return {octets: sentForm({octets, isAsSent: readName(path.basename(file)).isAsSent}), date};
}

/** What a program that is no more has begun to deliver. */
export async function sweepTmp(folder: string, now = Date.now()): Promise<void> {
	const tmp = path.join(folder, 'tmp');
	for (const name of await fs.readdir(tmp).catch(() => [])) {
		const file = path.join(tmp, name);
		const stat = await fs.lstat(file).catch(() => undefined);
		if (stat?.isFile() && now - Math.max(stat.atimeMs, stat.ctimeMs) > oldTmpMs)
			await fs.rm(file, {force: true}).catch(() => {});
	}
}
