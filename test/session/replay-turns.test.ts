/**
 * What was decided with the line down is sent in as few turns as the server allows: how many does not depend on how many
 * operations there are. On the demo server and on Dovecot.
 */
import assert from 'node:assert/strict';
import {type TestContext, test} from 'node:test';
import {MailboxState, startDemoServer} from '../../source/demo/server.ts';
import {inbox, mailboxPath} from '../../source/model/ids.ts';
import type {Change} from '../../source/model/operation.ts';
import type {RememberedServer} from '../../source/remote/remote.ts';
import {startDovecot, withoutDovecot} from '../helpers/dovecot.ts';
import {otherClient} from '../helpers/other-client.ts';
import {openSession} from '../helpers/session.ts';
import {until} from '../helpers/waiting.ts';

const archive = mailboxPath('Archive');
const letter = (subject: string): string =>
	`From: Ada <ada@example.org>\r\nMessage-ID: <${subject}@example.org>\r\nDate: Fri, 20 Nov 2026 10:00:00 +0000\r\nSubject: ${subject}\r\n\r\nText.\r\n`;
const flag = (name: string, isSet = true): Change => ({kind: 'flag', flag: name, isSet});
const move: Change = {kind: 'move', to: {path: archive}};
const toTrash: Change = {kind: 'move', to: {use: 'trash'}};
const remove: Change = {kind: 'remove'};

/** An account of the test, with so many messages in its INBOX under UIDs from 1. */
type Server = {
	readonly port: number;
	readonly password?: string;
	readonly user?: string;
	readonly uidValidity: number;
};

/** Decides with the line down, one decision for each UID, and tells what it took to send all that. */
async function replay(
	context: TestContext,
	server: Server,
	decisions: readonly (readonly [uid: number, change: Change])[],
	remembered: RememberedServer | undefined,
) {
	const {
		session,
		spent,
		remembered: known,
	} = await openSession(context, {
		port: server.port,
		...(server.password ? {password: server.password} : {}),
		...(server.user ? {account: {user: server.user}} : {}),
		...(remembered ? {remembered} : {}),
		waitsForNews: false,
	});
	session.hangUp();
	for (const [uid, change] of decisions) session.decideByUid(inbox, server.uidValidity, [uid], change);
	spent();
	session.dial();
	await until(session.operations, all => all.every(({state}) => state === 'done'));
	await session.settled();
	return {...spent(), known: known(), left: session.operations.get().filter(({state}) => state !== 'done').length};
}

/** 100 changes of flags, 20 moves, 10 removals, and a few that follow upon others. */
function many(): [number, Change][] {
	const decisions: [number, Change][] = [];
	for (let n = 0; n < 100; n++) decisions.push([1 + n, flag(['\\Seen', '\\Flagged', '$Later'][n % 3]!, n % 2 === 0)]);
	for (let n = 0; n < 20; n++) decisions.push([101 + n, n % 2 === 0 ? move : toTrash]);
	for (let n = 0; n < 10; n++) decisions.push([121 + n, remove]);
	return decisions;
}
const few: readonly [number, Change][] = [
	[131, flag('\\Seen')],
	[132, move],
	[133, toTrash],
	[134, remove],
];

/** A turn more than it takes comes of a scheduler that was slow once: the least of some runs is what it takes. */
async function compare(context: TestContext, serve: () => Promise<Server>): Promise<void> {
	const least = async (decisions: readonly (readonly [number, Change])[]) => {
		let best: Awaited<ReturnType<typeof replay>> | undefined;
		for (let run = 0; run < 2; run++) {
			const server = await serve();
			const first = await replay(context, server, [[140, flag('\\Seen')]], undefined);
			const one = await replay(context, server, decisions, first.known);
			if (best === undefined || one.turns < best.turns) best = one;
		}
		return best!;
	};
	const [small, large] = [await least(few), await least(many())];
	context.diagnostic(`4 operations: ${small.turns} turns, ${small.up} + ${small.down} bytes`);
	context.diagnostic(`130 operations: ${large.turns} turns, ${large.up} + ${large.down} bytes`);
	assert.ok(large.turns <= small.turns, `${large.turns} turns for 130, ${small.turns} for 4`);
	assert.ok(large.turns <= 5, `login, SELECT and all of it in ${large.turns} turns`);
}

const subjects = Array.from({length: 140}, (_, index) => `m${index + 1}`);

test('130 operations take no more turns than 4', async context => {
	await compare(context, async () => {
		const server = await startDemoServer({
			mailboxes: () => [
				{name: 'INBOX', state: new MailboxState(7)},
				{name: 'Trash', state: new MailboxState(8), specialUse: '\\Trash'},
				{name: 'Archive', state: new MailboxState(9), specialUse: '\\Archive'},
			],
		});
		context.after(() => server.close());
		for (const each of subjects) server.append('INBOX', letter(each));
		return {port: server.port, uidValidity: 7};
	});
});

test('and on Dovecot', {skip: withoutDovecot}, async context => {
	const dovecot = await startDovecot();
	context.after(() => dovecot.stop());
	let users = 0;
	await compare(context, async () => {
		const user = `u${++users}`;
		const client = await otherClient(dovecot.port, user, dovecot.password);
		await client.command('CREATE Archive');
		for (const each of subjects) await client.append('INBOX', letter(each));
		const status = await client.command('STATUS INBOX (UIDVALIDITY)');
		client.close();
		const uidValidity = Number(/UIDVALIDITY (\d+)/.exec(status)?.[1]);
		return {port: dovecot.port, password: dovecot.password, user, uidValidity};
	});
});
