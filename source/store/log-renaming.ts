/** What the log says of a mailbox that has another name by now, and of what is in it and below it, under that name. */
import type {StatementSync} from 'node:sqlite';
import type {MailboxPath} from '../model/ids.ts';
import {type Change, isMailboxChange} from '../model/operation.ts';
import type {Renaming} from '../model/renaming.ts';

/** Within a transaction. Throws what SQLite throws. */
export function renameInLog(sql: (text: string) => StatementSync, {from, to, delimiter}: Renaming): void {
	const below = `${from}${delimiter}`;
	const renamed = (path: MailboxPath): MailboxPath | undefined => {
		if (path === from) return to;
		if (delimiter === '' || !path.startsWith(below)) return undefined;
		return `${to}${delimiter}${path.slice(below.length)}` as MailboxPath;
	};
	for (const table of ['message', 'target'] as const) {
		const paths = sql(`SELECT DISTINCT mailbox FROM ${table}`).all() as {mailbox: MailboxPath}[];
		for (const {mailbox} of paths) {
			const now = renamed(mailbox);
			if (now) sql(`UPDATE ${table} SET mailbox = ? WHERE mailbox = ?`).run(now, mailbox);
		}
	}
	// Of half of a move, or of a draft: where its copy is.
	const copyMailbox = "iif(copy = '', NULL, copy ->> '$.mailbox')";
	const copies = sql(`SELECT DISTINCT ${copyMailbox} AS mailbox FROM target WHERE copy <> ''`).all();
	for (const {mailbox} of copies as {mailbox: MailboxPath}[]) {
		const now = renamed(mailbox);
		const update = `UPDATE target SET copy = json_set(copy, '$.mailbox', ?) WHERE ${copyMailbox} = ?`;
		if (now) sql(update).run(now, mailbox);
	}
	const rows = sql('SELECT id, change FROM operation').all() as {id: number; change: string}[];
	for (const row of rows) {
		const change = JSON.parse(row.change) as Change;
		if (isMailboxChange(change) || !('to' in change) || !('path' in change.to)) continue;
		const now = renamed(change.to.path);
		if (now === undefined) continue;
		const changed = {...change, to: {path: now}};
		sql('UPDATE operation SET change = ? WHERE id = ?').run(JSON.stringify(changed), row.id);
	}
}
