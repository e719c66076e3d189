/**
 * A database of what exists nowhere else: statements are prepared once, and what is written in one transaction is there as
 * a whole, or not at all. That it is on the disk by then is for who opens it to say (`synchronous = FULL`).
 */
import type {DatabaseSync, StatementSync} from 'node:sqlite';

export class DurableDatabase {
	readonly #database: DatabaseSync;
	readonly #prepared = new Map<string, StatementSync>();

	constructor(database: DatabaseSync) {
		this.#database = database;
	}

	/** Throws what SQLite throws. */
	sql(text: string): StatementSync {
		let statement = this.#prepared.get(text);
		if (statement === undefined) {
			statement = this.#database.prepare(text);
			this.#prepared.set(text, statement);
		}
		return statement;
	}

	exec(text: string): void {
		this.#database.exec(text);
	}

	/** All or nothing: once, whatever is written within. Nobody else writes meanwhile, in no process. */
	durably<T>(work: () => T): T {
		if (this.#database.isTransaction) return work();
		this.#database.exec('BEGIN IMMEDIATE');
		try {
			const result = work();
			this.#database.exec('COMMIT');
			return result;
		} catch (error) {
			if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
			throw error;
		}
	}

	close(): void {
		this.#database.close();
	}
}
