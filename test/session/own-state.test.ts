/** Mailboxes whose messages' state is not the server's: it is ours, alone or shared. Against the demo server. */
import assert from 'node:assert/strict';
import {type TestContext, test} from 'node:test';
import {type DemoServer, fullCapabilities, MailboxState, startDemoServer} from '../../source/demo/server.ts';
import {mailboxPath} from '../../source/model/ids.ts';
import {hasFlag, type Message} from '../../source/model/message.ts';
import type {Change} from '../../source/model/operation.ts';
import {OwnStates} from '../../source/session/own-states.ts';
import type {OpenMailbox} from '../../source/session/session.ts';
import {otherClient} from '../helpers/other-client.ts';
import {ownFolder} from '../helpers/own-folder.ts';
import {newest, type OpenOptions, openSession} from '../helpers/session.ts';
import {until} from '../helpers/waiting.ts';

const net = mailboxPath('r.net');
const seen: Change = {kind: 'flag', flag: '\\Seen', isSet: true};
const toTrash: Change = {kind: 'move', to: {use: 'trash'}};
const letter = (subject: string): string => `From: Ada <ada@example.org>\r\nSubject: ${subject}\r\n\r\nText.\r\n`;

/** Whoever is anonymous may only read. */
async function serve(context: TestContext, subjects: readonly string[]): Promise<DemoServer> {
	const server = await startDemoServer({
		mailboxes: () => [
			{name: 'INBOX', state: new MailboxState(1)},
			{name: 'r.net', state: new MailboxState(7)},
		],
		capabilities: [...fullCapabilities, 'AUTH=ANONYMOUS'],
		isRecording: true,
	});
	context.after(() => server.close());
	for (const each of subjects) server.append('r.net', letter(each));
	return server;
}

async function open(context: TestContext, server: DemoServer, options: Partial<OpenOptions> = {}) {
	const account = {authentication: 'anonymous', user: '', ...options.account} as const;
	const opened = await openSession(context, {port: server.port, ...options, account});
	const view = opened.session.mailbox(net);
	return {...opened, view, rows: await newest(view, 10)};
}

const shown = (view: OpenMailbox): string[] =>
	Array.from({length: view.state.get().count ?? 0}, (_, index) => {
		const message = view.row(index + 1) as Message;
		const letters = [hasFlag(message, '\\Seen') ? '' : 'N', hasFlag(message, '\\Flagged') ? 'F' : ''].join('');
		return `${message.subject}${letters === '' ? '' : ` ${letters}`}`;
	});

const idsOf = (rows: readonly Message[], ...subjects: string[]) =>
	subjects.map(subject => (rows.find(row => row.subject === subject) as Message).id);

const changing = (server: DemoServer): string[] =>
	server.transcript
		.filter(({by}) => by === 'client')
		.map(({text}) => text.replace(/^\S+ /, ''))
		.filter(text => /^(UID )?(STORE|COPY|MOVE|EXPUNGE)/.test(text));

test('in a mailbox that cannot be written, read, flagged and hidden are ours, and no word of it goes to the server', async context => {
	const server = await serve(context, ['a', 'b', 'c', 'd']);
	const {session, view, rows} = await open(context, server);
	assert.equal(view.state.get().statePlace.with, 'client');
	assert.equal(view.decide(idsOf(rows, 'a', 'b'), seen), true);
	assert.equal(view.decide(idsOf(rows, 'b'), {kind: 'flag', flag: '\\Flagged', isSet: true}), true);
	assert.equal(view.decide(idsOf(rows, 'c'), toTrash), true);
	assert.deepEqual(shown(view), ['a', 'b F', 'd N']);
	assert.equal(view.row(1)?.isPending, false);
	assert.deepEqual(session.operations.get(), []);
	await session.settled();
	assert.deepEqual(changing(server), []);
});

test('where the newest are hidden all others are asked for, also by who asks only once', async context => {
	const server = await serve(context, ['a', 'b', 'c', 'd']);
	const at = ownFolder(context);
	const before = await open(context, server, {own: new OwnStates(at)});
	before.view.decide(idsOf(before.rows, 'c', 'd'), toTrash);
	await before.session.close();
	const account = {authentication: 'anonymous', user: '', port: before.line.port} as const;
	// Nothing that looks at the disk from time to time has it asked for again.
	context.mock.timers.enable({apis: ['setInterval']});
	const {session} = await openSession(context, {
		port: server.port,
		own: new OwnStates(at),
		account,
		waitsForNews: false,
	});
	session.chooseStatePlace(net, {with: 'client'});
	const view = session.mailbox(net);
	view.ensureNewest(10);
	await session.settled();
	await until(view.state, ({count}) => count === 2);
	assert.deepEqual(shown(view), ['a N', 'b N']);
});

