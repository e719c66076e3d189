/** What the first frame shows of a mailbox on the disk: the list that the session then shows, and no more of it is read. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import {DatabaseSync} from 'node:sqlite';
import {type TestContext, test} from 'node:test';
import {inbox, type MailboxPath, mailboxPath} from '../../source/model/ids.ts';
import type {Message} from '../../source/model/message.ts';
import {safeLine} from '../../source/model/safe-text.ts';
import {noWish} from '../../source/model/wish.ts';
import type {AccountSession} from '../../source/session/account-session.ts';
import {type StoredRows, storedList} from '../../source/session/stored-list.ts';
import {FactTables} from '../../source/store/fact-tables.ts';
import {factsFile} from '../../source/store/facts.ts';
import {ownFolder} from '../helpers/own-folder.ts';
import {openSession} from '../helpers/session.ts';

const height = 20;
const lists = mailboxPath('Lists');

function foldersWith(context: TestContext, count: number, gaps = 0): {account: string; cache: string} {
	const at = ownFolder(context);
	const folders = {account: path.join(at, 'state'), cache: path.join(at, 'cache')};
	const facts = new FactTables(path.join(folders.cache, factsFile));
	const learn = (mailbox: MailboxPath, uid: number, subject: string) =>
		facts.learnSummary({
			mailbox,
			uid,
			sender: safeLine('Ada'),
			fromField: safeLine('Ada <ada@example.org>'),
			subject: safeLine(subject),
			date: 0,
			sizeBytes: 100,
			flags: new Set(uid % 3 === 0 ? [] : ['\\Seen']),
		});
	facts.transaction(() => {
		facts.learnMailbox(lists, 9);
		for (const uid of [1, 2]) learn(lists, uid, `l${uid}`);
		const mailbox = {delimiter: '/', isSelectable: true, messages: 1, unseen: 1};
		facts.mailboxes.learnListed([{...mailbox, path: inbox, specialUse: 'archive'}], 1);
		for (let uid = 1; uid <= count; uid++) {
			const id = learn(inbox, uid, `m${uid}`);
			if (uid % 5 === 0) facts.bodies.learnChunk(id, '1', 0, Buffer.from('text'));
		}
		facts.mailboxes.learnHeld(inbox, {
			uidValidity: 7,
			uidNext: count + 1,
			count: count + gaps,
			wholeFrom: 1,
			highestModseq: '1',
			syncedAt: 1,
			wishDone: undefined,
			isReadOnly: false,
		});
	});
	facts.close();
	return folders;
}

/** With the line down for good. */
const opened = async (context: TestContext, {account, cache}: {account: string; cache: string}) =>
	(
		await openSession(context, {
			port: 1,
			folder: account,
			cacheFolder: cache,
			account: {model: 'disconnected', wishes: {otherwise: noWish, mailboxes: {}}},
		})
	).session;

type Shown = {readonly count: number | undefined; readonly rows: readonly (Message | undefined)[]};

const bySession = (session: AccountSession): Shown => {
	const mailbox = session.mailbox(inbox);
	mailbox.ensureNewest(height);
	const {count = 0} = mailbox.state.get();
	return {count, rows: newestOf(count).map(position => mailbox.row(position))};
};
const byFrame = ({count, messages}: StoredRows): Shown => ({
	count,
	rows: newestOf(count).map(position => messages.get(position)),
});
const newestOf = (count: number): number[] =>
	Array.from({length: Math.min(height, count)}, (_, index) => Math.max(1, count - height + 1) + index);
const subjects = ({rows}: Shown): string[] => rows.map(row => (row === undefined ? '?' : row.subject));

type Decided = readonly [title: string, decide: (session: AccountSession) => void, oldest: string, newest: string];
const decisions: readonly Decided[] = [
	['nothing is decided', () => {}, 'm81', 'm100'],
	[
		'some of the newest are moved and one is flagged',
		session => {
			session.decideByUid(inbox, 7, [100, 98, 90], {kind: 'move', to: {path: mailboxPath('Trash')}});
			session.decideByUid(inbox, 7, [99], {kind: 'flag', flag: '\\Flagged', isSet: true});
		},
		'm78',
		'm99',
	],
	[
		'more are removed than are on a screen, here and there',
		session => {
			const uids = Array.from({length: 100}, (_, index) => index + 1).filter(uid => uid > 60 && uid % 4 !== 0);
			session.decideByUid(inbox, 7, [...uids, 3], {kind: 'remove'});
		},
		'm51',
		'm100',
	],
	[
		'some are moved away, and others come from elsewhere',
		session => {
			session.decideByUid(inbox, 7, [99, 40], {kind: 'move', to: {path: mailboxPath('Trash')}});
			session.decideByUid(lists, 9, [1], {kind: 'flag', flag: '\\Flagged', isSet: true});
			session.decideByUid(lists, 9, [1], {kind: 'move', to: {path: inbox}});
			session.decideByUid(lists, 9, [2], {kind: 'move', to: {use: 'archive'}});
		},
		'm82',
		'l2',
	],
	[
		'what is decided is of another UIDVALIDITY',
		session => session.decideByUid(inbox, 6, [100], {kind: 'remove'}),
		'm81',
		'm100',
	],
];

