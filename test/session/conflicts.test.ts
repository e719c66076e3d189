/**
 * When others have been there first: what was decided with the line down about messages and mailboxes that are not as they
 * were. Nothing is lost or guessed, all else goes on, and it is said in plain words. On the demo server and on Dovecot.
 */
import assert from 'node:assert/strict';
import {describe, type TestContext, test} from 'node:test';
import {MailboxState, startDemoServer} from '../../source/demo/server.ts';
import {inbox, type MailboxPath, mailboxPath} from '../../source/model/ids.ts';
import type {Change, Operation} from '../../source/model/operation.ts';
import {startDovecot, withoutDovecot} from '../helpers/dovecot.ts';
import {type OtherClient, otherClient} from '../helpers/other-client.ts';
import {newest, openSession} from '../helpers/session.ts';
import {until} from '../helpers/waiting.ts';

const letter = (subject: string): string =>
	`From: Ada <ada@example.org>\r\nMessage-ID: <${subject}@example.org>\r\nDate: Fri, 20 Nov 2026 10:00:00 +0000\r\nSubject: ${subject}\r\n\r\nText.\r\n`;
const flagged: Change = {kind: 'flag', flag: '\\Flagged', isSet: true};
const move = (to: string): Change => ({kind: 'move', to: {path: mailboxPath(to)}});
const areOver = (all: readonly Operation[]): boolean => all.every(({state}) => state !== 'waiting');

type Server = {readonly port: number; readonly user: string; readonly password: string};

/** A server with ten messages in its INBOX and one in its Lists, another client on it, and a session without a line. */
async function offline(context: TestContext, {port, user, password}: Server) {
	const other = await otherClient(port, user, password);
	context.after(() => other.close());
	for (const name of ['Archive', 'Lists']) await other.command(`CREATE ${name}`);
	for (let n = 1; n <= 10; n++) await other.append('INBOX', letter(`m${n}`));
	await other.append('Lists', letter('l1'));
	const {session} = await openSession(context, {port, password, account: {user}, waitsForNews: false});
	session.hangUp();
	const uidValidities = {INBOX: await validity(other, 'INBOX'), Lists: await validity(other, 'Lists')};
	const decide = (change: Change, uids: readonly number[], mailbox: MailboxPath = inbox): void => {
		session.decideByUid(mailbox, uidValidities[mailbox as 'INBOX' | 'Lists'], uids, change);
	};
	return {session, other, decide};
}

const expunge = async (other: OtherClient, uids: string): Promise<void> => {
	await other.command('SELECT INBOX');
	await other.command(`UID STORE ${uids} +FLAGS.SILENT (\\Deleted)`);
	await other.command(`UID EXPUNGE ${uids}`);
};
const validity = async (other: OtherClient, name: string): Promise<number> =>
	Number(/UIDVALIDITY (\d+)/.exec(await other.command(`STATUS ${name} (UIDVALIDITY)`))?.[1]);
const count = async (other: OtherClient, name: string): Promise<number> =>
	Number(/MESSAGES (\d+)/.exec(await other.command(`STATUS ${name} (MESSAGES)`))?.[1]);

