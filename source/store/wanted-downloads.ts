/**
 * What the user wants saved and is not saved yet, so that it goes on after a restart. The octets are in the `.part`
 * beside the target; here is only where they come from and where they go: no subject, no address (law 14).
 *
 * A row belongs to the process at work on it (`owner`); one whose owner is gone is anybody's.
 */
import fs from 'node:fs';
import path from 'node:path';
import type {DatabaseSync} from 'node:sqlite';
import type {MailboxPath, PartNumber} from '../model/ids.ts';
import {openDatabase} from './open-database.ts';
import {migrateWith} from './schema.ts';

export type WantedState = 'running' | 'paused' | 'failed';

export type WantedDownload = {
	readonly id: number;
	readonly mailbox: MailboxPath;
	readonly uidValidity: number;
	readonly uid: number;
	readonly part: PartNumber;
	readonly type: string;
	readonly subtype: string;
	readonly encoding: string;
	readonly sizeBytes: number;
	readonly target: string;
	readonly mayReplace: boolean;
	readonly state: WantedState;
};

/** Append only: a column never changes its meaning. */
const migrations = [
	`
	CREATE TABLE wanted (
		id           INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
		owner        TEXT    NOT NULL,  -- the process at work on it (session/process-identity.ts)
		mailbox      TEXT    NOT NULL,
		uid_validity INTEGER NOT NULL,
		uid          INTEGER NOT NULL,
		part         TEXT    NOT NULL,
		type         TEXT    NOT NULL,
		subtype      TEXT    NOT NULL,
		encoding     TEXT    NOT NULL,
		size_bytes   INTEGER NOT NULL,  -- as announced, in its encoding
		target       TEXT    NOT NULL,
		may_replace  INTEGER NOT NULL,
		state        TEXT    NOT NULL
	) STRICT;
	`,
];

type Row = Record<string, string | number>;

const asWanted = (row: Row): WantedDownload => ({
	id: Number(row.id),
	mailbox: row.mailbox as MailboxPath,
	uidValidity: Number(row.uid_validity),
	uid: Number(row.uid),
	part: row.part as PartNumber,
	type: String(row.type),
	subtype: String(row.subtype),
	encoding: String(row.encoding),
	sizeBytes: Number(row.size_bytes),
	target: String(row.target),
	mayReplace: row.may_replace === 1,
	state: row.state as WantedState,
});

export class WantedDownloads {
	readonly #folder: string;
	#database: DatabaseSync | undefined;

	/** Nothing is written, nor is the folder made, before something is wanted. */
	constructor(folder: string) {
		this.#folder = folder;
	}

	get #file(): string {
		return path.join(this.#folder, 'downloads.sqlite');
	}

	#open(): DatabaseSync {
		if (this.#database === undefined) {
			fs.mkdirSync(this.#folder, {recursive: true, mode: 0o700});
			const database = openDatabase(this.#file);
			database.exec('PRAGMA busy_timeout = 2000; PRAGMA synchronous = FULL');
			migrateWith(database, migrations);
			this.#database = database;
		}
		return this.#database;
	}

	/** Throws what SQLite throws: then it is not remembered. */
	add(wanted: Omit<WantedDownload, 'id'>, owner: string): number {
		const {mailbox, uidValidity, uid, part, type, subtype, encoding, sizeBytes, target, mayReplace, state} = wanted;
		const {lastInsertRowid} = this.#open()
			.prepare(
				`INSERT INTO wanted (owner, mailbox, uid_validity, uid, part, type, subtype, encoding, size_bytes, target,
				may_replace, state) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
			)
			.run(
				owner,
				mailbox,
				uidValidity,
				uid,
				part,
				type,
				subtype,
				encoding,
				sizeBytes,
				target,
				mayReplace ? 1 : 0,
				state,
			);
		return Number(lastInsertRowid);
	}

	setState(id: number, state: WantedState): void {
		this.#open().prepare('UPDATE wanted SET state = ? WHERE id = ?').run(state, id);
	}

	remove(id: number): void {
		this.#open().prepare('DELETE FROM wanted WHERE id = ?').run(id);
	}

	/** Those nobody is at work on, which are this process's from now on. Throws what SQLite throws. */
	takeOver(owner: string, isAlive: (owner: string) => boolean): WantedDownload[] {
		if (!fs.existsSync(this.#file)) return [];
		const database = this.#open();
		const rows = database.prepare('SELECT * FROM wanted ORDER BY id').all() as Row[];
		const take = database.prepare('UPDATE wanted SET owner = ? WHERE id = ? AND owner = ?');
		return rows
			.filter(row => !isAlive(String(row.owner)))
			.filter(row => take.run(owner, Number(row.id), String(row.owner)).changes === 1)
			.map(asWanted);
	}

	close(): void {
		this.#database?.close();
		this.#database = undefined;
	}
}
