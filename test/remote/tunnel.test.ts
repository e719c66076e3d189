/**
 * An account whose IMAP comes over a command's pipes.
 */
import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import {type TestContext, test} from 'node:test';
import {type DemoServer, fullCapabilities, startDemoServer} from '../../source/demo/server.ts';
import type {Account} from '../../source/model/account.ts';
import {Failure} from '../../source/model/failure.ts';
import {inbox, mailboxPath} from '../../source/model/ids.ts';
import {type DialOptions, dialTest} from '../helpers/dialling.ts';
import {startDovecot, withoutDovecot} from '../helpers/dovecot.ts';
import {ownFolder} from '../helpers/own-folder.ts';
import {preauth, relayTo} from '../helpers/relay.ts';
import {eventually} from '../helpers/screen.ts';
import {tlsIdentity} from '../helpers/tls-identity.ts';
import {heard} from '../helpers/waiting.ts';

async function demo(context: TestContext, options: Parameters<typeof startDemoServer>[0] = {}): Promise<DemoServer> {
	const server = await startDemoServer({isRecording: true, ...options});
	context.after(() => server.close());
	return server;
}

const through = (tunnel: string, account: Partial<Account> = {}): DialOptions => ({
	port: 0,
	account: {tunnel, host: '', user: '', authentication: 'auto', ...account},
});

const commandsTo = (server: DemoServer): string[] =>
	server.transcript.filter(({by}) => by === 'client').map(({text}) => text.replace(/^\S+ /, ''));

const isAlive = (pid: number): boolean => {
	try {
		process.kill(pid, 0);
		return true;
	} catch {
		return false;
	}
};

test('a server that has let us in is not asked for a login, and no password is wanted', async context => {
	const server = await demo(context, {greeting: preauth(fullCapabilities)});
	const {remote, selected} = await dialTest(context, {
		...through(relayTo(server.port)),
		secret: () => Promise.reject(new Error('the password was asked for')),
	});
	assert.ok(selected && 'count' in selected && selected.count > 0);
	assert.deepEqual(
		commandsTo(server).filter(said => /^(LOGIN|AUTHENTICATE|STARTTLS|CAPABILITY)/.test(said)),
		[],
	);
	assert.equal(remote.isCompressed, true);
});

test('what is counted is what went through the pipes', async context => {
	const server = await demo(context, {
		greeting: preauth(fullCapabilities),
		capabilities: fullCapabilities.filter(name => name !== 'COMPRESS=DEFLATE'),
	});
	const file = path.join(ownFolder(context), 'bytes');
	const {remote} = await dialTest(context, through(`tee ${file}.up | (${relayTo(server.port)}) | tee ${file}.down`));
	await remote.fetchRows('1:20', () => {});
	const {upBytes, downBytes} = remote.usage;
	const written = (way: 'up' | 'down'): number => fs.statSync(`${file}.${way}`).size;
	// tee writes its file after it has passed the bytes on.
	await eventually(() => written('up') >= upBytes && written('down') >= downBytes, 'all is written');
	assert.deepEqual({up: written('up'), down: written('down')}, {up: upBytes, down: downBytes});
});

test('a tunnel that asks for a login is given one, and never STARTTLS unless that was asked for', async context => {
	const server = await demo(context, {starttls: tlsIdentity});
	await dialTest(context, through(relayTo(server.port), {user: 'demo'}));
	assert.match(commandsTo(server)[0] ?? '', /^AUTHENTICATE/);
	const certificateFile = path.join(ownFolder(context), 'cert.pem');
	fs.writeFileSync(certificateFile, tlsIdentity.cert);
	const asked = through(relayTo(server.port), {
		user: 'demo',
		host: 'localhost',
		security: 'starttls',
		certificateFile,
	});
	const {remote} = await dialTest(context, asked);
	assert.equal(remote.isEncrypted, true);
	assert.ok(commandsTo(server).some(said => said.startsWith('STARTTLS')));
});

test('TLS goes through a tunnel from the first byte when it is asked for', async context => {
	const server = await demo(context, {tls: tlsIdentity});
	const certificateFile = path.join(ownFolder(context), 'cert.pem');
	fs.writeFileSync(certificateFile, tlsIdentity.cert);
	const account = {user: 'demo', host: 'localhost', security: 'tls', certificateFile} as const;
	const {selected} = await dialTest(context, through(relayTo(server.port), account));
	assert.ok(selected && 'count' in selected && selected.count > 0);
	await assert.rejects(
		dialTest(context, through(relayTo(server.port), {...account, host: 'other.example'})),
		/certificate of the tunnel is not to be trusted \(it is for another host\)/,
	);
});

