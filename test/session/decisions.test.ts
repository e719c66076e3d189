/**
 * Decisions: on disk first, shown at once, sent as few commands, and never lost. Against the demo server, with every
 * extension and without.
 */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import {type TestContext, test} from 'node:test';
import {type DemoServer, MailboxState, rawMessage, startDemoServer} from '../../source/demo/server.ts';
import {inbox, type MailboxPath, mailboxPath} from '../../source/model/ids.ts';
import {hasFlag, type Message} from '../../source/model/message.ts';
import type {Change} from '../../source/model/operation.ts';
import {Operations} from '../../source/session/operations.ts';
import type {OpenMailbox} from '../../source/session/session.ts';
import {OperationLog} from '../../source/store/log.ts';
import {openDatabase} from '../../source/store/open-database.ts';
import {ownFolder} from '../helpers/own-folder.ts';
import {eventually} from '../helpers/screen.ts';
import {newest, type OpenOptions, openSession} from '../helpers/session.ts';
import {smallDisk, withoutSmallDisks} from '../helpers/small-disk.ts';
import {until} from '../helpers/waiting.ts';

const letter = (subject: string): string =>
	`From: Ada <ada@example.org>\r\nMessage-ID: <${subject}@example.org>\r\nDate: Fri, 20 Nov 2026 10:00:00 +0000\r\nSubject: ${subject}\r\n\r\nText.\r\n`;

const bare = ['IMAP4rev1', 'SASL-IR', 'AUTH=PLAIN', 'SPECIAL-USE', 'IDLE'];
const archive = mailboxPath('Archive');
const seen: Change = {kind: 'flag', flag: '\\Seen', isSet: true};
const toTrash: Change = {kind: 'move', to: {use: 'trash'}};
const to = (mailbox: MailboxPath): Change => ({kind: 'move', to: {path: mailbox}});

async function serve(context: TestContext, subjects: readonly string[], capabilities?: readonly string[]) {
	const server = await startDemoServer({
		mailboxes: () => [
			{name: 'INBOX', state: new MailboxState(7)},
			{name: 'Trash', state: new MailboxState(8), specialUse: '\\Trash'},
			{name: 'Archive', state: new MailboxState(9), specialUse: '\\Archive'},
		],
		...(capabilities ? {capabilities} : {}),
		isRecording: true,
	});
	context.after(() => server.close());
	for (const each of subjects) server.append('INBOX', letter(each));
	return server;
}

const said = (server: DemoServer): string[] =>
	server.transcript.filter(({by}) => by === 'client').map(({text}) => text.replace(/^\S+ /, ''));
const changing = (server: DemoServer): string[] =>
	said(server).filter(text => /^(UID )?(STORE|COPY|MOVE|EXPUNGE)|^CLOSE/.test(text));

async function open(context: TestContext, server: DemoServer, options: Partial<OpenOptions> = {}, count = 10) {
	const opened = await openSession(context, {port: server.port, ...options});
	const view = opened.session.mailbox(inbox);
	const rows = await newest(view, count);
	await opened.session.settled();
	return {...opened, view, rows};
}

const idsOf = (rows: readonly Message[], ...subjects: readonly string[]) =>
	rows.filter(row => subjects.includes(row.subject)).map(row => row.id);
const shown = (view: OpenMailbox): string[] => {
	const {count = 0} = view.state.get();
	return Array.from({length: count}, (_, index) => view.row(index + 1)?.subject ?? '?');
};
/** What the server holds, by subject. */
function held(server: DemoServer, name: string): string[] {
	const state = server.mailbox(name)!;
	return [...state.uids.within(1, state.uids.last)].map(
		uid => /^Subject: (.*)\r$/m.exec(state.letter(uid).message.bytes.read(0, 500).toString())![1]!,
	);
}
const flagsOf = (server: DemoServer, uid: number): string[] => [...server.mailbox('INBOX')!.flags(uid)];

test('a flag is on the screen at once, pending, then on the server by one command', async context => {
	const server = await serve(context, ['one', 'two', 'three']);
	const {session, view, rows} = await open(context, server);
	assert.ok(view.decide(idsOf(rows, 'one', 'three'), seen));
	assert.ok(hasFlag(view.row(1)!, '\\Seen'));
	assert.ok(view.row(1)!.isPending);
	await session.settled();
	assert.ok(!view.row(1)!.isPending);
	assert.ok(hasFlag(view.row(1)!, '\\Seen'));
	assert.deepEqual(changing(server), ['UID STORE 1,3 +FLAGS.SILENT (\\Seen)']);
	assert.deepEqual([flagsOf(server, 1), flagsOf(server, 2)], [['\\Seen'], []]);
});

