import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {PassThrough, Writable} from 'node:stream';
import {type TestContext, test} from 'node:test';
import {addAccount, checkAccounts, listAccounts, removeAccount, type Streams} from '../source/account-command.ts';
import {readCommandLine} from '../source/command-line/command-line.ts';
import {Config} from '../source/config.ts';
import {fullCapabilities, startDemoServer} from '../source/demo/server.ts';
import type {Account} from '../source/model/account.ts';
import {emptyDraft} from '../source/model/draft.ts';
import {Drafts} from '../source/store/drafts.ts';
import {putMailInOutbox} from './helpers/mail-in-outbox.ts';
import {preauth, relayTo} from './helpers/relay.ts';
import {smtpServer} from './helpers/smtp-server.ts';

function setUp(context: TestContext) {
	const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'bonsai-account-'));
	context.after(() => fs.rmSync(folder, {recursive: true}));
	let heard = '';
	const listening = () =>
		new Writable({
			write(bytes, _encoding, done) {
				heard += String(bytes);
				done();
			},
		});
	const streams: Streams = {stdin: new PassThrough() as never, stdout: listening(), stderr: listening()};
	/** What was said since the last time this was asked. */
	const said = (): string => {
		const all = heard;
		heard = '';
		return all;
	};
	return {config: new Config({BONSAI_HOME: folder}), streams, said};
}

const account = (port: number, words: string): Account => {
	const url = `imap://demo@127.0.0.1:${port}`;
	return (readCommandLine(['account', 'add', 'work', '--imap', url, ...words.split(' ')]) as {account: Account})
		.account;
};

test('an account is added once, listed, checked and removed', async context => {
	const {config, streams, said} = setUp(context);
	const server = await startDemoServer();
	context.after(() => server.close());
	listAccounts(config, streams);
	assert.match(said(), /no account yet/);
	process.env.BONSAI_TEST_PASSWORD = 'demo';
	const work = account(server.port, '--security none --password-env BONSAI_TEST_PASSWORD');
	assert.equal(await addAccount(config, work, streams), 0);
	assert.match(said(), /Added work.*\n.*not encrypted/s);
	assert.equal(await addAccount(config, work, streams), 1);
	assert.match(said(), /already/);
	listAccounts(config, streams);
	assert.match(said(), /^work {2}demo@127\.0\.0\.1:\d+ {2}not encrypted {2}free\n$/);

	assert.equal(await checkAccounts(config, undefined, streams), 0);
	const report = said();
	assert.match(report, /uses COMPRESS=DEFLATE/);
	assert.match(report, /first screen of INBOX \(1200 messages\): \d+ bytes, \d turns/);
	assert.match(report, /NOT encrypted/);

	assert.equal(removeAccount(config, 'work', streams), 0);
	assert.equal(removeAccount(config, 'work', streams), 1);
	assert.match(said(), /no account work/);
});

test('what was written in an account that is removed stays, and it is said where', async context => {
	const {config, streams, said} = setUp(context);
	const work = account(1, '--security none --password-env BONSAI_TEST_PASSWORD');
	await addAccount(config, work, streams);
	const folder = config.accountFolder(work.name);
	putMailInOutbox(folder, Date.now());
	new Drafts(folder).save(emptyDraft({name: '', address: 'ada@example.org'}), {savedAt: 1});
	said();
	assert.equal(removeAccount(config, 'work', streams), 0);
	assert.match(
		said(),
		/^Removed work\..*\n1 draft and 4 messages in its outbox stay in \S+\. An account that is added by this name has them again/,
	);
	assert.equal(new Drafts(folder).all().length, 1);
});

test('a check that fails says why and what to do, and shows no password', async context => {
	const {config, streams, said} = setUp(context);
	const server = await startDemoServer();
	context.after(() => server.close());
	process.env.BONSAI_TEST_WRONG = 'not-the-password';
	await addAccount(config, account(server.port, '--security none --password-env BONSAI_TEST_WRONG'), streams);
	said();
	assert.equal(await checkAccounts(config, 'work', streams), 1);
	const report = said();
	assert.match(report, /refuses the user name or the password of demo/);
	assert.doesNotMatch(report, /not-the-password/);
	assert.equal(await checkAccounts(config, 'other', streams), 1);
});

