/**
 * What it costs to come back in the disconnected model, as ceilings: exact bytes and turns, counted by a line in between,
 * on the demo server and on Dovecot. That a log is sent in as few turns whatever its length is held by replay-turns.test.ts;
 * the real program, with its peers beside it, by the bench (`npm run bench -- sync`).
 */
import assert from 'node:assert/strict';
import {join} from 'node:path';
import {describe, type TestContext, test} from 'node:test';
import {MailboxState, startDemoServer} from '../../source/demo/server.ts';
import {inbox} from '../../source/model/ids.ts';
import {noWish} from '../../source/model/wish.ts';
import {startDovecot, withoutDovecot} from '../helpers/dovecot.ts';
import {type OtherClient, otherClient} from '../helpers/other-client.ts';
import {ownFolder} from '../helpers/own-folder.ts';
import {newest, type Opened, openSession} from '../helpers/session.ts';
import {until} from '../helpers/waiting.ts';

type Server = {readonly port: number; readonly user: string; readonly password: string};
type Cost = {readonly total: number; readonly turns: number};

const letter = (subject: string): string =>
	`From: Ada Lind <ada@example.org>\r\nTo: Robin <robin@example.org>\r\nMessage-ID: <${subject}@example.org>\r\nDate: Fri, 20 Nov 2026 10:00:00 +0000\r\nSubject: The letter ${subject}\r\n\r\nText.\r\n`;
const count = 200;
const others = Array.from({length: 60}, (_, index) => `Box${index + 1}`);

/** One run of the client on what earlier ones have left, with what it remembers of the server. */
const runs = (context: TestContext, {port, user, password}: Server): (() => Promise<Opened>) => {
	const folder = ownFolder(context);
	let before: Opened | undefined;
	return async () => {
		const remembered = before?.remembered();
		await before?.session.close();
		before = await openSession(context, {
			port,
			password,
			folder: join(folder, 'state'),
			cacheFolder: join(folder, 'cache'),
			account: {user, model: 'disconnected', wishes: {otherwise: {...noWish, summaries: 'all'}, mailboxes: {}}},
			waitsForNews: false,
			...(remembered ? {remembered} : {}),
		});
		return before;
	};
};

async function call(opened: Opened, isOver: (lines: readonly {state: string}[]) => boolean): Promise<Cost> {
	const {session, spent} = opened;
	spent();
	session.planCall();
	await until(session.call, now => now !== undefined && now.state !== 'asking');
	session.goCall();
	await until(session.call, now => now !== undefined && (isOver(now.lines) || now.state === 'done'));
	const cost = spent();
	await until(session.call, now => now?.state === 'done' || now?.state === 'ended');
	assert.equal(session.call.get()?.state, 'done');
	await session.settled();
	return cost;
}

/** The list is there from the disk; then the line is dialled. */
async function dial({session, spent}: Opened, isThere: () => Promise<boolean>): Promise<Cost> {
	await newest(session.mailbox(inbox), 20);
	spent();
	session.dial();
	await until(session.link, ({state}) => state === 'up');
	await session.settled();
	assert.ok(await isThere(), 'what changed is there');
	return spent();
}

async function change(other: OtherClient): Promise<void> {
	await other.command('SELECT INBOX');
	for (const at of [20, 100, 190]) await other.command(`STORE ${at} +FLAGS.SILENT (\\Flagged \\Answered)`);
	await other.command('UID STORE 40,185 +FLAGS.SILENT (\\Deleted)');
	await other.command('UID EXPUNGE 40,185');
	for (let index = 0; index < 5; index++) await other.append('INBOX', letter(`new-${index}`));
}

const within = ({total, turns}: Cost, most: Cost, what: string): void =>
	assert.ok(total <= most.total && turns <= most.turns, `${what}: ${total} bytes, ${turns} turns`);

type Ceilings = {readonly nothing: Cost; readonly changes: Cost; readonly firstOfMany: Cost};

/** A turn too many comes of a scheduler that was slow once, and the whole is cheap: the best of three runs counts. */
async function keeps(context: TestContext, serve: (attempt: number) => Promise<Server>, most: Ceilings): Promise<void> {
	for (let attempt = 1; ; attempt++) {
		try {
			await comesBack(context, await serve(attempt), most);
			return;
		} catch (error) {
			if (attempt === 3) throw error;
		}
	}
}