test('what is so already is not sent, and undo gives back only what was changed', async context => {
	const server = await serve(context, ['one', 'two']);
	server.setFlags('INBOX', 1, ['\\Seen']);
	const {session, view, rows} = await open(context, server);
	view.decide(idsOf(rows, 'one', 'two'), seen);
	await session.settled();
	session.undo();
	assert.ok(!hasFlag(view.row(2)!, '\\Seen'));
	await session.settled();
	assert.deepEqual(changing(server), ['UID STORE 2 +FLAGS.SILENT (\\Seen)', 'UID STORE 2 -FLAGS.SILENT (\\Seen)']);
	assert.deepEqual([flagsOf(server, 1), flagsOf(server, 2)], [['\\Seen'], []]);
});

test('a keyword is a flag like any other, and is said, since no row has a letter for it', async context => {
	const server = await serve(context, ['one']);
	const {session, view, rows} = await open(context, server);
	view.decide(idsOf(rows, 'one'), {kind: 'flag', flag: '$Forwarded', isSet: true});
	assert.match(session.notice.get()!.text, /^1 message marked \$Forwarded/);
	await session.settled();
	assert.deepEqual(flagsOf(server, 1), ['$Forwarded']);
	session.undo();
	await session.settled();
	assert.deepEqual(flagsOf(server, 1), []);
});

test('delete goes to the Trash, the row is gone at once, and undo brings it back', async context => {
	const server = await serve(context, ['one', 'two', 'three']);
	const {session, view, rows} = await open(context, server);
	assert.ok(view.decide(idsOf(rows, 'two'), toTrash));
	assert.deepEqual(shown(view), ['one', 'three']);
	await session.settled();
	assert.deepEqual(shown(view), ['one', 'three']);
	assert.deepEqual([held(server, 'INBOX'), held(server, 'Trash')], [['one', 'three'], ['two']]);
	session.undo();
	await session.settled();
	assert.deepEqual([held(server, 'INBOX'), held(server, 'Trash')], [['one', 'three', 'two'], []]);
	await newest(view, 3);
	assert.deepEqual(shown(view), ['one', 'three', 'two']);
});

for (const [name, capabilities] of [
	['without MOVE', [...bare, 'UIDPLUS']],
	['with MOVE and without UIDPLUS', [...bare, 'MOVE']],
] as const) {
	test(`a move ${name} and its undo end where they should`, async context => {
		const server = await serve(context, ['one', 'two', 'three'], capabilities);
		const {session, view, rows} = await open(context, server);
		view.decide(idsOf(rows, 'one', 'two'), to(archive));
		assert.deepEqual(shown(view), ['three']);
		await session.settled();
		assert.deepEqual([held(server, 'INBOX'), held(server, 'Archive')], [['three'], ['one', 'two']]);
		session.undo();
		await session.settled();
		assert.deepEqual([held(server, 'INBOX'), held(server, 'Archive')], [['three', 'one', 'two'], []]);
		assert.ok(!said(server).some(text => /^(EXPUNGE|CLOSE)/.test(text)));
	});
}

test('a server that can only COPY and EXPUNGE is told no EXPUNGE: the original is marked, and that is said', async context => {
	const server = await serve(context, ['one', 'other'], bare);
	server.setFlags('INBOX', 2, ['\\Deleted']);
	const {session, view, rows} = await open(context, server);
	view.decide(idsOf(rows, 'one'), to(archive));
	await session.settled();
	assert.deepEqual([held(server, 'INBOX'), held(server, 'Archive')], [['one', 'other'], ['one']]);
	assert.ok(hasFlag(view.row(1)!, '\\Deleted'));
	assert.match(session.notice.get()!.text, /no UIDPLUS.*marked as deleted/);
});

test('a COPY that is refused touches nothing more, and the message is back on the screen', async context => {
	const server = await serve(context, ['one', 'two'], [...bare, 'UIDPLUS']);
	server.faults.add({kind: 'refuse', command: /^UID COPY/, answer: 'NO', text: '[OVERQUOTA] Your shelf is full'});
	const {session, view, rows} = await open(context, server);
	view.decide(idsOf(rows, 'one'), to(archive));
	await session.settled();
	assert.deepEqual(shown(view), ['one', 'two']);
	assert.deepEqual(changing(server), ['UID COPY 1 Archive']);
	assert.match(session.notice.get()!.text, /Your shelf is full/);
	assert.equal(session.operations.get().at(-1)!.state, 'refused');
	server.faults.clear();
	session.retry(session.operations.get().at(-1)!.id);
	await session.settled();
	assert.deepEqual([held(server, 'INBOX'), held(server, 'Archive')], [['two'], ['one']]);
});

