/**
 * A message goes from one account to another: fetched, appended, seen there, and only then removed. On two demo servers,
 * with the line cut at every command of either, with restarts in between, with a full target, and without UIDPLUS.
 */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import {type TestContext, test} from 'node:test';
import type {FaultKind} from '../../source/demo/faults.ts';
import {startBadLink} from '../../source/demo/link.ts';
import {type DemoServer, fullCapabilities, MailboxState, startDemoServer} from '../../source/demo/server.ts';
import {accountName, inbox, mailboxPath} from '../../source/model/ids.ts';
import {type Operation, transferTo} from '../../source/model/operation.ts';
import {noWish} from '../../source/model/wish.ts';
import {OperationLog} from '../../source/store/log.ts';
import {call} from '../helpers/disconnected.ts';
import {startDovecot, withoutDovecot} from '../helpers/dovecot.ts';
import {noise} from '../helpers/noise.ts';
import {otherClient} from '../helpers/other-client.ts';
import {ownFolder} from '../helpers/own-folder.ts';
import {newest, type Opened, openSession} from '../helpers/session.ts';
import {until} from '../helpers/waiting.ts';

const home = accountName('home');
const work = accountName('work');
const archive = mailboxPath('Archive');
const without = (...names: string[]): string[] => fullCapabilities.filter(each => !names.includes(each));
const bare = ['IMAP4rev1', 'SASL-IR', 'AUTH=PLAIN', 'IDLE'];

const letter = (subject: string, octets = 0): string =>
	`From: Ada <ada@example.org>\r\nMessage-ID: <${subject}@example.org>\r\nDate: Fri, 20 Nov 2026 10:00:00 +0000\r\nSubject: ${subject}\r\n\r\n${'Text of a line that is repeated.\r\n'.repeat(1 + octets / 33)}`;
const came = Date.UTC(2026, 0, 2, 3, 4, 5);

type World = {
	readonly source: DemoServer;
	readonly target: DemoServer;
	readonly folderOf: (name: string) => string | undefined;
	readonly open: (name: string) => Promise<Opened>;
};

async function serve(context: TestContext, capabilities: readonly string[] | undefined): Promise<DemoServer> {
	const server = await startDemoServer({
		mailboxes: () => [
			{name: 'INBOX', state: new MailboxState(7)},
			{name: 'Archive', state: new MailboxState(9), specialUse: '\\Archive'},
		],
		...(capabilities ? {capabilities} : {}),
		isRecording: true,
	});
	context.after(() => server.close());
	return server;
}

async function twoAccounts(
	context: TestContext,
	{from, to}: {readonly from?: readonly string[] | undefined; readonly to?: readonly string[] | undefined} = {},
): Promise<World> {
	const root = ownFolder(context);
	const source = await serve(context, from);
	const target = await serve(context, to);
	const folderOf = (name: string): string | undefined =>
		name === home || name === work ? path.join(root, name) : undefined;
	return {
		source,
		target,
		folderOf,
		open: name =>
			openSession(context, {
				port: (name === home ? source : target).port,
				account: {name: accountName(name)},
				folder: folderOf(name)!,
				folderOf,
				waitsForNews: false,
			}),
	};
}

/** Subjects, with flags, of what a mailbox of a server holds. */
function held(server: DemoServer, name: string): string[] {
	const state = server.mailbox(name)!;
	return [...state.uids.within(1, state.uids.last)].map(uid => {
		const subject = /^Subject: (.*)\r$/m.exec(octetsOf(server, name, uid))![1]!;
		return [subject, ...state.flags(uid)].join(' ');
	});
}
const octetsOf = (server: DemoServer, name: string, uid: number): string =>
	server.mailbox(name)!.letter(uid).message.bytes.read(0, 1e7).toString();
const spooled = ({folderOf}: World): string[] => {
	const folder = path.join(folderOf(home)!, 'across');
	return fs.existsSync(folder) ? fs.readdirSync(folder) : [];
};
const areOver = (all: readonly Operation[]): boolean => all.length > 0 && all.every(({state}) => state !== 'waiting');
const toArchive = (kind: 'move' | 'copy') => transferTo(kind, {account: work, mailbox: archive});
const decide = ({session}: Opened, kind: 'move' | 'copy', ...uids: number[]) =>
	session.decideByUid(inbox, 7, uids, toArchive(kind))!;
