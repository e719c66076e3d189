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
	`
	-- What a kept summary has besides; NULL: not fetched, which is not the same as empty.
	ALTER TABLE summary ADD COLUMN to_field TEXT;
	ALTER TABLE summary ADD COLUMN cc_field TEXT;
	ALTER TABLE summary ADD COLUMN message_id TEXT;    -- as sent, with its angle brackets
	ALTER TABLE summary ADD COLUMN in_reply_to TEXT;   -- message-ids, separated by spaces
	ALTER TABLE summary ADD COLUMN reference_ids TEXT; -- the same
	CREATE INDEX summary_message_id ON summary (message_id) WHERE message_id IS NOT NULL;

	-- How far a mailbox is held. Every message there is from whole_from on, below uid_next, is here; count is of all those
	-- below uid_next. So the sequence number of a held one is count less the held ones with a greater UID.
	ALTER TABLE mailbox ADD COLUMN uid_next INTEGER;       -- NULL: nothing was ever held whole
	ALTER TABLE mailbox ADD COLUMN count INTEGER;
	ALTER TABLE mailbox ADD COLUMN whole_from INTEGER;
	ALTER TABLE mailbox ADD COLUMN highest_modseq TEXT;    -- RFC 7162: all changes up to it are here; NULL: unknown
	ALTER TABLE mailbox ADD COLUMN synced_at INTEGER;      -- ms since the epoch
	ALTER TABLE mailbox ADD COLUMN is_read_only INTEGER NOT NULL DEFAULT 0;

	CREATE TABLE body (                -- messages of which octets are here
		id      INTEGER NOT NULL PRIMARY KEY,
		bytes   INTEGER NOT NULL,
		read_at INTEGER NOT NULL       -- ms since the epoch: when it was last looked at, or came
	) STRICT;
	INSERT INTO body SELECT id, sum(length(octets)), 0 FROM chunk GROUP BY id;

	CREATE TABLE listed (              -- the list of mailboxes as the server told it last, and how each stood then
		path           TEXT    NOT NULL PRIMARY KEY,
		place          INTEGER NOT NULL, -- in the order it came
		delimiter      TEXT    NOT NULL,
		special_use    TEXT,
		is_selectable  INTEGER NOT NULL,
		messages       INTEGER,
		unseen         INTEGER
	) STRICT;
	`,
	`
	-- Messages that went from a mailbox, perhaps to turn up in another: their structure and octets stay for a while.
	CREATE TABLE lost (
		id           INTEGER NOT NULL PRIMARY KEY,
		message_id   TEXT    NOT NULL,
		size_bytes   INTEGER NOT NULL,
		mailbox      TEXT    NOT NULL,
		uid_validity INTEGER NOT NULL,
		uid          INTEGER NOT NULL
	) STRICT;
	CREATE INDEX lost_message_id ON lost (message_id);
	`,
	`
	-- The wish, as JSON, of which a call has brought all it could; NULL: something may be missing.
	ALTER TABLE mailbox ADD COLUMN wish_done TEXT;
	`,
	`
	CREATE TABLE preview (             -- the first words of a message (RFC 8970); '' when the server has none for it
		id   INTEGER NOT NULL PRIMARY KEY,
		text TEXT    NOT NULL
	) STRICT;
	`,
	`
	ALTER TABLE listed ADD COLUMN told_at INTEGER; -- ms since the epoch; NULL: nobody wrote it down
	`,
	`
	ALTER TABLE mailbox ADD COLUMN permanent_flags TEXT; -- those a client can change for good; NULL: the server does not say
	`,
	`
	ALTER TABLE listed ADD COLUMN uid_validity INTEGER; -- as told with the counts; NULL: not told
	ALTER TABLE listed ADD COLUMN uid_next INTEGER;
	`,
	`
	ALTER TABLE lost ADD COLUMN summary TEXT; -- its row of 'summary', as JSON
	-- Where it lies is not where it went from, but where we have moved it, by what the server answered (COPYUID).
	ALTER TABLE lost ADD COLUMN has_landed INTEGER NOT NULL DEFAULT 0;
	CREATE INDEX lost_place ON lost (mailbox, uid);
	`,
];

/** Brings the facts to the newest tables. */
export const migrate = (database: DatabaseSync): void => migrateWith(database, migrations);

/** Throws when the tables of the facts are not the newest. */
export const expectNewest = (database: DatabaseSync): void => expectMigrated(database, migrations);

/**
 * Brings a database to its newest tables; two processes may do so at once. Throws when a newer version of the program has
 * written it: nobody knows here what is in it.
 */
export function migrateWith(database: DatabaseSync, migrations: readonly string[]): void {
	database.exec('BEGIN IMMEDIATE');
	const version = versionOf(database);
	if (version > migrations.length) {
		database.exec('ROLLBACK');
		throw new Error('a newer version of this program has written it');
	}
	const made = version === 0 ? newest.get(migrations) : undefined;
	for (const migration of made ?? migrations.slice(version)) database.exec(migration);
	database.exec(`PRAGMA user_version = ${migrations.length}`);
	database.exec('COMMIT');
	if (version === 0 && made === undefined) newest.set(migrations, tablesOf(database));
}

/** The newest tables, once a new database has come to them by all steps: the next one is made with them at once. */
const newest = new Map<readonly string[], readonly string[]>();

const tablesOf = (database: DatabaseSync): string[] =>
	(
		database.prepare("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'").all() as {
			sql: string;
		}[]
	).map(({sql}) => sql);

/** For who only looks: throws when another version of the program has written it. */
export function expectMigrated(database: DatabaseSync, migrations: readonly string[]): void {
	if (versionOf(database) !== migrations.length) throw new Error('another version of this program has written it');
}

const versionOf = (database: DatabaseSync): number =>
	(database.prepare('PRAGMA user_version').get() as {user_version: number}).user_version;
