/**
 * The offline model: a call takes messages whole into local mail, proves them, and only then removes them from the server;
 * and that on every kind of server.
 */
import assert from 'node:assert/strict';
import {createHash} from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import {type TestContext, test} from 'node:test';
import {type DemoServer, MailboxState, startDemoServer} from '../../source/demo/server.ts';
import {localMailAt} from '../../source/local/local-mail.ts';
import {type Draining, drainAll} from '../../source/model/draining.ts';
import {inbox, mailboxPath} from '../../source/model/ids.ts';
import {commandsTo} from '../helpers/bonsai-on.ts';
import {call, keptIn, openDraining, ownFolder, subjectIn} from '../helpers/draining.ts';
import {otherClient} from '../helpers/other-client.ts';
import {newest} from '../helpers/session.ts';
import {growDisk, smallDisk, withoutSmallDisks} from '../helpers/small-disk.ts';
import {until} from '../helpers/waiting.ts';

const bare = ['IMAP4rev1', 'SASL-IR', 'AUTH=PLAIN'];
const servers: Readonly<Record<string, readonly string[] | undefined>> = {
	'all extensions': undefined,
	'IMAP4rev1 with UIDPLUS': [...bare, 'UIDPLUS'],
	'no UIDPLUS': bare,
};

const letter = (name: string, text = `About ${name}.`): string =>
	`From: Ada <ada@example.org>\r\nMessage-ID: <${name}@example.org>\r\nSubject: ${name}\r\n\r\n${text}\r\n`;
const noise = (octets: number): string =>
	Array.from({length: octets / 50}, (_, at) => `${at}`.padEnd(48, 'x')).join('\r\n');

/** The same, of which DEFLATE makes hardly less. */
const dense = (octets: number): string =>
	Array.from({length: octets / 90}, (_, at) => createHash('sha512').update(`${at}`).digest('base64')).join('\r\n');

async function serverWith(context: TestContext, count: number, capabilities?: readonly string[]): Promise<DemoServer> {
	const server = await startDemoServer({
		isRecording: true,
		mailboxes: () => [
			{name: 'INBOX', state: new MailboxState(7)},
			{name: 'Lists', state: new MailboxState(9)},
			{name: 'Trash', state: new MailboxState(8), specialUse: '\\Trash'},
		],
		...(capabilities ? {capabilities} : {}),
	});
	context.after(() => server.close());
	for (let index = 1; index <= count; index++) server.append('INBOX', letter(`m${index}`));
	return server;
}

const left = (server: DemoServer, name = 'INBOX'): number[] =>
	server.mailbox(name)!.uids.ranges.flatMap(([from, to]) => Array.from({length: to - from + 1}, (_, at) => from + at));
const subjects = (at: string, mailbox = 'test/INBOX'): string[] => keptIn(at, mailbox).map(({text}) => subjectIn(text));
const numbers = (draining: Partial<Draining>) => ({drainings: {otherwise: {...drainAll, ...draining}, mailboxes: {}}});

for (const [name, capabilities] of Object.entries(servers)) {
	test(`what was drained is here, octet for octet, with its flags and its date, and removed or marked there (${name})`, async context => {
		const at = ownFolder(context);
		const server = await serverWith(context, 3, capabilities);
		const date = Date.UTC(2026, 4, 1, 8, 30);
		server.append('INBOX', letter('old', noise(2000)), ['\\Seen', '$Later'], date);
		const {session} = await openDraining(context, server.port, at);
		const {planned, over} = await call(session);
		const [line] = planned?.lines ?? [];
		assert.deepEqual([line?.kind, line?.messages], ['drain', 4]);
		assert.equal(over?.because, '');
		const kept = keptIn(at, 'test/INBOX');
		const old = kept.find(({text}) => subjectIn(text) === 'old');
		assert.deepEqual(old, {...old!, text: letter('old', noise(2000)), letters: 'Sa', date});
		assert.deepEqual(kept.map(({text}) => subjectIn(text)).sort(), ['m1', 'm2', 'm3', 'old']);
		if (name === 'no UIDPLUS')
			assert.ok(left(server).every(uid => server.mailbox('INBOX')!.flags(uid).has('\\Deleted')));
		else assert.deepEqual(left(server), []);

		// And once more: nothing comes twice.
		const again = await call(session);
		assert.equal(again.over?.lines.filter(({kind}) => kind === 'drain').length, 0);
		assert.equal(keptIn(at, 'test/INBOX').length, 4);
	});
}