test('what was decided comes back after a restart, and for another UIDVALIDITY does not', async context => {
	const server = await serve(context, ['a', 'b', 'c']);
	const at = ownFolder(context);
	// The port is part of the name of the mailbox.
	const first = await open(context, server, {own: new OwnStates(at)});
	first.view.decide(idsOf(first.rows, 'a'), seen);
	first.view.decide(idsOf(first.rows, 'b'), {kind: 'remove'});
	await first.session.close();
	const again = new OwnStates(at);
	const mailbox = {url: `imap://127.0.0.1:${first.line.port}/r.net`, uidValidity: 7};
	assert.deepEqual(again.state.marked(mailbox, '\\Seen'), [1]);
	assert.deepEqual(again.state.marked(mailbox, '\\Hidden'), [2]);
	const {view} = await open(context, server, {own: again, account: {port: first.line.port}});
	assert.deepEqual(shown(view), ['a', 'c N']);
	server.setUidValidity('r.net', 8);
	await until(view.state, ({uidValidity}) => uidValidity === 8);
	await newest(view, 10);
	assert.deepEqual(shown(view), ['a N', 'b N', 'c N']);
});

test('a decision is taken back, the last one first', async context => {
	const server = await serve(context, ['a', 'b']);
	const {session, view, rows} = await open(context, server);
	view.decide(idsOf(rows, 'a'), seen);
	view.decide(idsOf(rows, 'a'), toTrash);
	assert.deepEqual(shown(view), ['b N']);
	session.undo();
	assert.deepEqual(shown(view), ['a', 'b N']);
	assert.equal(session.notice.get()?.text, '1 message shown again');
	session.undo();
	assert.deepEqual(shown(view), ['a N', 'b N']);
	session.undo();
	assert.equal(session.notice.get()?.text, 'there is nothing to undo');
});

test('moving is refused with a sentence that says what can be done, and nothing is hidden by it', async context => {
	const server = await serve(context, ['a']);
	const {session, view, rows} = await open(context, server);
	assert.equal(view.decide(idsOf(rows, 'a'), {kind: 'move', to: {path: mailboxPath('INBOX')}}), false);
	assert.equal(
		session.notice.get()?.text,
		'These messages are not ours to move: copy them, or hide them here with delete',
	);
	assert.deepEqual(shown(view), ['a N']);
});

test('unread for us is what counts, in the list of mailboxes and for tags', async context => {
	const server = await serve(context, ['a', 'b', 'c', 'd']);
	const {session, view, rows} = await open(context, server);
	const unseen = (): number | undefined =>
		session.mailboxes.get().mailboxes.find(({path: each}) => each === net)?.unseen;
	session.ensureMailboxes();
	await until(session.mailboxes, () => unseen() === 4);
	view.decide(idsOf(rows, 'a', 'b'), seen);
	view.decide(idsOf(rows, 'c'), toTrash);
	assert.equal(unseen(), 1);
	view.ensureTagged({what: 'unread'});
	await until(view.state, ({tagged}) => tagged > 0);
	assert.equal(view.decide('tagged', {kind: 'flag', flag: '\\Flagged', isSet: true}), true);
	assert.deepEqual(shown(view), ['a', 'b', 'd NF']);
	session.undo();
	assert.equal(unseen(), 1);
});

test('a mailbox one may write to can have its state here too, and the other way round it is gone from sight', async context => {
	const server = await serve(context, ['a', 'b']);
	const {session, view, rows} = await open(context, server, {account: {authentication: 'plain', user: 'demo'}});
	assert.equal(view.state.get().statePlace.with, 'server');
	session.chooseStatePlace(net, {with: 'client'});
	assert.equal(view.state.get().statePlace.with, 'client');
	view.decide(idsOf(rows, 'a'), seen);
	view.decide(idsOf(rows, 'b'), toTrash);
	assert.deepEqual(shown(view), ['a']);
	session.chooseStatePlace(net, {with: 'server'});
	assert.deepEqual(shown(view), ['a N', 'b N']);
	await session.settled();
	assert.deepEqual(changing(server), []);
});

