/**
 * The disconnected model: what is on the disk is shown for no byte, a call brings what changed and what is wished for, and
 * that on every kind of server.
 */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import {type TestContext, test} from 'node:test';
import {list} from '../../source/commands/list.ts';
import {sync} from '../../source/commands/sync.ts';
import {type DemoServer, MailboxState, startDemoServer} from '../../source/demo/server.ts';
import type {Account} from '../../source/model/account.ts';
import {inbox, mailboxPath, type PartNumber} from '../../source/model/ids.ts';
import type {Link} from '../../source/model/link.ts';
import {noWish, type Wish} from '../../source/model/wish.ts';
import type {AccountSession} from '../../source/session/account-session.ts';
import type {LiveSource} from '../../source/session/live.ts';
import type {OpenMessage} from '../../source/session/session.ts';
import {commandsTo} from '../helpers/bonsai-on.ts';
import {printedOn} from '../helpers/command.ts';
import {call, openDisconnected} from '../helpers/disconnected.ts';
import {startDovecot, withoutDovecot} from '../helpers/dovecot.ts';
import {otherClient} from '../helpers/other-client.ts';
import {ownFolder} from '../helpers/own-folder.ts';
import {newest, type Opened, openSession} from '../helpers/session.ts';
import {until} from '../helpers/waiting.ts';

const bare = ['IMAP4rev1', 'SASL-IR', 'AUTH=PLAIN'];
const servers: Readonly<Record<string, readonly string[] | undefined>> = {
	'all extensions': undefined,
	CONDSTORE: [...bare, 'CONDSTORE', 'ENABLE', 'UIDPLUS', 'ESEARCH', 'LIST-STATUS', 'LIST-EXTENDED'],
	'bare IMAP4rev1': bare,
};

const letter = (subject: string, text = `About ${subject}.`): string =>
	`From: Ada <ada@example.org>\r\nTo: me@example.org\r\nMessage-ID: <${subject}@example.org>\r\nDate: Fri, 20 Nov 2026 10:00:00 +0000\r\nSubject: ${subject}\r\n\r\n${text}\r\n`;

const all: Wish = {...noWish, summaries: 'all', textBytes: 4096};

async function serverWith(context: TestContext, count: number, capabilities?: readonly string[]): Promise<DemoServer> {
	const server = await startDemoServer({
		isRecording: true,
		mailboxes: () => [
			{name: 'INBOX', state: new MailboxState(7)},
			{name: 'Trash', state: new MailboxState(8), specialUse: '\\Trash'},
			{name: 'Lists', state: new MailboxState(9)},
		],
		...(capabilities ? {capabilities} : {}),
	});
	context.after(() => server.close());
	for (let index = 1; index <= count; index++) server.append('INBOX', letter(`m${index}`));
	return server;
}

const open = (context: TestContext, {port}: DemoServer, at: string, account: Partial<Account> = {}): Promise<Opened> =>
	openDisconnected(context, {port, at, wishes: {otherwise: noWish, mailboxes: {INBOX: all}}, ...account});

/** What is to be read of a message. */
const textOf = (message: OpenMessage): string =>
	message
		.lines(80)
		.map(({text}) => text)
		.join('\n');

/** What a call would do; it is not done. */
async function planOf(session: AccountSession): Promise<readonly string[]> {
	session.planCall();
	const planned = await until(session.call, now => now?.state === 'planned');
	session.stopCall();
	await session.settled();
	return planned?.lines.map(({sentence}) => sentence) ?? [];
}

const subjects = async (session: AccountSession, count = 50): Promise<string[]> =>
	(await newest(session.mailbox(inbox), count)).map(row => `${row.subject}${row.flags.has('\\Flagged') ? '!' : ''}`);

