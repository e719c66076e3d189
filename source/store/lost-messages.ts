/**
 * Messages that went from their mailbox and may turn up in another, as the same message: known by Message-ID and size, so
 * that what is held of them need not be bought again. The oldest are given up.
 */
import {type MailboxPath, type MessageId, messageId} from '../model/ids.ts';
import type {Place} from '../model/operation.ts';
import type {FactsDatabase} from './facts-database.ts';
import type {SummaryFact} from './summary-fact.ts';

/** Where a message was before it went. */
type Lost = {readonly id: MessageId; readonly place: Place};

/** Of messages that went, so many may still turn up elsewhere. */
const mostLost = 2000;

export class LostMessages {
	readonly #database: FactsDatabase;

	constructor(database: FactsDatabase) {
		this.#database = database;
	}

	/** `name` is its Message-ID as sent. */
	learn({id, sizeBytes, mailbox, uid}: SummaryFact, name: string, uidValidity: number): void {
		this.#database
			.sql('INSERT INTO lost (id, message_id, size_bytes, mailbox, uid_validity, uid) VALUES (?, ?, ?, ?, ?, ?)')
			.run(id, name, sizeBytes, mailbox, uidValidity, uid);
	}

	/** The one lost message of this Message-ID and size, if there is one: it is found, and lost no more. */
	takeFound(name: string, sizeBytes: number): Lost | undefined {
		const rows = this.#database
			.sql('SELECT * FROM lost WHERE message_id = ? AND size_bytes = ?')
			.all(name, sizeBytes) as {id: number; mailbox: string; uid_validity: number; uid: number}[];
		const [row, ...others] = rows;
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

	/** Those that went from this mailbox: what is held of them is to be forgotten. */
	takeFrom(path: MailboxPath): MessageId[] {
		return this.#taken('DELETE FROM lost WHERE mailbox = ? RETURNING id', path);
	}

	#taken(sql: string, which: number | string): MessageId[] {
		return (this.#database.sql(sql).all(which) as {id: number}[]).map(({id}) => messageId(id));
	}
}
