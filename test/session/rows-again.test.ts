/**
 * What is asked again of the rows that are looked at when the line is back: their flags, of those that stand where they did.
 */
import assert from 'node:assert/strict';
import {type TestContext, test} from 'node:test';
import {type DemoServer, MailboxState, startDemoServer} from '../../source/demo/server.ts';
import {inbox} from '../../source/model/ids.ts';
import {dialImap} from '../../source/remote/imap.ts';
import type {Dial, Remote} from '../../source/remote/remote.ts';
import {openSession} from '../helpers/session.ts';
import {until} from '../helpers/waiting.ts';

async function serve(context: TestContext, subjects: readonly string[], dialAt?: (server: DemoServer) => Dial) {
	const server = await startDemoServer({
		mailboxes: () => [{name: 'INBOX', state: new MailboxState(7)}],
		isRecording: true,
	});
	context.after(() => server.close());
	for (const subject of subjects) server.append('INBOX', `Subject: ${subject}\r\n\r\nText.\r\n`);
	const dial = dialAt?.(server);
	const {session} = await openSession(context, {port: server.port, waitsForNews: false, ...(dial ? {dial} : {})});
	const view = session.mailbox(inbox);
	view.ensureNewest(1);
	await until(view.state, ({state}) => state === 'open');
	await session.settled();
	return {server, session, view};
}

test('flags that changed while the line was down are shown, of rows that were known beside others that were not', async context => {
	const {server, session, view} = await serve(context, ['m1', 'm2', 'm3']);
	assert.deepEqual([view.row(2), view.row(3)?.flags.has('\\Seen')], [undefined, false]);
	session.hangUp();
	await until(session.link, ({state}) => state === 'hung-up');
	server.setFlags('INBOX', 3, ['\\Seen']);
	view.ensureNewest(3);
	session.dial();
	await until(session.link, ({state}) => state === 'up');
	await session.settled();
	assert.deepEqual([view.row(2)?.subject, view.row(3)?.flags.has('\\Seen')], ['m2', true]);
});

test('of an empty mailbox nothing is asked when the line is back', async context => {
	const {server, session} = await serve(context, []);
	server.cut();
	await until(session.link, ({state}) => state !== 'up');
	await until(session.link, ({state}) => state === 'up');
	await session.settled();
	const asked = server.transcript.filter(({by, text}) => by === 'client' && text.includes('FETCH'));
	assert.deepEqual(asked, []);
});

/** A line on which what another program does is told behind the rows that are asked for, before their question is over. */
const toldBehindRows =
	(act: () => void): Dial =>
	async (dialling, signal) => {
		const dialled = await dialImap(dialling, signal);
		const {remote} = dialled;
		let isDone = false;
		const fetchRows: Remote['fetchRows'] = async (...asked) => {
			const came = await remote.fetchRows(...asked);
			if (came < 3 || isDone) return came;
			isDone = true;
			act();
			await remote.look();
			return came;
		};
		const told = new Proxy(remote, {
			get: (_target, name) => {
				if (name === 'fetchRows') return fetchRows;
				const member: unknown = remote[name as keyof Remote];
				return typeof member === 'function' ? member.bind(remote) : member;
			},
		});
		return {...dialled, remote: told};
	};

test('messages that go while rows come make no row unreadable of those that move up', async context => {
	const {session, view} = await serve(context, ['m1', 'm2', 'm3', 'm4', 'm5', 'm6'], server =>
		toldBehindRows(() => {
			for (const uid of [1, 2]) server.expunge('INBOX', uid);
			for (const subject of ['m7', 'm8']) server.append('INBOX', `Subject: ${subject}\r\n\r\nText.\r\n`);
		}),
	);
	view.ensureNewest(6);
	await until(view.state, ({count}) => count === 6 && view.row(6)?.subject === 'm8');
	await session.settled();
	const shown = [1, 2, 3, 4, 5, 6].map(position => view.row(position)?.subject);
	assert.deepEqual(shown, ['m3', 'm4', 'm5', 'm6', 'm7', 'm8']);
});
