/**
 * What we rely on inside imapflow: this fails loudly when an upgrade changes it. The rest of its promises are held by
 * contract.ts on real servers.
 */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import {type TestContext, test} from 'node:test';
import {ImapFlow} from 'imapflow';
import {startDemoServer} from '../../source/demo/server.ts';
import {inbox, partNumber} from '../../source/model/ids.ts';
import {dialTest} from '../helpers/dialling.ts';
import {heard} from '../helpers/waiting.ts';

const manifest = JSON.parse(fs.readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
	dependencies: Record<string, string>;
};

async function server(context: TestContext, options: Parameters<typeof startDemoServer>[0] = {}) {
	const started = await startDemoServer({isRecording: true, ...options});
	context.after(() => started.close());
	return started;
}

test('imapflow is pinned to the one version whose internals we know', () => {
	assert.equal(manifest.dependencies.imapflow, '2.10.2');
	assert.equal((ImapFlow as unknown as {version: string}).version, '2.10.2');
});

test('the internals that are overridden and used are there', () => {
	const client = new ImapFlow({
		host: 'localhost',
		port: 1,
		auth: {user: 'x'},
		logger: false,
	} as never) as unknown as Record<string, unknown>;
	const methods =
		'trySend send exec run write handleResponse getUntaggedHandler normalizeUntaggedCommand startSession closeRequests compress upgradeToSTARTTLS updateCapabilitiesFromRaw';
	for (const method of methods.split(' ')) assert.equal(typeof client[method], 'function', method);
	for (const field of ['requestQueue', 'commandParts']) assert.ok(Array.isArray(client[field]), field);
	assert.ok(client.requestTagMap instanceof Map);
	assert.equal(client.currentRequest, false);
	assert.equal(typeof (client.streamer as {maxLiteralSize: number}).maxLiteralSize, 'number');
	(client.close as () => void).call(client);
});

test('questions of one tick leave together and are answered together', async context => {
	const {port} = await server(context);
	const {remote} = await dialTest(context, {port});
	const before = remote.usage.turns;
	await Promise.all(Array.from({length: 10}, (_, index) => remote.fetchRows(`${index + 1}`, () => {})));
	assert.equal(remote.usage.turns, before + 1);
});

test('tagged answers may come in another order', async context => {
	const {port, faults} = await server(context);
	const {remote} = await dialTest(context, {port});
	faults.add({kind: 'reorder', command: /^FETCH 1 /, times: 1});
	const sequences: number[] = [];
	await Promise.all([
		remote.fetchRows('1', row => sequences.push(row.sequence)),
		remote.fetchRows('2', row => sequences.push(row.sequence)),
	]);
	assert.deepEqual(sequences.sort(), [1, 2]);
	assert.equal(await remote.fetchRows('3:5', () => {}), 3);
});

test('a row that nobody asked for is news, and never an answer', async context => {
	const started = await server(context);
	const flags = heard<number>();
	const {remote} = await dialTest(context, {
		port: started.port,
		events: {onFlags: change => flags.tell(change.sequence)},
	});
	const uid = started.mailbox('INBOX')?.uids.uidAt(7) ?? 0;
	started.setFlags('INBOX', uid, ['\\Flagged']);
	const rows: number[] = [];
	await remote.fetchRows('3', row => rows.push(row.sequence));
	await flags.next(1);
	assert.deepEqual(rows, [3]);
	assert.deepEqual(flags.all, [7]);
});

test('what goes up is compressed with a sync flush: fifty questions are far less than fifty lines', async context => {
	const {port} = await server(context);
	const {remote} = await dialTest(context, {port});
	assert.ok(remote.isCompressed);
	const before = remote.usage.upBytes;
	for (let index = 1; index <= 50; index++) await remote.fetchRows(String(index), () => {}, {withoutHeader: true});
	const each = (remote.usage.upBytes - before) / 50;
	assert.ok(each < 16, `${each} bytes for each question`);
});

test('what is in flight when the line is cut fails as lost, all of it', async context => {
	const {port, faults} = await server(context);
	const {remote} = await dialTest(context, {port});
	faults.add({kind: 'cut-before', command: /^UID FETCH/, times: 1});
	const section = {part: partNumber('1'), of: 'content'} as const;
	const asked = [1, 2, 3].map(uid => remote.fetchChunk(uid, section, 0, 100, 'as-sent', 'text'));
	const answers = await Promise.allSettled(asked);
	for (const answer of answers) {
		assert.equal(answer.status, 'rejected');
		assert.equal((answer as {reason: {kind: string}}).reason.kind, 'offline');
	}
});

test('an urgent question goes out between the chunks of a part', async context => {
	const started = await server(context);
	const {remote} = await dialTest(context, {port: started.port, mailbox: inbox});
	let uid = 0;
	await remote.fetchRows('1198', row => {
		uid = row.uid;
	});
	const section = {part: partNumber('2'), of: 'content'} as const;
	const order: string[] = [];
	const chunks = [0, 1, 2].map(index =>
		remote.fetchChunk(uid, section, index * 60_000, 60_000, 'as-sent', 'parts').then(() => order.push('chunk')),
	);
	await chunks[0];
	await Promise.all([...chunks, remote.fetchRows('1', () => {}).then(() => order.push('row'))]);
	assert.equal(order.length, 4);
	assert.ok((await remote.fetchChunk(uid, section, 0, 10, 'as-sent', 'parts'))?.length === 10);
});
