/**
 * One database of facts: in memory, or a file of the cache. A file that is broken, or that a newer Bonsai has written, is
 * thrown away and begun anew: every bit of it can be bought again (law 1). What the disk refuses later is a Failure, so
 * that whoever asked for it hears of it, and no cursor runs ahead of what was stored.
 */
import fs from 'node:fs';
import path from 'node:path';
import type {DatabaseSync, StatementSync} from 'node:sqlite';
import {Failure} from '../model/failure.ts';
import {safeLine} from '../model/safe-text.ts';
import {openDatabase} from './open-database.ts';
import {expectNewest, migrate} from './schema.ts';

type Value = string | number | null | Uint8Array;

export type Statement = {
	readonly get: (...values: Value[]) => unknown;
	readonly all: (...values: Value[]) => unknown[];
	readonly run: (...values: Value[]) => {readonly changes: number};
	readonly iterate: (...values: Value[]) => Iterable<unknown>;
};

export class FactsDatabase {
	readonly #database: DatabaseSync;
	readonly #prepared = new Map<string, Statement>();

	/**
	 * `file` is a path, or `:memory:`. Throws a Failure when there can be no such file. Who may not write gets what is
	 * there, or an error.
	 */
	constructor(file: string, {mayWrite = true} = {}) {
		if (!mayWrite) this.#database = openedToRead(file);
		else this.#database = file === ':memory:' ? opened(file) : openedOnDisk(file);
	}

	sql(text: string): Statement {
		let statement = this.#prepared.get(text);
		if (statement === undefined) {
			statement = telling(this.#database.prepare(text));
			this.#prepared.set(text, statement);
		}
		return statement;
	}

	/** All or nothing. One within another is part of it. */
	transaction<T>(work: () => T): T {
		if (this.#database.isTransaction) return work();
		asFailure(() => this.#database.exec('BEGIN IMMEDIATE'));
		try {
			const result = work();
			asFailure(() => this.#database.exec('COMMIT'));
			return result;
		} catch (error) {
			if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
			throw error;
		}
	}

	/** What was written before is in the database alone, and what it was before nowhere. */
	emptyJournal(): void {
		asFailure(() => this.#database.exec('PRAGMA wal_checkpoint(TRUNCATE)'));
	}

	close(): void {
		this.#database.close();
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
	const database = openDatabase(file, {mayWrite: false});
	try {
		expectNewest(database);
		return database;
	} catch (error) {
		database.close();
		throw error;
	}
}

function openedOnDisk(file: string): DatabaseSync {
	return asFailure(() => {
		fs.mkdirSync(path.dirname(file), {recursive: true, mode: 0o700});
		try {
			return opened(file);
		} catch (error) {
			if (isFull(error)) throw error;
			removeDatabase(file);
			return opened(file);
		}
	});
}

/** With all that belongs to it. */
export function removeDatabase(file: string): void {
	for (const end of ['', '-wal', '-shm']) fs.rmSync(`${file}${end}`, {force: true});
}

const telling = (statement: StatementSync): Statement => ({
	get: (...values) => asFailure(() => statement.get(...values)),
	all: (...values) => asFailure(() => statement.all(...values)),
	run: (...values) => asFailure(() => statement.run(...values) as {changes: number}),
	iterate: (...values) => asFailure(() => statement.iterate(...values)),
});

/** SQLITE_CONSTRAINT is a mistake of ours, and stays one. */
const constraint = 19;

function asFailure<T>(work: () => T): T {
	try {
		return work();
	} catch (error) {
		if (error instanceof Failure || codeOf(error) === constraint) throw error;
		const {message, code} = error as NodeJS.ErrnoException;
		const why = isFull(error) ? 'the disk is full' : code === 'ERR_SQLITE_ERROR' ? message : (code ?? message);
		throw new Failure(
			'broken',
			safeLine(
				`What comes cannot be kept in the cache (${why}). Make room, or delete the cache: nothing in it is yours`,
			),
			error,
		);
	}
}

/** SQLite's primary result code (https://sqlite.org/rescode.html); undefined for other errors. */
const codeOf = (error: unknown): number | undefined => {
	const {errcode} = error as {errcode?: number};
	return errcode === undefined ? undefined : errcode & 0xff;
};

const isFull = (error: unknown): boolean =>
	codeOf(error) === 13 || ['ENOSPC', 'EDQUOT'].includes((error as NodeJS.ErrnoException).code ?? '');
