/**
 * Messages that were sent to a mailbox which was not heard of since: the server has said where it put them, so they are
 * shown there, with all that is here of them, until a call or a look says more.
 */
import assert from 'node:assert/strict';
import path from 'node:path';
import {type TestContext, test} from 'node:test';
import {MailboxState, startDemoServer} from '../../source/demo/server.ts';
import {inbox, type MailboxPath, mailboxPath} from '../../source/model/ids.ts';
import type {Message} from '../../source/model/message.ts';
import type {Change} from '../../source/model/operation.ts';
import {noWish, type Wish} from '../../source/model/wish.ts';
import type {AccountSession} from '../../source/session/account-session.ts';
import {storedList} from '../../source/session/stored-list.ts';
import {call, openDisconnected} from '../helpers/disconnected.ts';
import {otherClient} from '../helpers/other-client.ts';
import {ownFolder} from '../helpers/own-folder.ts';
import {until} from '../helpers/waiting.ts';

/** The two that have no Message-ID, and are as long, can only be told apart by where they lie. */
const letter = (subject: string, name = ''): string =>
	`From: Ada <ada@example.org>\r\n${name}Date: Fri, 20 Nov 2026 10:00:00 +0000\r\nSubject: ${subject}\r\n\r\nThe text of ${subject}.\r\n`;
const [archive, trash, work] = [mailboxPath('Archive'), mailboxPath('Trash'), mailboxPath('Work')];
const wish: Wish = {...noWish, summaries: 'all', textBytes: 4000};
const move = (to: MailboxPath): Change => ({kind: 'move', to: {path: to}});
const flagged: Change = {kind: 'flag', flag: '\\Flagged', isSet: true};

const servers: readonly (readonly [title: string, capabilities: readonly string[] | undefined])[] = [
	['all extensions', undefined],
	['UIDPLUS and no MOVE', ['IMAP4rev1', 'SASL-IR', 'AUTH=PLAIN', 'SPECIAL-USE', 'UIDPLUS']],
];

async function synced(context: TestContext, capabilities: readonly string[] | undefined) {
	const server = await startDemoServer({
		mailboxes: () => [
			{name: 'INBOX', state: new MailboxState(7)},
			{name: 'Archive', state: new MailboxState(9)},
			{name: 'Trash', state: new MailboxState(8), specialUse: '\\Trash'},
			{name: 'Work', state: new MailboxState(10)},
		],
		isRecording: true,
		...(capabilities ? {capabilities} : {}),
	});
	context.after(() => server.close());
	server.append('INBOX', letter('m1'));
	server.append('INBOX', letter('m2'));
	server.append('INBOX', letter('m3', 'Message-ID: <m3@example.org>\r\n'));
	server.append('Archive', letter('a1'));
	const at = ownFolder(context);
	const open = async () =>
		(await openDisconnected(context, {port: server.port, at, wishes: {otherwise: wish, mailboxes: {}}})).session;
	const session = await open();
	await call(session);
	// What others have put there since, nobody has heard of.
	server.append('Archive', letter('a2'));
	return {server, session, open, at};
}

const rows = (session: AccountSession, mailbox: MailboxPath): readonly (Message | undefined)[] => {
	const view = session.mailbox(mailbox);
	view.ensureNewest(20);
	return Array.from({length: view.state.get().count ?? 0}, (_, index) => view.row(index + 1));
};
const subjects = (session: AccountSession, mailbox: MailboxPath): readonly string[] =>
	rows(session, mailbox).map(row =>
		row === undefined ? '?' : `${row.uid} ${row.subject}${row.isPending ? ' pending' : ''}`,
	);
const areDone = (session: AccountSession) => until(session.operations, all => all.every(({state}) => state === 'done'));

/** With the line up for no longer than that takes. */
async function sent(session: AccountSession, decide: () => void): Promise<void> {
	session.dial();
	await until(session.link, ({state}) => state === 'up');
	decide();
	await areDone(session);
	session.hangUp();
	await until(session.link, ({state}) => state === 'hung-up');
}

for (const [title, capabilities] of servers) {
	test(`they are the last rows where they went, are read and decided about, and stay so after a start: ${title}`, async context => {
		const {server, session, open, at} = await synced(context, capabilities);
		await sent(session, () => {
			session.decideByUid(inbox, 7, [3], move(archive));
			session.decideByUid(inbox, 7, [1], move(archive));
		});
		const wanted = ['1 a1', '3 m1', '4 m3'];
		assert.deepEqual(subjects(session, archive), wanted);
		assert.deepEqual(subjects(session, inbox), ['2 m2']);
		session.mailbox(archive).decide([rows(session, archive)[2]!.id], flagged);
		const decided = ['1 a1', '3 m1', '4 m3 pending'];
		assert.deepEqual(subjects(session, archive), decided);
		await session.close();

		const stored = storedList({account: path.join(at, 'state'), cache: path.join(at, 'cache')}, archive, 20)?.rows;
		const again = await open();
		assert.deepEqual(subjects(again, archive), decided);
		assert.equal(stored?.count, 3);
		assert.deepEqual(
			[1, 2, 3].map(position => stored?.messages.get(position)),
			rows(again, archive),
		);
		const message = again.message(rows(again, archive)[1]!.id);
		message.ensureContent();
		await until(message.content, ({state}) => state === 'known');
		assert.match(
			message
				.lines(72)
				.map(line => line.text)
				.join(),
			/The text of m1/,
		);
		// The flag is set where it lies, and the mailbox not asked for more.
		await sent(again, () => {});
		assert.equal(
			rows(again, archive)
				.find(row => row?.subject === 'm3')
				?.flags.has('\\Flagged'),
			true,
		);

		const before = server.transcript.length;
		again.mailbox(archive).decide([again.mailbox(archive).row(3)!.id], move(trash));
		assert.deepEqual(subjects(again, trash), ['0 m3 pending']);
		await call(again);
		assert.deepEqual(subjects(again, archive), ['1 a1', '2 a2', '3 m1']);
		assert.deepEqual(subjects(again, trash), ['1 m3']);
		// Without VANISHED it is not known yet, in the mailbox it went from, that it went.
		if (capabilities) return;
		const said = server.transcript
			.slice(before)
			.filter(({by, text}) => by === 'client' && /BODY\.PEEK\[1\]/.test(text));
		assert.deepEqual(
			said.map(({text}) => text.replace(/^\S+ /, '').replace(/<.*/, '')),
			['UID FETCH 2 BODY.PEEK[1]'],
			'of what was moved no text is bought again',
		);
	});
}

