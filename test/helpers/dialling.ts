/**
 * One connection for a test, with everything about it as plain as can be unless the test says otherwise.
 */

import type {TestContext} from 'node:test';
import type {Account} from '../../source/model/account.ts';
import {inbox} from '../../source/model/ids.ts';
import {dialImap} from '../../source/remote/imap.ts';
import type {Dialled, Dialling} from '../../source/remote/remote.ts';
import {plainAccount} from './plain-account.ts';

export type DialOptions = Partial<Omit<Dialling, 'account' | 'events'>> & {
	readonly port: number;
	readonly account?: Partial<Account>;
	readonly events?: Partial<Dialling['events']>;
	readonly password?: string;
};

/** All that dialling needs, for a test that keeps the connection itself. */
export function plainDialling({port, account, events, password = 'demo', ...rest}: DialOptions): Dialling {
	return {
		account: plainAccount(port, account),
		secret: async () => password,
		remembered: undefined,
		mailbox: inbox,
		wants: 'nothing',
		onTraffic: () => {},
		patienceMs: 20_000,
		events: {
			onCount: () => {},
			onExpunge: () => {},
			onVanished: () => {},
			onHighestModseq: () => {},
			onFlags: () => {},
			onAlert: () => {},
			onClosed: () => {},
			...events,
		},
		...rest,
	};
}

/** A connection that ends with the test. */
export async function dialTest(context: TestContext, options: DialOptions): Promise<Dialled> {
	const dialled = await dialImap(plainDialling(options), new AbortController().signal);
	context.after(() => dialled.remote.cut());
	return dialled;
}