test('a tunnel that ends says its last words and its exit code, and what to do', async context => {
	const failing: [command: string, kind: Failure['kind'], sentence: RegExp][] = [
		[
			'echo one >&2; echo "ssh: connect to host x port 22: Connection refused" >&2; exit 255',
			'offline',
			/^The tunnel ended: ssh: connect to host x port 22: Connection refused, exit code 255\. Try the command by hand$/,
		],
		[
			'echo "me@host: Permission denied (publickey)." >&2; exit 255',
			'denied',
			/Permission denied \(publickey\), exit code 255/,
		],
		['exit 3', 'offline', /^The tunnel ended, exit code 3\. Try/],
		['kill -9 $$', 'offline', /^The tunnel ended, by SIGKILL\. Try/],
		['/no/such/command', 'denied', /not found, exit code 127\. Try/],
	];
	for (const [command, kind, sentence] of failing) {
		await assert.rejects(dialTest(context, through(command)), (error: Failure) => {
			assert.ok(error instanceof Failure, String(error));
			assert.match(error.sentence, sentence);
			assert.equal(error.kind, kind, error.sentence);
			return true;
		});
	}
});

test('a command that greets with something else is no server', async context => {
	const options = {...through('echo Last login: yesterday; exec sleep 1000'), patienceMs: 50};
	await assert.rejects(dialTest(context, options), /no server greets/);
});

test('a tunnel that breaks later says so too, and the server’s own last words go first', async context => {
	const server = await demo(context, {greeting: preauth(fullCapabilities)});
	const closed = heard<Failure>();
	const file = path.join(ownFolder(context), 'pid');
	const tunnel = `echo $$ > ${file}; ${relayTo(server.port)}`;
	await dialTest(context, {...through(tunnel), events: {onClosed: closed.tell}});
	process.kill(Number(fs.readFileSync(file, 'utf8')), 'SIGKILL');
	const [failure] = await closed.next(1);
	assert.match(failure?.sentence ?? '', /^The tunnel ended, by SIGKILL/);

	const {remote} = await dialTest(context, {...through(relayTo(server.port)), events: {onClosed: closed.tell}});
	server.faults.add({kind: 'bye', command: /^NOOP/, text: 'Going to bed', times: 1});
	await assert.rejects(remote.look());
	assert.match((await closed.next(2))[1]?.sentence ?? '', /Going to bed/);
});

test('the command and its children end with the connection, even those that do not want to', async context => {
	const server = await demo(context, {greeting: preauth(fullCapabilities)});
	const file = path.join(ownFolder(context), 'pids');
	const stubborn = `(trap '' TERM HUP; echo $$ >> ${file}; exec sh -c 'trap "" TERM HUP; echo $$ >> ${file}; while :; do sleep 0.1; done') <&- >&- 2>&- &`;
	const {remote} = await dialTest(context, through(`${stubborn} echo $$ >> ${file}; ${relayTo(server.port)}`));
	const pids = (): number[] => fs.readFileSync(file, 'utf8').trim().split('\n').map(Number);
	await eventually(() => pids().length === 3, 'three processes run');
	assert.ok(pids().every(isAlive));
	await remote.leave();
	await eventually(() => !pids().some(isAlive), 'none of them runs');
});

test('the command has no terminal to ask on or to be interrupted by: a session of its own', async context => {
	const server = await demo(context, {greeting: preauth(fullCapabilities)});
	const file = path.join(ownFolder(context), 'session');
	await dialTest(context, through(`ps -o sid= -p $$ > ${file}; ${relayTo(server.port)}`));
	const ours = execFileSync('ps', ['-o', 'sid=', '-p', String(process.pid)]).toString();
	assert.notEqual(Number(fs.readFileSync(file, 'utf8')), Number(ours));
});

test('a dialling that is given up ends the command', async context => {
	const file = path.join(ownFolder(context), 'pid');
	const asked = new AbortController();
	const {dialImap} = await import('../../source/remote/imap.ts');
	const {plainDialling} = await import('../helpers/dialling.ts');
	const dialled = dialImap(plainDialling(through(`echo $$ > ${file}; exec sleep 1000`)), asked.signal);
	const refused = assert.rejects(dialled, Failure);
	await eventually(() => fs.existsSync(file) && fs.readFileSync(file, 'utf8') !== '', 'the command runs');
	asked.abort();
	await refused;
	await eventually(() => !isAlive(Number(fs.readFileSync(file, 'utf8'))), 'the command has ended');
});

test('a real imap process is spoken with through its pipes', {skip: withoutDovecot}, async context => {
	const dovecot = await startDovecot();
	context.after(() => dovecot.stop());
	const {remote, selected} = await dialTest(context, through(dovecot.tunnel('ada')));
	assert.ok(selected && 'count' in selected);
	assert.equal(selected.path, inbox);
	const mailboxes = await remote.fetchMailboxes();
	assert.ok(mailboxes.some(each => each.path === mailboxPath('Trash')));
	await remote.leave();
});
