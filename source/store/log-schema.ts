/**
 * The tables of the operation log, and their rows as the model has them.
 */
import type {StatementSync} from 'node:sqlite';
import type {MailboxPath} from '../model/ids.ts';
import type {Change, Handed, LogMessageId, Operation, OperationId, Target, TargetState} from '../model/operation.ts';
import type {SafeText} from '../model/safe-text.ts';

/** Append only: a column never changes its meaning. */
export const logMigrations = [
	`
	CREATE TABLE message (            -- a message some operation is about, wherever it is by now
		id           INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
		mailbox      TEXT    NOT NULL,
		uid_validity INTEGER NOT NULL,
		uid          INTEGER NOT NULL,  -- 0: its UID there is not known
		message_id   TEXT    NOT NULL DEFAULT ''  -- its Message-ID, where it may have to be looked up by it
	) STRICT;
	CREATE INDEX message_place ON message (mailbox, uid_validity, uid);

	CREATE TABLE operation (
		id      INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
		made_at INTEGER NOT NULL,       -- ms since the epoch
		change  TEXT    NOT NULL,       -- JSON of model/operation.ts, Change
		state   TEXT    NOT NULL,
		refusal TEXT    NOT NULL DEFAULT '',
		undoes  INTEGER                 -- the operation this one takes back
	) STRICT;

	CREATE TABLE target (
		operation    INTEGER NOT NULL REFERENCES operation ON DELETE CASCADE,
		message      INTEGER NOT NULL REFERENCES message,
		mailbox      TEXT    NOT NULL,  -- where it was when it was decided
		uid_validity INTEGER NOT NULL,
		uid          INTEGER NOT NULL,
		was_set      INTEGER,           -- of a flag; NULL when nobody knew
		state        TEXT    NOT NULL,
		copy         TEXT    NOT NULL DEFAULT '', -- JSON, Place of the confirmed copy while the original has still to go
		PRIMARY KEY (operation, message)
	) STRICT, WITHOUT ROWID;
	CREATE INDEX target_message ON target (message);
	`,
	`
	ALTER TABLE message ADD COLUMN size_bytes INTEGER NOT NULL DEFAULT 0; -- RFC822.SIZE, known with the Message-ID; 0: not
	`,
	`
	ALTER TABLE operation ADD COLUMN is_held INTEGER NOT NULL DEFAULT 0; -- not sent until the user lets it go
	ALTER TABLE operation ADD COLUMN waits_for INTEGER;                  -- one that was refused, and on which it depends
	`,
	`
	ALTER TABLE operation ADD COLUMN is_sent INTEGER NOT NULL DEFAULT 0; -- of a change of a mailbox, which has no targets
	`,
	`
	ALTER TABLE operation ADD COLUMN is_gone INTEGER NOT NULL DEFAULT 0; -- refused because its messages are not where they were
	`,
	`
	ALTER TABLE operation ADD COLUMN append_key TEXT; -- of an append: the account it comes from, and what that calls it
	CREATE UNIQUE INDEX operation_append ON operation (append_key);
	`,
	`
	ALTER TABLE target ADD COLUMN is_refused INTEGER NOT NULL DEFAULT 0; -- nothing more of it is sent, while others go on
	UPDATE target SET is_refused = 1 WHERE state <> 'done' AND operation IN (SELECT id FROM operation WHERE state = 'refused');
	`,
	`
	ALTER TABLE operation ADD COLUMN stood TEXT NOT NULL DEFAULT ''; -- JSON, Stood of a mailbox to delete; '': nobody knew
	`,
	`
	ALTER TABLE target ADD COLUMN handed_key TEXT;                   -- of an append: what the account it comes from calls the message
	ALTER TABLE target ADD COLUMN handed TEXT NOT NULL DEFAULT '';   -- and JSON of what it goes up with
	ALTER TABLE target ADD COLUMN is_noted INTEGER NOT NULL DEFAULT 0; -- that account knows what became of it
	UPDATE target SET (handed_key, handed) = (
		SELECT change ->> '$.key', json_object('flags', change -> '$.flags', 'date', change -> '$.date')
		FROM operation WHERE id = target.operation
	) WHERE operation IN (SELECT id FROM operation WHERE change ->> '$.kind' = 'append');
	CREATE INDEX target_handed ON target (handed_key) WHERE handed_key IS NOT NULL;
	`,
	`
	ALTER TABLE target ADD COLUMN behind INTEGER; -- the move of it that was not carried out when it was decided
	`,
];

