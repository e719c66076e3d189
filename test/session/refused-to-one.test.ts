/**
 * What two want of a mailbox is asked for by one of them. Where the server refuses that, he alone is told; the other asks
 * for himself, and does not wait for an answer that has come.
 */
import assert from 'node:assert/strict';
import {type TestContext, test} from 'node:test';
import {MailboxState, startDemoServer} from '../../source/demo/server.ts';
import {inbox} from '../../source/model/ids.ts';
import {noWish, type Wish} from '../../source/model/wish.ts';
import {call, openDisconnected} from '../helpers/disconnected.ts';
import {ownFolder} from '../helpers/own-folder.ts';
import {newest} from '../helpers/session.ts';
import {until} from '../helpers/waiting.ts';

const bare = ['IMAP4rev1', 'SASL-IR', 'AUTH=PLAIN'];
const letter = (subject: string): string => `Subject: ${subject}\r\n\r\nAbout ${subject}.\r\n`;
const all: Wish = {...noWish, summaries: 'all'};

/** Five messages that are on the disk, shown, on a server that knows no change numbers; the line is down. */
async function shown(context: TestContext, {wish = all, wanted = 5}: {wish?: Wish; wanted?: number} = {}) {
	const server = await startDemoServer({
		capabilities: bare,
		mailboxes: () => [{name: 'INBOX', state: new MailboxState(7)}],
	});
	context.after(() => server.close());
	for (let n = 1; n <= 5; n++) server.append('INBOX', letter(`m${n}`));
	const wishes = {otherwise: noWish, mailboxes: {INBOX: wish}};
	const {session} = await openDisconnected(context, {port: server.port, at: ownFolder(context), wishes});
	await call(session);
	session.mailbox(inbox).ensureNewest(wanted);
	await session.settled();
	return {server, session};
}

const refused = (command: RegExp, times: number) =>
	({kind: 'refuse', command, answer: 'NO', text: 'Busy', times}) as const;

for (const [what, command] of [
	['what changed', /^UID FETCH \S+ FLAGS/],
	['what is new', /^UID FETCH 6:/],
] as const) {
	test(`a call comes to its end when the server refuses, once, to say ${what} of a mailbox that is looked at`, async context => {
		const {server, session} = await shown(context);
		server.append('INBOX', letter('m6'));
		server.faults.add(refused(command, 1));
		const {over} = await call(session);
		assert.deepEqual([over?.state, over?.because], ['done', '']);
		assert.equal(session.held(inbox).summaries, 6);
	});

	test(`a call says so when the server refuses again and again to say ${what}`, async context => {
		const {server, session} = await shown(context);
		server.append('INBOX', letter('m6'));
		server.faults.add(refused(command, 10));
		const {over} = await call(session);
		assert.equal(over?.state, 'done');
		assert.match(over?.because ?? '', /Busy/);
		assert.deepEqual(
			over?.lines.map(({state}) => state),
			['failed'],
		);
	});
}

test('rows that the server refused to a call are asked for when they are looked at', async context => {
	const {server, session} = await shown(context, {wish: {...all, summaries: {last: 2}}, wanted: 2});
	session.dial();
	await until(session.link, ({state}) => state === 'up');
	session.setWish(inbox, all);
	server.faults.add(refused(/^FETCH/, 1));
	const {over} = await call(session);
	assert.match(over?.because ?? '', /Busy/);
	const rows = await newest(session.mailbox(inbox), 5);
	assert.deepEqual(
		rows.map(({subject}) => subject),
		['m1', 'm2', 'm3', 'm4', 'm5'],
	);
});
