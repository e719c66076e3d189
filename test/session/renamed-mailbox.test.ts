/**
 * A mailbox that has another name is the same mailbox: what is held of it on the disk follows, and is not bought again.
 */
import assert from 'node:assert/strict';
import path from 'node:path';
import {type TestContext, test} from 'node:test';
import {type DemoServer, MailboxState, startDemoServer} from '../../source/demo/server.ts';
import {mailboxPath, type PartNumber} from '../../source/model/ids.ts';
import {noWish, type Wish} from '../../source/model/wish.ts';
import type {AccountSession} from '../../source/session/account-session.ts';
import {startDovecot, withoutDovecot} from '../helpers/dovecot.ts';
import {otherClient} from '../helpers/other-client.ts';
import {ownFolder} from '../helpers/own-folder.ts';
import {newest, type Opened, openSession} from '../helpers/session.ts';
import {until} from '../helpers/waiting.ts';

const letter = (subject: string): string =>
	`From: Ada <ada@example.org>\r\nTo: me@example.org\r\nMessage-ID: <${subject}@example.org>\r\nDate: Fri, 20 Nov 2026 10:00:00 +0000\r\nSubject: ${subject}\r\n\r\n${`About ${subject}. `.repeat(60)}\r\n`;

const wish: Wish = {...noWish, summaries: 'all', textBytes: 4096};
const [lists, post] = [mailboxPath('Lists'), mailboxPath('Post')];

async function serverWith(context: TestContext): Promise<DemoServer> {
	const server = await startDemoServer({
		isRecording: true,
		mailboxes: () => [
			{name: 'INBOX', state: new MailboxState(7)},
			{name: 'Lists', state: new MailboxState(9)},
			{name: 'Lists/old', state: new MailboxState(10)},
		],
	});
	context.after(() => server.close());
	for (const each of ['l1', 'l2', 'l3']) server.append('Lists', letter(each));
	server.append('Lists/old', letter('o1'));
	return server;
}

type Where = {readonly port: number; readonly user?: string; readonly password?: string};

const open = (context: TestContext, {port, user, password}: Where, at: string): Promise<Opened> =>
	openSession(context, {
		port,
		...(password === undefined ? {} : {password}),
		folder: path.join(at, 'state'),
		cacheFolder: path.join(at, 'cache'),
		account: {
			...(user === undefined ? {} : {user}),
			model: 'disconnected',
			wishes: {otherwise: noWish, mailboxes: {Lists: wish, 'Lists/old': wish, Post: wish}},
		},
	});

async function call(session: AccountSession): Promise<readonly string[]> {
	session.planCall();
	const planned = await until(session.call, now => now?.state === 'planned');
	session.goCall();
	const over = await until(session.call, now => now?.state === 'done' || now?.state === 'ended');
	await session.settled();
	assert.equal(over?.because, '');
	return planned?.lines.map(({sentence}) => sentence) ?? [];
}

const subjects = async (session: AccountSession, name: string): Promise<string[]> =>
	(await newest(session.mailbox(mailboxPath(name)), 50)).map(row => `${row.subject} ${row.held}`);

/** Headers and texts that were asked for. */
const bought = (server: DemoServer): string[] =>
	server.transcript.filter(({by, text}) => by === 'client' && /BODY.PEEK/.test(text)).map(({text}) => text);

async function textOf(session: AccountSession, name: string, position: number): Promise<string> {
	const row = session.mailbox(mailboxPath(name)).row(position);
	assert.ok(row);
	const opened = session.message(row.id, '' as PartNumber);
	opened.ensureContent();
	await session.settled();
	return opened
		.lines(80)
		.map(({text}) => text)
		.join('\n');
}

