/** The newest messages of all accounts in one list. */
import assert from 'node:assert/strict';
import {describe, type TestContext, test} from 'node:test';
import {type DemoServer, type NamedMailbox, startDemoServer, virtualMailbox} from '../../source/demo/server.ts';
import {commandsTo, inboxOf, keepAccounts, letter} from '../helpers/bonsai-on.ts';
import {type Bonsai, eventually, openBonsai, ownHome} from '../helpers/screen.ts';

const dated = (subject: string, hour: number): string =>
	letter({subject}).replace('12:00:00 +0000', `${String(hour).padStart(2, '0')}:00:00 +0000`);

async function bonsaiOf(
	t: TestContext,
	mailboxes: Readonly<Record<string, () => Iterable<NamedMailbox>>>,
	env: Readonly<Record<string, string | undefined>> = {},
): Promise<{bonsai: Bonsai; servers: Record<string, DemoServer>}> {
	const home = ownHome();
	const servers: Record<string, DemoServer> = {};
	for (const [name, made] of Object.entries(mailboxes))
		servers[name] = await startDemoServer({isRecording: true, mailboxes: made});
	keepAccounts(home, Object.fromEntries(Object.entries(servers).map(([name, {port}]) => [name, {port, user: 'demo'}])));
	const bonsai = openBonsai({home, env: {BONSAI_TEST_PASSWORD: 'demo', ...env}});
	t.after(async () => {
		await bonsai.close();
		for (const server of Object.values(servers)) await server.close();
	});
	return {bonsai, servers};
}

const rowsAsked = (server: DemoServer | undefined): number => {
	assert.ok(server);
	let rows = 0;
	for (const said of commandsTo(server)) {
		const [, set] = /^FETCH (\S+) \(UID FLAGS RFC822.SIZE/.exec(said) ?? [];
		for (const range of set?.split(',') ?? []) {
			const [first = 0, last = first] = range.split(':').map(Number);
			rows += last - first + 1;
		}
	}
	return rows;
};

describe('the list of all inboxes', {concurrency: 2}, () => {
	const twoAccounts = {
		work: inboxOf(dated('Rota', 8), dated('Minutes', 10)),
		home: inboxOf(dated('Cake', 9), dated('Holiday', 11)),
	};

	test('stands by date with the name of each account, reads, and goes back', async t => {
		const {bonsai} = await bonsaiOf(t, twoAccounts);
		await bonsai.standsOn('Minutes');
		bonsai.press('U');
		await bonsai.standsOn(/^ home .*Holiday/);
		await bonsai.sees(/work .*Rota.*\n *home .*Cake.*\n *work .*Minutes.*\n *home .*Holiday/);
		bonsai.press('Up', 'Enter');
		await bonsai.sees('The text of Minutes');
		await bonsai.sees('work/INBOX');
		bonsai.press('q');
		await bonsai.standsOn(/^ work .*Minutes/);
		bonsai.press('Up', 'v');
		await bonsai.sees('Parts of: Cake');
		bonsai.press('q', 'q');
		await bonsai.sees('work/INBOX');
	});

	test('what is decided there reaches the server of the message, and u takes it back', async t => {
		const {bonsai, servers} = await bonsaiOf(t, twoAccounts);
		await bonsai.standsOn('Minutes');
		bonsai.press('U');
		await bonsai.standsOn(/^ home .*Holiday/);
		bonsai.press('Up', 'Up', 'F');
		await bonsai.standsOn(/^ home .*F.*Cake/);
		const flags = (): string[] => [...(servers.home?.mailbox('INBOX')?.flags(1) ?? [])];
		await eventually(() => flags().includes('\\Flagged'), 'home has it flagged');
		assert.ok(!commandsTo(servers.work!).some(said => said.includes('STORE')));
		bonsai.press('u');
		await eventually(() => !flags().includes('\\Flagged'), 'home has it unflagged');
	});

	test('new mail of any of them appears', async t => {
		const {bonsai, servers} = await bonsaiOf(t, twoAccounts);
		await bonsai.standsOn('Minutes');
		bonsai.press('U');
		await bonsai.standsOn(/^ home .*Holiday/);
		await eventually(() => commandsTo(servers.work!).at(-1) === 'IDLE', 'work waits for news');
		servers.work!.append('INBOX', dated('Late', 13));
		await bonsai.sees('work: 1 new message');
		await bonsai.sees(/home .*Holiday.*\n *work .*Late/);
		await bonsai.standsOn(/^ home .*Holiday/);
	});

	test('an account whose line goes keeps its rows, and the others go on', async t => {
		const {bonsai, servers} = await bonsaiOf(t, twoAccounts, {BONSAI_CLOCK: undefined});
		await bonsai.standsOn('Minutes');
		bonsai.press('U');
		await bonsai.standsOn(/^ home .*Holiday/);
		await servers.home!.close();
		await bonsai.sees(/home: .*no line|home: no line/);
		await bonsai.sees('1 of 2 online');
		await bonsai.sees(/home .*Cake/);
		bonsai.press('Up', 'Enter');
		await bonsai.sees('The text of Minutes');
	});

	test('of a million messages each, it costs the rows on the screen', async t => {
		const million = () => [{name: 'INBOX', state: virtualMailbox()}];
		const {bonsai, servers} = await bonsaiOf(t, {one: million, two: million, three: million});
		await bonsai.sees('one/INBOX');
		bonsai.press(':account two', 'Enter');
		await bonsai.sees('two/INBOX');
		const before = rowsAsked(servers.three);
		assert.equal(before, 0);
		bonsai.press('U');
		await bonsai.sees(/20 of the 20 newest of 3000000/);
		await bonsai.sees('3 of 3 online');
		await bonsai.sees(/three +/);
		assert.ok(rowsAsked(servers.three) <= 20, `${rowsAsked(servers.three)} rows`);
		bonsai.press('PageUp', 'PageUp', 'PageUp');
		await bonsai.sees(/of the [4-9]\d newest/);
		assert.ok(rowsAsked(servers.three) <= 60, `${rowsAsked(servers.three)} rows`);
	});
});
