/**
 * The messages that the log is about: each has a number of ours for as long as anything is decided about it, wherever it is
 * by now.
 */
import type {MailboxPath} from '../model/ids.ts';
import type {LogMessageId, OperationId, Place} from '../model/operation.ts';
import type {DurableDatabase} from './durable-database.ts';

/** A Message-ID as sent, and the size in octets: the same name in another size is another version of it. */
export type MessageName = {readonly messageId: string; readonly sizeBytes: number};

export class LoggedMessages {
	readonly #database: DurableDatabase;

	constructor(database: DurableDatabase) {
		this.#database = database;
	}

	/** Its number; a new one where it has none. */
	at(message: LogMessageId | Place): number {
		if (typeof message === 'number') return message;
		const {mailbox, uidValidity, uid} = message;
		const known =
			uid === 0
				? undefined
				: (this.#database
						.sql('SELECT id FROM message WHERE mailbox = ? AND uid_validity = ? AND uid = ?')
						.get(mailbox, uidValidity, uid) as {id: number} | undefined);
		if (known) return known.id;
		const made = this.#database
			.sql('INSERT INTO message (mailbox, uid_validity, uid) VALUES (?, ?, ?) RETURNING id')
			.get(mailbox, uidValidity, uid) as {id: number};
		return made.id;
	}

	/** Message-IDs ('': not asked for), and sizes in octets, of messages that may have to be looked up by them. */
	learnNames(names: ReadonlyMap<LogMessageId, MessageName>): void {
		this.#database.durably(() => {
			const update = this.#database.sql(
				"UPDATE message SET message_id = iif(?1 = '', message_id, ?1), size_bytes = ?2 WHERE id = ?3",
			);
			for (const [message, {messageId, sizeBytes}] of names) update.run(messageId, sizeBytes, message);
		});
	}

	/** Sizes in octets, where they are known. */
	sizesOf(id: OperationId): ReadonlyMap<LogMessageId, number> {
		const rows = this.#database
			.sql(`
			SELECT id, size_bytes FROM message JOIN target ON message.id = target.message
			WHERE operation = ? AND size_bytes > 0
		`)
			.all(id) as {id: number; size_bytes: number}[];
		return new Map(rows.map(row => [row.id as LogMessageId, row.size_bytes]));
	}

	/** Where messages were found. */
	learnPlaces(places: ReadonlyMap<LogMessageId, Place>): void {
		this.#database.durably(() => {
			const update = this.#database.sql('UPDATE message SET mailbox = ?, uid_validity = ?, uid = ? WHERE id = ?');
			for (const [message, {mailbox, uidValidity, uid}] of places) update.run(mailbox, uidValidity, uid, message);
		});
	}

	/** Half of a move without MOVE is confirmed: where the copies are. */
	rememberCopies(id: OperationId, places: ReadonlyMap<LogMessageId, Place>): void {
		this.#database.durably(() => {
			const update = this.#database.sql(
				"UPDATE target SET copy = ?, state = 'copied' WHERE operation = ? AND message = ?",
			);
			for (const [message, place] of places) update.run(JSON.stringify(place), id, message);
		});
	}

	/** Where the copies are that are confirmed. */
	copiesOf(id: OperationId): ReadonlyMap<LogMessageId, Place> {
		const rows = this.#database.sql("SELECT message, copy FROM target WHERE operation = ? AND copy <> ''").all(id) as {
			message: number;
			copy: string;
		}[];
		return new Map(rows.map(({message, copy}) => [message as LogMessageId, JSON.parse(copy) as Place]));
	}

	/** Where a message is by now, if it was moved since it was named; uid 0: there, and its UID is not known. */
	whereIs(place: Place): Place {
		const message = this.movedFrom(place);
		if (message === undefined) return place;
		const row = this.#database.sql('SELECT mailbox, uid_validity, uid FROM message WHERE id = ?').get(message) as {
			mailbox: MailboxPath;
			uid_validity: number;
			uid: number;
		};
		return {mailbox: row.mailbox, uidValidity: row.uid_validity, uid: row.uid};
	}

	/** Which message it is that was moved, or marked, where it is named. */
	movedFrom({mailbox, uidValidity, uid}: Place): LogMessageId | undefined {
		// What was copied stands in the log as its copy.
		const known = this.#database
			.sql(`
			SELECT message FROM target JOIN operation ON operation.id = operation
			WHERE mailbox = ? AND uid_validity = ? AND uid = ?
			AND json_extract(change, '$.kind') IN ('move', 'flag') AND json_extract(change, '$.to.account') IS NULL
			ORDER BY operation DESC LIMIT 1
		`)
			.get(mailbox, uidValidity, uid) as {message: LogMessageId} | undefined;
		return known?.message;
	}
}
