/** What is decided without a screen: through the log, sent at once, also beside a running mail client. */
import assert from 'node:assert/strict';
import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, test} from 'node:test';
import {MailboxState} from '../../source/demo/server.ts';
import {commandsTo, inboxOf, keepAccount, letter} from '../helpers/bonsai-on.ts';
import {startDovecot, withoutDovecot} from '../helpers/dovecot.ts';
import {otherClient} from '../helpers/other-client.ts';
import {commandsOn, runBonsai} from '../helpers/run-bonsai.ts';
import {openBonsai} from '../helpers/screen.ts';

const six = ['one', 'two', 'three', 'four', 'five', 'six'];
const mailboxes = () => [
	...inboxOf(...six.map(subject => letter({subject})))(),
	{name: 'Lists', state: new MailboxState(5)},
	{name: 'Trash', specialUse: '\\Trash', state: new MailboxState(6)},
];
type Run = Awaited<ReturnType<typeof commandsOn>>['run'];
const subjects = async (run: Run, mailbox: string) =>
	JSON.parse((await run(`list ${mailbox} --json`)).stdout).messages.map(({subject}: {subject: string}) => subject);
const flags = async (run: Run, uid: number) =>
	JSON.parse((await run('list INBOX --json')).stdout).messages.find((each: {uid: number}) => each.uid === uid).flags;

