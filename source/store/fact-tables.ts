/**
 * What the server told us of messages, in one database. Every bit of it can be forgotten at any moment with no loss but
 * bytes (law 1).
 *
 * `learn` and `forget` are facts arriving and leaving; the rest are free reads. Nothing here is ever something the
 * user decided: that is the log's.
 */
import {type MailboxPath, type MessageId, messageId} from '../model/ids.ts';
import type {Flag} from '../model/message.ts';
import type {Place} from '../model/operation.ts';
import type {SafeText} from '../model/safe-text.ts';
import {FactsDatabase, type Statement} from './facts-database.ts';
import {MailboxFacts} from './mailbox-facts.ts';
import {newId} from './new-id.ts';

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
	/** Undefined: not fetched (law 17), which is not the same as empty. */
	readonly kept?: KeptFields | undefined;
};

/** What a summary has besides that is kept on the disk. */
export type KeptFields = {
	readonly to: SafeText;
	readonly cc: SafeText;
	/** As sent, with their angle brackets; '' when there is none. */
	readonly messageId: string;
	readonly inReplyTo: string;
	readonly references: string;
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
	to_field: string | null;
	cc_field: string | null;
	message_id: string | null;
	in_reply_to: string | null;
	reference_ids: string | null;
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
	kept:
		row.message_id === null
			? undefined
			: {
					to: (row.to_field ?? '') as SafeText,
					cc: (row.cc_field ?? '') as SafeText,
					messageId: row.message_id,
					inReplyTo: row.in_reply_to ?? '',
					references: row.reference_ids ?? '',
				},
});

const heldKey = (id: MessageId, section: string): string => `${id}:${section}`;

/** Where a message was before it went. */
export type Lost = {readonly id: MessageId; readonly place: Place};

/** Of messages that went, so many may still turn up elsewhere. */
const mostLost = 2000;

export class FactTables {
	readonly #database: FactsDatabase;
	readonly mailboxes: MailboxFacts;
	/** What `heldBytes` found: hundreds of parts under way ask for it at each answer. */
	readonly #held = new Map<string, number>();
	/** Octets of bodies held, so that memory and disk have an end; undefined: nobody has asked yet. */
	#bodyBytes: number | undefined;

	/**
	 * `file` is a path, or `:memory:` in the online model, where nothing may touch the disk (law 14). Throws a Failure, and
	 * where nothing may be written whatever is wrong with the file.
	 */
	constructor(file: string, options: {readonly mayWrite?: boolean} = {}) {
		this.#database = new FactsDatabase(file, options);
		this.mailboxes = new MailboxFacts(this.#database);
	}

	#sql(text: string): Statement {
		return this.#database.sql(text);
	}

	/** All of what `work` learns, or nothing of it. */
	transaction<T>(work: () => T): T {
		return this.#database.transaction(work);
	}

	emptyJournal(): void {
		this.#database.emptyJournal();
	}

	close(): void {
		this.#database.close();
	}

