/**
 * A home with an account in the disconnected model, as calls have left it: what they brought is on the disk, and what was
 * decided since waits in the log.
 */
import {join} from 'node:path';
import type {TestContext} from 'node:test';
import type {DemoServer} from '../../source/demo/server.ts';
import type {Account} from '../../source/model/account.ts';
import {noWish} from '../../source/model/wish.ts';
import type {AccountSession} from '../../source/session/account-session.ts';
import {keepAccount} from './bonsai-on.ts';
import {type Home, ownHome} from './screen.ts';
import {openSession} from './session.ts';
import {until} from './waiting.ts';

export async function storedHome(
	t: TestContext,
	server: DemoServer,
	{
		account = {},
		without,
	}: {
		readonly account?: Partial<Account>;
		/** Done after the call, with the line down. */
		readonly without?: (session: AccountSession) => void | Promise<void>;
	} = {},
): Promise<Home> {
	const home = ownHome();
	const words = {
		user: 'demo',
		model: 'disconnected',
		wishes: {otherwise: {...noWish, summaries: 'all', textBytes: 4096}, mailboxes: {}},
		...account,
	} as const;
	const at = home.environment.BONSAI_HOME ?? '';
	const {session} = await openSession(t, {
		port: server.port,
		account: words,
		folder: join(at, 'accounts', 'work'),
		cacheFolder: join(at, 'cache', 'accounts', 'work'),
	});
	session.planCall();
	await until(session.call, now => now?.state === 'planned');
	session.goCall();
	await until(session.call, now => now?.state === 'done');
	await session.settled();
	await without?.(session);
	await session.close();
	keepAccount(home, {port: server.port, ...words});
	return home;
}
