/**
 * Mailboxes that have another name by now, and what was decided in them: it goes along, and what is heard later under the
 * name of before is of the mailbox it is now, for each UIDVALIDITY, since another mailbox may get that name.
 *
 * Law: whoever has heard the same records and knows of the same renaming agrees, whichever came first.
 */
import type {StatementSync} from 'node:sqlite';
import type {OwnRecord} from '../model/own-record.ts';

type OwnMailbox = Pick<OwnRecord, 'uidValidity'> & {readonly url: string};
export type KnownMailbox = OwnMailbox & {
	/** The highest that something was decided of. */
	readonly lastUid: number;
};

export class RenamedMailboxes {
	readonly #sql: (text: string) => StatementSync;

	constructor(sql: (text: string) => StatementSync) {
		this.#sql = sql;
	}

	/** What it is called now. */
	nameOf({url, uidValidity}: OwnMailbox): string {
		const row = this.#sql('SELECT now FROM renamed WHERE url = ? AND uid_validity = ?').get(url, uidValidity);
		return (row as {now: string} | undefined)?.now ?? url;
	}

	/** Mailboxes of which something was decided, below a URL. */
	below(prefix: string): KnownMailbox[] {
		const rows = this.#sql(`
			SELECT url, uid_validity, max(uid) AS last FROM mailbox JOIN record ON record.mailbox = mailbox.id
			WHERE substr(url, 1, length(?1)) = ?1 GROUP BY mailbox.id ORDER BY mailbox.id
		`).all(prefix) as {url: string; uid_validity: number; last: number}[];
		return rows.map(({url, uid_validity: uidValidity, last: lastUid}) => ({url, uidValidity, lastUid}));
	}

	/** Takes note of it; the records are moved by who asks. */
	learn({url, uidValidity}: OwnMailbox, now: string): void {
		this.#sql('DELETE FROM renamed WHERE url = ? AND uid_validity = ?').run(now, uidValidity);
		this.#sql('UPDATE renamed SET now = ? WHERE now = ? AND uid_validity = ?').run(now, url, uidValidity);
		this.#sql('INSERT OR REPLACE INTO renamed (url, uid_validity, now) VALUES (?, ?, ?)').run(url, uidValidity, now);
	}
}