test('an account through a tunnel is added without a password, listed by its command, and checked', async context => {
	const {config, streams, said} = setUp(context);
	const server = await startDemoServer({greeting: preauth(fullCapabilities)});
	context.after(() => server.close());
	const words = ['account', 'add', 'work', '--tunnel', relayTo(server.port)];
	const {account: work} = readCommandLine(words) as {account: Account};
	assert.equal(await addAccount(config, work, streams), 0);
	assert.doesNotMatch(said(), /not encrypted/);
	listAccounts(config, streams);
	assert.match(said(), /^work {2}exec .*connect.* {2}tunnel {2}free\n$/);
	assert.equal(await checkAccounts(config, 'work', streams), 0);
	const report = said();
	assert.match(report, /the line is a tunnel: its command sees to encryption/);
	assert.match(report, /first screen of INBOX \(1200 messages\)/);
});

test('mail on this disk is an account too, and is there by itself once there is any', async context => {
	const {config, streams, said} = setUp(context);
	assert.deepEqual(config.accounts, []);
	assert.throws(
		() => readCommandLine(['account', 'add', 'x', '--local', '--imap', 'imap://me@host']),
		/--imap makes no sense for mail on this disk/,
	);
	const {account: local} = readCommandLine([
		'account',
		'add',
		'Mail',
		'--folder',
		path.join(config.mailFolder, 'of mine'),
	]) as {
		account: Account;
	};
	assert.equal(await addAccount(config, local, streams), 0);
	assert.doesNotMatch(said(), /encrypted/);
	assert.equal(await checkAccounts(config, 'Mail', streams), 0);
	assert.match(said(), /0 messages in 5 mailboxes/);
	fs.cpSync(path.join(config.mailFolder, 'of mine/.bonsai-mail'), path.join(config.mailFolder, '.bonsai-mail'));
	listAccounts(config, streams);
	assert.match(said(), /^Mail {2}\/.* {2}on this disk\nLocal {2}\/.*Mail {2}on this disk\n$/);
	assert.equal(removeAccount(config, 'Local', streams), 1);
	assert.match(said(), /is there by itself/);
	assert.equal(removeAccount(config, 'Mail', streams), 0);
	assert.deepEqual(
		config.accounts.map(({name, folder}) => [name, folder]),
		[['Local', config.mailFolder]],
	);
});

test('how an account sends is listed and tried, and nothing is sent by that', async context => {
	const {config, streams, said} = setUp(context);
	const server = await startDemoServer();
	context.after(() => server.close());
	const submission = await smtpServer(context);
	process.env.BONSAI_TEST_PASSWORD = 'demo';
	const words = `--security none --password-env BONSAI_TEST_PASSWORD --smtp smtp://ada@127.0.0.1:${submission.port} --smtp-security none`;
	await addAccount(config, account(server.port, words), streams);
	assert.match(said(), /The line that sends is not encrypted/);
	listAccounts(config, streams);
	assert.match(said(), /sends by ada@127\.0\.0\.1:\d+ \(not encrypted\)\n$/);
	assert.equal(await checkAccounts(config, undefined, streams), 0);
	const report = said();
	assert.match(
		report,
		/uses PIPELINING.*\n.*uses 8BITMIME.*\n.*no {3}BURL.*\n.*uses SMTPUTF8.*\n.*up to 50 MB\n.*\d+ bytes, \d turns/,
	);
	assert.ok(!submission.heard.some(line => line.startsWith('MAIL')));

	submission.script = {answers: step => (step === 'AUTH' ? '535 5.7.8 no' : undefined)};
	assert.equal(await checkAccounts(config, undefined, streams), 1, 'it can be read and not be sent from');
	assert.match(said(), /password of ada for sending/);
	const unsigned = account(server.port, `${words} --signature /nowhere/signature`);
	assert.equal(await addAccount(config, unsigned, streams, {mayReplace: true}), 1);
	assert.match(said(), /there is no file \/nowhere\/signature/);
	const other = account(server.port, `${words} --identity a@b.example --signature a@b.example=/nowhere/own`);
	assert.equal(await addAccount(config, other, streams, {mayReplace: true}), 1);
	assert.match(said(), /there is no file \/nowhere\/own/);
});

test('the offline model is explained where an account is added with it, and the list names the model', async context => {
	const {config, streams, said} = setUp(context);
	const added = account(143, '--security none --password-env BONSAI_TEST_PASSWORD --model offline');
	assert.equal(await addAccount(config, added, streams), 0);
	assert.match(said(), /off the server and into local mail on this disk, where the only copy is then/);
	listAccounts(config, streams);
	assert.match(said(), /not encrypted {2}free {2}offline$/m);
});
