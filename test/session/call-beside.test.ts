/** A call of one Bonsai beside another that has the account open and sends: it ends, and asks for nothing over and over. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {MailboxState, startDemoServer} from '../../source/demo/server.ts';
import {inbox, mailboxPath} from '../../source/model/ids.ts';
import {noWish} from '../../source/model/wish.ts';
import {call, openDisconnected} from '../helpers/disconnected.ts';
import {ownFolder} from '../helpers/own-folder.ts';

test('what is to be put into two mailboxes waits for the other Bonsai, and the call is over without it', async context => {
	const at = ownFolder(context);
	const server = await startDemoServer({
		mailboxes: () => ['INBOX', 'Work', 'Alt'].map((name, index) => ({name, state: new MailboxState(7 + index)})),
		isRecording: true,
	});
	context.after(() => server.close());
	for (const each of ['m1', 'm2', 'm3'])
		server.append('INBOX', `Subject: ${each}\r\nMessage-ID: <${each}@x>\r\n\r\nText.\r\n`);
	const wishes = {otherwise: {...noWish, summaries: 'all'}, mailboxes: {}} as const;
	const {session: sender} = await openDisconnected(context, {port: server.port, at, wishes});
	await call(sender);
	sender.hangUp();
	const {session} = await openDisconnected(context, {port: server.port, at, wishes});
	assert.ok(!session.isDraining());
	for (const [uid, to] of [
		[1, 'Work'],
		[2, 'Alt'],
	] as const)
		session.decideByUid(inbox, 7, [uid], {kind: 'move', to: {path: mailboxPath(to)}});
	const before = server.transcript.length;
	await call(session);
	assert.ok(session.usage.get().turns <= 8, `${session.usage.get().turns} turns`);
	assert.ok(server.transcript.length - before < 80);
	assert.deepEqual(
		session.operations.get().map(({state}) => state),
		['waiting', 'waiting'],
	);
});
