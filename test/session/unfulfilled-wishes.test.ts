/** What is wished for and is not here yet is in the next plan, even where nothing has changed on the server. */
import assert from 'node:assert/strict';
import {type TestContext, test} from 'node:test';
import {type DemoServer, fullCapabilities, MailboxState, startDemoServer} from '../../source/demo/server.ts';
import {inbox, mailboxPath} from '../../source/model/ids.ts';
import {noWish, type Wish} from '../../source/model/wish.ts';
import type {AccountSession} from '../../source/session/account-session.ts';
import {openDisconnected} from '../helpers/disconnected.ts';
import {ownFolder} from '../helpers/own-folder.ts';
import {newest} from '../helpers/session.ts';
import {until} from '../helpers/waiting.ts';

const rows: Wish = {...noWish, summaries: {last: 3}};
const letter = (subject: string): string => `Subject: ${subject}\r\n\r\nAbout ${subject}.\r\n`;
const withId = (subject: string): string => `Message-ID: <${subject}@example.org>\r\n${letter(subject)}`;

async function setUp(
	context: TestContext,
): Promise<{server: DemoServer; open: (wish?: Wish) => Promise<AccountSession>}> {
	const at = ownFolder(context);
	const server = await startDemoServer({mailboxes: () => [{name: 'INBOX', state: new MailboxState(7)}]});
	context.after(() => server.close());
	for (let index = 1; index <= 5; index++) server.append('INBOX', letter(`m${index}`));
	return {
		server,
		open: async (wish = rows) => {
			const wishes = {otherwise: noWish, mailboxes: {INBOX: wish}};
			return (await openDisconnected(context, {port: server.port, at, wishes})).session;
		},
	};
}

async function planned(session: AccountSession): Promise<string[]> {
	session.planCall();
	const plan = await until(session.call, now => now?.state === 'planned');
	return plan?.lines.map(({sentence}) => sentence) ?? [];
}

async function gone(session: AccountSession): Promise<void> {
	session.goCall();
	await until(session.call, now => now?.state === 'done');
	await session.settled();
	session.stopCall();
}

test('a wish for more of what is here is in the next plan, and carried out by it', async context => {
	const {open} = await setUp(context);
	const session = await open();
	await planned(session);
	await gone(session);
	assert.deepEqual(await planned(session), []);
	session.stopCall();

	session.setWish(inbox, {...rows, textBytes: 4000});
	assert.deepEqual(await planned(session), ['INBOX: what is wished for and not here']);
	await gone(session);
	assert.equal(session.held(inbox).texts, 3);
	assert.deepEqual(await planned(session), []);
	session.stopCall();

	session.setWish(inbox, {...rows, textBytes: 4000, summaries: {since: '2000-01-01'}});
	assert.equal((await planned(session)).length, 1);
	await gone(session);
	assert.deepEqual(session.held(inbox).texts, 5);
	assert.deepEqual(await planned(session), []);
});

test('what a call that ended early has not brought is in the next plan', async context => {
	const {server, open} = await setUp(context);
	const wish: Wish = {...rows, textBytes: 4000};
	const first = await open(wish);
	server.faults.add({kind: 'cut-before', command: /BODY.PEEK\[1\]/});
	await planned(first);
	first.goCall();
	await until(first.link, ({state}) => state === 'waiting' && first.held(inbox).structures === 3);
	await first.close();
	server.faults.clear();

	const second = await open(wish);
	assert.equal(second.held(inbox).texts, 0);
	assert.deepEqual(await planned(second), ['INBOX: what is wished for and not here']);
	await gone(second);
	assert.equal(second.held(inbox).texts, 3);
	assert.deepEqual(await planned(second), []);
});

test('mail that came by itself while the line was up is read whole by the next call', async context => {
	const {server, open} = await setUp(context);
	const session = await open({...rows, textBytes: 4000});
	await planned(session);
	await gone(session);
	session.dial();
	await newest(session.mailbox(inbox), 3);
	server.append('INBOX', letter('m6'));
	await until(session.mailbox(inbox).state, ({count}) => count === 6);
	await session.settled();
	session.hangUp();
	await until(session.link, ({state}) => state === 'hung-up');
	assert.equal((await planned(session)).length, 1);
	await gone(session);
	const held = session.held(inbox);
	assert.deepEqual([held.summaries, held.texts], [4, 4]);
	assert.deepEqual(await planned(session), []);
});

for (const when of ['while the line is up', 'before it is dialled'] as const)
	test(`of the newest few that are wished for one goes, ${when}: the next call reads the one in its place`, async context => {
		const {server, open} = await setUp(context);
		const session = await open({...rows, textBytes: 4000});
		// Rows that are looked at come without their texts.
		session.dial();
		await newest(session.mailbox(inbox), 5);
		session.hangUp();
		await planned(session);
		await gone(session);
		assert.deepEqual(await planned(session), []);
		session.stopCall();
		if (when === 'before it is dialled') server.expunge('INBOX', 5);
		session.dial();
		if (when === 'while the line is up') server.expunge('INBOX', 5);
		await until(session.mailbox(inbox).state, ({count, asOf}) => count === 4 && asOf === undefined);
		await session.settled();
		session.hangUp();
		await until(session.link, ({state}) => state === 'hung-up');
		assert.equal(session.held(inbox).texts, 2);
		assert.equal((await planned(session)).length, 1);
		await gone(session);
		assert.equal(session.held(inbox).texts, 3);
		assert.deepEqual(await planned(session), []);
	});

test('of the newest few that are wished for one only passes through in a call: the next reads the one in its place', async context => {
	const server = await startDemoServer({
		// A move of several steps, between which others look at what is here.
		capabilities: fullCapabilities.filter(each => each !== 'MOVE'),
		mailboxes: () => ['INBOX', 'Old', 'Done'].map((name, index) => ({name, state: new MailboxState(7 + index)})),
	});
	context.after(() => server.close());
	for (const name of ['INBOX', 'Old']) server.append(name, withId(name));
	const wishes = {otherwise: {...rows, textBytes: 4000, summaries: {last: 1}}, mailboxes: {}};
	const {session} = await openDisconnected(context, {port: server.port, at: ownFolder(context), wishes});
	await planned(session);
	await gone(session);

	const old = mailboxPath('Old');
	const {id} = (await newest(session.mailbox(old), 1))[0]!;
	session.mailbox(old).decide([id], {kind: 'move', to: {path: inbox}});
	session.mailbox(inbox).decide([id], {kind: 'move', to: {path: mailboxPath('Done')}});
	server.append('INBOX', letter('new'));
	// Another client has moved it there.
	server.append('INBOX', withId('Old'));
	server.expunge('Old', 1);
	// Where it came to is looked up: it is known again, and its text with it, before it is sent on.
	server.faults.add({kind: 'cut-after', command: /^UID COPY/, times: 1});
	await planned(session);
	await gone(session);
	await planned(session);
	await gone(session);
	assert.equal(session.held(inbox).texts, 2);
	assert.deepEqual(await planned(session), []);
});
