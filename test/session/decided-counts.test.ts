/**
 * The list of mailboxes counts what was decided as if the server had done it: what it says with the line down is what the
 * server says when all of it is sent.
 */
import assert from 'node:assert/strict';
import {type TestContext, test} from 'node:test';
import {MailboxState, startDemoServer} from '../../source/demo/server.ts';
import {inbox, type MailboxPath, mailboxPath} from '../../source/model/ids.ts';
import type {Change} from '../../source/model/operation.ts';
import {noWish, type Wish} from '../../source/model/wish.ts';
import type {AccountSession} from '../../source/session/account-session.ts';
import {chance} from '../helpers/chance.ts';
import {call, openDisconnected} from '../helpers/disconnected.ts';
import {otherClient} from '../helpers/other-client.ts';
import {ownFolder} from '../helpers/own-folder.ts';
import {until} from '../helpers/waiting.ts';

const letter = (subject: string): string =>
	`From: Ada <ada@example.org>\r\nMessage-ID: <${subject}@example.org>\r\nDate: Fri, 20 Nov 2026 10:00:00 +0000\r\nSubject: ${subject}\r\n\r\nText.\r\n`;
const [archive, trash, made] = [mailboxPath('Archive'), mailboxPath('Trash'), mailboxPath('Made')];
const all: Wish = {...noWish, summaries: 'all'};
const move = (to: MailboxPath): Change => ({kind: 'move', to: {path: to}});
const copy = (to: MailboxPath): Change => ({kind: 'copy', to: {path: to}});
const seen = (isSet: boolean): Change => ({kind: 'flag', flag: '\\Seen', isSet});

/** Ten messages, of which the first four are read, of them a call has brought the summaries. */
async function synced(context: TestContext, wishes: Readonly<Record<string, Wish>> = {INBOX: all}) {
	const server = await startDemoServer({
		mailboxes: () => [
			{name: 'INBOX', state: new MailboxState(7)},
			{name: 'Archive', state: new MailboxState(9)},
			{name: 'Trash', state: new MailboxState(8), specialUse: '\\Trash'},
		],
	});
	context.after(() => server.close());
	for (let n = 1; n <= 10; n++) server.append('INBOX', letter(`m${n}`), n <= 4 ? ['\\Seen'] : []);
	const at = ownFolder(context);
	const open = async () =>
		(await openDisconnected(context, {port: server.port, at, wishes: {otherwise: noWish, mailboxes: wishes}})).session;
	const session = await open();
	await call(session);
	session.hangUp();
	return {server, session, open};
}

const counts = (session: AccountSession): Record<string, string> =>
	Object.fromEntries(
		session.mailboxes.get().mailboxes.map(({path, messages, unseen}) => [path, `${unseen} of ${messages}`]),
	);

/** As the server tells it when it is asked. */
async function toldCounts(session: AccountSession): Promise<Record<string, string>> {
	session.dial();
	session.ensureMailboxes({isFresh: true});
	await session.settled();
	await until(session.mailboxes, ({asOf}) => asOf === undefined);
	return counts(session);
}

test('what was read, moved, copied and removed is counted at once, and taken back with it', async context => {
	const {session} = await synced(context);
	const before = {INBOX: '6 of 10', Archive: '0 of 0', Trash: '0 of 0'};
	assert.deepEqual(counts(session), before);
	const decide = (uids: number[], change: Change) => session.decideByUid(inbox, 7, uids, change);
	decide([5, 6], seen(true));
	assert.deepEqual(counts(session), {...before, INBOX: '4 of 10'});
	decide([6, 7, 1], move(archive));
	assert.deepEqual(counts(session), {...before, INBOX: '3 of 7', Archive: '1 of 3'});
	decide([8], copy(archive));
	assert.deepEqual(counts(session), {...before, INBOX: '3 of 7', Archive: '2 of 4'});
	decide([9, 2], {kind: 'move', to: {use: 'trash'}});
	decide([3], {kind: 'remove'});
	assert.deepEqual(counts(session), {INBOX: '2 of 4', Archive: '2 of 4', Trash: '1 of 2'});
	for (let n = 0; n < 4; n++) session.undo();
	assert.deepEqual(counts(session), {...before, INBOX: '4 of 10'});
	session.undo();
	assert.deepEqual(counts(session), before);
});

test('it is so after a start, and no call is needed for it', async context => {
	const {session, open} = await synced(context);
	session.decideByUid(inbox, 7, [9, 1], move(archive));
	await session.close();
	assert.deepEqual(counts(await open()), {INBOX: '5 of 8', Archive: '1 of 2', Trash: '0 of 0'});
});

test('a mailbox that is made and filled in one call is counted, though nothing of it is wished for', async context => {
	const {session, open} = await synced(context);
	session.decideAboutMailbox({kind: 'create', mailbox: made});
	session.decideByUid(inbox, 7, [9, 1], move(made));
	session.decideAboutMailbox({kind: 'rename', mailbox: archive, to: mailboxPath('Kept')});
	session.decideByUid(inbox, 7, [10], copy(mailboxPath('Kept')));
	const decided = {INBOX: '5 of 8', Kept: '1 of 1', Made: '1 of 2', Trash: '0 of 0'};
	assert.deepEqual(counts(session), decided);
	await call(session);
	assert.deepEqual(counts(session), decided);
	await session.close();
	const again = await open();
	assert.deepEqual(counts(again), decided);
	assert.deepEqual(await toldCounts(again), decided);
});

