/**
 * What the contracts share: a server for all tests of one describe, another client at work on it, and connections that end
 * with it.
 */
import assert from 'node:assert/strict';
import {after, before} from 'node:test';
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

/** Why a promise is none of local mail. */
const noneOfLocal = {
	line: 'local mail has no line',
	binary: 'on local mail there is no line on which base64 would cost more',
	changes: 'of local mail nothing is kept besides, so nobody asks what changed since',
	preview: 'local mail has no PREVIEW: the text itself is as near',
};
export const notOn = (kind: Kind, promise: keyof typeof noneOfLocal): {skip: string | false} => ({
	skip: kind === 'local' && noneOfLocal[promise],
});

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
