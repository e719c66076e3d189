/** `bonsai send` where programs expect sendmail. */
import assert from 'node:assert/strict';
import {type ChildProcess, spawnSync} from 'node:child_process';
import fs from 'node:fs';
import {join} from 'node:path';
import {describe, test} from 'node:test';
import {noise} from '../helpers/noise.ts';
import {runSend, sendingHome, sendingTo} from '../helpers/run-send.ts';
import {smtpServer} from '../helpers/smtp-server.ts';

const message = 'To: Bo <bo@example.net>\nBcc: eve@example.com\nSubject: hi\n\nhello\n';
/** It needs Mail::Address, which Debian only recommends. */
const hasGitSendEmail =
	fs.existsSync('/usr/lib/git-core/git-send-email') && spawnSync('perl', ['-MMail::Address', '-e', '1']).status === 0;
const withoutGitSendEmail =
	hasGitSendEmail || process.env.BONSAI_TEST_PEERS === 'required'
		? false
		: 'there is no git send-email here (apt-get install git-email libmailtools-perl)';

const outboxOf = async (home: Parameters<typeof runSend>[0]) =>
	JSON.parse((await runSend(home, ['outbox', '--json'], '')).stdout).letters;

describe('bonsai send', {concurrency: 2, timeout: 120_000}, () => {
	test('a message is sent to whom its header names, without Bcc, and nothing is left behind', async t => {
		const server = await smtpServer(t);
		const home = sendingHome(t, server.port);
		const {code, stdout, stderr} = await runSend(home, ['send', '-t', '-i', '--usage'], message);
		assert.deepEqual([code, stdout], [0, '']);
		assert.match(stderr, /^bonsai: \d+ bytes up, \d+ bytes down, \d+ in all, 5 turns\n$/);
		const [{from, to, octets} = {from: '', to: [], octets: ''}] = server.taken;
		assert.deepEqual([from, to], ['ada@example.org', ['bo@example.net', 'eve@example.com']]);
		assert.match(
			octets,
			/^To: Bo <bo@example\.net>\r\nSubject: hi\r\nFrom: Ada <ada@example\.org>\r\nDate: .* \+0000\r\nMessage-ID: <.*@example\.org>\r\n\r\nhello\r\n$/,
		);
		assert.deepEqual(await outboxOf(home), []);
		const usage = JSON.parse((await runSend(home, ['usage', '--json'], '')).stdout);
		assert.ok(usage.accounts[0].today.byPurpose.sending > octets.length);
	});

	test('recipients on the command line, a sender of its own, and a dot that ends it', async t => {
		const server = await smtpServer(t);
		const home = sendingHome(t, server.port);
		const {code} = await runSend(
			home,
			['send', '-f', '<bounces@example.org>', '--', 'a@example.net', 'b@example.net'],
			'Subject: x\n\none\n.\ntwo\n',
		);
		assert.equal(code, 0);
		assert.deepEqual(
			server.taken.map(({from, to}) => [from, to]),
			[['bounces@example.org', ['a@example.net', 'b@example.net']]],
		);
		assert.match(server.taken[0]!.octets, /\r\n\r\none\r\n$/);
	});

	test('with the line down it is queued, which counts as sent, and -q sends it, once', async t => {
		const server = await smtpServer(t, {cutAt: {step: 'greeting', isUnheard: true}});
		const home = sendingHome(t, server.port);
		const {code, stderr} = await runSend(home, ['send', '-t'], message);
		assert.equal(code, 0);
		assert.match(stderr, /^bonsai: Queued, not sent yet: .*cut/);
		const [letter] = await outboxOf(home);
		assert.deepEqual(
			[letter.state, letter.subject, letter.to],
			['waiting', 'hi', ['bo@example.net', 'eve@example.com']],
		);
		assert.match(
			(await runSend(home, ['outbox'], '')).stdout,
			/^waiting\t.*\tMail to bo@example\.net and 1 more: hi \(\d+\)\t/,
		);
		assert.equal((await runSend(home, ['send', '-q'], '')).code, 75);
		server.script = {};
		assert.deepEqual((await runSend(home, ['send', '-q'], '')).stderr, 'bonsai: work: sent 1 message\n');
		assert.equal((await runSend(home, ['send', '-q'], '')).stderr, '');
		assert.equal(server.taken.length, 1);
	});

	test('in the disconnected model nobody is dialled', async t => {
		const server = await smtpServer(t);
		const home = sendingHome(t, server.port, {model: 'disconnected'});
		const {code, stderr} = await runSend(home, ['send', '-t'], message);
		assert.equal(code, 0);
		assert.match(stderr, /Queued/);
		assert.deepEqual(server.heard, []);
		const sync = await runSend(home, ['sync'], '');
		assert.match(sync.stderr, /^bonsai: work: sent 1 message$/m, 'a call takes it along');
		assert.equal(server.taken.length, 1);
	});

	test('what is refused is said by its exit code, and nothing of it stays', async t => {
		const server = await smtpServer(t);
		const home = sendingHome(t, server.port);
		const at = (step: string, said: string) => {
			server.script = {answers: each => (each === step ? said : undefined)};
		};
		at('message', '550 5.7.1 spam');
		const refused = await runSend(home, ['send', '-t', '--json'], message);
		assert.equal(refused.code, 69);
		assert.match(refused.stderr, /The server refuses it: 550 5\.7\.1 spam/);
		const json = JSON.parse(refused.stdout);
		assert.deepEqual([json.state, json.id, json.because], ['refused', null, 'The server refuses it: 550 5.7.1 spam']);
		at('AUTH', '535 5.7.8 wrong');
		const denied = await runSend(home, ['send', '-t'], message);
		assert.equal(denied.code, 77);
		assert.match(denied.stderr, /password of ada/);
		assert.deepEqual(await outboxOf(home), []);
		at('message', '451 4.3.0 later');
		assert.equal((await runSend(home, ['send', '-t'], message)).code, 0, 'what is put off is queued');
		assert.equal((await outboxOf(home))[0].because, 'The server refuses it: 451 4.3.0 later');
		assert.deepEqual(server.taken, []);
	});

	test('when some are refused the others have it, and who was refused is said', async t => {
		const server = await smtpServer(t, {
			answers: (step, line) => (step === 'RCPT' && line.includes('eve') ? '550 5.1.1 nobody' : undefined),
		});
		const home = sendingHome(t, server.port);
		const {code, stderr} = await runSend(home, ['send', '-t'], message);
		assert.equal(code, 67);
		assert.equal(stderr, 'bonsai: It was sent, but not to eve@example.com (550 5.1.1 nobody)\n');
		assert.deepEqual(
			server.taken.map(({to}) => to),
			[['bo@example.net']],
		);
	});

	test('an answer that was lost leaves it unknown: never sent again by itself, only when asked', async t => {
		const server = await smtpServer(t, {cutAt: {step: 'message', isUnheard: false}});
		const home = sendingHome(t, server.port);
		const {code, stderr} = await runSend(home, ['send', '-t'], message);
		assert.equal(code, 74);
		assert.match(stderr, /not known whether it was sent/);
		server.script = {};
		await runSend(home, ['send', '-q'], '');
		await runSend(home, ['send', 'other@example.net'], 'Subject: other\n\n');
		assert.deepEqual(
			server.taken.map(({to}) => to.length),
			[2, 1],
			'the other one was sent, this one was not',
		);
		const [letter] = await outboxOf(home);
		assert.equal(letter.state, 'unknown');
		assert.equal((await runSend(home, ['outbox', '--again', letter.id], '')).code, 0);
		assert.equal((await runSend(home, ['send', '-q'], '')).code, 0);
		assert.equal(server.taken.length, 3);
		assert.equal((await runSend(home, ['outbox', '--discard', 'nothing'], '')).code, 1);
	});

	test('kill -9 at every step: it was sent once, or waits, or is said to be unknown', async t => {
		for (const step of ['greeting', 'EHLO', 'AUTH', 'MAIL', 'RCPT', 'DATA', 'message', 'QUIT']) {
			let child: ChildProcess | undefined;
			let isFirst = true;
			const server = await smtpServer(t, {
				answers(each) {
					if (each === step && isFirst) {
						isFirst = false;
						child?.kill('SIGKILL');
					}
					return undefined;
				},
			});
			const home = sendingHome(t, server.port);
			const {code} = await runSend(home, ['send', '-t'], message, {
				onStart(started) {
					child = started;
				},
			});
			const taken = server.taken.length;
			if (code !== 0) assert.equal(code, 137, step);
			const isUnknown = step === 'message';
			await runSend(home, ['send', '-q'], '');
			assert.equal(server.taken.length, 1, `${step}: taken ${server.taken.length} times, ${taken} before`);
			const letters = await outboxOf(home);
			const states = letters.map(({state}: {state: string}) => state);
			if (isUnknown) assert.deepEqual(states, ['unknown'], step);
			else assert.ok(states.length === 0 || (step === 'QUIT' && states[0] === 'unknown'), `${step}: ${states}`);
		}
	});

	test('a command that sends is called as sendmail is', async t => {
		const home = sendingHome(t, 1, {sending: {...sendingTo(1), smtp: undefined, command: 'cat > sent; echo'}});
		assert.equal((await runSend(home, ['send', '-t'], message)).code, 0);
		assert.match(fs.readFileSync(join(home.path, 'sent'), 'utf8'), /^To: Bo <bo@example\.net>\nSubject: hi\n/);
		assert.deepEqual(await outboxOf(home), []);
	});

	test('what is wrong is said with the code a program expects', async t => {
		const home = sendingHome(t, 1, {sending: {...sendingTo(1), smtp: undefined}});
		assert.equal((await runSend(home, ['send', 'a@b.example'], message)).code, 78, 'no account sends');
		const sending = sendingHome(t, 1);
		assert.equal((await runSend(sending, ['send'], message)).code, 64, 'no recipients');
		assert.equal((await runSend(sending, ['send', '--frob', 'a@b.example'], message)).code, 64);
		assert.equal((await runSend(sending, ['send', 'nobody'], message)).code, 65);
		assert.equal((await runSend(sending, ['send', 'a@b.example'], '')).code, 66);
		assert.equal((await runSend(sending, ['send', '--account', 'home', 'a@b.example'], message)).code, 78);
		assert.deepEqual(await outboxOf(sending), []);
	});

	test('five at once are all sent, once, by whoever has the lock', async t => {
		const server = await smtpServer(t);
		const home = sendingHome(t, server.port);
		const codes = await Promise.all(
			Array.from(
				{length: 5},
				async (_, n) => (await runSend(home, ['send', `to${n}@example.net`], 'Subject: x\n\n')).code,
			),
		);
		assert.deepEqual(codes, [0, 0, 0, 0, 0]);
		assert.deepEqual(
			server.taken.flatMap(({to}) => to).sort(),
			['to0', 'to1', 'to2', 'to3', 'to4'].map(name => `${name}@example.net`),
		);
	});

	test('3 MB arrive octet for octet', async t => {
		const server = await smtpServer(t, {offers: ['PIPELINING', 'AUTH PLAIN']});
		const home = sendingHome(t, server.port);
		const body = noise(2_200_000).toString('base64').replaceAll(/.{76}/g, '$&\n');
		const {code} = await runSend(home, ['send', '-t'], `To: bo@example.net\nSubject: big\n\n${body}\n`);
		assert.equal(code, 0);
		assert.ok(server.taken[0]!.octets.endsWith(`\r\n\r\n${body.replaceAll('\n', '\r\n')}\r\n`));
	});

	test('git send-email sends a series of patches through it, with the line down too', {
		skip: withoutGitSendEmail,
	}, async t => {
		const server = await smtpServer(t, {cutAt: {step: 'greeting', isUnheard: true}});
		const home = sendingHome(t, server.port);
		const identity = "-c user.name='Zoë' -c user.email=ada@example.org";
		const script = `set -e; git init -q repo; cd repo
			for n in 1 2 3; do echo $n > f; git add f; git ${identity} commit -qm "Patch $n: grüße"; done
			git ${identity} format-patch -q -3 --root -o p
			git ${identity} send-email --quiet --confirm=never --to=list@example.net --bcc=eve@example.com --sendmail-cmd="$BONSAI send -i" p/*.patch`;
		const {code, stderr} = await runSend(home, [], '', {shell: script});
		assert.equal(code, 0, stderr);
		assert.equal((await outboxOf(home)).length, 3);
		server.script = {};
		assert.equal((await runSend(home, ['send', '-q'], '')).code, 0);
		assert.deepEqual(
			server.taken.map(({to}) => to.includes('eve@example.com')),
			[true, true, true],
		);
		assert.deepEqual(
			server.taken.map(({octets}) => /^Subject: (\[PATCH \d\/3\])/m.exec(octets)?.[1]),
			['[PATCH 1/3]', '[PATCH 2/3]', '[PATCH 3/3]'],
			'in their order',
		);
		for (const {octets} of server.taken) assert.doesNotMatch(octets, /eve@example/);
	});
});
