/**
 * The log in the disconnected model: what a call finds of others' doings, and what the disk spares it.
 */
import assert from 'node:assert/strict';
import {type TestContext, test} from 'node:test';
import {MailboxState, startDemoServer} from '../../source/demo/server.ts';
import {inbox, type MailboxPath, mailboxPath} from '../../source/model/ids.ts';
import {noWish, type Wish} from '../../source/model/wish.ts';
import {call, openDisconnected} from '../helpers/disconnected.ts';
import {otherClient} from '../helpers/other-client.ts';
import {ownFolder} from '../helpers/own-folder.ts';
import {newest} from '../helpers/session.ts';
import {until} from '../helpers/waiting.ts';

const letter = (subject: string): string =>
	`From: Ada <ada@example.org>\r\nMessage-ID: <${subject}@example.org>\r\nDate: Fri, 20 Nov 2026 10:00:00 +0000\r\nSubject: ${subject}\r\n\r\nText.\r\n`;
const lists = mailboxPath('Lists');
const all = {...noWish, summaries: 'all'} as const;

async function synced(context: TestContext, wish: Wish = all) {
	const server = await startDemoServer({
		mailboxes: () => [
			{name: 'INBOX', state: new MailboxState(7)},
			{name: 'Lists', state: new MailboxState(9)},
		],
		isRecording: true,
	});
	context.after(() => server.close());
	for (let n = 1; n <= 5; n++) server.append('INBOX', letter(`m${n}`));
	const at = ownFolder(context);
	const wishes = {otherwise: noWish, mailboxes: {INBOX: wish, Lists: wish}};
	const {session} = await openDisconnected(context, {port: server.port, at, wishes});
	await call(session);
	session.hangUp();
	const rows = await newest(session.mailbox(inbox), 5);
	return {server, session, at, id: (subject: string) => rows.find(row => row.subject === subject)!.id};
}

test('what was decided about a message that another client moved is done where it turns up', async context => {
	const {server, session, id} = await synced(context);
	session.mailbox(inbox).decide([id('m2')], {kind: 'flag', flag: '\\Flagged', isSet: true});
	session.mailbox(inbox).decide([id('m3')], {kind: 'flag', flag: '\\Flagged', isSet: true});
	const other = await otherClient(server.port, 'demo', 'demo');
	await other.command('SELECT INBOX');
	await other.command('UID MOVE 2 Lists');
	other.close();
	await call(session);
	// What turned up at the end of a call is sent by the next, if not by this one.
	if (session.operations.get().some(({state}) => state === 'waiting')) await call(session);
	assert.deepEqual(
		session.operations.get().map(({state}) => state),
		['done', 'done'],
	);
	assert.deepEqual([...server.mailbox('Lists')!.flags(1)], ['\\Flagged']);
	assert.deepEqual([...server.mailbox('INBOX')!.flags(3)], ['\\Flagged']);
});

test('what was decided in a mailbox that was renumbered does not fall upon a copy elsewhere', async context => {
	// With their texts, so that they are remembered when they go.
	const {server, session, id, at} = await synced(context, {...all, textBytes: 1000});
	session.mailbox(inbox).decide([id('m2')], {kind: 'remove'});
	const [removal] = session.operations.get();
	session.hold(removal!.id, true);
	await session.close();
	const other = await otherClient(server.port, 'demo', 'demo');
	await other.command('SELECT INBOX');
	await other.command('UID COPY 2 Lists');
	other.close();
	server.setUidValidity('INBOX', 70);
	// Of the mailbox itself no more is read than its newest.
	const wishes = {otherwise: noWish, mailboxes: {INBOX: {...noWish, summaries: {last: 1}}, Lists: all}};
	const {session: again} = await openDisconnected(context, {port: server.port, at, wishes});
	await call(again);
	again.hold(removal!.id, false);
	await call(again);
	assert.match(again.operations.get()[0]!.refusal, /renumbered INBOX/);
	assert.deepEqual([server.mailbox('INBOX')!.uids.count, server.mailbox('Lists')!.uids.count], [5, 1]);
});

test('where the disk knows the Message-ID, nobody is asked for it before what is moved on leaves', async context => {
	const {server, session, id} = await synced(context);
	const before = server.transcript.length;
	session.mailbox(inbox).decide([id('m2')], {kind: 'move', to: {path: lists}});
	session.decideByUid(inbox, 7, [2], {kind: 'flag', flag: '\\Flagged', isSet: true});
	await call(session);
	assert.deepEqual([...server.mailbox('Lists')!.flags(1)], ['\\Flagged']);
	const said = server.transcript.slice(before).filter(({by}) => by === 'client');
	const moved = said.findIndex(({text}) => / UID MOVE /.test(text));
	assert.ok(moved > 0);
	assert.ok(!said.slice(0, moved).some(({text}) => /MESSAGE-ID/.test(text)));
});

test('a flag that is confirmed late, of the last of several messages, leaves the first as was decided of it since', async context => {
	const {server, session, id} = await synced(context);
	server.faults.add({kind: 'refuse', command: /^UID STORE 1 /, answer: 'NO', text: 'Not today', times: 1});
	const third = id('m3');
	session.mailbox(inbox).decide([id('m2')], {kind: 'move', to: {path: lists}});
	const both = session.decideByUid(inbox, 7, [2, 3], {kind: 'flag', flag: '\\Flagged', isSet: true});
	await call(session);
	session.mailbox(inbox).decide([third], {kind: 'flag', flag: '\\Flagged', isSet: false});
	await call(session);
	// In the next one it is seen, and is from then on as it was seen.
	await call(session);
	session.retry(both!);
	await call(session);
	session.hangUp();
	assert.deepEqual([...server.mailbox('Lists')!.flags(1)], ['\\Flagged']);
	assert.deepEqual([...server.mailbox('INBOX')!.flags(3)], []);
	const shown = (await newest(session.mailbox(inbox), 4)).find(row => row.id === third);
	assert.deepEqual([...shown!.flags], []);
});