const only = ({session}: Opened): Operation => session.operations.get()[0]!;

for (const kind of ['move', 'copy'] as const) {
	test(`a ${kind} brings octets, flags and date, and leaves nothing on the disk`, async context => {
		const world = await twoAccounts(context);
		const {source, target} = world;
		source.append('INBOX', letter('m1', 700_000), ['\\Seen', '\\Flagged', 'Later'], came);
		source.append('INBOX', letter('m2'));
		source.append('INBOX', letter('m3'));
		const [from, to] = [await world.open(home), await world.open(work)];
		decide(from, kind, 1, 3);
		await until(from.session.operations, areOver);
		assert.deepEqual(held(target, 'Archive'), ['m1 \\Seen \\Flagged Later', 'm3']);
		assert.equal(octetsOf(target, 'Archive', 1), letter('m1', 700_000));
		assert.equal(target.mailbox('Archive')!.letter(1).internalDate, came);
		const left = held(source, 'INBOX');
		assert.deepEqual(left, kind === 'move' ? ['m2'] : ['m1 \\Seen \\Flagged Later', 'm2', 'm3']);
		assert.deepEqual(only(from).state, 'done');
		assert.deepEqual(spooled(world), []);
		// What came is told by the news as any new message is; the log of the other account has taken it in.
		assert.deepEqual(
			to.session.operations.get().map(({state, targets}) => `${state} ${targets.length}`),
			['done 2'],
		);
	});
}

