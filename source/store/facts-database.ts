/**
 * One database of facts: in memory, or a file of the cache. A file that is broken, or that a newer Bonsai has written, is
 * thrown away and begun anew: every bit of it can be bought again (law 1). What the disk refuses later is a Failure, so
 * that whoever asked for it hears of it, and no cursor runs ahead of what was stored. That a page in the middle is broken
 * shows only when it is read: then the file is removed, so that the next start has a new one.
 */
import fs from 'node:fs';
import path from 'node:path';
import type {DatabaseSync, StatementSync} from 'node:sqlite';
import {Failure} from '../model/failure.ts';
import {ours, safeLine} from '../model/safe-text.ts';
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
	/** What is removed when it turns out to be broken; undefined: nothing. */
	readonly #file: string | undefined;
	readonly #prepared = new Map<string, Statement>();

	/**
	 * `file` is a path, or `:memory:`. Throws a Failure when there can be no such file. Who may not write gets what is
	 * there, or an error.
	 */
	constructor(file: string, {mayWrite = true} = {}) {
		this.#file = mayWrite && file !== ':memory:' ? file : undefined;
		if (!mayWrite) this.#database = openedToRead(file);
		else this.#database = file === ':memory:' ? opened(file) : openedOnDisk(file);
	}

	sql(text: string): Statement {
		let statement = this.#prepared.get(text);
		if (statement === undefined) {
			statement = this.#telling(asFailure(() => this.#database.prepare(text), this.#file));
			this.#prepared.set(text, statement);
		}
		return statement;
	}

	/** All or nothing. One within another is part of it. */
	transaction<T>(work: () => T): T {
		if (this.#database.isTransaction) return work();
		asFailure(() => this.#database.exec('BEGIN IMMEDIATE'), this.#file);
		try {
			const result = work();
			asFailure(() => this.#database.exec('COMMIT'), this.#file);
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

	#telling(statement: StatementSync): Statement {
		const file = this.#file;
		return {
			get: (...values) => asFailure(() => statement.get(...values), file),
			all: (...values) => asFailure(() => statement.all(...values), file),
			run: (...values) => asFailure(() => statement.run(...values) as {changes: number}, file),
			iterate: (...values) => guarded(statement.iterate(...values), file),
		};
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

/** A page is read when its row is asked for. */
function* guarded(rows: NodeJS.Iterator<unknown>, file: string | undefined): Iterable<unknown> {
	try {
		for (;;) {
			const row = asFailure(() => rows.next(), file);
			if (row.done) return;
			yield row.value;
		}
	} finally {
		rows.return?.();
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

const brokenCache = ours(
	'The cache on the disk was broken and has been thrown away; nothing in it was yours. Start Bonsai again: a call brings it anew',
);

/** SQLITE_CONSTRAINT is a mistake of ours, and stays one. */
const constraint = 19;

function asFailure<T>(work: () => T, file?: string): T {
	try {
		return work();
	} catch (error) {
		if (error instanceof Failure || codeOf(error) === constraint) throw error;
		if (file !== undefined && isBroken(error)) {
			removeDatabase(file);
			throw new Failure('broken', brokenCache, error);
		}
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

/** SQLITE_CORRUPT, SQLITE_NOTADB. */
const isBroken = (error: unknown): boolean => [11, 26].includes(codeOf(error) ?? 0);

const isFull = (error: unknown): boolean =>
	codeOf(error) === 13 || ['ENOSPC', 'EDQUOT'].includes((error as NodeJS.ErrnoException).code ?? '');
