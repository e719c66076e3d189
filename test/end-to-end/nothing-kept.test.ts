/** Reading online leaves nothing of the mail on the disk, at any instant (law 14). */
import assert from 'node:assert/strict';
import {readdirSync, readFileSync, statSync} from 'node:fs';
import {join, relative} from 'node:path';
import {describe, test} from 'node:test';
import {bonsaiOn, inboxOf, letter, mimeWithFiles} from '../helpers/bonsai-on.ts';
import {commandsOn} from '../helpers/run-bonsai.ts';

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
