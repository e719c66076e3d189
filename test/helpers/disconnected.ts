/** A session of the disconnected model, and one call of it. */
import assert from 'node:assert/strict';
import path from 'node:path';
import type {TestContext} from 'node:test';
import type {Account} from '../../source/model/account.ts';
import type {Wishes} from '../../source/model/wish.ts';
import type {AccountSession} from '../../source/session/account-session.ts';
import {type Opened, openSession} from './session.ts';
import {until} from './waiting.ts';

/** With its log and its cache below `at`, so that the next one opened there goes on from it. */
export const openDisconnected = (
	context: TestContext,
	{port, at, wishes, ...account}: {port: number; at: string; wishes: Wishes} & Partial<Account>,
): Promise<Opened> =>
	openSession(context, {
		port,
		folder: path.join(at, 'state'),
		cacheFolder: path.join(at, 'cache'),
		account: {model: 'disconnected', wishes, ...account},
	});

/** One whole call; returns its plan, and what it came to. */
export async function call(session: AccountSession) {
	session.planCall();
	const planned = await until(session.call, now => now !== undefined && now.state !== 'asking');
	assert.equal(planned?.state, 'planned');
	session.goCall();
	const over = await until(session.call, now => now?.state === 'done' || now?.state === 'ended');
	await session.settled();
	return {planned, over};
}
