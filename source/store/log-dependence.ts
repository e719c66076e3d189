/**
 * What becomes of one operation, for those that were decided because of it: they wait, are held, or stand again. All within
 * a transaction of the log.
 */
import type {StatementSync} from 'node:sqlite';
import type {MailboxPath} from '../model/ids.ts';
import type {LogMessageId, OperationId} from '../model/operation.ts';

export class LogDependence {
	readonly #sql: (text: string) => StatementSync;

	constructor(sql: (text: string) => StatementSync) {
		this.#sql = sql;
	}

	/**
	 * What was decided behind a refused move, copy or removal counted on it: it waits until that is tried again or given up.
	 * A flag counts on nothing, and what is decided from now on knows of the refusal.
	 */
	keepBack(refused: OperationId): void {
		this.#sql(`
			UPDATE operation SET waits_for = ?1
			WHERE state = 'waiting' AND id > ?1 AND undoes IS NOT ?1 AND json_extract(change, '$.kind') <> 'flag'
			AND EXISTS (SELECT 1 FROM operation AS it WHERE it.id = ?1 AND json_extract(it.change, '$.kind') <> 'flag')
			AND EXISTS (
				SELECT 1 FROM target AS mine JOIN target AS theirs ON theirs.message = mine.message
				WHERE mine.operation = operation.id AND theirs.operation = ?1 AND theirs.state <> 'done'
			)
		`).run(refused);
	}

	/** A refusal was read: what waited for it does not leave by that. */
	hold(refused: OperationId): void {
		this.#sql(`
			UPDATE operation SET is_held = 1 WHERE state = 'waiting' AND waits_for = ?1
			AND EXISTS (SELECT 1 FROM operation AS it WHERE it.id = ?1 AND it.state = 'refused')
		`).run(refused);
	}

	/** The original of a copy that is not made after all is not removed for good by that. */
	holdRemovals(copy: OperationId): void {
		this.#sql(`
			UPDATE operation SET is_held = 1 WHERE state = 'waiting' AND id > ?1 AND change ->> '$.kind' = 'remove'
			AND EXISTS (SELECT 1 FROM operation AS it WHERE it.id = ?1 AND it.change ->> '$.kind' = 'copy')
			AND EXISTS (
				SELECT 1 FROM target AS mine JOIN target AS theirs ON theirs.message = mine.message
				WHERE mine.operation = operation.id AND theirs.operation = ?1
			)
		`).run(copy);
	}

	/** What was to be undone stands after all. */
	standAgain(undoing: OperationId): void {
		this.#sql(`
			UPDATE operation SET state = 'done'
			WHERE state = 'undone' AND id = (SELECT undoes FROM operation WHERE id = ?)
		`).run(undoing);
	}

	/**
	 * The mailbox something was to come to, if its deletion was decided behind that: what comes to it now would go with it,
	 * and was not in it when that was decided.
	 */
	goalDeletedSince(id: OperationId): MailboxPath | undefined {
		const row = this.#sql(`
			SELECT deletion.change ->> '$.mailbox' AS mailbox
			FROM operation AS mine JOIN operation AS deletion ON deletion.id > mine.id
			WHERE mine.id = ? AND deletion.state = 'waiting' AND deletion.change ->> '$.kind' = 'delete'
			AND deletion.change ->> '$.mailbox' =
				iif(mine.change ->> '$.kind' = 'rename', mine.change ->> '$.to', mine.change ->> '$.to.path')
		`).get(id) as {mailbox: MailboxPath} | undefined;
		return row?.mailbox;
	}

	/** What the user has moved since the removal of it was decided. */
	movedSince(removal: OperationId): LogMessageId[] {
		const rows = this.#sql(`
			SELECT DISTINCT mine.message FROM target AS mine JOIN operation ON operation.id = mine.operation
			JOIN target AS theirs ON theirs.message = mine.message
			JOIN operation AS move ON move.id = theirs.operation
			WHERE mine.operation = ?1 AND mine.state <> 'done' AND operation.change ->> '$.kind' = 'remove'
			AND move.id > ?1 AND move.change ->> '$.kind' = 'move' AND theirs.state = 'done'
		`).all(removal) as {message: LogMessageId}[];
		return rows.map(({message}) => message);
	}
}
