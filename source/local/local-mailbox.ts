/**
 * One mailbox of the local mail: the files of its Maildir as messages with UIDs. Other programs are at work on it at the
 * same time: what is asked of a file that has another name by now is asked again under that one.
 *
 * Laws: nothing is believed to be gone while the folder itself is not there; a UID is in the index before anybody hears it.
 */
import fs from 'node:fs/promises';
import path from 'node:path';
import type {MailboxPath} from '../model/ids.ts';
import type {Flag} from '../model/message.ts';
import type {Copied} from '../remote/remote.ts';
import type {IndexedMailbox, IndexedMessage, MaildirIndex, RenamedFile} from '../store/maildir-index.ts';
import {compareFolder, fileAs, stampOf} from './compare-folder.ts';
import {diskFailure, isMissing, notThere} from './disk-failure.ts';
import {lettersFor, readKeywords} from './keywords.ts';
import type {MailboxFolders} from './mailbox-folders.ts';
import {adopt, type Delivery, deliver, fileAt, type MessageFile, readMessage, syncFolder} from './maildir.ts';
import {flagsOf, nameWith, readName, withLetter} from './maildir-name.ts';

/** A folder that changed so shortly before it was read may change again without its time telling. */
const granularityMs = 2000;

type Found = Parameters<MaildirIndex['learn']>[1][number];

/** What was found out is written when it is that old, or that many. */
const [learnAfterMs, mostFound] = [200, 500];

export class LocalMailbox {
	readonly path: MailboxPath;
	readonly folder: string;
	readonly #folders: MailboxFolders;
	readonly #index: MaildirIndex;
	/** What was found out and is not in the index yet. */
	readonly #found: Found[] = [];
	#learning: NodeJS.Timeout | undefined;

	constructor(mailbox: MailboxPath, folders: MailboxFolders, index: MaildirIndex) {
		this.path = mailbox;
		this.folder = folders.folderOf(mailbox);
		this.#folders = folders;
		this.#index = index;
	}

	get indexed(): IndexedMailbox {
		return this.#index.mailbox(this.path);
	}

	uids(): number[] {
		return this.#index.uids(this.indexed.id);
	}

	counts(): {readonly messages: number; readonly unseen: number} {
		return {messages: this.uids().length, unseen: this.#index.unseen(this.indexed.id)};
	}

	message(uid: number): IndexedMessage | undefined {
		return this.#index.message(this.indexed.id, uid);
	}

	messages(first?: number, last?: number): Iterable<IndexedMessage> {
		return this.#index.messages(this.indexed.id, first, last);
	}

	keywords(): Promise<string[]> {
		return readKeywords(this.folder);
	}

	/**
	 * Brings the index to what is in the folder, if that may have changed. Returns whether it is certain that no change was
	 * too recent to be seen. `onProgress`: told now and then where there is much to be taken into it. Throws a Failure.
	 */
	async look({
		isForced = false,
		onProgress = () => {},
	}: {
		readonly isForced?: boolean;
		readonly onProgress?: (done: number, all: number) => void;
	} = {}): Promise<boolean> {
		try {
			const before = await stampOf(this.folder);
			const {id, stamp} = this.indexed;
			if (!isForced && stamp === before.text) return true;
			const startedAt = Date.now();
			await compareFolder({folder: this.folder, folders: this.#folders, index: this.#index, id, onProgress});
			const after = await stampOf(this.folder);
			const isCertain = after.text === before.text && after.newestMs < startedAt - granularityMs;
			this.#index.stamp(id, isCertain ? after.text : '');
			return isCertain;
		} catch (error) {
			throw isMissing(error) ? notThere(this.folder) : diskFailure(error, 'to read the folder');
		}
	}

	/** Does it with the file of a message, wherever it lies by now. Undefined: it is gone. */
	async #withFile<T>(uid: number, work: (file: string, message: IndexedMessage) => Promise<T>): Promise<T | undefined> {
		for (const isAgain of [false, true]) {
			const message = this.message(uid);
			if (message === undefined) return undefined;
			try {
				return await work(fileAt(this.folder, message), message);
			} catch (error) {
				if (!isMissing(error)) throw error;
				if (!isAgain) await this.look({isForced: true});
			}
		}
		return undefined;
	}

	/** As on a line; undefined: it is gone. Throws a Failure. */
	read(uid: number, most?: number): Promise<MessageFile | undefined> {
		return this.#withFile(uid, file => readMessage(file, most)).catch(error => {
			throw diskFailure(error, 'to read the message');
		});
	}

	async sizeOf(message: IndexedMessage): Promise<number> {
		if (message.sizeBytes !== undefined) return message.sizeBytes;
		const sizeBytes = (await this.read(message.uid))?.octets.length ?? 0;
		this.learn({uid: message.uid, sizeBytes});
		return sizeBytes;
	}

	/** INTERNALDATE: when the file was last written to. */
	async dateOf(message: IndexedMessage): Promise<number> {
		if (message.cameAt !== undefined) return message.cameAt;
		const cameAt = await this.#withFile(message.uid, async file => (await fs.lstat(file)).mtimeMs);
		if (cameAt !== undefined) this.learn({uid: message.uid, cameAt});
		return Math.round(cameAt ?? 0);
	}