function promises(start: (context: TestContext) => Promise<Server>): void {
	test('messages that are gone: what concerns others goes on, and each is said; a removal is done', async context => {
		const {session, other, decide} = await offline(context, await start(context));
		decide(flagged, [1, 2]);
		decide(move('Archive'), [3, 4]);
		decide({kind: 'copy', to: {path: mailboxPath('Archive')}}, [5]);
		decide({kind: 'remove'}, [6]);
		decide(flagged, [7]);
		await expunge(other, '1,3,5:6');
		session.dial();
		await until(session.operations, areOver);
		const [first, second, third, fourth, fifth] = session.operations.get();
		assert.match(first!.refusal, /^one of 2 is not in INBOX any more: another client moved or removed it$/);
		assert.match(second!.refusal, /^one of 2 is not in INBOX any more/);
		assert.match(third!.refusal, /^it is not in INBOX any more/);
		assert.deepEqual([fourth!.state, fifth!.state], ['done', 'done']);
		assert.match(await other.command('UID FETCH 2,7 (FLAGS)'), /\\Flagged[\s\S]*\\Flagged/);
		assert.deepEqual([await count(other, 'INBOX'), await count(other, 'Archive')], [5, 1]);
	});

	for (const isByMove of [true, false]) {
		const how = isByMove ? 'by MOVE' : 'by COPY';
		test(`one of several goes just before they are moved ${how}: the others are there, and nothing is lost`, async context => {
			const server = await start(context);
			const {other} = await offline(context, server);
			const {port, user, password} = server;
			const disabledCapabilities = ['IDLE', ...(isByMove ? [] : ['MOVE'])];
			const account = {user, disabledCapabilities};
			const {session} = await openSession(context, {port, password, account, waitsForNews: false});
			const rows = await newest(session.mailbox(inbox), 10);
			await expunge(other, '3');
			const ids = rows.filter(({subject}) => /^m[234]$/.test(subject)).map(({id}) => id);
			session.mailbox(inbox).decide(ids, move('Archive'));
			await until(session.operations, areOver);
			const [moved] = session.operations.get();
			assert.match(moved!.refusal, /^one of 3 is not in INBOX any more/);
			await other.command('UNSELECT');
			assert.deepEqual([await count(other, 'INBOX'), await count(other, 'Archive')], [7, 2]);
		});
	}

	test('a mailbox that is gone: what was decided in it says so, and all else goes on', async context => {
		const {session, other, decide} = await offline(context, await start(context));
		decide(flagged, [1], mailboxPath('Lists'));
		decide(move('Archive'), [1], mailboxPath('Lists'));
		decide(flagged, [1]);
		await other.command('RENAME Lists Letters');
		session.dial();
		await until(session.operations, areOver);
		const [first, second, third] = session.operations.get();
		assert.match(first!.refusal, /Lists/);
		assert.deepEqual([first!.state, second!.state, third!.state], ['refused', 'refused', 'done']);
		assert.equal(await count(other, 'Letters'), 1);
	});

	test('a mailbox to move to that is gone: the messages stay, and it is said how to make it', async context => {
		const {session, other, decide} = await offline(context, await start(context));
		decide(move('Archive'), [1]);
		decide(flagged, [2]);
		await other.command('DELETE Archive');
		session.dial();
		await until(session.operations, areOver);
		const [moved, flag] = session.operations.get();
		assert.match(moved!.refusal, /no mailbox Archive: create it \(:mailbox create Archive\)/);
		assert.equal(flag!.state, 'done');
		assert.equal(await count(other, 'INBOX'), 10);
		// And that is how.
		session.decideAboutMailbox({kind: 'create', mailbox: mailboxPath('Archive')});
		session.retry(moved!.id);
		await until(session.operations, areOver);
		assert.equal(await count(other, 'Archive'), 1);
	});

	test('a mailbox that another client made anew has other messages under the same numbers: none is touched', async context => {
		const {session, other, decide} = await offline(context, await start(context));
		decide({kind: 'remove'}, [1], mailboxPath('Lists'));
		const before = await validity(other, 'Lists');
		// On some servers it is made of the second: within the same one the mailbox would count as the same.
		do {
			await other.command('DELETE Lists');
			await other.command('CREATE Lists');
		} while ((await validity(other, 'Lists')) === before);
		await other.append('Lists', letter('another'));
		session.dial();
		await until(session.operations, areOver);
		assert.match(session.operations.get()[0]!.refusal, /renumbered Lists/);
		assert.equal(await count(other, 'Lists'), 1);
	});
}

describe('on the demo server', () => {
	const start = async (context: TestContext) => {
		const server = await startDemoServer({mailboxes: () => [{name: 'INBOX', state: new MailboxState(7)}]});
		context.after(() => server.close());
		return {server, port: server.port, user: 'demo', password: 'demo'};
	};
	promises(start);

	test('a quota: refused in the server’s words, with what to do, and nothing is touched', async context => {
		const {server, ...account} = await start(context);
		server.faults.add({kind: 'refuse', command: /^UID MOVE/, answer: 'NO', text: '[OVERQUOTA] The shelf is full.'});
		const {session, other, decide} = await offline(context, account);
		decide(move('Archive'), [1]);
		session.dial();
		await until(session.operations, areOver);
		assert.match(session.operations.get()[0]!.refusal, /The shelf is full\. Make room there, then try this again/);
		assert.equal(await count(other, 'INBOX'), 10);
	});
});

