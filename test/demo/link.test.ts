/** The bad line: as slow, as far and as exact as it says. */
import assert from 'node:assert/strict';
import {afterEach, beforeEach, test} from 'node:test';
import {parseLink, startBadLink} from '../../source/demo/link.ts';
import {type DemoServer, startDemoServer, virtualMailbox} from '../../source/demo/server.ts';
import {Dialogue} from './dialogue.ts';

let server: DemoServer;

beforeEach(async () => {
	server = await startDemoServer({mailboxes: () => [{name: 'INBOX', state: virtualMailbox({count: 50})}]});
});
afterEach(() => server.close());

test('a link is read from a rate, a round trip, or both, in any order', () => {
	const cases: readonly (readonly [string, number, number])[] = [
		['9600bps,300ms', 9600, 300],
		['300ms, 9600bps', 9600, 300],
		['33.6kbps', 33_600, 0],
		['33600', 33_600, 0],
		['2400bps,1.5s', 2400, 1500],
		['1Mbps', 1_000_000, 0],
		['300ms', 0, 300],
	];
	for (const [text, bitsPerSecond, roundTripMs] of cases) {
		assert.deepEqual(parseLink(text), {bitsPerSecond, roundTripMs}, text);
	}
});

test('a link that cannot be read says what is wrong with it', () => {
	assert.throws(() => parseLink('fast'), /has "fast"; write it like 9600bps,300ms/);
	assert.throws(() => parseLink(''), /an empty word/);
	assert.throws(() => parseLink('9600,2400'), /two rates/);
	assert.throws(() => parseLink('1s,300ms'), /two round trips/);
	assert.throws(() => parseLink('0bps'), /its rate is 0/);
	assert.throws(() => parseLink('-5ms'), /has "-5ms"/);
});

test('every byte is counted once, in both directions, and every turn', async () => {
	const link = await startBadLink({targetPort: server.port, bitsPerSecond: 0, roundTripMs: 2});
	const client = await Dialogue.open(link.port);
	await client.line();
	assert.equal(link.turns, 0);
	await client.ok('LOGIN demo demo');
	await client.ok('SELECT INBOX');
	client.say('a NOOP\r\nb NOOP\r\n');
	await client.until(/^b /);
	assert.equal(link.turns, 3);
	assert.equal(link.bytesUp, 't1 LOGIN demo demo\r\nt2 SELECT INBOX\r\na NOOP\r\nb NOOP\r\n'.length);
	assert.equal(link.bytesDown, client.bytesReceived);
	client.close();
	await link.close();
});

test('a turn takes a round trip, and bytes take what the rate says', async () => {
	const link = await startBadLink({targetPort: server.port, bitsPerSecond: 400_000, roundTripMs: 40});
	const client = await Dialogue.loggedIn(link.port);
	let started = performance.now();
	await client.ok('NOOP');
	assert.ok(performance.now() - started >= 39);
	await client.ok('SELECT INBOX');
	started = performance.now();
	const before = link.bytesDown;
	await client.ok('FETCH 1:4 (BODY.PEEK[])');
	const expectedMs = 40 + (link.bytesDown - before) / 50;
	const tookMs = performance.now() - started;
	assert.ok(tookMs >= expectedMs - 5, `${tookMs} ms where ${expectedMs} were due`);
	client.close();
	await link.close();
});

test('bytes stay in order and whole at any rate', async () => {
	const link = await startBadLink({targetPort: server.port, bitsPerSecond: 20_000_000, roundTripMs: 4});
	const far = await Dialogue.loggedIn(link.port);
	const near = await Dialogue.loggedIn(server.port);
	const command = 'FETCH 1:50 (BODY.PEEK[])';
	await Promise.all([far.ok('SELECT INBOX'), near.ok('SELECT INBOX')]);
	assert.deepEqual(await far.ok(command), await near.ok(command));
	far.close();
	near.close();
	await link.close();
});

test('frozen, nothing moves; thawed, it all comes; cut, it is over', async () => {
	const link = await startBadLink({targetPort: server.port, bitsPerSecond: 0, roundTripMs: 2});
	const client = await Dialogue.loggedIn(link.port);
	link.freeze();
	client.say('a NOOP\r\n');
	const direct = await Dialogue.loggedIn(server.port);
	assert.equal(client.waiting, '');
	link.thaw();
	assert.match(await client.line(), /^a OK/);
	link.cut();
	await client.ended();
	direct.close();
	await link.close();
});

test('a server that ends the connection is seen to end it through the link', async () => {
	const link = await startBadLink({targetPort: server.port, bitsPerSecond: 0, roundTripMs: 2});
	const client = await Dialogue.loggedIn(link.port);
	await client.ok('LOGOUT');
	await client.ended();
	await link.close();
});
