/**
 * Receipts of draining: what is known of each message that is to come from a maildrop, or has come. One per mailbox,
 * UIDVALIDITY and UID, apart from the cache, since they are what keeps a message from coming twice.
 *
 * Laws: a receipt is on the disk (fsync) when the call returns; it says `here` only of what is proven on the disk; one is
 * never forgotten, since a server that is rebuilt may show its message once more.
 */
import fs from 'node:fs';
import path from 'node:path';
import type {StatementSync} from 'node:sqlite';
import {receiptsFile} from '../model/draining.ts';
import type {MailboxPath} from '../model/ids.ts';
import {DurableDatabase} from './durable-database.ts';
import {openDatabase} from './open-database.ts';
import {migrateWith} from './schema.ts';

/**
 * `writing`: its name is chosen and its file may be begun. `here`: it is in its place, whole and read back. `marked`: the
 * same, and on the server it is marked as deleted, which is all that a server without UIDPLUS can do. `removed`: it is here
 * and no more there. `gone`: another client took it before it came. `odd`: the server sends other octets than it announces.
 */
export type ReceiptState = 'wanted' | 'writing' | 'here' | 'marked' | 'removed' | 'gone' | 'odd';

/** A message in the maildrop, as it was listed. */
export type Arrival = {
	readonly uid: number;
	/** RFC822.SIZE, in octets. */
	readonly sizeBytes: number;
	/** INTERNALDATE, in ms since the epoch. */
	readonly date: number;
};

export type Receipt = Arrival & {
	readonly state: ReceiptState;
	/** The file's name without its folder and flags; '' before it was chosen. */
	readonly name: string;
	/** As sent; '' where it is not known, or there is none. */
	readonly messageId: string;
	/** When it came, in ms since the epoch; 0 before. */
	readonly cameAt: number;
};

/** What a state brings with it. */
export type ReceiptChange = {readonly uid: number; readonly state: ReceiptState} & Partial<
	Pick<Receipt, 'name' | 'messageId' | 'cameAt'>
>;

const migrations = [
	`
	CREATE TABLE receipt (
		mailbox      TEXT    NOT NULL,
		uid_validity INTEGER NOT NULL,
		uid          INTEGER NOT NULL,
		state        TEXT    NOT NULL,
		size_bytes   INTEGER NOT NULL,
		date         INTEGER NOT NULL,
		name         TEXT    NOT NULL DEFAULT '',
		message_id   TEXT    NOT NULL DEFAULT '',
		came_at      INTEGER NOT NULL DEFAULT 0,
		PRIMARY KEY (mailbox, uid_validity, uid)
	) STRICT, WITHOUT ROWID;
	CREATE INDEX open_receipt ON receipt (mailbox, uid_validity, uid) WHERE state NOT IN ('removed', 'gone');
	CREATE INDEX come_receipt ON receipt (mailbox) WHERE state IN ('writing', 'here', 'marked', 'removed');
	`,
];

type Row = {
	uid: number;
	state: string;
	size_bytes: number;
	date: number;
	name: string;
	message_id: string;
	came_at: number;
};

const columns = 'uid, state, size_bytes, date, name, message_id, came_at';

/** Whether there are any on the disk. Free: a look at it. */
export const hasReceipts = (folder: string | undefined): boolean =>
	folder !== undefined && fs.existsSync(path.join(folder, receiptsFile));

export class Receipts {
	readonly #database: DurableDatabase;

	/** `folder` is the account's own; undefined: in memory, for the demo. Throws what the file system or SQLite throws. */
	constructor(folder: string | undefined) {
		if (folder !== undefined) fs.mkdirSync(folder, {recursive: true, mode: 0o700});
		const database = openDatabase(folder === undefined ? ':memory:' : path.join(folder, receiptsFile));
		database.exec('PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
		migrateWith(database, migrations);
		this.#database = new DurableDatabase(database);
	}

	#sql(text: string): StatementSync {
		return this.#database.sql(text);
	}

