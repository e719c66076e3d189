/**
 * The bytes ledger on disk: what was spent in each hour, by mailbox and purpose (law 8). The one table of it.
 *
 * Laws: losing it costs nothing else, so a disk that is full or a file that is broken is told once and never thrown;
 * several processes may add to it at once; what is written is at most a second late (the owner flushes); it holds no
 * word of any mail but the names of mailboxes. Nothing is made on disk before there is something to write.
 */
import fs from 'node:fs';
import path from 'node:path';
import type {DatabaseSync} from 'node:sqlite';
import {type Ledger, noUsage, type Purpose, plus, purposes, type Spent, type Usage} from '../model/usage.ts';
import {openDatabase} from './open-database.ts';

export const ledgerFile = 'usage.sqlite';

const hourMs = 3600_000;
const tables = `
	CREATE TABLE IF NOT EXISTS spent (
		hour       INTEGER NOT NULL, -- since the epoch
		mailbox    TEXT    NOT NULL, -- '' for what was about none
		purpose    TEXT    NOT NULL,
		up_bytes   INTEGER NOT NULL,
		down_bytes INTEGER NOT NULL,
		turns      INTEGER NOT NULL,
		PRIMARY KEY (hour, mailbox, purpose)
	) STRICT, WITHOUT ROWID;
`;
const add = `
	INSERT INTO spent (hour, mailbox, purpose, up_bytes, down_bytes, turns) VALUES (?, ?, ?, ?, ?, ?)
	ON CONFLICT DO UPDATE SET
		up_bytes = up_bytes + excluded.up_bytes, down_bytes = down_bytes + excluded.down_bytes, turns = turns + excluded.turns
`;
const sums = `
	SELECT mailbox, purpose, sum(up_bytes) AS upBytes, sum(down_bytes) AS downBytes, sum(turns) AS turns
	FROM spent WHERE hour >= ? GROUP BY mailbox, purpose
`;
const hours = 'SELECT hour, sum(up_bytes + down_bytes) AS bytes FROM spent WHERE hour >= ? GROUP BY hour';

type Entry = Spent & {readonly hour: number};

export class LedgerStore {
	readonly #file: string | undefined;
	readonly #clock: () => number;
	readonly #onProblem: (problem: Error) => void;
	#database: DatabaseSync | undefined;
	#isBroken = false;
	#pending = new Map<string, Entry>();

	/**
	 * `folder` is the account's; undefined: in memory only. `onProblem` is told once. `clock` gives ms since the epoch.
	 */
	constructor(
		folder: string | undefined,
		onProblem: (problem: Error) => void = () => {},
		clock: () => number = Date.now,
	) {
		this.#file = folder && path.join(folder, ledgerFile);
		this.#onProblem = onProblem;
		this.#clock = clock;
	}

	/** Counts; costs no look at the disk. */
	spend(spent: Spent): void {
		const hour = Math.floor(this.#clock() / hourMs);
		const key = `${hour} ${spent.purpose} ${spent.mailbox}`;
		const before = this.#pending.get(key);
		this.#pending.set(key, {
			...spent,
			hour,
			upBytes: (before?.upBytes ?? 0) + spent.upBytes,
			downBytes: (before?.downBytes ?? 0) + spent.downBytes,
			turns: (before?.turns ?? 0) + spent.turns,
		});
	}

	/** Adds what was counted to the table. What another process holds up now is added the next time. */
	flush(): void {
		if (this.#pending.size === 0) return;
		this.#attempt(() => {
			const database = this.#open();
			database.exec('BEGIN IMMEDIATE');
			try {
				const statement = database.prepare(add);
				for (const {hour, mailbox, purpose, upBytes, downBytes, turns} of this.#pending.values())
					statement.run(hour, mailbox, purpose, upBytes, downBytes, turns);
				database.exec('COMMIT');
			} catch (error) {
				database.exec('ROLLBACK');
				throw error;
			}
			this.#pending.clear();
		});
	}

	/** All but the connection, which only its owner knows. */
	history(): Omit<Ledger, 'connection'> {
		const now = this.#clock();
		const thisHour = Math.floor(now / hourMs);
		const bytesIn = this.#bytesByHour(now);
		const lastDays = Array.from({length: 30}, () => 0);
		for (const [hour, bytes] of bytesIn) {
			const day = 29 - daysBetween(hour * hourMs, now);
			if (day >= 0 && day < 30) lastDays[day]! += bytes;
		}
		return {
			today: this.#since(Math.floor(startOfDay(now) / hourMs)),
			ever: this.#since(0),
			lastHours: Array.from({length: 24}, (_, index) => bytesIn.get(thisHour - 23 + index) ?? 0),
			lastDays,
		};
	}

	close(): void {
		this.flush();
		// What is in memory is there as long as this is.
		if (this.#file === undefined) return;
		this.#attempt(() => this.#database?.close());
		this.#database = undefined;
	}

	#since(hour: number): Usage {
		const rows = this.#attempt(() => this.#read()?.prepare(sums).all(hour)) ?? [];
		const kept = (rows as Spent[]).filter(isKnown);
		const pending = [...this.#pending.values()].filter(entry => entry.hour >= hour);
		return [...kept, ...pending].reduce(plus, noUsage);
	}

	#bytesByHour(now: number): Map<number, number> {
		const oldest = Math.floor((now - 31 * 24 * hourMs) / hourMs);
		const rows = this.#attempt(() => this.#read()?.prepare(hours).all(oldest)) ?? [];
		const bytes = new Map((rows as {hour: number; bytes: number}[]).map(row => [row.hour, row.bytes]));
		for (const {hour, upBytes, downBytes} of this.#pending.values())
			bytes.set(hour, (bytes.get(hour) ?? 0) + upBytes + downBytes);
		return bytes;
	}

	/** Undefined while there is no file: a look makes none. */
	#read(): DatabaseSync | undefined {
		if (this.#database === undefined && (this.#file === undefined || !fs.existsSync(this.#file))) return undefined;
		return this.#open();
	}

	#open(): DatabaseSync {
		if (this.#database) return this.#database;
		if (this.#file !== undefined) fs.mkdirSync(path.dirname(this.#file), {recursive: true, mode: 0o700});
		const database = openDatabase(this.#file ?? ':memory:');
		try {
			// Nobody waits for the disk here: not for another process, and not for a sync at each commit.
			database.exec('PRAGMA busy_timeout = 50; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL');
			database.exec(tables);
		} catch (error) {
			database.close();
			throw error;
		}
		this.#database = database;
		return database;
	}

	#attempt<T>(work: () => T): T | undefined {
		try {
			return work();
		} catch (error) {
			if (isBusy(error) || this.#isBroken) return undefined;
			this.#isBroken = true;
			this.#onProblem(error as Error);
			return undefined;
		}
	}
}

/** Another version of the program may have had purposes of its own. */
const isKnown = ({purpose}: {readonly purpose: string}): boolean => purposes.includes(purpose as Purpose);

/** SQLITE_BUSY and SQLITE_LOCKED. */
const isBusy = (error: unknown): boolean => [5, 6].includes((error as {errcode?: number}).errcode ?? 0);

/** Where the user is. */
const startOfDay = (moment: number): number => new Date(moment).setHours(0, 0, 0, 0);
const daysBetween = (from: number, to: number): number =>
	Math.round((startOfDay(to) - startOfDay(from)) / (24 * hourMs));
