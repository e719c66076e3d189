/**
 * Getting in: TLS, STARTTLS, every SASL mechanism; and staying out where the line cannot be trusted.
 */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {after, before, describe, type TestContext, test} from 'node:test';
import {type DemoServer, fullCapabilities, startDemoServer} from '../../source/demo/server.ts';
import type {AuthenticationMethod} from '../../source/model/account.ts';
import {Failure} from '../../source/model/failure.ts';
import {type DialOptions, dialTest} from '../helpers/dialling.ts';
import {type Dovecot, startDovecot, withoutDovecot} from '../helpers/dovecot.ts';
import {tlsIdentity} from '../helpers/tls-identity.ts';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'bonsai-login-'));
const certificateFile = path.join(folder, 'cert.pem');
before(() => fs.writeFileSync(certificateFile, tlsIdentity.cert));
after(() => fs.rmSync(folder, {recursive: true}));

async function demo(context: TestContext, options: Parameters<typeof startDemoServer>[0] = {}): Promise<DemoServer> {
	const server = await startDemoServer({isRecording: true, ...options});
	context.after(() => server.close());
	return server;
}

const said = (server: DemoServer): string[] =>
	server.transcript.filter(({by}) => by === 'client').map(({text}) => text);

const refused = (context: TestContext, options: DialOptions, kind: string, sentence: RegExp) =>
	assert.rejects(dialTest(context, options), (error: Failure) => {
		assert.ok(error instanceof Failure, String(error));
		assert.equal(error.kind, kind, error.sentence);
		assert.match(error.sentence, sentence);
		return true;
	});

test('every way to log in works, with an initial answer and without', async context => {
	const methods: AuthenticationMethod[] = [
		'plain',
		'login',
		'scram-sha-256',
		'xoauth2',
		'oauthbearer',
		'anonymous',
		'auto',
	];
	const announced = [...fullCapabilities, 'AUTH=LOGIN', 'AUTH=XOAUTH2', 'AUTH=OAUTHBEARER', 'AUTH=ANONYMOUS'];
	for (const capabilities of [announced, announced.filter(name => name !== 'SASL-IR')]) {
		const server = await demo(context, {capabilities});
		for (const authentication of methods) {
			const {selected} = await dialTest(context, {port: server.port, account: {authentication}});
			assert.ok(selected && 'count' in selected && selected.count > 0, authentication);
		}
	}
});

test('where nothing hides the password it is not shown, if the server can do without', async context => {
	const server = await demo(context);
	await dialTest(context, {port: server.port, account: {authentication: 'auto'}});
	assert.match(said(server)[0] ?? '', /AUTHENTICATE SCRAM-SHA-256/);
	assert.ok(!said(server).some(line => line.includes(Buffer.from('\0demo\0demo').toString('base64'))));
});

test('a wrong password is said to be one, whichever way it is proved', async context => {
	const server = await demo(context);
	for (const authentication of ['plain', 'scram-sha-256', 'auto'] as const) {
		await refused(
			context,
			{port: server.port, password: 'wrong', account: {authentication}},
			'denied',
			/refuses the user name or the password/,
		);
	}
});

test('an extension that the account says is broken is not used, whatever the server announces', async context => {
	const server = await demo(context);
	const disabledCapabilities = ['SASL-IR', 'COMPRESS=DEFLATE', 'ENABLE'];
	const {remote} = await dialTest(context, {port: server.port, account: {disabledCapabilities}});
	for (const name of disabledCapabilities) assert.ok(!remote.capabilities.has(name), name);
	assert.match(said(server)[0] ?? '', /AUTHENTICATE PLAIN$/);
	assert.ok(!said(server).some(line => /COMPRESS|ENABLE/.test(line)));
});

test('a way that the server does not offer is not replaced by a weaker one', async context => {
	const server = await demo(context);
	await refused(
		context,
		{port: server.port, account: {authentication: 'oauthbearer'}},
		'denied',
		/does not offer oauthbearer/,
	);
	assert.deepEqual(said(server), []);
});

test('STARTTLS that is not offered, or refused, is an error before anything is said in the clear', async context => {
	const without = await demo(context);
	const account = {security: 'starttls', certificateFile} as const;
	await refused(context, {port: without.port, account}, 'denied', /does not start TLS/);
	const refusing = await demo(context, {
		starttls: tlsIdentity,
		faults: [{kind: 'refuse', command: /^STARTTLS/, answer: 'NO', text: 'not now'}],
	});
	await refused(context, {port: refusing.port, account}, 'denied', /does not start TLS/);
	const preauth = await demo(context, {greeting: '* PREAUTH welcome'});
	await refused(context, {port: preauth.port, account}, 'denied', /does not start TLS/);
	for (const server of [without, refusing, preauth]) {
		assert.ok(!said(server).some(line => /AUTHENTICATE|LOGIN|SELECT/.test(line)), said(server).join('\n'));
	}
});