test('STORE and MOVE that are refused are told in the server’s words, and undone on the screen', async context => {
	const server = await serve(context, ['one', 'two']);
	server.faults.add({kind: 'refuse', command: /^UID (STORE|MOVE)/, answer: 'NO', text: 'Not on a Sunday'});
	const {session, view, rows} = await open(context, server);
	view.decide(idsOf(rows, 'one'), seen);
	view.decide(idsOf(rows, 'two'), toTrash);
	await session.settled();
	assert.deepEqual(shown(view), ['one', 'two']);
	assert.ok(!hasFlag(view.row(1)!, '\\Seen'));
	assert.match(session.notice.get()!.text, /Not on a Sunday/);
	assert.deepEqual(
		session.operations.get().map(({state}) => state),
		['refused', 'refused'],
	);
});

test('a move to a mailbox that is not there is refused, and another operation goes on', async context => {
	const server = await serve(context, ['one', 'two']);
	const {session, view, rows} = await open(context, server);
	view.decide(idsOf(rows, 'one'), to(mailboxPath('Nowhere')));
	view.decide(idsOf(rows, 'two'), seen);
	await session.settled();
	assert.deepEqual(shown(view), ['one', 'two']);
	assert.deepEqual(flagsOf(server, 2), ['\\Seen']);
	assert.match(session.operations.get()[0]!.refusal, /no mailbox Nowhere: create it \(:mailbox create Nowhere\)/);
});

for (const [what, command] of [
	['before it was obeyed', 'cut-before'],
	['after it was obeyed', 'cut-after'],
] as const) {
	for (const [name, capabilities, verb] of [
		['MOVE', undefined, /^UID MOVE/],
		['COPY of a move', [...bare, 'UIDPLUS'], /^UID COPY/],
		['\\Deleted of a move', [...bare, 'UIDPLUS'], /^UID STORE/],
		['UID EXPUNGE of a move', [...bare, 'UIDPLUS'], /^UID EXPUNGE/],
	] as const) {
		test(`the line is cut at the ${name}, ${what}: each message ends in one place, once`, async context => {
			const server = await serve(context, ['one', 'two', 'three'], capabilities);
			const {session, view, rows} = await open(context, server);
			server.faults.add({kind: command, command: verb, times: 1});
			view.decide(idsOf(rows, 'one', 'two'), to(archive));
			await until(session.operations, all => all.every(({state}) => state === 'done'));
			assert.deepEqual([held(server, 'INBOX'), held(server, 'Archive')], [['three'], ['one', 'two']]);
			await newest(view, 1);
			assert.deepEqual(shown(view), ['three']);
		});
	}

	for (const [name, change, verb, capabilities] of [
		['a copy', {kind: 'copy', to: {path: archive}}, /^UID COPY/, undefined],
		['a copy without COPYUID', {kind: 'copy', to: {path: archive}}, /^UID COPY/, bare],
		['a flag', seen, /^UID STORE/, undefined],
		['a removal', {kind: 'remove'}, /^UID EXPUNGE/, undefined],
	] as const) {
		test(`the line is cut at ${name}, ${what}: it is done once`, async context => {
			const server = await serve(context, ['one', 'two'], capabilities);
			const {session, view, rows} = await open(context, server);
			server.faults.add({kind: command, command: verb, times: 1});
			view.decide(idsOf(rows, 'one'), change);
			await until(session.operations, all => all.every(({state}) => state === 'done'));
			if (change.kind === 'copy') assert.deepEqual(held(server, 'Archive'), ['one']);
			if (change.kind === 'flag') assert.deepEqual(flagsOf(server, 1), ['\\Seen']);
			assert.deepEqual(held(server, 'INBOX'), change.kind === 'remove' ? ['two'] : ['one', 'two']);
		});
	}
}

test('a copy is undone by removing the copy, and nothing else', async context => {
	const server = await serve(context, ['one', 'two']);
	const {session, view, rows} = await open(context, server);
	view.decide(idsOf(rows, 'one'), {kind: 'copy', to: {path: archive}});
	await session.settled();
	assert.deepEqual(held(server, 'Archive'), ['one']);
	session.undo();
	await session.settled();
	assert.deepEqual([held(server, 'INBOX'), held(server, 'Archive')], [['one', 'two'], []]);
});

test('a copy whose original was removed for good since is all there is, and is not removed by an undo', async context => {
	const server = await serve(context, ['one', 'two']);
	const {session, view, rows} = await open(context, server);
	view.decide(idsOf(rows, 'one'), {kind: 'copy', to: {path: archive}});
	await session.settled();
	const [copied] = session.operations.get();
	view.decide(idsOf(rows, 'one'), {kind: 'remove'});
	await session.settled();
	session.undo(copied!.id);
	await session.settled();
	assert.match(session.notice.get()!.text, /all there is/);
	assert.deepEqual([held(server, 'INBOX'), held(server, 'Archive')], [['two'], ['one']]);
});

