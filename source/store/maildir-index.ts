/**
 * The index of local mail: which UID the file of a message has, so that it stays the same over restarts, and what of a file
 * is slow to find out. One SQLite database beside the log of the account; several processes may have it open.
 *
 * Laws: it can be deleted, and then UIDVALIDITY is another one and nothing else is lost; a UID is on the disk before anybody
 * is told of it, and never given twice under one UIDVALIDITY; it never says that a message exists, only which one it is.
 */
import {randomInt} from 'node:crypto';
import type {StatementSync} from 'node:sqlite';
import type {MailboxPath} from '../model/ids.ts';
import {DurableDatabase} from './durable-database.ts';
import {asRanges, fromRanges} from './kept-ranges.ts';
import {openMaildirTables} from './maildir-tables.ts';

export const maildirIndexFile = 'maildir.sqlite';

export type IndexedMailbox = {
	readonly id: number;
	readonly uidValidity: number;
	readonly uidNext: number;
	readonly stamp: string;
	readonly version: number;
};

/** A file of a mailbox. */
export type IndexedFile = {
	readonly key: string;
	readonly name: string;
	readonly isNew: boolean;
	readonly isSeen: boolean;
	readonly sizeBytes: number | undefined;
};

export type IndexedMessage = IndexedFile & {
	readonly uid: number;
	readonly changed: number;
	readonly cameAt: number | undefined;
	readonly messageId: string | undefined;
};

export type RenamedFile = Omit<IndexedFile, 'sizeBytes' | 'key'> & {
	readonly uid: number;
	/** Else it only has more fields in its name, or another folder. */
	readonly hasOtherFlags: boolean;
};

type Row = {uid: number; key: string; name: string; is_new: number; is_seen: number; changed: number} & Record<
	'size_bytes' | 'came_at',
	number | null
> & {message_id: string | null};

/** Files are taken in so many at a time: a program that ends in between goes on where it was. */
const filesAtOnce = 5000;

export class MaildirIndex {
	readonly #database: DurableDatabase;

	/** Throws what the file system or SQLite throws. */
	constructor(file: string) {
		this.#database = new DurableDatabase(openMaildirTables(file));
	}