for (const [name, capabilities] of Object.entries(servers)) {
	test(`what a call brought is there in the next run without a line, for no byte (${name})`, async context => {
		const at = ownFolder(context);
		const server = await serverWith(context, 5, capabilities);
		const first = await open(context, server, at);
		const {over} = await call(first.session);
		assert.equal(over?.state, 'done');
		assert.equal(over?.because, '');
		await first.session.close();
		const second = await open(context, server, at);
		assert.deepEqual(await subjects(second.session), ['m1', 'm2', 'm3', 'm4', 'm5']);
		const state = second.session.mailbox(inbox).state.get();
		assert.equal(state.uidValidity, 7);
		assert.ok(state.asOf !== undefined, 'it says how old it is');
		const message = second.session.mailbox(inbox).row(3);
		assert.ok(message);
		const opened = second.session.message(message.id, '' as PartNumber);
		opened.ensureContent();
		await second.session.settled();
		assert.match(textOf(opened), /About m3/);
		assert.deepEqual(
			opened.content.get().headers.map(({name: field}) => field),
			['Date', 'From', 'To', 'Subject'],
		);
		assert.equal(second.spent().total, 0);
		assert.equal(second.session.link.get().state, 'hung-up');
	});

	test(`a mailbox that was empty and still is has no line in the next plan (${name})`, async context => {
		const at = ownFolder(context);
		const server = await serverWith(context, 0, capabilities);
		const {session} = await open(context, server, at);
		const {planned, over} = await call(session);
		assert.deepEqual([planned?.lines.map(({key}) => key), over?.because], [['INBOX'], '']);
		assert.deepEqual(await planOf(session), []);
		server.append('INBOX', letter('m1'));
		assert.match((await planOf(session)).join('; '), /^INBOX: [^;]*about 1 message$/);
	});

	test(`a call brings what others changed, removed and sent meanwhile (${name})`, async context => {
		const at = ownFolder(context);
		const server = await serverWith(context, 8, capabilities);
		const first = await open(context, server, at);
		await call(first.session);
		await first.session.close();
		server.expunge('INBOX', 2, 5);
		server.setFlags('INBOX', 3, ['\\Flagged']);
		server.append('INBOX', letter('m9'), ['\\Flagged']);
		server.append('INBOX', letter('m10'));
		server.expunge('INBOX', 9);
		const second = await open(context, server, at);
		assert.deepEqual(await subjects(second.session), ['m1', 'm2', 'm3', 'm4', 'm5', 'm6', 'm7', 'm8']);
		const {over} = await call(second.session);
		assert.equal(over?.because, '');
		assert.deepEqual(await subjects(second.session), ['m1', 'm3!', 'm4', 'm6', 'm7', 'm8', 'm10']);
		await second.session.close();
		const third = await open(context, server, at);
		assert.deepEqual(await subjects(third.session), ['m1', 'm3!', 'm4', 'm6', 'm7', 'm8', 'm10']);
		const before = third.session.mailbox(inbox).state.get().asOf ?? Number.POSITIVE_INFINITY;
		const again = await call(third.session);
		// Without change numbers nobody can say that nothing has changed.
		assert.equal(again.planned?.lines.length, capabilities === bare ? 1 : 0);
		if (capabilities === bare) return;
		// What is looked at is not opened for it: login, the question, the good-bye.
		assert.ok((again.over?.spent.turns ?? 9) <= 3, `${again.over?.spent.turns} turns`);
		assert.ok((third.session.mailbox(inbox).state.get().asOf ?? 0) > before, 'it is as old as the question');
	});

	test(`a mailbox that was renumbered is fetched anew, and what is shown is never of the old one (${name})`, async context => {
		const at = ownFolder(context);
		const server = await serverWith(context, 4, capabilities);
		const first = await open(context, server, at);
		await call(first.session);
		await first.session.close();
		server.setUidValidity('INBOX', 70);
		server.append('INBOX', letter('m5'));
		const second = await open(context, server, at);
		await call(second.session);
		assert.deepEqual(await subjects(second.session), ['m1', 'm2', 'm3', 'm4', 'm5']);
		assert.equal(second.session.mailbox(inbox).state.get().uidValidity, 70);
	});

	test(`what comes while what is held is compared is not counted among it, and is brought too (${name})`, async context => {
		const at = ownFolder(context);
		const server = await serverWith(context, 5, capabilities);
		const first = await open(context, server, at);
		await call(first.session);
		await first.session.close();
		const second = await open(context, server, at);
		await subjects(second.session);
		// It is sent when the mailbox is open, in front of the comparison.
		const fourth = second.session.mailbox(inbox).row(4)!.id;
		assert.ok(second.session.mailbox(inbox).decide([fourth], {kind: 'copy', to: {path: inbox}}));
		await call(second.session);
		// A plan is made of what the server said before.
		await call(second.session);
		await second.session.close();
		const third = await open(context, server, at);
		const all = await subjects(third.session);
		assert.deepEqual(all, ['m1', 'm2', 'm3', 'm4', 'm5', 'm4']);
		const copy = third.session.message(third.session.mailbox(inbox).row(6)!.id, '' as PartNumber);
		copy.ensureContent();
		await third.session.settled();
		assert.match(textOf(copy), /About m4/);
		assert.equal(third.spent().total, 0);
	});

	test(`decisions made without a line are shown at once and sent by the next call (${name})`, async context => {
		const at = ownFolder(context);
		const server = await serverWith(context, 4, capabilities);
		const first = await open(context, server, at);
		await call(first.session);
		await first.session.close();
		const second = await open(context, server, at);
		await subjects(second.session);
		const view = second.session.mailbox(inbox);
		const id = (position: number) => view.row(position)!.id;
		assert.ok(view.decide([id(2)], {kind: 'flag', flag: '\\Flagged', isSet: true}));
		assert.deepEqual(await subjects(second.session), ['m1', 'm2!', 'm3', 'm4']);
		assert.equal(second.spent().total, 0);
		const {planned} = await call(second.session);
		assert.equal(planned?.lines[0]?.kind, 'send');
		assert.ok(server.mailbox('INBOX')!.flags(2).has('\\Flagged'));
		assert.equal(second.session.link.get().state, 'hung-up');
		assert.deepEqual(await subjects(second.session), ['m1', 'm2!', 'm3', 'm4']);
	});
}

test('a wish is kept to: the newest of a mailbox and no more, and no text beyond what was wished for', async context => {
	const at = ownFolder(context);
	const server = await serverWith(context, 40);
	server.append('INBOX', letter('long', 'x'.repeat(70).concat('\r\n').repeat(300)));
	const wish: Wish = {...noWish, summaries: {last: 10}, textBytes: 1000};
	const first = await open(context, server, at, {wishes: {otherwise: noWish, mailboxes: {INBOX: wish}}});
	await call(first.session);
	await first.session.close();
	const second = await open(context, server, at);
	const view = second.session.mailbox(inbox);
	view.ensureNewest(20);
	await second.session.settled();
	assert.equal(view.state.get().count, 41);
	assert.equal(view.row(41)?.subject, 'long');
	assert.equal(view.row(32)?.subject, 'm32');
	assert.equal(view.row(31), undefined);
	const opened = second.session.message(view.row(41)!.id, '' as PartNumber);
	opened.ensureContent();
	await second.session.settled();
	assert.equal(opened.content.get().text.heldBytes, 1000);
});

