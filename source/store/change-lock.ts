/**
 * One at a time changes what several processes may change: an open transaction on a database of its own, which ends with
 * the process. Held for moments; who comes meanwhile waits.
 */
import path from 'node:path';
import {openDatabase} from './open-database.ts';

const longestWaitMs = 5000;

/** Throws what SQLite throws when somebody holds it for longer than anybody should. */
export function exclusively<T>(folder: string, work: () => T): T {
	const lock = openDatabase(path.join(folder, 'change.lock'));
	try {
		lock.exec(`PRAGMA busy_timeout = ${longestWaitMs}; PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE`);
		return work();
	} finally {
		lock.close();
	}
}
