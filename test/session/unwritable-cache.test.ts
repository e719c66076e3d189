/** A cache that cannot be written: the session goes on with facts in memory, and says so once. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import {type TestContext, test} from 'node:test';
import {sync} from '../../source/commands/sync.ts';
import {MailboxState, startDemoServer} from '../../source/demo/server.ts';
import {inbox, type PartNumber} from '../../source/model/ids.ts';
import {noWish, type Wish} from '../../source/model/wish.ts';
import {letter} from '../helpers/bonsai-on.ts';
import {printedOn} from '../helpers/command.ts';
import {ownFolder} from '../helpers/own-folder.ts';
import {newest, openSession} from '../helpers/session.ts';
import {smallDisk, withoutSmallDisks} from '../helpers/small-disk.ts';
import {until} from '../helpers/waiting.ts';

const wish: Wish = {...noWish, summaries: 'all', textBytes: 60_000};

async function serverWith(context: TestContext, count: number, textBytes = 10) {
	const server = await startDemoServer({
		isRecording: true,
		mailboxes: () => [{name: 'INBOX', state: new MailboxState(7)}],
	});
	context.after(() => server.close());
	for (let index = 1; index <= count; index++)
		server.append('INBOX', letter({subject: `m${index}`, text: 'words '.repeat(textBytes / 6)}));
	return server;
}

const open = (context: TestContext, port: number, at: string, cacheFolder: string, waitsForNews = true) =>
	openSession(context, {
		port,
		folder: path.join(at, 'state'),
		cacheFolder,
		waitsForNews,
		account: {model: 'disconnected', wishes: {otherwise: noWish, mailboxes: {INBOX: wish}}},
	});

/** Where a folder should be there is a file. */
function noFolder(at: string): string {
	fs.writeFileSync(path.join(at, 'cache'), '');
	return path.join(at, 'cache');
}

test('where nothing can be kept a call brings into memory, what is decided is sent, and it is said once', async context => {
	const at = ownFolder(context);
	const server = await serverWith(context, 5);
	const {session, spent} = await open(context, server.port, at, noFolder(at));
	assert.match(session.notice.get()?.text ?? '', /^The cache cannot be written \(there is no folder for it\)/);
	const said: string[] = [];
	session.notice.subscribe(() => said.push(session.notice.get()?.text ?? ''));
	session.planCall();
	await until(session.call, now => now?.state === 'planned');
	session.goCall();
	const over = await until(session.call, now => now?.state === 'done' || now?.state === 'ended');
	assert.equal(over?.because, '');
	await session.settled();
	spent();
	const rows = await newest(session.mailbox(inbox), 10);
	assert.deepEqual(
		rows.map(({subject}) => String(subject)),
		['m1', 'm2', 'm3', 'm4', 'm5'],
	);
	const opened = session.message(rows[1]!.id, '' as PartNumber);
	opened.ensureContent();
	await session.settled();
	assert.equal(opened.content.get().state, 'known');
	assert.equal(spent().total, 0, 'read with the line down');
	assert.ok(session.mailbox(inbox).decide([rows[0]!.id], {kind: 'flag', flag: '\\Flagged', isSet: true}));
	session.planCall();
	await until(session.call, now => now?.state === 'planned');
	session.goCall();
	await until(session.operations, all => all.every(({state}) => state === 'done'));
	assert.deepEqual(
		said.filter(text => text.includes('cache')),
		[],
	);
});

test('bonsai sync pays for nothing that nobody can keep, sends what was decided, and says why', async context => {
	const at = ownFolder(context);
	const server = await serverWith(context, 3);
	const {session} = await open(context, server.port, at, noFolder(at), false);
	session.decideByUid(inbox, 7, [2], {kind: 'flag', flag: '\\Flagged', isSet: true});
	const {undone} = await printedOn(session, around => sync(around, {isDryRun: false, mayRemoveMany: false}));
	assert.match(undone ?? '', /left out: none of it could be kept/);
	assert.deepEqual(
		session.operations.get().map(({state}) => state),
		['done'],
	);
	assert.equal(server.transcript.filter(({by, text}) => by === 'client' && /FETCH/.test(text)).length, 0);
});

test('a disk that fills up during a call: all of it comes all the same, once', {
	skip: withoutSmallDisks,
}, async context => {
	const server = await serverWith(context, 40, 30_000);
	const {session} = await open(context, server.port, ownFolder(context), path.join(smallDisk(context, 600), 'cache'));
	session.planCall();
	await until(session.call, now => now?.state === 'planned');
	session.goCall();
	const over = await until(session.call, now => now?.state === 'done' || now?.state === 'ended');
	await session.settled();
	assert.equal(over?.because, '');
	assert.match(session.notice.get()?.text ?? '', /the disk is full/);
	const rows = await newest(session.mailbox(inbox), 40);
	assert.deepEqual(new Set(rows.map(({held}) => held)), new Set(['whole']));
	const texts = server.transcript.filter(({by, text}) => by === 'client' && /BODY.PEEK\[1\]/.test(text));
	assert.equal(new Set(texts.map(({text}) => text.replace(/^\S+/, ''))).size, texts.length, 'nothing is asked twice');
});