test('what is struck from the plan is left alone', async context => {
	const at = ownFolder(context);
	const server = await serverWith(context, 3);
	server.append('Lists', letter('l1'));
	const wishes = {otherwise: noWish, mailboxes: {INBOX: all, Lists: all}};
	const {session} = await open(context, server, at, {wishes});
	session.planCall();
	await until(session.call, now => now?.state === 'planned');
	session.strike('INBOX', true);
	session.goCall();
	await until(session.call, now => now?.state === 'done');
	const count = (name: string) => session.mailbox(mailboxPath(name)).state.get().count;
	assert.equal(count('Lists'), 1);
	assert.equal(count('INBOX'), undefined);
});

test('the inbox is the first mailbox of a plan, though Dovecot lists it last', {
	skip: withoutDovecot,
}, async context => {
	const dovecot = await startDovecot();
	context.after(() => dovecot.stop());
	const theirs = await otherClient(dovecot.port, 'first', dovecot.password);
	await theirs.command('CREATE Lists');
	for (const name of ['Lists', 'INBOX']) await theirs.append(name, letter('m1'));
	assert.match(await theirs.command('LIST "" "*"'), /Lists.*INBOX/s);
	theirs.close();
	const at = ownFolder(context);
	const {session} = await openSession(context, {
		port: dovecot.port,
		password: dovecot.password,
		folder: path.join(at, 'state'),
		cacheFolder: path.join(at, 'cache'),
		account: {user: 'first', model: 'disconnected', wishes: {otherwise: all, mailboxes: {}}},
	});
	session.planCall();
	const plan = await until(session.call, now => now?.state === 'planned');
	assert.equal(plan?.lines[0]?.key, 'INBOX');
});

test('a plan says "up to" where as many messages may have come as went, and counts what they cost', async context => {
	const at = ownFolder(context);
	const server = await serverWith(context, 10);
	const first = await open(context, server, at);
	await call(first.session);
	await first.session.close();
	const theirs = await otherClient(server.port, 'demo', 'demo');
	await theirs.command('SELECT INBOX');
	await theirs.command('UID STORE 1:5 +FLAGS.SILENT (\\Deleted)');
	await theirs.command('UID EXPUNGE 1:5');
	theirs.close();
	for (let index = 11; index <= 15; index++) server.append('INBOX', letter(`m${index}`));
	const {session} = await open(context, server, at);
	session.planCall();
	const plan = await until(session.call, now => now?.state === 'planned');
	const [line] = plan?.lines ?? [];
	assert.equal(line?.sentence, 'INBOX: up to 5 messages');
	assert.ok((line?.bytes ?? 0) > 250 + 5 * 100, `${line?.bytes}`);
});

test('a call that is cut goes on by itself, and asks for nothing twice that came', async context => {
	const at = ownFolder(context);
	const server = await serverWith(context, 30);
	server.faults.add({kind: 'cut-before', command: /BODY.PEEK\[1\]/, times: 1});
	const {session} = await open(context, server, at);
	const {over} = await call(session);
	assert.equal(over?.state, 'done');
	assert.equal(over?.because, '');
	assert.equal((await subjects(session)).length, 30);
	assert.equal(server.mailbox('INBOX')!.uids.count, 30);
});

test('the model is changed while one reads: rows stay, nothing is asked again, and what is on the disk follows', async context => {
	const at = ownFolder(context);
	const server = await serverWith(context, 6);
	const {session, spent} = await open(context, server, at, {model: 'online'});
	assert.equal((await subjects(session)).length, 6);
	await session.settled();
	const facts = path.join(at, 'cache', 'facts.sqlite');
	assert.equal(fs.existsSync(facts), false, 'nothing is on the disk in the online model');
	spent();
	session.chooseModel('disconnected');
	assert.equal(session.mailbox(inbox).row(6)?.subject, 'm6');
	await session.settled();
	await until(session.link, ({state}) => state === 'hung-up');
	await session.close();
	const second = await open(context, server, at);
	assert.deepEqual(await subjects(second.session), ['m1', 'm2', 'm3', 'm4', 'm5', 'm6']);
	assert.equal(second.spent().total, 0);
	second.session.chooseModel('online', inbox);
	second.session.chooseModel('disconnected', inbox);
	assert.ok(second.session.mailbox(inbox).state.get().asOf !== undefined, 'without a line it is as old as it is');
	second.session.chooseModel('online', inbox);
	second.session.chooseModel('online');
	assert.equal((await subjects(second.session)).length, 6);
	await second.session.close();
	const third = await open(context, server, at);
	assert.equal(third.session.mailbox(inbox).state.get().count, undefined, 'nothing is left on the disk');
});

