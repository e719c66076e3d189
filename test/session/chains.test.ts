/**
 * Several decisions about one message, made with the line down: a move whose new UID nobody knows yet, and then another
 * decision about what was moved. On servers with and without MOVE and UIDPLUS, and with the line cut at every command.
 */
import assert from 'node:assert/strict';
import {type TestContext, test} from 'node:test';
import {type DemoServer, MailboxState, startDemoServer} from '../../source/demo/server.ts';
import {inbox, type MailboxPath, mailboxPath} from '../../source/model/ids.ts';
import type {Change, Operation} from '../../source/model/operation.ts';
import {openSession} from '../helpers/session.ts';
import {until} from '../helpers/waiting.ts';

const bare = ['IMAP4rev1', 'SASL-IR', 'AUTH=PLAIN', 'SPECIAL-USE', 'IDLE'];
const servers: readonly (readonly [name: string, capabilities: readonly string[] | undefined])[] = [
	['MOVE and UIDPLUS', undefined],
	['UIDPLUS without MOVE', [...bare, 'UIDPLUS']],
	['MOVE without UIDPLUS', [...bare, 'MOVE']],
	['MOVE and ESEARCH without UIDPLUS', [...bare, 'MOVE', 'ESEARCH']],
];
const letter = (subject: string): string =>
	`From: Ada <ada@example.org>\r\nMessage-ID: <${subject}@example.org>\r\nDate: Fri, 20 Nov 2026 10:00:00 +0000\r\nSubject: ${subject}\r\n\r\nText.\r\n`;

const move = (to: string): Change => ({kind: 'move', to: {path: mailboxPath(to)}});
const copy = (to: string): Change => ({kind: 'copy', to: {path: mailboxPath(to)}});
const toTrash: Change = {kind: 'move', to: {use: 'trash'}};
const remove: Change = {kind: 'remove'};
const flagged: Change = {kind: 'flag', flag: '\\Flagged', isSet: true};

const places = ['INBOX', 'Archive', 'Trash', 'Lists'];
async function serve(context: TestContext, capabilities?: readonly string[], count = 3): Promise<DemoServer> {
	const server = await startDemoServer({
		mailboxes: () => [
			{name: 'INBOX', state: new MailboxState(7)},
			{name: 'Trash', state: new MailboxState(8), specialUse: '\\Trash'},
			{name: 'Archive', state: new MailboxState(9), specialUse: '\\Archive'},
			{name: 'Lists', state: new MailboxState(10)},
		],
		...(capabilities ? {capabilities} : {}),
		isRecording: true,
	});
	context.after(() => server.close());
	for (let n = 1; n <= count; n++) server.append('INBOX', letter(`m${n}`));
	return server;
}

/** `INBOX m1 \Flagged` of each message on the server. */
const held = (server: DemoServer): string[] =>
	places.flatMap(name => {
		const state = server.mailbox(name)!;
		return [...state.uids.within(1, state.uids.last)].map(uid => {
			const subject = /^Subject: (.*)\r$/m.exec(state.letter(uid).message.bytes.read(0, 500).toString())![1]!;
			return [name, subject, ...state.flags(uid)].join(' ');
		});
	});
const sent = (server: DemoServer): string[] =>
	server.transcript
		.filter(({by}) => by === 'client')
		.map(({text}) => text.replace(/^\S+ /, ''))
		.filter(text => /^UID /.test(text));

async function offline(context: TestContext, server: DemoServer) {
	const opened = await openSession(context, {port: server.port, waitsForNews: false});
	opened.session.hangUp();
	return {
		...opened,
		decide: (change: Change, ...uids: readonly number[]) =>
			opened.session.decideByUid(inbox as MailboxPath, 7, uids, change)!,
	};
}
const areOver = (all: readonly Operation[]): boolean => all.every(({state}) => state !== 'waiting');
const states = (all: readonly Operation[]): string[] => all.map(({state}) => state);

