/** The program by its command line, without and with a terminal. */
import assert from 'node:assert/strict';
import {execFile} from 'node:child_process';
import {describe, type TestContext, test} from 'node:test';
import {startDemoServer} from '../../source/demo/server.ts';
import {keepAccount} from '../helpers/bonsai-on.ts';
import {environmentIn, openBonsai, ownHome, program} from '../helpers/screen.ts';

describe('the command line', {concurrency: 3}, () => {
	type Ended = {readonly code: number; readonly stdout: string; readonly stderr: string};

	function run(t: TestContext, args: readonly string[], home = ownHome()): Promise<Ended> {
		t.after(() => home.remove());
		const env = {...environmentIn(home), BONSAI_TEST_PASSWORD: 'demo'};
		return new Promise(resolve => {
			execFile(process.execPath, [program, ...args], {env}, (error, stdout, stderr) =>
				resolve({code: Number(error?.code ?? 0), stdout, stderr}),
			);
		});
	}

	for (const [args, sentence] of [
		[['--fly'], /--fly/],
		[['fly'], /there is no command fly/],
		[['list', 'INBOX', '--part', '1'], /--part is no option of bonsai list/],
		[['read', 'INBOX', 'soup'], /soup is no UID/],
		[['demo', 'twice'], /one word too many: twice/],
		[['--budget', 'rich'], /--budget is free or metered, not rich/],
		[['account', 'add', 'work'], /say where the mail is/],
		[['account', 'add', 'work', '--imap', 'imap://me:secret@host'], /a password does not belong on the command line/],
	] as const) {
		test(`bonsai ${args.join(' ')} is bad usage: exit code 2 and a sentence`, async t => {
			const {code, stdout, stderr} = await run(t, args);
			assert.equal(code, 2);
			assert.match(stderr, sentence);
			assert.match(stderr, /bonsai --help says more/);
			assert.equal(stdout, '');
		});
	}

	test('--help and --version answer on standard output', async t => {
		const help = await run(t, ['--help']);
		assert.equal(help.code, 0);
		assert.match(help.stdout, /bonsai demo/);
		const version = await run(t, ['--version']);
		assert.match(version.stdout, /^bonsai \d+\.\d+\.\d+\n$/);
	});

	test('without a terminal the mail client says that it needs one', async t => {
		const {code, stdout, stderr} = await run(t, ['demo']);
		assert.equal(code, 2);
		assert.match(stderr, /needs a terminal/);
		assert.equal(stdout, '');
	});

	test('a bad --link is bad usage', async t => {
		const bonsai = openBonsai({args: ['demo', '--link', 'fast']});
		t.after(() => bonsai.close());
		assert.equal(await bonsai.exited, 2);
		assert.match(bonsai.text, /The link "fast"/);
	});

	test('an account that is not there is bad usage', async t => {
		const bonsai = openBonsai({args: ['--account', 'nobody']});
		t.after(() => bonsai.close());
		assert.equal(await bonsai.exited, 2);
		assert.match(bonsai.text, /there is no account nobody/);
	});

	test('account add, list, check and remove', async t => {
		const server = await startDemoServer();
		t.after(() => server.close());
		const home = ownHome();
		const at = `imap://demo@127.0.0.1:${server.port}`;
		const added = await run(
			t,
			['account', 'add', 'work', '--imap', at, '--security', 'none', '--password-env', 'BONSAI_TEST_PASSWORD'],
			home,
		);
		assert.equal(added.code, 0, added.stderr);
		const listed = await run(t, ['account', 'list'], home);
		assert.match(listed.stdout, /work/);
		const checked = await run(t, ['account', 'check', 'work'], home);
		assert.equal(checked.code, 0, checked.stderr);
		assert.match(checked.stdout, /first screen of INBOX \(1200 messages\)/);
		assert.equal((await run(t, ['account', 'remove', 'work'], home)).code, 0);
		assert.equal((await run(t, ['account', 'remove', 'work'], home)).code, 1);
	});

	test('account check with a wrong password fails and says why', async t => {
		const server = await startDemoServer({users: [{user: 'demo', password: 'other'}]});
		t.after(() => server.close());
		const home = ownHome();
		keepAccount(home, {port: server.port, user: 'demo'});
		const {code, stderr} = await run(t, ['account', 'check'], home);
		assert.equal(code, 1);
		assert.match(stderr, /refuses the user name or the password/);
	});

	test('with no account the start screen offers the demo and a form', async t => {
		const bonsai = openBonsai();
		t.after(() => bonsai.close());
		await bonsai.sees('There is no account yet');
		bonsai.press('Enter');
		await bonsai.sees('Line up until 19:00');
	});

	test('an account set up on the start screen connects, and is there the next time', async t => {
		const server = await startDemoServer();
		t.after(() => server.close());
		const home = ownHome();
		const env = {BONSAI_TEST_PASSWORD: 'demo'};
		const bonsai = openBonsai({home, env});
		t.after(() => bonsai.close());
		await bonsai.sees('There is no account yet');
		bonsai.press('Down', 'work', 'Down', `127.0.0.1:${server.port}`, 'Down');
		bonsai.press('Left', 'Down', 'demo', 'Down', 'Right', 'Down', 'BONSAI_TEST_PASSWORD', 'Down');
		await bonsai.sees('[none]');
		await bonsai.sees('[environment]');
		bonsai.press('Enter');
		await bonsai.standsOn('Line up until 19:00');
		bonsai.press('Q');
		assert.equal(await bonsai.exited, 0);
		const again = openBonsai({home, env});
		t.after(() => again.close());
		await again.sees('work/INBOX');
		await again.standsOn('Line up until 19:00');
	});
});