test('a copy whose UID nobody knows is not undone by guessing', async context => {
	const server = await serve(context, ['one', 'two'], [...bare, 'MOVE']);
	const {session, view, rows} = await open(context, server);
	view.decide(idsOf(rows, 'one'), {kind: 'copy', to: {path: archive}});
	await session.settled();
	session.undo();
	await session.settled();
	assert.match(session.notice.get()!.text, /did not say which messages the copies are/);
	assert.deepEqual([held(server, 'INBOX'), held(server, 'Archive')], [['one', 'two'], ['one']]);
});

test('undo before anything was sent strikes the decision: the server never hears of it', async context => {
	const server = await serve(context, ['one', 'two']);
	const {session, view, rows} = await open(context, server);
	session.hangUp();
	view.decide(idsOf(rows, 'one'), toTrash);
	assert.deepEqual(shown(view), ['two']);
	session.undo();
	assert.deepEqual(shown(view), ['one', 'two']);
	assert.deepEqual(session.operations.get(), []);
	session.dial();
	await session.settled();
	assert.deepEqual(changing(server), []);
});

test('what was decided with the line down is sent when it is back, the same flag in one command', async context => {
	const server = await serve(context, ['one', 'two', 'three', 'four']);
	const {session, view, rows} = await open(context, server);
	session.hangUp();
	for (const subject of ['one', 'three', 'four']) view.decide(idsOf(rows, subject), seen);
	await session.settled();
	assert.deepEqual(changing(server), []);
	session.dial();
	await session.settled();
	assert.deepEqual(changing(server), ['UID STORE 1,3:4 +FLAGS.SILENT (\\Seen)']);
});

test('decisions about one message are sent in the order they were made', async context => {
	const server = await serve(context, ['one', 'two']);
	const {session, view, rows} = await open(context, server);
	session.hangUp();
	view.decide(idsOf(rows, 'one'), seen);
	view.decide(idsOf(rows, 'two'), {...seen, flag: '\\Flagged'});
	view.decide(idsOf(rows, 'one'), {...seen, isSet: false});
	view.decide(idsOf(rows, 'one'), to(archive));
	session.dial();
	await session.settled();
	assert.deepEqual(changing(server), [
		'UID STORE 1 +FLAGS.SILENT (\\Seen)',
		'UID STORE 2 +FLAGS.SILENT (\\Flagged)',
		'UID STORE 1 -FLAGS.SILENT (\\Seen)',
		'UID MOVE 1 Archive',
	]);
});

test('a program that ended before it was sent sends it at the next start, by itself', async context => {
	const server = await serve(context, ['one', 'two']);
	const kept = ownFolder(context);
	const first = await open(context, server, {folder: kept});
	first.session.hangUp();
	first.view.decide(idsOf(first.rows, 'one'), toTrash);
	await first.session.close();
	const second = await openSession(context, {port: server.port, folder: kept});
	await until(second.session.operations, all => all.every(({state}) => state === 'done'));
	assert.deepEqual([held(server, 'INBOX'), held(server, 'Trash')], [['two'], ['one']]);
});

test('a program killed between command and answer looks before it sends again', async context => {
	const server = await serve(context, ['one', 'two']);
	const kept = ownFolder(context);
	const log = new OperationLog(kept);
	const place = {mailbox: inbox, uidValidity: 7, uid: 1};
	const id = log.record({kind: 'copy', to: {path: archive}}, [{message: place, wasSet: undefined}], {madeAt: 0});
	log.mark(id, [log.targets(id)[0]!.message], 'sending');
	log.close();
	// The copy had arrived.
	server.append('Archive', letter('one'));
	const {session} = await openSession(context, {port: server.port, folder: kept});
	await until(session.operations, all => all.every(({state}) => state === 'done'));
	assert.deepEqual(held(server, 'Archive'), ['one']);
});

test('of two processes one drains; the other’s decisions are sent by it, and when it ends the other takes over', async context => {
	const server = await serve(context, ['one', 'two']);
	const kept = ownFolder(context);
	const first = await open(context, server, {folder: kept});
	const second = await open(context, server, {folder: kept});
	second.view.decide(idsOf(second.rows, 'one'), seen);
	await until(second.session.operations, all => all.every(({state}) => state === 'done'));
	assert.ok(hasFlag(second.view.row(1)!, '\\Seen'));
	await first.session.close();
	second.view.decide(idsOf(second.rows, 'two'), toTrash);
	await until(second.session.operations, all => all.every(({state}) => state === 'done'));
	assert.deepEqual(held(server, 'Trash'), ['two']);
	const connections = server.transcript.filter(({text}) => /UID (STORE|MOVE)/.test(text)).map(each => each.connection);
	assert.equal(new Set(connections).size, 2);
});