const chains: readonly (readonly [name: string, changes: readonly Change[], wanted: readonly string[]])[] = [
	['moved and then deleted', [move('Archive'), toTrash], ['INBOX m2', 'INBOX m3', 'Trash m1']],
	['moved and then flagged', [move('Archive'), flagged], ['INBOX m2', 'INBOX m3', 'Archive m1 \\Flagged']],
	['moved, and moved on', [move('Archive'), move('Lists')], ['INBOX m2', 'INBOX m3', 'Lists m1']],
	['moved away and back', [move('Archive'), move('INBOX')], ['INBOX m2', 'INBOX m3', 'INBOX m1']],
	[
		'moved, moved on, flagged and deleted',
		[move('Archive'), move('Lists'), flagged, toTrash],
		['INBOX m2', 'INBOX m3', 'Trash m1 \\Flagged'],
	],
	['flagged and then moved', [flagged, move('Archive')], ['INBOX m2', 'INBOX m3', 'Archive m1 \\Flagged']],
	['copied and then removed', [copy('Archive'), remove], ['INBOX m2', 'INBOX m3', 'Archive m1']],
	['copied and then flagged', [copy('Archive'), flagged], ['INBOX m1 \\Flagged', 'INBOX m2', 'INBOX m3', 'Archive m1']],
	['copied and then deleted', [copy('Archive'), toTrash], ['INBOX m2', 'INBOX m3', 'Archive m1', 'Trash m1']],
	['moved and then removed', [move('Archive'), remove], ['INBOX m2', 'INBOX m3']],
];

for (const [name, capabilities] of servers) {
	for (const [what, changes, wanted] of chains) {
		// Without UIDPLUS nothing can be removed for good.
		if (changes.includes(remove) && capabilities && !capabilities.includes('UIDPLUS')) continue;
		test(`with the line down ${what}, it ends there: ${name}`, async context => {
			const server = await serve(context, capabilities);
			const {session, decide} = await offline(context, server);
			for (const change of changes) decide(change, 1);
			session.dial();
			await until(session.operations, areOver);
			assert.deepEqual(
				states(session.operations.get()),
				changes.map(() => 'done'),
			);
			assert.deepEqual(held(server), wanted);
		});
	}

	for (const kind of ['cut-before', 'cut-after'] as const) {
		for (const verb of ['COPY', 'MOVE', 'STORE', 'EXPUNGE', 'SEARCH', 'FETCH'])
			test(`the line is cut ${kind === 'cut-before' ? 'before' : 'after'} UID ${verb} of a chain: it ends there, once (${name})`, async context => {
				const server = await serve(context, capabilities);
				const {session, decide} = await offline(context, server);
				server.faults.add({kind, command: new RegExp(`^UID ${verb}`), times: 1});
				decide(move('Archive'), 1, 2);
				decide(flagged, 1);
				decide(toTrash, 2);
				session.dial();
				await until(session.operations, areOver);
				assert.deepEqual(states(session.operations.get()), ['done', 'done', 'done']);
				assert.deepEqual(held(server), ['INBOX m3', 'Archive m1 \\Flagged', 'Trash m2']);
			});
	}

	test(`many chains take as many commands as one: ${name}`, async context => {
		const count = 30;
		const server = await serve(context, capabilities, count);
		const {session, decide} = await offline(context, server);
		for (let uid = 1; uid <= count; uid++) decide(move('Archive'), uid);
		for (let uid = 1; uid <= count; uid++) decide(toTrash, uid);
		session.dial();
		await until(session.operations, areOver);
		assert.equal(held(server).filter(each => each.startsWith('Trash ')).length, count);
		assert.ok(sent(server).length <= 10, sent(server).join('\n'));
	});
}