test('another Bonsai on this machine shows it as well, within a second', async context => {
	const server = await serve(context, ['a']);
	const at = ownFolder(context);
	const [one, other] = [new OwnStates(at), new OwnStates(at)];
	const {view, rows, line} = await open(context, server, {own: one});
	other.decide({url: `imap://127.0.0.1:${line.port}/r.net`, uidValidity: 7}, [1], '\\Seen', true, 1);
	await until(view.state, () => hasFlag(view.row(1) as Message, '\\Seen'));
	assert.equal(rows.length, 1);
	other.state.close();
});

test('what is read on one client is seen on the other, where both share a folder', async context => {
	const server = await serve(context, ['a', 'b']);
	const [shared, at, other] = [ownFolder(context), ownFolder(context), ownFolder(context)];
	const statePlaces = {'r.net': {with: 'shared', place: {in: 'folder', folder: shared}}} as const;
	const one = await open(context, server, {own: new OwnStates(at), account: {statePlaces}});
	// The same server by the same name: the line of the first.
	const {port} = one.line;
	const two = await open(context, server, {own: new OwnStates(other), account: {statePlaces, port}});
	one.view.decide(idsOf(one.rows, 'a'), seen);
	await until(two.view.state, () => hasFlag(two.view.row(1) as Message, '\\Seen'));
	two.view.decide(idsOf(two.rows, 'b'), toTrash);
	await until(one.view.state, ({count}) => count === 1);
	assert.deepEqual(shown(one.view), ['a']);
	assert.deepEqual(changing(server), []);
});

/** A mailbox that is ours to write to and whose state is kept here all the same, so that it can be renamed. */
async function ours(context: TestContext, capabilities: readonly string[] = fullCapabilities) {
	const server = await startDemoServer({
		mailboxes: () => [
			{name: 'INBOX', state: new MailboxState(1)},
			{name: 'r.net', state: new MailboxState(7)},
			{name: 'r.other', state: new MailboxState(8)},
		],
		capabilities,
	});
	context.after(() => server.close());
	for (const each of ['a', 'b', 'c']) server.append('r.net', letter(each));
	const opened = await openSession(context, {
		port: server.port,
		account: {statePlaces: {'r.net': {with: 'client'}}},
		folder: ownFolder(context),
		own: new OwnStates(undefined),
	});
	const view = opened.session.mailbox(net);
	view.decide(idsOf(await newest(view, 10), 'a', 'b'), seen);
	assert.deepEqual(shown(view), ['a', 'b', 'c N']);
	return {server, ...opened};
}

test('what was marked in a mailbox that we rename goes along, and so does where its state is kept', async context => {
	const {session} = await ours(context);
	const now = mailboxPath('r.networks');
	session.decideAboutMailbox({kind: 'rename', mailbox: net, to: now});
	await until(session.operations, all => all.some(({state}) => state === 'done'));
	const view = session.mailbox(now);
	await newest(view, 10);
	assert.equal(view.state.get().statePlace.with, 'client');
	assert.deepEqual(shown(view), ['a', 'b', 'c N']);
});

for (const [words, capabilities] of [
	['its UIDVALIDITY is in the list', fullCapabilities],
	['it is told when it is opened', ['IMAP4rev1', 'SASL-IR', 'AUTH=PLAIN']],
] as const) {
	test(`what was marked in a mailbox that another client renames goes along, where ${words}`, async context => {
		const {session, server} = await ours(context, capabilities);
		session.ensureMailboxes();
		await until(session.mailboxes, ({mailboxes}) => mailboxes.length === 3);
		await session.settled();
		const other = await otherClient(server.port, 'demo', 'demo');
		await other.command('RENAME r.net r.networks');
		await other.command('CREATE r.new');
		other.close();
		session.ensureMailboxes({isFresh: true});
		await until(session.mailboxes, ({mailboxes}) => mailboxes.some(({path}) => path === 'r.networks'));
		const view = session.mailbox(mailboxPath('r.networks'));
		await newest(view, 10);
		assert.equal(view.state.get().statePlace.with, 'client');
		assert.deepEqual(shown(view), ['a', 'b', 'c N']);
	});
}
