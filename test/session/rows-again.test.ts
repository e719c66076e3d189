/**
 * What is asked again of the rows that are looked at when the line is back: their flags, of those that stand where they did.
 */
import assert from 'node:assert/strict';
import {type TestContext, test} from 'node:test';
import {MailboxState, startDemoServer} from '../../source/demo/server.ts';
import {inbox} from '../../source/model/ids.ts';
import {openSession} from '../helpers/session.ts';
import {until} from '../helpers/waiting.ts';

async function serve(context: TestContext, subjects: readonly string[]) {
	const server = await startDemoServer({
		mailboxes: () => [{name: 'INBOX', state: new MailboxState(7)}],
		isRecording: true,
	});
	context.after(() => server.close());
	for (const subject of subjects) server.append('INBOX', `Subject: ${subject}\r\n\r\nText.\r\n`);
	const {session} = await openSession(context, {port: server.port, waitsForNews: false});
	const view = session.mailbox(inbox);
	view.ensureNewest(1);
	await until(view.state, ({state}) => state === 'open');
	await session.settled();
	return {server, session, view};
}

test('flags that changed while the line was down are shown, of rows that were known beside others that were not', async context => {
	const {server, session, view} = await serve(context, ['m1', 'm2', 'm3']);
	assert.deepEqual([view.row(2), view.row(3)?.flags.has('\\Seen')], [undefined, false]);
	session.hangUp();
	await until(session.link, ({state}) => state === 'hung-up');
	server.setFlags('INBOX', 3, ['\\Seen']);
	view.ensureNewest(3);
	session.dial();
	await until(session.link, ({state}) => state === 'up');
	await session.settled();
	assert.deepEqual([view.row(2)?.subject, view.row(3)?.flags.has('\\Seen')], ['m2', true]);
});

test('of an empty mailbox nothing is asked when the line is back', async context => {
	const {server, session} = await serve(context, []);
	server.cut();
	await until(session.link, ({state}) => state !== 'up');
	await until(session.link, ({state}) => state === 'up');
	await session.settled();
	const asked = server.transcript.filter(({by, text}) => by === 'client' && text.includes('FETCH'));
	assert.deepEqual(asked, []);
});