describe('deciding commands', {concurrency: 3, timeout: 120_000}, () => {
	test('flag sets and takes flags, several at once, of ranges and lists', async t => {
		const {run} = await commandsOn(t, {mailboxes});
		const added = await run('flag INBOX 1,3:4 --add seen --add $Later');
		assert.deepEqual([added.code, added.stderr], [0, '']);
		assert.equal(added.stdout, 'Done: Mark as read 3 messages in INBOX, Set $Later on 3 messages in INBOX\n');
		assert.deepEqual((await flags(run, 4)).toSorted(), ['$Later', '\\Seen']);
		assert.equal((await run('flag INBOX 4 --remove $later --add \\Flagged')).code, 0);
		assert.deepEqual((await flags(run, 4)).toSorted(), ['\\Flagged', '\\Seen']);
		assert.deepEqual(await flags(run, 2), []);
	});

	test('move, copy and delete put messages where they belong; --forever removes', async t => {
		const {run} = await commandsOn(t, {mailboxes});
		assert.equal((await run('move INBOX 1 2 Lists')).stdout, 'Done: Move 2 messages from INBOX to Lists\n');
		assert.equal((await run('copy INBOX 3 Lists')).code, 0);
		assert.equal((await run('delete INBOX 4')).stdout, 'Done: Delete 1 message from INBOX\n');
		assert.equal((await run('delete INBOX 5 --forever')).code, 0);
		assert.deepEqual(await subjects(run, 'INBOX'), ['three', 'six']);
		assert.deepEqual(await subjects(run, 'Lists'), ['one', 'two', 'three']);
		assert.deepEqual(await subjects(run, 'Trash'), ['four']);
		const again = await run('delete Trash 1');
		assert.equal(again.code, 1);
		assert.match(again.stderr, /it is in Trash already\. bonsai delete --forever removes for good/i);
	});

	test('a UID that is not there is said, and the others are dealt with; ranges may have holes', async t => {
		const {run} = await commandsOn(t, {mailboxes});
		const some = await run('flag INBOX 2 99 --add seen');
		assert.equal(some.code, 1);
		assert.match(some.stderr, /INBOX has no message of UID 99; the others are dealt with/);
		assert.deepEqual(await flags(run, 2), ['\\Seen']);
		assert.equal((await run('flag INBOX 5:99 --add seen')).code, 0);
		const none = await run('delete INBOX 98:99');
		assert.deepEqual([none.code, none.stdout], [1, '']);
		assert.match(none.stderr, /INBOX has no message of the UIDs 98, 99/);
	});

	test('another UIDVALIDITY is refused, and nothing is changed', async t => {
		const {run, server} = await commandsOn(t, {mailboxes});
		for (const line of ['flag INBOX 1 --add seen', 'move INBOX 1 Lists', 'copy INBOX 1 Lists', 'delete INBOX 1']) {
			const {code, stderr} = await run(`${line} --uidvalidity 9`);
			assert.equal(code, 1);
			assert.match(stderr, /renumbered INBOX/);
		}
		assert.ok(!commandsTo(server).some(line => /STORE|MOVE|COPY/.test(line)));
		assert.equal((await run('outbox')).stdout, '');
		assert.equal((await run('delete INBOX 1 --uidvalidity 1733')).code, 0);
	});

	test('what the server refuses is said in its words, and does not stay in the outbox', async t => {
		const {run, server} = await commandsOn(t, {mailboxes});
		server.faults.add({kind: 'refuse', command: /^UID STORE/, answer: 'NO', text: 'Not on a Sunday'});
		const {code, stderr, stdout} = await run('flag INBOX 1 --add seen');
		assert.deepEqual([code, stdout], [1, '']);
		assert.match(stderr, /Not done: Mark as read 1 message in INBOX: .*Not on a Sunday/);
		assert.equal((await run('outbox')).stdout, '');
		const nowhere = await run('move INBOX 1 Nowhere');
		assert.equal(nowhere.code, 1);
		assert.deepEqual(await subjects(run, 'INBOX'), six);
	});

	test('a log that cannot be kept is said; nothing is changed, and an outbox that cannot be read is not empty', async t => {
		const {run, home, server} = await commandsOn(t, {mailboxes});
		writeFileSync(join(home.environment.BONSAI_HOME ?? '', 'accounts'), 'not a folder');
		for (const line of ['flag INBOX 1 --add seen', 'outbox']) {
			const {code, stdout, stderr} = await run(line);
			assert.deepEqual([code, stdout], [1, ''], line);
			assert.match(
				stderr,
				/^bonsai: Nothing was changed: the log cannot be written \(there is no folder for it\)[^\n]*\n$/,
			);
		}
		assert.ok(!commandsTo(server).some(line => /STORE/.test(line)));
		assert.equal((await run('list INBOX')).code, 0);
	});

	test('with the line down a decision is queued, exit code 1; the next one sends both', async t => {
		const {run, server, home} = await commandsOn(t, {mailboxes});
		const {port} = server;
		keepAccount(home, {port: 1, user: 'demo'});
		const queued = await run('move INBOX 1 Lists --uidvalidity 1733');
		assert.equal(queued.code, 1);
		assert.match(queued.stderr, /Queued, not sent yet: Move 1 message from INBOX to Lists \(.*refuses connections/);
		assert.match((await run('outbox')).stdout, /^waiting\t[^\t]+\tMove 1 message from INBOX to Lists\t\d+\t-\n$/);
		const left = await run('flag INBOX 2 --add seen --uidvalidity 1733 --no-wait');
		assert.deepEqual([left.code, left.stdout], [0, 'Queued: Mark as read 1 message in INBOX\n']);
		// Without a UIDVALIDITY nobody can say which message is meant, so nothing is written down.
		const unknown = await run('move INBOX 3 Lists');
		assert.equal(unknown.code, 1);
		keepAccount(home, {port, user: 'demo'});
		// Who only reads sends nothing, and sees what was decided.
		assert.deepEqual(await subjects(run, 'INBOX'), six.slice(1));
		assert.deepEqual(await subjects(run, 'Lists'), []);
		assert.equal((await run('flag INBOX 6 --add flagged')).code, 0);
		assert.deepEqual(await subjects(run, 'Lists'), ['one']);
		assert.deepEqual(await flags(run, 2), ['\\Seen']);
		assert.equal((await run('outbox')).stdout, '');
	});

	for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
		test(`${signal} in the middle loses no decision: the next command sends it`, async t => {
			const {run, server} = await commandsOn(t, {mailboxes});
			server.faults.add({kind: 'silence', command: /^UID (MOVE|COPY)/, times: 1});
			const ended = await run('move INBOX 1 Lists', {
				onStart: child => {
					const look = setInterval(() => {
						if (!commandsTo(server).some(line => /^UID (MOVE|COPY)/.test(line))) return;
						clearInterval(look);
						child.kill(signal);
					}, 20);
				},
			});
			assert.deepEqual([ended.code > 128, ended.stdout], [true, '']);
			assert.match((await run('outbox')).stdout, /^waiting\t/);
			assert.equal((await run('flag INBOX 2 --add seen')).code, 0);
			assert.deepEqual([await subjects(run, 'INBOX'), await subjects(run, 'Lists')], [six.slice(1), ['one']]);
			assert.equal((await run('outbox')).stdout, '');
		});
	}

	test('several commands at once: one sends at a time, and each is done when it says so', async t => {
		const {run} = await commandsOn(t, {mailboxes});
		const all = await Promise.all(
			[1, 2, 3, 4].map(uid => run(`move INBOX ${uid} ${uid % 2 ? 'Lists' : 'Trash'} --uidvalidity 1733`)),
		);
		assert.deepEqual(
			all.map(({code, stderr}) => [code, stderr]),
			all.map(() => [0, '']),
		);
		assert.deepEqual(await subjects(run, 'INBOX'), ['five', 'six']);
		assert.deepEqual((await subjects(run, 'Lists')).toSorted(), ['one', 'three']);
		assert.deepEqual((await subjects(run, 'Trash')).toSorted(), ['four', 'two']);
	});

	test('beside a running mail client the command writes down what the client sends and shows', async t => {
		const {run, server, home} = await commandsOn(t, {mailboxes});
		const bonsai = openBonsai({home, env: {BONSAI_TEST_PASSWORD: 'demo'}});
		t.after(() => bonsai.close());
		await bonsai.standsOn('six');
		const {code, stdout, stderr} = await run('move INBOX 1 Lists --uidvalidity 1733');
		assert.deepEqual([code, stderr], [0, '']);
		assert.equal(stdout, 'Done: Move 1 message from INBOX to Lists\n');
		await bonsai.sees('two');
		await bonsai.seesNoMore('one');
		assert.equal(commandsTo(server).filter(line => /^(AUTHENTICATE|LOGIN)/.test(line)).length, 1);
		// Its home is cleared away next.
		await bonsai.close();
	});

	test('on Dovecot', {skip: withoutDovecot}, async t => {
		const dovecot = await startDovecot();
		const {home} = await commandsOn(t);
		const other = await otherClient(dovecot.port, 'decider', 'pass');
		t.after(async () => {
			other.close();
			await dovecot.stop();
		});
		for (const subject of six) await other.append('INBOX', letter({subject}));
		keepAccount(home, {port: dovecot.port, user: 'decider'});
		const run = (args: string) => runBonsai(args.split(' '), {home, env: {BONSAI_TEST_PASSWORD: 'pass'}});
		assert.equal((await run('flag INBOX 1:3 --add seen --add $Later')).code, 0);
		assert.ok((await flags(run, 3)).includes('$Later'));
		assert.equal((await run('move INBOX 1 Sent')).code, 0);
		assert.equal((await run('delete INBOX 2')).code, 0);
		assert.equal((await run('delete INBOX 3 --forever')).code, 0);
		assert.deepEqual(await subjects(run, 'INBOX'), ['four', 'five', 'six']);
		assert.deepEqual([await subjects(run, 'Sent'), await subjects(run, 'Trash')], [['one'], ['two']]);
	});
});
