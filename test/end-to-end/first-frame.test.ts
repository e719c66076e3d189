/** What is on the terminal before Ink is loaded, and what Ink then adds: nothing. */
import assert from 'node:assert/strict';
import {copyFileSync, mkdirSync, writeFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {describe, type TestContext, test} from 'node:test';
import {type DemoServer, startDemoServer} from '../../source/demo/server.ts';
import type {Account} from '../../source/model/account.ts';
import {inbox, type MessageId, mailboxPath} from '../../source/model/ids.ts';
import {noWish} from '../../source/model/wish.ts';
import type {AccountSession} from '../../source/session/account-session.ts';
import {inboxOf, keepAccounts, letter} from '../helpers/bonsai-on.ts';
import {type Bonsai, eventually, type Home, type OpenOptions, openBonsai, ownHome, program} from '../helpers/screen.ts';
import {storedHome} from '../helpers/stored-home.ts';

type Words = Readonly<Record<string, Partial<Omit<Account, 'name'>>>>;

/** Bonsai with accounts on a server that takes the call and says nothing: the screen stays as it opened. */
async function bonsaiDialling(
	t: TestContext,
	{accounts = {work: {}}, keys, ...open}: Omit<OpenOptions, 'home'> & {accounts?: Words; keys?: unknown} = {},
): Promise<{bonsai: Bonsai; server: DemoServer; home: Home}> {
	const server = await startDemoServer();
	server.freeze();
	const home = ownHome();
	const port = {port: server.port, user: 'demo'};
	keepAccounts(home, Object.fromEntries(Object.entries(accounts).map(([name, words]) => [name, {...port, ...words}])));
	if (keys !== undefined) {
		const account = {host: '127.0.0.1', security: 'none', ...port};
		const file = join(home.environment.BONSAI_HOME ?? '', 'config.json');
		writeFileSync(file, JSON.stringify({accounts: {work: account}, keys}));
	}
	const bonsai = openBonsai({...open, home, env: {BONSAI_TEST_PASSWORD: 'demo', ...open.env}});
	t.after(async () => {
		await bonsai.close();
		await server.close();
	});
	return {bonsai, server, home};
}

/** The terminal is asked how far away it is, which nobody sees. */
const shownOf = (output: Buffer): string =>
	output.toString('latin1').replaceAll(/\x1b\[[56]n|\x1b\[c|\x1b\[\?2026\$p/g, '');

describe('the first frame', {concurrency: 2}, () => {
	/** What the entry writes by itself: what it would load next waits for ever. */
	async function paintedBy(home: Home, open: Omit<OpenOptions, 'home'>): Promise<string> {
		const entry = join(home.path, 'entry');
		mkdirSync(entry, {recursive: true});
		for (const name of ['bonsai.js', 'package.json']) copyFileSync(join(dirname(program), name), join(entry, name));
		// A terminal hands on in pieces what was written as one: the last of them has come when this has.
		const mark = '\x1b]2;whole\x07';
		const waiting = `process.stdout.write(${JSON.stringify(mark)}); setInterval(() => {}, 1000);`;
		writeFileSync(join(entry, 'cli.mjs'), `export const runWanted = () => new Promise(() => { ${waiting} });\n`);
		const command = [process.execPath, join(entry, 'bonsai.js'), ...(open.args ?? [])];
		const bonsai = openBonsai({...open, home, command});
		await eventually(() => bonsai.output.includes(mark), 'the entry has painted its frame');
		const painted = shownOf(bonsai.output.subarray(0, bonsai.output.indexOf(mark)));
		bonsai.kill();
		await bonsai.exited;
		return painted;
	}

	const windows: readonly (readonly [title: string, open: Parameters<typeof bonsaiDialling>[1]])[] = [
		['in 80x24', {}],
		['in 120x40', {columns: 120, rows: 40}],
		['in 40x12', {columns: 40, rows: 12}],
		['in 60x8, without a key menu', {columns: 60, rows: 8}],
		['of another mailbox', {args: ['--mailbox', 'Privat/Entwürfe']}],
		['of one of several accounts', {accounts: {home: {}, work: {}, away: {}}, args: ['--account', 'work']}],
		['of a metered account', {accounts: {work: {budget: 'metered'}}}],
		['with a budget for the session', {args: ['--budget', 'metered', '--session-budget', '123456']}],
		['with keys of the user’s own', {keys: {preset: 'mutt', bind: {delete: ['Ctrl+k']}}}],
		['without colours', {env: {NO_COLOR: '1'}}],
		['in ASCII', {env: {LC_ALL: 'C'}}],
		['on a VT100', {env: {TERM: 'vt100'}}],
		['in tmux', {env: {TERM: 'tmux-256color'}}],
		['on the console of Linux', {env: {TERM: 'linux'}}],
	];
	for (const [title, open] of windows) {
		test(`${title}: Ink adds not a byte to it`, async t => {
			const {bonsai, server, home} = await bonsaiDialling(t, open);
			const {accounts: _, keys: __, ...window} = open ?? {};
			const first = await paintedBy(home, window);
			assert.match(first, /dialling/);
			// It is dialled from behind the screen that Ink has drawn.
			await eventually(() => server.connections > 0, 'the client has dialled');
			bonsai.press('?');
			await bonsai.sees('Keys in');
			const after = shownOf(bonsai.output);
			assert.equal(after.slice(0, first.length), first);
			assert.doesNotMatch(after.slice(first.length), /dialling/, 'nor later, until a key is pressed');
		});
	}

	for (const [columns, rows] of [
		[80, 24],
		[40, 10],
	] as const) {
		test(`without an account, in ${columns}x${rows}: the start screen, and the first key finds it as it is`, async t => {
			const bonsai = openBonsai({columns, rows});
			t.after(() => bonsai.close());
			await bonsai.sees('Try the demo');
			const first = shownOf(bonsai.output);
			bonsai.press('Tab');
			await bonsai.sees('what you call the account');
			assert.doesNotMatch(shownOf(bonsai.output).slice(first.length), /Bonsai|Mail over|Or set up|Connect/);
		});
	}

	test('a window that is too small says so, and q typed on it quits', async t => {
		const {bonsai} = await bonsaiDialling(t, {columns: 30, rows: 5});
		await bonsai.sees('q quits');
		bonsai.press('q');
		assert.equal(await bonsai.exited, 0);
	});

	for (const size of [
		{columns: 30, rows: 5},
		{columns: 80, rows: 24},
	]) {
		test(`Q typed before there is anything to see quits, ${size.columns} by ${size.rows}`, async t => {
			const {bonsai} = await bonsaiDialling(t, size);
			bonsai.press('Q');
			assert.equal(await bonsai.exited, 0, bonsai.output.toString());
		});
	}

	const letters = inboxOf(
		...Array.from({length: 40}, (_, index) => letter({subject: `Letter ${index + 1}`, from: 'Zoë <zoe@x.example>'})),
	);
	const newest = (session: AccountSession, at: number): MessageId => {
		const row = session.mailbox(inbox).row(at);
		assert.ok(row, `row ${at}`);
		return row.id;
	};
	const looked = async (session: AccountSession): Promise<void> => {
		session.mailbox(inbox).ensureNewest(30);
		await session.settled();
	};
	type Without = (session: AccountSession) => void | Promise<void>;
	const stored: readonly (readonly [
		title: string,
		shows: string,
		open: OpenOptions,
		account?: object,
		without?: Without,
	])[] = [
		['as a call has left it', '40 of 40, as of', {}],
		['in 120x40', '40 of 40, as of', {columns: 120, rows: 40}],
		['in 60x8', 'disconnected', {columns: 60, rows: 8}],
		['on a VT100', '40 of 40, as of', {env: {TERM: 'vt100'}}],
		['without colours, in ASCII', '40 of 40, as of', {env: {NO_COLOR: '1', LC_ALL: 'C'}}],
		[
			'of which only the newest are here',
			'not here: $ calls',
			{},
			{wishes: {otherwise: {...noWish, summaries: {last: 7}}, mailboxes: {}}},
		],
		[
			'of one mailbox in an account that is online',
			'40 of 40',
			{},
			{model: 'online', mailboxModels: {INBOX: 'disconnected'}},
		],
		[
			'with decisions that wait',
			'38 of 38, as of',
			{},
			{},
			async session => {
				await looked(session);
				const mailbox = session.mailbox(inbox);
				mailbox.decide([newest(session, 40), newest(session, 12)], {kind: 'move', to: {path: mailboxPath('Trash')}});
				mailbox.decide([newest(session, 37)], {kind: 'flag', flag: '\\Flagged', isSet: true});
			},
		],
		[
			'of which all that was on the screen is going',
			'10 of 10, as of',
			{},
			{},
			async session => {
				await looked(session);
				const ids = Array.from({length: 30}, (_, index) => newest(session, 40 - index));
				session.mailbox(inbox).decide(ids, {kind: 'remove'});
			},
		],
	];
	for (const [title, shows, open, account = {}, without] of stored) {
		test(`a mailbox on the disk, ${title}: it is there before Ink, which adds not a byte`, async t => {
			const server = await startDemoServer({mailboxes: letters});
			t.after(() => server.close());
			const home = await storedHome(t, server, {account, ...(without ? {without} : {})});
			const painted = await paintedBy(home, open);
			const bonsai = openBonsai({...open, home, env: {BONSAI_TEST_PASSWORD: 'demo', ...open.env}});
			t.after(() => bonsai.close());
			await bonsai.sees(shows);
			bonsai.press('?');
			await bonsai.sees('Keys in');
			const after = shownOf(bonsai.output);
			assert.equal(after.slice(0, painted.length), painted);
			assert.doesNotMatch(after.slice(painted.length), /Letter|as of/);
			assert.equal(server.connections, 0, 'nobody has dialled');
		});
	}

	test('a mailbox of which nothing is on the disk yet says how it comes there', async t => {
		const home = ownHome();
		keepAccounts(home, {work: {port: 1, model: 'disconnected'}});
		const painted = await paintedBy(home, {});
		const bonsai = openBonsai({home});
		t.after(() => bonsai.close());
		await bonsai.sees('hung up – $ calls, :dial opens the line');
		bonsai.press('?');
		await bonsai.sees('Keys in');
		const after = shownOf(bonsai.output);
		assert.equal(after.slice(0, painted.length), painted);
		assert.doesNotMatch(after.slice(painted.length), /This mailbox/);
	});

	test('what is typed on it is not lost', async t => {
		const {bonsai} = await bonsaiDialling(t);
		await bonsai.sees('dialling');
		bonsai.press('?', 'q', 'y');
		await bonsai.sees('The list is on its way');
	});

	test('the real cursor is where it will be', async t => {
		const {bonsai, server} = await bonsaiDialling(t);
		await bonsai.sees('dialling');
		const {row, column} = bonsai.cursor;
		assert.deepEqual([row, column], [1, 0]);
		await eventually(() => server.connections > 0, 'the client has dialled');
		assert.deepEqual(bonsai.cursor, {row, column});
	});

	test('a configuration that turns out to be wrong is said in the shell, with the screen as it was', async t => {
		const home = ownHome();
		keepAccounts(home, {work: {port: 1}}, {markRead: 'perhaps' as never});
		const bonsai = openBonsai({home});
		t.after(() => bonsai.close());
		assert.equal(await bonsai.exited, 1);
		assert.equal(bonsai.terminal.buffer.active.type, 'normal');
		assert.match(bonsai.text, /"preferences" has no usable/);
		assert.match(bonsai.output.toString('latin1'), /dialling/, 'the frame was there before');
	});

	test('an account that is not there is said without a frame', async t => {
		const home = ownHome();
		keepAccounts(home, {work: {port: 1}});
		const bonsai = openBonsai({home, args: ['--account', 'works']});
		t.after(() => bonsai.close());
		assert.equal(await bonsai.exited, 2);
		assert.match(bonsai.text, /there is no account works/);
		assert.doesNotMatch(bonsai.output.toString('latin1'), /\x1b\[\?1049h/);
	});
});
