/**
 * Two Bonsais on a Dovecot with a public mailbox that nobody may write to (ACL): what is read on one is seen on the other,
 * and the server is told nothing of it.
 */
import assert from 'node:assert/strict';
import {mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {describe, type TestContext, test} from 'node:test';
import {keepAccount, letter} from '../helpers/bonsai-on.ts';
import {type Dovecot, startDovecot, withoutDovecot} from '../helpers/dovecot.ts';
import {otherClient} from '../helpers/other-client.ts';
import {runBonsai} from '../helpers/run-bonsai.ts';
import {type Bonsai, eventually, openBonsai, ownHome} from '../helpers/screen.ts';

const news = ['One', 'Two', 'Three'].map(subject => letter({subject}));

async function serve(t: TestContext): Promise<Dovecot> {
	const dovecot = await startDovecot(undefined, {news});
	t.after(() => dovecot.stop());
	return dovecot;
}

function homeOn(t: TestContext, {port}: Dovecot) {
	const home = ownHome();
	t.after(() => home.remove());
	keepAccount(home, {port, user: 'robin'});
	return home;
}

async function openNews(t: TestContext, dovecot: Dovecot): Promise<Bonsai> {
	const home = homeOn(t, dovecot);
	const bonsai = openBonsai({home, args: ['--mailbox', 'Public/news'], env: {BONSAI_TEST_PASSWORD: dovecot.password}});
	t.after(() => bonsai.close());
	await bonsai.sees('work/Public/news (own state)');
	bonsai.press(':', ...'state shared work/Bonsai state', 'Enter');
	await bonsai.sees('work/Public/news (shared state)');
	return bonsai;
}

/** So many have been put there: the first makes the mailbox, which takes it a few turns. */
async function hasTold(t: TestContext, {port, password}: Dovecot, count: number): Promise<void> {
	const other = await otherClient(port, 'robin', password);
	t.after(() => other.close());
	const isTold = new RegExp(`MESSAGES ${count}\\)`);
	await eventually(
		async () => isTold.test(await other.command('STATUS "Bonsai state" (MESSAGES)').catch(() => '')),
		`${count} told`,
	);
}

describe('two Bonsais and a mailbox nobody may write to', {concurrency: 2, skip: withoutDovecot}, () => {
	test('share what they have read and hidden in a mailbox of the account, and take it back', async t => {
		const dovecot = await serve(t);
		const [a, b] = [await openNews(t, dovecot), await openNews(t, dovecot)];
		await a.standsOn('Three');
		a.press('Enter');
		await a.sees('The text of Three.');
		a.press('q');
		await a.sees(/3 . {4}.* Three/);
		await hasTold(t, dovecot, 1);
		b.press('$');
		await b.sees(/2 . N .* Two/);
		await b.sees(/3 . {4}.* Three/);
		b.press('Home', 'd');
		await b.sees('1 message hidden from you');
		await b.sees(/ of 2 /);
		await hasTold(t, dovecot, 2);
		a.press('$');
		await a.sees(/ of 2 /);
		b.press('u');
		await b.sees(/1 . N .* One/);
		await hasTold(t, dovecot, 3);
		a.press('$');
		await a.sees(/ of 3 /);
		// The server was told nothing: for another user all of it is new.
		const other = await otherClient(dovecot.port, 'sam', dovecot.password);
		t.after(() => other.close());
		assert.match(await other.command('STATUS Public/news (MESSAGES UNSEEN)'), /MESSAGES 3 UNSEEN 3/);
	});

	test('share it in a folder, and by commands; a newsrc has it too', async t => {
		const dovecot = await serve(t);
		const folder = mkdtempSync(join(tmpdir(), 'bonsai-synced-'));
		t.after(() => rmSync(folder, {recursive: true, force: true}));
		const [a, b] = [homeOn(t, dovecot), homeOn(t, dovecot)];
		const run = async (home: typeof a, ...args: string[]): Promise<string> => {
			const {code, stdout, stderr} = await runBonsai(args, {home, env: {BONSAI_TEST_PASSWORD: dovecot.password}});
			assert.equal(code, 0, stderr);
			return stdout;
		};
		assert.match(await run(a, 'state', 'show', 'Public/news'), /kept here, not told to the server/);
		for (const home of [a, b]) await run(home, 'state', 'set', 'Public/news', 'shared', folder);
		assert.equal(
			await run(a, 'flag', 'Public/news', '1', '2', '--add', 'seen'),
			'Done: 2 messages marked as read, for you\n',
		);
		assert.equal(await run(a, 'delete', 'Public/news', '3'), 'Done: 1 message hidden from you\n');
		const {messages} = JSON.parse(await run(b, 'list', 'Public/news', '--json')) as {
			messages: {uid: number; flags: string[]}[];
		};
		assert.deepEqual(
			messages.map(({uid, flags}) => [uid, flags.includes('\\Seen')]),
			[
				[1, true],
				[2, true],
			],
		);
		const file = join(folder, 'newsrc');
		await run(b, 'state', 'export', 'Public/news', file);
		const [, ...lines] = readFileSync(file, 'utf8').split('\n');
		assert.deepEqual(lines, ['Public/news: 1-2', '# +\\Hidden 3', '']);
		const c = homeOn(t, dovecot);
		assert.equal(await run(c, 'state', 'import', 'Public/news', file), '3 marks are new\n');
		assert.equal(await run(c, 'state', 'import', 'Public/news', file), '0 marks are new\n');
	});
});