for (const isUp of [true, false])
	test(`a mailbox that was online for a while comes back to the disk as it is by then, the line ${isUp ? 'up' : 'down'} at first`, async context => {
		const at = ownFolder(context);
		const server = await serverWith(context, 6);
		const {session} = await open(context, server, at);
		await call(session);
		if (isUp) {
			session.dial();
			await newest(session.mailbox(inbox), 6);
			await until(session.mailbox(inbox).state, ({asOf}) => asOf === undefined);
		}
		session.chooseModel('online', inbox);
		session.dial();
		await newest(session.mailbox(inbox), 6);
		await until(session.mailbox(inbox).state, ({asOf}) => asOf === undefined);
		server.expunge('INBOX', 1);
		server.expunge('INBOX', 2);
		for (const subject of ['m7', 'm8']) server.append('INBOX', letter(subject));
		await until(session.mailbox(inbox).state, () => session.mailbox(inbox).row(6)?.subject === 'm8');
		session.chooseModel('disconnected', inbox);
		await session.settled();
		session.hangUp();
		await until(session.link, ({state}) => state === 'hung-up');
		assert.equal((await call(session)).over?.because, '');
		const {summaries, texts} = session.held(inbox);
		assert.deepEqual([summaries, texts], [6, 6]);
		await session.close();
		const {session: next} = await open(context, server, at);
		assert.deepEqual(await subjects(next), ['m3', 'm4', 'm5', 'm6', 'm7', 'm8']);
		assert.deepEqual(await planOf(next), []);
	});

test('a mailbox that is online from now on asks for no row that came from the disk, unless something came or went', async context => {
	const at = ownFolder(context);
	const server = await serverWith(context, 30);
	const first = await open(context, server, at);
	await call(first.session);
	await first.session.close();
	const {session} = await open(context, server, at);
	const mailbox = session.mailbox(inbox);
	mailbox.ensureNewest(5);
	const before = server.transcript.length;
	const headers = (): string[] =>
		server.transcript
			.slice(before)
			.filter(({by, text}) => by === 'client' && /HEADER.FIELDS/.test(text))
			.map(({text}) => text);
	session.chooseModel('online', inbox);
	await until(mailbox.state, ({asOf}) => asOf === undefined);
	mailbox.ensureRows(1, 30);
	await session.settled();
	assert.equal(mailbox.row(1)?.subject, 'm1');
	assert.deepEqual(headers(), []);
	session.hangUp();
	await until(session.link, ({state}) => state === 'hung-up');
	session.chooseModel('disconnected', inbox);
	server.append('INBOX', letter('m31'));
	session.chooseModel('online', inbox);
	await until(mailbox.state, ({count}) => count === 31);
	mailbox.ensureRows(25, 31);
	await session.settled();
	assert.equal(mailbox.row(31)?.subject, 'm31');
	assert.equal(mailbox.row(30)?.subject, 'm30');
});

test('a mailbox whose newest row is not here yet is held from then on, too', async context => {
	const at = ownFolder(context);
	const server = await serverWith(context, 40);
	const {session} = await open(context, server, at, {model: 'online'});
	const mailbox = session.mailbox(inbox);
	mailbox.ensureRows(1, 5);
	await until(mailbox.state, () => mailbox.row(5) !== undefined);
	session.dial();
	session.chooseModel('disconnected');
	mailbox.ensureRows(36, 40);
	await until(mailbox.state, () => mailbox.row(40) !== undefined);
	assert.equal(mailbox.row(40)?.subject, 'm40');
});

test('a mailbox that is looked at and empty by now keeps no call from another one', async context => {
	const at = ownFolder(context);
	const server = await serverWith(context, 3);
	server.append('Lists', letter('l1'));
	const lists = mailboxPath('Lists');
	const {session} = await open(context, server, at, {mailboxModels: {Lists: 'online'}});
	await call(session);
	session.mailbox(lists).ensureNewest(10);
	session.dial();
	await until(session.mailbox(lists).state, ({count}) => session.mailbox(lists).row(count ?? 0) !== undefined);
	session.hangUp();
	server.expunge('Lists', 1);
	server.append('INBOX', letter('m4'));
	session.mailbox(lists).ensureNewest(10);
	const {over} = await call(session);
	assert.equal(`${over?.state} ${over?.because}`, 'done ');
	const selects = commandsTo(server).filter(command => /SELECT/.test(command));
	assert.ok(selects.length < 12, selects.join('\n'));
});

test('a mailbox that is open without any of its rows is on the disk after the next call, too', async context => {
	const at = ownFolder(context);
	const server = await serverWith(context, 6);
	const {session} = await open(context, server, at, {model: 'online'});
	session.decideByUid(inbox, 7, [1], {kind: 'flag', flag: '\\Flagged', isSet: true});
	await until(session.operations, ([each]) => each?.state === 'done');
	session.chooseModel('disconnected', inbox);
	const {over} = await call(session);
	assert.equal(`${over?.state} ${over?.because}`, 'done ');
	await session.close();
	const second = await open(context, server, at);
	assert.deepEqual(await subjects(second.session), ['m1!', 'm2', 'm3', 'm4', 'm5', 'm6']);
	assert.equal(second.spent().total, 0);
});

test('a message another client moved is found where it turns up: its text is not bought again', async context => {
	const at = ownFolder(context);
	const server = await serverWith(context, 3);
	const wishes = {otherwise: noWish, mailboxes: {INBOX: all, Lists: all}};
	const first = await open(context, server, at, {wishes});
	await call(first.session);
	const other = await otherClient(server.port, 'demo', 'demo');
	context.after(() => other.close());
	await other.command('SELECT INBOX');
	await other.command('UID MOVE 2 Lists');
	first.spent();
	await call(first.session);
	assert.deepEqual(await subjects(first.session), ['m1', 'm3']);
	const lists = first.session.mailbox(mailboxPath('Lists'));
	lists.ensureNewest(5);
	await first.session.settled();
	const moved = lists.row(1);
	assert.equal(moved?.subject, 'm2');
	assert.equal(moved?.held, 'whole');
	assert.equal(first.session.usage.get().byMailbox.get(mailboxPath('Lists')) !== undefined, true);
	const opened = first.session.message(moved!.id, '' as PartNumber);
	assert.match(textOf(opened), /About m2/);
	assert.equal(first.session.usage.get().byPurpose.text > 0, true);
});

