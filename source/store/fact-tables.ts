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
import {type Renaming, renamedPath} from '../model/renaming.ts';
import type {SafeText} from '../model/safe-text.ts';
import {BodyFacts} from './body-facts.ts';
import {FactsDatabase, type FactsDatabaseOptions, type Statement} from './facts-database.ts';
import {LostMessages} from './lost-messages.ts';
import {MailboxFacts} from './mailbox-facts.ts';
import {newId} from './new-id.ts';
import {asSummary, type SummaryFact, type SummaryRow} from './summary-fact.ts';

export class FactTables {
	readonly #database: FactsDatabase;
	readonly mailboxes: MailboxFacts;
	readonly bodies: BodyFacts;
	readonly lost: LostMessages;

	/**
	 * `file` is a path, or `:memory:` in the online model, where nothing may touch the disk (law 14). Throws a Failure, and
	 * where nothing may be written whatever is wrong with the file.
	 */
	constructor(file: string, {onLost = () => {}, ...options}: FactsDatabaseOptions = {}) {
		this.#database = new FactsDatabase(file, {
			...options,
			onLost: failure => {
				// Old bodies were left behind; at the opening nobody has counted them.
				this.bodies?.countAnew();
				onLost(failure);
			},
		});
		this.mailboxes = new MailboxFacts(this.#database);
		this.bodies = new BodyFacts(this.#database);
		this.lost = new LostMessages(this.#database);
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

	/**
	 * A mailbox has another name, with the same messages under the same UIDs as long as its UIDVALIDITY is the same, which
	 * the next opening says. Where something is known of the new name already, they may turn up there instead. Returns the
	 * new names.
	 */
	renameMailbox(renaming: Renaming): MailboxPath[] {
		return this.transaction(() =>
			this.mailboxes.paths.flatMap(path => {
				const now = renamedPath(path, renaming);
				if (now === undefined) return [];
				if (this.mailboxes.uidValidity(now) !== undefined) {
					this.loseMailbox(path);
					return [];
				}
				this.#sql('UPDATE mailbox SET path = ? WHERE path = ?').run(now, path);
				this.#sql('UPDATE summary SET mailbox = ? WHERE mailbox = ?').run(now, path);
				this.#sql('UPDATE lost SET mailbox = ? WHERE mailbox = ?').run(now, path);
				return [now];
			}),
		);
	}

	/** It was renumbered: its messages may turn up again under other numbers, and are known by their Message-IDs. */
	loseMailbox(path: MailboxPath): void {
		this.transaction(() => {
			for (const id of this.idsIn(path)) {
				if (this.bodies.has(id)) this.loseMessage(id);
				else this.forgetMessage(id);
			}
			this.#sql('DELETE FROM mailbox WHERE path = ?').run(path);
		});
	}

	forgetMailbox(path: MailboxPath): void {
		this.transaction(() => {
			for (const id of this.lost.takeFrom(path)) this.#forgetLost(id);
			for (const id of this.idsIn(path)) this.forgetMessage(id);
			this.#sql('DELETE FROM mailbox WHERE path = ?').run(path);
		});
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

	/** From, To and Cc of messages with that text in one of them, the newest first. To and Cc are '' where they are not known. */
	addressFields(text: string, most: number): {readonly from: string; readonly to: string; readonly cc: string}[] {
		const like = `%${text.replaceAll(/[!%_]/g, '!$&')}%`;
		return this.#sql(`
			SELECT from_field AS "from", coalesce(to_field, '') AS "to", coalesce(cc_field, '') AS cc FROM summary
			WHERE from_field LIKE ?1 ESCAPE '!' OR to_field LIKE ?1 ESCAPE '!' OR cc_field LIKE ?1 ESCAPE '!'
			ORDER BY date DESC LIMIT ?2
		`).all(like, most) as {from: string; to: string; cc: string}[];
	}

	learnFlags(id: MessageId, flags: readonly Flag[]): void {
		this.#sql('UPDATE summary SET flags = ? WHERE id = ?').run(flags.join(' '), id);
	}

	forgetMessage(id: MessageId): void {
		this.bodies.forget(id);
		this.#sql('DELETE FROM structure WHERE id = ?').run(id);
		this.#sql('DELETE FROM preview WHERE id = ?').run(id);
		this.#sql('DELETE FROM summary WHERE id = ?').run(id);
	}

	/** It went from its mailbox, and may turn up in another: what is held of it is kept for that, for a while. */
	loseMessage(id: MessageId): void {
		const row = this.#row(id);
		const uidValidity = row && this.mailboxes.uidValidity(row.mailbox as MailboxPath);
		if (row === undefined || uidValidity === undefined || row.message_id === null) {
			this.forgetMessage(id);
			return;
		}
		this.#sql('DELETE FROM summary WHERE id = ?').run(id);
		this.lost.learn(row, uidValidity);
		for (const old of this.lost.takeOld()) this.#forgetLost(old);
	}

	/** The server has put it there. Returns which it is, when it is known of; that it went from its mailbox may still be told. */
	land(from: Place, to: Place): MessageId | undefined {
		const id = this.idAt(from);
		const row = id && this.#row(id);
		if (row && row.message_id !== null) this.lost.learn(row, from.uidValidity);
		return this.lost.land(from, to);
	}

	/** One that has landed may be known where it was, too, until it is told that it went from there. */
	#forgetLost(id: MessageId): void {
		if (!this.has(id)) this.forgetMessage(id);
	}

	has(id: MessageId): boolean {
		return this.#sql('SELECT 1 FROM summary WHERE id = ?').get(id) !== undefined;
	}

	summary(id: MessageId): SummaryFact | undefined {
		const row = this.#row(id);
		return row && asSummary(row);
	}

	#row(id: MessageId): SummaryRow | undefined {
		return this.#sql('SELECT * FROM summary WHERE id = ?').get(id) as SummaryRow | undefined;
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

	/** Not one that has its number since the mailbox was renumbered. */
	idAt({mailbox, uidValidity, uid}: Place): MessageId | undefined {
		return this.mailboxes.uidValidity(mailbox) === uidValidity ? this.idOf(mailbox, uid) : undefined;
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
				for (const {section, offset, octets} of from.bodies.chunks(id))
					this.bodies.learnChunk(id, section, offset, octets);
			}
		});
	}
}