	#durably(work: () => void): void {
		this.#database.durably(work);
	}

	/** The highest UID that was listed; 0: none was. */
	lastListed(mailbox: MailboxPath, uidValidity: number): number {
		const row = this.#sql('SELECT max(uid) AS last FROM receipt WHERE mailbox = ? AND uid_validity = ?').get(
			mailbox,
			uidValidity,
		) as {last: number | null};
		return row.last ?? 0;
	}

	/** What was listed, with what is known of it already. Of what has a receipt nothing changes. */
	learn(
		mailbox: MailboxPath,
		uidValidity: number,
		arrivals: readonly Arrival[],
		known: readonly ReceiptChange[] = [],
	): void {
		this.#durably(() => {
			const insert = this.#sql(
				"INSERT OR IGNORE INTO receipt (mailbox, uid_validity, uid, state, size_bytes, date) VALUES (?, ?, ?, 'wanted', ?, ?)",
			);
			for (const {uid, sizeBytes, date} of arrivals) insert.run(mailbox, uidValidity, uid, sizeBytes, date);
			this.change(mailbox, uidValidity, known);
		});
	}

	/** Of messages that are on the server as far as is known, by UID. */
	open(mailbox: MailboxPath, uidValidity: number): Receipt[] {
		const rows = this.#sql(`
			SELECT ${columns} FROM receipt
			WHERE mailbox = ? AND uid_validity = ? AND state NOT IN ('removed', 'gone') ORDER BY uid
		`).all(mailbox, uidValidity) as Row[];
		return rows.map(asReceipt);
	}

	/** Of what came from this mailbox when it had another UIDVALIDITY, or from one that is no more, or may have. */
	before(mailbox: MailboxPath, uidValidity: number, gone: readonly MailboxPath[] = []): Receipt[] {
		const rows = this.#sql(`
			SELECT ${columns} FROM receipt
			WHERE (mailbox = ? AND uid_validity <> ? OR mailbox IN (SELECT value FROM json_each(?)))
			AND state IN ('writing', 'here', 'marked', 'removed') ORDER BY uid
		`).all(mailbox, uidValidity, JSON.stringify(gone)) as Row[];
		return rows.map(asReceipt);
	}

	change(mailbox: MailboxPath, uidValidity: number, changes: readonly ReceiptChange[]): void {
		if (changes.length === 0) return;
		this.#durably(() => {
			const update = this.#sql(`
				UPDATE receipt SET state = ?, name = coalesce(?, name), message_id = coalesce(?, message_id), came_at = coalesce(?, came_at)
				WHERE mailbox = ? AND uid_validity = ? AND uid = ?
			`);
			for (const {uid, state, name = null, messageId = null, cameAt = null} of changes)
				update.run(state, name, messageId, cameAt, mailbox, uidValidity, uid);
		});
	}

	/** Whether anything ever came: then its folder has to be there. */
	get hasCome(): boolean {
		return this.#sql("SELECT 1 FROM receipt WHERE state IN ('here', 'marked', 'removed') LIMIT 1").get() !== undefined;
	}

	/** Those anything is known of. */
	get mailboxes(): readonly MailboxPath[] {
		const rows = this.#sql('SELECT DISTINCT mailbox FROM receipt').all() as {mailbox: MailboxPath}[];
		return rows.map(({mailbox}) => mailbox);
	}

	rename(mailbox: MailboxPath, now: MailboxPath): void {
		this.#durably(() => {
			this.#sql('UPDATE OR REPLACE receipt SET mailbox = ? WHERE mailbox = ?').run(now, mailbox);
		});
	}

	close(): void {
		this.#database.close();
	}
}

const asReceipt = ({uid, state, size_bytes, date, name, message_id, came_at}: Row): Receipt => ({
	uid,
	state: state as ReceiptState,
	sizeBytes: size_bytes,
	date,
	name,
	messageId: message_id,
	cameAt: came_at,
});

/** Whether anything ever came to the maildrop with that folder. Nothing is made. Throws what SQLite throws. */
export function hasAnyCome(folder: string): boolean {
	const file = path.join(folder, receiptsFile);
	if (!fs.existsSync(file)) return false;
	const receipts = new Receipts(folder);
	try {
		return receipts.hasCome;
	} finally {
		receipts.close();
	}
}
