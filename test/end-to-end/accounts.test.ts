/** Several accounts side by side, each on a server of its own. */
import assert from 'node:assert/strict';
import {mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, type TestContext, test} from 'node:test';
import {type DemoServer, fullCapabilities, startDemoServer} from '../../source/demo/server.ts';
import type {Account} from '../../source/model/account.ts';
import {commandsTo, inboxOf, keepAccounts, letter} from '../helpers/bonsai-on.ts';
import {startDovecot, withoutDovecot} from '../helpers/dovecot.ts';
import {freePorts} from '../helpers/free-ports.ts';
import {preauth, relayTo} from '../helpers/relay.ts';
import {type Bonsai, eventually, type Home, type OpenOptions, openBonsai, ownHome} from '../helpers/screen.ts';

type Wanted = {
	readonly mail?: readonly string[];
	readonly server?: Parameters<typeof startDemoServer>[0];
	/** Over what an account on that server is. */
	readonly account?: (server: DemoServer) => Partial<Omit<Account, 'name'>>;
};

/** Bonsai with these accounts, each with letters of these subjects. */
async function bonsaiWith<Name extends string>(
	t: TestContext,
	wanted: Readonly<Record<Name, Wanted>>,
	open: Omit<OpenOptions, 'home'> = {},
	prepare: (home: Home) => void = () => {},
): Promise<{bonsai: Bonsai; servers: Record<Name, DemoServer>}> {
	const home = ownHome();
	const servers = {} as Record<Name, DemoServer>;
	const accounts: Record<string, Partial<Omit<Account, 'name'>>> = {};
	for (const [name, {mail = [], server: options, account}] of Object.entries<Wanted>(wanted)) {
		const letters = mail.map(subject => letter({subject}));
		const server = await startDemoServer({isRecording: true, mailboxes: inboxOf(...letters), ...options});
		servers[name as Name] = server;
		accounts[name] = {port: server.port, user: 'demo', ...account?.(server)};
	}
	keepAccounts(home, accounts);
	prepare(home);
	const bonsai = openBonsai({...open, home, env: {BONSAI_TEST_PASSWORD: 'demo', ...open.env}});
	t.after(async () => {
		await bonsai.close();
		for (const server of Object.values<DemoServer>(servers)) await server.close();
	});
	return {bonsai, servers};
}

const wrongPassword = {password: {from: 'environment', variable: 'BONSAI_TEST_WRONG'}} as const;

