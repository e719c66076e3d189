/** A call for which there is no line: it has ended, and says why. */
import assert from 'node:assert/strict';
import path from 'node:path';
import {type TestContext, test} from 'node:test';
import {sync} from '../../source/commands/sync.ts';
import {MailboxState, startDemoServer} from '../../source/demo/server.ts';
import type {AccountSession} from '../../source/session/account-session.ts';
import {printedOn} from '../helpers/command.ts';
import {ownFolder} from '../helpers/own-folder.ts';
import {type OpenOptions, openSession} from '../helpers/session.ts';
import {until} from '../helpers/waiting.ts';

async function serverOf(context: TestContext) {
	const server = await startDemoServer({
		isRecording: true,
		mailboxes: () => [{name: 'INBOX', state: new MailboxState(7)}],
	});
	context.after(() => server.close());
	return server;
}

async function open(context: TestContext, options: OpenOptions): Promise<AccountSession> {
	const at = ownFolder(context);
	const {session} = await openSession(context, {
		folder: path.join(at, 'state'),
		cacheFolder: path.join(at, 'cache'),
		account: {model: 'disconnected'},
		...options,
	});
	return session;
}

test('a call whose login is refused has ended, and the next one is planned anew', async context => {
	const server = await serverOf(context);
	const session = await open(context, {port: server.port, password: 'wrong'});
	const logins = (): number =>
		server.transcript.filter(({by, text}) => by === 'client' && /AUTHENTICATE|LOGIN/.test(text)).length;
	for (const attempt of [1, 2]) {
		session.planCall();
		assert.equal(session.call.get()?.state, 'asking');
		const over = await until(session.call, now => now?.state === 'ended');
		assert.match(over?.because ?? '', /refuses the user name or the password/);
		await session.settled();
		assert.equal(logins(), attempt);
	}
});

for (const [what, options] of [
	['a login that is refused', {password: 'wrong'}],
	['a server that is not there', {isClosed: true}],
] as const) {
	for (const isDryRun of [false, true]) {
		test(`bonsai sync --json says that it ended, and why, of ${what}${isDryRun ? ' (dry run)' : ''}`, async context => {
			const server = await serverOf(context);
			if ('isClosed' in options) await server.close();
			const session = await open(context, {port: server.port, ...options, waitsForNews: false});
			const wanted = {isDryRun, mayRemoveMany: false};
			const {stdout, undone} = await printedOn(session, around => sync(around, wanted), {isJson: true});
			const {state, because, lines, upBytes} = JSON.parse(stdout);
			assert.deepEqual({state, because, lines}, {state: 'ended', because: undone, lines: []});
			assert.equal(upBytes > 0, 'password' in options);
		});
	}
}