test('names follow: what is put into a mailbox that gets another name, or is made anew, is counted there', async context => {
	const {session} = await synced(context);
	const x = mailboxPath('X');
	session.decideAboutMailbox({kind: 'create', mailbox: x});
	session.decideByUid(inbox, 7, [9, 1], move(x));
	session.decideAboutMailbox({kind: 'rename', mailbox: x, to: made});
	session.decideByUid(inbox, 7, [10], copy(made));
	const decided = {INBOX: '5 of 8', Archive: '0 of 0', Made: '2 of 3', Trash: '0 of 0'};
	assert.deepEqual(counts(session), decided);
	await call(session);
	assert.deepEqual(counts(session), decided);
	session.decideAboutMailbox({kind: 'delete', mailbox: made});
	assert.deepEqual(counts(session), {INBOX: '5 of 8', Archive: '0 of 0', Trash: '0 of 0'});
});

test('what is sent and not told again is so after a start: a second hop, a quit in the middle', async context => {
	const {session, open} = await synced(context, {INBOX: all, Archive: all});
	session.mailbox(archive).ensureNewest(10);
	session.decideByUid(inbox, 7, [9], move(archive));
	const held = session.decideByUid(inbox, 7, [9], move(trash))!;
	session.hold(held, true);
	const decided = {INBOX: '5 of 9', Archive: '0 of 0', Trash: '1 of 1'};
	assert.deepEqual(counts(session), decided);
	await call(session);
	assert.deepEqual(counts(session), decided);
	session.hold(held, false);
	session.dial();
	await until(session.operations, each => each.every(({state}) => state === 'done'));
	assert.deepEqual(counts(session), decided);
	await session.close();
	assert.deepEqual(counts(await open()), decided);
});

test('what was refused, and what another client has removed meanwhile, is counted as it stands on the server', async context => {
	const {server, session} = await synced(context);
	const id = session.decideByUid(inbox, 7, [9, 10], move(archive));
	session.hold(id!, true);
	const other = await otherClient(server.port, 'demo', 'demo');
	await other.command('SELECT INBOX');
	await other.command('UID STORE 9 +FLAGS.SILENT (\\Deleted)');
	await other.command('UID EXPUNGE 9');
	other.close();
	session.decideByUid(inbox, 7, [8], move(mailboxPath('Nowhere')));
	await call(session);
	assert.deepEqual(
		session.operations.get().map(({state}) => state),
		['waiting', 'refused'],
	);
	assert.deepEqual(counts(session), {INBOX: '4 of 8', Archive: '1 of 1', Trash: '0 of 0'});
});

test('what is moved away and back is in its mailbox all the time, and after the call', async context => {
	const {session} = await synced(context, {INBOX: all, Archive: all});
	const [view, other] = [session.mailbox(inbox), session.mailbox(archive)];
	const rows = () => ({inbox: view.state.get().count, archive: other.state.get().count});
	view.decide([view.row(3)!.id], move(archive));
	assert.deepEqual(rows(), {inbox: 9, archive: 1});
	other.decide([other.row(1)!.id], move(inbox));
	assert.deepEqual(rows(), {inbox: 10, archive: 0});
	assert.equal(view.row(10)?.subject, 'm3');
	view.decide([view.row(10)!.id], seen(false));
	await call(session);
	assert.deepEqual(rows(), {inbox: 10, archive: 0});
	view.ensureNewest(10);
	await session.settled();
	assert.deepEqual([view.row(10)?.subject, view.row(10)?.uid, view.row(10)?.flags.has('\\Seen')], ['m3', 11, false]);
});

test('a copy is in a mailbox that is wished for after the call that made it', async context => {
	const {session} = await synced(context, {INBOX: all, Archive: all});
	session.decideByUid(inbox, 7, [3, 9], copy(archive));
	await call(session);
	assert.equal(session.mailbox(archive).state.get().count, 2);
	assert.equal(session.mailbox(archive).row(2)?.subject, 'm9');
});

const seeds = 12;
test(`whatever is decided, the server says the same of it when it is sent (${seeds} seeds)`, async context => {
	const first = Number(process.env.BONSAI_SEED ?? 1);
	for (let seed = first; seed < first + seeds; seed++)
		await context.test(`seed ${seed}`, async inner => {
			const below = chance(seed);
			const wishes = below(2) === 0 ? {INBOX: all, Archive: all, Trash: all} : {INBOX: all};
			const {session} = await synced(inner, wishes);
			session.decideAboutMailbox({kind: 'create', mailbox: made});
			const mailboxes = [inbox, archive, trash, made];
			const changes = [seen(true), seen(false), ...mailboxes.map(move), copy(archive), {kind: 'remove'} as const];
			for (let step = 0; step < 25; step++) {
				const from = mailboxes[below(4)]!;
				const view = session.mailbox(from);
				const {count = 0} = view.state.get();
				const row = count === 0 ? undefined : view.row(1 + below(count));
				const change = changes[below(changes.length)]!;
				if (row === undefined || (change.kind === 'move' && 'path' in change.to && change.to.path === from)) continue;
				if (below(8) === 0 && session.operations.get().length > 1) session.undo();
				else view.decide([row.id], change);
			}
			const decided = counts(session);
			const rows = (path: MailboxPath) => session.mailbox(path).state.get().count;
			const known = session.mailboxes.get().mailboxes.filter(({path}) => rows(path) !== undefined);
			// A copy has no row before it is made.
			const isCopied = session.operations.get().some(({change}) => change.kind === 'copy');
			for (const {path, messages} of known)
				if (path !== archive || !isCopied) assert.equal(rows(path), messages, `rows of ${path}`);
			await call(session);
			assert.ok(session.operations.get().every(({state}) => state !== 'waiting' && state !== 'refused'));
			assert.deepEqual(counts(session), decided, 'after the call');
			for (const {path} of known)
				if (path in wishes)
					assert.equal(`${rows(path)}`, decided[path]!.split(' ').at(-1), `rows of ${path}, after it`);
			assert.deepEqual(await toldCounts(session), decided, 'as the server tells it');
		});
});
