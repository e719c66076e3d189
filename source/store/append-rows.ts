/**
 * What another account has handed over to this log, to be appended to a mailbox here: written by that account, sent by
 * this one, and taken note of by that one again.
 *
 * Laws: recorded once, however often it is handed over; what became of it stays until the other account has taken note of
 * it in its own log, since it must not hand it over again.
 */
import type {StatementSync} from 'node:sqlite';
import type {AccountName} from '../model/ids.ts';
import type {AppendChange, OperationId, Place} from '../model/operation.ts';
import type {SafeText} from '../model/safe-text.ts';

/** How an append stands; `done` is: it is there, and of the right size. */
export type AppendOutcome = {
	readonly id: OperationId;
	readonly key: string;
	readonly state: 'waiting' | 'done' | 'refused';
	readonly refusal: SafeText;
	/** It was sent, and may have arrived for all that is known. */
	readonly mayBeThere: boolean;
	/** uid 0: the server did not say which one it is. */
	readonly place: Place;
};

type Row = {
	id: number;
	change: string;
	state: string;
	refusal: string;
	target_state: string;
	mailbox: string;
	uid_validity: number;
	uid: number;
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

	/** All that came from that account and that it has not taken note of. */
	from(account: AccountName): AppendOutcome[] {
		const rows = this.#sql(`
			SELECT operation.id, change, operation.state, refusal, target.state AS target_state, message.mailbox, message.uid_validity, message.uid
			FROM operation JOIN target ON target.operation = operation.id JOIN message ON message.id = target.message
			WHERE append_key IS NOT NULL AND json_extract(change, '$.from') = ?
		`).all(account) as Row[];
		return rows.map(row => ({
			id: row.id as OperationId,
			key: (JSON.parse(row.change) as AppendChange).key,
			state: row.state === 'waiting' || row.state === 'refused' ? row.state : 'done',
			refusal: row.refusal as SafeText,
			mayBeThere: row.target_state !== 'waiting',
			place: {mailbox: row.mailbox, uidValidity: row.uid_validity, uid: row.uid} as Place,
		}));
	}

	/** The other account has taken note of it. What is done is remembered as any operation is. */
	noted(id: OperationId): void {
		this.#sql("DELETE FROM operation WHERE id = ? AND state = 'refused'").run(id);
		this.#sql('UPDATE operation SET append_key = NULL WHERE id = ?').run(id);
	}
}
