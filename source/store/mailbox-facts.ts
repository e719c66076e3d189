/**
 * What the server told us of mailboxes: their list, and how far each is held.
 *
 * Laws: a cursor (`highestModseq`, `uidNext`, `count`) is written only with or after what it covers; whoever writes it
 * does so in the transaction that stores the rest.
 */
import {type MailboxPath, type MessageId, messageId} from '../model/ids.ts';
import type {SpecialUse} from '../model/mailbox.ts';
import type {Place} from '../model/operation.ts';
import type {PermanentFlags} from '../model/state-place.ts';
import type {HeldNumbers} from '../model/wish-cost.ts';
import type {FactsDatabase} from './facts-database.ts';

/** A held message, and its UID. */
export type HeldPlace = {readonly id: MessageId; readonly uid: number};

/** `limit` messages beside a UID, `skip` of those nearest to it left out. */
export type Beside = {readonly than: number; readonly skip: number; readonly limit: number};

/** How far a mailbox is held: every message from `wholeFrom` on, below `uidNext`. */
export type HeldMailbox = {
	readonly uidValidity: number;
	readonly uidNext: number;
	/** Messages on the server with a UID below `uidNext`. */
	readonly count: number;
	readonly wholeFrom: number;
	/** All changes up to it are known (RFC 7162); undefined where the server has none. */
	readonly highestModseq: string | undefined;
	/** Ms since the epoch. */
	readonly syncedAt: number;
	readonly isReadOnly: boolean;
	/** Which flags the server lets us change for good; undefined: it does not say. */
	readonly permanentFlags?: PermanentFlags;
	/** The wish, as JSON, of which a call has brought all it could; undefined: something may be missing. */
	readonly wishDone: string | undefined;
};

/** Whether what lies there, in the same mailbox, has come since that was brought up to date. */
export const isBeyond = (held: HeldMailbox | undefined, {uidValidity, uid}: Place): boolean =>
	held !== undefined && uidValidity === held.uidValidity && uid >= held.uidNext;

export type ListedMailbox = {
	readonly path: MailboxPath;
	readonly delimiter: string;
	readonly specialUse: SpecialUse | undefined;
	readonly isSelectable: boolean;
	readonly messages: number | undefined;
	readonly unseen: number | undefined;
	readonly uidValidity?: number | undefined;
	readonly uidNext?: number | undefined;
};

/** Undefined: nobody knows. */
export type Counts = Pick<ListedMailbox, 'path' | 'messages' | 'unseen'>;

type HeldRow = {
	uid_validity: number;
	uid_next: number | null;
	count: number | null;
	whole_from: number | null;
	highest_modseq: string | null;
	synced_at: number | null;
	is_read_only: number;
	permanent_flags: string | null;
	wish_done: string | null;
};

export class MailboxFacts {
	readonly #database: FactsDatabase;

	constructor(database: FactsDatabase) {
		this.#database = database;
	}

	/** Undefined: nothing of it was ever held whole. */
	held(path: MailboxPath): HeldMailbox | undefined {
		const row = this.#database.sql('SELECT * FROM mailbox WHERE path = ?').get(path) as HeldRow | undefined;
		if (row === undefined || row.uid_next === null || row.count === null) return undefined;
		return {
			uidValidity: row.uid_validity,
			uidNext: row.uid_next,
			count: row.count,
			wholeFrom: row.whole_from ?? row.uid_next,
			highestModseq: row.highest_modseq ?? undefined,
			syncedAt: row.synced_at ?? 0,
			isReadOnly: row.is_read_only === 1,
			permanentFlags: row.permanent_flags?.split(' ').filter(flag => flag !== ''),
			wishDone: row.wish_done ?? undefined,
		};
	}

	learnHeld(path: MailboxPath, held: HeldMailbox): void {
		this.#database
			.sql(`
				INSERT OR REPLACE INTO mailbox
					(path, uid_validity, uid_next, count, whole_from, highest_modseq, synced_at, is_read_only, permanent_flags, wish_done)
				VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
			`)
			.run(
				path,
				held.uidValidity,
				held.uidNext,
				held.count,
				held.wholeFrom,
				held.highestModseq ?? null,
				held.syncedAt,
				Number(held.isReadOnly),
				held.permanentFlags?.join(' ') ?? null,
				held.wishDone ?? null,
			);
	}

	/** What is known of it is not a whole block any more. */
	forgetHeld(path: MailboxPath): void {
		this.#database.sql('UPDATE mailbox SET uid_next = NULL WHERE path = ?').run(path);
	}

	/** The newest held messages of the whole block, newest first. */
	newest(path: MailboxPath, held: HeldMailbox, limit: number): MessageId[] {
		return this.older(path, held, {than: held.uidNext, skip: 0, limit}).map(({id}) => id);
	}

	/** Held messages of the whole block with a lesser UID, newest first. Costs as many rows as are skipped and given. */
	older(path: MailboxPath, {wholeFrom}: HeldMailbox, {than, skip, limit}: Beside): HeldPlace[] {
		const rows = this.#database
			.sql('SELECT id, uid FROM summary WHERE mailbox = ? AND uid >= ? AND uid < ? ORDER BY uid DESC LIMIT ? OFFSET ?')
			.all(path, wholeFrom, than, limit, skip) as {id: number; uid: number}[];
		return rows.map(({id, uid}) => ({id: messageId(id), uid}));
	}

