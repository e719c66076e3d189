/**
 * What the server told us. Every bit of it can be forgotten at any moment with no loss but bytes (law 1).
 *
 * `learn` and `forget` are facts arriving and leaving; the rest are free reads. Nothing here is ever something the
 * user decided: that is the log's.
 */
import type {DatabaseSync, StatementSync} from 'node:sqlite';
import {type MailboxPath, type MessageId, messageId} from '../model/ids.ts';
import type {Flag} from '../model/message.ts';
import type {SafeText} from '../model/safe-text.ts';
import {openDatabase} from './open-database.ts';
import {migrate} from './schema.ts';

export type SummaryFact = {
	readonly id: MessageId;
	readonly mailbox: MailboxPath;
	readonly uid: number;
	readonly sender: SafeText;
	/** The whole From: names and addresses. */
	readonly fromField: SafeText;
	readonly subject: SafeText;
	readonly date: number | undefined;
	readonly sizeBytes: number;
	readonly flags: ReadonlySet<Flag>;
};

type SummaryRow = {
	id: number;
	mailbox: string;
	uid: number;
	sender: string;
	from_field: string;
	subject: string;
	date: number | null;
	size_bytes: number;
	flags: string;
};

const asSummary = (row: SummaryRow): SummaryFact => ({
	id: messageId(row.id),
	mailbox: row.mailbox as MailboxPath,
	uid: row.uid,
	sender: row.sender as SafeText,
	fromField: row.from_field as SafeText,
	subject: row.subject as SafeText,
	date: row.date ?? undefined,
	sizeBytes: row.size_bytes,
	flags: new Set(row.flags === '' ? [] : row.flags.split(' ')),
});

const heldKey = (id: MessageId, section: string): string => `${id}:${section}`;

export class Facts {
	readonly #database: DatabaseSync;
	readonly #prepared = new Map<string, StatementSync>();
	/** What `heldBytes` found: hundreds of parts under way ask for it at each answer. */
	readonly #held = new Map<string, number>();
	/** Octets of bodies held, so that memory has an end. */
	#bodyBytes = 0;

	/** `file` is a path, or `:memory:` in the online model, where nothing may touch the disk (law 14). */
	constructor(file: string) {
		this.#database = openDatabase(file);
		this.#database.exec('PRAGMA temp_store = MEMORY');
		migrate(this.#database);
	}

	#sql(text: string): StatementSync {
		let statement = this.#prepared.get(text);
		if (statement === undefined) {
			statement = this.#database.prepare(text);
			this.#prepared.set(text, statement);
		}
		return statement;
	}

	/** Returns false when the mailbox was known under another UIDVALIDITY: all that was known of it is forgotten. */
	learnMailbox(path: MailboxPath, uidValidity: number): boolean {
		const known = this.#sql('SELECT uid_validity FROM mailbox WHERE path = ?').get(path) as
			| {uid_validity: number}
			| undefined;
		const isSame = known === undefined || known.uid_validity === uidValidity;
		if (!isSame) this.forgetMailbox(path);
		this.#sql('INSERT OR REPLACE INTO mailbox (path, uid_validity) VALUES (?, ?)').run(path, uidValidity);
		return isSame;
	}

	forgetMailbox(path: MailboxPath): void {
		for (const {id} of this.#sql('SELECT id FROM summary WHERE mailbox = ?').all(path) as {id: number}[]) {
			this.forgetMessage(messageId(id));
		}
	}

