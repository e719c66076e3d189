/**
 * Messages that went from their mailbox and may turn up in another, as the same message, so that what is held of them need
 * not be bought again: known by where the server said that it has put them (COPYUID, RFC 4315), else by Message-ID and
 * size. The oldest are given up.
 */
import {type MailboxPath, type MessageId, messageId} from '../model/ids.ts';
import type {Flag} from '../model/message.ts';
import type {Place} from '../model/operation.ts';
import type {FactsDatabase} from './facts-database.ts';
import {asSummary, type SummaryFact, type SummaryRow} from './summary-fact.ts';

/** Where a message was before it went, or where it has landed. */
type Lost = {readonly id: MessageId; readonly place: Place};

type LostRow = {id: number; mailbox: string; uid_validity: number; uid: number; summary: string | null};

/** Of messages that went, so many may still turn up elsewhere. */
const mostLost = 2000;

export class LostMessages {
	readonly #database: FactsDatabase;

	constructor(database: FactsDatabase) {
		this.#database = database;
	}

	/** One that has landed is where it is. */
	learn(row: SummaryRow, uidValidity: number): void {
		this.#database
			.sql(
				'INSERT OR IGNORE INTO lost (id, message_id, size_bytes, mailbox, uid_validity, uid, summary) VALUES (?, ?, ?, ?, ?, ?, ?)',
			)
			.run(row.id, row.message_id ?? '', row.size_bytes, row.mailbox, uidValidity, row.uid, JSON.stringify(row));
	}

	/** The server has put it there. Returns which it is, when it was lost from there. */
	land(from: Place, to: Place): MessageId | undefined {
		const row = this.#database
			.sql(`
				UPDATE lost SET mailbox = ?, uid_validity = ?, uid = ?, has_landed = 1
				WHERE mailbox = ? AND uid_validity = ? AND uid = ? AND summary IS NOT NULL RETURNING id
			`)
			.get(to.mailbox, to.uidValidity, to.uid, from.mailbox, from.uidValidity, from.uid) as {id: number} | undefined;
		return row && messageId(row.id);
	}

	/** The one that has landed there. */
	landedAt({mailbox, uidValidity, uid}: Place): MessageId | undefined {
		const row = this.#database
			.sql('SELECT id FROM lost WHERE mailbox = ? AND uid_validity = ? AND uid = ? AND has_landed = 1')
			.get(mailbox, uidValidity, uid) as {id: number} | undefined;
		return row && messageId(row.id);
	}

	/** What is known of one that has landed, where it lies now. */
	landed(id: MessageId): SummaryFact | undefined {
		const row = this.#database.sql('SELECT * FROM lost WHERE id = ? AND has_landed = 1').get(id) as LostRow | undefined;
		if (row === undefined || row.summary === null) return undefined;
		return asSummary({...(JSON.parse(row.summary) as SummaryRow), mailbox: row.mailbox, uid: row.uid});
	}

	/** All from one UID up to below another was heard of: what is not there has not stayed. */
	heardOf(path: MailboxPath, {wholeFrom, uidNext}: {readonly wholeFrom: number; readonly uidNext: number}): void {
		this.#database
			.sql('UPDATE lost SET has_landed = 0 WHERE mailbox = ? AND uid >= ? AND uid < ? AND has_landed = 1')
			.run(path, wholeFrom, uidNext);
	}

	learnFlags(id: MessageId, flags: readonly Flag[]): void {
		this.#database
			.sql("UPDATE lost SET summary = json_set(summary, '$.flags', ?) WHERE id = ?")
			.run(flags.join(' '), id);
	}

	/**
	 * The lost message that this new one is: it has landed there, or is the one that has this Message-ID (`name`; '' has
	 * none) and size. It is found, and lost no more.
	 */
	takeFound(name: string, sizeBytes: number, at: Place): Lost | undefined {
		const lying = this.#database.sql('SELECT * FROM lost WHERE mailbox = ? AND uid_validity = ? AND uid = ?');
		// One that has landed is where it is: what has its name elsewhere is a copy of it.
		const named = this.#database.sql(
			"SELECT * FROM lost WHERE message_id = ? AND size_bytes = ? AND message_id <> '' AND has_landed = 0 LIMIT 2",
		);
		const there = lying.all(at.mailbox, at.uidValidity, at.uid);
		const [row, ...others] = (there.length > 0 ? there : named.all(name, sizeBytes)) as LostRow[];
		if (row === undefined || others.length > 0) return undefined;
		this.#database.sql('DELETE FROM lost WHERE id = ?').run(row.id);
		const {id, mailbox, uid_validity: uidValidity, uid} = row;
		return {id: messageId(id), place: {mailbox: mailbox as MailboxPath, uidValidity, uid}};
	}

	/** Those that are more than are kept: what is held of them is to be forgotten. */
	takeOld(): MessageId[] {
		return this.#taken(
			'DELETE FROM lost WHERE id IN (SELECT id FROM lost ORDER BY id DESC LIMIT -1 OFFSET ?) RETURNING id',
			mostLost,
		);
	}

	/** Those that went from this mailbox, or have landed there: what is held of them is to be forgotten. */
	takeFrom(path: MailboxPath): MessageId[] {
		return this.#taken('DELETE FROM lost WHERE mailbox = ? RETURNING id', path);
	}

	#taken(sql: string, which: number | string): MessageId[] {
		return (this.#database.sql(sql).all(which) as {id: number}[]).map(({id}) => messageId(id));
	}
}
