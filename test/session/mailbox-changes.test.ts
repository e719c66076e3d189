/**
 * Mailboxes that are created, renamed and deleted: decided with or without a line, in the list at once, in order with what
 * is decided about their messages, and done once whatever answer is lost. On the demo server and on Dovecot.
 */
import assert from 'node:assert/strict';
import {type TestContext, test} from 'node:test';
import {type DemoServer, MailboxState, startDemoServer} from '../../source/demo/server.ts';
import {inbox, mailboxPath} from '../../source/model/ids.ts';
import type {MailboxChange, Operation} from '../../source/model/operation.ts';
import type {AccountSession} from '../../source/session/account-session.ts';
import {startDovecot, withoutDovecot} from '../helpers/dovecot.ts';
import {otherClient} from '../helpers/other-client.ts';
import {newest, openSession} from '../helpers/session.ts';
import {until} from '../helpers/waiting.ts';

const letter = (subject: string): string =>
	`From: Ada <ada@example.org>\r\nMessage-ID: <${subject}@example.org>\r\nDate: Fri, 20 Nov 2026 10:00:00 +0000\r\nSubject: ${subject}\r\n\r\nText.\r\n`;
const create = (name: string): MailboxChange => ({kind: 'create', mailbox: mailboxPath(name)});
const rename = (from: string, to: string): MailboxChange => ({
	kind: 'rename',
	mailbox: mailboxPath(from),
	to: mailboxPath(to),
});
const remove = (name: string): MailboxChange => ({kind: 'delete', mailbox: mailboxPath(name)});
const move = (to: string) => ({kind: 'move', to: {path: mailboxPath(to)}}) as const;

async function serve(context: TestContext): Promise<DemoServer> {
	const server = await startDemoServer({
		mailboxes: () => [
			{name: 'INBOX', state: new MailboxState(7)},
			{name: 'Trash', state: new MailboxState(8), specialUse: '\\Trash'},
			{name: 'Lists', state: new MailboxState(9)},
			{name: 'Lists/old', state: new MailboxState(10)},
		],
		isRecording: true,
	});
	context.after(() => server.close());
	for (const each of ['m1', 'm2']) server.append('INBOX', letter(each));
	server.append('Lists', letter('l1'));
	return server;
}

const sent = (server: DemoServer): string[] =>
	server.transcript
		.filter(({by}) => by === 'client')
		.map(({text}) => text.replace(/^\S+ /, ''))
		.filter(text => /^(CREATE|RENAME|DELETE|UID )/.test(text));
const listed = (session: AccountSession): string[] => session.mailboxes.get().mailboxes.map(({path}) => path);
const areOver = (all: readonly Operation[]): boolean => all.every(({state}) => state !== 'waiting');
const states = (session: AccountSession): string[] => session.operations.get().map(({state}) => state);

async function open(context: TestContext, port: number, user?: string, password?: string) {
	const {session} = await openSession(context, {
		port,
		waitsForNews: false,
		...(user ? {account: {user}} : {}),
		...(password ? {password} : {}),
	});
	session.ensureMailboxes();
	await until(session.mailboxes, ({state}) => state === 'known');
	await session.settled();
	return session;
}

test('what is decided with the line down is in the list at once, and on the server when it is back', async context => {
	const server = await serve(context);
	const session = await open(context, server.port);
	session.hangUp();
	session.decideAboutMailbox(create('New'));
	session.decideAboutMailbox(rename('Lists', 'Letters'));
	session.decideAboutMailbox(remove('Letters/old'));
	const wanted = ['INBOX', 'Trash', 'Letters', 'New'];
	assert.deepEqual(listed(session), wanted);
	const isCalled = (): string => ['Lists', 'Letters', 'Trash'].map(name => session.nowCalled(mailboxPath(name))).join();
	assert.equal(isCalled(), 'Letters,Letters,Trash');
	assert.match(session.notice.get()!.text, /Letters\/old deleted, when there is a line/);
	assert.equal(session.notice.get()!.advice, 'undo');
	session.dial();
	await until(session.operations, areOver);
	assert.deepEqual(states(session), ['done', 'done', 'done']);
	assert.equal(isCalled(), 'Letters,Letters,Trash');
	assert.deepEqual(listed(session), wanted);
	session.ensureMailboxes({isFresh: true});
	await session.settled();
	assert.deepEqual(listed(session), wanted);
});