describe('on servers that can do less', () => {
	const bare = ['IMAP4rev1', 'SASL-IR', 'AUTH=PLAIN'];
	const start = async (context: TestContext, capabilities: readonly string[]) => {
		const mailboxes = () => [{name: 'INBOX', state: new MailboxState(7)}];
		const server = await startDemoServer({mailboxes, capabilities: [...bare, ...capabilities]});
		context.after(() => server.close());
		return {server, ...(await offline(context, {port: server.port, user: 'demo', password: 'demo'}))};
	};

	for (const extensions of [['UIDPLUS', 'ESEARCH'], ['UIDPLUS']])
		test(`${extensions.join(' and ')} without MOVE: of those to be moved one is gone, and the others arrive, each once`, async context => {
			const {session, server, other, decide} = await start(context, extensions);
			decide(move('Archive'), [1, 2, 3]);
			server.expunge('INBOX', 2);
			session.dial();
			await until(session.operations, areOver);
			assert.match(session.operations.get()[0]!.refusal, /^one of 3 is not in INBOX any more/);
			assert.deepEqual([await count(other, 'INBOX'), await count(other, 'Archive')], [7, 2]);
		});

	test('without MOVE and UIDPLUS: one is gone, and of the others each has its copy and an original that is marked', async context => {
		const {session, server, other, decide} = await start(context, []);
		decide(move('Archive'), [1, 2, 3]);
		server.expunge('INBOX', 2);
		session.dial();
		await until(session.operations, areOver);
		const {refusal} = session.operations.get()[0]!;
		assert.match(refusal, /^one of 3 is not in INBOX any more/);
		assert.match(refusal, /the original is marked as deleted/);
		assert.equal(await count(other, 'Archive'), 2);
		const marked = [1, 3].filter(uid => server.mailbox('INBOX')!.flags(uid).has('\\Deleted'));
		assert.deepEqual(marked, [1, 3]);
	});

	test('without ESEARCH, too, what was decided about a message that is gone is not said to be done', async context => {
		const {session, server, other, decide} = await start(context, ['UIDPLUS', 'MOVE']);
		decide(flagged, [1, 2]);
		decide(move('Archive'), [3, 4]);
		decide({kind: 'copy', to: {path: mailboxPath('Archive')}}, [5, 6]);
		for (const uid of [1, 3, 5]) server.expunge('INBOX', uid);
		session.dial();
		await until(session.operations, areOver);
		for (const {refusal} of session.operations.get()) assert.match(refusal, /^one of 2 is not in INBOX any more/);
		assert.deepEqual([await count(other, 'INBOX'), await count(other, 'Archive')], [6, 2]);
		assert.ok(server.mailbox('INBOX')!.flags(2).has('\\Flagged'));
	});

	test('a flag of a message that was removed while the line was quiet is not said to be set', async context => {
		const {session, server} = await start(context, []);
		session.dial();
		const view = session.mailbox(inbox);
		view.ensureNewest(10);
		await session.settled();
		const id = view.row(10)!.id;
		server.expunge('INBOX', 10);
		assert.ok(view.decide([id], flagged));
		await until(session.operations, areOver);
		assert.match(session.operations.get()[0]!.refusal, /^it is not in INBOX any more/);
	});

	test('taken back is a flag only where its message still is', async context => {
		const {server, other} = await start(context, ['ESEARCH', 'IDLE']);
		const {session} = await openSession(context, {port: server.port});
		const view = session.mailbox(inbox);
		view.ensureNewest(10);
		await session.settled();
		assert.ok(view.decide([view.row(10)!.id], flagged));
		await until(session.operations, areOver);
		server.expunge('INBOX', 10);
		await until(view.state, ({count}) => count === 9);
		session.undo();
		await until(session.operations, all => all.length === 2 && areOver(all));
		assert.match(session.operations.get()[1]!.refusal, /^it is not in INBOX any more/);
		assert.equal(await count(other, 'INBOX'), 9);
	});
});

describe('on Dovecot', {skip: withoutDovecot}, () => {
	let users = 0;
	promises(async context => {
		const dovecot = await startDovecot();
		context.after(() => dovecot.stop());
		return {port: dovecot.port, user: `c${++users}`, password: dovecot.password};
	});
});