	/** The same with a greater UID, oldest first. */
	newer(path: MailboxPath, {uidNext}: HeldMailbox, {than, skip, limit}: Beside): HeldPlace[] {
		const rows = this.#database
			.sql('SELECT id, uid FROM summary WHERE mailbox = ? AND uid > ? AND uid < ? ORDER BY uid LIMIT ? OFFSET ?')
			.all(path, than, uidNext, limit, skip) as {id: number; uid: number}[];
		return rows.map(({id, uid}) => ({id: messageId(id), uid}));
	}

	/** How many messages are held with a UID of at least `from`, below `to`. Costs as many rows. */
	countBetween(path: MailboxPath, from: number, to: number): number {
		const row = this.#database
			.sql('SELECT count(*) AS total FROM summary WHERE mailbox = ? AND uid >= ? AND uid < ?')
			.get(path, from, to) as {total: number};
		return row.total;
	}

	/** How many messages are held, with their structure, with octets of them. */
	counts(path: MailboxPath): HeldNumbers {
		const row = this.#database
			.sql(`
				SELECT count(*) AS summaries, count(structure.id) AS structures, count(body.id) AS texts
				FROM summary LEFT JOIN structure USING (id) LEFT JOIN body USING (id) WHERE mailbox = ?
			`)
			.get(path) as HeldNumbers;
		return {...row};
	}

	/** Unread messages of the whole block. */
	unseen(path: MailboxPath, {wholeFrom, uidNext}: HeldMailbox): number {
		const row = this.#database
			.sql(`
				SELECT count(*) AS total FROM summary
				WHERE mailbox = ? AND uid >= ? AND uid < ? AND instr(' ' || lower(flags) || ' ', ' \\seen ') = 0
			`)
			.get(path, wholeFrom, uidNext) as {total: number};
		return row.total;
	}

	/** UIDs held in a range, both ends included, ascending. */
	uidsWithin(path: MailboxPath, first: number, last: number): number[] {
		const rows = this.#database
			.sql('SELECT uid FROM summary WHERE mailbox = ? AND uid BETWEEN ? AND ? ORDER BY uid')
			.all(path, first, last) as {uid: number}[];
		return rows.map(({uid}) => uid);
	}

	/** Messages with this Message-ID and size, wherever they are held. */
	named(name: string, sizeBytes: number): {mailbox: MailboxPath; uid: number; id: MessageId}[] {
		const rows = this.#database
			.sql('SELECT mailbox, uid, id FROM summary WHERE message_id = ? AND size_bytes = ?')
			.all(name, sizeBytes) as {mailbox: string; uid: number; id: number}[];
		return rows.map(({mailbox, uid, id}) => ({mailbox: mailbox as MailboxPath, uid, id: messageId(id)}));
	}

	/** The list of mailboxes as the server told it last; empty: it was never told. */
	listed(): ListedMailbox[] {
		const rows = this.#database.sql('SELECT * FROM listed ORDER BY place').all() as {
			path: string;
			delimiter: string;
			special_use: string | null;
			is_selectable: number;
			messages: number | null;
			unseen: number | null;
			uid_validity: number | null;
			uid_next: number | null;
		}[];
		return rows.map(row => ({
			path: row.path as MailboxPath,
			delimiter: row.delimiter,
			specialUse: (row.special_use ?? undefined) as SpecialUse | undefined,
			isSelectable: row.is_selectable === 1,
			messages: row.messages ?? undefined,
			unseen: row.unseen ?? undefined,
			uidValidity: row.uid_validity ?? undefined,
			uidNext: row.uid_next ?? undefined,
		}));
	}

	/** When it was told, in ms since the epoch. */
	get listedAt(): number | undefined {
		const row = this.#database.sql('SELECT told_at FROM listed LIMIT 1').get() as {told_at: number | null} | undefined;
		return row?.told_at ?? undefined;
	}

	learnCounts(mailboxes: readonly Counts[]): void {
		this.#database.transaction(() => {
			const update = this.#database.sql('UPDATE listed SET messages = ?, unseen = ? WHERE path = ?');
			for (const {path, messages, unseen} of mailboxes) update.run(messages ?? null, unseen ?? null, path);
		});
	}

	learnListed(mailboxes: readonly ListedMailbox[], toldAt: number): void {
		this.#database.transaction(() => {
			this.#database.sql('DELETE FROM listed').run();
			const insert = this.#database.sql(
				'INSERT OR REPLACE INTO listed (path, place, delimiter, special_use, is_selectable, messages, unseen, uid_validity, uid_next, told_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
			);
			for (const [place, each] of mailboxes.entries()) {
				const {path, delimiter, specialUse, isSelectable, messages, unseen, uidValidity, uidNext} = each;
				insert.run(
					path,
					place,
					delimiter,
					specialUse ?? null,
					Number(isSelectable),
					messages ?? null,
					unseen ?? null,
					uidValidity ?? null,
					uidNext ?? null,
					toldAt,
				);
			}
		});
	}

	get paths(): MailboxPath[] {
		const rows = this.#database.sql('SELECT path FROM mailbox').all() as {path: string}[];
		return rows.map(({path}) => path as MailboxPath);
	}

	/** Undefined: it was never opened. */
	uidValidity(path: MailboxPath): number | undefined {
		const row = this.#database.sql('SELECT uid_validity FROM mailbox WHERE path = ?').get(path);
		return (row as {uid_validity: number} | undefined)?.uid_validity;
	}
}