test('a UIDVALIDITY that changed meanwhile: what was decided is refused in words, and no other message is touched', async context => {
	const server = await serve(context, ['one', 'two']);
	const {session, view, rows} = await open(context, server);
	session.hangUp();
	view.decide(idsOf(rows, 'two'), toTrash);
	server.setUidValidity('INBOX', 99);
	session.dial();
	await until(session.operations, all => all.every(({state}) => state === 'refused'));
	assert.match(session.notice.get()!.text, /renumbered/);
	assert.deepEqual(held(server, 'INBOX'), ['one', 'two']);
});

test('where the state is left to a server that lets nothing be written, that is said, and nothing is sent', async context => {
	const server = await serve(context, ['one'], [...bare, 'AUTH=ANONYMOUS']);
	const {session, view, rows} = await open(context, server, {account: {authentication: 'anonymous'}});
	session.chooseStatePlace(inbox, {with: 'server'});
	assert.ok(!view.decide(idsOf(rows, 'one'), toTrash));
	assert.match(session.notice.get()!.text, /read-only/);
	assert.deepEqual(shown(view), ['one']);
	await session.settled();
	assert.deepEqual(changing(server), []);
});

test('an account without a Trash says what to do, and the message stays', async context => {
	const server = await startDemoServer({mailboxes: () => [{name: 'INBOX', state: new MailboxState(7)}]});
	context.after(() => server.close());
	server.append('INBOX', letter('one'));
	const {session, view, rows} = await open(context, server);
	view.decide(idsOf(rows, 'one'), toTrash);
	await session.settled();
	assert.match(session.notice.get()!.text, /no Trash that is known.*--special trash=NAME/);
	assert.deepEqual(shown(view), ['one']);
});

test('all are tagged, a range, the unread; one command is sent for them, and undo knows what they were', async context => {
	const subjects = Array.from({length: 300}, (_, index) => `n${index + 1}`);
	const server = await serve(context, subjects);
	server.setFlags('INBOX', 5, ['\\Seen']);
	const {session, view} = await open(context, server, {}, 20);
	view.ensureTagged({what: 'range', first: 1, last: 100});
	await until(view.state, ({tagged}) => tagged === 100);
	assert.ok(view.decide('tagged', seen));
	assert.equal(view.state.get().tagged, 0);
	await session.settled();
	assert.deepEqual(changing(server), ['UID STORE 1:4,6:100 +FLAGS.SILENT (\\Seen)']);
	session.undo();
	await session.settled();
	assert.deepEqual(flagsOf(server, 5), ['\\Seen']);
	assert.deepEqual(flagsOf(server, 6), []);
	view.ensureTagged({what: 'unread'});
	await until(view.state, ({tagged}) => tagged === 299);
	view.decide('tagged', toTrash);
	await session.settled();
	assert.deepEqual(held(server, 'INBOX'), ['n5']);
	assert.equal(view.state.get().count, 1);
});

test('ten thousand messages at once: two commands, and all of them come back', async context => {
	const state = new MailboxState(7, {
		uids: [[1, 10_000]],
		letterAt: uid => ({message: rawMessage(Buffer.from(letter(`n${uid}`))), internalDate: 0}),
		flagsAt: () => [],
	});
	const server = await startDemoServer({
		isRecording: true,
		mailboxes: () => [
			{name: 'INBOX', state},
			{name: 'Trash', state: new MailboxState(8), specialUse: '\\Trash'},
		],
	});
	context.after(() => server.close());
	const {session, view} = await open(context, server, {}, 20);
	view.ensureTagged({what: 'all'});
	await until(view.state, ({tagged}) => tagged === 10_000);
	assert.ok(view.decide('tagged', toTrash));
	await session.settled();
	assert.equal(view.state.get().count, 0);
	session.undo();
	await session.settled();
	assert.equal(server.mailbox('INBOX')!.uids.count, 10_000);
	assert.equal(changing(server).length, 2);
});

test('reading marks as read, unless that is not wanted', async context => {
	for (const markRead of [true, false]) {
		const server = await serve(context, ['one']);
		const {session, rows} = await open(context, server, {preferences: {markRead}});
		const message = session.message(rows[0]!.id);
		message.ensureContent();
		await until(message.content, ({state}) => state === 'known');
		assert.deepEqual(flagsOf(server, 1), []);
		message.shown();
		await session.settled();
		assert.deepEqual(flagsOf(server, 1), markRead ? ['\\Seen'] : []);
	}
});

test('a log that cannot be written changes nothing and says so', async context => {
	const server = await serve(context, ['one']);
	const kept = ownFolder(context);
	fs.writeFileSync(
		path.join(kept, 'log.sqlite'),
		'this is no database, and longer than a header of one would have to be',
	);
	const {session, view, rows} = await open(context, server, {folder: kept});
	assert.ok(!view.decide(idsOf(rows, 'one'), toTrash));
	assert.deepEqual(shown(view), ['one']);
	assert.match(session.notice.get()!.text, /Nothing was changed/);
});

