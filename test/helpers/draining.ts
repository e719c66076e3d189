/**
 * An offline mailbox on a server of a test, drained into Maildirs in a folder of the test: one call, and what there is then
 * in both places.
 */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import type {TestContext} from 'node:test';
import {localMailAt} from '../../source/local/local-mail.ts';
import {readName} from '../../source/local/maildir-name.ts';
import {sentForm} from '../../source/local/stored-octets.ts';
import type {Account} from '../../source/model/account.ts';
import type {AccountSession} from '../../source/session/account-session.ts';
import type {LocalMail} from '../../source/session/local-place.ts';
import {type Opened, type OpenOptions, openSession} from './session.ts';
import {until} from './waiting.ts';

export {ownFolder} from './own-folder.ts';

/** `state`, `cache` and `mail` are in that folder. */
export const openDraining = (
	context: TestContext,
	port: number,
	at: string,
	{
		account,
		localMail = localMailAt(path.join(at, 'mail')),
		...options
	}: Partial<OpenOptions> & {readonly account?: Partial<Account>; readonly localMail?: LocalMail} = {},
): Promise<Opened> =>
	openSession(context, {
		port,
		folder: path.join(at, 'state'),
		cacheFolder: path.join(at, 'cache'),
		localMail,
		...options,
		account: {model: 'offline', ...account},
	});

/** One whole call; returns its plan and what it came to. */
export async function call(session: AccountSession) {
	session.planCall();
	const planned = await until(session.call, now => now !== undefined && now.state !== 'asking');
	if (planned?.state !== 'planned') return {planned, over: planned};
	session.goCall();
	const over = await until(session.call, now => now?.state === 'done' || now?.state === 'ended');
	await session.settled();
	return {planned, over: session.call.get() ?? over};
}

export type Kept = {readonly key: string; readonly letters: string; readonly text: string; readonly date: number};

/** What is in a mailbox of local mail, as another program finds it: in the order of their names. */
export function keptIn(at: string, mailbox: string, root = 'mail'): Kept[] {
	return ['cur', 'new'].flatMap(part => {
		const folder = path.join(at, root, ...mailbox.split('/'), part);
		if (!fs.existsSync(folder)) return [];
		return fs
			.readdirSync(folder)
			.sort()
			.map(name => {
				const file = path.join(folder, name);
				const {key, letters, isAsSent, sizeBytes} = readName(name);
				const octets = sentForm({octets: fs.readFileSync(file), isAsSent});
				assert.equal(octets.length, sizeBytes, `${name} is not as long as its name says`);
				return {key, letters, text: octets.toString('latin1'), date: fs.statSync(file).mtimeMs};
			});
	});
}

export const subjectIn = (text: string): string => /^Subject: (.*?)\r?$/m.exec(text)?.[1] ?? '';