test('messages go into a mailbox that is created first, and follow one that is renamed', async context => {
	const server = await serve(context);
	const session = await open(context, server.port);
	session.hangUp();
	session.decideAboutMailbox(create('New'));
	session.decideByUid(inbox, 7, [1], move('New'));
	session.decideByUid(mailboxPath('Lists'), 9, [1], {kind: 'flag', flag: '\\Flagged', isSet: true});
	session.decideAboutMailbox(rename('Lists', 'Letters'));
	session.decideByUid(mailboxPath('Lists'), 9, [1], {kind: 'flag', flag: '\\Seen', isSet: true});
	session.decideByUid(inbox, 7, [2], move('Letters'));
	session.dial();
	await until(session.operations, areOver);
	assert.deepEqual(states(session), ['done', 'done', 'done', 'done', 'done', 'done']);
	assert.equal(server.mailbox('New')!.uids.count, 1);
	assert.equal(server.mailbox('Letters')!.uids.count, 2);
	assert.deepEqual([...server.mailbox('Letters')!.flags(1)].sort(), ['\\Flagged', '\\Seen']);
});

test('a name means one mailbox as long as decisions wait: it is not given again before', async context => {
	const server = await serve(context);
	const session = await open(context, server.port);
	session.hangUp();
	session.decideAboutMailbox(rename('Lists', 'Letters'));
	for (const change of [create('Lists'), create('Lists/new'), rename('Trash', 'Lists')]) {
		session.decideAboutMailbox(change);
		assert.match(session.notice.get()!.text, /^Lists\S* is still another mailbox: send first/);
	}
	session.decideAboutMailbox(remove('Trash'));
	session.decideAboutMailbox(create('Trash'));
	assert.match(session.notice.get()!.text, /^Trash is still another mailbox/);
	assert.equal(session.operations.get().length, 2);
	session.dial();
	await until(session.operations, areOver);
	session.decideAboutMailbox(create('Lists'));
	await until(session.operations, areOver);
	assert.deepEqual(states(session), ['done', 'done', 'done']);
});

test('what was decided in a mailbox is sent, though one of its name is to be made behind it', async context => {
	const server = await serve(context);
	const session = await open(context, server.port);
	session.hangUp();
	session.decideByUid(mailboxPath('Lists'), 9, [1], {kind: 'flag', flag: '\\Flagged', isSet: true});
	// A name that is taken: what is to be made of it waits for what the server says to that.
	session.decideAboutMailbox(rename('Trash', 'Lists'));
	session.decideAboutMailbox(create('Lists'));
	session.dial();
	await until(session.operations, ([flag, renaming]) => flag?.state !== 'waiting' && renaming?.state !== 'waiting');
	assert.deepEqual([...server.mailbox('Lists')!.flags(1)], ['\\Flagged']);
	assert.deepEqual(states(session).slice(0, 2), ['done', 'refused']);
});

test('out of a mailbox that is to be deleted nothing can be rescued before that is taken back', async context => {
	const server = await serve(context);
	const session = await open(context, server.port);
	const view = session.mailbox(mailboxPath('Lists'));
	view.ensureNewest(10);
	await session.settled();
	session.hangUp();
	session.decideAboutMailbox(rename('Lists', 'Letters'));
	session.decideAboutMailbox(remove('Letters'));
	assert.equal(view.decide([view.row(1)!.id], move('INBOX')), false);
	assert.match(session.notice.get()!.text, /is to be deleted: take that back first/);
	assert.equal(session.decideByUid(mailboxPath('Lists'), 9, [1], move('INBOX')), undefined);
	session.undo();
	assert.equal(view.decide([view.row(1)!.id], move('INBOX')), true);
	session.dial();
	await until(session.operations, areOver);
	assert.deepEqual(states(session), ['done', 'done']);
	assert.equal(server.mailbox('INBOX')!.uids.count, 3);
});