/** A row of `operation`. */
type OperationRow = {
	id: number;
	made_at: number;
	change: string;
	state: string;
	refusal: string;
	undoes: number | null;
	is_held: number;
	is_sent: number;
	/** `waits_for`, as long as that one is refused. */
	waiting_for: number | null;
};
/** A row of `target`, with where its message is now. */
type TargetRow = {
	operation: number;
	message: number;
	mailbox: string;
	uid_validity: number;
	uid: number;
	was_set: number | null;
	state: string;
	is_refused: number;
	handed_key: string | null;
	handed: string;
	behind: number | null;
	now_mailbox: string;
	now_uid_validity: number;
	now_uid: number;
	message_id: string;
	size_bytes: number;
};

const asOperation = (row: OperationRow, targets: readonly Target[]): Operation => ({
	id: row.id as OperationId,
	change: JSON.parse(row.change) as Change,
	targets,
	madeAt: row.made_at,
	state: row.state as Operation['state'],
	refusal: row.refusal as SafeText,
	undoes: (row.undoes as OperationId | null) ?? undefined,
	isSent: row.is_sent === 1,
	isHeld: row.is_held === 1,
	waitsFor: (row.waiting_for as OperationId | null) ?? undefined,
});

const asTarget = (row: TargetRow): Target => ({
	message: row.message as LogMessageId,
	place: {mailbox: row.now_mailbox as MailboxPath, uidValidity: row.now_uid_validity, uid: row.now_uid},
	from: {mailbox: row.mailbox as MailboxPath, uidValidity: row.uid_validity, uid: row.uid},
	wasSet: row.was_set === null ? undefined : row.was_set === 1,
	messageId: row.message_id,
	sizeBytes: row.size_bytes,
	state: row.state as TargetState,
	isRefused: row.is_refused === 1,
	...(row.behind === null ? {} : {behind: row.behind as OperationId}),
	...(row.handed_key === null
		? {}
		: {handed: {key: row.handed_key, ...(JSON.parse(row.handed) as Omit<Handed, 'key'>)}}),
});

/** All operations but what is in no list (`kept`), oldest first. Those that are over and in `known` are not read again. */
export function operationsIn(
	sql: (text: string) => StatementSync,
	known: ReadonlyMap<OperationId, Operation>,
): Operation[] {
	const rows = sql(`
		SELECT *, (
			SELECT id FROM operation AS refused WHERE refused.id = operation.waits_for AND refused.state = 'refused'
		) AS waiting_for
		FROM operation WHERE state <> 'kept' ORDER BY id
	`).all() as OperationRow[];
	return rows.map(row => {
		const before = known.get(row.id as OperationId);
		const isSame = before?.state === row.state && before.refusal === row.refusal;
		if (before && isSame && row.state !== 'waiting') return before;
		return asOperation(row, targetsOf(sql, row.id as OperationId));
	});
}

/** What an operation is about, with where each message is now. */
export function targetsOf(sql: (text: string) => StatementSync, id: OperationId): Target[] {
	const rows = sql(`
		SELECT
			target.*, message_id, size_bytes,
			message.mailbox AS now_mailbox, message.uid_validity AS now_uid_validity, message.uid AS now_uid
		FROM target JOIN message ON message.id = target.message
		WHERE operation = ? ORDER BY target.uid, target.message
	`).all(id) as TargetRow[];
	return rows.map(asTarget);
}
