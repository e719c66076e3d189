/** What goes wrong on the way, each with the plain sentence on the screen. */
import assert from 'node:assert/strict';
import {statSync, writeFileSync} from 'node:fs';
import {createServer} from 'node:net';
import {join} from 'node:path';
import {describe, test} from 'node:test';
import {bonsaiOn, commandsTo, inboxOf, keepAccount, letter} from '../helpers/bonsai-on.ts';
import {openBonsai, ownHome} from '../helpers/screen.ts';
import {tlsIdentity} from '../helpers/tls-identity.ts';

describe('trouble', {concurrency: 3}, () => {
	const three = inboxOf(letter({subject: 'One'}), letter({subject: 'Two'}), letter({subject: 'Three'}));
	const isLogin = (command: string): boolean => /^(LOGIN|AUTHENTICATE)/i.test(command);
	/** With a clock that runs, for what counts seconds. */
	const withClock = {env: {BONSAI_CLOCK: undefined}};

	test('a wrong password is said once and not tried again', async t => {
		const {bonsai, server} = await bonsaiOn(t, {open: {env: {BONSAI_TEST_PASSWORD: 'wrong'}}});
		await bonsai.sees('The server refuses the user name or the password of demo');
		assert.equal(commandsTo(server).filter(isLogin).length, 1);
		assert.ok(!bonsai.hasShown('wrong'), 'the password is not shown');
	});

	test('a password that is nowhere says where it should be', async t => {
		const {bonsai, server} = await bonsaiOn(t, {open: {env: {BONSAI_TEST_PASSWORD: undefined}}});
		await bonsai.sees('The password of work should be in the environment variable');
		assert.deepEqual(commandsTo(server).filter(isLogin), []);
	});

	test('a certificate nobody vouches for is refused before anything is sent', async t => {
		const {bonsai, server} = await bonsaiOn(t, {tls: tlsIdentity, account: {security: 'tls', host: 'localhost'}});
		await bonsai.sees(/The certificate of localhost:\d+ is not to be trusted/);
		assert.deepEqual(commandsTo(server).filter(isLogin), []);
	});

	for (const security of ['tls', 'starttls'] as const) {
		test(`a certificate the account names is trusted (${security})`, async t => {
			const home = ownHome();
			t.after(() => home.remove());
			const certificateFile = join(home.path, 'server.pem');
			writeFileSync(certificateFile, tlsIdentity.cert);
			const {bonsai} = await bonsaiOn(t, {
				[security]: tlsIdentity,
				mailboxes: three,
				account: {security, host: 'localhost', certificateFile},
			});
			await bonsai.standsOn('Three');
			assert.doesNotMatch(bonsai.text, /cleartext/);
		});
	}

	test('without STARTTLS nothing is sent in the clear', async t => {
		const {bonsai, server} = await bonsaiOn(t, {account: {security: 'starttls'}});
		await bonsai.sees('does not start TLS');
		assert.deepEqual(commandsTo(server).filter(isLogin), []);
	});

	test('with STARTTLS refused nothing is sent in the clear', async t => {
		const {bonsai, server} = await bonsaiOn(t, {
			starttls: tlsIdentity,
			faults: [{kind: 'refuse', command: /^STARTTLS/, answer: 'NO', text: 'Not today'}],
			account: {security: 'starttls', host: 'localhost'},
		});
		await bonsai.sees('does not start TLS');
		assert.deepEqual(commandsTo(server).filter(isLogin), []);
	});

	test('a host that does not exist is named', async t => {
		const {bonsai} = await bonsaiOn(t, {account: {host: 'host.invalid'}});
		await bonsai.sees('There is no host host.invalid');
	});

	test('a server that is not there is named with its port', async t => {
		const {port} = await new Promise<{port: number}>(resolve => {
			const probe = createServer().listen(0, '127.0.0.1', () => {
				const address = probe.address() as {port: number};
				probe.close(() => resolve(address));
			});
		});
		const {bonsai} = await bonsaiOn(t, {account: {port}});
		await bonsai.sees(`127.0.0.1:${port} refuses connections`);
	});

	test('a server that hangs up at login is quoted, and tried again', async t => {
		const {bonsai} = await bonsaiOn(t, {
			mailboxes: three,
			open: withClock,
			faults: [{kind: 'bye', command: /^AUTHENTICATE/, text: 'Too many mailers', times: 1}],
		});
		await bonsai.sees(/The server hung up: Too many mailers – trying again in \d s/);
		await bonsai.standsOn('Three');
	});

	test('TLS with a server that does not speak it says so', async t => {
		const {bonsai} = await bonsaiOn(t, {account: {security: 'tls', host: 'localhost'}});
		await bonsai.sees(/localhost:\d+ does not speak TLS/);
	});

	test('a silent server stops nothing: one goes back, and reads what is here', async t => {
		const {bonsai, server} = await bonsaiOn(t, {mailboxes: three});
		await bonsai.standsOn('Three');
		bonsai.press('Enter');
		await bonsai.sees('The text of Three.');
		bonsai.press('q');
		await bonsai.standsOn('Three');
		server.freeze();
		bonsai.press('Up', 'Enter');
		await bonsai.sees('The message is on its way…');
		bonsai.press('q', 'Down');
		await bonsai.standsOn('Three');
		bonsai.press('Enter');
		await bonsai.sees('The text of Three.');
		server.thaw();
		bonsai.press('K');
		await bonsai.sees('The text of Two.');
	});

	const long = inboxOf(letter({subject: 'Long', text: 'A line of a long text, again and again.\n'.repeat(3000)}));

	test('a server that sends more than was asked for is left, and it is said', async t => {
		const {bonsai, server} = await bonsaiOn(t, {mailboxes: long});
		await bonsai.standsOn('Long');
		server.faults.add({kind: 'long-literal', extraBytes: 100_000});
		bonsai.press('Enter');
		await bonsai.sees(/The server (began to send|sent) \d+ octets where/);
		assert.ok(!bonsai.hasShown('!!!!!!!!!!'), 'what was not asked for is not text');
		bonsai.press('q');
		await bonsai.standsOn('Long');
		await bonsai.sees(/work\/INBOX .* online/);
	});

	test('text that is here stays when more of it cannot be had', async t => {
		const {bonsai, server} = await bonsaiOn(t, {mailboxes: long, open: {args: ['--budget', 'metered']}});
		await bonsai.standsOn('Long');
		bonsai.press('Enter');
		await bonsai.sees('A line of a long text');
		await bonsai.pressUntil('End', 'kB here: + brings more');
		server.faults.add({kind: 'long-literal', extraBytes: 100_000});
		bonsai.press('+', '+');
		await bonsai.sees(/The server (began to send|sent) \d+ octets where/);
		assert.match(bonsai.text, /A line of a long text/);
	});

	test('a row that is no IMAP is marked, and the others are shown', async t => {
		const {bonsai} = await bonsaiOn(t, {mailboxes: three, faults: [{kind: 'malformed-row', uid: 2}]});
		await bonsai.sees('answer about some messages cannot be read; they are marked');
		await bonsai.sees(/1 .* One/);
		await bonsai.sees(/2 .*\(the server’s answer about this/);
		await bonsai.standsOn('Three');
	});

	test('a message whose structure cannot be read opens all the same', async t => {
		const {bonsai} = await bonsaiOn(t, {mailboxes: three, faults: [{kind: 'malformed-structure', uid: 3}]});
		await bonsai.standsOn('Three');
		bonsai.press('Enter');
		await bonsai.sees('The text of Three.');
	});

	test('a mailbox that was renumbered is fetched anew, and it is said', async t => {
		const {bonsai, server} = await bonsaiOn(t, {mailboxes: three});
		await bonsai.standsOn('Three');
		bonsai.press('Up');
		server.setUidValidity('INBOX', 999);
		await bonsai.sees('The server has renumbered this mailbox (UIDVALIDITY)');
		await bonsai.sees(/1 . N .* One/);
		await bonsai.sees(/3 . N .* Three/);
	});

	test('a mailbox that cannot be opened says why', async t => {
		const {bonsai} = await bonsaiOn(t, {
			faults: [{kind: 'refuse', command: /^SELECT/, answer: 'NO', text: 'The disk is being looked at'}],
		});
		await bonsai.sees('The server refuses to open the mailbox: The disk is being looked at');
	});

	test('a cut line: what was on the screen stays, it is tried again, and it comes back by itself', async t => {
		const {bonsai, server} = await bonsaiOn(t, {mailboxes: three, open: withClock});
		await bonsai.standsOn('Three');
		bonsai.press('Up');
		await bonsai.standsOn('Two');
		server.cut();
		await bonsai.sees(/no line: The line was cut – trying again in \d s/);
		await bonsai.standsOn('Two');
		await bonsai.sees(/1 . N .* One/);
		await bonsai.sees(/work\/INBOX .* online/);
		await bonsai.seesNoMore('The line was cut');
		await bonsai.standsOn('Two');
	});

	test('a line cut while a message comes: it comes when the line is back', async t => {
		const {bonsai} = await bonsaiOn(t, {
			mailboxes: three,
			faults: [{kind: 'cut-before', command: /^UID FETCH 3/, times: 1}],
		});
		await bonsai.standsOn('Three');
		bonsai.press('Enter');
		await bonsai.sees('The text of Three.');
		assert.ok(bonsai.hasShown('The line was cut'));
	});

	test('a large part survives cuts, and the file is whole', async t => {
		const {bonsai, server, home} = await bonsaiOn(t);
		await bonsai.standsOn('Line up until 19:00');
		bonsai.press('1189', 'Enter');
		await bonsai.standsOn('Contract extension');
		bonsai.press('v');
		await bonsai.sees('contract-extension-2027.pdf');
		server.faults.add({kind: 'cut', afterBytes: 150_000, times: 1});
		bonsai.press('Down', ':save contract.pdf', 'Enter');
		await bonsai.sees('Save to contract.pdf');
		bonsai.press('y');
		await bonsai.sees(/Saved .*contract\.pdf/);
		assert.equal(statSync(join(home.path, 'contract.pdf')).size, 318_446);
	});

	test('a window too small says how large it must be, and a larger one has the mail again', async t => {
		const {bonsai} = await bonsaiOn(t, {mailboxes: three});
		await bonsai.standsOn('Three');
		bonsai.resize(30, 5);
		await bonsai.sees(/Bonsai\s+needs\s+40\s+by\s+6/);
		bonsai.resize(80, 24);
		await bonsai.standsOn('Three');
		bonsai.resize(40, 6);
		await bonsai.standsOn('Three');
	});

	test('a broken configuration names the file and what to do', async t => {
		const home = ownHome();
		writeFileSync(join(home.path, 'bonsai', 'config.json'), '{"accounts": {"work": ');
		const bonsai = openBonsai({home});
		t.after(() => bonsai.close());
		assert.equal(await bonsai.exited, 1);
		assert.match(bonsai.text.replaceAll('\n', ''), /config\.json is not valid JSON\. Mend it, or move it away/);
	});

	test('an account with a field that cannot be used is named', async t => {
		const home = ownHome();
		keepAccount(home, {port: 99_999});
		const bonsai = openBonsai({home});
		t.after(() => bonsai.close());
		assert.equal(await bonsai.exited, 1);
		assert.match(bonsai.text.replaceAll('\n', ''), /the account work has no usable "port" \(1 to 65535\)/);
	});
});
