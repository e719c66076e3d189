/**
 * What was decided about messages that another client has removed meanwhile hides nothing else, for as long as it waits.
 */
import assert from 'node:assert/strict';
import path from 'node:path';
import {type TestContext, test} from 'node:test';
import {MailboxState, startDemoServer} from '../../source/demo/server.ts';
import {inbox, mailboxPath} from '../../source/model/ids.ts';
import {noWish, type Wish} from '../../source/model/wish.ts';
import type {AccountSession} from '../../source/session/account-session.ts';
import {storedList} from '../../source/session/stored-list.ts';
import {call, openDisconnected} from '../helpers/disconnected.ts';
import {otherClient} from '../helpers/other-client.ts';
import {ownFolder} from '../helpers/own-folder.ts';

const letter = (subject: string): string =>
	`From: Ada <ada@example.org>\r\nMessage-ID: <${subject}@example.org>\r\nDate: Fri, 20 Nov 2026 10:00:00 +0000\r\nSubject: ${subject}\r\n\r\nText.\r\n`;
const archive = mailboxPath('Archive');
const range = (first: number, last: number): number[] =>
	Array.from({length: last - first + 1}, (_, index) => first + index);

/** A call has brought what is wished for of these. */
async function synced(context: TestContext, count: number, summaries: Wish['summaries'] = 'all') {
	const server = await startDemoServer({
		mailboxes: () => [
			{name: 'INBOX', state: new MailboxState(7)},
			{name: 'Archive', state: new MailboxState(9)},
		],
	});
	context.after(() => server.close());
	for (const n of range(1, count)) server.append('INBOX', letter(`m${n}`));
	const at = ownFolder(context);
	const wishes = {otherwise: noWish, mailboxes: {INBOX: {...noWish, summaries}}};
	const open = async () => (await openDisconnected(context, {port: server.port, at, wishes})).session;
	const session = await open();
	await call(session);
	session.hangUp();
	const stored = () => storedList({account: path.join(at, 'state'), cache: path.join(at, 'cache')}, inbox, 10)?.rows;
	return {server, session, open, stored};
}

async function expunge(port: number, uids: string): Promise<void> {
	const other = await otherClient(port, 'demo', 'demo');
	await other.command('SELECT INBOX');
	await other.command(`UID STORE ${uids} +FLAGS.SILENT (\\Deleted)`);
	await other.command(`UID EXPUNGE ${uids}`);
	other.close();
}

/** Decides to move these, and holds it back. */
function heldBack(session: AccountSession, uids: readonly number[]): void {
	const id = session.decideByUid(inbox, 7, uids, {kind: 'move', to: {path: archive}});
	session.hold(id!, true);
}

/** The UIDs of the rows that are known, and how many rows there are. */
async function shown(session: AccountSession) {
	const view = session.mailbox(inbox);
	view.ensureNewest(1000);
	await session.settled();
	const {count = 0} = view.state.get();
	return {count, uids: range(1, count).flatMap(at => view.row(at)?.uid ?? [])};
}

test('what waits of messages another client has removed hides none that are there, after a start either', async context => {
	const {server, session, open, stored} = await synced(context, 60);
	heldBack(session, range(11, 30));
	await expunge(server.port, '11:30');
	await call(session);
	const left = [...range(1, 10), ...range(31, 60)];
	assert.deepEqual(await shown(session), {count: 40, uids: left});
	await session.close();
	assert.equal(stored()?.count, 40);
	assert.deepEqual(
		[...stored()!.messages.values()].map(({uid}) => uid),
		range(51, 60),
	);
	const again = await open();
	assert.equal(again.mailbox(inbox).state.get().count, 40);
	assert.deepEqual(await shown(again), {count: 40, uids: left});
});

test('what of it lies below all that is held hides nothing that is held', async context => {
	const {server, session, open, stored} = await synced(context, 30, {last: 10});
	heldBack(session, range(11, 20));
	await expunge(server.port, '1:18');
	await call(session);
	await session.close();
	assert.deepEqual([stored()?.count, stored()?.messages.size], [10, 10]);
	const again = await open();
	// Two of those that are to go are there, and nobody knows what else is not.
	assert.deepEqual(await shown(again), {count: 10, uids: range(21, 30)});
});

test('what waits from before a mailbox was renumbered brings none of its messages to where it was to go', async context => {
	const {server, session} = await synced(context, 3);
	server.append('Archive', letter('a1'));
	heldBack(session, [1]);
	server.expunge('INBOX', 1);
	server.setUidValidity('INBOX', 70);
	session.setWish(archive, {...noWish, summaries: 'all'});
	await call(session);
	const view = session.mailbox(archive);
	view.ensureNewest(10);
	await session.settled();
	assert.equal(view.state.get().count, 1);
	assert.equal(view.row(1)?.subject, 'a1');
	assert.equal(view.row(2), undefined);
});
