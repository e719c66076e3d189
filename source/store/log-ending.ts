/**
 * How an operation is over, and how one that was refused begins again. All within a transaction of the log.
 *
 * Laws: it is over when nothing of it is left to be sent: refused, where anything of it was; else done, or undone where
 * what takes it back was decided meanwhile and not refused. What is over is remembered for a while, for undo and for the
 * outbox.
 */
import type {StatementSync} from 'node:sqlite';
import type {LogMessageId, OperationId} from '../model/operation.ts';
import {ours, type SafeText, safeLine} from '../model/safe-text.ts';
import type {LogDependence} from './log-dependence.ts';
import {targetsOf} from './log-schema.ts';

/** Operations that are done are kept as long as there are no more of them than this. */
const rememberedOperations = 50;

/** What an operation is of which nothing was refused, in a statement about it. */
const doneOrUndone = `iif(
	EXISTS (SELECT 1 FROM operation AS inverse WHERE inverse.undoes = operation.id AND inverse.state <> 'refused'),
	'undone', 'done'
)`;

export class LogEnding {
	readonly #sql: (text: string) => StatementSync;
	readonly #dependence: LogDependence;

	constructor(sql: (text: string) => StatementSync, dependence: LogDependence) {
		this.#sql = sql;
		this.#dependence = dependence;
	}

	/** Something of it was settled or refused: when nothing is left to be sent it is over. */
	conclude(id: OperationId): void {
		const {open, refused} = this.#sql(`
			SELECT count(*) FILTER (WHERE is_refused = 0) AS open, count(*) FILTER (WHERE is_refused = 1) AS refused
			FROM target WHERE operation = ? AND state <> 'done'
		`).get(id) as {open: number; refused: number};
		if (open > 0) return;
		if (refused > 0) this.#refuseAll(id);
		else this.#sql(`UPDATE operation SET state = ${doneOrUndone} WHERE id = ? AND state = 'waiting'`).run(id);
		this.forgetOld();
	}

	/**
	 * It was refused, and what was refused of one message is so by now: what took it back found nothing to do there, and does
	 * it now.
	 */
	doneAfterAll(id: OperationId, message: LogMessageId): void {
		this.#sql(`
			UPDATE target SET state = 'waiting' WHERE message = ? AND state = 'done'
			AND operation IN (SELECT id FROM operation WHERE undoes = ? AND state = 'done')
		`).run(message, id);
		this.#sql(`
			UPDATE operation SET state = 'waiting' WHERE undoes = ? AND state = 'done'
			AND EXISTS (SELECT 1 FROM target WHERE operation = operation.id AND target.state <> 'done')
		`).run(id);
		this.#sql(`
			UPDATE operation SET refusal = '', is_gone = 0, state = ${doneOrUndone}
			WHERE id = ?1 AND state = 'refused' AND NOT EXISTS (SELECT 1 FROM target WHERE operation = ?1 AND state <> 'done')
		`).run(id);
	}

	/** The same as `refuse` of the log: all that is not done of it, or only of these messages. */
	refuse(
		id: OperationId,
		refusal: SafeText,
		{isGone = false, messages}: {readonly isGone?: boolean; readonly messages?: readonly LogMessageId[]} = {},
	): void {
		this.#sql(`
			UPDATE operation SET is_gone = max(is_gone, ?2), refusal = CASE
				WHEN refusal = '' OR instr(?1, refusal) > 0 THEN ?1
				WHEN instr(refusal, ?1) > 0 THEN refusal ELSE refusal || '; ' || ?1
			END WHERE id = ?3
		`).run(refusal, Number(isGone), id);
		const mark = this.#sql("UPDATE target SET is_refused = 1 WHERE operation = ? AND message = ? AND state <> 'done'");
		for (const message of messages ?? targetsOf(this.#sql, id).map(target => target.message)) mark.run(id, message);
		if (messages === undefined) this.#refuseAll(id);
		else this.conclude(id);
	}

	#refuseAll(id: OperationId): void {
		// What was decided since it was refused knows of that.
		if (this.#sql("UPDATE operation SET state = 'refused' WHERE id = ? AND state = 'waiting'").run(id).changes === 0)
			return;
		this.#dependence.keepBack(id);
		this.#dependence.standAgain(id);
	}

	/** A removal was of what lay where it was decided: for good nothing goes from where the user has put it since. */
	retry(id: OperationId): void {
		const isRefused = this.#sql("SELECT 1 FROM operation WHERE id = ? AND state = 'refused'").get(id) !== undefined;
		if (!isRefused) return;
		const moved = this.#dependence.movedSince(id);
		const left = targetsOf(this.#sql, id).filter(({state}) => state !== 'done');
		if (left.length === 0 || moved.length < left.length) this.goOn(id);
		if (moved.length > 0)
			this.refuse(id, ours('you have moved it since: remove it where it is now'), {messages: moved});
	}

	/** It waits again, unless the mailbox it goes to is deleted by then. */
	goOn(id: OperationId): void {
		const deleted = this.#dependence.goalDeletedSince(id);
		if (deleted !== undefined) {
			// What it was refused for before may be so no more.
			this.#sql("UPDATE operation SET refusal = '' WHERE id = ?").run(id);
			this.refuse(id, safeLine(`you have deleted ${deleted} since: take that back, then try this again`));
			return;
		}
		this.#sql('UPDATE target SET is_refused = 0 WHERE operation = ?').run(id);
		this.#sql("UPDATE operation SET state = 'waiting', refusal = '', is_gone = 0, is_sent = 0 WHERE id = ?").run(id);
	}

	/** More of what is done than is remembered, and the messages nothing is about any more. */
	forgetOld(): void {
		this.#sql(`
			DELETE FROM operation WHERE state IN ('done', 'undone') AND append_key IS NULL AND id NOT IN (
				SELECT id FROM operation WHERE state IN ('done', 'undone') ORDER BY id DESC LIMIT ${rememberedOperations}
			)
		`).run();
		this.#sql('DELETE FROM message WHERE id NOT IN (SELECT message FROM target)').run();
	}
}
