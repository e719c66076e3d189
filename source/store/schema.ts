/**
 * The tables of what we know. Migrations are append only: a column never changes its meaning.
 *
 * That a row is there *is* its state (a summary, a structure, a chunk), so a crash cannot make it lie. The facts are in
 * memory in the online model and in a file in the disconnected one; the tables are the same.
 */
import type {DatabaseSync} from 'node:sqlite';

const migrations = [
	`
	CREATE TABLE mailbox (
		path         TEXT    NOT NULL PRIMARY KEY,
		uid_validity INTEGER NOT NULL
	) STRICT;

	CREATE TABLE summary (
		id         INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, -- never given to another message
		mailbox    TEXT    NOT NULL,
		uid        INTEGER NOT NULL,
		sender     TEXT    NOT NULL,   -- as a row shows it
		from_field TEXT    NOT NULL,   -- the whole From, decoded
		subject    TEXT    NOT NULL,
		date       INTEGER,            -- ms since the epoch; NULL when the message has none that can be read
		size_bytes INTEGER NOT NULL,
		flags      TEXT    NOT NULL,   -- as the server spells them, separated by spaces
		UNIQUE (mailbox, uid)
	) STRICT;

	CREATE TABLE structure (
		id   INTEGER NOT NULL PRIMARY KEY,
		json TEXT    NOT NULL          -- what opening the message brought: 'Described' of session/describe.ts
	) STRICT;

	CREATE TABLE chunk (
		id      INTEGER NOT NULL,
		section TEXT    NOT NULL,      -- a part's number, or its number and '.header'
		offset  INTEGER NOT NULL,
		octets  BLOB    NOT NULL,
		PRIMARY KEY (id, section, offset)
	) STRICT, WITHOUT ROWID;
	`,
];

/** Brings the facts to the newest tables. */
export const migrate = (database: DatabaseSync): void => migrateWith(database, migrations);

/**
 * Brings a database to its newest tables; two processes may do so at once. Throws when a newer version of the program has
 * written it: nobody knows here what is in it.
 */
export function migrateWith(database: DatabaseSync, migrations: readonly string[]): void {
	database.exec('BEGIN IMMEDIATE');
	const {user_version: version} = database.prepare('PRAGMA user_version').get() as {user_version: number};
	if (version > migrations.length) {
		database.exec('ROLLBACK');
		throw new Error('a newer version of this program has written it');
	}
	for (const [index, migration] of migrations.entries()) {
		if (index < version) continue;
		database.exec(migration);
		database.exec(`PRAGMA user_version = ${index + 1}`);
	}
	database.exec('COMMIT');
}