test('what is moved to a mailbox by its new name is shown in it', async context => {
	const server = await serve(context);
	const session = await open(context, server.port);
	for (const path of [inbox, mailboxPath('Lists')]) {
		session.mailbox(path).ensureNewest(10);
		await session.settled();
	}
	session.hangUp();
	session.decideAboutMailbox(rename('Lists', 'Letters'));
	session.decideByUid(inbox, 7, [1], move('Letters'));
	const view = session.mailbox(mailboxPath('Letters'));
	assert.equal(view.state.get().count, 2);
	assert.equal(view.row(2)?.subject, 'm1');
});

test('what somebody else made meanwhile is shown as soon as it is not to be made any more', async context => {
	const server = await serve(context);
	const session = await open(context, server.port);
	session.hangUp();
	session.decideAboutMailbox(create('New'));
	const [{id}] = session.operations.get() as [Operation];
	session.hold(id, true);
	server.mailboxes.create('New');
	server.append('New', letter('n1'));
	session.dial();
	await until(session.link, ({state}) => state === 'up');
	const view = session.mailbox(mailboxPath('New'));
	view.ensureNewest(10);
	await session.settled();
	assert.equal(view.state.get().count, 0);
	session.discard(id);
	await until(view.state, ({count}) => count === 1);
	await session.settled();
	assert.equal(view.row(1)?.subject, 'n1');
});

for (const kind of ['cut-before', 'cut-after'] as const)
	for (const [verb, change, isThere] of [
		['CREATE', create('New'), (server: DemoServer) => server.mailbox('New') !== undefined],
		['RENAME', rename('Lists', 'Letters'), (server: DemoServer) => server.mailbox('Letters')?.uids.count === 1],
		['DELETE', remove('Lists/old'), (server: DemoServer) => server.mailbox('Lists/old') === undefined],
	] as const)
		test(`the line is cut ${kind === 'cut-before' ? 'before' : 'after'} ${verb}: it is done once, and looked up, not guessed`, async context => {
			const server = await serve(context);
			const session = await open(context, server.port);
			server.faults.add({kind, command: new RegExp(`^${verb}`), times: 1});
			session.decideAboutMailbox(change);
			await until(session.operations, areOver);
			assert.deepEqual(states(session), ['done']);
			assert.ok(isThere(server));
			assert.equal(sent(server).length, kind === 'cut-before' ? 2 : 1);
		});

test('what is so already is done: created, renamed or deleted by another client', async context => {
	const server = await serve(context);
	const session = await open(context, server.port);
	session.hangUp();
	session.decideAboutMailbox(create('New'));
	session.decideAboutMailbox(rename('Lists', 'Letters'));
	session.decideAboutMailbox(remove('Trash'));
	const other = await otherClient(server.port, 'demo', 'demo');
	for (const command of ['CREATE New', 'RENAME Lists Letters', 'DELETE Trash']) await other.command(command);
	other.close();
	session.dial();
	await until(session.operations, areOver);
	assert.deepEqual(states(session), ['done', 'done', 'done']);
});

