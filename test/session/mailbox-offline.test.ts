/**
 * Mailboxes that are made and renamed with the line down, in the disconnected model: what is shown of them before the call
 * that does it and after, and what that call asks for.
 */
import assert from 'node:assert/strict';
import {type TestContext, test} from 'node:test';
import {MailboxState, startDemoServer} from '../../source/demo/server.ts';
import {inbox, mailboxPath} from '../../source/model/ids.ts';
import {noWish} from '../../source/model/wish.ts';
import type {AccountSession} from '../../source/session/account-session.ts';
import {call, openDisconnected} from '../helpers/disconnected.ts';
import {ownFolder} from '../helpers/own-folder.ts';
import {until} from '../helpers/waiting.ts';

const letter = (subject: string): string =>
	`From: Ada <ada@example.org>\r\nMessage-ID: <${subject}@example.org>\r\nDate: Fri, 20 Nov 2026 10:00:00 +0000\r\nSubject: ${subject}\r\n\r\nText.\r\n`;
const [fresh, projects, projekt] = ['Neu', 'Projects', 'Projekt'].map(mailboxPath) as [
	ReturnType<typeof mailboxPath>,
	ReturnType<typeof mailboxPath>,
	ReturnType<typeof mailboxPath>,
];

/** A call has brought all of it, and every problem that is told from then on. */
async function synced(context: TestContext) {
	const server = await startDemoServer({
		mailboxes: () => [
			{name: 'INBOX', state: new MailboxState(7)},
			{name: 'Trash', state: new MailboxState(8), specialUse: '\\Trash'},
			{name: 'Projects', state: new MailboxState(9)},
		],
		isRecording: true,
	});
	context.after(() => server.close());
	for (const subject of ['m1', 'm2', 'm3']) server.append('INBOX', letter(subject));
	for (const subject of ['p1', 'p2', 'p3']) server.append('Projects', letter(subject));
	const at = ownFolder(context);
	const wishes = {otherwise: {...noWish, summaries: 'all'}, mailboxes: {}} as const;
	const open = async () => (await openDisconnected(context, {port: server.port, at, wishes})).session;
	const session = await open();
	await call(session);
	const problems: string[] = [];
	session.notice.subscribe(() => {
		const {kind, text} = session.notice.get() ?? {};
		if (kind === 'problem') problems.push(String(text));
	});
	return {server, session, open, problems};
}

/** As the list of its messages does it, with what is known by then. */
function shown(session: AccountSession, path: typeof inbox) {
	const view = session.mailbox(path);
	view.ensureNewest(20);
	const {state, count} = view.state.get();
	const rows = Array.from({length: count ?? 0}, (_, index) => view.row(index + 1));
	return {state, rows: rows.map(row => `${row?.uid} ${row?.subject}`)};
}

function counts(session: AccountSession): Record<string, number | undefined> {
	return Object.fromEntries(session.mailboxes.get().mailboxes.map(({path, messages}) => [path, messages]));
}

function moveTo(session: AccountSession, uids: readonly number[], to: typeof inbox): void {
	assert.ok(session.decideByUid(inbox, 7, uids, {kind: 'move', to: {path: to}}));
}

test('a mailbox that is made with the line down is empty but for what is moved there, and after the call it is here', async context => {
	const {server, session, open, problems} = await synced(context);
	session.decideAboutMailbox({kind: 'create', mailbox: fresh});
	assert.deepEqual(shown(session, fresh), {state: 'open', rows: []});
	moveTo(session, [2], fresh);
	assert.deepEqual(shown(session, fresh), {state: 'open', rows: ['0 m2']});
	await session.close();

	const again = await open();
	assert.deepEqual(shown(again, fresh), {state: 'open', rows: ['0 m2']});
	await again.settled();
	assert.equal(again.link.get().state, 'hung-up');
	const {planned, over} = await call(again);
	assert.deepEqual(
		planned?.lines.map(({sentence}) => sentence),
		['Send 2 decisions (1 message)', 'Neu: what you put there'],
	);
	assert.equal(over?.because, '');
	assert.deepEqual(shown(again, fresh), {state: 'open', rows: ['1 m2']});
	assert.deepEqual([server.mailbox('Neu')!.uids.count, counts(again).Neu], [1, 1]);
	assert.deepEqual(problems, []);
});

test('one that was to be made and is taken back is not there', async context => {
	const {session} = await synced(context);
	session.decideAboutMailbox({kind: 'create', mailbox: fresh});
	assert.equal(session.mailbox(fresh).state.get().count, 0);
	session.undo();
	assert.equal(session.mailbox(fresh).state.get().count, undefined);
	assert.equal(session.mailbox(fresh).state.get().state, 'closed');
});

test('on a line that is up nobody asks for one whose making is kept back', async context => {
	const {server, session: before, open} = await synced(context);
	before.decideAboutMailbox({kind: 'create', mailbox: fresh});
	const made = before.operations.get()[0]!.id;
	before.hold(made, true);
	await before.close();
	const session = await open();
	session.chooseModel('online', undefined);
	shown(session, fresh);
	session.dial();
	await until(session.link, ({state}) => state === 'up');
	await session.settled();
	assert.deepEqual(shown(session, fresh), {state: 'open', rows: []});
	assert.ok(!server.transcript.some(({by, text}) => by === 'client' && /Neu/.test(text)));
	session.hold(made, false);
	await session.settled();
	server.append('Neu', letter('n1'));
	await until(session.mailbox(fresh).state, ({count}) => count === 1);
	shown(session, fresh);
	await session.settled();
	assert.deepEqual(shown(session, fresh), {state: 'open', rows: ['1 n1']});
	assert.notEqual(session.notice.get()?.kind, 'problem');
});

test('nothing asks for the former name of a mailbox once it is renamed', async context => {
	const {server, session, problems} = await synced(context);
	assert.deepEqual(shown(session, projects).rows, ['1 p1', '2 p2', '3 p3']);
	session.decideAboutMailbox({kind: 'rename', mailbox: projects, to: projekt});
	const view = session.mailbox(projects);
	view.decide([view.row(2)!.id], {kind: 'move', to: {use: 'trash'}});
	// Who is in it stays there, and looks again whenever something has changed.
	session.mailboxes.subscribe(() => void shown(session, projects));
	const {over} = await call(session);
	assert.equal(over?.because, '');
	assert.deepEqual(problems, []);
	assert.deepEqual([counts(session).Projekt, counts(session).Trash], [2, 1]);
	assert.deepEqual(shown(session, projekt).rows, ['1 p1', '3 p3']);
	assert.deepEqual(shown(session, projects).rows, ['1 p1', '3 p3']);
	await session.settled();
	const said = server.transcript.filter(({by}) => by === 'client').map(({text}) => text);
	const renamed = said.findIndex(text => / RENAME /.test(text));
	assert.deepEqual(
		said.slice(renamed + 1).filter(text => /Projects/.test(text)),
		[],
	);
});
