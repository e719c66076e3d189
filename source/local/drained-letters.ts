/**
 * A mailbox of local mail as what a maildrop is drained into. Here a message's key is given, and the same each time, so that
 * what was cut short is delivered once more and is there once.
 *
 * Laws: a message is in `cur` only whole, on the disk, and read back; many are one look at the folder and one fsync of it; a
 * long one grows in `tmp`, each window on the disk before the next, so that its length is how far it is.
 */
import fs from 'node:fs/promises';
import path from 'node:path';
import {Failure} from '../model/failure.ts';
import type {MailboxPath} from '../model/ids.ts';
import type {Flag} from '../model/message.ts';
import {safeLine} from '../model/safe-text.ts';
import {diskFailure, isMissing} from './disk-failure.ts';
import {lettersFor} from './keywords.ts';
import type {MailboxFolders} from './mailbox-folders.ts';
import {fileAt, makeMaildir, type Place, publish, readFile, syncFolder} from './maildir.ts';
import {nameWith, readName} from './maildir-name.ts';
import {type Stored, sentForm, storedForm} from './stored-octets.ts';

type Letter = {
	readonly key: string;
	readonly flags: readonly Flag[];
	readonly date: number;
	readonly sameAs?: string | undefined;
};
type Written = Letter & {readonly octets: Buffer};

/** The last window of another process may be on the disk in part only. */
const longestWindow = 256 * 1024;
const startBytes = 16 * 1024;
/** Of a longer one the ends of lines stay as they were sent: it is not read into memory. */
const mostConvertedBytes = 32 * 1024 * 1024;
const writtenAtOnce = 16;

export class DrainedLetters {
	readonly #folders: MailboxFolders;
	readonly #mailbox: MailboxPath;
	readonly #folder: string;
	/** By key, as the folder was when the call began, and what was put there since. */
	#places = new Map<string, Place>();
	/** Long ones whose octets this process has written itself. */
	readonly #own = new Set<string>();

	/** Throws a Failure for a name that can be none. */
	constructor(folders: MailboxFolders, mailbox: MailboxPath) {
		this.#folders = folders;
		this.#mailbox = mailbox;
		this.#folder = folders.folderOf(mailbox);
	}