	#sql(text: string): StatementSync {
		return this.#database.sql(text);
	}

	#durably<T>(work: () => T): T {
		return this.#database.durably(work);
	}

	/** The folder this is the index of. */
	get root(): {readonly folder: string; readonly id: string} | undefined {
		return this.#sql('SELECT folder, id FROM root').get() as {folder: string; id: string} | undefined;
	}

	/** It is the index of that one from now on; what it knew of another is forgotten. */
	belongTo(folder: string, id: string): void {
		this.#durably(() => {
			if (this.root?.id !== id) this.#database.exec('DELETE FROM message; DELETE FROM mailbox');
			this.#database.exec('DELETE FROM root');
			this.#sql('INSERT INTO root (folder, id) VALUES (?, ?)').run(folder, id);
		});
	}

	/** Whether it knows a message of that mailbox, or of any. */
	knowsMessages(mailbox?: MailboxPath): boolean {
		const found =
			mailbox === undefined
				? this.#sql('SELECT 1 FROM message LIMIT 1').get()
				: this.#sql('SELECT 1 FROM message WHERE mailbox = (SELECT id FROM mailbox WHERE path = ?) LIMIT 1').get(
						mailbox,
					);
		return found !== undefined;
	}

	mailbox(mailbox: MailboxPath): IndexedMailbox {
		const find = () =>
			this.#sql(
				'SELECT id, uid_validity AS uidValidity, uid_next AS uidNext, stamp, version FROM mailbox WHERE path = ?',
			).get(mailbox) as IndexedMailbox | undefined;
		const known = find();
		if (known) return known;
		this.#sql('INSERT OR IGNORE INTO mailbox (path, uid_validity) VALUES (?, ?)').run(mailbox, randomInt(1, 2 ** 31));
		return find()!;
	}

	/** With all below it. */
	renameMailbox(from: MailboxPath, to: MailboxPath): void {
		this.#durably(() => {
			this.forgetMailbox(to);
			for (const {path: each} of this.#sql('SELECT path FROM mailbox').all() as {path: string}[])
				if (each === from || each.startsWith(`${from}/`))
					this.#sql('UPDATE mailbox SET path = ? WHERE path = ?').run(to + each.slice(from.length), each);
		});
	}

	forgetMailbox(mailbox: MailboxPath): void {
		this.#durably(() => {
			this.#sql('DELETE FROM message WHERE mailbox = (SELECT id FROM mailbox WHERE path = ?)').run(mailbox);
			this.#sql('DELETE FROM mailbox WHERE path = ?').run(mailbox);
		});
	}

	/** Ascending. What it costs is the number of gaps, until a message goes. */
	uids(id: number): number[] {
		const {uids} = (this.#sql('SELECT uids FROM mailbox WHERE id = ?').get(id) as {uids: string | null}) ?? {uids: ''};
		if (uids !== null) return fromRanges(uids);
		return this.#durably(() => {
			const row = this.#sql(
				'SELECT group_concat(uid) AS uids FROM (SELECT uid FROM message WHERE mailbox = ? ORDER BY uid)',
			).get(id) as {uids: string | null};
			const found = row.uids === null ? [] : row.uids.split(',').map(Number);
			this.#sql('UPDATE mailbox SET uids = ? WHERE id = ?').run(asRanges(found), id);
			return found;
		});
	}

	unseen(id: number): number {
		return (this.#sql('SELECT count(*) AS n FROM message WHERE mailbox = ? AND is_seen = 0').get(id) as {n: number}).n;
	}

	message(id: number, uid: number): IndexedMessage | undefined {
		const row = this.#sql('SELECT * FROM message WHERE mailbox = ? AND uid = ?').get(id, uid) as Row | undefined;
		return row && asMessage(row);
	}

	*messages(id: number, first = 0, last = Number.MAX_SAFE_INTEGER): Iterable<IndexedMessage> {
		const rows = this.#sql('SELECT * FROM message WHERE mailbox = ? AND uid BETWEEN ? AND ? ORDER BY uid');
		for (const row of rows.all(id, first, last) as Row[]) yield asMessage(row);
	}

	/** The files that were there when it was last looked: `0` for `cur` or `1` for `new`, and the name. One string is quick. */
	names(id: number): string[] {
		const row = this.#sql("SELECT group_concat(is_new || name, '/') AS names FROM message WHERE mailbox = ?").get(id);
		const {names} = row as {names: string | null};
		return names === null ? [] : names.split('/');
	}

	/** Gives UIDs to files, in this order. Between the steps others have their turn, and are told how far it is. */
	async add(
		id: number,
		files: readonly IndexedFile[],
		onProgress: (done: number, all: number) => void = () => {},
	): Promise<void> {
		for (let from = 0; from < files.length; from += filesAtOnce) {
			if (from > 0) {
				onProgress(from, files.length);
				await new Promise(resolve => setImmediate(resolve));
			}
			this.#addSome(id, files.slice(from, from + filesAtOnce));
		}
		if (files.length > filesAtOnce) onProgress(files.length, files.length);
	}

	#addSome(id: number, files: readonly IndexedFile[]): void {
		this.#durably(() => {
			const changed = this.#nextVersion(id);
			// Somebody has deleted the mailbox meanwhile.
			if (changed === undefined) return;
			const {first} = this.#sql('SELECT uid_next AS first FROM mailbox WHERE id = ?').get(id) as {first: number};
			let uid = first;
			const insert =
				this.#sql(`INSERT OR IGNORE INTO message (mailbox, uid, key, name, is_new, is_seen, changed, size_bytes)
				VALUES (?, ?, ?, ?, ?, ?, ?, ?)`);
			for (const {key, name, isNew, isSeen, sizeBytes} of files)
				if (insert.run(id, uid, key, name, Number(isNew), Number(isSeen), changed, sizeBytes ?? null).changes > 0)
					uid += 1;
			if (uid === first) return;
			this.#sql(
				"UPDATE mailbox SET uid_next = ?, uids = CASE uids WHEN '' THEN ? ELSE uids || ',' || ? END WHERE id = ?",
			).run(uid, `${first}:${uid - 1}`, `${first}:${uid - 1}`, id);
		});
	}

	#nextVersion(id: number): number | undefined {
		const row = this.#sql('UPDATE mailbox SET version = version + 1 WHERE id = ? RETURNING version').get(id);
		return (row as {version: number} | undefined)?.version;
	}

	/** Those that came or have other flags since the mailbox had that version. */
	changedSince(id: number, before: number): IndexedMessage[] {
		const rows = this.#sql('SELECT * FROM message WHERE mailbox = ? AND changed > ? ORDER BY uid').all(id, before);
		return (rows as Row[]).map(asMessage);
	}

	uidOf(id: number, key: string): number | undefined {
		const row = this.#sql('SELECT uid FROM message WHERE mailbox = ? AND key = ?').get(id, key);
		return (row as {uid: number} | undefined)?.uid;
	}

	/** Files that have other names now, and those that are no more. Returns the version that made of the mailbox. */
	change(id: number, renamed: readonly RenamedFile[], gone: readonly number[]): number | undefined {
		if (renamed.length + gone.length === 0) return undefined;
		return this.#durably(() => {
			const changed = this.#nextVersion(id);
			if (changed === undefined) return undefined;
			const update = this.#sql(
				'UPDATE message SET name = ?, is_new = ?, is_seen = ?, changed = coalesce(?, changed) WHERE mailbox = ? AND uid = ?',
			);
			for (const {uid, name, isNew, isSeen, hasOtherFlags} of renamed)
				update.run(name, Number(isNew), Number(isSeen), hasOtherFlags ? changed : null, id, uid);
			const remove = this.#sql('DELETE FROM message WHERE mailbox = ? AND uid = ?');
			for (const uid of gone) remove.run(id, uid);
			if (gone.length > 0) this.#sql('UPDATE mailbox SET uids = NULL WHERE id = ?').run(id);
			return changed;
		});
	}

	/** What was slow to find out. */
	learn(
		id: number,
		found: readonly {
			readonly uid: number;
			readonly sizeBytes?: number;
			readonly cameAt?: number;
			readonly messageId?: string;
		}[],
	): void {
		if (found.length === 0) return;
		this.#durably(() => {
			const update = this.#sql(`UPDATE message SET size_bytes = coalesce(?, size_bytes), came_at = coalesce(?, came_at),
				message_id = coalesce(?, message_id) WHERE mailbox = ? AND uid = ?`);
			for (const {uid, sizeBytes, cameAt, messageId} of found)
				update.run(sizeBytes ?? null, cameAt === undefined ? null : Math.round(cameAt), messageId ?? null, id, uid);
		});
	}

	/** The folders were read when they were so; '': they may have changed while they were read. */
	stamp(id: number, stamp: string): void {
		this.#sql('UPDATE mailbox SET stamp = ? WHERE id = ?').run(stamp, id);
	}

	close(): void {
		this.#database.close();
	}
}

const asMessage = ({
	uid,
	key,
	name,
	is_new,
	is_seen,
	changed,
	size_bytes,
	came_at,
	message_id,
}: Row): IndexedMessage => ({
	uid,
	key,
	name,
	isNew: is_new === 1,
	isSeen: is_seen === 1,
	changed,
	sizeBytes: size_bytes ?? undefined,
	cameAt: came_at ?? undefined,
	messageId: message_id ?? undefined,
});
