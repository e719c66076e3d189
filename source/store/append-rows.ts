/**
 * What is to be appended to a mailbox here under a name it has elsewhere: what another account has handed over to this log,
 * written by that account, sent by this one, and taken note of by that one again; and the copies of letters that were sent.
 *
 * Laws: recorded once, however often it is handed over; what became of it stays until the other account has taken note of
 * it in its own log, since it must not hand it over again.
 */
import type {StatementSync} from 'node:sqlite';
import type {AccountName} from '../model/ids.ts';
import type {AppendChange, Handed, LogMessageId, OperationId} from '../model/operation.ts';
import type {SafeText} from '../model/safe-text.ts';
import type {MessageName} from './logged-messages.ts';

/** How one message stands; `done` is: it is there, and of the right size. */
export type AppendOutcome = {
	readonly id: OperationId;
	readonly message: LogMessageId;
	readonly key: string;
	readonly state: 'waiting' | 'done' | 'refused';
	readonly refusal: SafeText;
	/** It was sent, and may have arrived for all that is known. */
	readonly mayBeThere: boolean;
};

/** A message as it is handed over; `mayBeThere`: it was sent once, and is looked for first. */
export type Arrival = Handed & {readonly name: MessageName; readonly mayBeThere: boolean};

type Row = {
	operation: number;
	message: number;
	handed_key: string;
	state: string;
	is_refused: number;
	refusal: string;
};

/** Unique in a log. */
export const appendKey = ({from, key}: Pick<AppendChange, 'from' | 'key'>): string => JSON.stringify([from, key]);

/** The same of a letter whose copy is filed: nobody hands that over but the queue of the account itself. */
export const fileKey = (letter: string): string => JSON.stringify(['', letter]);

export class AppendRows {
	readonly #sql: (text: string) => StatementSync;

	constructor(sql: (text: string) => StatementSync) {
		this.#sql = sql;
	}

	/** The operation that has this key. */
	find(key: string): {readonly id: OperationId; readonly state: string} | undefined {
		return this.#sql('SELECT id, state FROM operation WHERE append_key = ?').get(key) as
			| {id: OperationId; state: string}
			| undefined;
	}

	/** A new one has this key from now on. */
	name(id: OperationId, key: string): void {
		this.#sql('UPDATE operation SET append_key = ? WHERE id = ?').run(key, id);
	}

	/** All that came from that account and that it has not taken note of. */
	from(account: AccountName): AppendOutcome[] {
		const rows = this.#sql(`
			SELECT operation, message, handed_key, target.state, is_refused, refusal
			FROM target JOIN operation ON operation.id = target.operation
			WHERE handed_key IS NOT NULL AND is_noted = 0 AND change ->> '$.from' = ?
		`).all(account) as Row[];
		return rows.map(row => ({
			id: row.operation as OperationId,
			message: row.message as LogMessageId,
			key: row.handed_key,
			state: row.state === 'done' ? 'done' : row.is_refused === 1 ? 'refused' : 'waiting',
			refusal: row.refusal as SafeText,
			mayBeThere: row.state !== 'waiting',
		}));
	}

	/**
	 * What of it is new to an operation, which has it from now on; what was refused of it goes on. An operation that
	 * is empty then goes: all of it was here, in an earlier one.
	 */
	add(id: OperationId, {from, to}: AppendChange, arrivals: readonly Arrival[]): void {
		const find = this.#sql(`
			SELECT operation, message, is_refused FROM target JOIN operation ON operation.id = target.operation
			WHERE handed_key = ? AND is_noted = 0 AND change ->> '$.from' = ?
		`);
		const again = this.#sql('UPDATE target SET is_refused = 0 WHERE operation = ? AND message = ?');
		const make = this.#sql(
			'INSERT INTO message (mailbox, uid_validity, uid, message_id, size_bytes) VALUES (?, 0, 0, ?, ?) RETURNING id',
		);
		const insert = this.#sql(`
			INSERT INTO target (operation, message, mailbox, uid_validity, uid, state, handed_key, handed)
			VALUES (?, ?, ?, 0, 0, ?, ?, ?)
		`);
		const touched = new Set([id]);
		for (const {key, flags, date, name, mayBeThere} of arrivals) {
			const known = find.get(key, from) as {operation: OperationId; message: number; is_refused: number} | undefined;
			if (known !== undefined) {
				again.run(known.operation, known.message);
				touched.add(known.operation);
				continue;
			}
			const message = make.get(to.path, name.messageId, name.sizeBytes) as {id: number};
			insert.run(id, message.id, to.path, mayBeThere ? 'sending' : 'waiting', key, JSON.stringify({flags, date}));
		}
		for (const each of touched) this.#goesOn(each);
		this.#forgetEmpty(id);
	}

	#forgetEmpty(id: OperationId): void {
		this.#sql('DELETE FROM operation WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM target WHERE operation = ?1)').run(id);
	}

	/** With something of it left to be sent an operation is not over. */
	#goesOn(id: OperationId): void {
		this.#sql(`
			UPDATE operation SET state = 'waiting', is_gone = 0,
				refusal = iif(EXISTS (SELECT 1 FROM target WHERE operation = ?1 AND is_refused = 1), refusal, '')
			WHERE id = ?1 AND EXISTS (SELECT 1 FROM target WHERE operation = ?1 AND is_refused = 0 AND state <> 'done')
		`).run(id);
	}

	/** It was refused and given up, and is in no list any more; false: nobody else has to hear of it. */
	keep(id: OperationId): boolean {
		const kept = this.#sql(`
			UPDATE operation SET state = 'kept' WHERE id = ?1 AND state = 'refused'
			AND EXISTS (SELECT 1 FROM target WHERE operation = ?1 AND handed_key IS NOT NULL AND is_noted = 0)
		`).run(id);
		return kept.changes > 0;
	}

	/** The other account has taken note of it. What is done is remembered as any operation is. */
	noted(outcomes: Iterable<Pick<AppendOutcome, 'id' | 'message'>>): void {
		const forget = this.#sql('DELETE FROM target WHERE operation = ? AND message = ? AND is_refused = 1');
		const note = this.#sql('UPDATE target SET is_noted = 1 WHERE operation = ? AND message = ?');
		const ids = new Set<OperationId>();
		for (const {id, message} of outcomes) {
			ids.add(id);
			forget.run(id, message);
			note.run(id, message);
		}
		for (const id of ids) {
			this.#forgetEmpty(id);
			// What was refused of it is the other account's to show.
			this.#sql(`
				UPDATE operation SET state = 'done', refusal = ''
				WHERE id = ?1 AND state IN ('refused', 'kept') AND NOT EXISTS (SELECT 1 FROM target WHERE operation = ?1 AND state <> 'done')
			`).run(id);
			this.#sql(`
				UPDATE operation SET append_key = NULL
				WHERE id = ?1 AND state <> 'waiting' AND NOT EXISTS (SELECT 1 FROM target WHERE operation = ?1 AND is_noted = 0)
			`).run(id);
		}
	}

	/** The copy of a letter was filed, and the queue knows: it is remembered as any operation is. */
	filed(id: OperationId): void {
		this.#sql("DELETE FROM operation WHERE id = ? AND state = 'refused'").run(id);
		this.#sql('UPDATE operation SET append_key = NULL WHERE id = ?').run(id);
	}
}
