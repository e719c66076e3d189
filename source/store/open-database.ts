/**
 * Opens an SQLite database. node:sqlite is asked for when it is needed, not imported: on a Node that is too old for it the
 * program must still be able to say so. Below Node 24 it announces itself as experimental, which would land on the screen.
 */
import process from 'node:process';
import type {DatabaseSync} from 'node:sqlite';

/** `file` is a path, or `:memory:`. Where nothing may be written, it has to be there. */
export function openDatabase(file: string, {mayWrite = true} = {}): DatabaseSync {
	const sqlite = quietly(() => process.getBuiltinModule('node:sqlite'));
	return new sqlite.DatabaseSync(file, {readOnly: !mayWrite});
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
