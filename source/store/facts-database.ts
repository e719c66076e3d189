/**
 * One database of facts: in memory, or a file of the cache. A file that is broken, or that a newer Bonsai has written, is
 * thrown away and begun anew: every bit of it can be bought again (law 1). That a page in the middle is broken shows only
 * when it is read: then the file is removed, so that the next start has a new one.
 *
 * A file that cannot be written (a full disk, a folder that is read-only) is left as it is, and memory takes its place with
 * all that was held: what was being written is written there instead, so that nobody who learns a fact has to know of it.
 * What else the disk refuses is a Failure, so that no cursor runs ahead of what was stored.
 */
import fs from 'node:fs';
import path from 'node:path';
import type {DatabaseSync, StatementSync} from 'node:sqlite';
import {Failure} from '../model/failure.ts';
import {
	brokenCache,
	cacheFailure,
	isBroken,
	isMistake,
	isOfOtherVersion,
	isUnwritable,
	unwritable,
} from './cache-trouble.ts';
import {memoryCopy, memoryCopyOf} from './memory-copy.ts';
import {openDatabase, openToRead} from './open-database.ts';
import {expectNewest, migrate} from './schema.ts';

type Value = string | number | null | Uint8Array;

export type Statement = {
	readonly get: (...values: Value[]) => unknown;
	readonly all: (...values: Value[]) => unknown[];
	readonly run: (...values: Value[]) => {readonly changes: number};
	readonly iterate: (...values: Value[]) => Iterable<unknown>;
};

export type FactsDatabaseOptions = {
	readonly mayWrite?: boolean;
	/** The file cannot be written: from now on facts are in memory. Called once. */
	readonly onLost?: (failure: Failure) => void;
};

/** What was written in the transaction under way. */
type Written = {readonly text: string; readonly values: readonly Value[]};

export class FactsDatabase {
	#database: DatabaseSync;
	/** Where it is on the disk; undefined: in memory, or not to be written. */
	#file: string | undefined;
	readonly #onLost: (failure: Failure) => void;
	#prepared = new Map<string, StatementSync>();
	readonly #statements = new Map<string, Statement>();
	#written: Written[] | undefined;

	/**
	 * `file` is a path, or `:memory:`. Throws a Failure when there can be no such file. Who may not write gets what is
	 * there, or an error.
	 */
	constructor(file: string, {mayWrite = true, onLost = () => {}}: FactsDatabaseOptions = {}) {
		this.#onLost = onLost;
		this.#file = mayWrite && file !== ':memory:' ? file : undefined;
		if (!mayWrite) this.#database = openedToRead(file);
		else if (file === ':memory:') this.#database = opened(file);
		else {
			try {
				this.#database = openedOnDisk(file);
			} catch (error) {
				if (!isUnwritable(error)) throw this.#asFailure(error);
				this.#file = undefined;
				this.#database = memoryCopyOf(file);
				onLost(unwritable(file, error));
			}
		}
	}

	sql(text: string): Statement {
		let statement = this.#statements.get(text);
		if (statement === undefined) {
			const isWriting = /^\s*(INSERT|UPDATE|DELETE)\b/i.test(text);
			const run = <T>(values: Value[], of: (prepared: StatementSync) => T): T => {
				const result = this.#attempt(() => of(this.#prepare(text)));
				if (isWriting) this.#written?.push({text, values});
				return result;
			};
			statement = {
				get: (...values) => run(values, prepared => prepared.get(...values)),
				all: (...values) => run(values, prepared => prepared.all(...values)),
				run: (...values) => run(values, prepared => prepared.run(...values) as {changes: number}),
				iterate: (...values) => this.#guarded(run(values, prepared => prepared.iterate(...values))),
			};
			this.#statements.set(text, statement);
		}
		return statement;
	}

	#prepare(text: string): StatementSync {
		let prepared = this.#prepared.get(text);
		if (prepared === undefined) {
			prepared = this.#database.prepare(text);
			this.#prepared.set(text, prepared);
		}
		return prepared;
	}

	/** All or nothing. One within another is part of it. */
	transaction<T>(work: () => T): T {
		if (this.#database.isTransaction) return work();
		this.#attempt(() => this.#database.exec('BEGIN IMMEDIATE'));
		this.#written = [];
		try {
			const result = work();
			this.#attempt(() => this.#database.exec('COMMIT'));
			return result;
		} catch (error) {
			if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
			throw error;
		} finally {
			this.#written = undefined;
		}
	}

	/** What was written before is in the database alone, and what it was before nowhere. */
	emptyJournal(): void {
		this.#attempt(() => this.#database.exec('PRAGMA wal_checkpoint(TRUNCATE)'));
	}

	close(): void {
		this.#database.close();
	}

	/** Once more in memory, when the file cannot be written. */
	#attempt<T>(work: () => T): T {
		try {
			return work();
		} catch (error) {
			if (this.#file === undefined || !isUnwritable(error)) throw this.#asFailure(error);
			this.#goToMemory(this.#file, error);
			return work();
		}
	}

	#goToMemory(file: string, error: unknown): void {
		const disk = this.#database;
		if (disk.isTransaction) disk.exec('ROLLBACK');
		try {
			this.#database = memoryCopy(disk);
		} catch {
			throw this.#asFailure(error);
		}
		this.#file = undefined;
		this.#prepared = new Map();
		disk.close();
		if (this.#written !== undefined) {
			this.#database.exec('BEGIN');
			for (const {text, values} of this.#written) this.#prepare(text).run(...values);
		}
		this.#onLost(unwritable(file, error));
	}

	#asFailure(error: unknown): unknown {
		if (error instanceof Failure || isMistake(error)) return error;
		if (this.#file === undefined || !isBroken(error)) return cacheFailure(error);
		removeDatabase(this.#file);
		return new Failure('broken', brokenCache, error);
	}

	/** A page is read when its row is asked for. */
	*#guarded(rows: NodeJS.Iterator<unknown>): Iterable<unknown> {
		try {
			for (;;) {
				const row = rows.next();
				if (row.done) return;
				yield row.value;
			}
		} catch (error) {
			throw this.#asFailure(error);
		} finally {
			rows.return?.();
		}
	}
}

function opened(file: string): DatabaseSync {
	const database = openDatabase(file);
	try {
		// Losing the last seconds costs bytes, no more: only the log is worth an fsync at each step.
		database.exec('PRAGMA busy_timeout = 5000; PRAGMA temp_store = MEMORY; PRAGMA synchronous = NORMAL');
		// What is forgotten is gone from the file too: the mailbox may be online from now on (law 14).
		if (file !== ':memory:') database.exec('PRAGMA journal_mode = WAL; PRAGMA secure_delete = ON');
		migrate(database);
		return database;
	} catch (error) {
		database.close();
		throw error;
	}
}

function openedToRead(file: string): DatabaseSync {
	const database = openToRead(file);
	try {
		expectNewest(database);
		return database;
	} catch (error) {
		database.close();
		throw error;
	}
}

/** Throws what the file system or SQLite throws. */
function openedOnDisk(file: string): DatabaseSync {
	fs.mkdirSync(path.dirname(file), {recursive: true, mode: 0o700});
	try {
		return opened(file);
	} catch (error) {
		// Whatever else is wrong with it, it may be right again, or be another program's.
		if (!isBroken(error) && !isOfOtherVersion(error)) throw error;
		removeDatabase(file);
		return opened(file);
	}
}

/** With all that belongs to it. */
export function removeDatabase(file: string): void {
	for (const end of ['', '-wal', '-shm']) fs.rmSync(`${file}${end}`, {force: true});
}