test('bodies on the disk have an end: what was read longest ago goes, never what is wished for', async context => {
	const at = ownFolder(context);
	const server = await serverWith(context, 0);
	for (let index = 1; index <= 12; index++) server.append('INBOX', letter(`m${index}`, 'x'.repeat(900)));
	const some: Wish = {...noWish, summaries: {last: 4}, textBytes: 4096};
	const options = {wishes: {otherwise: noWish, mailboxes: {INBOX: some}}, diskBytes: 6000};
	const {session} = await open(context, server, at, options);
	await call(session);
	session.dial();
	const view = session.mailbox(inbox);
	view.ensureNewest(12);
	await session.settled();
	for (let position = 1; position <= 8; position++) {
		const opened = session.message(view.row(position)!.id, '' as PartNumber);
		opened.ensureContent();
		await session.settled();
	}
	session.look();
	await session.settled();
	const held = Array.from({length: 12}, (_, index) => view.row(index + 1)?.held);
	assert.deepEqual(held.slice(8), ['whole', 'whole', 'whole', 'whole']);
	assert.equal(held[0], 'summary');
	assert.equal(held[7], 'whole');
});

test('where summaries alone are wished for, what was read goes when the disk is full', async context => {
	const server = await serverWith(context, 0);
	for (let index = 1; index <= 4; index++) server.append('INBOX', letter(`m${index}`, 'x'.repeat(900)));
	const wishes = {otherwise: noWish, mailboxes: {INBOX: {...noWish, summaries: {last: 4}} as Wish}};
	const {session} = await open(context, server, ownFolder(context), {wishes, diskBytes: 2500});
	await call(session);
	session.dial();
	const view = session.mailbox(inbox);
	view.ensureNewest(4);
	await session.settled();
	for (let position = 1; position <= 4; position++) {
		session.message(view.row(position)!.id, '' as PartNumber).ensureContent();
		await session.settled();
	}
	session.look();
	await session.settled();
	assert.deepEqual([view.row(1)?.held, view.row(4)?.held], ['summary', 'whole']);
	assert.ok(session.bodies().heldBytes <= 2500);
});

test('many texts come in few questions, however many wait, and no news is waited for in between', async context => {
	const server = await serverWith(context, 230);
	const {session} = await open(context, server, ownFolder(context));
	const {over} = await call(session);
	assert.equal(over?.because, '');
	const texts = commandsTo(server).filter(command => /BODY\.PEEK\[1\]/.test(command));
	assert.ok(texts.length > 0 && texts.length <= 10, texts.join('\n'));
	assert.ok(!commandsTo(server).some(command => /IDLE/.test(command)));
});

test('an empty mailbox is as done as any other, and the next plan has nothing for it', async context => {
	const at = ownFolder(context);
	const server = await serverWith(context, 1);
	const wishes = {otherwise: all, mailboxes: {}};
	const {session} = await open(context, server, at, {wishes});
	const {over} = await call(session);
	assert.deepEqual(
		over?.lines.map(({key, state}) => `${key} ${state}`),
		['INBOX done', 'Lists done', 'Trash done'],
	);
	assert.equal(over?.because, '');
	const again = await call(session);
	assert.deepEqual(again.planned?.lines, []);
});

test('a wish for previews brings the first words, and they are what is shown of a message whose text is not here', async context => {
	const at = ownFolder(context);
	const server = await serverWith(context, 2);
	const wish: Wish = {...noWish, summaries: 'all', hasPreviews: true};
	const first = await open(context, server, at, {wishes: {otherwise: noWish, mailboxes: {INBOX: wish}}});
	await call(first.session);
	await first.session.close();
	const second = await open(context, server, at);
	await subjects(second.session);
	const opened = second.session.message(second.session.mailbox(inbox).row(2)!.id, '' as PartNumber);
	assert.match(opened.content.get().preview, /About m2/);
	assert.equal(second.spent().total, 0);
});

test('how old lists are is said as long as the server has not told them on this line, and again when it is gone', async context => {
	const at = ownFolder(context);
	const server = await serverWith(context, 3);
	const first = await open(context, server, at);
	const mailbox = first.session.mailbox(inbox);
	const ages = (session: AccountSession): boolean[] =>
		[session.mailbox(inbox).state.get().asOf, session.mailboxes.get().asOf].map(asOf => asOf !== undefined);
	mailbox.ensureNewest(3);
	first.session.dial();
	await until(mailbox.state, ({state, asOf}) => state === 'open' && asOf === undefined);
	first.session.ensureMailboxes();
	await until(first.session.mailboxes, ({state}) => state === 'known');
	assert.deepEqual(ages(first.session), [false, false]);
	first.session.hangUp();
	await until(first.session.mailboxes, ({asOf}) => asOf !== undefined);
	assert.deepEqual(ages(first.session), [true, true]);
	assert.equal(first.session.link.get().because, '', 'that the line is down is no news here');
	await first.session.close();
	const second = await open(context, server, at);
	assert.deepEqual(ages(second.session), [true, true]);
	second.session.chooseModel('online');
	await second.session.settled();
	second.session.mailbox(inbox).ensureNewest(3);
	await second.session.settled();
	second.session.hangUp();
	await until(second.session.link, ({state}) => state === 'hung-up');
	assert.equal(second.session.mailbox(inbox).state.get().asOf, undefined, 'online nothing is from the disk');
});

