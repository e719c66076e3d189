/** The parts of a message: see, mark, fetch, look, save. */
import assert from 'node:assert/strict';
import {existsSync, readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {describe, test} from 'node:test';
import {bonsaiDemo, bonsaiOn, commandsTo, inboxOf, letter, mimeWithFiles} from '../helpers/bonsai-on.ts';

describe('parts', {concurrency: 3}, () => {
	const chart = Buffer.from(Array.from({length: 50_000}, (_, index) => (index * 7 + (index >> 8)) % 256));
	const withFiles = inboxOf(
		letter({
			subject: 'Three files',
			mime: mimeWithFiles('Text above the files.', [
				['chart.bin', chart],
				['notes.txt', 'Notes, line one.\nNotes, line two.\n'],
				['other.bin', Buffer.from('other')],
			]),
		}),
	);

	test('the parts stand as a tree with sizes, and what the chosen ones cost stands below', async t => {
		const {bonsai} = await bonsaiOn(t, {mailboxes: withFiles});
		await bonsai.standsOn('Three files');
		bonsai.press('v');
		await bonsai.sees(/2 .*application\/octet-stream +chart\.bin +68k \./);
		await bonsai.standsOn(/1 .*text\/plain .*●/);
		bonsai.press('Down');
		await bonsai.sees(/chart\.bin: at most 5\d kB.*\. Enter fetches\./);
		bonsai.press('Space', 'Space');
		await bonsai.sees(/2 marked: at most 5\d kB.*\. Enter fetches, s saves\./);
		bonsai.press('Up', 'Space');
		await bonsai.sees(/1 marked: at most 5\d kB/);
	});

	test('Enter fetches what is marked and nothing else', async t => {
		const {bonsai, server} = await bonsaiOn(t, {mailboxes: withFiles});
		await bonsai.standsOn('Three files');
		bonsai.press('v');
		await bonsai.sees('chart.bin');
		bonsai.press('Down', 'Space', 'Down', 'Space');
		await bonsai.sees('2 marked');
		bonsai.press('Enter');
		await bonsai.sees(/chart\.bin +68k ●/);
		await bonsai.sees(/other\.bin +\d+ ●/);
		assert.match(bonsai.text, /notes\.txt +\d+ \./);
		assert.ok(!commandsTo(server).some(command => command.includes('[3]')), 'the part that was not marked stays');
	});

	test('a text part is fetched and looked at', async t => {
		const {bonsai} = await bonsaiOn(t, {mailboxes: withFiles});
		await bonsai.standsOn('Three files');
		bonsai.press('v');
		await bonsai.sees('notes.txt');
		bonsai.press('Down', 'Down', 'Enter');
		await bonsai.sees(/Notes, line one\.\nNotes, line two\./);
		bonsai.press('q');
		await bonsai.standsOn(/notes\.txt .*●/);
	});

	test(':save in a message saves all of it, as it was sent', async t => {
		const whole = letter({subject: 'Soup', text: 'Leeks and potatoes.'});
		const {bonsai, home} = await bonsaiOn(t, {mailboxes: inboxOf(whole)});
		await bonsai.standsOn('Soup');
		bonsai.press('Enter');
		await bonsai.sees('Leeks and potatoes.');
		bonsai.press(':', ...'save', 'Enter');
		await bonsai.sees(/Save \(at most \d+ bytes\) as: part-message\.eml/);
		bonsai.press('Ctrl+u', ...'soup.eml', 'Enter');
		await bonsai.sees(/Saved .*soup\.eml/);
		assert.equal(readFileSync(join(home.path, 'soup.eml'), 'utf8'), whole);
	});

	test('a saved file is byte for byte what was sent, whether it was here before or not', async t => {
		const {bonsai, home} = await bonsaiOn(t, {mailboxes: withFiles});
		await bonsai.standsOn('Three files');
		bonsai.press('v');
		await bonsai.sees('chart.bin');
		bonsai.press('Down', 's');
		await bonsai.sees(/Save \(at most 5\d kB.*\) as: chart\.bin/);
		bonsai.press('Enter');
		await bonsai.sees(/Saved .*chart\.bin/);
		assert.deepEqual(readFileSync(join(home.path, 'chart.bin')), chart);
		bonsai.press('Enter');
		await bonsai.sees(/chart\.bin +68k ●/);
		bonsai.press(':save again.bin', 'Enter');
		await bonsai.sees(/Saved .*again\.bin/);
		assert.deepEqual(readFileSync(join(home.path, 'again.bin')), chart);
		assert.deepEqual(
			readdirSync(home.path).filter(name => name.endsWith('.part')),
			[],
		);
	});

	test('a file that is there is not replaced without a yes', async t => {
		const {bonsai, home} = await bonsaiOn(t, {mailboxes: withFiles});
		const file = join(home.path, 'chart.bin');
		writeFileSync(file, 'mine');
		await bonsai.standsOn('Three files');
		bonsai.press('v');
		await bonsai.sees('chart.bin');
		bonsai.press('Down', 's', 'Enter');
		await bonsai.sees('chart.bin exists. Replace it?');
		bonsai.press('n');
		await bonsai.seesNoMore('Replace it?');
		assert.equal(readFileSync(file, 'utf8'), 'mine');
		bonsai.press('s', 'Enter');
		await bonsai.sees('chart.bin exists. Replace it?');
		bonsai.press('y');
		await bonsai.sees(/Saved .*chart\.bin/);
		assert.deepEqual(readFileSync(file), chart);
	});

	test('a folder that is not there is said plainly, and nothing is left behind', async t => {
		const {bonsai, home} = await bonsaiOn(t, {mailboxes: withFiles});
		await bonsai.standsOn('Three files');
		bonsai.press('v');
		await bonsai.sees('chart.bin');
		bonsai.press('Down', ':save no/such/folder', 'Enter');
		await bonsai.sees('was not saved: the folder does not exist');
		assert.ok(!existsSync(join(home.path, 'no')));
	});

	test('a part is fed to a command, and what it prints is shown', async t => {
		const {bonsai} = await bonsaiOn(t, {mailboxes: withFiles});
		await bonsai.standsOn('Three files');
		bonsai.press('v');
		await bonsai.sees('chart.bin');
		bonsai.press('Down', '|', 'wc -c', 'Enter');
		await bonsai.sees(/^ *50000$/m);
	});

	test('a long download on a slow line stops nothing, and :cancel stops it', async t => {
		const bonsai = bonsaiDemo(t, {args: ['--link', '128kbps,40ms']});
		await bonsai.standsOn('Line up until 19:00');
		bonsai.press('1192', 'Enter');
		await bonsai.standsOn('plate photographs');
		bonsai.press('v');
		await bonsai.sees('plate-31a.jpg');
		bonsai.press('Down', 'Enter');
		await bonsai.sees(/Fetch plate-31a\.jpg, .*[12]\.\d MB.*\? \(y for yes/);
		bonsai.press('y');
		await bonsai.sees(/plate-31a\.jpg \d+% of 1\.9M/);
		bonsai.press('c', 'Sent', 'Enter');
		await bonsai.sees('demo/Sent');
		await bonsai.standsOn(/271 . .* Re: /);
		bonsai.press('Enter');
		await bonsai.sees('From:    Robin Aske <');
		await bonsai.sees(/plate-31a\.jpg \d+% of 1\.9M/);
		bonsai.press(':cancel', 'Enter');
		await bonsai.seesNoMore('plate-31a.jpg');
	});

	test('names that are no names stay in the folder one saves in', async t => {
		const bonsai = bonsaiDemo(t, {args: ['--mailbox', 'Junk']});
		const {path: folder} = bonsai.home;
		const saved: string[] = [];
		const saveAll = async (position: number, subject: string, parts: number): Promise<void> => {
			bonsai.press(String(position), 'Enter');
			await bonsai.standsOn(subject);
			bonsai.press('v');
			await bonsai.sees(/2 of \d+ /);
			for (let part = 1; part <= parts; part++) {
				bonsai.press('Down');
				await bonsai.sees(new RegExp(` ${part + 2} of \\d+ `));
				bonsai.press('s');
				const name = (await bonsai.sees(/ as: (.*)/))?.[1]?.trimEnd() ?? '';
				assert.doesNotMatch(name, /[/\\]|^[.~-]|\p{C}/u, 'the name that is offered');
				bonsai.press('Enter');
				await bonsai.sees(new RegExp(`Saved .*/${name.slice(0, 12).replaceAll(/\W/g, '.')}|not saved|exists. Replace`));
				assert.doesNotMatch(bonsai.text, /not saved/);
				saved.push(name);
				if (bonsai.text.includes('exists. Replace')) bonsai.press('n');
			}
			bonsai.press('q');
			await bonsai.sees('demo/Junk');
		};
		await bonsai.sees('40 of 40');
		await saveAll(33, 'Berth changed', 4);
		await saveAll(39, 'Nine files', 10);
		const own = ['bonsai', 'tmp', 'xdg-config', 'xdg-data', 'xdg-state', 'xdg-cache', 'xdg-runtime'];
		const found = readdirSync(folder).filter(name => !own.includes(name));
		assert.ok(found.length >= 12, `files are in the folder: ${found.join(', ')}`);
		// What the demo keeps while it runs (source/demo-folder.ts), and nothing that a message names.
		const ofDemo = /^bonsai-demo-\w+$/;
		for (const name of own) {
			const written = readdirSync(join(folder, name)).filter(each => name !== 'tmp' || !ofDemo.test(each));
			if (name !== 'bonsai') assert.deepEqual(written, [], `nothing was written to ${name}`);
		}
		assert.ok(!existsSync(join(dirname(folder), '.profile')) && !existsSync(join(folder, '.ssh')));
		assert.equal(saved.length, 14);
	});
});