test('what is taken back while its command is on the way, or its answer is lost, is taken back on the server too', async context => {
	for (const fault of ['delay', 'cut-after'] as const) {
		const server = await serve(context, ['one', 'two']);
		const {session, view, rows} = await open(context, server);
		const command = /STORE 1 \+FLAGS/;
		server.faults.add(fault === 'delay' ? {kind: fault, command, ms: 300, times: 1} : {kind: fault, command, times: 1});
		view.decide([rows[0]!.id], seen);
		// A lost one may have been sent again by now.
		await eventually(() => changing(server).length > 0, 'the command is on its way');
		session.undo();
		await until(session.operations, all => all.every(({state}) => state !== 'waiting'));
		assert.deepEqual([...(server.mailbox('INBOX')?.flags(1) ?? [])], [], fault);
		assert.equal(hasFlag(view.row(1)!, '\\Seen'), false);
	}
});

test('on a full disk nothing is decided, nothing on the screen changes, and it goes on when there is room', {
	skip: withoutSmallDisks,
}, async context => {
	const server = await serve(context, ['one', 'two']);
	const kept = smallDisk(context, 400);
	const {session, view, rows} = await open(context, server, {folder: kept});
	const filling = path.join(kept, 'filling');
	assert.throws(() => fs.writeFileSync(filling, Buffer.alloc(1_000_000)), /ENOSPC/);
	assert.ok(!view.decide(idsOf(rows, 'one'), toTrash));
	assert.match(session.notice.get()!.text, /the disk is full/);
	assert.deepEqual(shown(view), ['one', 'two']);
	fs.rmSync(filling);
	assert.ok(view.decide(idsOf(rows, 'two'), toTrash));
	await session.settled();
	assert.deepEqual([held(server, 'INBOX'), held(server, 'Trash')], [['one'], ['two']]);
});

test('many that nobody has seen are deleted with the line down: the rows shown stay what they are', async context => {
	const subjects = Array.from({length: 60}, (_, index) => `n${index + 1}`);
	const server = await serve(context, subjects);
	const {session, view} = await open(context, server, {}, 10);
	view.ensureTagged({what: 'range', first: 1, last: 30});
	await until(view.state, ({tagged}) => tagged === 30);
	session.hangUp();
	view.decide('tagged', toTrash);
	const {count} = view.state.get();
	assert.equal(count, 30);
	assert.equal(view.row(30)!.subject, 'n60');
	assert.equal(view.row(21)!.subject, 'n51');
	assert.equal(view.positionOf(view.row(25)!.id), 25);
	session.dial();
	await session.settled();
	assert.equal(view.state.get().count, 30);
	assert.equal(view.row(30)!.subject, 'n60');
});

test('tags do not outlive the UIDVALIDITY they were made under: no other message is meant by them', async context => {
	const server = await serve(context, ['one', 'two']);
	const {session, view, rows} = await open(context, server);
	view.tag(idsOf(rows, 'one'), true);
	session.hangUp();
	server.setUidValidity('INBOX', 99);
	session.dial();
	await until(view.state, ({uidValidity}) => uidValidity === 99);
	assert.equal(view.state.get().tagged, 0);
	view.decide('tagged', toTrash);
	await session.settled();
	assert.deepEqual(held(server, 'Trash'), []);
});

test('what is going is not tagged with those around it, and a tag goes with its message', async context => {
	const server = await serve(context, ['one', 'two', 'three']);
	const {session, view, rows} = await open(context, server);
	session.hangUp();
	view.tag(idsOf(rows, 'one'), true);
	view.decide(idsOf(rows, 'one'), toTrash);
	assert.equal(view.state.get().tagged, 0);
	view.untagAll();
	session.undo();
	view.decide(idsOf(rows, 'two'), toTrash);
	view.ensureTagged({what: 'range', first: 1, last: 2});
	assert.equal(view.state.get().tagged, 2);
	view.decide('tagged', to(archive));
	session.dial();
	await until(session.operations, all => all.every(({state}) => state === 'done'));
	assert.deepEqual([held(server, 'Trash'), held(server, 'Archive')], [['two'], ['one', 'three']]);
});

test('a range is tagged by the numbers on the screen, also while a row above is being taken away', async context => {
	const server = await serve(
		context,
		Array.from({length: 60}, (_, index) => `n${index + 1}`),
	);
	const {session, view, rows} = await open(context, server, {}, 20);
	view.decide(idsOf(rows, 'n41'), to(mailboxPath('Trash')));
	view.ensureTagged({what: 'range', first: 30, last: 50});
	await until(view.state, ({tagged}) => tagged > 0);
	view.decide('tagged', to(archive));
	await session.settled();
	assert.deepEqual(
		held(server, 'Archive'),
		Array.from({length: 22}, (_, index) => `n${index + 30}`).filter(each => each !== 'n41'),
	);
});

