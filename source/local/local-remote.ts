/**
 * A Remote without a line: a folder of Maildirs is asked what a server would be asked, so that everything above works on
 * local mail as it does on any other ([decision 33](../../docs/decisions/0033-local-mail.md)).
 *
 * Laws: one question at a time, in the order they were asked; numbers mean what was told, and news is told only when no
 * question waits; a folder that is not there ends the connection, it never counts as messages that are gone.
 */
import fs from 'node:fs/promises';
import path from 'node:path';
import {Failure} from '../model/failure.ts';
import type {MailboxPath} from '../model/ids.ts';
import type {Flag} from '../model/message.ts';
import {ours, safeLine} from '../model/safe-text.ts';
import {noUsage} from '../model/usage.ts';
import type {
	Appended,
	ArrivalFact,
	Copied,
	Dial,
	Dialling,
	FlagsFact,
	MailboxFact,
	MessageFact,
	OctetsFile,
	Opening,
	Origin,
	PartFact,
	Remote,
	RowFact,
	SearchCriteria,
	Section,
	Selected,
	StatusFact,
	StatusOptions,
} from '../remote/remote.ts';
import {MaildirIndex} from '../store/maildir-index.ts';
import {diskFailure} from './disk-failure.ts';
import {LocalMailboxes} from './local-mailboxes.ts';
import {LocalNews} from './local-news.ts';
import {LocalReading} from './local-reading.ts';
import {localSearch} from './local-search.ts';
import {MailboxFolders, tryCreate} from './mailbox-folders.ts';
import {sweepTmp} from './maildir.ts';
import {flagsOf, readName} from './maildir-name.ts';
import {ToldMailbox} from './told-mailbox.ts';

/** What it does as a server with these extensions does. No BINARY: there is no line on which base64 would cost a third. */
const capabilities = new Set(['IMAP4REV1', 'UIDPLUS', 'MOVE', 'ESEARCH', 'LIST-STATUS', 'SPECIAL-USE', 'IDLE']);

const closed = (): Failure => new Failure('offline', ours('The local mail was left'));

/** `indexFile` is where UIDs are remembered; `hasBeen`: there was mail in the folder, whatever the index knows. */
export function dialLocal(indexFile: string, hasBeen: () => boolean = () => false): Dial {
	return async (dialling, signal) => {
		let index: MaildirIndex | undefined;
		try {
			index = new MaildirIndex(indexFile);
			const folders = new MailboxFolders(path.resolve(dialling.account.folder));
			await folders.begin(index, {hasBeen});
			signal.throwIfAborted();
			const remote = new LocalRemote(dialling, folders, index);
			const {mailbox} = dialling;
			const selected =
				mailbox === undefined ? undefined : await remote.select(mailbox).catch(error => error as Failure);
			if (selected instanceof Failure && selected.kind === 'denied') throw selected;
			return {remote, selected};
		} catch (error) {
			index?.close();
			if (signal.aborted) throw closed();
			if (error instanceof Failure) throw error;
			const {message} = diskFailure(error, 'to open the index of your local mail');
			throw new Failure('denied', safeLine(message), error);
		}
	};
}

class LocalRemote implements Remote {
	readonly capabilities = capabilities;
	/** Nobody listens on a disk. */
	readonly isEncrypted = true;
	readonly isCompressed = false;
	readonly usage = noUsage;
	readonly bytesPerSecond = undefined;
	readonly atLeastBytesPerSecond = 100_000_000;
	readonly roundTripMs = undefined;
	readonly #dialling: Dialling;
	readonly #mailboxes: LocalMailboxes;
	readonly #index: MaildirIndex;
	readonly #reading = new LocalReading();
	#open: ToldMailbox | undefined;
	#news: LocalNews | undefined;
	#mayHaveChanged = false;
	#isIdle = false;
	#isOver = false;
	#waiting = 0;
	#last: Promise<unknown> = Promise.resolve();

	constructor(dialling: Dialling, folders: MailboxFolders, index: MaildirIndex) {
		this.#dialling = dialling;
		this.#mailboxes = new LocalMailboxes(folders, index, dialling.account.specialMailboxes);
		this.#index = index;
	}