test('the plan of a call counts what leaves, and not what is held back', async context => {
	const {session, id} = await synced(context);
	for (const subject of ['m1', 'm2', 'm3'])
		session.mailbox(inbox).decide([id(subject)], {kind: 'flag', flag: '\\Flagged', isSet: true});
	const [first, second, third] = session.operations.get().map(each => each.id);
	session.hold(first!, true);
	const {planned} = await call(session);
	assert.equal(planned?.lines[0]?.sentence, 'Send 2 decisions (2 messages)');
	assert.deepEqual(
		session.operations.get().map(({id: each, state}) => [each, state]),
		[
			[first, 'waiting'],
			[second, 'done'],
			[third, 'done'],
		],
	);
});

test('what is to be moved to where it is is refused when it is decided, and not by the next call', async context => {
	const {session, id} = await synced(context);
	assert.equal(session.decideByUid(inbox, 7, [2], {kind: 'move', to: {path: inbox}}), undefined);
	assert.equal(session.notice.get()?.text, 'It is in INBOX already');
	session.mailbox(inbox).decide([id('m2')], {kind: 'move', to: {path: lists}});
	assert.ok(session.decideByUid(inbox, 7, [2], {kind: 'move', to: {path: inbox}}), 'moved away it can be moved back');
});

/** A session that holds what is in INBOX and Lists, or not that, and nothing of Archive; and another client. */
async function unseen(
	context: TestContext,
	{disabledCapabilities = [], holdsLists = true}: {disabledCapabilities?: readonly string[]; holdsLists?: boolean} = {},
) {
	const server = await startDemoServer({
		mailboxes: () => ['INBOX', 'Archive', 'Lists'].map((name, at) => ({name, state: new MailboxState(7 + at)})),
	});
	context.after(() => server.close());
	for (let n = 1; n <= 3; n++) server.append('INBOX', letter(`m${n}`));
	const wishes = {otherwise: noWish, mailboxes: {INBOX: all, ...(holdsLists ? {Lists: all} : {})}};
	const at = ownFolder(context);
	const {session} = await openDisconnected(context, {port: server.port, at, wishes, disabledCapabilities});
	await call(session);
	const other = await otherClient(server.port, 'demo', 'demo');
	context.after(() => other.close());
	const look = async (mailbox: MailboxPath): Promise<void> => {
		session.dial();
		session.mailbox(mailbox).ensureNewest(5);
		await until(session.mailbox(mailbox).state, ({state}) => state === 'open');
		await session.settled();
	};
	const removesSecond = async (): Promise<void> => {
		await other.command('SELECT INBOX');
		await other.command('UID STORE 2 +FLAGS.SILENT (\\Deleted)');
		await other.command('UID EXPUNGE 2');
	};
	const states = () => session.operations.get().map(({state}) => state);
	const counts = () => ['INBOX', 'Archive', 'Lists'].map(name => server.mailbox(name)!.uids.count);
	return {server, session, other, removesSecond, look, states, counts};
}

test('a copy is not its original: what was decided of that, which another client has removed, is not done to it', async context => {
	for (const disabledCapabilities of [[], ['UIDPLUS']]) {
		const {session, removesSecond, states, counts} = await unseen(context, {disabledCapabilities});
		session.dial();
		session.decideByUid(inbox, 7, [2], {kind: 'copy', to: {path: lists}});
		await until(session.operations, now => now.every(({state}) => state === 'done'));
		session.hangUp();
		session.decideByUid(inbox, 7, [2], {kind: 'move', to: {path: mailboxPath('Archive')}});
		await removesSecond();
		await call(session);
		assert.deepEqual(states(), ['done', 'refused']);
		assert.deepEqual(counts(), [2, 0, 1]);
	}
});

test('a copy that lay there before is not its original: only what has come since may be what went', async context => {
	const {server, session, removesSecond, look, states, counts} = await unseen(context, {holdsLists: false});
	server.append('Lists', letter('m2'));
	session.hangUp();
	session.decideByUid(inbox, 7, [2], {kind: 'move', to: {path: mailboxPath('Archive')}});
	await removesSecond();
	await call(session);
	// It is opened for the first time.
	await look(lists);
	assert.deepEqual(states(), ['refused']);
	assert.deepEqual(counts(), [2, 0, 1]);
});

test('half of a move is looked up again where its message turns up: it may be the copy, which another client has moved on', async context => {
	const {server, session, other, counts} = await unseen(context, {disabledCapabilities: ['MOVE', 'UIDPLUS']});
	const half = session.decideByUid(inbox, 7, [2], {kind: 'move', to: {path: mailboxPath('Archive')}});
	await call(session);
	session.hangUp();
	await other.command('SELECT INBOX');
	await other.command('UID EXPUNGE 2');
	await other.command('SELECT Archive');
	await other.command('UID MOVE 1 Lists');
	await call(session);
	session.dial();
	session.retry(half!);
	await session.settled();
	assert.deepEqual(counts(), [2, 1, 1]);
	assert.deepEqual([...server.mailbox('Archive')!.flags(1)], []);
});
