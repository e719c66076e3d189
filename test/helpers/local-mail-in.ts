/** Local mail in the home of a program that is about to run: Maildirs, as another program would have filled them. */
import {mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {localMarker} from '../../source/model/account.ts';
import type {Home} from './screen.ts';

/** A message in a mailbox: its letters (`FS`), and what it is. */
export type Filed = readonly [flags: string, message: string];

/** Returns the folder. Messages are filed in this order. */
export function localMailIn(home: Home, mailboxes: Readonly<Record<string, readonly Filed[]>>): string {
	const root = join(home.environment.BONSAI_HOME ?? '', 'Mail');
	let filed = 0;
	for (const name of new Set(['INBOX', 'Archive', 'Drafts', 'Sent', 'Trash', ...Object.keys(mailboxes)])) {
		for (const each of ['cur', 'new', 'tmp']) mkdirSync(join(root, name, each), {recursive: true, mode: 0o700});
		for (const [flags, message] of mailboxes[name] ?? []) {
			filed += 1;
			writeFileSync(
				join(root, name, 'cur', `${1_700_000_000 + filed}.M${filed}P1.host:2,${flags}`),
				message.replaceAll('\r\n', '\n'),
			);
		}
	}
	writeFileSync(join(root, localMarker), 'Mail\n11111111-2222-3333-4444-555555555555\n');
	return root;
}
