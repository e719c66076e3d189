/** Reading online leaves nothing of the mail on the disk, at any instant (law 14). */
import assert from 'node:assert/strict';
import {cpSync, existsSync, readdirSync, readFileSync, statSync} from 'node:fs';
import {join, relative} from 'node:path';
import {describe, test} from 'node:test';
import {type NamedMailbox, startDemoServer} from '../../source/demo/server.ts';
import type {Wish} from '../../source/model/wish.ts';
import {bonsaiOn, inboxOf, keepAccount, letter, mimeWithFiles} from '../helpers/bonsai-on.ts';
import {commandsOn} from '../helpers/run-bonsai.ts';
import {openBonsai, ownHome} from '../helpers/screen.ts';
import {storedHome} from '../helpers/stored-home.ts';

describe('nothing is kept', {concurrency: 3}, () => {
	const words = ['zanzibar', 'quokka', 'xylophone', 'jackdaw', 'marzipan', 'tangerine'];
	const canaries = inboxOf(
		letter({subject: 'Earlier'}),
		letter({
			subject: 'About the zanzibar',
			from: 'Quo Kka <quokka@station.example>',
			mime: mimeWithFiles('The xylophone is out of tune.', [
				['jackdaw.txt', 'the marzipan'],
				['large.bin', Buffer.from('tangerine '.repeat(40_000))],
			]),
		}),
	);

	/** A word as it may lie in a file: itself, UTF-16, hex, and base64 at each of its three alignments. */
	const spellings = (word: string): string[] => [
		word,
		Buffer.from(word, 'utf16le').toString('latin1'),
		Buffer.from(word).toString('hex'),
		...[0, 1, 2].map(shift =>
			Buffer.from(' '.repeat(shift) + word)
				.toString('base64')
				.slice(Math.ceil((shift * 4) / 3), -4)
				.toLowerCase(),
		),
	];

	/** Files below a folder whose name or content holds one of the words. */
	function filesWith(folder: string): string[] {
		const found: string[] = [];
		for (const name of readdirSync(folder, {recursive: true, encoding: 'utf8'})) {
			const file = join(folder, name);
			if (!statSync(file).isFile()) continue;
			const all = `${name}\n${readFileSync(file).toString('latin1')}`.toLowerCase();
			if (words.flatMap(spellings).some(spelled => all.includes(spelled))) found.push(relative(folder, file));
		}
		return found;
	}

	test('after kill -9 in the middle of reading, no word of the mail is on the disk', async t => {
		const {bonsai, home} = await bonsaiOn(t, {mailboxes: canaries});
		await bonsai.standsOn('About the zanzibar');
		bonsai.press('Enter');
		await bonsai.sees('The xylophone is out of tune.');
		await bonsai.sees('quokka@station.example');
		bonsai.press('H');
		await bonsai.sees('MIME-Version');
		bonsai.press('v');
		await bonsai.sees('jackdaw.txt');
		bonsai.press('Down', 'Enter');
		await bonsai.sees('the marzipan');
		assert.deepEqual(filesWith(home.path), [], 'while reading');
		bonsai.press('q');
		await bonsai.standsOn('jackdaw.txt');
		bonsai.press('Down', 'Space', 'Enter');
		await bonsai.sees('Fetch large.bin');
		bonsai.press('y');
		await bonsai.sees(/large\.bin .*●/);
		bonsai.kill();
		await bonsai.exited;
		assert.deepEqual(filesWith(home.path), []);
	});

	test('after a quit, what is on the disk is the configuration, what is known of the server, the bytes ledger, and the saved file', async t => {
		const {bonsai, home} = await bonsaiOn(t, {mailboxes: canaries});
		await bonsai.standsOn('About the zanzibar');
		bonsai.press('v');
		await bonsai.sees('jackdaw.txt');
		bonsai.press('Down', ':save mine.txt', 'Enter');
		await bonsai.sees(/Saved .*mine\.txt/);
		bonsai.press('Q');
		assert.equal(await bonsai.exited, 0);
		assert.deepEqual(filesWith(home.path), ['mine.txt']);
		const files = readdirSync(home.path, {recursive: true, encoding: 'utf8'}).filter(name =>
			statSync(join(home.path, name)).isFile(),
		);
		const own = [
			...['downloads.sqlite', 'drain.lock', 'log.sqlite', 'usage.sqlite'].map(name => join('accounts', 'work', name)),
			'config.json',
			'servers.json',
		].map(name => join('bonsai', name));
		assert.deepEqual(files.sort(), [...own, 'mine.txt']);
	});

	test('a command leaves nothing of the mail either, whatever it read and decided', async t => {
		const {run, home} = await commandsOn(t, {mailboxes: canaries});
		assert.match((await run('list INBOX')).stdout, /zanzibar/);
		assert.match((await run('read INBOX 2 --headers')).stdout, /xylophone/);
		assert.match((await run('read INBOX 2 --part 2')).stdout, /marzipan/);
		assert.match((await run('save INBOX 2 3 -')).stdout, /tangerine/);
		assert.equal((await run('flag INBOX 2 --add flagged')).code, 0);
		assert.deepEqual(filesWith(home.path), []);
	});

	/** The mail with the words in INBOX, or in another mailbox. */
	const withWordsIn = (name: string) => (): NamedMailbox[] => {
		const [box] = canaries();
		const others = ['INBOX', 'Lists'].filter(each => each !== name);
		return [{name, state: box!.state}, ...others.map(each => ({name: each, state: inboxOf(letter({}))()[0]!.state}))];
	};
	const everything: Wish = {
		summaries: 'all',
		textBytes: 100_000,
		parts: [
			{type: 'text/plain', mostBytes: 1_000_000},
			{type: 'application/octet-stream', mostBytes: 1_000_000},
		],
		hasPreviews: true,
	};
	const wishes = {otherwise: everything, mailboxes: {}};
	const password = {BONSAI_TEST_PASSWORD: 'demo'};

	test('of a mailbox that is online in an account with another on the disk, no word is on the disk', async t => {
		const {bonsai, home} = await bonsaiOn(t, {
			mailboxes: withWordsIn('INBOX'),
			account: {mailboxModels: {Lists: 'disconnected'}, wishes},
		});
		await bonsai.standsOn('About the zanzibar');
		bonsai.press('Enter');
		await bonsai.sees('The xylophone is out of tune.');
		bonsai.press('q', ':mailbox Lists', 'Enter');
		await bonsai.sees('Soup');
		assert.ok(existsSync(join(home.path, 'bonsai', 'cache', 'accounts', 'work', 'facts.sqlite')));
		assert.deepEqual(filesWith(home.path), [], 'while reading');
		bonsai.kill();
		await bonsai.exited;
		assert.deepEqual(filesWith(home.path), []);
	});

	for (const [title, changed] of [
		['the account', {model: 'online'}],
		['the mailbox', {model: 'disconnected', mailboxModels: {INBOX: 'online'}}],
	] as const) {
		test(`what was on the disk is gone from it when the model of ${title} is online, however it came to be`, async t => {
			const server = await startDemoServer({mailboxes: withWordsIn('INBOX')});
			t.after(() => server.close());
			const home = await storedHome(t, server, {account: {wishes}});
			t.after(() => home.remove());
			const cache = join(home.path, 'bonsai', 'cache');
			assert.ok(filesWith(home.path).every(file => file.startsWith(join('bonsai', 'cache'))));
			assert.ok(filesWith(home.path).length > 0);
			const before = ownHome();
			t.after(() => before.remove());
			cpSync(cache, before.path, {recursive: true});
			const switching = openBonsai({home, env: password});
			await switching.standsOn('About the zanzibar');
			switching.press('S', title === 'the account' ? 'n' : 'N');
			await switching.sees(/ online/);
			assert.deepEqual(filesWith(home.path), [], 'as soon as it is switched');
			switching.kill();
			await switching.exited;
			cpSync(before.path, cache, {recursive: true});
			keepAccount(home, {port: server.port, user: 'demo', wishes, ...changed});
			const starting = openBonsai({home, env: password});
			await starting.standsOn('About the zanzibar');
			assert.deepEqual(filesWith(home.path), [], 'as soon as it is begun with');
			starting.kill();
			await starting.exited;
		});
	}

	test('what is kept on disk is for the user alone, and holds no password', async t => {
		const {bonsai, home} = await bonsaiOn(t, {
			mailboxes: canaries,
			users: [{user: 'demo', password: 'rhubarb'}],
			open: {env: {BONSAI_TEST_PASSWORD: 'rhubarb'}},
		});
		await bonsai.standsOn('About the zanzibar');
		bonsai.press('Q');
		await bonsai.exited;
		const file = join(home.path, 'bonsai', 'servers.json');
		assert.doesNotMatch(readFileSync(file, 'utf8'), /rhubarb/);
		assert.equal(statSync(file).mode & 0o077, 0);
	});
});
