/**
 * What a plan says of its price: parts come besides as long as nobody knows how large they are, and are in the sum from
 * then on.
 */
import assert from 'node:assert/strict';
import {type TestContext, test} from 'node:test';
import {sync} from '../../source/commands/sync.ts';
import {MailboxState, startDemoServer} from '../../source/demo/server.ts';
import {inbox, mailboxPath} from '../../source/model/ids.ts';
import {noWish, type Wish} from '../../source/model/wish.ts';
import type {AccountSession} from '../../source/session/account-session.ts';
import {letter, mimeWithFiles} from '../helpers/bonsai-on.ts';
import {printedOn} from '../helpers/command.ts';
import {call, openDisconnected} from '../helpers/disconnected.ts';
import {noise} from '../helpers/noise.ts';
import {ownFolder} from '../helpers/own-folder.ts';
import {until} from '../helpers/waiting.ts';

const octets = {type: 'application/octet-stream', mostBytes: 200_000};

test('parts are said to come besides until structures tell their sizes, and are counted then', async context => {
	const server = await startDemoServer({mailboxes: () => [{name: 'INBOX', state: new MailboxState(7)}]});
	context.after(() => server.close());
	const arrive = (): void => {
		for (const name of ['a', 'b', 'c'])
			server.append('INBOX', letter({subject: name, mime: mimeWithFiles('Here.', [[`${name}.bin`, noise(30_000)]])}));
	};
	arrive();
	const wishes = {otherwise: noWish, mailboxes: {INBOX: {...noWish, summaries: 'all', parts: [octets]} as const}};
	const {session} = await openDisconnected(context, {port: server.port, at: ownFolder(context), wishes});
	const isDryRun = {isDryRun: true, mayRemoveMany: false};
	const {stdout: dryRun} = await printedOn(session, around => sync(around, isDryRun));
	assert.match(dryRun, /about 3 messages\tabout .* and parts$/m);
	assert.match(dryRun, /^In all about .*; parts come besides, their sizes are not known before$/m);
	const first = await call(session);
	assert.deepEqual(
		first.planned?.lines.map(({hasUnknownParts}) => hasUnknownParts),
		[true],
	);
	arrive();
	const {planned, over} = await call(session);
	const [line] = planned?.lines ?? [];
	assert.equal(line?.hasUnknownParts, false);
	const spent = (over?.spent.upBytes ?? 0) + (over?.spent.downBytes ?? 0);
	const planBytes = planned?.bytes ?? 0;
	assert.ok(planBytes > 0.8 * spent && planBytes < 1.25 * spent, `planned ${planBytes}, spent ${spent}`);
});

const [trash, archive] = [mailboxPath('Trash'), mailboxPath('Archive')];

/** INBOX with texts and without parts, all others with both; messages with a file each, of which INBOX has been called. */
async function inboxOfFiles(context: TestContext) {
	const server = await startDemoServer({
		mailboxes: () => [
			{name: 'INBOX', state: new MailboxState(7)},
			{name: 'Trash', state: new MailboxState(8), specialUse: '\\Trash'},
			{name: 'Archive', state: new MailboxState(9), specialUse: '\\Archive'},
		],
	});
	context.after(() => server.close());
	const withName = (name: string): string =>
		`Message-ID: <${name}@example.org>\r\n${letter({subject: name, mime: mimeWithFiles('Here.', [[`${name}.bin`, noise(12_000, name.charCodeAt(0))]])})}`;
	for (const name of ['a', 'b', 'c', 'd']) server.append('INBOX', withName(name));
	const texts: Wish = {...noWish, summaries: 'all', textBytes: 10_000};
	const wishes = {otherwise: {...texts, parts: [octets]}, mailboxes: {INBOX: texts}};
	const {session} = await openDisconnected(context, {port: server.port, at: ownFolder(context), wishes});
	session.planCall();
	await until(session.call, now => now?.state === 'planned');
	session.strike('Archive', true);
	session.goCall();
	await until(session.call, now => now?.state === 'done');
	await session.settled();
	return session;
}

async function assertPriced(session: AccountSession, key: string): Promise<void> {
	const {planned, over} = await call(session);
	const spent = (over?.spent.upBytes ?? 0) + (over?.spent.downBytes ?? 0);
	const bytes = planned?.bytes ?? 0;
	assert.equal(planned?.lines.find(line => line.key === key)?.hasUnknownParts, false);
	// A small call is mostly words, of which nobody counts each.
	assert.ok(Math.abs(bytes - spent) < 0.15 * spent + 500, `planned ${bytes}, spent ${spent}`);
}

test('what is moved costs what is wished for where it arrives, as far as it is not here', async context => {
	const session = await inboxOfFiles(context);
	session.decideByUid(inbox, 7, [1], {kind: 'move', to: {use: 'trash'}});
	await assertPriced(session, 'Trash');
	// All of it came: moved on, it comes along.
	session.decideByUid(trash, 8, [1], {kind: 'move', to: {path: inbox}});
	await assertPriced(session, 'INBOX');
	session.decideByUid(inbox, 7, [5], {kind: 'move', to: {use: 'trash'}});
	await assertPriced(session, 'Trash');
});

test('the same in a mailbox that was never called, and of copies beside', async context => {
	const session = await inboxOfFiles(context);
	session.decideByUid(inbox, 7, [2, 3], {kind: 'move', to: {path: archive}});
	session.decideByUid(inbox, 7, [1], {kind: 'copy', to: {path: archive}});
	await assertPriced(session, 'Archive');
});

test('where as many are here as are wished for, those that came since have their price', async context => {
	const server = await startDemoServer({mailboxes: () => [{name: 'INBOX', state: new MailboxState(7)}]});
	context.after(() => server.close());
	const arrive = (count: number): void => {
		const text = noise(3000).toString('base64').replaceAll(/.{70}/g, '$&\n');
		for (let index = 0; index < count; index++) server.append('INBOX', letter({subject: 'Soup', text}));
	};
	arrive(30);
	const wish: Wish = {...noWish, summaries: {last: 10}, textBytes: 1000};
	const wishes = {otherwise: noWish, mailboxes: {INBOX: wish}};
	const {session} = await openDisconnected(context, {port: server.port, at: ownFolder(context), wishes});
	await call(session);
	for (const count of [4, 4, 20]) {
		arrive(count);
		const {planned} = await call(session);
		const each = (planned!.lines[0]!.bytes - 250) / Math.min(count, 10);
		assert.ok(each > 400 && each < 600, `${count}: ${each}`);
	}
});