	#ask<T>(what: string, work: () => Promise<T>): Promise<T> {
		this.#waiting += 1;
		const asked = this.#last.then(async () => {
			try {
				if (this.#isOver) throw closed();
				return await work();
			} catch (error) {
				const failure = diskFailure(error, what);
				if (failure.kind === 'denied') this.#lost(failure);
				throw failure;
			} finally {
				this.#waiting -= 1;
			}
		});
		this.#last = asked.then(
			() => this.#rest(),
			() => this.#rest(),
		);
		return asked;
	}

	/** With nothing more to answer there is time for news. */
	async #rest(): Promise<void> {
		if (this.#isOver || this.#waiting > 0) return;
		if (this.#mayHaveChanged && this.#isIdle) void this.#ask('to look for news', () => this.#look()).catch(() => {});
		else await this.#tellNews(0).catch(error => this.#lost(diskFailure(error, 'to look for news')));
	}

	async #look(): Promise<void> {
		if (this.#open === undefined) return;
		this.#mayHaveChanged = false;
		if (!(await this.#open.mailbox.look())) this.#news?.lookAgain();
		await this.#tellNews();
	}

	/** Only when no more questions than so many are under way: none waits behind. */
	async #tellNews(under = 1): Promise<void> {
		const open = this.#open;
		if (open === undefined) return;
		if (open.isAnother) {
			this.#lost(new Failure('offline', ours('The local mailbox was made anew by another program')));
			return;
		}
		await open.tellNews(this.#dialling.events, () => !this.#isOver && this.#waiting <= under && this.#open === open);
	}

	#lost(failure: Failure): void {
		if (this.#isOver) return;
		this.cut();
		this.#dialling.events.onClosed(failure);
	}

	get #opened(): ToldMailbox {
		if (this.#open === undefined) throw new Failure('refused', ours('No mailbox is open'));
		return this.#open;
	}

	select(wanted: MailboxPath): Promise<Selected> {
		return this.#ask('to open the mailbox', async () => {
			this.#news?.close();
			this.#news = undefined;
			this.#open = undefined;
			const mailbox = await this.#mailboxes.existing(wanted);
			this.#news = new LocalNews(mailbox.folder, () => {
				this.#mayHaveChanged = true;
				// Who does not wait for news hears it with the next answer.
				if (this.#isIdle && this.#waiting === 0) void this.#rest();
			});
			await sweepTmp(mailbox.folder);
			const onProgress = (done: number, all: number) => this.#dialling.events.onIndexing?.(wanted, done, all);
			if (!(await mailbox.look({onProgress}))) this.#news.lookAgain();
			this.#open = new ToldMailbox(mailbox);
			const {uidValidity, uidNext} = mailbox.indexed;
			const isReadOnly = await fs.access(path.join(mailbox.folder, 'cur'), fs.constants.W_OK).then(
				() => false,
				() => true,
			);
			return {
				path: wanted,
				uidValidity,
				uidNext,
				count: this.#open.count,
				isReadOnly,
				highestModseq: undefined,
				changes: undefined,
			};
		});
	}

	fetchRows(set: string, onRow: (row: RowFact) => void, {withoutHeader = false, isKept = false} = {}): Promise<number> {
		return this.#ask('these rows', () => {
			const fields = withoutHeader ? 'none' : isKept ? 'kept' : 'row';
			return this.#reading.rows(this.#opened, this.#opened.uidsAt(set), fields, onRow);
		});
	}

	fetchSummaries(uids: string, onRow: (row: RowFact) => void): Promise<number> {
		return this.#ask('these rows', () => this.#reading.rows(this.#opened, this.#opened.uidsIn(uids), 'kept', onRow));
	}

	fetchOpening(uid: number, probeBytes: number, options: {readonly withRow?: boolean} = {}): Promise<Opening> {
		return this.#ask('this message', () => this.#reading.opening(this.#opened, uid, probeBytes, options));
	}

	fetchChunk(uid: number, section: Section, offset: number, length: number): Promise<Buffer | undefined> {
		return this.#ask('these octets', () => this.#reading.chunk(this.#opened, uid, section, offset, length));
	}

	fetchStructures(uids: string, onStructure: (uid: number, structure: PartFact | undefined) => void): Promise<void> {
		return this.#ask('these messages', () =>
			this.#reading.structures(this.#opened, this.#opened.uidsIn(uids), onStructure),
		);
	}

	fetchStarts(
		uids: string,
		part: Section['part'],
		length: number,
		onOctets: (uid: number, octets: Buffer) => void,
	): Promise<void> {
		return this.#ask('these messages', async () => {
			for (const uid of this.#opened.uidsIn(uids)) {
				const octets = await this.#reading.chunk(this.#opened, uid, {part, of: 'content'}, 0, length);
				if (octets) onOctets(uid, octets);
			}
		});
	}

	fetchArrivals(uids: string, onArrival: (fact: ArrivalFact) => void): Promise<void> {
		return this.#ask('these messages', async () => {
			const open = this.#opened;
			for (const [uid, {sizeBytes, date}] of await this.#reading.origins(open, open.uidsIn(uids)))
				onArrival({uid, sizeBytes, date});
		});
	}

	fetchMessages(uids: string, longest: number, onMessage: (fact: MessageFact) => void): Promise<void> {
		return this.#ask('these messages', async () => {
			const {mailbox} = this.#opened;
			const flags = await this.#reading.origins(this.#opened, this.#opened.uidsIn(uids));
			for (const [uid, origin] of flags) {
				const read = await mailbox.read(uid);
				if (read) onMessage({uid, flags: origin.flags, octets: read.octets.subarray(0, longest + 1)});
			}
		});
	}

	/** It has none (PREVIEW is not among its capabilities). */
	async fetchPreviews(): Promise<void> {}

	fetchFlags(uids: string, onFlags: (fact: FlagsFact & {readonly sequence: number}) => void): Promise<void> {
		return this.#ask('these messages', async () => {
			const open = this.#opened;
			const keywords = await open.mailbox.keywords();
			for (const uid of open.uidsIn(uids)) {
				const message = open.mailbox.message(uid);
				if (message)
					onFlags({uid, sequence: open.sequenceOf(uid)!, flags: flagsOf(readName(message.name).letters, keywords)});
			}
		});
	}

	storeFlag(uids: string, flag: Flag, isSet: boolean): Promise<void> {
		return this.#ask('to change flags', async () => {
			const open = this.#opened;
			open.changed(await open.mailbox.setFlag(open.uidsIn(uids), flag, isSet));
		});
	}

	copy(uids: string, to: MailboxPath): Promise<Copied | undefined> {
		return this.#transfer(uids, to, false);
	}

	move(uids: string, to: MailboxPath): Promise<Copied | undefined> {
		return this.#transfer(uids, to, true);
	}

	#transfer(uids: string, to: MailboxPath, isMove: boolean): Promise<Copied | undefined> {
		return this.#ask(isMove ? 'to move' : 'to copy', async () => {
			const target = await this.#mailboxes.existing(to, tryCreate);
			const copied = await this.#opened.mailbox.transfer(this.#opened.uidsIn(uids), target, isMove);
			await this.#tellNews();
			return copied;
		});
	}

	expunge(uids: string): Promise<void> {
		return this.#ask('to remove', async () => {
			await this.#opened.mailbox.expunge(this.#opened.uidsIn(uids));
			await this.#tellNews();
		});
	}

	fetchExisting(uids: string): Promise<number[]> {
		return this.#ask('to search', async () =>
			this.#opened.uidsIn(uids).filter(uid => this.#opened.mailbox.message(uid) !== undefined),
		);
	}

	search(criteria: SearchCriteria): Promise<number[]> {
		return this.#ask('to search', () => localSearch(this.#opened, criteria, this.#reading));
	}

	fetchNames(uids: string): Promise<ReadonlyMap<number, {readonly messageId: string; readonly sizeBytes: number}>> {
		return this.#ask('these messages', async () => {
			const origins = await this.#reading.origins(this.#opened, this.#opened.uidsIn(uids));
			return new Map([...origins].filter(([, {messageId}]) => messageId !== ''));
		});
	}

	fetchOrigins(uids: string): Promise<ReadonlyMap<number, Origin>> {
		return this.#ask('these messages', () => this.#reading.origins(this.#opened, this.#opened.uidsIn(uids)));
	}

	fetchMailboxes(): Promise<readonly MailboxFact[]> {
		return this.#ask('the list of mailboxes', () => this.#mailboxes.list());
	}

	fetchStatus(wanted: MailboxPath, _options?: StatusOptions): Promise<StatusFact | undefined> {
		return this.#ask('to count', () => this.#mailboxes.status(wanted));
	}

	createMailbox(wanted: MailboxPath): Promise<void> {
		return this.#ask('to create the mailbox', () => this.#mailboxes.create(wanted));
	}

	renameMailbox(from: MailboxPath, to: MailboxPath): Promise<void> {
		return this.#ask('to rename the mailbox', async () => {
			await this.#mailboxes.rename(from, to);
			this.#leaveOpen(from);
		});
	}

	deleteMailbox(wanted: MailboxPath): Promise<void> {
		return this.#ask('to delete the mailbox', async () => {
			await this.#mailboxes.remove(wanted);
			this.#leaveOpen(wanted);
		});
	}

	#leaveOpen(gone: MailboxPath): void {
		if (this.#open?.mailbox.path !== gone && !this.#open?.mailbox.path.startsWith(`${gone}/`)) return;
		this.#news?.close();
		this.#open = undefined;
	}

	append(
		to: MailboxPath,
		octets: Buffer | OctetsFile,
		options: {readonly flags: readonly Flag[]; readonly date: number},
	): Promise<Appended | undefined> {
		return this.#ask('to store the message', async () => {
			const mailbox = await this.#mailboxes.existing(to, tryCreate);
			const whole = Buffer.isBuffer(octets) ? octets : await fs.readFile(octets.file);
			const uid = await mailbox.append({octets: whole, ...options});
			if (this.#open?.mailbox.path === to) await this.#tellNews();
			return uid === undefined ? undefined : {uidValidity: mailbox.indexed.uidValidity, uid};
		});
	}

	/** No server is anywhere near that could fetch them. */
	async fetchUrls(): Promise<readonly string[]> {
		throw new Failure('refused', ours('Mail on this disk is lent to no server'));
	}

	idle(): void {
		if (this.#isIdle || this.#isOver) return;
		this.#isIdle = true;
		if (this.#waiting === 0) void this.#rest();
	}

	endIdle(): void {
		this.#isIdle = false;
	}

	look(): Promise<void> {
		return this.#ask('to look for news', () => this.#look());
	}

	async leave(): Promise<void> {
		await this.#last;
		this.cut();
	}

	cut(): void {
		if (this.#isOver) return;
		this.#isOver = true;
		this.#news?.close();
		// What is under way still needs it.
		void this.#last.then(() => this.#index.close());
	}
}
