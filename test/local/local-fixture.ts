/** Local mail of a test: a folder of its own, what a program other than Bonsai does to it, and connections that end with it. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type {TestContext} from 'node:test';
import {dialLocal} from '../../source/local/local-remote.ts';
import type {MailboxPath} from '../../source/model/ids.ts';
import type {Dialling, Remote, RowFact, Selected} from '../../source/remote/remote.ts';
import {plainDialling} from '../helpers/dialling.ts';

export type LocalFixture = {
	/** The folder of Maildirs. */
	readonly root: string;
	readonly indexFile: string;
	readonly dial: (
		mailbox?: MailboxPath,
		events?: Partial<Dialling['events']>,
	) => Promise<{remote: Remote; opened: Selected}>;
	/** Another program files a message. Returns its file. */
	readonly file: (mailbox: string, name: string, text: string) => string;
};

export const letter = (subject: string): string =>
	`From: a@example.org\nDate: Thu, 19 Nov 2026 08:00:00 +0100\nMessage-ID: <${subject}@example.org>\nSubject: ${subject}\n\nText of ${subject}.\n`;

export function localFixture(context: TestContext, root?: string): LocalFixture {
	const home = fs.mkdtempSync(path.join(os.tmpdir(), 'bonsai-local-'));
	const remotes: Remote[] = [];
	context.after(async () => {
		await Promise.all(remotes.map(remote => remote.leave()));
		fs.rmSync(home, {recursive: true, force: true});
	});
	const folder = root ?? path.join(home, 'Mail');
	const indexFile = path.join(home, 'state', 'maildir.sqlite');
	return {
		root: folder,
		indexFile,
		async dial(mailbox, events = {}) {
			const dialling = plainDialling({port: 1, events, mailbox, account: {folder}});
			const {remote, selected} = await dialLocal(indexFile)(dialling, new AbortController().signal);
			remotes.push(remote);
			if (selected instanceof Error) throw selected;
			return {remote, opened: selected as Selected};
		},
		file(mailbox, name, text) {
			const file = path.join(folder, mailbox, name);
			fs.writeFileSync(`${file}.tmp`, text);
			fs.renameSync(`${file}.tmp`, file);
			return file;
		},
	};
}

export async function rowsOf(remote: Remote, set = '1:*'): Promise<RowFact[]> {
	const rows: RowFact[] = [];
	await remote.fetchRows(set, row => rows.push(row));
	return rows;
}

export const subjectOf = ({header}: RowFact): string => /^Subject: (.*)\r$/m.exec(String(header))?.[1] ?? '';