test('nothing is removed before it is here: the order on the line is fetched, written, decided, removed', async context => {
	const at = ownFolder(context);
	const server = await serverWith(context, 2);
	server.faults.add({kind: 'refuse', command: /^UID STORE/, answer: 'NO', text: 'Not today', times: 1});
	const {session} = await openDraining(context, server.port, at);
	const first = await call(session);
	assert.notEqual(first.over?.because, '');
	assert.deepEqual(
		[left(server), subjects(at).sort()],
		[
			[1, 2],
			['m1', 'm2'],
		],
	);
	const second = await call(session);
	assert.equal(second.over?.because, '');
	assert.deepEqual([left(server), subjects(at).length], [[], 2]);
	const fetched = commandsTo(server).filter(said => said.startsWith('UID FETCH') && said.includes('BODY.PEEK[]'));
	assert.equal(fetched.length, 1, 'the bodies were fetched once');
	assert.ok(!commandsTo(server).some(said => /^(EXPUNGE|CLOSE)/.test(said)));
});

test('a mailbox that could not be emptied is shown as failed from when that is said', async context => {
	const server = await serverWith(context, 2);
	server.faults.add({kind: 'refuse', command: /^UID STORE/, answer: 'NO', text: 'Not today', times: 1});
	const {session} = await openDraining(context, server.port, ownFolder(context));
	const shown = new Set<string | undefined>();
	session.call.subscribe(() => {
		const {because, lines} = session.call.get() ?? {};
		if (because) shown.add(lines?.find(({kind}) => kind === 'drain')?.state);
	});
	await call(session);
	assert.deepEqual([...shown], ['failed']);
});

