/** The tables of our own state. Append only: a column never changes its meaning. */
export const ownStateMigrations = [
	`
	CREATE TABLE client (              -- one row: who we are to other clients
		id      TEXT    NOT NULL,
		counter INTEGER NOT NULL,      -- Lamport's: no record heard of is later
		change  INTEGER NOT NULL       -- how many times a record was written here
	) STRICT;

	CREATE TABLE mailbox (
		id           INTEGER NOT NULL PRIMARY KEY,
		url          TEXT    NOT NULL, -- model/state-place.ts, mailboxUrl
		uid_validity INTEGER NOT NULL,
		UNIQUE (url, uid_validity)
	) STRICT;

	CREATE TABLE record (              -- of each thing the latest that was heard (model/own-record.ts)
		mailbox INTEGER NOT NULL REFERENCES mailbox,
		uid     INTEGER NOT NULL,
		key     TEXT    NOT NULL,      -- what, in lower case
		what    TEXT    NOT NULL,
		is_set  INTEGER NOT NULL,
		counter INTEGER NOT NULL,
		who     TEXT    NOT NULL,
		change  INTEGER NOT NULL,      -- of this client, when it was written here
		origin  INTEGER NOT NULL,      -- the place it was read from; 0: none
		PRIMARY KEY (mailbox, uid, key)
	) STRICT, WITHOUT ROWID;
	CREATE INDEX record_change ON record (mailbox, change);
	CREATE INDEX record_key ON record (mailbox, key, is_set);

	CREATE TABLE decision (            -- what was decided here last, so that it can be undone
		id      INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
		made_at INTEGER NOT NULL,      -- ms since the epoch
		mailbox INTEGER NOT NULL REFERENCES mailbox,
		uids    TEXT    NOT NULL,      -- those it changed something for
		what    TEXT    NOT NULL,
		is_set  INTEGER NOT NULL
	) STRICT;

	CREATE TABLE place (               -- where records are shared
		id           INTEGER NOT NULL PRIMARY KEY,
		name         TEXT    NOT NULL UNIQUE,
		uid_validity INTEGER NOT NULL DEFAULT 0, -- of a mailbox; 0: never seen
		uid_next     INTEGER NOT NULL DEFAULT 1  -- what lies below it was read
	) STRICT;

	CREATE TABLE told (                -- how much of a mailbox's records a place was told
		place   INTEGER NOT NULL REFERENCES place,
		url     TEXT    NOT NULL,
		change  INTEGER NOT NULL,      -- all up to it
		PRIMARY KEY (place, url)
	) STRICT, WITHOUT ROWID;
	`,
	`
	CREATE TABLE place_message (       -- of a mailbox: messages with nothing in them but records that are known here
		place   INTEGER NOT NULL REFERENCES place,
		uid     INTEGER NOT NULL,
		PRIMARY KEY (place, uid)
	) STRICT, WITHOUT ROWID;
	`,
	`
	CREATE TABLE renamed (             -- what is heard under the name of before is of the mailbox it is now
		url          TEXT    NOT NULL,
		uid_validity INTEGER NOT NULL,
		now          TEXT    NOT NULL,
		PRIMARY KEY (url, uid_validity)
	) STRICT, WITHOUT ROWID;
	`,
];