test('a certificate that is not to be trusted ends it, and what to do is said', async context => {
	const tls = await demo(context, {tls: tlsIdentity});
	await refused(context, {port: tls.port, account: {security: 'tls'}}, 'denied', /self-signed.*--certificate FILE/);
	const starttls = await demo(context, {starttls: tlsIdentity});
	await refused(context, {port: starttls.port, account: {security: 'starttls'}}, 'denied', /self-signed/);
	await refused(
		context,
		{port: tls.port, account: {security: 'tls', certificateFile: '/no/such/file'}},
		'denied',
		/certificate file .* cannot be read/,
	);
	for (const server of [tls, starttls]) assert.ok(!said(server).some(line => /AUTHENTICATE|LOGIN/.test(line)));
});

test('a host that is not there, a port that is closed or speaks something else: each says what to check', async context => {
	await refused(context, {port: 143, account: {host: 'host.invalid'}}, 'offline', /no host host\.invalid/);
	const server = await startDemoServer();
	await server.close();
	await refused(context, {port: server.port}, 'offline', /refuses connections/);
	const plain = await demo(context);
	await refused(
		context,
		{port: plain.port, account: {security: 'tls', certificateFile}},
		'denied',
		/does not speak TLS/,
	);
	const silent = await demo(context);
	silent.freeze();
	context.after(() => silent.thaw());
	await refused(context, {port: silent.port, patienceMs: 50}, 'offline', /says nothing|does not answer/);
});

describe('TLS', () => {
	const twice = async (context: TestContext, options: DialOptions): Promise<[number, number]> => {
		const cost = async (): Promise<number> => {
			const {remote} = await dialTest(context, options);
			assert.ok(remote.isEncrypted);
			await remote.look();
			await remote.leave();
			return remote.usage.upBytes + remote.usage.downBytes;
		};
		return [await cost(), await cost()];
	};

	test('a second connection takes the first one’s session up again, for fewer bytes', async context => {
		for (const security of ['tls', 'starttls'] as const) {
			const server = await demo(context, security === 'tls' ? {tls: tlsIdentity} : {starttls: tlsIdentity});
			const [first, second] = await twice(context, {port: server.port, account: {security, certificateFile}});
			assert.ok(second < first - 200, `${security}: ${first}, then ${second} bytes`);
		}
	});

	describe('on Dovecot', {skip: withoutDovecot}, () => {
		let dovecot: Dovecot;
		before(async () => {
			dovecot = await startDovecot();
		});
		after(() => dovecot.stop());

		test('TLS and STARTTLS, and the session taken up again', async context => {
			for (const security of ['tls', 'starttls'] as const) {
				const port = security === 'tls' ? dovecot.tlsPort : dovecot.port;
				const options = {port, password: 'pass', account: {security, certificateFile}};
				const [first, second] = await twice(context, options);
				assert.ok(second < first - 200, `${security}: ${first}, then ${second} bytes`);
			}
		});

		test('ANONYMOUS, for public mailboxes', async context => {
			const {remote} = await dialTest(context, {port: dovecot.port, account: {authentication: 'anonymous', user: ''}});
			assert.ok(remote.capabilities.has('IDLE'));
		});
	});
});

test('a line that goes while the password is asked for is a failure of the login, and ends nothing else', async context => {
	const server = await demo(context);
	const {remote} = await dialTest(context, {port: server.port});
	const remembered = {capabilities: [...remote.capabilities]};
	assert.ok(remembered.capabilities.includes('COMPRESS=DEFLATE'));
	let say = (_password: string): void => {};
	const said = new Promise<string>(resolve => {
		say = resolve;
	});
	const secret = async (): Promise<string> => {
		server.cut();
		return said;
	};
	await assert.rejects(
		dialTest(context, {port: server.port, account: {authentication: 'plain'}, remembered, secret}),
		(error: Failure) => error.kind === 'offline',
	);
	// What was said together with the login fails now, and nobody waits for it any more.
	const unhandled: unknown[] = [];
	const hear = (error: unknown): void => void unhandled.push(error);
	process.on('unhandledRejection', hear);
	context.after(() => process.off('unhandledRejection', hear));
	say('demo');
	for (let turn = 0; turn < 3; turn++) await new Promise(setImmediate);
	assert.deepEqual(unhandled, []);
});
