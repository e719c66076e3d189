import assert from 'node:assert/strict';
import type {IncomingMessage, ServerResponse} from 'node:http';
import https from 'node:https';
import net from 'node:net';
import {type TestContext, test} from 'node:test';
import {isPublic, type OneClickOptions, postOneClick} from '../../source/remote/one-click.ts';
import {tlsIdentity} from '../helpers/tls-identity.ts';

const trusted: OneClickOptions = {isLocalAllowed: true, ca: tlsIdentity.cert};

/** Of an https server on loopback that answers so. */
async function serve(
	context: TestContext,
	answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<{readonly url: string; readonly host: string; readonly asked: IncomingMessage[]}> {
	const asked: IncomingMessage[] = [];
	const server = https.createServer(tlsIdentity, (request, response) => {
		asked.push(request);
		answer(request, response);
	});
	await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
	context.after(() => {
		server.closeAllConnections();
		server.close();
	});
	const host = `localhost:${(server.address() as net.AddressInfo).port}`;
	return {url: `https://${host}/leave?id=7`, host, asked};
}

test('what is asked is the words of RFC 8058, and nothing that says who asks', async context => {
	let said = '';
	const {url, asked} = await serve(context, (request, response) => {
		request.setEncoding('utf8').on('data', text => {
			said += text;
		});
		request.on('end', () => response.writeHead(202).end());
	});
	assert.deepEqual(await postOneClick(url, trusted), {status: 202});
	assert.equal(said, 'List-Unsubscribe=One-Click');
	const [request] = asked;
	assert.deepEqual([request?.method, request?.url], ['POST', '/leave?id=7']);
	const names = Object.keys(request?.headers ?? {}).sort();
	assert.deepEqual(names, ['connection', 'content-length', 'content-type', 'host']);
	assert.equal(request?.headers['content-type'], 'application/x-www-form-urlencoded');
});

test('a redirect is not followed, and an answer without end is not read', async context => {
	const away = await serve(context, (_, response) => response.writeHead(302, {location: '/elsewhere'}).end());
	assert.deepEqual(await postOneClick(away.url, trusted), {status: 302});
	assert.equal(away.asked.length, 1);
	const flood = await serve(context, (_, response) => {
		response.writeHead(200);
		const more = (): void => {
			while (!response.destroyed && response.write('x'.repeat(65_536)));
		};
		response.on('drain', more);
		more();
	});
	assert.deepEqual(await postOneClick(flood.url, trusted), {status: 200});
});

test('a certificate that does not hold, a header without end and a server that says nothing each end in a sentence', async context => {
	const {url, host, asked} = await serve(context, () => {});
	const unknown = await postOneClick(url, {isLocalAllowed: true});
	assert.match('problem' in unknown ? unknown.problem : '', /cannot be asked: self.signed certificate/);
	assert.equal(asked.length, 0);
	const silent = await postOneClick(url, {...trusted, timeoutMs: 300});
	assert.deepEqual(silent, {problem: `${host} did not answer in time`});
	const long = await serve(context, (_, response) => response.writeHead(200, {'x-long': 'x'.repeat(40_000)}).end());
	assert.match(JSON.stringify(await postOneClick(long.url, trusted)), /cannot be asked/);
	const rude = await serve(context, request => request.socket.destroy());
	assert.match(JSON.stringify(await postOneClick(rude.url, trusted)), /cannot be asked|hung up/);
});

test('only https without a password is asked', async () => {
	for (const url of ['http://l.example/', 'https://me:secret@l.example/', 'file:///etc/passwd', 'no URL'])
		assert.ok('problem' in (await postOneClick(url)), url);
});

test('no host of this machine or of a private network is dialled, by name, by number, or by a number in disguise', async context => {
	let dialled = 0;
	const listener = net.createServer(socket => {
		dialled++;
		socket.destroy();
	});
	await new Promise<void>(resolve => listener.listen(0, '127.0.0.1', resolve));
	context.after(() => listener.close());
	const {port} = listener.address() as net.AddressInfo;
	for (const host of ['localhost', '127.0.0.1', '2130706433', '0x7f.1', '[::1]', '[::ffff:127.0.0.1]', '0.0.0.0']) {
		const came = await postOneClick(`https://${host}:${port}/`, {ca: tlsIdentity.cert});
		assert.match('problem' in came ? came.problem : '', /has no public address/, host);
	}
	assert.equal(dialled, 0);
});

test('an address is public or it is not', () => {
	const own =
		'0.1.2.3 10.1.2.3 100.64.0.1 127.0.0.1 169.254.169.254 172.31.0.1 192.168.1.1 198.18.0.1 224.0.0.1 255.255.255.255';
	const own6 =
		':: ::1 fe80::1 fc00::1 fd12::1 ff02::1 ::ffff:10.0.0.1 64:ff9b::10.0.0.1 64:ff9b::7f00:1 2001:db8::1 2002:a00:1::1';
	for (const address of [...own.split(' '), ...own6.split(' '), 'l.example', ''])
		assert.equal(isPublic(address), false, address);
	for (const address of ['9.9.9.9', '100.63.0.1', '172.32.0.1', '2620:fe::fe', '64:ff9b::9.9.9.9'])
		assert.equal(isPublic(address), true, address);
});