describe('several accounts', {concurrency: 2}, () => {
	test('the first is shown, and an account nobody looked at is never dialled', async t => {
		const {bonsai, servers} = await bonsaiWith(t, {work: {mail: ['Rota']}, home: {mail: ['Cake']}});
		await bonsai.standsOn('Rota');
		bonsai.press('Y');
		await bonsai.sees(/work +online.*127\.0\.0\.1/);
		await bonsai.sees(/home +not dialled yet/);
		assert.equal(servers.home.transcript.length, 0);
		assert.equal(servers.home.connections, 0);
		bonsai.press('Down', 'Enter');
		await bonsai.standsOn('Cake');
		await bonsai.sees('home/INBOX');
		assert.equal(servers.home.connections, 1);
		assert.equal(servers.work.connections, 1);
	});

	test('who turns to another account and back finds everything as it was left', async t => {
		const {bonsai} = await bonsaiWith(t, {
			work: {mail: ['Rota', 'Minutes', 'Budget']},
			home: {mail: ['Cake', 'Holiday']},
		});
		await bonsai.standsOn('Budget');
		bonsai.press('Up', 'Up', 'Enter');
		await bonsai.sees('The text of Rota');
		bonsai.press(':account home', 'Enter');
		await bonsai.standsOn('Holiday');
		bonsai.press('Up');
		await bonsai.standsOn('Cake');
		bonsai.press(':account work', 'Enter');
		await bonsai.sees('The text of Rota');
		bonsai.press('q');
		await bonsai.standsOn('Rota');
		bonsai.press(':account home', 'Enter');
		await bonsai.standsOn('Cake');
	});

	test('news of an account that is not shown is told with its name', async t => {
		const {bonsai, servers} = await bonsaiWith(t, {work: {mail: ['Rota']}, home: {mail: ['Cake']}});
		await bonsai.standsOn('Rota');
		bonsai.press(':account home', 'Enter');
		await bonsai.standsOn('Cake');
		await eventually(() => commandsTo(servers.work).at(-1) === 'IDLE', 'work waits for news');
		servers.work.append('INBOX', letter({subject: 'Late'}));
		await bonsai.sees('work: 1 new message');
		await bonsai.standsOn('Cake');
	});

	test('an account with a wrong password, and one without a line, keep nobody from reading', async t => {
		const [nowhere = 0] = await freePorts(1);
		const {bonsai, servers} = await bonsaiWith(
			t,
			{
				wrong: {account: () => wrongPassword},
				gone: {account: () => ({port: nowhere})},
				work: {mail: ['Rota']},
			},
			{env: {BONSAI_TEST_WRONG: 'wrong'}},
		);
		await bonsai.sees('refuses the user name or the password');
		bonsai.press(':account gone', 'Enter');
		await bonsai.sees(/refuses connections/);
		bonsai.press(':account work', 'Enter');
		await bonsai.standsOn('Rota');
		bonsai.press('Enter');
		await bonsai.sees('The text of Rota');
		bonsai.press('Y');
		await bonsai.sees(/work +online/);
		await bonsai.sees(/gone +no line/);
		await bonsai.sees(/wrong +hung up/);
		bonsai.press('Home');
		await bonsai.sees(/password of demo[\s\S]*:dial tries again/);
		assert.equal(commandsTo(servers.wrong).filter(said => /^AUTHENTICATE/.test(said)).length, 1);
	});

	test('an account whose log cannot be opened says so, and keeps nobody from reading', async t => {
		const {bonsai} = await bonsaiWith(t, {work: {mail: ['Rota']}, home: {mail: ['Cake']}}, {}, home => {
			const folder = join(home.environment.BONSAI_HOME ?? '', 'accounts', 'home');
			mkdirSync(folder, {recursive: true});
			writeFileSync(join(folder, 'log.sqlite'), 'this is no database, and never was one'.repeat(100));
		});
		await bonsai.sees(/home: .*log/);
		await bonsai.standsOn('Rota');
		bonsai.press('Enter');
		await bonsai.sees('The text of Rota');
		bonsai.press(':account home', 'Enter');
		await bonsai.standsOn('Cake');
	});

	test('a mailbox of another account is gone to by account/mailbox', async t => {
		const {bonsai} = await bonsaiWith(t, {work: {mail: ['Rota']}, home: {mail: ['Cake']}});
		await bonsai.standsOn('Rota');
		bonsai.press('c');
		await bonsai.sees('Go to mailbox:');
		bonsai.press('ho', 'Tab');
		await bonsai.sees('home/INBOX');
		bonsai.press('Enter');
		await bonsai.standsOn('Cake');
	});

	test('--account shows that one first, with the others beside it; q at the top of any quits', async t => {
		const {bonsai} = await bonsaiWith(
			t,
			{work: {mail: ['Rota']}, home: {mail: ['Cake']}},
			{args: ['--account', 'home']},
		);
		await bonsai.standsOn('Cake');
		bonsai.press(':account work', 'Enter');
		await bonsai.standsOn('Rota');
		bonsai.press('q');
		assert.equal(await bonsai.exited, 0);
	});

	test('from the mailboxes one goes on to the accounts, and an account is added beside those that are there', async t => {
		const {bonsai, servers} = await bonsaiWith(t, {work: {mail: ['Rota', 'Minutes']}, spare: {mail: ['Cake']}});
		const config = join(bonsai.home.environment.BONSAI_HOME ?? '', 'config.json');
		const before = JSON.parse(readFileSync(config, 'utf8'));
		await bonsai.standsOn('Minutes');
		bonsai.press('Up', 'y');
		await bonsai.standsOn('INBOX');
		bonsai.press('Left');
		await bonsai.sees('(add an account)');
		bonsai.press('End', 'Up', 'Enter');
		await bonsai.sees('Another account');
		bonsai.press('Escape');
		await bonsai.sees('(add an account)');
		bonsai.press('Enter');
		await bonsai.sees('Another account');
		bonsai.press('Tab', 'work', 'Tab', `127.0.0.1:${servers.spare.port}`, 'Tab', 'Left', 'Tab', 'demo', 'Tab', 'Tab');
		bonsai.press('echo demo', 'Tab', 'Enter');
		await bonsai.sees('there is an account work already');
		bonsai.press(...Array.from({length: 6}, () => 'Up'), 'Backspace', 'Backspace', 'Backspace', 'Backspace', 'home');
		bonsai.press(...Array.from({length: 6}, () => 'Tab'), 'Enter');
		await bonsai.standsOn('Cake');
		await bonsai.sees('home/INBOX');
		assert.deepEqual(Object.keys(JSON.parse(readFileSync(config, 'utf8')).accounts), [
			...Object.keys(before.accounts),
			'home',
		]);
		bonsai.press(':account work', 'Enter');
		await bonsai.standsOn('INBOX');
		bonsai.press('q');
		await bonsai.standsOn('Rota');
		assert.equal(servers.work.connections, 1);
	});

	test('mail comes through tunnels: one that has let us in, one that asks; a quit leaves nothing behind', async t => {
		const {bonsai, servers} = await bonsaiWith(t, {
			ship: {
				mail: ['Rota'],
				server: {greeting: preauth(fullCapabilities)},
				account: ({port}) => ({tunnel: relayTo(port), host: '', user: '', password: {from: 'nowhere'}}),
			},
			shore: {mail: ['Cake'], account: ({port}) => ({tunnel: relayTo(port), host: ''})},
		});
		await bonsai.standsOn('Rota');
		assert.doesNotMatch(bonsai.text, /cleartext/);
		bonsai.press('Enter');
		await bonsai.sees('The text of Rota');
		bonsai.press(':account shore', 'Enter');
		await bonsai.standsOn('Cake');
		assert.equal(servers.ship.connections + servers.shore.connections, 2);
		bonsai.press('Q');
		assert.equal(await bonsai.exited, 0);
		await eventually(() => servers.ship.connections + servers.shore.connections === 0, 'the tunnels have ended');
	});

	test('a tunnel that ends says why, and is built anew', async t => {
		const {bonsai, servers} = await bonsaiWith(
			t,
			{
				ship: {
					mail: ['Rota'],
					server: {greeting: preauth(fullCapabilities)},
					account: ({port}) => ({tunnel: `echo the satellite has set >&2; ${relayTo(port)}`, host: ''}),
				},
			},
			{env: {BONSAI_CLOCK: undefined}},
		);
		await bonsai.standsOn('Rota');
		servers.ship.cut();
		await bonsai.sees(/The tunnel ended: the satellite has set/);
		await eventually(() => servers.ship.connections === 1, 'it is dialled again');
		await bonsai.sees('online');
	});

	test('a program that is killed leaves no tunnel behind', async t => {
		const {bonsai, servers} = await bonsaiWith(t, {
			ship: {
				mail: ['Rota'],
				server: {greeting: preauth(fullCapabilities)},
				account: ({port}) => ({tunnel: relayTo(port), host: ''}),
			},
		});
		await bonsai.standsOn('Rota');
		bonsai.kill();
		await eventually(() => servers.ship.connections === 0, 'the tunnel has ended');
	});

	test('a real imap process through its pipes, beside an account on the same server', {
		skip: withoutDovecot,
	}, async t => {
		const dovecot = await startDovecot(home => {
			for (const [user, subject] of [
				['ada', 'Rota'],
				['eve', 'Cake'],
			] as const) {
				const folder = join(home(user), 'Maildir');
				for (const part of ['cur', 'new', 'tmp']) mkdirSync(join(folder, part), {recursive: true});
				writeFileSync(join(folder, 'cur', '1:2,'), letter({subject}));
			}
		});
		t.after(() => dovecot.stop());
		const home = ownHome();
		keepAccounts(home, {
			ship: {tunnel: dovecot.tunnel('ada'), host: '', password: {from: 'nowhere'}},
			shore: {port: dovecot.port, user: 'eve'},
		});
		const bonsai = openBonsai({home, env: {BONSAI_TEST_PASSWORD: dovecot.password}});
		t.after(() => bonsai.close());
		await bonsai.standsOn('Rota');
		bonsai.press('Enter');
		await bonsai.sees('The text of Rota');
		bonsai.press(':account shore', 'Enter');
		await bonsai.standsOn('Cake');
	});
});