test('what the server refuses is refused in its words, and the list is as it was', async context => {
	const server = await serve(context);
	server.faults.add({kind: 'refuse', command: /^(CREATE|DELETE)/, answer: 'NO', text: '[NOPERM] Not here'});
	const session = await open(context, server.port);
	session.decideAboutMailbox(create('New'));
	session.decideAboutMailbox(remove('Lists/old'));
	assert.match(session.notice.get()!.text, /Lists\/old deleted$/);
	assert.equal(session.notice.get()!.advice, undefined, 'it is on its way, for good');
	await until(session.operations, areOver);
	assert.deepEqual(states(session), ['refused', 'refused']);
	assert.match(session.operations.get()[0]!.refusal, /Not here/);
	assert.deepEqual(listed(session), ['INBOX', 'Trash', 'Lists', 'Lists/old']);
});

test('undo strikes what was not sent, renames back what was, and says why it cannot bring back', async context => {
	const server = await serve(context);
	const session = await open(context, server.port);
	session.decideAboutMailbox(rename('Lists', 'Letters'));
	await until(session.operations, areOver);
	session.undo();
	await until(session.operations, areOver);
	assert.equal(server.mailbox('Lists')?.uids.count, 1);
	session.decideAboutMailbox(remove('Lists/old'));
	await until(session.operations, areOver);
	session.undo();
	assert.match(session.notice.get()!.text, /cannot be brought back/);
	session.hangUp();
	session.decideAboutMailbox(create('New'));
	session.undo();
	assert.deepEqual(listed(session), ['INBOX', 'Trash', 'Lists']);
});

test('what is tried again does not come to a mailbox whose deletion was decided since, and go with it', async context => {
	const server = await serve(context);
	const session = await open(context, server.port);
	const box = session.mailbox(inbox);
	const rows = await newest(box, 2);
	box.decide([rows[0]!.id], move('New'));
	await until(session.operations, areOver);
	assert.deepEqual(states(session), ['refused']);
	const other = await otherClient(server.port, 'demo', 'demo');
	await other.command('CREATE New');
	other.close();
	session.hangUp();
	session.decideAboutMailbox(remove('New'));
	const [moving, deletion] = session.operations.get();
	session.retry(moving!.id);
	assert.match(
		session.operations.get()[0]!.refusal,
		/^you have deleted New since: take that back, then try this again/,
	);
	session.dial();
	await until(session.operations, areOver);
	assert.deepEqual(states(session), ['refused', 'done']);
	assert.deepEqual([server.mailbox('INBOX')?.uids.count, server.mailbox('New')], [2, undefined]);

	// With the deletion out of the way it goes there.
	session.discard(deletion!.id);
	session.decideAboutMailbox(create('New'));
	await until(session.operations, areOver);
	session.retry(moving!.id);
	await until(session.operations, areOver);
	assert.equal(server.mailbox('New')?.uids.count, 1);
});

test('on Dovecot: created, filled, renamed with what is in it, deleted', {skip: withoutDovecot}, async context => {
	const dovecot = await startDovecot();
	context.after(() => dovecot.stop());
	const client = await otherClient(dovecot.port, 'u1', dovecot.password);
	await client.append('INBOX', letter('m1'));
	const status = await client.command('STATUS INBOX (UIDVALIDITY)');
	const session = await open(context, dovecot.port, 'u1', dovecot.password);
	session.hangUp();
	session.decideAboutMailbox(create('Straße'));
	session.decideAboutMailbox(create('Straße/unten'));
	session.decideByUid(inbox, Number(/UIDVALIDITY (\d+)/.exec(status)?.[1]), [1], move('Straße'));
	session.decideAboutMailbox(rename('Straße', 'Weg'));
	session.decideAboutMailbox(remove('Weg/unten'));
	session.dial();
	await until(session.operations, areOver);
	assert.deepEqual(states(session), ['done', 'done', 'done', 'done', 'done']);
	const there = await client.command('STATUS Weg (MESSAGES)');
	assert.match(there, /MESSAGES 1/);
	session.ensureMailboxes({isFresh: true});
	await session.settled();
	assert.ok(listed(session).includes('Weg') && !listed(session).some(path => /unten|Stra/.test(path)));
	client.close();
});