test('what is moved offline is in its new mailbox at once, and can be read, flagged and deleted from there', async context => {
	const at = ownFolder(context);
	const server = await serverWith(context, 3);
	server.append('Lists', letter('l1'));
	const wishes = {otherwise: all, mailboxes: {}};
	const first = await open(context, server, at, {wishes});
	await call(first.session);
	const {session} = first;
	first.spent();
	const [box, lists, trash] = [inbox, mailboxPath('Lists'), mailboxPath('Trash')].map(path => session.mailbox(path));
	assert.ok(box && lists && trash);
	const rows = (mailbox: typeof box) =>
		Array.from({length: mailbox.state.get().count ?? 0}, (_, index) => mailbox.row(index + 1)?.subject);
	await subjects(session);
	lists.ensureNewest(10);
	trash.ensureNewest(10);
	await session.settled();
	const moved = box.row(2)!;
	assert.ok(box.decide([moved.id], {kind: 'move', to: {path: lists.path}}));
	await session.settled();
	assert.deepEqual(
		[rows(box), rows(lists)],
		[
			['m1', 'm3'],
			['l1', 'm2'],
		],
	);
	const arrived = lists.row(2)!;
	assert.equal(arrived.isPending, true);
	const [, waiting = ''] = (await printedOn(session, around => list(around, {mailbox: lists.path, limit: 9}))).stdout
		.trim()
		.split('\n');
	assert.match(waiting, /^\S*\tN\t.*\tm2$/, 'it has flags and a size in a list of the shell, too');
	assert.ok(waiting.split('\t').includes(String(moved.sizeBytes)), waiting);
	assert.equal(lists.positionOf(arrived.id), 2);
	assert.equal(
		lists.row(2),
		arrived,
		'as long as nothing changes it is the same row: a screen that asks twice is done',
	);
	const onServer = session.message(arrived.id, '' as PartNumber);
	assert.equal(onServer.summary.get(), arrived);
	assert.deepEqual(
		[onServer.lies.mailbox, onServer.lies.uid],
		['INBOX', 2],
		'what is answered is marked where it lies',
	);
	// In INBOX its UID is 2, which here is another's, or nobody's.
	lists.tag([arrived.id], true);
	assert.equal(lists.state.get().tagged, 0);
	assert.match(session.notice.get()?.text ?? '', /^What has not arrived here yet cannot be tagged/);
	const opened = session.message(arrived.id, '' as PartNumber);
	opened.ensureContent();
	await session.settled();
	assert.match(textOf(opened), /About m2/);
	assert.ok(lists.decide([arrived.id], {kind: 'flag', flag: '\\Flagged', isSet: true}));
	assert.ok(lists.row(2)?.flags.has('\\Flagged'));
	assert.ok(lists.decide([arrived.id], {kind: 'move', to: {use: 'trash'}}));
	assert.deepEqual([rows(box), rows(lists), rows(trash)], [['m1', 'm3'], ['l1'], ['m2']]);
	assert.equal(first.spent().total, 0);
	const {planned, over} = await call(session);
	assert.equal(over?.because, '');
	assert.match(planned?.lines.map(({sentence}) => sentence).join('\n') ?? '', /Trash: what you put there/);
	const state = server.mailbox('Trash')!;
	assert.equal(state.uids.count, 1);
	assert.ok(state.flags(state.uids.last).has('\\Flagged'));
	await session.settled();
	assert.deepEqual([rows(box), rows(lists), rows(trash)], [['m1', 'm3'], ['l1'], ['m2']]);
});

test('what came from several places goes back to each of them, and what never left stays', async context => {
	const server = await serverWith(context, 1);
	server.append('Lists', letter('l1'));
	server.append('Trash', letter('old'));
	const {session} = await open(context, server, ownFolder(context), {wishes: {otherwise: all, mailboxes: {}}});
	await call(session);
	const [box, lists, trash] = [inbox, mailboxPath('Lists'), mailboxPath('Trash')].map(path => session.mailbox(path));
	assert.ok(box && lists && trash);
	for (const view of [box, lists, trash]) view.ensureNewest(10);
	await session.settled();
	// Both are to be thrown away, are kept back, and go on to another mailbox from where they are shown.
	for (const view of [box, lists]) {
		assert.ok(view.decide([view.row(1)!.id], {kind: 'move', to: {use: 'trash'}}));
		session.hold(session.operations.get().at(-1)!.id, true);
	}
	const three = [1, 2, 3].map(position => trash.row(position)!);
	assert.deepEqual(
		three.map(({subject}) => subject),
		['old', 'm1', 'l1'],
	);
	assert.ok(
		trash.decide(
			three.map(({id}) => id),
			{kind: 'move', to: {path: lists.path}},
		),
	);
	for (const {id} of session.operations.get().slice(0, 2)) session.discard(id);
	await call(session);
	session.undo();
	await call(session);
	await session.settled();
	assert.deepEqual(
		session.operations.get().map(({state}) => state),
		['undone', 'done', 'done'],
	);
	const rows = (mailbox: typeof box) =>
		Array.from({length: mailbox.state.get().count ?? 0}, (_, index) => mailbox.row(index + 1)?.subject);
	assert.deepEqual([rows(box), rows(lists), rows(trash)], [['m1'], ['l1'], ['old']]);
	const counts = ['INBOX', 'Lists', 'Trash'].map(name => server.mailbox(name)!.uids.count);
	assert.deepEqual(counts, [1, 1, 1]);
});

