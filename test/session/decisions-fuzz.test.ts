/**
 * Decisions under chance: a user who decides, undoes, hangs up and dials, a line that is cut before a command or before its
 * answer, a program that is killed and started again on the same disk. At the end the server holds exactly what the
 * operations say that were not refused, and the screen shows exactly that.
 *
 * `BONSAI_FUZZ_SEEDS=200` tries more; a failure names its seed.
 */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {type TestContext, test} from 'node:test';
import {type Random, random} from '../../source/demo/random.ts';
import {type DemoServer, MailboxState, startDemoServer} from '../../source/demo/server.ts';
import {inbox, type MailboxPath, mailboxPath} from '../../source/model/ids.ts';
import {hasFlag} from '../../source/model/message.ts';
import type {Change, Operation, OperationId} from '../../source/model/operation.ts';
import type {AccountSession} from '../../source/session/account-session.ts';
import {newest, openSession} from '../helpers/session.ts';
import {until} from '../helpers/waiting.ts';

const seeds = Number(process.env.BONSAI_FUZZ_SEEDS ?? 12);
const steps = 25;
const bare = ['IMAP4rev1', 'SASL-IR', 'AUTH=PLAIN', 'SPECIAL-USE', 'IDLE'];
const servers: readonly (readonly string[] | undefined)[] = [
	undefined,
	[...bare, 'UIDPLUS'],
	[...bare, 'MOVE'],
	[...bare, 'MOVE', 'UIDPLUS', 'ESEARCH'],
];
const places = ['INBOX', 'Trash', 'Archive'].map(mailboxPath);
const letter = (subject: string): string =>
	`From: Ada <ada@example.org>\r\nMessage-ID: <${subject}@example.org>\r\nDate: Fri, 20 Nov 2026 10:00:00 +0000\r\nSubject: ${subject}\r\n\r\nText.\r\n`;

/** A message as the user thinks of it. */
type Thing = {subject: string; mailbox: MailboxPath; flags: Set<string>};
/** What an operation meant to do, and to what. */
type Meant = {readonly id: OperationId; readonly change: Change; readonly things: readonly Thing[]};

const subjectOf = (server: DemoServer, mailbox: MailboxPath, uid: number): string =>
	/^Subject: (.*)\r$/m.exec(server.mailbox(mailbox)!.letter(uid).message.bytes.read(0, 500).toString())![1]!;

const held = (server: DemoServer): string[] =>
	places
		.flatMap(mailbox => {
			const state = server.mailbox(mailbox)!;
			return [...state.uids.within(1, state.uids.last)].map(
				uid => `${mailbox} ${subjectOf(server, mailbox, uid)} ${[...state.flags(uid)].sort().join(' ')}`,
			);
		})
		.sort();

const expected = (things: readonly Thing[]): string[] =>
	things.map(({mailbox, subject, flags}) => `${mailbox} ${subject} ${[...flags].sort().join(' ')}`).sort();

/** What came of the operations, in the order they were decided. */
function replayed(start: readonly Thing[], meant: readonly Meant[], operations: readonly Operation[]): Thing[] {
	const now = new Map(start.map(thing => [thing, {...thing, flags: new Set(thing.flags)}]));
	const copies: Thing[] = [];
	for (const {id, change, things} of meant) {
		const operation = operations.find(each => each.id === id);
		// Struck, refused, or done and taken back: as if it had never been.
		if (operation?.state !== 'done') continue;
		for (const thing of things.map(each => now.get(each)!)) {
			if (change.kind === 'flag') thing.flags[change.isSet ? 'add' : 'delete'](change.flag);
			if (change.kind === 'move') thing.mailbox = 'path' in change.to ? change.to.path : places[1]!;
			if (change.kind === 'copy' && 'path' in change.to)
				copies.push({...thing, mailbox: change.to.path, flags: new Set(thing.flags)});
		}
	}
	return [...now.values(), ...copies];
}