test('a COPY that was refused and is tried again is sent again, whatever older copy lies there', async context => {
	const server = await serve(context, ['one', 'two'], [...bare, 'UIDPLUS']);
	server.append('Archive', letter('one').replace('Text.', 'An older draft.'));
	server.faults.add({kind: 'refuse', command: /^UID COPY/, answer: 'NO', text: '[OVERQUOTA] Full', times: 1});
	const {session, view, rows} = await open(context, server);
	view.decide(idsOf(rows, 'one'), to(archive));
	await session.settled();
	session.retry(session.operations.get().at(-1)!.id);
	await session.settled();
	assert.deepEqual([held(server, 'INBOX'), held(server, 'Archive')], [['two'], ['one', 'one']]);
});

test('an older copy of the same name is not removed by the undo of a copy whose answer was lost', async context => {
	const server = await serve(context, ['one', 'two']);
	server.append('Archive', letter('one').replace('Text.', 'An older draft.'));
	server.faults.add({kind: 'cut-before', command: /^UID COPY/, times: 1});
	const {session, view, rows} = await open(context, server);
	view.decide(idsOf(rows, 'one'), {kind: 'copy', to: {path: archive}});
	await until(session.operations, all => all.every(({state}) => state === 'done'));
	session.undo();
	await session.settled();
	assert.ok(held(server, 'Archive').length > 0);
});

test('a move by COPY whose answer was lost does not take an older draft of the same name for the copy', async context => {
	const server = await serve(context, ['one', 'two'], [...bare, 'UIDPLUS']);
	server.append('Archive', letter('one').replace('Text.', 'An older draft.'));
	server.faults.add({kind: 'cut-before', command: /^UID COPY/, times: 1});
	const {session, view, rows} = await open(context, server);
	view.decide(idsOf(rows, 'one'), to(archive));
	await until(session.operations, all => all.every(({state}) => state !== 'waiting'));
	assert.deepEqual([held(server, 'INBOX'), held(server, 'Archive')], [['two'], ['one', 'one']]);
});

test('a copy that is marked as deleted is none: what is moved by COPY does not end in one that goes next', async context => {
	for (const moved of [['one'], ['one', 'two']]) {
		const server = await serve(context, ['one', 'two'], [...bare, 'UIDPLUS']);
		for (const each of moved) server.append('Archive', letter(each), ['\\Deleted']);
		server.faults.add({kind: 'cut-before', command: /^UID COPY/, times: 1});
		const {session, view, rows} = await open(context, server);
		view.decide(idsOf(rows, ...moved), to(archive));
		await until(session.operations, all => all.every(({state}) => state !== 'waiting'));
		assert.deepEqual(held(server, 'Archive'), [...moved, ...moved]);
		assert.equal(held(server, 'INBOX').length, 2 - moved.length);
	}
});

test('one that was marked as deleted before it is moved by COPY is known by that when the answer is lost', async context => {
	const server = await serve(context, ['one', 'two'], [...bare, 'UIDPLUS']);
	server.setFlags('INBOX', 1, ['\\Deleted']);
	const {session, view, rows} = await open(context, server);
	server.faults.add({kind: 'cut-after', command: /^UID COPY/, times: 1});
	view.decide(idsOf(rows, 'one', 'two'), to(archive));
	await until(session.operations, all => all.every(({state}) => state !== 'waiting'));
	assert.deepEqual([held(server, 'Archive'), held(server, 'INBOX')], [['one', 'two'], []]);
});

test('what another client has flagged is shown, though it was asked only whether the messages are there', async context => {
	const server = await serve(context, ['one', 'two'], ['IMAP4rev1', 'SASL-IR', 'AUTH=PLAIN']);
	const {session, view, rows} = await open(context, server);
	const over = () => until(session.operations, all => all.every(({state}) => state !== 'waiting'));
	view.decide(idsOf(rows, 'one', 'two'), seen);
	await over();
	server.expunge('INBOX', 2);
	session.look();
	await session.settled();
	server.setFlags('INBOX', 1, ['\\Seen', '\\Flagged']);
	session.undo();
	await over();
	session.look();
	await session.settled();
	assert.deepEqual([...(view.row(1)?.flags ?? [])], ['\\Flagged']);
});

