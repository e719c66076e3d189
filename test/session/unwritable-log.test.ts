/** A log that cannot be written refuses what is decided, in a sentence, and loses nothing of what is in it. */
import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import {describe, type TestContext, test} from 'node:test';
import {outbox} from '../../source/commands/outbox.ts';
import {sync} from '../../source/commands/sync.ts';
import {MailboxState, startDemoServer} from '../../source/demo/server.ts';
import {inbox} from '../../source/model/ids.ts';
import {commandsTo, letter} from '../helpers/bonsai-on.ts';
import {printedOn} from '../helpers/command.ts';
import {newest, openSession} from '../helpers/session.ts';
import {smallDisk, withoutSmallDisks} from '../helpers/small-disk.ts';
import {until} from '../helpers/waiting.ts';

const flagged = {kind: 'flag', flag: '\\Flagged', isSet: true} as const;

async function serve(context: TestContext) {
	const server = await startDemoServer({
		isRecording: true,
		mailboxes: () => [{name: 'INBOX', state: new MailboxState(7)}],
	});
	context.after(() => server.close());
	for (const subject of ['m1', 'm2', 'm3']) server.append('INBOX', letter({subject}));
	return server;
}

const open = (context: TestContext, port: number, folder: string, waitsForNews = true) =>
	openSession(context, {port, folder, waitsForNews, account: {model: 'disconnected'}});

/** Leaves no room for another octet. */
function fill(folder: string): void {
	const file = fs.openSync(path.join(folder, 'filler'), 'w');
	try {
		for (;;) fs.writeSync(file, Buffer.alloc(512));
	} catch {
		fs.closeSync(file);
	}
}

describe('a log that cannot be written', {skip: withoutSmallDisks}, () => {
	test('refuses a decision on a disk that is full, keeps the one before, and takes the next when there is room', async context => {
		const disk = smallDisk(context, 400);
		const server = await serve(context);
		const {session} = await open(context, server.port, path.join(disk, 'state'));
		session.dial();
		const rows = await newest(session.mailbox(inbox), 3);
		session.hangUp();
		await until(session.link, ({state}) => state === 'hung-up');
		const [first, second, third] = rows.map(({id}) => id);
		assert.ok(session.mailbox(inbox).decide([first!], flagged));
		fill(disk);
		// SQLite writes on as long as its journal has room.
		let refused = false;
		for (let tries = 0; tries < 40 && !refused; tries++)
			refused = !session.mailbox(inbox).decide([second!], {...flagged, isSet: tries % 2 === 0});
		assert.ok(refused);
		assert.match(
			session.notice.get()?.text ?? '',
			/^Nothing was changed: the log cannot be written \(the disk is full\)\. Make room \(.*state\)$/,
		);
		const before = session.operations.get().length;
		fs.rmSync(path.join(disk, 'filler'));
		assert.ok(session.mailbox(inbox).decide([third!], flagged));
		assert.equal(session.operations.get().length, before + 1);
		await session.close();
		const again = await open(context, server.port, path.join(disk, 'state'));
		assert.equal(again.session.operations.get().length, before + 1);
	});

	test('that is read-only is shown, is not sent from, and says why; it goes on when it can be written again', async context => {
		const disk = smallDisk(context, 400);
		const server = await serve(context);
		const folder = path.join(disk, 'state');
		const first = await open(context, server.port, folder, false);
		assert.ok(first.session.decideByUid(inbox, 7, [2], flagged) !== undefined);
		await first.session.close();
		execFileSync('mount', ['-o', 'remount,ro', disk]);
		const {session} = await open(context, server.port, folder, false);
		assert.equal(session.decideByUid(inbox, 7, [3], flagged), undefined);
		const listed = await printedOn(session, outbox);
		assert.match(listed.stdout, /^waiting\t.*Flag 1 message in INBOX/);
		assert.match(listed.undone ?? '', /^Nothing was changed: the log cannot be written/);
		const called = await printedOn(session, around => sync(around, {isDryRun: false, mayRemoveMany: false}));
		assert.match(called.undone ?? '', /the log cannot be written/);
		assert.equal(commandsTo(server).length, 0);
		await session.close();
		execFileSync('mount', ['-o', 'remount,rw', disk]);
		const after = await open(context, server.port, folder, false);
		await printedOn(after.session, around => sync(around, {isDryRun: false, mayRemoveMany: false}));
		await until(after.session.operations, all => all.every(({state}) => state === 'done'));
		assert.equal(commandsTo(server).filter(line => /STORE 2 /.test(line)).length, 1);
	});
});
