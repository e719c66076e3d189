/** The bytes ledger as the user meets it: the screen of it, and the command. */
import assert from 'node:assert/strict';
import {execFile} from 'node:child_process';
import {describe, type TestContext, test} from 'node:test';
import {type BadLink, startBadLink} from '../../source/demo/link.ts';
import {startDemoServer} from '../../source/demo/server.ts';
import {keepAccount} from '../helpers/bonsai-on.ts';
import {type Bonsai, environmentIn, eventually, type Home, openBonsai, ownHome, program} from '../helpers/screen.ts';

describe('the ledger', {concurrency: 2}, () => {
	/** Bonsai on a server with a counting line in between. */
	async function onCountingLine(
		t: TestContext,
		args: readonly string[] = [],
	): Promise<{open: () => Bonsai; line: BadLink; home: Home; waits: () => Promise<void>}> {
		const server = await startDemoServer({isRecording: true});
		const line = await startBadLink({targetPort: server.port, bitsPerSecond: 0, roundTripMs: 0});
		const home = ownHome();
		keepAccount(home, {port: line.port, user: 'demo'});
		const all: Bonsai[] = [];
		t.after(async () => {
			for (const bonsai of all) await bonsai.close();
			await line.close();
			await server.close();
			home.remove();
		});
		const open = (): Bonsai => {
			const bonsai = openBonsai({args, home, env: {BONSAI_TEST_PASSWORD: 'demo'}});
			all.push(bonsai);
			return bonsai;
		};
		/** It has asked all it wanted, and waits for news: nothing more goes over the line by itself. */
		const waits = async (): Promise<void> => {
			let before = -1;
			await eventually(() => {
				const bytes = line.bytesUp + line.bytesDown;
				const isQuiet = bytes === before && (server.transcript.at(-1)?.text.startsWith('+ idling') ?? false);
				before = bytes;
				return isQuiet;
			}, 'it waits for news');
		};
		return {open, line, home, waits};
	}

	const usage = (home: Home, ...args: readonly string[]): Promise<string> =>
		new Promise((resolve, reject) => {
			execFile(process.execPath, [program, 'usage', ...args], {env: environmentIn(home)}, (error, stdout) =>
				error ? reject(error) : resolve(stdout),
			);
		});

	test('bonsai usage says to the byte what went over the line, of two runs', async t => {
		const {open, line, home} = await onCountingLine(t);
		for (let run = 0; run < 2; run++) {
			const bonsai = open();
			await bonsai.standsOn('Line up until 19:00');
			bonsai.press('Enter');
			await bonsai.sees('The satellite is above the horizon');
			bonsai.press('Q');
			assert.equal(await bonsai.exited, 0);
		}
		const {accounts} = JSON.parse(await usage(home, '--json'));
		assert.equal(accounts[0].account, 'work');
		const {upBytes, downBytes, roundTrips} = accounts[0].ever;
		assert.deepEqual([upBytes, downBytes, roundTrips], [line.bytesUp, line.bytesDown, line.turns]);
		const table = await usage(home, '--account', 'work');
		assert.match(table, new RegExp(`^ {2}all +\\d+ +${line.bytesUp + line.bytesDown}$`, 'm'));
		assert.match(table, /^ {2}rows of messages +\d+ +\d+$/m);
		assert.match(table, /^ {2}INBOX +\d+ +\d+$/m);
	});

	test('I shows what this connection has cost, with the login and the first screen', async t => {
		const {open, line} = await onCountingLine(t);
		const bonsai = open();
		await bonsai.standsOn('Line up until 19:00');
		bonsai.press('I');
		await bonsai.sees('The last 24 hours');
		const [, all = ''] = (await bonsai.sees(/^ {2}all +(\d\.\dk) +\1 +\1/m)) ?? [];
		assert.equal(all, `${((line.bytesUp + line.bytesDown) / 1000).toFixed(1)}k`);
		bonsai.press('Tab');
		await bonsai.sees('The last 30 days');
		bonsai.press('q');
		await bonsai.standsOn('Line up until 19:00');
	});

	test('a session budget asks before what could exceed it, and a no spends nothing', async t => {
		const {open, line, waits} = await onCountingLine(t, ['--session-budget', '20kB']);
		const bonsai = open();
		await bonsai.standsOn('Line up until 19:00');
		// Rows come as many at a time as could fit.
		await bonsai.sees('Library digest');
		await bonsai.sees(/1\d kB left/);
		bonsai.press(':budget 9k', 'Enter');
		await bonsai.sees(/9\.0 kB left/);
		await waits();
		const before = line.bytesUp + line.bytesDown;
		bonsai.press('Enter');
		await bonsai.sees(/Open this message, at most \d+ kB\? The budget leaves 8\.\d kB \(y or n\)/);
		assert.equal(line.bytesUp + line.bytesDown, before);
		bonsai.press('n');
		await bonsai.sees(/Open this message: could cost \d+ kB/);
		assert.equal(line.bytesUp + line.bytesDown, before);
		bonsai.press('q');
		await bonsai.standsOn('Line up until 19:00');
		bonsai.press('Enter');
		await bonsai.sees('(y or n)');
		bonsai.press('y');
		await bonsai.sees('The satellite is above the horizon');
	});

	test('a command refuses what its session budget does not cover, and says so', async t => {
		const {line, home} = await onCountingLine(t);
		for (const [budget, sentence] of [
			['1kB', /does not allow a connection/],
			['5kB', /Fetch rows: could cost 2\.\d kB, and .* are left of the session budget/],
		] as const) {
			const before = line.bytesUp + line.bytesDown;
			const env = {...environmentIn(home), BONSAI_TEST_PASSWORD: 'demo'};
			const words = [program, 'list', 'INBOX', '--session-budget', budget];
			const [code, said] = await new Promise<[unknown, string]>(resolve => {
				execFile(process.execPath, words, {env}, (error, _stdout, stderr) => resolve([error?.code, stderr]));
			});
			assert.equal(code, 1);
			assert.match(said, sentence);
			assert.ok(line.bytesUp + line.bytesDown - before <= Number.parseInt(budget, 10) * 1000);
		}
	});

	test('killed at any moment, the ledger lacks at most the last second', async t => {
		const {open, home} = await onCountingLine(t);
		const bonsai = open();
		await bonsai.standsOn('Line up until 19:00');
		const bytes = async (): Promise<number> => JSON.parse(await usage(home, '--json')).accounts[0].ever.byPurpose.rows;
		while ((await bytes()) === 0);
		bonsai.kill();
		await bonsai.exited;
		assert.ok((await bytes()) > 1000);
	});
});
