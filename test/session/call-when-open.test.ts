/**
 * A call while a mailbox is open on the line: of that one a server may say in `LIST … STATUS` what it has said before
 * (Dovecot 2.3 does), so that what has come to it would be left out.
 */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {MailboxState, startDemoServer} from '../../source/demo/server.ts';
import {inbox} from '../../source/model/ids.ts';
import {openSession} from '../helpers/session.ts';
import {until} from '../helpers/waiting.ts';

test('before a call is planned the server says what is new in the mailbox that is open', async context => {
	const server = await startDemoServer({
		mailboxes: () => [{name: 'INBOX', state: new MailboxState(7)}],
		isRecording: true,
	});
	context.after(() => server.close());
	server.append('INBOX', 'Subject: m1\r\n\r\nText.\r\n');
	const {session} = await openSession(context, {port: server.port, waitsForNews: false});
	session.mailbox(inbox).ensureNewest(10);
	await until(session.mailbox(inbox).state, ({state}) => state === 'open');
	await session.settled();
	const before = server.transcript.length;
	session.planCall();
	await until(session.call, now => now?.state !== 'asking');
	const said = server.transcript.slice(before).filter(({by}) => by === 'client');
	const commands = said.map(({text}) => text.split(' ')[1]?.trim());
	assert.deepEqual(commands.slice(0, 2), ['NOOP', 'LIST']);
});
