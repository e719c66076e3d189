/** `bonsai sync` and the commands around it, on a real Dovecot: what is on the disk costs nothing, what is decided waits for a call. */
import assert from 'node:assert/strict';
import {readdirSync, rmSync} from 'node:fs';
import {join} from 'node:path';
import {describe, test} from 'node:test';
import {MailboxState} from '../../source/demo/server.ts';
import {commandsTo, inboxOf, keepAccount, keepAccounts, letter} from '../helpers/bonsai-on.ts';
import {startDovecot, withoutDovecot} from '../helpers/dovecot.ts';
import {localMailIn} from '../helpers/local-mail-in.ts';
import {otherClient} from '../helpers/other-client.ts';
import {commandsOn, runBonsai} from '../helpers/run-bonsai.ts';

const spentNothing = 'bonsai: 0 bytes up, 0 bytes down, 0 in all, 0 turns\n';

describe('bonsai sync', {concurrency: 2, timeout: 120_000}, () => {
	test('what local mail hands over goes up in a call, and from this disk when it was seen there', async t => {
		const {home, server} = await commandsOn(t, {mailboxes: inboxOf(letter({subject: 'Soup'}))});
		keepAccount(home, {port: server.port, user: 'demo', model: 'disconnected'});
		const root = localMailIn(home, {
			Old: [
				['S', letter({subject: 'Bread'})],
				['', letter({subject: 'Salt'})],
			],
		});
		const run = (args: string) => runBonsai(args.split(' '), {home});
		const moved = await run('move Old 1:2 INBOX --to-account work --account Local');
		assert.match(moved.stdout + moved.stderr, /Queued|handed over/);
		assert.equal(readdirSync(join(root, 'Old/cur')).length, 2);
		const synced = await run('sync work');
		assert.equal(synced.code, 0, synced.stderr);
		assert.equal(server.mailbox('INBOX')?.uids.count, 3);
		assert.deepEqual(readdirSync(join(root, 'Old/cur')), []);
	});

	test('a day with Dovecot: sync, read with the cable out, decide, sync', {skip: withoutDovecot}, async t => {
		const dovecot = await startDovecot();
		const {home} = await commandsOn(t);
		const other = await otherClient(dovecot.port, 'traveller', 'pass');
		t.after(async () => {
			other.close();
			await dovecot.stop();
		});
		for (const subject of ['one', 'two', 'three']) await other.append('INBOX', letter({subject}));
		keepAccount(home, {port: dovecot.port, user: 'traveller', model: 'disconnected'});
		const run = (args: string) => runBonsai(args.split(' '), {home, env: {BONSAI_TEST_PASSWORD: 'pass'}});

		const dry = await run('sync --dry-run');
		assert.equal(dry.code, 0);
		assert.match(dry.stdout, /^INBOX: .*3 messages.*about/);
		assert.doesNotMatch(dry.stdout, /Done/);
		assert.equal((await run('sync work')).code, 0);

		const list = await run('list INBOX --usage');
		assert.equal(list.stderr, spentNothing);
		assert.equal(list.stdout.trim().split('\n').length, 3);
		const read = await run('read INBOX 2 --usage');
		assert.match(read.stdout, /The text of two\./);
		assert.equal(read.stderr, spentNothing);
		const flagged = await run('flag INBOX 2 --add \\Flagged --usage');
		assert.deepEqual([flagged.code, flagged.stderr], [0, spentNothing]);
		assert.match(flagged.stdout, /^Queued: /);
		assert.equal((await run('delete INBOX 3')).code, 0);
		assert.equal((await run('list INBOX')).stdout.trim().split('\n').length, 2, 'the list shows what was decided');

		await other.append('INBOX', letter({subject: 'four'}));
		const json = await run('sync --json');
		assert.equal(json.code, 0);
		const report = JSON.parse(json.stdout);
		assert.equal(report.state, 'done');
		assert.deepEqual(
			report.lines.map(({kind, mailbox, state}: Record<string, string>) => [kind, mailbox, state]),
			[
				['send', null, 'done'],
				['mailbox', 'INBOX', 'done'],
			],
		);
		await other.command('SELECT INBOX');
		assert.match(await other.command('UID SEARCH FLAGGED'), /SEARCH 2\r/);
		assert.match(await other.command('UID SEARCH ALL'), /SEARCH 1 2 4\r/);
		assert.match((await run('read INBOX 4')).stdout, /The text of four\./);
		// Our own changes have moved the mailbox on: they are told once.
		await run('sync');
		assert.match((await run('sync')).stdout, /^Nothing has changed/);

		rmSync(join(home.environment.BONSAI_HOME ?? '', 'cache'), {recursive: true});
		assert.equal((await run('sync')).code, 0, 'the cache may be deleted at any moment');
		assert.equal((await run('list INBOX --usage')).stderr, spentNothing);
	});

	test('with the cable out it says so, and everything that is here can still be read and decided', async t => {
		const {run, server} = await commandsOn(t, {
			mailboxes: inboxOf(letter({subject: 'one'}), letter({subject: 'two'})),
			account: {model: 'disconnected'},
		});
		assert.equal((await run('sync')).code, 0);
		await server.close();
		const failed = await run('sync');
		assert.equal(failed.code, 1);
		assert.match(failed.stderr, /refuses connections|cannot be reached|hung up|cut/i);
		assert.match((await run('list INBOX')).stdout, /one[\s\S]*two/);
		assert.equal((await run('flag INBOX 1 --add seen')).code, 0);
		assert.match((await run('outbox')).stdout, /waiting\t.*Mark as read 1 message/);
	});

	test('a refusal ends the call that met it with 1, and no later one; the outbox acts on decisions by their numbers', async t => {
		const {run, server} = await commandsOn(t, {
			mailboxes: inboxOf(letter({subject: 'one'})),
			account: {model: 'disconnected'},
		});
		server.faults.add({kind: 'refuse', command: /^UID STORE/, answer: 'NO', text: 'Not on a Sunday', times: 1});
		assert.equal((await run('flag INBOX 1 --add flagged --uidvalidity 1733')).code, 0);
		const refused = await run('sync');
		assert.equal(refused.code, 1);
		assert.match(refused.stderr, /Sunday[\s\S]*decided was refused/);
		const later = await run('sync');
		assert.deepEqual([later.code, later.stderr], [0, '']);
		const [{id}] = JSON.parse((await run('outbox --json')).stdout).operations;
		const again = await run(`outbox --again ${id} --usage`);
		assert.deepEqual([again.code, again.stderr], [0, spentNothing]);
		assert.match(again.stdout, new RegExp(`^waiting\\t[^\\t]+\\tFlag 1 message in INBOX\\t${id}\\t-\\n$`));
		assert.equal((await run('sync')).code, 0);
		const undone = await run(`outbox --undo ${id} --usage`);
		assert.equal(undone.stderr, spentNothing);
		assert.match(undone.stdout, /^waiting\t[^\t]+\tTake the flag from 1 message in INBOX\t/);
	});

	test('a mailbox that is not in the list on the disk is refused at once, by move and copy, and by wishes', async t => {
		const {run, home, server} = await commandsOn(t, {
			mailboxes: () => [...inboxOf(letter({subject: 'one'}))(), {name: 'Lists', state: new MailboxState(5)}],
		});
		const work = {port: server.port, user: 'demo', model: 'disconnected'} as const;
		keepAccounts(home, {work, home: work});
		assert.equal((await run('wishes Nowhere --text 1kB')).code, 0, 'as long as nobody knows');
		assert.equal((await run('wishes Nowhere --reset')).code, 0);
		assert.equal((await run('sync')).code, 0);
		for (const kind of ['move', 'copy']) {
			const {code, stdout, stderr} = await run(`${kind} INBOX 1 Nowhere`);
			assert.deepEqual(
				[code, stdout, stderr],
				[1, '', 'bonsai: There is no mailbox Nowhere: bonsai mailboxes lists them\n'],
			);
		}
		assert.match(
			(await run('move INBOX 1 home/Archive')).stderr,
			/There is no mailbox home\/Archive: .*\. To the account home: Archive --to-account home\n$/,
		);
		assert.equal((await run('outbox')).stdout, '');
		assert.equal((await run('move INBOX 1 Lists --usage')).stderr, spentNothing);
		for (const line of ['wishes Nowhere --text 1kB', 'drains Nowhere --leave 3']) {
			const {code, stdout, stderr} = await run(line);
			assert.deepEqual(
				[code, stdout, stderr],
				[1, '', 'bonsai: There is no mailbox Nowhere in work: bonsai mailboxes lists them\n'],
			);
		}
		assert.match((await run('wishes Lists --text 1kB')).stdout, /^Lists\t/);
		assert.equal((await run('wishes Nowhere --reset')).code, 0, 'one that has gone meanwhile');
	});

	test('it leaves politely, and tells what that has cost too', async t => {
		const {run, server} = await commandsOn(t, {
			mailboxes: inboxOf(letter({subject: 'one'})),
			account: {model: 'disconnected'},
		});
		const {stdout, stderr} = await run('sync --json --usage');
		assert.equal(commandsTo(server).at(-1), 'LOGOUT');
		const {upBytes, downBytes, turns} = JSON.parse(stdout);
		assert.match(
			stderr.replaceAll(',', ''),
			new RegExp(`: ${upBytes} bytes up ${downBytes} bytes down .* ${turns} turns`),
		);
	});

	test('beside a Bonsai that is at work on the account it leaves the call to that one', async t => {
		const {run, home} = await commandsOn(t, {
			mailboxes: inboxOf(letter({subject: 'one'})),
			account: {model: 'disconnected'},
		});
		const {OperationLog} = await import('../../source/store/log.ts');
		const log = new OperationLog(join(home.environment.BONSAI_HOME ?? '', 'accounts', 'work'));
		assert.equal(log.hold(), true);
		t.after(() => log.close());
		const refused = await run('sync');
		assert.equal(refused.code, 1);
		assert.match(refused.stderr, /Another Bonsai is at work on this account/);
		assert.equal((await run('sync --dry-run')).code, 0);
	});
});