	/** A message keeps its id when it is learned again. */
	learnSummary(fact: Omit<SummaryFact, 'id'>): MessageId {
		const row = this.#sql(`
			INSERT INTO summary (mailbox, uid, sender, from_field, subject, date, size_bytes, flags)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?)
			ON CONFLICT (mailbox, uid) DO UPDATE SET
				sender = excluded.sender, from_field = excluded.from_field, subject = excluded.subject, date = excluded.date,
				size_bytes = excluded.size_bytes, flags = excluded.flags
			RETURNING id
		`).get(
			fact.mailbox,
			fact.uid,
			fact.sender,
			fact.fromField,
			fact.subject,
			fact.date ?? null,
			fact.sizeBytes,
			[...fact.flags].join(' '),
		) as {id: number};
		return messageId(row.id);
	}

	learnFlags(id: MessageId, flags: readonly Flag[]): void {
		this.#sql('UPDATE summary SET flags = ? WHERE id = ?').run(flags.join(' '), id);
	}

	forgetMessage(id: MessageId): void {
		this.forgetChunks(id);
		this.#sql('DELETE FROM structure WHERE id = ?').run(id);
		this.#sql('DELETE FROM summary WHERE id = ?').run(id);
	}

	summary(id: MessageId): SummaryFact | undefined {
		const row = this.#sql('SELECT * FROM summary WHERE id = ?').get(id) as SummaryRow | undefined;
		return row && asSummary(row);
	}

	uidOf(id: MessageId): number | undefined {
		return (this.#sql('SELECT uid FROM summary WHERE id = ?').get(id) as {uid: number} | undefined)?.uid;
	}

	idOf(mailbox: MailboxPath, uid: number): MessageId | undefined {
		const row = this.#sql('SELECT id FROM summary WHERE mailbox = ? AND uid = ?').get(mailbox, uid) as
			| {id: number}
			| undefined;
		return row && messageId(row.id);
	}

	learnStructure(id: MessageId, json: string): void {
		this.#sql('INSERT OR REPLACE INTO structure (id, json) VALUES (?, ?)').run(id, json);
	}

	structure(id: MessageId): string | undefined {
		const row = this.#sql('SELECT json FROM structure WHERE id = ?').get(id) as {json: string} | undefined;
		return row?.json;
	}

	learnChunk(id: MessageId, section: string, offset: number, octets: Buffer): void {
		this.#sql('INSERT OR REPLACE INTO chunk (id, section, offset, octets) VALUES (?, ?, ?, ?)').run(
			id,
			section,
			offset,
			octets,
		);
		this.#bodyBytes += octets.length;
		this.#held.delete(heldKey(id, section));
	}

	hasChunks(id: MessageId): boolean {
		return this.#sql('SELECT 1 FROM chunk WHERE id = ? LIMIT 1').get(id) !== undefined;
	}

	/** How many octets are held from the beginning without a gap. */
	heldBytes(id: MessageId, section: string): number {
		const key = heldKey(id, section);
		const known = this.#held.get(key);
		if (known !== undefined) return known;
		let end = 0;
		const rows = this.#sql(
			'SELECT offset, length(octets) AS length FROM chunk WHERE id = ? AND section = ? ORDER BY offset',
		);
		for (const {offset, length} of rows.iterate(id, section) as Iterable<{offset: number; length: number}>) {
			if (offset > end) break;
			end = Math.max(end, offset + length);
		}
		this.#held.set(key, end);
		return end;
	}

	/** Whether an empty chunk says that the section ends where what is held ends. */
	isEnded(id: MessageId, section: string): boolean {
		const row = this.#sql('SELECT 1 FROM chunk WHERE id = ? AND section = ? AND offset = ? AND length(octets) = 0');
		return row.get(id, section, this.heldBytes(id, section)) !== undefined;
	}

	/** The octets held from the beginning without a gap. */
	octets(id: MessageId, section: string): Buffer {
		const pieces: Buffer[] = [];
		let end = 0;
		const rows = this.#sql('SELECT offset, octets FROM chunk WHERE id = ? AND section = ? ORDER BY offset');
		for (const {offset, octets} of rows.iterate(id, section) as Iterable<{offset: number; octets: Uint8Array}>) {
			if (offset > end) break;
			const fresh = Buffer.from(octets.buffer, octets.byteOffset, octets.byteLength).subarray(end - offset);
			pieces.push(fresh);
			end += fresh.length;
		}
		return Buffer.concat(pieces);
	}

	/** Octets of bodies held in all. */
	get bodyBytes(): number {
		return this.#bodyBytes;
	}

	/** Messages of which octets are held. */
	messagesWithChunks(): MessageId[] {
		return (this.#sql('SELECT DISTINCT id FROM chunk').all() as {id: number}[]).map(({id}) => messageId(id));
	}

	forgetSection(id: MessageId, section: string): void {
		const rows = 'FROM chunk WHERE id = ? AND section = ?';
		const row = this.#sql(`SELECT coalesce(sum(length(octets)), 0) AS total ${rows}`).get(id, section) as {
			total: number;
		};
		this.#sql(`DELETE ${rows}`).run(id, section);
		this.#bodyBytes -= row.total;
	}

	forgetChunks(id: MessageId): void {
		const row = this.#sql('SELECT coalesce(sum(length(octets)), 0) AS total FROM chunk WHERE id = ?').get(id) as {
			total: number;
		};
		this.#sql('DELETE FROM chunk WHERE id = ?').run(id);
		this.#bodyBytes -= row.total;
		this.#held.clear();
	}
}
