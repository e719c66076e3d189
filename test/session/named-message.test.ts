/** A message named by mailbox and UID, as commands name it. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {startDemoServer} from '../../source/demo/server.ts';
import {inbox, mailboxPath} from '../../source/model/ids.ts';
import {commandsTo, inboxOf, letter} from '../helpers/bonsai-on.ts';
import {newest, openSession} from '../helpers/session.ts';
import {until} from '../helpers/waiting.ts';

test('a named message comes in one turn after the login, with no other row', async t => {
	const server = await startDemoServer({isRecording: true});
	t.after(() => server.close());
	const {session, spent} = await openSession(t, {port: server.port, waitsForNews: false});
	const named = await until(session.ensureNamed(inbox, 30, {withText: true}), ({state}) => state !== 'asking');
	assert.ok(named.state === 'known');
	const message = session.message(named.id);
	assert.equal(message.summary.get()?.uid, 30);
	assert.notEqual(message.content.get().structure, undefined);
	assert.ok(message.content.get().text.heldBytes > 0);
	assert.equal(spent().turns, 3);
	const fetches = commandsTo(server).filter(line => /FETCH/.test(line));
	assert.equal(fetches.length, 1);
	assert.match(fetches[0] ?? '', /^UID FETCH 30 \(UID FLAGS/);
	assert.ok(!commandsTo(server).some(line => /^IDLE/.test(line)));
});

test('a UID that is not there is gone', async t => {
	const server = await startDemoServer({mailboxes: inboxOf(letter({}))});
	t.after(() => server.close());
	const {session} = await openSession(t, {port: server.port});
	const named = await until(session.ensureNamed(inbox, 99), ({state}) => state !== 'asking');
	assert.equal(named.state, 'gone');
});

test('of another UIDVALIDITY nothing is asked', async t => {
	const server = await startDemoServer({mailboxes: inboxOf(letter({})), isRecording: true});
	t.after(() => server.close());
	const {session} = await openSession(t, {port: server.port});
	const named = await until(session.ensureNamed(inbox, 1, {uidValidity: 1}), ({state}) => state !== 'asking');
	assert.equal(named.state, 'renumbered');
	assert.ok(!commandsTo(server).some(line => /FETCH/.test(line)));
	const right = await until(session.ensureNamed(inbox, 1, {uidValidity: 1733}), ({state}) => state !== 'asking');
	assert.equal(right.state, 'known');
});

test('a mailbox that is not there fails in the server’s words', async t => {
	const server = await startDemoServer();
	t.after(() => server.close());
	const {session} = await openSession(t, {port: server.port});
	const named = await until(session.ensureNamed(mailboxPath('Nowhere'), 1), ({state}) => state !== 'asking');
	assert.ok(named.state === 'failed');
	assert.match(named.because, /Nowhere|exist/i);
});

test('a line that is cut while it comes is dialled again, and the message comes', async t => {
	const server = await startDemoServer({mailboxes: inboxOf(letter({}))});
	t.after(() => server.close());
	server.faults.add({kind: 'cut-after', command: /^UID FETCH/, times: 1});
	const {session} = await openSession(t, {port: server.port});
	const named = await until(session.ensureNamed(inbox, 1), ({state}) => state !== 'asking');
	assert.equal(named.state, 'known');
	await session.settled();
	assert.equal((await newest(session.mailbox(inbox), 1))[0]?.subject, 'Soup');
});