test('a long message comes in windows, and a line that is cut goes on where it was, after a restart too', async context => {
	const at = ownFolder(context);
	const server = await serverWith(context, 0);
	const text = dense(900_000);
	server.append('INBOX', letter('long', text), ['\\Flagged']);
	// A window is of 256 kB at most.
	server.faults.add({kind: 'cut', afterBytes: 300_000, times: 1});
	const first = await openDraining(context, server.port, at);
	const tired = {kind: 'refuse', command: /^UID FETCH 1 \(?BODY.PEEK/, answer: 'NO', text: 'Tired'} as const;
	const stop = first.session.link.subscribe(() => {
		if (first.session.link.get().state !== 'waiting') return;
		stop();
		server.faults.add(tired);
	});
	await call(first.session);
	await first.session.close();
	assert.deepEqual([left(server), subjects(at)], [[1], []]);
	server.faults.clear();
	const before = commandsTo(server).length;
	const {session} = await openDraining(context, server.port, at);
	await call(session);
	const [kept] = keptIn(at, 'test/INBOX');
	assert.equal(kept?.text, letter('long', text));
	assert.equal(kept?.letters, 'F');
	assert.deepEqual(left(server), []);
	const windows = commandsTo(server)
		.slice(before)
		.filter(said => said.includes('BODY.PEEK[]'));
	assert.ok(
		windows.every(said => !/<0\./.test(said)),
		'its first octets were not asked for again',
	);
	assert.deepEqual(fs.readdirSync(path.join(at, 'mail', 'test', 'INBOX', 'tmp')), []);
});

test('a larger one stays, with its summary, and comes when it is wished for after all', async context => {
	const at = ownFolder(context);
	const server = await serverWith(context, 1);
	server.append('INBOX', letter('large', noise(20_000)));
	const {session} = await openDraining(context, server.port, at, {account: numbers({mostBytes: 10_000})});
	const {planned, over} = await call(session);
	assert.equal(over?.because, '');
	assert.match(
		planned?.lines[0]?.sentence ?? '',
		/take 1 message into Local test\/INBOX; 1 message stays on the server: 1 larger than 10 kB/,
	);
	assert.deepEqual([subjects(at), left(server)], [['m1'], [2]]);
	const rows = await newest(session.mailbox(inbox), 5);
	assert.deepEqual(
		rows.map(({subject, sizeBytes}) => [subject, sizeBytes > 20_000]),
		[['large', true]],
	);
	await session.close();
	const unlimited = await openDraining(context, server.port, at);
	await call(unlimited.session);
	assert.deepEqual([subjects(at).sort(), left(server)], [['large', 'm1'], []]);
});

test('what is left on the server for some days is removed when they are over, and not fetched again', async context => {
	const at = ownFolder(context);
	const server = await serverWith(context, 2);
	let now = Date.UTC(2026, 10, 20);
	const {session} = await openDraining(context, server.port, at, {account: numbers({leaveDays: 7}), clock: () => now});
	await call(session);
	assert.deepEqual([left(server), subjects(at).length], [[1, 2], 2]);
	now += 6 * 24 * 3600_000;
	await call(session);
	assert.deepEqual(left(server), [1, 2]);
	now += 2 * 24 * 3600_000;
	const {planned} = await call(session);
	assert.match(planned?.lines[0]?.sentence ?? '', /remove 2 messages that are here/);
	assert.deepEqual([left(server), subjects(at).length], [[], 2]);
	assert.equal(commandsTo(server).filter(said => said.includes('BODY.PEEK[]')).length, 1);
});

test('what is no more in local mail when it is to be removed stays on the server, and that is said', async context => {
	const at = ownFolder(context);
	const server = await serverWith(context, 2);
	let now = Date.UTC(2026, 10, 20);
	const {session} = await openDraining(context, server.port, at, {account: numbers({leaveDays: 1}), clock: () => now});
	await call(session);
	const folder = path.join(at, 'mail', 'test', 'INBOX', 'cur');
	const [gone, moved] = fs.readdirSync(folder).sort();
	fs.rmSync(path.join(folder, gone!));
	fs.renameSync(path.join(folder, moved!), path.join(at, 'mail', 'Archive', 'cur', moved!));
	now += 2 * 24 * 3600_000;
	const {over} = await call(session);
	assert.match(over?.because ?? '', /1 message of INBOX is no more in local mail, and stays? on the server/);
	assert.equal(left(server).length, 1, 'the one that was moved to another mailbox is removed');
});

test('local mail that is not there any more is an error before anything is asked, and nothing is removed', async context => {
	const at = ownFolder(context);
	const server = await serverWith(context, 2);
	const {session} = await openDraining(context, server.port, at, {account: numbers({leaveDays: 1})});
	await call(session);
	fs.renameSync(path.join(at, 'mail'), path.join(at, 'away'));
	fs.mkdirSync(path.join(at, 'mail'));
	server.append('INBOX', letter('new'));
	const before = commandsTo(server).length;
	const {planned} = await call(session);
	assert.equal(planned?.state, 'ended');
	assert.match(planned?.because ?? '', /is not there \(is the disk mounted\?\)/);
	assert.equal(commandsTo(server).length, before, 'not a command was sent');
	fs.rmdirSync(path.join(at, 'mail'));
	fs.renameSync(path.join(at, 'away'), path.join(at, 'mail'));
	await call(session);
	assert.equal(subjects(at).length, 3);
	assert.equal(left(server).length, 3);
});

test('a mailbox that is numbered anew does not bring what is here once more, and what is here is removed from it', async context => {
	const at = ownFolder(context);
	const server = await serverWith(context, 3);
	server.faults.add({kind: 'refuse', command: /^UID STORE/, answer: 'NO', text: 'Not today', times: 1});
	const {session} = await openDraining(context, server.port, at);
	await call(session);
	server.setUidValidity('INBOX', 70);
	server.append('INBOX', letter('new'));
	await call(session);
	await call(session);
	assert.deepEqual(subjects(at).sort(), ['m1', 'm2', 'm3', 'new']);
	assert.deepEqual(left(server), []);
});

test('a mailbox that another client has renamed does not bring what is here once more, and what is here is removed from it', async context => {
	for (const capabilities of [undefined, bare]) {
		const at = ownFolder(context);
		const server = await serverWith(context, 0, capabilities);
		let now = Date.UTC(2026, 10, 1);
		for (const name of ['l1', 'l2']) server.append('Lists', letter(name));
		const {session} = await openDraining(context, server.port, at, {
			clock: () => now,
			account: numbers({leaveDays: 7}),
		});
		await call(session);
		const other = await otherClient(server.port, 'demo', 'demo');
		await other.command('RENAME Lists Letters');
		other.close();
		server.append('Letters', letter('l3'));
		await call(session);
		assert.deepEqual([subjects(at, 'test/Lists').sort(), subjects(at, 'test/Letters')], [['l1', 'l2'], ['l3']]);
		now += 8 * 24 * 3600_000;
		await call(session);
		if (capabilities === undefined) assert.deepEqual(left(server, 'Letters'), []);
		assert.equal(subjects(at, 'test/Lists').length + subjects(at, 'test/Letters').length, 3);
	}
});

test('what another client takes meanwhile is no error, and what it leaves is drained', async context => {
	const at = ownFolder(context);
	const server = await serverWith(context, 3);
	const {session} = await openDraining(context, server.port, at);
	await call(session);
	server.append('INBOX', letter('four'));
	server.append('INBOX', letter('five'));
	session.planCall();
	await until(session.call, now => now?.state === 'planned');
	server.expunge('INBOX', 4);
	session.goCall();
	await until(session.call, now => now?.state === 'done');
	assert.deepEqual(subjects(at).sort(), ['five', 'm1', 'm2', 'm3']);
	assert.deepEqual(left(server), []);
});

test('a message whose octets are not as many as announced is left where it is', async context => {
	const at = ownFolder(context);
	const server = await serverWith(context, 3);
	server.faults.add({kind: 'short-section', mostBytes: 20, uid: 2});
	const {session} = await openDraining(context, server.port, at);
	await call(session);
	assert.deepEqual([subjects(at).sort(), left(server)], [['m1', 'm3'], [2]]);
	const again = await call(session);
	assert.equal(again.over?.because, '');
	assert.deepEqual(left(server), [2]);
});

test('in an offline account the Trash stays on the server; of another one only the mailbox that was chosen is drained', async context => {
	const at = ownFolder(context);
	const server = await serverWith(context, 1);
	server.append('Trash', letter('thrown away'));
	server.append('Lists', letter('to a list'));
	const {session} = await openDraining(context, server.port, at);
	await call(session);
	assert.deepEqual([left(server), left(server, 'Lists'), left(server, 'Trash')], [[], [], [1]]);
	assert.deepEqual(subjects(at, 'test/Lists'), ['to a list']);
	const other = ownFolder(context);
	const second = await serverWith(context, 1);
	second.append('Lists', letter('to a list'));
	const account = {model: 'disconnected', mailboxModels: {Lists: 'offline'}} as const;
	const {session: chosen} = await openDraining(context, second.port, other, {account});
	await call(chosen);
	assert.deepEqual([left(second), left(second, 'Lists'), subjects(other, 'test/Lists')], [[1], [], ['to a list']]);
});

test('many removals are no mass removal, cannot be taken back, and leave what the user decided alone', async context => {
	const at = ownFolder(context);
	const server = await serverWith(context, 40);
	server.append('Trash', letter('kept'));
	const {session} = await openDraining(context, server.port, at);
	await call(session);
	assert.deepEqual(left(server), []);
	session.undo();
	assert.match(session.notice.get()?.text ?? '', /nothing to undo/);
	assert.equal(session.mailbox(mailboxPath('INBOX')).state.get().count ?? 0, 0);
});

test('a disk that is full while it is drained onto leaves every message there or here, and the rest comes when it has room', {
	skip: withoutSmallDisks,
}, async context => {
	const at = ownFolder(context);
	const disk = smallDisk(context, 200);
	const server = await serverWith(context, 0);
	const count = 20;
	for (let index = 1; index <= count; index++) server.append('INBOX', letter(`m${index}`, noise(20_000)));
	const {session} = await openDraining(context, server.port, at, {localMail: localMailAt(path.join(disk, 'mail'))});
	const here = () => keptIn(disk, 'test/INBOX').map(({text}) => subjectIn(text));
	const full = await call(session);
	assert.notEqual(full.over?.because, '', 'it says that not all could be kept');
	assert.ok(left(server).length > 0, 'it was full');
	const isHere = new Set(here());
	for (let uid = 1; uid <= count; uid++) assert.ok(left(server).includes(uid) || isHere.has(`m${uid}`), `m${uid}`);
	growDisk(disk, 2000);
	const roomy = await call(session);
	assert.deepEqual([roomy.over?.because, left(server)], ['', []]);
	assert.deepEqual(here().sort(), Array.from({length: count}, (_, index) => `m${index + 1}`).sort());
	for (const {text} of keptIn(disk, 'test/INBOX')) assert.equal(text, letter(subjectIn(text), noise(20_000)));
});