test('a mailbox that is renamed with the line down is read under its new name, and what is decided there is done', async context => {
	const server = await serverWith(context);
	const {session} = await open(context, server, ownFolder(context));
	await call(session);
	session.decideAboutMailbox({kind: 'rename', mailbox: lists, to: post});
	assert.deepEqual(await subjects(session, 'Post'), ['l1 whole', 'l2 whole', 'l3 whole']);
	assert.deepEqual(await subjects(session, 'Post/old'), ['o1 whole']);
	const renamed = session.mailbox(post);
	assert.equal(renamed.decide([renamed.row(2)!.id], {kind: 'flag', flag: '\\Flagged', isSet: true}), true);
	assert.equal(renamed.row(2)?.flags.has('\\Flagged'), true);
	await call(session);
	assert.deepEqual([...server.mailbox('Post')!.flags(2)], ['\\Flagged']);
	assert.equal(server.mailbox('Lists'), undefined);
	assert.deepEqual(await subjects(session, 'Post'), ['l1 whole', 'l2 whole', 'l3 whole']);
	assert.equal(session.mailbox(post).row(2)?.flags.has('\\Flagged'), true);
	assert.deepEqual(
		session.operations.get().map(({state}) => state),
		['done', 'done'],
	);
});

test('a mailbox that the user renames keeps what is held of it, and of those below it: nothing is bought again', async context => {
	const at = ownFolder(context);
	const server = await serverWith(context);
	const first = await open(context, server, at);
	await call(first.session);
	first.session.decideAboutMailbox({kind: 'rename', mailbox: lists, to: post});
	const before = bought(server).length;
	assert.deepEqual(await call(first.session), ['Send what you decided']);
	assert.deepEqual(await subjects(first.session, 'Post'), ['l1 whole', 'l2 whole', 'l3 whole']);
	await first.session.close();

	const second = await open(context, server, at);
	assert.deepEqual(await subjects(second.session, 'Post/old'), ['o1 whole']);
	assert.deepEqual(await subjects(second.session, 'Post'), ['l1 whole', 'l2 whole', 'l3 whole']);
	assert.match(await textOf(second.session, 'Post', 2), /About l2/);
	assert.equal(second.spent().total, 0);
	server.append('Post', letter('l4'));
	assert.deepEqual(await call(second.session), ['Post: about 1 message']);
	assert.deepEqual(
		bought(server)
			.slice(before)
			.filter(text => !/FETCH 4\b/.test(text)),
		[],
	);
	assert.equal(second.session.mailbox(lists).state.get().count, undefined, 'the old name stands for nothing');
});

test('what came meanwhile to a mailbox that the call renames is brought by it, under its new name', async context => {
	const server = await serverWith(context);
	const {session} = await open(context, server, ownFolder(context));
	await call(session);
	server.append('Lists', letter('l4'));
	server.append('Lists/old', letter('o2'));
	session.decideAboutMailbox({kind: 'rename', mailbox: lists, to: post});
	assert.deepEqual(await call(session), [
		'Send what you decided',
		'Post: about 1 message',
		'Post/old: about 1 message',
	]);
	assert.deepEqual(await subjects(session, 'Post'), ['l1 whole', 'l2 whole', 'l3 whole', 'l4 whole']);
	assert.deepEqual(await call(session), []);
});

test('its wish and its model go along, and come back when that is undone', async context => {
	const server = await serverWith(context);
	const {session} = await openSession(context, {
		port: server.port,
		folder: ownFolder(context),
		account: {
			wishes: {otherwise: noWish, mailboxes: {Lists: wish, Listless: noWish}},
			mailboxModels: {'Lists/old': 'disconnected'},
		},
	});
	session.ensureMailboxes();
	await until(session.mailboxes, ({state}) => state === 'known');
	session.decideAboutMailbox({kind: 'rename', mailbox: lists, to: post});
	await until(session.operations, all => all.every(({state}) => state === 'done'));
	assert.deepEqual(Object.keys(session.wishes.get().mailboxes).sort(), ['Listless', 'Post']);
	assert.deepEqual(session.models.get().mailboxes, {'Post/old': 'disconnected'});
	session.undo();
	await until(session.operations, all => all.every(({state}) => state === 'done' || state === 'undone'));
	assert.deepEqual(Object.keys(session.wishes.get().mailboxes).sort(), ['Listless', 'Lists']);
	assert.deepEqual(session.models.get().mailboxes, {'Lists/old': 'disconnected'});
});

