/**
 * How a mailbox stood when its deletion was agreed to, beside that decision in the log: what has come since is nothing the
 * user has decided to lose.
 */
import type {StatementSync} from 'node:sqlite';
import type {MailboxPath} from '../model/ids.ts';
import type {OperationId} from '../model/operation.ts';

/** All below this UIDNEXT, under this UIDVALIDITY, was known. How many they were does not matter: what went is no loss. */
export type Stood = {readonly uidValidity: number; readonly uidNext: number};

export class StoodRows {
	readonly #sql: (text: string) => StatementSync;

	constructor(sql: (text: string) => StatementSync) {
		this.#sql = sql;
	}

	agree(id: OperationId, stood: Stood): void {
		this.#sql('UPDATE operation SET stood = ? WHERE id = ?').run(JSON.stringify(stood), id);
	}

	/** Undefined: nothing was known of it. */
	of(id: OperationId): Stood | undefined {
		const row = this.#sql('SELECT stood FROM operation WHERE id = ?').get(id) as {stood: string} | undefined;
		return row === undefined || row.stood === '' ? undefined : (JSON.parse(row.stood) as Stood);
	}

	/** How many UIDs from `stood` on, and below `uidNext`, are of messages the user has decided about, or has put there. */
	decidedAbout(mailbox: MailboxPath, stood: Stood, uidNext: number): number {
		const {total} = this.#sql(`
			SELECT count(DISTINCT uid) AS total FROM message
			WHERE mailbox = ? AND uid_validity = ? AND uid >= ? AND uid < ?
		`).get(mailbox, stood.uidValidity, stood.uidNext, uidNext) as {total: number};
		return total;
	}
}