test('the original of a copy that was refused is not removed: what counted on it waits, and says so', async context => {
	const server = await serve(context);
	server.faults.add({kind: 'refuse', command: /^UID COPY/, answer: 'NO', text: '[OVERQUOTA] The shelf is full'});
	const {session, decide} = await offline(context, server);
	const copied = decide(copy('Archive'), 1);
	decide(remove, 1);
	decide(flagged, 2);
	session.dial();
	await until(session.operations, all => all[2]?.state === 'done' && all[0]?.state === 'refused');
	await session.settled();
	assert.deepEqual(states(session.operations.get()), ['refused', 'waiting', 'done']);
	assert.equal(session.operations.get()[1]!.waitsFor, copied);
	assert.deepEqual(held(server), ['INBOX m1', 'INBOX m2 \\Flagged', 'INBOX m3']);

	// Cleared from the list, it does not free what counted on it: that is held until the user lets it go.
	session.discard(copied);
	await session.settled();
	const [removal] = session.operations.get();
	assert.ok(removal?.isHeld && removal.waitsFor === undefined);
	assert.equal(held(server).length, 3);
});

test('what was refused is tried again, and then what counted on it goes on', async context => {
	const server = await serve(context);
	server.faults.add({kind: 'refuse', command: /^UID COPY/, answer: 'NO', text: '[OVERQUOTA] The shelf is full'});
	const {session, decide} = await offline(context, server);
	const copied = decide(copy('Archive'), 1);
	decide(remove, 1);
	session.dial();
	await until(session.operations, all => all[0]?.state === 'refused');
	server.faults.clear();
	session.retry(copied);
	await until(session.operations, areOver);
	assert.deepEqual(held(server), ['INBOX m2', 'INBOX m3', 'Archive m1']);
});

test('what is decided after the refusal does not count on it', async context => {
	const server = await serve(context);
	const {session, decide} = await offline(context, server);
	decide(move('Nowhere'), 1);
	session.dial();
	await until(session.operations, areOver);
	decide(toTrash, 1);
	await until(session.operations, areOver);
	assert.deepEqual(states(session.operations.get()), ['refused', 'done']);
	assert.deepEqual(held(server), ['INBOX m2', 'INBOX m3', 'Trash m1']);
});

test('of several in one command that is refused only those fail that the server means', async context => {
	const server = await serve(context);
	// It will not have the first one moved, by itself or among others.
	server.faults.add({kind: 'refuse', command: /^UID MOVE 1\b/, answer: 'NO', text: 'Not this one'});
	const {session, decide} = await offline(context, server);
	for (const uid of [1, 2, 3]) decide(move('Archive'), uid);
	session.dial();
	await until(session.operations, areOver);
	assert.deepEqual(states(session.operations.get()), ['refused', 'done', 'done']);
	assert.deepEqual(held(server), ['INBOX m1', 'Archive m2', 'Archive m3']);
	assert.match(session.operations.get()[0]!.refusal, /Not this one/);
});

test('what is held is not sent, nor what depends on it, and is when it is let go; the line rests meanwhile', async context => {
	const server = await serve(context);
	const {session, decide} = await offline(context, server);
	const held1 = decide(move('Archive'), 1);
	decide(flagged, 1);
	decide(flagged, 2);
	session.hold(held1, true);
	session.dial();
	await session.settled();
	assert.deepEqual(states(session.operations.get()), ['waiting', 'waiting', 'done']);
	assert.deepEqual(held(server), ['INBOX m1', 'INBOX m2 \\Flagged', 'INBOX m3']);
	session.hold(held1, false);
	await until(session.operations, areOver);
	assert.deepEqual(held(server), ['INBOX m2 \\Flagged', 'INBOX m3', 'Archive m1 \\Flagged']);
	session.hold(held1, true);
	assert.match(session.notice.get()!.text, /sent already/);
});

test('any decision can be undone, not only the last', async context => {
	const server = await serve(context);
	const {session, decide} = await offline(context, server);
	const first = decide(move('Archive'), 1);
	decide(flagged, 2);
	session.dial();
	await until(session.operations, areOver);
	session.undo(first);
	await until(session.operations, areOver);
	assert.deepEqual(held(server), ['INBOX m2 \\Flagged', 'INBOX m3', 'INBOX m1']);
});