test('where the server numbers a renamed mailbox anew, what is held is not taken for what is there', async context => {
	const at = ownFolder(context);
	const server = await serverWith(context);
	const {session} = await open(context, server, at);
	await call(session);
	session.decideAboutMailbox({kind: 'rename', mailbox: lists, to: post});
	await call(session);
	server.setUidValidity('Post', 70);
	const theirs = await otherClient(server.port, 'demo', 'demo');
	await theirs.command('SELECT Post');
	await theirs.command('UID STORE 1 +FLAGS.SILENT (\\Deleted)');
	await theirs.command('EXPUNGE');
	theirs.close();
	await call(session);
	assert.deepEqual(await subjects(session, 'Post'), ['l2 whole', 'l3 whole']);
});

test('a mailbox that another client has renamed is listed anew, and the texts of its messages are not bought again', async context => {
	const at = ownFolder(context);
	const server = await serverWith(context);
	const {session} = await open(context, server, at);
	await call(session);
	const theirs = await otherClient(server.port, 'demo', 'demo');
	await theirs.command('RENAME Lists Post');
	theirs.close();
	const before = server.transcript.length;
	await call(session);
	assert.deepEqual(await subjects(session, 'Post'), ['l1 whole', 'l2 whole', 'l3 whole']);
	const asked = server.transcript
		.slice(before)
		.filter(({by, text}) => by === 'client' && /BODY.PEEK\[1\]|BODYSTRUCTURE/.test(text));
	assert.deepEqual(
		asked.map(({text}) => text),
		[],
	);
	assert.match(await textOf(session, 'Post', 1), /About l1/);
});

test('a mailbox that another client renames while it is open here keeps no call waiting', async context => {
	const server = await startDemoServer({
		capabilities: ['IMAP4rev1', 'SASL-IR', 'AUTH=PLAIN'],
		mailboxes: () => [
			{name: 'INBOX', state: new MailboxState(7)},
			{name: 'Lists', state: new MailboxState(9)},
		],
	});
	context.after(() => server.close());
	const {session} = await open(context, server, ownFolder(context));
	await call(session);
	session.dial();
	await newest(session.mailbox(lists), 3);
	await session.settled();
	server.append('Lists', letter('l1'));
	const other = await otherClient(server.port, 'demo', 'demo');
	await other.command('RENAME Lists Post');
	other.close();
	// Told in one packet: that there is a message, and that there is no such mailbox.
	session.planCall();
	await until(session.call, now => now?.state === 'planned');
	session.stopCall();
	await session.settled();
	await call(session);
	assert.deepEqual(await subjects(session, 'Post'), ['l1 whole']);
});

test('on Dovecot, which keeps UIDVALIDITY, a renamed mailbox keeps what is held of it', {
	skip: withoutDovecot,
}, async context => {
	const dovecot = await startDovecot();
	context.after(() => dovecot.stop());
	const where = {port: dovecot.port, user: 'renamed', password: dovecot.password};
	const theirs = await otherClient(dovecot.port, where.user, dovecot.password);
	await theirs.command('CREATE Lists');
	for (const each of ['l1', 'l2', 'l3']) await theirs.append('Lists', letter(each));
	const at = ownFolder(context);
	const first = await open(context, where, at);
	await call(first.session);
	first.session.decideAboutMailbox({kind: 'rename', mailbox: lists, to: post});
	await call(first.session);
	await first.session.close();
	const {session, spent} = await open(context, where, at);
	assert.deepEqual(await subjects(session, 'Post'), ['l1 whole', 'l2 whole', 'l3 whole']);
	assert.equal(spent().total, 0);
	assert.deepEqual(await call(session), []);
	theirs.close();
});