test('what is taken back while it is under way, and was refused, stays where it is and is on the screen', async context => {
	const server = await serve(context, ['one', 'two']);
	server.faults.add(
		{kind: 'delay', command: /^UID MOVE/, ms: 300, times: 1},
		{kind: 'refuse', command: /^UID MOVE/, answer: 'NO', text: 'Not on a Sunday', times: 1},
	);
	const {session, view, rows} = await open(context, server);
	view.decide(idsOf(rows, 'one'), toTrash);
	await eventually(() => changing(server).length > 0, 'the command is on its way');
	session.undo();
	await session.settled();
	assert.deepEqual(shown(view), ['one', 'two']);
	assert.deepEqual(
		session.operations.get().map(({state}) => state),
		['refused', 'done'],
	);
});

test('a log of a newer program is not written to, and that is said for each decision', async context => {
	const server = await serve(context, ['one']);
	const kept = ownFolder(context);
	const log = new OperationLog(kept);
	log.close();
	const database = openDatabase(path.join(kept, 'log.sqlite'));
	database.exec('PRAGMA user_version = 1000');
	database.close();
	const {session, view, rows} = await open(context, server, {folder: kept});
	assert.match(session.notice.get()!.text, /newer/);
	const {serial} = session.notice.get()!;
	assert.ok(!view.decide(idsOf(rows, 'one'), toTrash));
	assert.ok(session.notice.get()!.serial > serial);
	assert.match(session.notice.get()!.text, /newer/);
});

test('a disk that is full when a command is to leave: nothing is sent, the program lives, and says so', async context => {
	const server = await serve(context, ['one']);
	const kept = ownFolder(context);
	const {session, view, rows} = await open(context, server, {folder: kept});
	session.hangUp();
	view.decide(idsOf(rows, 'one'), toTrash);
	const database = openDatabase(path.join(kept, 'log.sqlite'));
	database.exec(`CREATE TRIGGER full BEFORE UPDATE ON target BEGIN SELECT RAISE(ABORT, 'no room'); END`);
	database.close();
	session.dial();
	await until(session.notice, notice => /no room/.test(notice?.text ?? ''));
	await session.settled();
	assert.deepEqual(changing(server), []);
	assert.deepEqual(held(server, 'INBOX'), ['one']);
});

test('a mailbox with an odd name gets what was moved to it', async context => {
	const name = 'Odd "name" \\ [x] %* &c';
	const server = await startDemoServer({
		mailboxes: () => [
			{name: 'INBOX', state: new MailboxState(7)},
			{name, state: new MailboxState(8)},
		],
	});
	context.after(() => server.close());
	server.append('INBOX', letter('one'));
	const {session, view, rows} = await open(context, server);
	view.decide(idsOf(rows, 'one'), to(mailboxPath(name)));
	await session.settled();
	assert.deepEqual(held(server, name), ['one']);
	session.undo();
	await session.settled();
	assert.deepEqual(held(server, 'INBOX'), ['one']);
});

test('what another process sent between reading the log and holding it is looked up, not sent again', context => {
	const kept = ownFolder(context);
	const other = new OperationLog(kept);
	context.after(() => other.close());
	const place = {mailbox: inbox, uidValidity: 7, uid: 1};
	const id = other.record({kind: 'copy', to: {path: archive}}, [{message: place, wasSet: undefined}], {madeAt: 0});
	const nothing = (): void => {};
	const operations = new Operations({
		clock: Date.now,
		folder: kept,
		onWaiting: nothing,
		onChange: nothing,
		onDone: nothing,
		onFlagged: nothing,
		onMoved: nothing,
		onRefused: nothing,
		onMailboxes: nothing,
		onCounts: nothing,
		onBroken: nothing,
	});
	context.after(() => operations.close());
	other.mark(id, [other.targets(id)[0]!.message], 'sending');
	operations.start();
	assert.equal(operations.waiting[0]!.targets[0]!.state, 'sending');
});

test('who hangs up while a copy is on its way, and dials at once, gets one copy', async context => {
	const server = await serve(context, ['one', 'two']);
	const {session, view, rows} = await open(context, server);
	server.faults.add({kind: 'delay', command: /^UID COPY/, ms: 300, times: 1});
	view.decide(idsOf(rows, 'one'), {kind: 'copy', to: {path: archive}});
	await eventually(() => changing(server).length > 0, 'the command is on its way');
	session.hangUp();
	session.dial();
	await until(session.operations, all => all.every(({state}) => state === 'done'));
	await eventually(() => said(server).includes('LOGOUT'), 'the first line has come to its end');
	assert.deepEqual(held(server, 'Archive'), ['one']);
});

test('what another process has taken back is not sent, however fresh that is', async context => {
	const server = await serve(context, ['one', 'two']);
	const kept = ownFolder(context);
	const {session, view, rows} = await open(context, server, {folder: kept});
	session.hangUp();
	view.decide(idsOf(rows, 'one'), to(archive));
	const other = new OperationLog(kept);
	context.after(() => other.close());
	assert.ok(other.strike(other.operations()[0]!.id));
	session.dial();
	await session.settled();
	assert.deepEqual(changing(server), []);
});
