/**
 * A session on a server of a test, with a counting line in between, impatient so that no test waits.
 */

import type {TestContext} from 'node:test';
import {startBadLink} from '../../source/demo/link.ts';
import type {Account} from '../../source/model/account.ts';
import type {Message} from '../../source/model/message.ts';
import {dialImap} from '../../source/remote/imap.ts';
import type {Dial, RememberedServer} from '../../source/remote/remote.ts';
import {type AccountSession, createSession} from '../../source/session/account-session.ts';
import type {OpenMailbox} from '../../source/session/session.ts';
import type {SessionOptions} from '../../source/session/session-options.ts';
import {plainAccount} from './plain-account.ts';
import {until} from './waiting.ts';

export type Opened = {
	readonly session: AccountSession;
	readonly line: Awaited<ReturnType<typeof startBadLink>>;
	/** What went over the line since the last time this was asked. */
	readonly spent: () => {up: number; down: number; turns: number; total: number};
	/** What the session would remember of the server between runs. */
	readonly remembered: () => RememberedServer | undefined;
};

export type OpenOptions = {
	readonly port: number;
	readonly account?: Partial<Account>;
	readonly password?: string;
	readonly remembered?: RememberedServer;
	readonly silenceMs?: number;
	readonly retryMs?: number;
	readonly waitsForNews?: boolean;
	readonly folder?: string;
	readonly own?: SessionOptions['own'];
	readonly keep?: SessionOptions['keep'];
	readonly folderOf?: SessionOptions['folderOf'];
	readonly cacheFolder?: string;
	readonly preferences?: SessionOptions['preferences'];
	readonly sessionBytes?: number;
	readonly localMail?: SessionOptions['localMail'];
	readonly makeLetter?: SessionOptions['makeLetter'];
	readonly makeDraft?: SessionOptions['makeDraft'];
	readonly carrier?: SessionOptions['carrier'];
	readonly clock?: () => number;
	readonly dial?: Dial;
};

export async function openSession(
	context: TestContext,
	{
		port,
		account,
		password = 'demo',
		remembered,
		silenceMs = 20_000,
		retryMs = 5,
		waitsForNews = true,
		folder,
		folderOf,
		own,
		keep,
		cacheFolder,
		preferences,
		sessionBytes,
		localMail,
		makeLetter,
		makeDraft,
		carrier,
		clock,
		dial = dialImap,
	}: OpenOptions,
): Promise<Opened> {
	const line = await startBadLink({targetPort: port, bitsPerSecond: 0, roundTripMs: 0});
	let known = remembered;
	const session = createSession({
		account: plainAccount(line.port, account),
		secret: async () => password,
		dial,
		remembered: {
			get: () => known,
			set: server => {
				known = server;
			},
		},
		patience: {silenceMs, retryMs},
		waitsForNews,
		...(folder === undefined ? {} : {folder}),
		...(folderOf === undefined ? {} : {folderOf}),
		own,
		keep,
		...(cacheFolder === undefined ? {} : {cacheFolder}),
		...(preferences === undefined ? {} : {preferences}),
		sessionBytes,
		localMail,
		makeLetter,
		makeDraft,
		carrier,
		...(clock === undefined ? {} : {clock}),
	});
	context.after(async () => {
		await session.close();
		await line.close();
	});
	let before = {up: 0, down: 0, turns: 0};
	return {
		session,
		line,
		spent() {
			const {bytesUp, bytesDown, turns} = line;
			const spent = {up: bytesUp - before.up, down: bytesDown - before.down, turns: turns - before.turns};
			before = {up: bytesUp, down: bytesDown, turns};
			return {...spent, total: spent.up + spent.down};
		},
		remembered: () => known,
	};
}

/** The newest rows of a mailbox, once they are there. */
export async function newest(mailbox: OpenMailbox, count: number): Promise<Message[]> {
	mailbox.ensureNewest(count);
	const all = (): Message[] => {
		const {count: total} = mailbox.state.get();
		if (total === undefined) return [];
		const rows: Message[] = [];
		for (let position = Math.max(1, total - count + 1); position <= total; position++) {
			const row = mailbox.row(position);
			if (row) rows.push(row);
		}
		return rows;
	};
	await until(
		mailbox.state,
		({state, count: total}) => state === 'open' && all().length === Math.min(count, total ?? 0),
	);
	return all();
}
