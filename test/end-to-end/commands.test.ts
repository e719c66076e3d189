/** The same session without a screen: the real program in scripts and pipes. */
import assert from 'node:assert/strict';
import {existsSync} from 'node:fs';
import {describe, test} from 'node:test';
import {startBadLink} from '../../source/demo/link.ts';
import {commandsTo, inboxOf, keepAccount, letter, mimeWithFiles} from '../helpers/bonsai-on.ts';
import {startDovecot, withoutDovecot} from '../helpers/dovecot.ts';
import {otherClient} from '../helpers/other-client.ts';
import {commandsOn, runBonsai} from '../helpers/run-bonsai.ts';
import {openBonsai} from '../helpers/screen.ts';

const soup = inboxOf(
	letter({subject: 'Soup'}),
	letter({subject: 'Files', mime: mimeWithFiles('See below.', [['n.txt', 'A note.']])}),
);

describe('commands', {concurrency: 3, timeout: 120_000}, () => {
	test('mailboxes, list, read and parts print lines a script can take apart', async t => {
		const {run} = await commandsOn(t, {mailboxes: soup});
		assert.equal((await run('mailboxes')).stdout, '2\t2\tinbox\tINBOX\n');
		const listed = await run('list INBOX --limit 1');
		assert.deepEqual(listed.stdout.split('\t').slice(0, 4), ['2', 'N', '2026-11-20 12:00', 'Ada Lind']);
		assert.match(listed.stdout, /\tFiles\n$/);
		const read = await run('read inbox 2');
		assert.match(
			read.stdout,
			/^Date: .*\nFrom: Ada Lind <ada@station.example>\nTo: .*\nSubject: Files\n\nSee below.\n\n/,
		);
		assert.match(read.stdout, /\nOther parts:\n2\ttext\/plain\t12\t\d+\tn.txt\n$/);
		assert.equal((await run('read INBOX 2 --part 2')).stdout, 'A note.\n');
		const parts = (await run('parts INBOX 2')).stdout.trim().split('\n');
		assert.deepEqual(
			parts.map(line => line.split('\t')[1]),
			['multipart/mixed', 'text/plain', 'text/plain'],
		);
		assert.match((await run('read INBOX 2 --headers')).stdout, /^MIME-Version: 1.0$/m);
		for (const each of [listed, read]) assert.deepEqual([each.code, each.stderr], [0, '']);
	});

	test('what cannot be done is exit code 1 and one plain sentence, and nothing on standard output', async t => {
		const {run} = await commandsOn(t, {mailboxes: soup});
		const wrong: [string, RegExp][] = [
			['list Nowhere', /refuses to open the mailbox/],
			['read INBOX 99', /has no message of that UID/],
			['read INBOX 1 --uidvalidity 9', /renumbered this mailbox/],
			['parts INBOX 1 --uidvalidity 9', /renumbered this mailbox/],
			['read INBOX 2 --part 7', /There is no part 7/],
			['list INBOX --account nobody', /there is no account nobody/],
		];
		for (const [line, sentence] of wrong) {
			const {code, stdout, stderr} = await run(line);
			assert.equal(code, /nobody/.test(line) ? 2 : 1, line);
			assert.match(stderr, sentence);
			assert.match(stderr, /^bonsai: [^\n]+\n/);
			assert.equal(stdout, '');
		}
		assert.equal((await run('read INBOX 1 --uidvalidity 1733')).code, 0);
	});

	test('nothing that is read is marked as read, and no command waits for news', async t => {
		const {run, server} = await commandsOn(t, {mailboxes: soup});
		await run('list INBOX');
		await run('read INBOX 1');
		assert.match((await run('list INBOX')).stdout, /^1\tN\t/);
		assert.deepEqual(
			commandsTo(server).filter(line => /^(IDLE|UID STORE|STORE)/.test(line)),
			[],
		);
	});

	test('the cost: 20 rows for no more than a first screen, a text for no more than its turn', async t => {
		const capabilities = 'IMAP4rev1 SASL-IR IDLE COMPRESS=DEFLATE LIST-STATUS SPECIAL-USE AUTH=PLAIN'.split(' ');
		const {server, home} = await commandsOn(t, {capabilities});
		const line = await startBadLink({targetPort: server.port, bitsPerSecond: 0, roundTripMs: 0});
		t.after(() => line.close());
		keepAccount(home, {port: line.port, user: 'demo', authentication: 'plain'});
		const cost = async (args: string) => {
			const before = [line.bytesUp + line.bytesDown, line.turns] as const;
			const {stderr} = await runBonsai([...args.split(' '), '--usage'], {home});
			const bytes = line.bytesUp + line.bytesDown - before[0];
			assert.match(stderr, new RegExp(` ${bytes} in all`), 'what --usage says is what the line saw');
			return {bytes, turns: line.turns - before[1]};
		};
		// One turn more than the first screen: LOGOUT, behind everything that was printed.
		const cold = await cost('list INBOX --limit 20');
		assert.ok(cold.bytes <= 2600 && cold.turns <= 4, JSON.stringify(cold));
		const remembered = await cost('list INBOX --limit 20');
		assert.ok(remembered.bytes <= 2600 && remembered.turns <= 3, JSON.stringify(remembered));
		const read = await cost('read INBOX 1245');
		assert.ok(read.bytes <= 1400 && read.turns <= 3, JSON.stringify(read));
	});

	test('a text beyond the budget says what the rest costs, and --all brings it', async t => {
		const text = Array.from({length: 900}, (_, index) => `line ${index} of the log`).join('\n');
		const {run} = await commandsOn(t, {mailboxes: inboxOf(letter({text}))});
		const some = await run('read INBOX 1 --budget metered');
		assert.equal(some.code, 0);
		assert.match(some.stderr, /4\.1 kB of \d+ kB of the text are here; the rest costs .*--all brings it/);
		assert.doesNotMatch(some.stdout, /line 899/);
		const all = await run('read INBOX 1 --budget metered --all');
		assert.match(all.stdout, /line 899 of the log\n/);
		assert.equal(all.stderr, '');
		const answer = JSON.parse((await run('read INBOX 1 --budget metered --json')).stdout);
		assert.deepEqual([answer.isTextWhole, answer.textHeldBytes], [false, 4096]);
	});

	test('HTML is made readable, with its links below; an attached message is read as one', async t => {
		const html = 'Content-Type: text/html; charset=utf-8\n\n<p>Hello <a href="https://a.example/x">there</a></p>\n';
		const inner = ['From: in@ner.example', 'Subject: inside', '', 'Inner text.'].join('\n');
		const mixed = [
			'Content-Type: multipart/mixed; boundary=o',
			'',
			'--o',
			'',
			'See below.',
			'--o',
			'Content-Type: message/rfc822',
			'',
			inner,
			'--o--',
		].join('\n');
		const {run} = await commandsOn(t, {mailboxes: inboxOf(letter({mime: html}), letter({mime: mixed}))});
		const page = await run('read INBOX 1');
		assert.match(page.stdout, /\nHello there\S*\n\nLinks:\n\[1\] https:\/\/a.example\/x\n$/);
		assert.match(page.stderr, /only HTML/);
		const attached = await run('read INBOX 2 --part 2');
		assert.match(attached.stdout, /Subject: inside\n\nInner text.\n$/);
	});

	test('a message whose description cannot be read is shown as it was sent', async t => {
		const {run, server} = await commandsOn(t, {mailboxes: soup});
		server.faults.add({kind: 'malformed-structure', uid: 1});
		const read = await run('read INBOX 1');
		assert.equal(read.code, 0, read.stderr);
		assert.match(read.stdout, /The text of Soup\./);
		const parts = await run('parts INBOX 1 --json');
		assert.deepEqual([parts.code, JSON.parse(parts.stdout).parts], [1, null]);
	});

	test('who reads only the beginning is left in peace', async t => {
		const {run} = await commandsOn(t);
		const {code, stdout, stderr} = await run('', {shell: '$BONSAI list INBOX --limit 1200 | head -1'});
		assert.deepEqual([code, stdout.split('\n').length, stderr], [0, 2, '']);
	});

	test('a disk that takes no more is said', {skip: !existsSync('/dev/full')}, async t => {
		const {run} = await commandsOn(t, {mailboxes: soup});
		const {code, stderr} = await run('', {shell: '$BONSAI list INBOX > /dev/full'});
		assert.equal(code, 1);
		assert.equal(stderr, 'bonsai: Not all of it could be written: the disk is full\n');
	});

	test('a row the server garbles is a row with nothing but a sentence', async t => {
		const {run, server} = await commandsOn(t, {mailboxes: soup});
		server.faults.add({kind: 'malformed-row', uid: 1});
		const {stdout} = await run('list INBOX');
		assert.match(stdout, /^-\t-\t-\t-\t-\t\(the server’s answer about this message cannot be read\)\n2\t/);
		const {messages} = JSON.parse((await run('list INBOX --json')).stdout);
		assert.deepEqual([messages[0].uid, messages[0].sizeBytes, messages[1].uid], [null, null, 2]);
	});

	test('a server that cannot be reached, or refuses the password, is said at once', async t => {
		const {run, server} = await commandsOn(t, {mailboxes: soup});
		const denied = await run('list INBOX', {env: {BONSAI_TEST_PASSWORD: 'wrong'}});
		assert.deepEqual([denied.code, denied.stdout], [1, '']);
		assert.match(denied.stderr, /refuses the user name or the password/);
		await server.close();
		const down = await run('list INBOX');
		assert.equal(down.code, 1);
		assert.match(down.stderr, /refuses connections/);
	});

	test('a line that is cut once is dialled again; one that is cut again and again is given up', async t => {
		const {run, server} = await commandsOn(t, {mailboxes: soup});
		server.faults.add({kind: 'cut-after', command: /^FETCH/, times: 1});
		const once = await run('list INBOX');
		assert.deepEqual([once.code, once.stdout.split('\n').length], [0, 3]);
		server.faults.add({kind: 'cut-after', command: /^FETCH/});
		const always = await run('list INBOX');
		assert.deepEqual([always.code, always.stdout], [1, '']);
		assert.match(always.stderr, /The line was cut|hung up/);
	});

	for (const [signal, code] of [
		['SIGTERM', 143],
		['SIGINT', 130],
	] as const) {
		test(`${signal} ends a command that waits`, async t => {
			const {run, server} = await commandsOn(t, {mailboxes: soup});
			server.faults.add({kind: 'silence', command: /^FETCH/});
			const ended = await run('list INBOX', {
				onStart: child => {
					const look = setInterval(() => {
						if (!commandsTo(server).some(line => /^FETCH/.test(line))) return;
						clearInterval(look);
						child.kill(signal);
					}, 20);
				},
			});
			assert.deepEqual([ended.code, ended.stdout], [code, '']);
		});
	}

	test('on a terminal columns are aligned, and no message can drive it, with TERM=dumb and LC_ALL=C', async t => {
		const hostile = letter({
			subject: 'a\u001b]0;owned\u0007\u001b[2Jb',
			from: 'Zoë <z@x.example>',
			text: 'c\u001b[31md\u009b5n',
		});
		const {home} = await commandsOn(t, {mailboxes: inboxOf(hostile, letter({subject: 'Plain'}))});
		const env = {TERM: 'dumb', LC_ALL: 'C', BONSAI_TEST_PASSWORD: 'demo'};
		const bonsai = openBonsai({args: ['list', 'INBOX'], home, env});
		assert.equal(await bonsai.exited, 0);
		const rows = bonsai.text
			.trim()
			.split('\n')
			.map(row => row.trimEnd());
		assert.match(rows[0] ?? '', /^1 {2}N {2}2026-11-20 12:00 {2}Zo. {7}\d+ {2}a\?\]0;owned/);
		assert.match(rows[1] ?? '', /^2 {2}N {2}2026-11-20 12:00 {2}Ada Lind {2}/);
		assert.deepEqual([bonsai.titles, bonsai.answers], [[], []]);
	});

	test('on Dovecot', {skip: withoutDovecot}, async t => {
		const dovecot = await startDovecot();
		const {home} = await commandsOn(t);
		const other = await otherClient(dovecot.port, 'reader', 'pass');
		t.after(async () => {
			other.close();
			await dovecot.stop();
		});
		await other.append('INBOX', letter({subject: 'Soup'}), '(\\Flagged)');
		await other.append('INBOX', letter({subject: 'Files', mime: mimeWithFiles('See below.', [['n.txt', 'A note.']])}));
		keepAccount(home, {port: dovecot.port, user: 'reader'});
		const run = (args: string) => runBonsai(args.split(' '), {home, env: {BONSAI_TEST_PASSWORD: 'pass'}});
		assert.match((await run('mailboxes')).stdout, /^2\t2\tinbox\tINBOX\n/);
		const listed = JSON.parse((await run('list INBOX --json')).stdout);
		assert.deepEqual(listed.messages[0].flags.includes('\\Flagged'), true);
		assert.match((await run(`read INBOX 1 --uidvalidity ${listed.uidValidity}`)).stdout, /The text of Soup/);
		assert.equal((await run('read INBOX 2 --part 2')).stdout, 'A note.\n');
		assert.match((await run('parts INBOX 2')).stdout, /n\.txt/);
		assert.equal((await run('read INBOX 77')).code, 1);
	});
});