	/** Returns false when the mailbox was known under another UIDVALIDITY: all that was known of it is forgotten. */
	learnMailbox(path: MailboxPath, uidValidity: number): boolean {
		const known = this.#sql('SELECT uid_validity FROM mailbox WHERE path = ?').get(path) as
			| {uid_validity: number}
			| undefined;
		const isSame = known === undefined || known.uid_validity === uidValidity;
		if (!isSame) this.forgetMailbox(path);
		this.#sql(
			'INSERT INTO mailbox (path, uid_validity) VALUES (?, ?) ON CONFLICT DO UPDATE SET uid_validity = excluded.uid_validity',
		).run(path, uidValidity);
		return isSame;
	}

	/** It was renumbered: its messages may turn up again under other numbers, and are known by their Message-IDs. */
	loseMailbox(path: MailboxPath): void {
		this.transaction(() => {
			for (const id of this.idsIn(path)) {
				if (this.hasChunks(id)) this.loseMessage(id);
				else this.forgetMessage(id);
			}
			this.#sql('DELETE FROM mailbox WHERE path = ?').run(path);
		});
	}

	forgetMailbox(path: MailboxPath): void {
		this.transaction(() => {
			this.#forgetLost(path);
			for (const id of this.idsIn(path)) this.forgetMessage(id);
			this.#sql('DELETE FROM mailbox WHERE path = ?').run(path);
		});
	}

	#forgetLost(path: MailboxPath): void {
		const rows = this.#sql('DELETE FROM lost WHERE mailbox = ? RETURNING id').all(path) as {id: number}[];
		for (const {id} of rows) this.forgetMessage(messageId(id));
	}

	/** All that are held of a mailbox, oldest first. */
	idsIn(path: MailboxPath): MessageId[] {
		return (this.#sql('SELECT id FROM summary WHERE mailbox = ? ORDER BY uid').all(path) as {id: number}[]).map(
			({id}) => messageId(id),
		);
	}

	/** A message keeps its id when it is learned again. `id`: it has one from another database. */
	learnSummary({kept, ...fact}: Omit<SummaryFact, 'id'>, id: number = newId()): MessageId {
		const row = this.#sql(`
			INSERT INTO summary
				(id, mailbox, uid, sender, from_field, subject, date, size_bytes, flags,
				to_field, cc_field, message_id, in_reply_to, reference_ids)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
			ON CONFLICT (mailbox, uid) DO UPDATE SET
				sender = excluded.sender, from_field = excluded.from_field, subject = excluded.subject, date = excluded.date,
				size_bytes = excluded.size_bytes, flags = excluded.flags,
				to_field = coalesce(excluded.to_field, to_field), cc_field = coalesce(excluded.cc_field, cc_field),
				message_id = coalesce(excluded.message_id, message_id),
				in_reply_to = coalesce(excluded.in_reply_to, in_reply_to),
				reference_ids = coalesce(excluded.reference_ids, reference_ids)
			RETURNING id
		`).get(
			id,
			fact.mailbox,
			fact.uid,
			fact.sender,
			fact.fromField,
			fact.subject,
			fact.date ?? null,
			fact.sizeBytes,
			[...fact.flags].join(' '),
			kept?.to ?? null,
			kept?.cc ?? null,
			kept?.messageId ?? null,
			kept?.inReplyTo ?? null,
			kept?.references ?? null,
		) as {id: number};
		return messageId(row.id);
	}

	learnFlags(id: MessageId, flags: readonly Flag[]): void {
		this.#sql('UPDATE summary SET flags = ? WHERE id = ?').run(flags.join(' '), id);
	}

	forgetMessage(id: MessageId): void {
		this.forgetChunks(id);
		this.#sql('DELETE FROM structure WHERE id = ?').run(id);
		this.#sql('DELETE FROM preview WHERE id = ?').run(id);
		this.#sql('DELETE FROM summary WHERE id = ?').run(id);
	}

	/** It went from its mailbox, and may turn up in another: what is held of it is kept for that, for a while. */
	loseMessage(id: MessageId): void {
		const fact = this.summary(id);
		const uidValidity = fact && this.mailboxes.uidValidity(fact.mailbox);
		const name = fact?.kept?.messageId;
		if (fact === undefined || uidValidity === undefined || !name) {
			this.forgetMessage(id);
			return;
		}
		this.#sql('DELETE FROM summary WHERE id = ?').run(id);
		this.#sql(
			'INSERT INTO lost (id, message_id, size_bytes, mailbox, uid_validity, uid) VALUES (?, ?, ?, ?, ?, ?)',
		).run(id, name, fact.sizeBytes, fact.mailbox, uidValidity, fact.uid);
		const old = this.#sql('SELECT id FROM lost ORDER BY id DESC LIMIT -1 OFFSET ?').all(mostLost) as {id: number}[];
		for (const each of old) {
			this.#sql('DELETE FROM lost WHERE id = ?').run(each.id);
			this.forgetMessage(messageId(each.id));
		}
	}

	/** The one lost message of this Message-ID and size, if there is one: it is found, and lost no more. */
	takeFound(name: string, sizeBytes: number): Lost | undefined {
		const rows = this.#sql('SELECT * FROM lost WHERE message_id = ? AND size_bytes = ?').all(name, sizeBytes) as {
			id: number;
			mailbox: string;
			uid_validity: number;
			uid: number;
		}[];
		const [row, ...others] = rows;
		if (row === undefined || others.length > 0) return undefined;
		this.#sql('DELETE FROM lost WHERE id = ?').run(row.id);
		const {id, mailbox, uid_validity: uidValidity, uid} = row;
		return {id: messageId(id), place: {mailbox: mailbox as MailboxPath, uidValidity, uid}};
	}

	has(id: MessageId): boolean {
		return this.#sql('SELECT 1 FROM summary WHERE id = ?').get(id) !== undefined;
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

	learnPreview(id: MessageId, text: SafeText): void {
		this.#sql('INSERT OR REPLACE INTO preview (id, text) VALUES (?, ?)').run(id, text);
	}

	/** Undefined: nobody asked for it. */
	preview(id: MessageId): SafeText | undefined {
		const row = this.#sql('SELECT text FROM preview WHERE id = ?').get(id) as {text: string} | undefined;
		return row?.text as SafeText | undefined;
	}

	learnChunk(id: MessageId, section: string, offset: number, octets: Buffer): void {
		this.#sql('INSERT OR REPLACE INTO chunk (id, section, offset, octets) VALUES (?, ?, ?, ?)').run(
			id,
			section,
			offset,
			octets,
		);
		this.#learnBodyBytes(id, octets.length);
		this.#held.delete(heldKey(id, section));
	}

	#learnBodyBytes(id: MessageId, bytes: number): void {
		this.#sql(`
			INSERT INTO body (id, bytes, read_at) VALUES (?, ?, ?)
			ON CONFLICT DO UPDATE SET bytes = bytes + excluded.bytes
		`).run(id, bytes, Date.now());
		if (this.#bodyBytes !== undefined) this.#bodyBytes += bytes;
	}

	/** The user has looked at it: of what can be bought again, what was read longest ago goes first. */
	learnRead(id: MessageId, at: number): void {
		this.#sql('UPDATE body SET read_at = ? WHERE id = ?').run(at, id);
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
		this.#bodyBytes ??= (this.#sql('SELECT coalesce(sum(bytes), 0) AS total FROM body').get() as {total: number}).total;
		return this.#bodyBytes;
	}

	/** Messages of which octets are held, read longest ago first. */
	messagesWithChunks(): MessageId[] {
		return (this.#sql('SELECT id FROM body ORDER BY read_at, id').all() as {id: number}[]).map(({id}) => messageId(id));
	}

	forgetSection(id: MessageId, section: string): void {
		const rows = 'FROM chunk WHERE id = ? AND section = ?';
		const {total} = this.#sql(`SELECT coalesce(sum(length(octets)), 0) AS total ${rows}`).get(id, section) as {
			total: number;
		};
		this.#sql(`DELETE ${rows}`).run(id, section);
		this.#learnBodyBytes(id, -total);
		this.#held.delete(heldKey(id, section));
	}

	forgetChunks(id: MessageId): void {
		const row = this.#sql('SELECT bytes FROM body WHERE id = ?').get(id) as {bytes: number} | undefined;
		if (row === undefined) return;
		this.#sql('DELETE FROM chunk WHERE id = ?').run(id);
		this.#sql('DELETE FROM body WHERE id = ?').run(id);
		if (this.#bodyBytes !== undefined) this.#bodyBytes -= row.bytes;
		this.#held.clear();
	}

	/** Takes over all that another database holds of a mailbox, each message with its id; nothing is taken from there. */
	takeOver(path: MailboxPath, from: FactTables): void {
		this.transaction(() => {
			this.forgetMailbox(path);
			const uidValidity = from.mailboxes.uidValidity(path);
			const held = from.mailboxes.held(path);
			if (uidValidity !== undefined) this.learnMailbox(path, uidValidity);
			if (held) this.mailboxes.learnHeld(path, held);
			for (const id of from.idsIn(path)) {
				const fact = from.summary(id);
				if (fact) this.learnSummary(fact, id);
				const structure = from.structure(id);
				if (structure !== undefined) this.learnStructure(id, structure);
				const preview = from.preview(id);
				if (preview !== undefined) this.learnPreview(id, preview);
				for (const {section, offset, octets} of from.chunks(id)) this.learnChunk(id, section, offset, octets);
			}
		});
	}

	chunks(id: MessageId): readonly {readonly section: string; readonly offset: number; readonly octets: Buffer}[] {
		const rows = this.#sql('SELECT section, offset, octets FROM chunk WHERE id = ?').all(id) as {
			section: string;
			offset: number;
			octets: Uint8Array;
		}[];
		return rows.map(({octets, ...rest}) => ({
			...rest,
			octets: Buffer.from(octets.buffer, octets.byteOffset, octets.byteLength),
		}));
	}
}