test('what another client has moved before it left goes back to where it was shown, and not to where it lay', async context => {
	const server = await serverWith(context, 1);
	const {session} = await open(context, server, ownFolder(context), {wishes: {otherwise: all, mailboxes: {}}});
	await call(session);
	const [box, trash] = [inbox, mailboxPath('Trash')].map(path => session.mailbox(path));
	assert.ok(box && trash);
	for (const view of [box, trash]) view.ensureNewest(10);
	await session.settled();
	assert.ok(box.decide([box.row(1)!.id], {kind: 'move', to: {use: 'trash'}}));
	const [thrownAway] = session.operations.get();
	session.hold(thrownAway!.id, true);
	const other = await otherClient(server.port, 'demo', 'demo');
	await other.command('SELECT INBOX');
	await other.command('UID MOVE 1 Lists');
	other.close();
	await call(session);
	assert.equal(session.operations.get()[0]?.targets[0]?.place.mailbox, 'Lists');
	assert.equal(trash.row(1)?.subject, 'm1');
	assert.ok(trash.decide([trash.row(1)!.id], {kind: 'move', to: {path: inbox}}));
	session.hold(thrownAway!.id, false);
	await call(session);
	session.undo();
	await call(session);
	const counts = ['INBOX', 'Lists', 'Trash'].map(name => server.mailbox(name)!.uids.count);
	assert.deepEqual(counts, [0, 0, 1]);
});

test('a call that would remove more than a fifth of a mailbox for good leaves that out until the user takes it in', async context => {
	const at = ownFolder(context);
	const server = await serverWith(context, 60);
	const {session} = await open(context, server, at);
	await call(session);
	await subjects(session, 60);
	const view = session.mailbox(inbox);
	const ids = Array.from({length: 25}, (_, index) => view.row(index + 1)!.id);
	assert.ok(view.decide(ids, {kind: 'remove'}));
	const first = await call(session);
	const line = first.planned?.lines.find(({kind}) => kind === 'send');
	assert.match(line?.sentence ?? '', /removes 25 of the 60 messages in INBOX for good/);
	assert.equal(line?.isStruck, true);
	assert.equal(server.mailbox('INBOX')!.uids.count, 60, 'nothing of it was sent');
	const dryRun = (mayRemoveMany: boolean) =>
		printedOn(session, around => sync(around, {isDryRun: true, mayRemoveMany}));
	const [without, removing] = [await dryRun(false), await dryRun(true)].map(({stdout}) => stdout);
	assert.match(without ?? '', /messages in INBOX for good\tleft out\nIn all about 600 bytes/);
	assert.match(removing ?? '', /messages in INBOX for good\tabout 270 bytes\nIn all about 870 bytes/);
	session.planCall();
	await until(session.call, now => now?.state === 'planned');
	session.strike('send', false);
	session.goCall();
	await until(session.call, now => now?.state === 'done');
	assert.equal(server.mailbox('INBOX')!.uids.count, 35);
});

test('after a call the list of mailboxes says what came of it, and asks for nothing besides', async context => {
	const at = ownFolder(context);
	const server = await serverWith(context, 6);
	const first = await open(context, server, at, {wishes: {otherwise: all, mailboxes: {}}});
	const {session} = first;
	await call(session);
	await subjects(session);
	const view = session.mailbox(inbox);
	view.decide([view.row(1)!.id, view.row(2)!.id], {kind: 'move', to: {path: mailboxPath('Lists')}});
	view.decide([view.row(1)!.id], {kind: 'flag', flag: '\\Seen', isSet: true});
	session.ensureMailboxes({withCounts: true, isFresh: true});
	await call(session);
	const counts = session.mailboxes.get().mailboxes.map(({path, messages, unseen}) => `${path} ${messages} ${unseen}`);
	assert.deepEqual(counts, ['INBOX 4 3', 'Trash 0 0', 'Lists 2 2']);
});

test('a call on a line the user has dialled leaves it up', async context => {
	const at = ownFolder(context);
	const server = await serverWith(context, 2);
	const {session} = await open(context, server, at);
	session.dial();
	await until(session.link, ({state}) => state === 'up');
	await call(session);
	assert.equal(session.link.get().state, 'up');
});

for (const [what, wish] of [
	['summaries', {...all, textBytes: 0}],
	['texts', all],
] as const) {
	test(`what came by being looked at on a dialled line is not in the next plan again, where ${what} are wished for`, async context => {
		const at = ownFolder(context);
		const server = await serverWith(context, 3);
		const {session} = await open(context, server, at, {wishes: {otherwise: noWish, mailboxes: {INBOX: wish}}});
		await call(session);
		server.append('INBOX', letter('m4'));
		session.dial();
		session.mailbox(inbox).ensureNewest(10);
		await until(session.mailbox(inbox).state, () => session.mailbox(inbox).row(4) !== undefined);
		await session.settled();
		const id = session.mailbox(inbox).row(4)?.id;
		assert.ok(id);
		if (what === 'texts') {
			const unread = await planOf(session);
			assert.equal(unread.length, 1, 'its text is not here yet');
			session.message(id, '' as PartNumber).ensureContent();
			await session.settled();
		}
		assert.deepEqual(await planOf(session), []);
		session.hangUp();
		await until(session.link, ({state}) => state === 'hung-up');
		assert.deepEqual(await planOf(session), []);
	});
}