	/** Of many it is one write to the disk; what is not written is found out again. */
	learn(found: Found): void {
		this.#found.push(found);
		this.#learning ??= setTimeout(() => this.#learnFound(), learnAfterMs).unref();
		if (this.#found.length >= mostFound) this.#learnFound();
	}

	#learnFound(): void {
		clearTimeout(this.#learning);
		this.#learning = undefined;
		try {
			this.#index.learn(this.indexed.id, this.#found.splice(0));
		} catch {
			// The index was closed, or its disk is full.
		}
	}

	changedSince(version: number): IndexedMessage[] {
		return this.#index.changedSince(this.indexed.id, version);
	}

	/** Of those that are there. Returns the version that made of the mailbox, if it changed. Throws a Failure. */
	async setFlag(uids: readonly number[], flag: Flag, isSet: boolean): Promise<number | undefined> {
		let version: number | undefined;
		try {
			const letter = await lettersFor(this.folder, [flag], {mayAdd: isSet});
			if (letter === '') return undefined;
			const renamed: RenamedFile[] = [];
			const touched = new Set<string>();
			try {
				for (const uid of uids)
					await this.#withFile(uid, async (file, {name, isNew}) => {
						const {base, letters} = readName(name);
						const after = withLetter(letters, letter, isSet);
						if (after === letters) return;
						const place = {isNew: false, name: nameWith(base, after)};
						await fs.rename(file, fileAt(this.folder, place));
						touched.add('cur').add(isNew ? 'new' : 'cur');
						renamed.push({uid, ...place, isSeen: after.includes('S'), hasOtherFlags: true});
					});
			} finally {
				for (const name of touched) await syncFolder(path.join(this.folder, name));
				version = this.#index.change(this.indexed.id, renamed, []);
			}
		} catch (error) {
			throw diskFailure(error, 'to change flags');
		}
		return version;
	}

	/** Those of them that are marked as deleted. Throws a Failure. */
	async expunge(uids: readonly number[]): Promise<void> {
		const isDeleted = ({name}: IndexedMessage) => readName(name).letters.includes('T');
		await this.#remove(uids, 'to remove', isDeleted);
	}

	async #remove(
		uids: readonly number[],
		what: string,
		isWanted: (message: IndexedMessage) => boolean = () => true,
	): Promise<void> {
		const gone: number[] = [];
		const touched = new Set<string>();
		try {
			try {
				for (const uid of uids)
					await this.#withFile(uid, async (file, message) => {
						if (!isWanted(message)) return;
						await fs.unlink(file);
						touched.add(message.isNew ? 'new' : 'cur');
						gone.push(uid);
					});
			} finally {
				for (const name of touched) await syncFolder(path.join(this.folder, name));
				this.#index.change(this.indexed.id, [], gone);
			}
		} catch (error) {
			throw diskFailure(error, what);
		}
	}

	/** Puts a message into it. Throws a Failure, and then nothing of it is there. */
	async append({
		octets,
		flags,
		date,
	}: Omit<Delivery, 'letters'> & {readonly flags: readonly Flag[]}): Promise<number | undefined> {
		const letters = await lettersFor(this.folder, flags).catch(error => {
			throw diskFailure(error, 'to store the message');
		});
		const name = await deliver(this.folder, {octets, letters, date});
		const {id} = this.indexed;
		try {
			await this.#index.add(id, [fileAs({isNew: false, name})]);
			return this.#index.uidOf(id, readName(name).key);
		} catch {
			// It is there. Which UID it has is found out when somebody looks.
			return undefined;
		}
	}

	/**
	 * Copies, or moves: then each is gone here only when it is there for certain. Those that are not here any more are left
	 * out. Throws a Failure; none of the copies is there then.
	 */
	async transfer(uids: readonly number[], target: LocalMailbox, isMove: boolean): Promise<Copied | undefined> {
		const what = isMove ? 'to move' : 'to copy';
		const names: string[] = [];
		const from: number[] = [];
		const keywords = await this.keywords();
		try {
			for (const uid of uids)
				await this.#withFile(uid, async (file, {name}) => {
					const letters = await lettersFor(target.folder, flagsOf(readName(name).letters, keywords));
					names.push(await adopt(file, target.folder, letters));
					from.push(uid);
				});
			await syncFolder(path.join(target.folder, 'cur'));
		} catch (error) {
			for (const name of names) await fs.rm(fileAt(target.folder, {isNew: false, name}), {force: true}).catch(() => {});
			throw diskFailure(error, what);
		}
		const {id, uidValidity} = target.indexed;
		const to: number[] = [];
		try {
			const files = names.map(name => fileAs({isNew: false, name}));
			await this.#index.add(id, files);
			for (const {key} of files) to.push(this.#index.uidOf(id, key) ?? 0);
		} catch {
			// They are there; whoever looks there finds out as which.
		}
		if (isMove) await this.#remove(from, what);
		return to.length === from.length && !to.includes(0) ? {uidValidity, from, to} : undefined;
	}
}