test('one that another client took away meanwhile is gone with the next call, and one it moved on is found', async context => {
	const {server, session} = await synced(context, undefined);
	await sent(session, () => session.decideByUid(inbox, 7, [1, 3], move(archive)));
	assert.deepEqual(subjects(session, archive), ['1 a1', '3 m1', '4 m3']);
	session.mailbox(archive).decide([rows(session, archive)[2]!.id], flagged);
	const other = await otherClient(server.port, 'demo', 'demo');
	await other.command('SELECT Archive');
	await other.command('UID STORE 3 +FLAGS.SILENT (\\Deleted)');
	await other.command('UID EXPUNGE 3');
	await other.command('UID MOVE 4 Work');
	other.close();
	await call(session);
	assert.deepEqual(subjects(session, archive), ['1 a1', '2 a2']);
	assert.deepEqual(subjects(session, work), ['1 m3']);
	await areDone(session);
	assert.deepEqual([...server.mailbox('Work')!.flags(1)], ['\\Flagged']);
});

test('a copy of one, found before its mailbox was heard of, is not taken for it', async context => {
	const {server, session} = await synced(context, undefined);
	await sent(session, () => session.decideByUid(inbox, 7, [3], move(archive)));
	const id = session.decideByUid(archive, 9, [3], flagged)!;
	session.hold(id, true);
	const other = await otherClient(server.port, 'demo', 'demo');
	await other.command('SELECT Archive');
	await other.command('UID COPY 3 INBOX');
	other.close();
	session.dial();
	await until(session.link, ({state}) => state === 'up');
	session.mailbox(inbox).ensureNewest(20);
	await session.settled();
	assert.deepEqual(subjects(session, inbox), ['1 m1', '2 m2', '4 m3']);
	session.hold(id, false);
	await areDone(session);
	assert.deepEqual([...server.mailbox('Archive')!.flags(3)], ['\\Flagged']);
	assert.deepEqual([...server.mailbox('INBOX')!.flags(4)], []);
});

test('a copy that we have made of one, in a mailbox that was empty, is not taken for it: it goes from there', async context => {
	const {server, session} = await synced(context, servers[1]![1]);
	await sent(session, () => session.decideByUid(inbox, 7, [3], move(trash)));
	server.faults.add({kind: 'cut-after', command: /^UID COPY/, times: 1});
	session.mailbox(inbox).ensureNewest(20);
	session.undo();
	session.dial();
	await until(session.operations, all => all.every(({state}) => state !== 'waiting'));
	assert.equal(server.mailbox('INBOX')!.uids.count, 3);
	assert.equal(server.mailbox('Trash')!.uids.count, 0);
});

test('they are there under the new name of a mailbox that is renamed on the same line', async context => {
	const {session} = await synced(context, undefined);
	await sent(session, () => {
		session.decideByUid(inbox, 7, [1], move(archive));
		session.decideAboutMailbox({kind: 'rename', mailbox: archive, to: mailboxPath('Old')});
	});
	assert.deepEqual(subjects(session, mailboxPath('Old')), ['1 a1', '3 m1']);
});

test('they are counted as unread wherever they are moved, or read, after that', async context => {
	const {session} = await synced(context, undefined);
	await sent(session, () => session.decideByUid(inbox, 7, [1, 2, 3], move(archive)));
	const [, m1, m2] = rows(session, archive);
	session.mailbox(archive).decide([m1!.id], move(work));
	session.mailbox(archive).decide([m2!.id], {kind: 'flag', flag: '\\Seen', isSet: true});
	const counts = () =>
		session.mailboxes
			.get()
			.mailboxes.map(({path, unseen, messages}) => `${path} ${unseen} of ${messages}`)
			.join();
	// What others have put into the archive nobody has heard of.
	assert.equal(counts(), 'INBOX 0 of 0,Archive 2 of 3,Trash 0 of 0,Work 1 of 1');
	await call(session);
	assert.equal(counts(), 'INBOX 0 of 0,Archive 3 of 4,Trash 0 of 0,Work 1 of 1');
});

test('a mailbox that is numbered anew has none of them until it is heard of', async context => {
	const {server, session} = await synced(context, undefined);
	await sent(session, () => session.decideByUid(inbox, 7, [1], move(archive)));
	server.setUidValidity('Archive', 90);
	await call(session);
	assert.deepEqual(
		rows(session, archive).map(row => row?.subject),
		['a1', 'a2', 'm1'],
	);
});