for (const [title, decide, oldest, newest] of decisions) {
	test(`the first frame has the rows that the session then shows (${title})`, async context => {
		const folders = foldersWith(context, 100);
		const before = await opened(context, folders);
		decide(before);
		await before.close();
		const stored = storedList(folders, inbox, height);
		assert.ok(stored?.rows);
		const frame = byFrame(stored.rows);
		assert.deepEqual([subjects(frame)[0], subjects(frame).at(-1)], [oldest, newest]);
		const session = await opened(context, folders);
		assert.deepEqual(frame, bySession(session));
		assert.equal(stored.waiting, session.operations.get().length);
		assert.equal(stored.rows.asOf, session.mailbox(inbox).state.get().asOf);
	});
}

test('where fewer are held than there are, the frame says what the session says', async context => {
	const folders = foldersWith(context, 5, 30);
	const stored = storedList(folders, inbox, height);
	assert.ok(stored?.rows);
	const shown = bySession(await opened(context, folders));
	assert.deepEqual(byFrame(stored.rows), shown);
	assert.deepEqual(subjects(shown).slice(-6), ['?', 'm1', 'm2', 'm3', 'm4', 'm5']);
});

test('what another version has written, or what is broken, is left to the session, and not touched', context => {
	const folders = foldersWith(context, 5);
	const file = path.join(folders.cache, factsFile);
	const newer = new DatabaseSync(file);
	newer.exec('PRAGMA user_version = 1000');
	newer.close();
	assert.equal(storedList(folders, inbox, height), undefined);
	fs.writeFileSync(file, 'no database, and long enough that it could be one'.repeat(100));
	const before = fs.readFileSync(file);
	assert.equal(storedList(folders, inbox, height), undefined);
	assert.deepEqual(fs.readFileSync(file), before);
});

test('an account of which nothing was ever kept has an empty list, and no file is made', context => {
	const at = ownFolder(context);
	const folders = {account: path.join(at, 'state'), cache: path.join(at, 'cache')};
	assert.deepEqual(storedList(folders, inbox, height), {waiting: 0, rows: undefined});
	assert.deepEqual(fs.readdirSync(at), []);
});

/** What SQLite is asked by `work`. */
async function askedBy(work: () => void | Promise<void>): Promise<string[]> {
	const asked = new Set<string>();
	const {prepare} = DatabaseSync.prototype;
	DatabaseSync.prototype.prepare = function (this: DatabaseSync, sql, ...rest) {
		asked.add(sql);
		return prepare.call(this, sql, ...rest);
	};
	try {
		await work();
	} finally {
		DatabaseSync.prototype.prepare = prepare;
	}
	return [...asked];
}

test('what is shown first costs O(visible): each question goes to its rows, and none counts or sorts the others', async context => {
	const folders = foldersWith(context, 300);
	const asked = await askedBy(async () => {
		storedList(folders, inbox, height);
		const session = await opened(context, folders);
		assert.equal(bySession(session).rows.filter(row => row !== undefined).length, height);
		await session.settled();
	});
	const facts = new DatabaseSync(path.join(folders.cache, factsFile), {readOnly: true});
	context.after(() => facts.close());
	const ofMessages = asked.filter(sql => /\b(summary|chunk|structure|body)\b/.test(sql));
	assert.ok(ofMessages.length >= 3, ofMessages.join('\n'));
	for (const sql of ofMessages) {
		const plan = facts.prepare(`EXPLAIN QUERY PLAN ${sql}`).all() as {detail: string}[];
		for (const {detail} of plan) assert.match(detail, /^SEARCH /, sql);
		assert.doesNotMatch(sql, /\b(count|sum|max|min)\(/i);
	}
});
