/**
 * A mailbox is deleted with what was known to be in it when that was decided, and never with what came since: on the demo
 * server with and without LIST-STATUS, and on Dovecot.
 */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {type TestContext, test} from 'node:test';
import {type DemoServer, fullCapabilities, MailboxState, startDemoServer} from '../../source/demo/server.ts';
import {inbox, mailboxPath} from '../../source/model/ids.ts';
import type {MailboxChange, Operation} from '../../source/model/operation.ts';
import {startDovecot, withoutDovecot} from '../helpers/dovecot.ts';
import {otherClient} from '../helpers/other-client.ts';
import {openSession} from '../helpers/session.ts';
import {until} from '../helpers/waiting.ts';

const letter = (subject: string): string =>
	`From: Ada <ada@example.org>\r\nMessage-ID: <${subject}@example.org>\r\nDate: Fri, 20 Nov 2026 10:00:00 +0000\r\nSubject: ${subject}\r\n\r\nText.\r\n`;
const lists = mailboxPath('Lists');
const remove: MailboxChange = {kind: 'delete', mailbox: lists};
const areOver = (all: readonly Operation[]): boolean => all.every(({state}) => state !== 'waiting');
const has = (server: DemoServer): boolean => server.mailbox('Lists') !== undefined;

async function open(context: TestContext, port: number, user?: string, password?: string) {
	const {session} = await openSession(context, {
		port,
		waitsForNews: false,
		...(user ? {account: {user}} : {}),
		...(password ? {password} : {}),
	});
	session.ensureMailboxes({withCounts: true});
	await until(
		session.mailboxes,
		({state, mailboxes}) => state === 'known' && mailboxes.every(each => each.messages !== undefined),
	);
	await session.settled();
	return session;
}

const listing = {
	'with LIST-STATUS': fullCapabilities,
	'without LIST-STATUS': fullCapabilities.filter(each => each !== 'LIST-STATUS'),
};
for (const [name, capabilities] of Object.entries(listing)) {
	const serve = async (context: TestContext): Promise<DemoServer> => {
		const server = await startDemoServer({
			capabilities,
			mailboxes: () => [
				{name: 'INBOX', state: new MailboxState(7)},
				{name: 'Lists', state: new MailboxState(9)},
			],
			isRecording: true,
		});
		context.after(() => server.close());
		server.append('INBOX', letter('m1'));
		for (const each of ['l1', 'l2']) server.append('Lists', letter(each));
		return server;
	};
	const commands = (server: DemoServer): string[] =>
		server.transcript.filter(({by}) => by === 'client').map(({text}) => text.replace(/^\S+ /, ''));

	test(`what was known to be in it goes with it, online in one turn more (${name})`, async context => {
		const server = await serve(context);
		const session = await open(context, server.port);
		session.decideAboutMailbox(remove);
		await until(session.operations, areOver);
		assert.equal(session.operations.get()[0]!.state, 'done');
		assert.ok(!has(server));
		assert.deepEqual(commands(server).slice(-2), [
			'STATUS Lists (MESSAGES UNSEEN UIDNEXT UIDVALIDITY)',
			'DELETE Lists',
		]);
	});

	test(`what came since keeps it, until that is tried again with as much in it (${name})`, async context => {
		const server = await serve(context);
		const session = await open(context, server.port);
		session.hangUp();
		session.decideAboutMailbox(remove);
		// As many as before: two of the old ones are gone.
		for (const uid of [1, 2]) server.expunge('Lists', uid);
		for (const each of ['l3', 'l4']) server.append('Lists', letter(each));
		session.dial();
		const [refused] = (await until(session.operations, areOver))!;
		assert.equal(refused!.state, 'refused');
		assert.match(
			refused!.refusal,
			/^2 messages came to Lists since you decided this: look at them and delete it again, or/,
		);
		assert.ok(session.mailboxes.get().mailboxes.some(({path}) => path === 'Lists'));
		server.append('Lists', letter('l5'));
		session.retry(refused!.id);
		const [again] = (await until(session.operations, areOver))!;
		assert.match(again!.refusal, /^1 message came to Lists since/);
		assert.equal(server.mailbox('Lists')!.uids.count, 3);
		session.retry(refused!.id);
		await until(session.operations, areOver);
		assert.equal(session.operations.get()[0]!.state, 'done');
		assert.ok(!has(server));
	});

	test(`another mailbox of that name is kept, unless it is empty (${name})`, async context => {
		const server = await serve(context);
		const session = await open(context, server.port);
		session.hangUp();
		session.decideAboutMailbox(remove);
		server.mailboxes.remove('Lists');
		server.mailboxes.create('Lists');
		server.append('Lists', letter('other'));
		session.dial();
		const [refused] = (await until(session.operations, areOver))!;
		assert.match(
			refused!.refusal,
			/^1 message is in Lists, unknown here when you decided this: look at it and delete it again/,
		);
		server.expunge('Lists', 1);
		session.hangUp();
		session.decideAboutMailbox(remove);
		session.dial();
		await until(session.operations, areOver);
		assert.ok(!has(server));
	});

	test(`what the user has put there does not keep it (${name})`, async context => {
		const server = await serve(context);
		const session = await open(context, server.port);
		session.hangUp();
		session.decideByUid(inbox, 7, [1], {kind: 'copy', to: {path: lists}});
		session.decideAboutMailbox(remove);
		session.dial();
		await until(session.operations, areOver);
		assert.deepEqual(
			session.operations.get().map(({state}) => state),
			['done', 'done'],
		);
		assert.ok(!has(server));
	});
}

