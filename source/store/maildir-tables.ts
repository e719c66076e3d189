/** The tables of the index of local mail, and how the file that has them is opened. */
import fs from 'node:fs';
import path from 'node:path';
import type {DatabaseSync} from 'node:sqlite';
import {openDatabase} from './open-database.ts';

/** Another one is thrown away: it holds nothing that is not in the Maildirs. */
const version = 1;
const tables = `
	CREATE TABLE root (
		folder TEXT NOT NULL,                  -- the folder of Maildirs this is the index of
		id     TEXT NOT NULL                   -- what the file in it says that marks it as ours
	) STRICT;

	CREATE TABLE mailbox (
		id           INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
		path         TEXT    NOT NULL UNIQUE,
		uid_validity INTEGER NOT NULL,
		uid_next     INTEGER NOT NULL DEFAULT 1,
		uids         TEXT,                        -- of all its messages, as a set of ranges; NULL: to be counted anew
		stamp        TEXT    NOT NULL DEFAULT '', -- how the folders were when they were read; '': unknown
		version      INTEGER NOT NULL DEFAULT 0   -- goes up with each change of its messages
	) STRICT;

	CREATE TABLE message (
		mailbox    INTEGER NOT NULL,
		uid        INTEGER NOT NULL,
		key        TEXT    NOT NULL,
		name       TEXT    NOT NULL,           -- the file's, with sizes and flags
		is_new     INTEGER NOT NULL,           -- in 'new' instead of 'cur'
		is_seen    INTEGER NOT NULL,
		changed    INTEGER NOT NULL,           -- the version of the mailbox that gave it these flags
		size_bytes INTEGER,                    -- with CRLF; NULL: nobody asked yet
		came_at    INTEGER,                    -- ms since the epoch; NULL: nobody asked yet
		message_id TEXT,                       -- as sent, '' for none; NULL: nobody asked yet
		PRIMARY KEY (mailbox, uid)
	) STRICT, WITHOUT ROWID;
	CREATE UNIQUE INDEX message_key ON message (mailbox, key);
	CREATE INDEX message_unseen ON message (mailbox) WHERE is_seen = 0;
`;

/** Throws what the file system or SQLite throws. One that is broken, or of another version, is begun anew. */
export function openMaildirTables(file: string): DatabaseSync {
	fs.mkdirSync(path.dirname(file), {recursive: true, mode: 0o700});
	// SQLite would let the umask decide who may read it.
	fs.closeSync(fs.openSync(file, 'a', 0o600));
	try {
		return usable(file);
	} catch (error) {
		if (!isBroken(error)) throw error;
		for (const end of ['', '-wal', '-shm']) fs.rmSync(`${file}${end}`, {force: true});
		return usable(file);
	}
}

function usable(file: string): DatabaseSync {
	const database = openDatabase(file);
	try {
		database.exec('PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
		database.exec('BEGIN IMMEDIATE');
		const {user_version: found} = database.prepare('PRAGMA user_version').get() as {user_version: number};
		if (found !== version) {
			for (const name of ['root', 'mailbox', 'message']) database.exec(`DROP TABLE IF EXISTS ${name}`);
			database.exec(tables);
			database.exec(`PRAGMA user_version = ${version}`);
		}
		database.exec('COMMIT');
		return database;
	} catch (error) {
		database.close();
		throw error;
	}
}

/** SQLITE_CORRUPT, SQLITE_NOTADB. */
const isBroken = (error: unknown): boolean => [11, 26].includes(((error as {errcode?: number}).errcode ?? 0) & 0xff);
