/** `bonsai save`: into files, into pipes, and on from where an earlier save ended. */
import assert from 'node:assert/strict';
import {mkdirSync, readdirSync, readFileSync, statSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, test} from 'node:test';
import {startBadLink} from '../../source/demo/link.ts';
import {inboxOf, keepAccount, letter, mimeWithFiles} from '../helpers/bonsai-on.ts';
import {startDovecot, withoutDovecot} from '../helpers/dovecot.ts';
import {otherClient} from '../helpers/other-client.ts';
import {commandsOn, runBonsai} from '../helpers/run-bonsai.ts';

const octetsFor = (length: number): Buffer =>
	Buffer.from(Array.from({length}, (_, index) => (index * index * 31) >> 5));
const large = octetsFor(300_000);
const withFiles = letter({
	mime: mimeWithFiles('See below.', [
		['large.bin', large],
		['n.txt', 'A note.\n'],
	]),
});
const mailboxes = inboxOf(withFiles);

describe('bonsai save', {concurrency: 3, timeout: 120_000}, () => {
	test('a part becomes a file, under the name given or its own in a folder', async t => {
		const {run, home} = await commandsOn(t, {mailboxes});
		const saved = await run('save INBOX 1 3 note');
		assert.deepEqual([saved.code, saved.stderr, saved.stdout], [0, '', `Saved: ${join(home.path, 'note')}\n`]);
		assert.equal(readFileSync(join(home.path, 'note'), 'utf8'), 'A note.\n');
		mkdirSync(join(home.path, 'folder'));
		const answer = JSON.parse((await run('save INBOX 1 2 folder --json')).stdout);
		assert.deepEqual(answer, {
			account: 'work',
			mailbox: 'INBOX',
			uidValidity: 1733,
			uid: 1,
			part: '2',
			file: join(home.path, 'folder', 'large.bin'),
		});
		assert.deepEqual(readFileSync(answer.file), large);
		assert.deepEqual(readdirSync(join(home.path, 'folder')), ['large.bin']);
		assert.equal((await run('save INBOX 1 message whole.eml')).code, 0);
		assert.equal(readFileSync(join(home.path, 'whole.eml'), 'utf8'), withFiles);
	});

	test('what is there is left alone unless --replace says otherwise', async t => {
		const {run, home} = await commandsOn(t, {mailboxes});
		const file = join(home.path, 'note');
		writeFileSync(file, 'mine');
		const refused = await run('save INBOX 1 3 note');
		assert.equal(refused.code, 1);
		assert.match(refused.stderr, /note is there already, and was left alone\. --replace replaces it/);
		assert.equal(readFileSync(file, 'utf8'), 'mine');
		assert.equal((await run('save INBOX 1 3 note --replace')).code, 0);
		assert.equal(readFileSync(file, 'utf8'), 'A note.\n');
	});

	test('- gives the part to standard output and nothing else, also to who leaves early', async t => {
		const {run, home} = await commandsOn(t, {mailboxes});
		const all = await run('save INBOX 1 2 -');
		assert.deepEqual([all.code, all.stderr], [0, '']);
		assert.deepEqual(all.octets, large);
		assert.deepEqual((await run('save INBOX 1 message -')).stdout, withFiles);
		const some = await run('', {shell: '$BONSAI save INBOX 1 2 - | head -c 5'});
		assert.deepEqual([some.code, some.octets, some.stderr], [0, large.subarray(0, 5), '']);
		assert.ok(!readdirSync(home.path).some(name => name.includes('.part')));
	});

	test('what cannot be saved is said, without the keys of the screen', async t => {
		const {run} = await commandsOn(t, {mailboxes});
		const wrong: [string, RegExp][] = [
			['save INBOX 1 9 x', /There is no part 9/],
			['save INBOX 7 1 x', /no message of that UID/],
			['save INBOX 1 2 no/such/x', /was not saved: the folder does not exist\. Choose another place\n/],
			['save INBOX 1 2 x --uidvalidity 4', /renumbered/],
		];
		for (const [line, sentence] of wrong) {
			const {code, stderr, stdout} = await run(line);
			assert.deepEqual([code, stdout], [1, ''], line);
			assert.match(stderr, sentence);
		}
	});

	test('killed in the middle, the same command goes on where it was', async t => {
		const {home, server} = await commandsOn(t, {mailboxes});
		const line = await startBadLink({targetPort: server.port, bitsPerSecond: 1_600_000, roundTripMs: 20});
		t.after(() => line.close());
		keepAccount(home, {port: line.port, user: 'demo'});
		const file = join(home.path, 'large');
		const args = ['save', 'INBOX', '1', '2', 'large'];
		const killed = await runBonsai(args, {
			home,
			onStart: child => {
				const look = setInterval(() => {
					if ((statSync(`${file}.part`, {throwIfNoEntry: false})?.size ?? 0) < 100_000) return;
					clearInterval(look);
					child.kill('SIGKILL');
				}, 10);
				child.once('close', () => clearInterval(look));
			},
		});
		assert.notEqual(killed.code, 0);
		const before = line.bytesDown;
		const again = await runBonsai(args, {home});
		assert.equal(again.code, 0, again.stderr);
		assert.deepEqual(readFileSync(file), large);
		assert.ok(line.bytesDown - before < 250_000, `${line.bytesDown - before} bytes the second time`);
		assert.deepEqual(
			readdirSync(home.path).filter(name => name.startsWith('large')),
			['large'],
		);
	});

	test('on Dovecot, by BINARY', {skip: withoutDovecot}, async t => {
		const dovecot = await startDovecot();
		const {home} = await commandsOn(t);
		const other = await otherClient(dovecot.port, 'saver', 'pass');
		t.after(async () => {
			other.close();
			await dovecot.stop();
		});
		await other.append('INBOX', withFiles);
		keepAccount(home, {port: dovecot.port, user: 'saver'});
		const run = (args: string) => runBonsai(args.split(' '), {home, env: {BONSAI_TEST_PASSWORD: 'pass'}});
		assert.equal((await run('save INBOX 1 2 large')).code, 0);
		assert.deepEqual(readFileSync(join(home.path, 'large')), large);
		assert.deepEqual((await run('save INBOX 1 2 -')).octets, large);
	});
});
