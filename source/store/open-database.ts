/**
 * Opens an SQLite database. node:sqlite is asked for when it is needed, not imported: on a Node that is too old for it the
 * program must still be able to say so. What is in it is for its user alone. Below Node 24 it announces itself as experimental, which would land on the screen.
 */
import fs from 'node:fs';
import process from 'node:process';
import type {DatabaseSync} from 'node:sqlite';
import {pathToFileURL} from 'node:url';

/** `file` is a path, or `:memory:`. Where nothing may be written, it has to be there, and may be a URL. */
export function openDatabase(file: string | URL, {mayWrite = true} = {}): DatabaseSync {
	const sqlite = quietly(() => process.getBuiltinModule('node:sqlite'));
	if (mayWrite && typeof file === 'string' && file !== ':memory:') closeToOthers(file);
	return new sqlite.DatabaseSync(file, {readOnly: !mayWrite});
}

/**
 * Only to look, also where nothing can be written: beside a database with a journal SQLite wants to write, unless it is
 * told that nobody does. What a crash has left in the journal may then not be seen.
 */
export function openToRead(file: string): DatabaseSync {
	try {
		return readable(file);
	} catch {
		const url = pathToFileURL(file);
		url.searchParams.set('immutable', '1');
		return readable(url);
	}
}

function readable(file: string | URL): DatabaseSync {
	const database = openDatabase(file, {mayWrite: false});
	try {
		database.prepare('SELECT 1 FROM sqlite_schema').get();
		return database;
	} catch (error) {
		database.close();
		throw error;
	}
}

/** SQLite would let the umask decide who may read it; the files beside it have the mode of this one. */
function closeToOthers(file: string): void {
	try {
		const opened = fs.openSync(file, 'a', 0o600);
		if ((fs.fstatSync(opened).mode & 0o077) !== 0) fs.fchmodSync(opened, 0o600);
		fs.closeSync(opened);
	} catch {
		// Where it can be neither made nor changed SQLite has the words for it.
	}
}

function quietly<T>(load: () => T): T {
	const {emitWarning} = process;
	process.emitWarning = (warning, ...rest) => {
		if (!String(warning).includes('SQLite')) Reflect.apply(emitWarning, process, [warning, ...rest]);
	};
	try {
		return load();
	} finally {
		process.emitWarning = emitWarning;
	}
}
