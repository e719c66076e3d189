/**
 * What the contracts share: a server for all tests of one describe, another client at work on it, and connections that end
 * with it.
 */
import assert from 'node:assert/strict';
import {after, before, type TestContext, test} from 'node:test';
import type {MailboxPath} from '../../source/model/ids.ts';
import {dialImap} from '../../source/remote/imap.ts';
import type {Dial, Remote, Selected} from '../../source/remote/remote.ts';
import {type DialOptions, plainDialling} from '../helpers/dialling.ts';
import {type OtherClient, otherClient} from '../helpers/other-client.ts';

export type ContractServer = {
	readonly port: number;
	readonly password: string;
	readonly stop: () => Promise<void>;
	/** Of a Remote over something else than a line to that port. */
	readonly dial?: Dial;
};

/** `local`: no line, a folder at which the other client is at work too. */
export type Kind = 'server' | 'local';

/** What local mail does not promise: it has no line, on which turns and base64 cost; nothing of it is kept besides, so nobody asks what changed since; and instead of a preview the text is as near. */
export function notOfLocal(kind: Kind, title: string, check: (context: TestContext) => Promise<void>): void {
	if (kind !== 'local') test(title, check);
}

/** Where there is no line there are no turns. */
export const assertTurns = (kind: Kind, {usage}: Remote, turns: number): void =>
	assert.equal(usage.turns, kind === 'local' ? 0 : turns);

const user = 'contract';

/** To be called within a describe. */
export function contractFixture(start: () => Promise<ContractServer>) {
	let server: ContractServer;
	let other: OtherClient;
	const remotes: Remote[] = [];
	before(async () => {
		server = await start();
		other = await otherClient(server.port, user, server.password);
	});
	after(async () => {
		for (const remote of remotes) remote.cut();
		other.close();
		await server.stop();
	});
	return {
		get other(): OtherClient {
			return other;
		},

		/** Of a line that wants what changed, unless told otherwise. */
		async dial({account, ...change}: Partial<DialOptions>): Promise<{remote: Remote; opened: Selected}> {
			const dialling = plainDialling({
				port: server.port,
				password: server.password,
				wants: 'changes',
				...change,
				account: {user, ...account},
			});
			const {remote, selected} = await (server.dial ?? dialImap)(dialling, new AbortController().signal);
			remotes.push(remote);
			return {remote, opened: selected as Selected};
		},

		/** The other client opens a mailbox, does something and leaves. */
		async visit(path: MailboxPath, ...commands: readonly string[]): Promise<void> {
			await other.command(`SELECT "${path}"`);
			for (const command of commands) await other.command(command);
			await other.command('UNSELECT');
		},
	};
}

/** As the user has set it, without what belongs to the session. */
export const ownFlags = (flags: readonly string[]): string[] => flags.filter(flag => flag !== '\\Recent').sort();