test('one mailbox that is online in a disconnected account has its line', async context => {
	const at = ownFolder(context);
	const server = await serverWith(context, 2);
	const {session} = await open(context, server, at);
	await call(session);
	session.mailbox(inbox).ensureNewest(5);
	session.chooseModel('online', inbox);
	await until(session.link, ({state}) => state === 'up');
	assert.equal((await subjects(session)).length, 2);
});

test('a line that is cut while the plan is asked for is dialled again, and the plan comes', async context => {
	const at = ownFolder(context);
	const server = await serverWith(context, 2, bare);
	server.faults.add({kind: 'cut-before', command: /^STATUS INBOX/, times: 1});
	const {session} = await open(context, server, at);
	session.planCall();
	const planned = await until(session.call, now => now !== undefined && now.state !== 'asking');
	assert.equal(planned?.state, 'planned');
	assert.deepEqual(
		planned.lines.map(({key}) => key),
		['INBOX'],
	);
});

test('a plan has its seconds at the rate of the line before, until this one is measured; a call that is stopped has nothing under way', async context => {
	const server = await serverWith(context, 3);
	const {session} = await open(context, server, ownFolder(context));
	const link = session.link as LiveSource<Link>;
	link.set({...link.get(), bytesPerSecond: 1000});
	await session.settled();
	link.set({...link.get(), bytesPerSecond: undefined});
	session.planCall();
	const planned = await until(session.call, now => now?.state === 'planned');
	assert.ok((planned?.seconds ?? 0) > 0);
	assert.ok((planned?.bytesPerSecond ?? 0) > 0);
	session.goCall();
	session.stopCall();
	const stopped = session.call.get();
	assert.deepEqual(
		[stopped?.state, stopped?.because, stopped?.lines.map(({state}) => state)],
		['ended', 'You stopped the call', ['planned']],
	);
	await session.settled();
});

test('a call that is stopped where no line can be had stops trying: nobody is dialled, and nothing sent, hours later', async context => {
	const server = await serverWith(context, 3);
	const at = ownFolder(context);
	const first = await open(context, server, at);
	await call(first.session);
	await first.session.close();
	const {session} = await open(context, server, at);
	await server.close();
	const [row] = await newest(session.mailbox(inbox), 1);
	assert.ok(row && session.mailbox(inbox).decide([row.id], {kind: 'flag', flag: '\\Flagged', isSet: true}));
	session.planCall();
	await until(session.link, now => now?.state === 'waiting');
	session.chooseModel('disconnected');
	await session.settled();
	assert.equal(session.call.get()?.state, 'asking', 'a call goes on trying');
	session.stopCall();
	await until(session.link, now => now?.state === 'hung-up');
	session.chooseModel('online');
	await until(session.link, now => now?.state === 'waiting');
	session.chooseModel('disconnected');
	await until(session.link, now => now?.state === 'hung-up');
});

test('a call says what the server refused of what it sent, and is not as if all were done', async context => {
	const server = await serverWith(context, 3);
	const {session} = await open(context, server, ownFolder(context));
	await call(session);
	const view = session.mailbox(inbox);
	const [first, , third] = await newest(view, 3);
	assert.ok(first && third);
	view.decide([first.id], {kind: 'flag', flag: '\\Flagged', isSet: true});
	view.decide([third.id], {kind: 'move', to: {path: mailboxPath('Nowhere')}});
	const {over} = await call(session);
	assert.deepEqual(
		over?.lines.filter(({kind}) => kind === 'send').map(({state}) => state),
		['failed'],
	);
	assert.equal(over?.because, 'One thing you decided was refused: see the outbox');
	const {over: later} = await call(session);
	assert.equal(later?.because, '', 'of what was refused before a call says nothing');
});

test('with the line down a message can be answered by what its summary has: whom it is from, its thread, and its text', async context => {
	const server = await serverWith(context, 2);
	const at = ownFolder(context);
	const first = await open(context, server, at);
	await call(first.session);
	await first.session.close();
	const {session, spent} = await open(context, server, at);
	const view = session.mailbox(inbox);
	const [row] = await newest(view, 1);
	assert.ok(row);
	const message = session.message(row.id);
	message.ensureContent();
	message.ensureForAnswer();
	await session.settled();
	const {header, isHeaderHere, text, isTextHere} = message.written();
	assert.deepEqual([isHeaderHere, isTextHere, text.trim()], [false, true, 'About m2.']);
	assert.match(header.toString(), /^From: .*ada@example\.org.*\r\n[\s\S]*^Message-ID: <m2@example\.org>\r$/m);
	assert.match(header.toString(), /^To: me@example\.org\r$/m);
	assert.deepEqual(
		session.addressFields('ADA@ex').map(({to}) => to),
		['me@example.org', 'me@example.org'],
	);
	assert.deepEqual(session.addressFields('100%_'), []);
	assert.equal(spent().total, 0);
});