const commands = {
	source: [/^SELECT/, /^UID FETCH .*INTERNALDATE/, /^UID FETCH \d+ \(?BODY\.PEEK\[\]/, /^UID STORE/, /^UID EXPUNGE/],
	target: [/^APPEND/, /^SELECT/, /^UID FETCH .*INTERNALDATE/],
};
const servers: readonly (readonly [string, readonly string[] | undefined])[] = [
	['all extensions', undefined],
	['no UIDPLUS', without('UIDPLUS')],
	['bare IMAP4rev1', bare],
];

for (const [name, capabilities] of servers) {
	for (const side of ['source', 'target'] as const) {
		for (const command of commands[side]) {
			test(`cut around ${command.source} of the ${side}, to ${name}: there once, and nothing is lost`, async context => {
				for (const fault of ['cut-before', 'cut-after', 'cut-within'] as const satisfies readonly FaultKind[]) {
					const world = await twoAccounts(context, {to: capabilities});
					const {source, target} = world;
					source.append('INBOX', letter('m1', 40_000));
					source.append('INBOX', letter('m2'));
					const faulty = side === 'source' ? source : target;
					faulty.faults.add({kind: fault, command, times: 1, afterBytes: 30});
					const [from, to] = [await world.open(home), await world.open(work)];
					decide(from, 'move', 1);
					await until(from.session.operations, areOver);
					const because = `${fault}: ${only(from).refusal}`;
					assert.deepEqual(held(target, 'Archive'), ['m1'], because);
					assert.deepEqual(held(source, 'INBOX'), ['m2'], because);
					assert.equal(only(from).state, 'done', because);
					await Promise.all([from.session.close(), to.session.close()]);
				}
			});
		}
	}
}

for (const fault of ['cut-before', 'cut-after'] as const) {
	test(`many messages of one decision are one operation there, and with a ${fault} in the midst of them each arrives once`, async context => {
		const world = await twoAccounts(context);
		const {source, target} = world;
		const names = Array.from({length: 90}, (_, index) => `m${index + 1}`);
		const texts = names.map(name => letter(name, name === 'm50' ? 3000 : 500));
		for (const text of texts) source.append('INBOX', text);
		const command = new RegExp(`^APPEND .*\\{${texts[49]!.length}\\+?\\}`);
		target.faults.add({kind: fault, command, times: 1});
		const [from, to] = [await world.open(home), await world.open(work)];
		let most = 0;
		to.session.operations.subscribe(() => {
			most = Math.max(most, to.session.operations.get().length);
		});
		decide(from, 'move', ...names.map((_, index) => index + 1));
		await until(from.session.operations, areOver);
		assert.equal(only(from).refusal, '');
		assert.deepEqual([held(target, 'Archive').sort(), held(source, 'INBOX')], [names.sort(), []]);
		assert.equal(most, 1);
		assert.deepEqual(spooled(world), []);
	});
}

test('the same, when both programs are ended and started again at each stage', async context => {
	const world = await twoAccounts(context);
	const {source, target} = world;
	source.append('INBOX', letter('m1', 40_000));
	const isThere = (): boolean => held(source, 'INBOX').length + held(target, 'Archive').length > 0;
	let from = await world.open(home);
	from.session.hangUp();
	decide(from, 'move', 1);
	await from.session.close();
	assert.ok(isThere());
	// Handed over, with nobody to take it.
	from = await world.open(home);
	await until(from.session.operations, ([each]) => each?.targets[0]?.state === 'handed');
	assert.ok(held(source, 'INBOX').length === 1 && held(target, 'Archive').length === 0);
	await from.session.close();
	// Taken in, with nobody to let go of it.
	const to = await world.open(work);
	await until(to.session.operations, areOver);
	await to.session.close();
	assert.deepEqual([held(source, 'INBOX'), held(target, 'Archive')], [['m1'], ['m1']]);
	from = await world.open(home);
	await until(from.session.operations, areOver);
	assert.deepEqual([held(source, 'INBOX'), held(target, 'Archive')], [[], ['m1']]);
	assert.deepEqual(spooled(world), []);
});

for (const isRecorded of [true, false]) {
	test(`killed while it was handed over, ${isRecorded ? 'after' : 'before'} the other log knew: there once`, async context => {
		const world = await twoAccounts(context);
		const {source, target} = world;
		source.append('INBOX', letter('m1', 400_000));
		let from = await world.open(home);
		decide(from, 'move', 1);
		await until(from.session.operations, ([each]) => each?.targets[0]?.state === 'handed');
		await from.session.close();
		// As the kill would have left it.
		const log = new OperationLog(world.folderOf(home));
		const [operation] = log.operations();
		log.setTargets(operation!.id, [operation!.targets[0]!.message], 'sending');
		log.close();
		if (!isRecorded) {
			const other = new OperationLog(world.folderOf(work));
			other.appends.noted(other.appends.from(home));
			for (const {id} of other.operations()) other.strike(id);
			other.close();
		}
		// The last window was not on the disk for certain.
		const [file] = spooled(world);
		fs.writeFileSync(
			path.join(world.folderOf(home)!, 'across', file!),
			Buffer.concat([Buffer.from(letter('m1', 400_000)).subarray(0, 399_000), Buffer.alloc(500)]),
		);
		from = await world.open(home);
		await world.open(work);
		await until(from.session.operations, areOver);
		assert.deepEqual([held(source, 'INBOX'), held(target, 'Archive')], [[], ['m1']]);
		assert.equal(octetsOf(target, 'Archive', 1), letter('m1', 400_000));
	});
}

test('a large message goes on where the line was cut', async context => {
	const world = await twoAccounts(context);
	const {source, target} = world;
	source.append('INBOX', letter('m1', 3_000_000));
	source.faults.add({kind: 'cut-within', command: /BODY\.PEEK\[\]<2\d{6}\./, afterBytes: 10, times: 1});
	const [from] = [await world.open(home), await world.open(work)];
	decide(from, 'move', 1);
	await until(from.session.operations, areOver);
	assert.deepEqual([held(source, 'INBOX'), held(target, 'Archive')], [[], ['m1']]);
	assert.equal(octetsOf(target, 'Archive', 1), letter('m1', 3_000_000));
	assert.ok(from.spent().down < 3_700_000, 'what came was not fetched again');
});

for (const [text, words] of [
	['[OVERQUOTA] Mailbox is full.', /work says: .*Make room there/],
	['[TRYCREATE] No such mailbox.', /work says: no mailbox Archive: create it /],
] as const) {
	test(`NO ${text}: refused in words, the message stays, and goes when it is tried again`, async context => {
		const world = await twoAccounts(context);
		const {source, target} = world;
		source.append('INBOX', letter('m1'));
		source.append('INBOX', letter('m2'));
		target.faults.add({kind: 'refuse', command: /^APPEND/, answer: 'NO', text, times: 1});
		const [from, to] = [await world.open(home), await world.open(work)];
		const id = decide(from, 'move', 1);
		// Behind it, of the same message: it waits.
		const behind = from.session.decideByUid(inbox, 7, [1], {kind: 'remove'})!;
		await until(from.session.operations, all => all.some(each => each.id === id && each.state === 'refused'));
		assert.match(only(from).refusal, words);
		assert.deepEqual([held(source, 'INBOX'), held(target, 'Archive')], [['m1', 'm2'], []]);
		assert.equal(from.session.operations.get().find(each => each.id === behind)?.waitsFor, id);
		// One place to look at: the account it is still in.
		await until(to.session.operations, all => all.length === 0);
		from.session.discard(behind);
		from.session.retry(id);
		await until(from.session.operations, areOver);
		assert.deepEqual([held(source, 'INBOX'), held(target, 'Archive')], [['m2'], ['m1']]);
	});
}

test('one that lies there marked as deleted is none that has arrived, and the original does not go for it', async context => {
	const world = await twoAccounts(context, {to: without('UIDPLUS')});
	const {source, target} = world;
	source.append('INBOX', letter('m1'));
	source.append('INBOX', letter('m2'), ['\\Deleted']);
	target.append('Archive', letter('m1'), ['\\Deleted']);
	target.faults.add({kind: 'cut-before', command: /^APPEND/, times: 1});
	const [from] = [await world.open(home), await world.open(work)];
	decide(from, 'move', 1);
	await until(from.session.operations, areOver);
	assert.deepEqual([held(source, 'INBOX'), held(target, 'Archive')], [['m2 \\Deleted'], ['m1 \\Deleted', 'm1']]);
	// What was marked where it comes from is so where it goes to.
	target.faults.add({kind: 'cut-after', command: /^APPEND/, times: 1});
	decide(from, 'move', 2);
	await until(from.session.operations, areOver);
	assert.deepEqual(held(target, 'Archive'), ['m1 \\Deleted', 'm1', 'm2 \\Deleted']);
});

test('without a Message-ID: a lost answer is not guessed at, and the original stays', async context => {
	const world = await twoAccounts(context, {to: without('UIDPLUS')});
	const {source, target} = world;
	source.append('INBOX', letter('m1').replace(/^Message-ID.*\r\n/m, ''));
	target.faults.add({kind: 'cut-after', command: /^APPEND/, times: 1});
	const [from] = [await world.open(home), await world.open(work)];
	decide(from, 'move', 1);
	await until(from.session.operations, areOver);
	assert.match(only(from).refusal, /cannot be told/);
	assert.deepEqual([held(source, 'INBOX'), held(target, 'Archive')], [['m1'], ['m1']]);
});

test('what was given up there before the account it leaves has heard of it is not sent once more', async context => {
	const world = await twoAccounts(context, {to: without('UIDPLUS')});
	const {source, target} = world;
	source.append('INBOX', letter('m1').replace(/^Message-ID.*\r\n/m, ''));
	target.faults.add({kind: 'cut-after', command: /^APPEND/, times: 1});
	const from = await world.open(home);
	decide(from, 'move', 1);
	await until(from.session.operations, ([each]) => each?.targets[0]?.state === 'handed');
	await from.session.close();
	const to = await world.open(work);
	await until(to.session.operations, ([each]) => each?.state === 'refused');
	to.session.discard(only(to).id);
	assert.deepEqual(to.session.operations.get(), []);
	const again = await world.open(home);
	await until(again.session.operations, areOver);
	assert.match(only(again).refusal, /work says: .*cannot be told/);
	await to.session.settled();
	assert.deepEqual([held(source, 'INBOX'), held(target, 'Archive')], [['m1'], ['m1']]);
});

test('it cannot be seen where it was sent: the original stays, and it is looked for before it is sent again', async context => {
	const world = await twoAccounts(context);
	const {source, target} = world;
	source.append('INBOX', letter('m1'));
	target.faults.add({kind: 'refuse', command: /^SELECT/, answer: 'NO', text: 'Not now.', times: 1});
	const [from] = [await world.open(home), await world.open(work)];
	const id = decide(from, 'move', 1);
	await until(from.session.operations, areOver);
	assert.match(only(from).refusal, /work says: .*Not now/);
	assert.deepEqual([held(source, 'INBOX'), held(target, 'Archive')], [['m1'], ['m1']]);
	from.session.retry(id);
	await until(from.session.operations, areOver);
	assert.deepEqual([held(source, 'INBOX'), held(target, 'Archive')], [[], ['m1']]);
});

test('the server says another size than was sent: the original stays', async context => {
	const world = await twoAccounts(context);
	const {source, target} = world;
	source.append('INBOX', letter('m1'));
	const [from, to] = [await world.open(home), await world.open(work)];
	to.session.hangUp();
	decide(from, 'move', 1);
	await until(from.session.operations, ([each]) => each?.targets[0]?.state === 'handed');
	// As if the answer to the APPEND had named this one.
	target.append('Archive', letter('other', 100));
	const log = new OperationLog(world.folderOf(work));
	const [operation] = log.operations();
	const [message] = [operation!.targets[0]!.message];
	log.messages.learnPlaces(new Map([[message, {mailbox: archive, uidValidity: 9, uid: 1}]]));
	log.setTargets(operation!.id, [message], 'copied');
	log.close();
	to.session.dial();
	await until(from.session.operations, areOver);
	assert.match(only(from).refusal, /of another size/);
	assert.deepEqual(held(source, 'INBOX'), ['m1']);
});

test('renumbered after it arrived, it is found by its name', async context => {
	const world = await twoAccounts(context);
	const {source, target} = world;
	source.append('INBOX', letter('m1'));
	target.append('Archive', letter('m0'));
	target.append('Archive', letter('m0'));
	target.expunge('Archive', 1);
	target.faults.add({kind: 'rebuild', command: /^SELECT/, mailbox: 'Archive', uidValidity: 99, times: 1});
	const [from] = [await world.open(home), await world.open(work)];
	decide(from, 'move', 1);
	await until(from.session.operations, areOver);
	assert.deepEqual([held(source, 'INBOX'), held(target, 'Archive')], [[], ['m0', 'm1']]);
	assert.equal(only(from).state, 'done');
});

test('without UIDPLUS where it leaves: copied, and the original is marked as deleted, as any move is', async context => {
	const world = await twoAccounts(context, {from: bare});
	const {source, target} = world;
	source.append('INBOX', letter('m1'));
	const [from] = [await world.open(home), await world.open(work)];
	decide(from, 'move', 1);
	await until(from.session.operations, areOver);
	assert.match(only(from).refusal, /it was copied, but this server cannot remove single messages/);
	assert.deepEqual([held(source, 'INBOX'), held(target, 'Archive')], [['m1 \\Deleted'], ['m1']]);
});

test('undone before it left, nothing is sent and nothing is kept; later it is said where it is', async context => {
	const world = await twoAccounts(context);
	const {source, target} = world;
	source.append('INBOX', letter('m1'));
	source.append('INBOX', letter('m2'));
	const [from, to] = [await world.open(home), await world.open(work)];
	to.session.hangUp();
	from.session.hangUp();
	decide(from, 'move', 1);
	from.session.undo();
	assert.deepEqual(from.session.operations.get(), []);
	from.session.dial();
	decide(from, 'move', 2);
	await until(from.session.operations, ([each]) => each?.targets[0]?.state === 'handed');
	from.session.undo();
	assert.match(from.session.notice.get()!.text, /in the hands of work by now/);
	// Taken back in the outbox of the other account, it is where it was.
	await until(to.session.operations, all => all.length === 1);
	to.session.discard(to.session.operations.get()[0]!.id);
	await until(from.session.operations, areOver);
	assert.match(only(from).refusal, /work says: you took it back/);
	assert.deepEqual([held(source, 'INBOX'), held(target, 'Archive')], [['m1', 'm2'], []]);
	assert.equal(from.session.mailbox(inbox).path, inbox);
});

test('what another client removed meanwhile is refused as gone, and what is there goes', async context => {
	const world = await twoAccounts(context);
	const {source, target} = world;
	for (const name of ['m1', 'm2', 'm3']) source.append('INBOX', letter(name));
	const [from] = [await world.open(home), await world.open(work)];
	from.session.hangUp();
	decide(from, 'move', 1, 2, 3);
	source.expunge('INBOX', 2);
	from.session.dial();
	await until(from.session.operations, ([each]) => each?.state === 'refused');
	assert.match(only(from).refusal, /one of 3 is not in INBOX any more/);
	assert.deepEqual([held(target, 'Archive'), held(source, 'INBOX')], [['m1', 'm3'], []]);
});

test('one of several is refused there: the others arrive, and their originals go', async context => {
	const world = await twoAccounts(context);
	const {source, target} = world;
	for (const subject of ['m1', 'm2', 'm3']) source.append('INBOX', letter(subject));
	target.faults.add({kind: 'refuse', command: /^APPEND/, answer: 'NO', text: '[OVERQUOTA] Full.', times: 1});
	const [from, to] = [await world.open(home), await world.open(work)];
	decide(from, 'move', 1, 2, 3);
	await until(from.session.operations, areOver);
	assert.match(only(from).refusal, /Full/);
	assert.deepEqual([held(target, 'Archive'), held(source, 'INBOX')], [['m2', 'm3'], ['m1']]);
	from.session.retry(only(from).id);
	await until(from.session.operations, areOver);
	await to.session.settled();
	assert.deepEqual([held(target, 'Archive'), held(source, 'INBOX')], [['m2', 'm3', 'm1'], []]);
});

test('there is no way to an account that keeps nothing: said at once, and nothing is decided', async context => {
	const world = await twoAccounts(context);
	world.source.append('INBOX', letter('m1'));
	const from = await world.open(home);
	const change = transferTo('move', {account: accountName('demo'), mailbox: archive});
	assert.equal(from.session.decideByUid(inbox, 7, [1], change), undefined);
	assert.match(from.session.notice.get()!.text, /demo forgets everything/);
	assert.deepEqual(from.session.operations.get(), []);
});

test('on Dovecot: two users, every octet, flag and date', {skip: withoutDovecot}, async context => {
	const dovecot = await startDovecot();
	context.after(() => dovecot.stop());
	const root = ownFolder(context);
	const [mine, theirs] = [
		await otherClient(dovecot.port, home, dovecot.password),
		await otherClient(dovecot.port, work, dovecot.password),
	];
	await mine.append('INBOX', letter('m1', 900_000), '(\\Seen Later) " 2-Jan-2026 03:04:05 +0000"');
	await mine.append('INBOX', letter('m2'));
	const folderOf = (name: string): string | undefined => path.join(root, name);
	const open = (name: string): Promise<Opened> =>
		openSession(context, {
			port: dovecot.port,
			account: {name: accountName(name), user: name},
			password: dovecot.password,
			folder: folderOf(name)!,
			folderOf,
			waitsForNews: false,
		});
	const [from] = [await open(home), await open(work)];
	const uidValidity = Number(/UIDVALIDITY (\d+)/.exec(await mine.command('STATUS INBOX (UIDVALIDITY)'))![1]);
	// There is no such mailbox yet: refused, made, tried again.
	const id = from.session.decideByUid(inbox, uidValidity, [1], toArchive('move'))!;
	await until(from.session.operations, areOver);
	assert.match(only(from).refusal, /work says: no mailbox Archive: create it /);
	await theirs.command('CREATE Archive');
	from.session.retry(id);
	await until(from.session.operations, areOver);
	assert.equal(only(from).state, 'done', only(from).refusal);
	await theirs.command('SELECT Archive');
	const there = await theirs.command('FETCH 1:* (FLAGS INTERNALDATE RFC822.SIZE BODY.PEEK[])');
	assert.match(there, /Later/);
	assert.match(there, /\\Seen/);
	assert.match(there, /INTERNALDATE "02-Jan-2026 03:04:05 \+0000"/);
	assert.ok(there.includes(letter('m1', 900_000)));
	await mine.command('SELECT INBOX');
	assert.deepEqual(
		[...(await mine.command('UID SEARCH ALL')).matchAll(/\* SEARCH (.*)\r/g)].map(each => each[1]),
		['2'],
	);
	for (const client of [mine, theirs]) client.close();
});

test('a call of the account it leaves ends when it is handed over, and the next ones let the original go', async context => {
	const world = await twoAccounts(context);
	const {source, target, folderOf} = world;
	source.append('INBOX', letter('m1'));
	const open = (name: string, port: number) =>
		openSession(context, {
			port,
			account: {name: accountName(name), model: 'disconnected'},
			folder: folderOf(name)!,
			folderOf,
			waitsForNews: false,
		});
	const [from, to] = [await open(home, source.port), await open(work, target.port)];
	const call = async ({session}: Opened): Promise<void> => {
		session.planCall();
		await until(session.call, now => now?.state === 'planned');
		session.goCall();
		const over = await until(session.call, now => now?.state === 'done' || now?.state === 'ended');
		assert.equal(over?.because, '');
		await session.settled();
	};
	decide(from, 'move', 1);
	await call(from);
	assert.equal(only(from).targets[0]?.state, 'handed');
	assert.deepEqual(held(source, 'INBOX'), ['m1']);
	await call(from);
	await call(to);
	assert.deepEqual(held(target, 'Archive'), ['m1']);
	await until(from.session.operations, all => all[0]?.targets[0]?.state === 'copied');
	await call(from);
	assert.deepEqual([only(from).state, held(source, 'INBOX')], ['done', []]);
});

test('what a call has spent goes on while a long message is fetched for another account, once a second', async context => {
	const {source, folderOf} = await twoAccounts(context);
	source.append('INBOX', `${letter('m1')}${noise(150_000).toString('base64').replaceAll(/.{76}/g, '$&\r\n')}`);
	const slow = await startBadLink({targetPort: source.port, bitsPerSecond: 500_000, roundTripMs: 0});
	context.after(() => slow.close());
	const {session} = await openSession(context, {
		port: slow.port,
		account: {name: home, model: 'disconnected'},
		folder: folderOf(home)!,
		folderOf,
	});
	session.decideByUid(inbox, 7, [1], toArchive('move'));
	session.planCall();
	await until(session.call, now => now?.state === 'planned');
	const seen = new Set<number>();
	session.call.subscribe(() => {
		const {state, spent} = session.call.get()!;
		if (state === 'going') seen.add(spent.downBytes);
	});
	const begun = Date.now();
	session.goCall();
	await until(session.call, now => now?.state === 'done');
	assert.ok(
		[...seen].some(bytes => bytes > 30_000 && bytes < 120_000),
		[...seen].join(),
	);
	assert.ok(seen.size < 5 + (Date.now() - begun) / 1000, [...seen].join());
});

test('the call that brings messages of another account has a line for the mailbox they go to, and they are in it when it is over', async context => {
	const world = await twoAccounts(context);
	const {source, target, folderOf} = world;
	for (const name of ['m1', 'm2', 'm3']) source.append('INBOX', letter(name));
	const from = await world.open(home);
	const at = ownFolder(context);
	const to = await openSession(context, {
		port: target.port,
		account: {
			name: work,
			model: 'disconnected',
			wishes: {otherwise: noWish, mailboxes: {Archive: {...noWish, summaries: 'all'}}},
		},
		folder: folderOf(work)!,
		cacheFolder: path.join(at, 'cache'),
		folderOf,
		waitsForNews: false,
	});
	// The mailbox was brought once, empty.
	assert.match((await call(to.session)).planned!.lines.map(({sentence}) => sentence).join(), /Archive/);
	decide(from, 'move', 1, 2, 3);
	await until(from.session.operations, ([each]) => each!.targets.every(({state}) => state === 'handed'));
	const {planned, over} = await call(to.session);
	assert.deepEqual(
		planned!.lines.map(({sentence}) => sentence),
		['Send what you decided (3 messages)', 'Archive: what you put there'],
	);
	assert.equal(over?.because, '');
	const rows = await newest(to.session.mailbox(archive), 10);
	assert.deepEqual(
		rows.map(({subject, held: step}) => `${subject} ${step}`),
		['m1 summary', 'm2 summary', 'm3 summary'],
	);
	assert.deepEqual(to.session.link.get().state, 'hung-up');
});
