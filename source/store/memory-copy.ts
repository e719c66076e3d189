/**
 * The facts of a cache that cannot be written any more, in memory: all that is on the disk but old bodies, which would be
 * too much.
 */

import type {DatabaseSync} from 'node:sqlite';
import {openDatabase, openToRead} from './open-database.ts';
import {expectNewest, migrate} from './schema.ts';

/** Octets of bodies that are taken along, those read last. */
const mostBodyBytes = 64 * 1024 * 1024;

/** Throws what SQLite throws when it cannot be read. */
export function memoryCopy(from: DatabaseSync): DatabaseSync {
	expectNewest(from);
	const copy = openDatabase(':memory:');
	migrate(copy);
	const tables = from
		.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
		.all() as {name: string}[];
	copy.exec('BEGIN');
	for (const {name} of tables) {
		if (name !== 'chunk' && name !== 'body') copyRows(copy, name, from.prepare(`SELECT * FROM ${name}`).iterate());
	}
	const bodies = from.prepare('SELECT * FROM body ORDER BY read_at DESC, id DESC').all() as {
		id: number;
		bytes: number;
	}[];
	let bytes = 0;
	for (const body of bodies) {
		bytes += body.bytes;
		if (bytes > mostBodyBytes) break;
		copyRows(copy, 'body', [body]);
		copyRows(copy, 'chunk', from.prepare('SELECT * FROM chunk WHERE id = ?').iterate(body.id));
	}
	copy.exec('COMMIT');
	return copy;
}

function copyRows(to: DatabaseSync, table: string, rows: Iterable<unknown>): void {
	let insert: ReturnType<DatabaseSync['prepare']> | undefined;
	for (const row of rows) {
		const values = Object.values(row as Record<string, string | number | null | Uint8Array>);
		insert ??= to.prepare(`INSERT INTO ${table} VALUES (${values.map(() => '?').join(', ')})`);
		insert.run(...values);
	}
}

/** The same of a file that can only be read; empty when it cannot be read. */
export function memoryCopyOf(file: string): DatabaseSync {
	try {
		const from = openToRead(file);
		try {
			return memoryCopy(from);
		} finally {
			from.close();
		}
	} catch {
		const empty = openDatabase(':memory:');
		migrate(empty);
		return empty;
	}
}
