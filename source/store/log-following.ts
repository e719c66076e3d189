/**
 * What the log makes of a message that has gone from one place and turned up in another: the same Message-ID in the same
 * size, so it is that message, or a copy of it.
 *
 * Laws: a copy that we have made is not its original; what was half done where a message was is looked up where it is now,
 * since that may be the copy, which must not be removed as the original.
 */
import type {StatementSync} from 'node:sqlite';
import type {LogMessageId, OperationId, Place} from '../model/operation.ts';
import type {LogEnding} from './log-ending.ts';

type LogToFollow = {
	readonly sql: (text: string) => StatementSync;
	readonly ending: LogEnding;
	/** The message is where it has turned up, and the operation has brought it there. */
	readonly settle: (id: OperationId, message: LogMessageId) => void;
};

/** Within a transaction. Returns whether anything is decided about it. Throws what SQLite throws. */
export function followInLog(log: LogToFollow, from: Place, to: Place): boolean {
	const {sql} = log;
	const at = ({mailbox, uidValidity, uid}: Place) =>
		sql('SELECT id FROM message WHERE mailbox = ? AND uid_validity = ? AND uid = ?').get(mailbox, uidValidity, uid) as
			| {id: LogMessageId}
			| undefined;
	const known = at(from);
	if (known === undefined || isOurCopy(sql, known.id, from, to)) return false;
	settleHalves(log, known.id, to);
	const keptId = asOne(sql, known.id, at(to)?.id ?? known.id);
	sql('UPDATE message SET mailbox = ?, uid_validity = ?, uid = ? WHERE id = ?').run(
		to.mailbox,
		to.uidValidity,
		to.uid,
		keptId,
	);
	const gone = sql(`
		SELECT id FROM operation WHERE state IN ('waiting', 'refused') AND is_gone = 1
		AND EXISTS (SELECT 1 FROM target WHERE operation = operation.id AND message = ? AND state <> 'done')
	`).all(keptId) as {id: OperationId}[];
	for (const {id} of gone) log.ending.goOn(id);
	return true;
}

/** Both numbers are of one message: the order of what is decided is by them. One that another account knows it by stays. */
function asOne(sql: LogToFollow['sql'], known: LogMessageId, there: LogMessageId): LogMessageId {
	const isKnownAbroad = sql(`
		SELECT 1 FROM target JOIN operation ON operation.id = operation
		WHERE message = ? AND target.state <> 'done' AND change ->> '$.to.account' IS NOT NULL
	`).get(known);
	const [kept, other] = isKnownAbroad === undefined ? [there, known] : [known, there];
	sql('UPDATE OR IGNORE target SET message = ? WHERE message = ?').run(kept, other);
	return kept;
}

/** Of a copy whose UID nobody knows it is enough that it is there. */
function isOurCopy(sql: LogToFollow['sql'], message: LogMessageId, from: Place, to: Place): boolean {
	const copy = sql(`
		SELECT 1 FROM target JOIN operation ON operation.id = operation JOIN message ON message.id = message
		WHERE change ->> '$.kind' = 'copy' AND change ->> '$.to.account' IS NULL AND iif(
			target.state = 'done',
			message.mailbox = :there AND iif(
				message.uid = 0,
				target.mailbox = :mailbox AND target.uid_validity = :validity AND target.uid = :uid,
				message.uid_validity = :validityThere AND message.uid = :uidThere
			),
			target.state = 'sending' AND target.message = :message AND change ->> '$.to.path' = :there
		)
	`).get({
		message,
		mailbox: from.mailbox,
		validity: from.uidValidity,
		uid: from.uid,
		there: to.mailbox,
		validityThere: to.uidValidity,
		uidThere: to.uid,
	});
	return copy !== undefined;
}

/**
 * Half of a move was done, and its original has gone. Where the copy turns up that was all of it. Elsewhere it may be the
 * original, which another client has moved, or the copy: whether there is a copy is looked up before anything is removed.
 */
function settleHalves(log: LogToFollow, message: LogMessageId, to: Place): void {
	const halves = log
		.sql(`
			SELECT operation, copy, operation.state = 'refused' AS was_refused
			FROM target JOIN operation ON operation.id = operation
			WHERE message = ? AND change ->> '$.kind' = 'move' AND copy <> '' AND target.state IN ('copied', 'sending')
		`)
		.all(message) as {operation: OperationId; copy: string; was_refused: number}[];
	for (const {operation, copy, was_refused} of halves) {
		const {mailbox, uidValidity, uid} = JSON.parse(copy) as Place;
		const isIt = uid === 0 || (uidValidity === to.uidValidity && uid === to.uid);
		if (mailbox !== to.mailbox || !isIt) continue;
		log.settle(operation, message);
		if (was_refused === 1) log.ending.doneAfterAll(operation, message);
	}
	log
		.sql(`
		UPDATE target SET state = 'sending' WHERE message = ? AND state = 'copied'
		AND operation IN (SELECT id FROM operation WHERE change ->> '$.kind' = 'move')
	`)
		.run(message);
}
