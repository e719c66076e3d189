/**
 * Which process drains the log (law 15): an open transaction on a database of its own. SQLite's lock is the operating
 * system's, and ends with the process.
 */
import path from 'node:path';
import type {DatabaseSync} from 'node:sqlite';
import {openDatabase} from './open-database.ts';

export class DrainLock {
	readonly #folder: string | undefined;
	#lock: DatabaseSync | undefined;

	/** Without a folder the log is in memory, and nobody else's. */
	constructor(folder: string | undefined) {
		this.#folder = folder;
	}

	/** Takes the lock when it is free. Returns whether it is ours. */
	take(): boolean {
		if (this.#folder === undefined || this.#lock !== undefined) return true;
		const lock = openDatabase(path.join(this.#folder, 'drain.lock'));
		try {
			lock.exec('PRAGMA busy_timeout = 0; PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
			this.#lock = lock;
			return true;
		} catch {
			lock.close();
			return false;
		}
	}

	get isOurs(): boolean {
		return this.#folder === undefined || this.#lock !== undefined;
	}

	release(): void {
		this.#lock?.close();
		this.#lock = undefined;
	}
}