async function comesBack(context: TestContext, server: Server, most: Ceilings): Promise<void> {
	const next = runs(context, server);
	await call(await next(), () => false);
	await call(await next(), () => false);
	const nothing = await next();
	const there = async ({session}: Opened, wanted: string, flagged: number): Promise<boolean> => {
		const rows = await newest(session.mailbox(inbox), count);
		return rows.at(-1)?.subject === wanted && rows.filter(row => row.flags.has('\\Flagged')).length === flagged;
	};
	const cost = await dial(nothing, () => there(nothing, `The letter m${count}`, 0));
	context.diagnostic(`nothing changed: ${cost.total} bytes, ${cost.turns} turns`);
	within(cost, most.nothing, 'nothing changed');

	const other = await otherClient(server.port, server.user, server.password);
	await change(other);
	const changed = await next();
	const changes = await dial(changed, () => there(changed, 'The letter new-4', 3));
	context.diagnostic(`5 new, 3 changed, 2 gone: ${changes.total} bytes, ${changes.turns} turns`);
	within(changes, most.changes, '5 new, 3 changed, 2 gone');

	await call(await next(), () => false);
	for (const name of ['Box7', 'Box23', 'Box51']) await other.append(name, letter(`more-in-${name}`));
	other.close();
	const first = await call(await next(), lines => lines.some(({state}) => state === 'done'));
	context.diagnostic(`the first of 3 of ${others.length} mailboxes: ${first.total} bytes, ${first.turns} turns`);
	within(first, most.firstOfMany, 'the first changed mailbox of many');
}

describe('what coming back costs', {timeout: 100_000}, () => {
	test('on the demo server', async context => {
		await keeps(
			context,
			async () => {
				const server = await startDemoServer({
					mailboxes: () => ['INBOX', ...others].map((name, index) => ({name, state: new MailboxState(7 + index)})),
				});
				context.after(() => server.close());
				for (let index = 1; index <= count; index++) server.append('INBOX', letter(`m${index}`));
				for (const name of others) server.append(name, letter(`in-${name}`));
				return {port: server.port, user: 'demo', password: 'demo'};
			},
			{
				nothing: {total: 830, turns: 2},
				changes: {total: 1350, turns: 3},
				firstOfMany: {total: 1950, turns: 4},
			},
		);
	});

	test('on Dovecot', {skip: withoutDovecot}, async context => {
		const dovecot = await startDovecot();
		context.after(() => dovecot.stop());
		await keeps(
			context,
			async attempt => {
				const user = `reader${attempt}`;
				const client = await otherClient(dovecot.port, user, dovecot.password);
				for (let index = 1; index <= count; index++) await client.append('INBOX', letter(`m${index}`));
				for (const name of others) {
					await client.command(`CREATE ${name}`);
					await client.append(name, letter(`in-${name}`));
				}
				client.close();
				return {port: dovecot.port, user, password: dovecot.password};
			},
			{
				nothing: {total: 1090, turns: 2},
				changes: {total: 1640, turns: 3},
				firstOfMany: {total: 2350, turns: 4},
			},
		);
	});
});

test('many letters with their texts are brought in few questions', async context => {
	const server = await startDemoServer({
		isRecording: true,
		mailboxes: () => [{name: 'INBOX', state: new MailboxState(7)}],
	});
	context.after(() => server.close());
	for (let index = 1; index <= 500; index++) server.append('INBOX', letter(`m${index}`));
	const folder = ownFolder(context);
	const opened = await openSession(context, {
		port: server.port,
		folder: join(folder, 'state'),
		cacheFolder: join(folder, 'cache'),
		account: {
			model: 'disconnected',
			wishes: {otherwise: {...noWish, summaries: 'all', textBytes: 4096}, mailboxes: {}},
		},
		waitsForNews: false,
	});
	await call(opened, () => false);
	assert.equal(opened.session.held(inbox).summaries, 500);
	const questions = server.transcript.filter(({by, text}) => by === 'client' && text.includes('FETCH')).length;
	context.diagnostic(`${questions} questions`);
	assert.ok(questions <= 30, `${questions} questions`);
});