async function run(context: TestContext, seed: number): Promise<void> {
	const chance = random(seed);
	const capabilities = servers[seed % servers.length];
	const server = await startDemoServer({
		mailboxes: () => [
			{name: 'INBOX', state: new MailboxState(7)},
			{name: 'Trash', state: new MailboxState(8), specialUse: '\\Trash'},
			{name: 'Archive', state: new MailboxState(9), specialUse: '\\Archive'},
		],
		...(capabilities ? {capabilities} : {}),
	});
	const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'bonsai-fuzz-'));
	const subjects = Array.from({length: 8}, (_, index) => `m${index}`);
	for (const subject of subjects) server.append('INBOX', letter(subject));
	const start: Thing[] = subjects.map(subject => ({subject, mailbox: inbox, flags: new Set()}));
	const meant: Meant[] = [];
	let session = await opened(context, server, folder);
	try {
		for (let step = 0; step < steps; step++) {
			await oneStep(chance, session, server, start, meant);
			if (!chance.isOneIn(9)) continue;
			// Killed: the connection goes, the disk stays. Nothing is said to the server.
			await session.close();
			session = await opened(context, server, folder);
		}
		server.faults.clear();
		session.dial();
		await until(session.operations, all => all.every(({state}) => state !== 'waiting'));
		const wanted = expected(replayed(start, meant, session.operations.get()));
		assert.deepEqual(held(server), wanted, `the server holds what was decided (seed ${seed})`);
		for (const mailbox of places) {
			session.mailbox(mailbox).ensureNewest(30);
			// What was known of it from before is shown first.
			await session.settled();
			const rows = await newest(session.mailbox(mailbox), 30);
			assert.deepEqual(
				rows.map(row => `${mailbox} ${row.subject} ${[...row.flags].sort().join(' ')}`).sort(),
				wanted.filter(each => each.startsWith(`${mailbox} `)),
				`the screen shows what the server holds (seed ${seed})`,
			);
		}
	} catch (error) {
		context.diagnostic(`seed ${seed}`);
		throw error;
	} finally {
		await session.close();
		await server.close();
		fs.rmSync(folder, {recursive: true, force: true});
	}
}

async function opened(context: TestContext, server: DemoServer, folder: string): Promise<AccountSession> {
	const {session} = await openSession(context, {port: server.port, folder, retryMs: 1});
	return session;
}

async function oneStep(
	chance: Random,
	session: AccountSession,
	server: DemoServer,
	start: readonly Thing[],
	meant: Meant[],
): Promise<void> {
	const kind = chance.below(10);
	if (kind === 0) return session.hangUp();
	if (kind === 1) return session.dial();
	if (kind === 2) {
		session.undo();
		return;
	}
	if (kind === 3) {
		const fault = chance.pick(['cut-before', 'cut-after'] as const);
		server.faults.add({kind: fault, command: /^UID (STORE|COPY|MOVE|EXPUNGE|SEARCH)/, times: 1});
		return;
	}
	if (session.link.get().state === 'hung-up' && chance.isOneIn(2)) session.dial();
	const mailbox = chance.pick([inbox, inbox, ...places]);
	const view = session.mailbox(mailbox);
	if (session.link.get().state !== 'hung-up') {
		view.ensureNewest(30);
		await until(view.state, ({state}) => state === 'open' || session.link.get().state === 'hung-up');
		await session.settled();
	}
	const {count = 0} = view.state.get();
	const rows = Array.from({length: count}, (_, index) => view.row(index + 1)).filter(row => row !== undefined);
	// A copy has the subject of its original: only messages that are alone of their name are decided about.
	const alone = rows.filter(row => isAlone(row.subject, meant, session.operations.get()));
	const chosen = chance.some(alone, 1 + chance.below(3));
	if (chosen.length === 0) return;
	const change = changeBy(chance, mailbox);
	if (change.kind === 'flag' && chosen.every(row => hasFlag(row, change.flag) === change.isSet)) return;
	const things = chosen
		.filter(row => change.kind !== 'flag' || hasFlag(row, change.flag) !== change.isSet)
		.map(({subject}) => start.find(thing => thing.subject === subject)!);
	assert.ok(
		view.decide(
			chosen.map(row => row.id),
			change,
		),
	);
	meant.push({id: session.operations.get().at(-1)!.id, change, things});
}

function isAlone(subject: string, meant: readonly Meant[], operations: readonly Operation[]): boolean {
	return !meant.some(
		({id, change, things}) =>
			change.kind === 'copy' &&
			things.some(thing => thing.subject === subject) &&
			operations.some(operation => operation.id === id && operation.state !== 'refused'),
	);
}

function changeBy(chance: Random, mailbox: MailboxPath): Change {
	switch (chance.below(5)) {
		case 0:
			return {kind: 'copy', to: {path: chance.pick(places.filter(each => each !== mailbox))}};
		case 1:
			return {kind: 'move', to: mailbox === places[1] ? {path: inbox} : {use: 'trash'}};
		case 2:
			return {kind: 'move', to: {path: chance.pick(places.filter(each => each !== mailbox))}};
		default:
			return {kind: 'flag', flag: chance.pick(['\\Seen', '\\Flagged']), isSet: chance.isOneIn(2)};
	}
}

test(`decisions under chance, ${seeds} seeds from 1`, {timeout: 20_000 * seeds}, async context => {
	for (let seed = 1; seed <= seeds; seed++) await run(context, seed);
});
