/**
 * A terminal at the far end of a very slow line: it never holds up what else is to be done, and it never shows yesterday.
 * Counted in octets and commands, not in seconds.
 */
import assert from 'node:assert/strict';
import {describe, type TestContext, test} from 'node:test';
import {type DemoServer, startDemoServer} from '../../source/demo/server.ts';
import {commandsTo, keepAccount} from '../helpers/bonsai-on.ts';
import {eventually, ownHome} from '../helpers/screen.ts';
import {SlowTerminal} from '../helpers/slow-terminal.ts';

const pageUp = '\x1b[5~';

async function slowBonsai(t: TestContext): Promise<{terminal: SlowTerminal; server: DemoServer}> {
	const server = await startDemoServer({isRecording: true});
	const home = ownHome();
	keepAccount(home, {port: server.port, user: 'demo'});
	const terminal = new SlowTerminal(home, [], {BONSAI_TEST_PASSWORD: 'demo'});
	t.after(async () => {
		await terminal.close();
		await server.close();
		home.remove();
	});
	return {terminal, server};
}

describe('a terminal on a very slow line', {timeout: 120_000, concurrency: 2}, () => {
	test('that takes nothing at all holds up no exchange with the server', async t => {
		const {terminal, server} = await slowBonsai(t);
		await terminal.takesUntil('Line up until 19:00');
		// From here on it takes nothing. Far more is to be shown than the kernel keeps.
		for (let page = 0; page < 30; page++) terminal.press(pageUp);
		await eventually(
			() => commandsTo(server).some(command => /FETCH 5\d\d:/.test(command)),
			'thirty pages are gone through',
		);
		await eventually(() => {
			if (commandsTo(server).some(command => /^UID STORE .*\\Flagged/.test(command))) return true;
			// A row that is still on its way has nothing to flag.
			terminal.press('F');
			return false;
		}, 'a flag reaches the server while nothing is shown');
	});

	test('shows the screen of the last of fifty keys, and few of the others', async t => {
		const {terminal, server} = await slowBonsai(t);
		await terminal.takesUntil('Line up until 19:00');
		const before = terminal.taken;
		for (let page = 0; page < 50; page++) terminal.press(pageUp);
		await eventually(() => fetchesIn(server) > 10, 'the pages are gone through');
		// 1200 less 50 pages of 20 rows.
		await terminal.takesUntil(/ 2\d\d of 1200[\s\S]*\n[ >]*2\d\d . .*\w/, 25);
		const taken = terminal.taken - before;
		t.diagnostic(`${taken} octets`);
		// A page is about 2,000 octets: what was on its way, what the kernel kept, and the newest.
		assert.ok(taken < 8 * 2000, `${taken} octets were written for fifty pages`);
	});
});

const fetchesIn = (server: DemoServer): number => commandsTo(server).filter(command => / ?FETCH /.test(command)).length;
