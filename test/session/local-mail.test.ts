/** The session on mail of this disk: what works on a server works here, without a line; and messages go to a server and back. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {type TestContext, test} from 'node:test';
import {type DemoServer, MailboxState, startDemoServer} from '../../source/demo/server.ts';
import {dialLocal} from '../../source/local/local-remote.ts';
import {localAccount} from '../../source/model/account.ts';
import {type AccountName, accountName, inbox, localName, mailboxPath, partNumber} from '../../source/model/ids.ts';
import {type Operation, transferTo} from '../../source/model/operation.ts';
import {type AccountSession, createSession} from '../../source/session/account-session.ts';
import {newest, openSession} from '../helpers/session.ts';
import {until} from '../helpers/waiting.ts';

const archive = mailboxPath('Archive');
const trash = mailboxPath('Trash');
const work = accountName('work');
const came = Date.UTC(2026, 0, 2, 3, 4, 5);
const letter = (subject: string): string =>
	`From: Ada <ada@example.org>\r\nMessage-ID: <${subject}@example.org>\r\nDate: Fri, 20 Nov 2026 10:00:00 +0000\r\nSubject: ${subject}\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nText of ${subject}. ${'The ship is fast in the ice.\r\n'.repeat(4000)}\r\n--b\r\nContent-Type: text/csv; name=a.csv\r\n\r\n1,2\r\n--b--\r\n`;

type World = {
	readonly root: string;
	readonly folderOf: (name: AccountName) => string;
	readonly open: () => AccountSession;
	readonly file: (mailbox: string, name: string, text: string) => void;
};

function world(context: TestContext): World {
	const home = fs.mkdtempSync(path.join(os.tmpdir(), 'bonsai-local-session-'));
	context.after(() => fs.rmSync(home, {recursive: true, force: true}));
	const root = path.join(home, 'Mail');
	const folderOf = (name: AccountName): string => path.join(home, 'accounts', name);
	return {
		root,
		folderOf,
		open() {
			const session = createSession({
				account: localAccount(localName, root),
				secret: async () => '',
				dial: dialLocal(path.join(folderOf(localName), 'maildir.sqlite')),
				remembered: {get: () => undefined, set: () => {}},
				folder: folderOf(localName),
				folderOf,
			});
			context.after(() => session.close());
			return session;
		},
		file(mailbox, name, text) {
			fs.mkdirSync(path.join(root, mailbox, 'cur'), {recursive: true});
			fs.writeFileSync(path.join(root, mailbox, 'cur', name), text.replaceAll('\r\n', '\n'));
		},
	};
}

const files = (root: string, mailbox: string): string[] => fs.readdirSync(path.join(root, mailbox, 'cur')).sort();
const areOver = (all: readonly Operation[]): boolean =>
	all.length > 0 && all.every(({state}) => state === 'done' || state === 'undone');

test('a message is read with all of its text, marked as read, and its parts are saved, for no byte', async context => {
	const {open, file, root} = world(context);
	await (async () => {
		const session = open();
		session.mailbox(inbox).ensureNewest(10);
		await until(session.mailbox(inbox).state, ({state}) => state === 'open');
		await session.close();
	})();
	file('INBOX', '1.a.host:2,', letter('one'));
	const session = open();
	const [row] = await newest(session.mailbox(inbox), 10);
	assert.equal(row?.held, 'whole');
	const message = session.message(row!.id);
	message.ensureContent();
	await until(message.content, ({state, text}) => state === 'known' && text.isWhole);
	// Far more than the budget of a line allows.
	assert.equal(message.lines(80).length, 4000);
	assert.equal(message.price([partNumber('2')]).bytes, 0);
	message.shown();
	await until(session.operations, areOver);
	assert.deepEqual(files(root, 'INBOX'), ['1.a.host:2,S']);
	const target = path.join(root, '..', 'a.csv');
	message.save(partNumber('2'), target);
	await until(session.transfers, transfers => transfers.some(({state}) => state === 'done'));
	assert.equal(fs.readFileSync(target, 'utf8'), '1,2');
	const {upBytes, downBytes, turns} = session.usage.get();
	assert.deepEqual([upBytes, downBytes, turns], [0, 0, 0]);
});

test('what is deleted is in Trash, and is back when that is undone', async context => {
	const {open, file, root} = world(context);
	file('INBOX', '1.a.host:2,S', letter('one'));
	file('INBOX', '2.b.host:2,S', letter('two'));
	const session = open();
	session.ensureMailboxes();
	const mailbox = session.mailbox(inbox);
	const [row] = await newest(mailbox, 10);
	await until(session.mailboxes, ({state}) => state === 'known');
	assert.equal(session.special('trash'), trash);
	mailbox.decide([row!.id], {kind: 'move', to: {use: 'trash'}});
	await until(session.operations, areOver);
	assert.equal(files(root, 'Trash').length, 1);
	assert.equal(files(root, 'INBOX').length, 1);
	await until(mailbox.state, ({count}) => count === 1);
	session.undo();
	await until(session.operations, all => all.length === 2 && areOver(all));
	assert.equal(files(root, 'Trash').length, 0);
	await until(mailbox.state, ({count}) => count === 2);
});

test('what another program does is on the screen by itself', async context => {
	const {open, file, root} = world(context);
	file('INBOX', '1.a.host:2,', letter('one'));
	const session = open();
	const mailbox = session.mailbox(inbox);
	const [row] = await newest(mailbox, 10);
	file('INBOX', '2.b.host:2,', letter('two'));
	await until(mailbox.state, ({count}) => count === 2);
	fs.renameSync(path.join(root, 'INBOX/cur/1.a.host:2,'), path.join(root, 'INBOX/cur/1.a.host:2,F'));
	await until(mailbox.state, () => mailbox.row(1)?.flags.has('\\Flagged') === true);
	fs.rmSync(path.join(root, 'INBOX/cur/1.a.host:2,F'));
	await until(mailbox.state, ({count}) => count === 1 && mailbox.positionOf(row!.id) === undefined);
});

test('what makes no sense without a line says so, and changes nothing', async context => {
	const {open} = world(context);
	const session = open();
	await newest(session.mailbox(inbox), 1);
	for (const refused of [
		() => session.hangUp(),
		() => session.chooseModel('disconnected'),
		() => session.chooseBudget('metered'),
	]) {
		refused();
		assert.match(session.notice.get()!.text, /on your disk/);
	}
	assert.equal(session.link.get().state, 'up');
	assert.equal(session.models.get().account, 'online');
});

async function serve(context: TestContext): Promise<DemoServer> {
	const server = await startDemoServer({
		mailboxes: () => [
			{name: 'INBOX', state: new MailboxState(7)},
			{name: 'Archive', state: new MailboxState(9), specialUse: '\\Archive'},
		],
	});
	context.after(() => server.close());
	return server;
}

test('a message goes from a server to this disk and back, with octets, flags and date', async context => {
	const {open, root, folderOf} = world(context);
	const server = await serve(context);
	server.append('INBOX', letter('one'), ['\\Seen', '\\Flagged', 'Later'], came);
	const {session: away} = await openSession(context, {
		port: server.port,
		account: {name: work},
		folder: folderOf(work),
		folderOf,
		waitsForNews: false,
	});
	const local = open();
	await newest(local.mailbox(archive), 1);
	away.decideByUid(inbox, 7, [1], transferTo('move', {account: localName, mailbox: archive}));
	await until(away.operations, areOver);
	const [name] = files(root, 'Archive');
	assert.match(name!, /:2,FSa$/);
	const stored = path.join(root, 'Archive/cur', name!);
	assert.equal(fs.readFileSync(stored, 'utf8'), letter('one').replaceAll('\r\n', '\n'));
	assert.equal(fs.statSync(stored).mtimeMs, came);
	assert.equal(server.mailbox('INBOX')!.uids.count, 0);

	const mailbox = local.mailbox(archive);
	const [row] = await newest(mailbox, 1);
	const price = mailbox.priceAcross([row!.id])!;
	assert.ok(price.bytes > letter('one').length && price.seconds === undefined);
	mailbox.decide([row!.id], transferTo('copy', {account: work, mailbox: archive}));
	await until(local.operations, all => areOver(all));
	const back = server.mailbox('Archive')!;
	assert.deepEqual([...back.flags(1)].sort(), ['Later', '\\Flagged', '\\Seen']);
	assert.equal(back.letter(1).internalDate, came);
	assert.equal(back.letter(1).message.bytes.read(0, 1e7).toString(), letter('one'));
});