	async begin(): Promise<void> {
		await this.#folders.expectThere();
		try {
			if (!(await this.#folders.has(this.#mailbox).catch(() => false))) await makeMaildir(this.#folder);
			for (const name of ['cur', 'tmp']) await fs.access(path.join(this.#folder, name), fs.constants.W_OK);
			this.#places = await placesIn(this.#folder);
			// What was put there by who is no more may not be there for good.
			await syncFolder(path.join(this.#folder, 'cur'));
		} catch (error) {
			throw diskFailure(error, `to write to ${this.#folder}`);
		}
	}

	async whole(sizes: ReadonlyMap<string, number>): Promise<ReadonlySet<string>> {
		await this.#folders.expectThere();
		try {
			const found = await wholeIn(this.#folder, sizes);
			const isLeft = (): boolean => found.size < sizes.size;
			// Moved to another mailbox a file keeps its key.
			if (isLeft())
				for (const {path: other, isSelectable} of await this.#folders.list()) {
					if (!isLeft()) break;
					if (other === this.#mailbox || !isSelectable) continue;
					const left = new Map([...sizes].filter(([key]) => !found.has(key)));
					for (const key of await wholeIn(this.#folders.folderOf(other), left)) found.add(key);
				}
			return found;
		} catch (error) {
			throw diskFailure(error, 'to look at what has come');
		}
	}

	async deliver(messages: readonly Written[]): Promise<readonly string[]> {
		const keys: string[] = [];
		try {
			const letters = await this.#lettersOf(messages);
			for (let at = 0; at < messages.length; at += writtenAtOnce) {
				const some = messages.slice(at, at + writtenAtOnce);
				const results = await Promise.allSettled(some.map(each => this.#put(each, letters.get(each) ?? '')));
				const failed = results.find(result => result.status === 'rejected');
				if (failed) throw failed.reason;
				for (const result of results) if (result.status === 'fulfilled') keys.push(result.value);
			}
			// Of what an earlier process put there nobody knows whether the folder says so for good.
			await syncFolder(path.join(this.#folder, 'cur'));
			return keys;
		} catch (error) {
			throw diskFailure(error, 'to store what came');
		}
	}

	/** A keyword for which a Maildir has no letter left is not kept. */
	async #lettersOf(messages: readonly Letter[]): Promise<ReadonlyMap<Letter, string>> {
		const known = new Map<string, string>();
		const found = new Map<Letter, string>();
		for (const message of messages) {
			const words = message.flags.join(' ');
			let letters = known.get(words);
			if (letters === undefined) {
				letters = await lettersFor(this.#folder, message.flags).catch(error => {
					if (!(error instanceof Failure)) throw error;
					return lettersFor(this.#folder, message.flags, {mayAdd: false});
				});
				known.set(words, letters);
			}
			found.set(message, letters);
		}
		return found;
	}

	/** Whether that one is there, and the same octet for octet. */
	async #isSame(key: string | undefined, octets: Buffer): Promise<boolean> {
		const there = key === undefined ? undefined : this.#places.get(key);
		if (there === undefined) return false;
		const {isAsSent} = readName(there.name);
		return await readFile(fileAt(this.#folder, there)).then(
			read => sentForm({octets: read.octets, isAsSent}).equals(octets),
			() => false,
		);
	}

	async #put({key, octets, date, sameAs}: Written, letters: string): Promise<string> {
		if (sameAs !== undefined && (await this.#isSame(sameAs, octets))) return sameAs;
		const there = this.#places.get(key);
		if (there !== undefined) await expectSame(fileAt(this.#folder, there), octets);
		else await this.#publish(key, storedForm(octets), letters, {date, octets});
		return key;
	}

	async #publish(
		key: string,
		stored: Stored,
		letters: string,
		{date, octets}: {readonly date: number; readonly octets: Buffer},
	): Promise<void> {
		const draft = path.join(this.#folder, 'tmp', `${key}.whole`);
		const place = placeOf(key, stored.octets.length, letters, stored.isAsSent ? undefined : octets.length);
		try {
			await write(draft, stored.octets, date);
			await expectSame(draft, octets, stored.isAsSent);
			await publish(draft, fileAt(this.#folder, place));
		} catch (error) {
			await fs.rm(draft, {force: true}).catch(() => {});
			throw error;
		}
		this.#places.set(key, place);
	}

	async begun(key: string, sizeBytes: number): Promise<{readonly heldBytes: number; readonly start: Buffer}> {
		try {
			const there = this.#places.get(key);
			if (there !== undefined) {
				const {octets} = await readFile(fileAt(this.#folder, there), startBytes);
				return {heldBytes: sizeBytes, start: octets};
			}
			const draft = this.#draft(key);
			const {size} = await fs.stat(draft).catch(error => {
				if (isMissing(error)) return {size: 0};
				throw error;
			});
			const certain = this.#own.has(key) ? size : Math.max(0, size - longestWindow);
			const heldBytes = certain > sizeBytes ? 0 : certain;
			if (heldBytes < size) await fs.truncate(draft, heldBytes);
			this.#own.add(key);
			return {heldBytes, start: heldBytes === 0 ? Buffer.alloc(0) : (await readFile(draft, startBytes)).octets};
		} catch (error) {
			throw diskFailure(error, 'to go on with a message');
		}
	}

	async write(key: string, octets: Buffer, offset: number): Promise<void> {
		try {
			const isNew = offset === 0;
			const opened = await fs.open(this.#draft(key), isNew ? 'w+' : 'r+', 0o600);
			try {
				for (let done = 0; done < octets.length; ) {
					const {bytesWritten} = await opened.write(octets, done, octets.length - done, offset + done);
					done += bytesWritten;
				}
				await opened.datasync();
				const back = await opened.read(Buffer.alloc(octets.length), 0, octets.length, offset);
				if (back.bytesRead !== octets.length || !back.buffer.equals(octets)) throw notReadBack();
			} finally {
				await opened.close();
			}
			if (isNew) await syncFolder(path.join(this.#folder, 'tmp'));
		} catch (error) {
			throw diskFailure(error, 'to store what came');
		}
	}

	async finish(letter: Letter & {readonly sizeBytes: number}): Promise<string> {
		const {date, sizeBytes, sameAs} = letter;
		let {key} = letter;
		try {
			if (!this.#places.has(key)) {
				const letters = (await this.#lettersOf([letter])).get(letter) ?? '';
				const draft = this.#draft(key);
				const {size} = await fs.stat(draft);
				if (size !== sizeBytes) throw notReadBack();
				if (size <= mostConvertedBytes) {
					const {octets} = await readFile(draft);
					if (sameAs !== undefined && (await this.#isSame(sameAs, octets))) key = sameAs;
					else await this.#publish(key, storedForm(octets), letters, {date, octets});
					await fs.rm(draft, {force: true});
				} else {
					await fs.utimes(draft, new Date(), new Date(date));
					const place = placeOf(key, size, letters);
					await publish(draft, fileAt(this.#folder, place));
					this.#places.set(key, place);
				}
			}
			await syncFolder(path.join(this.#folder, 'cur'));
			return key;
		} catch (error) {
			throw diskFailure(error, 'to store what came');
		}
	}

	#draft(key: string): string {
		return path.join(this.#folder, 'tmp', key);
	}
}

/** `W` is said of what has other ends of lines than it was sent with. */
function placeOf(key: string, storedBytes: number, letters: string, sentBytes?: number): Place {
	const sizes = sentBytes === undefined ? `S=${storedBytes},B=` : `S=${storedBytes},W=${sentBytes}`;
	return {isNew: false, name: nameWith(`${key},${sizes}`, letters)};
}

async function placesIn(folder: string): Promise<Map<string, Place>> {
	const places = new Map<string, Place>();
	for (const isNew of [true, false])
		for (const name of await fs.readdir(path.join(folder, isNew ? 'new' : 'cur')))
			places.set(readName(name).key, {isNew, name});
	return places;
}

/** Looked at once more where another program may just have given it another name. */
async function wholeIn(folder: string, sizes: ReadonlyMap<string, number>): Promise<Set<string>> {
	const found = new Set<string>();
	for (const isAgain of [false, true]) {
		const places = await placesIn(folder).catch(error => {
			if (isMissing(error)) return new Map<string, Place>();
			throw error;
		});
		const left = [...sizes].filter(([key]) => places.has(key) && !found.has(key));
		for (const [key, sizeBytes] of left) {
			const place = places.get(key) as Place;
			const stat = await fs.lstat(fileAt(folder, place)).catch(() => undefined);
			const isWhole = stat?.isFile() === true && stat.size === storedBytes(place.name);
			if (isWhole && readName(place.name).sizeBytes === sizeBytes) found.add(key);
		}
		if (isAgain || left.every(([key]) => found.has(key))) break;
	}
	return found;
}

const storedBytes = (name: string): number => Number(/,S=(\d+)/.exec(name)?.[1] ?? -1);

async function write(file: string, octets: Buffer, date: number): Promise<void> {
	const opened = await fs.open(file, 'w', 0o600);
	try {
		await opened.writeFile(octets);
		await opened.utimes(new Date(), new Date(date));
		await opened.sync();
	} finally {
		await opened.close();
	}
}

/** The file holds this message, octet for octet. */
async function expectSame(
	file: string,
	octets: Buffer,
	isAsSent = readName(path.basename(file)).isAsSent,
): Promise<void> {
	const read = await readFile(file);
	if (!sentForm({octets: read.octets, isAsSent}).equals(octets)) throw notReadBack();
}

const notReadBack = (): Failure =>
	new Failure('refused', safeLine('The disk does not give back what was written: the message stays on the server'));