test('of a mailbox nobody here was told of, only an empty one is deleted at the first go; what STATUS does not say keeps it', async context => {
	const server = await startDemoServer({
		mailboxes: () => ['INBOX', 'Lists', 'Empty'].map((name, at) => ({name, state: new MailboxState(7 + at)})),
	});
	context.after(() => server.close());
	server.append('Lists', letter('l1'));
	server.faults.add({kind: 'refuse', command: /^STATUS "?Lists/, answer: 'NO', text: 'Not now', times: 1});
	const {session} = await openSession(context, {port: server.port, waitsForNews: false});
	session.decideAboutMailbox(remove);
	session.decideAboutMailbox({kind: 'delete', mailbox: mailboxPath('Empty')});
	const [kept, empty] = (await until(session.operations, areOver))!;
	assert.match(kept!.refusal, /^the server does not say what is in Lists, so it stays/);
	assert.equal(empty!.state, 'done');
	session.retry(kept!.id);
	const [unknown] = (await until(session.operations, areOver))!;
	assert.match(unknown!.refusal, /^1 message is in Lists, unknown here/);
	session.retry(kept!.id);
	await until(session.operations, areOver);
	assert.ok(!has(server));
});

test('how it was listed is known of a mailbox in the next run, too, with the line down', async context => {
	const server = await startDemoServer({
		mailboxes: () => ['INBOX', 'Lists'].map((name, at) => ({name, state: new MailboxState(7 + at)})),
	});
	context.after(() => server.close());
	server.append('Lists', letter('l1'));
	const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'bonsai-'));
	context.after(() => fs.rmSync(folder, {recursive: true, force: true}));
	const options = {
		port: server.port,
		waitsForNews: false,
		folder,
		cacheFolder: folder,
		account: {model: 'disconnected'},
	} as const;
	const {session: before} = await openSession(context, options);
	before.dial();
	before.ensureMailboxes({isFresh: true});
	await until(before.mailboxes, ({state}) => state === 'known');
	await before.settled();
	await before.close();
	const {session} = await openSession(context, options);
	session.decideAboutMailbox(remove);
	session.dial();
	await until(session.operations, areOver);
	assert.equal(session.operations.get()[0]!.state, 'done');
	assert.ok(!has(server));
});

test('the line is cut within DELETE and another message comes: it is asked again how the mailbox stands', async context => {
	const server = await startDemoServer({
		mailboxes: () => ['INBOX', 'Lists'].map((name, at) => ({name, state: new MailboxState(7 + at)})),
	});
	context.after(() => server.close());
	server.append('Lists', letter('l1'));
	const session = await open(context, server.port);
	server.faults.add({kind: 'cut-before', command: /^DELETE/, times: 1});
	session.decideAboutMailbox(remove);
	await until(session.link, ({state}) => state !== 'up');
	server.append('Lists', letter('l2'));
	const [refused] = (await until(session.operations, areOver))!;
	assert.match(refused!.refusal, /^1 message came to Lists since/);
	assert.equal(server.mailbox('Lists')!.uids.count, 2);
});

test('on Dovecot: what came since keeps it, and to try it again deletes it', {skip: withoutDovecot}, async context => {
	const dovecot = await startDovecot();
	context.after(() => dovecot.stop());
	const client = await otherClient(dovecot.port, 'u1', dovecot.password);
	context.after(() => client.close());
	await client.command('CREATE Lists');
	await client.append('Lists', letter('l1'));
	const session = await open(context, dovecot.port, 'u1', dovecot.password);
	session.hangUp();
	session.decideAboutMailbox(remove);
	await client.append('Lists', letter('l2'));
	session.dial();
	const [refused] = (await until(session.operations, areOver))!;
	assert.match(refused!.refusal, /^1 message came to Lists since/);
	assert.match(await client.command('STATUS Lists (MESSAGES)'), /MESSAGES 2/);
	session.retry(refused!.id);
	await until(session.operations, areOver);
	assert.equal(session.operations.get()[0]!.state, 'done');
	assert.match(await client.command('LIST "" Lists'), /^(?!.*\* LIST)/s);
});
