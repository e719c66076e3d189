/**
 * Lines that imapflow skips because they cannot be read: nothing of them may be taken for a message that is gone.
 */
import assert from 'node:assert/strict';
import {type TestContext, test} from 'node:test';
import {type Fault, startDemoServer, virtualMailbox} from '../../source/demo/server.ts';
import type {Failure} from '../../source/model/failure.ts';
import {partNumber} from '../../source/model/ids.ts';
import type {RowFact} from '../../source/remote/remote.ts';
import {dialTest} from '../helpers/dialling.ts';

async function remoteWith(context: TestContext, ...faults: readonly Fault[]) {
	const server = await startDemoServer({mailboxes: () => [{name: 'INBOX', state: virtualMailbox({count: 20})}]});
	context.after(() => server.close());
	const {remote} = await dialTest(context, {port: server.port, wants: 'changes'});
	server.faults.add(...faults);
	return remote;
}

const isBroken = ({kind}: Failure): boolean => kind === 'broken';

test('a summary that cannot be read is asked for once more without its header', async context => {
	const remote = await remoteWith(context, {kind: 'malformed-row', uid: 7, times: 1});
	const rows: RowFact[] = [];
	assert.equal(await remote.fetchSummaries('5:9', row => rows.push(row)), 5);
	assert.deepEqual(rows.map(({uid}) => uid).sort(), [5, 6, 7, 8, 9]);
	for (const {uid, header, sizeBytes} of rows) {
		assert.equal(header === undefined, uid === 7);
		assert.ok(sizeBytes > 0);
	}
});

test('where a line cannot be read again and again the question fails, and does not end short', async context => {
	const remote = await remoteWith(context, {kind: 'malformed-row', uid: 7});
	await assert.rejects(
		remote.fetchSummaries('5:9', () => {}),
		isBroken,
	);
	await assert.rejects(
		remote.fetchFlags('5:9', () => {}),
		isBroken,
	);
});

test('a structure that cannot be read is told as that, one that makes no sense too; who is gone is not told', async context => {
	const remote = await remoteWith(
		context,
		{kind: 'malformed-row', uid: 7, times: 1},
		{kind: 'malformed-structure', uid: 8},
	);
	const structures = new Map<number, boolean>();
	await remote.fetchStructures('6:9,99', (uid, structure) => structures.set(uid, structure !== undefined));
	assert.deepEqual([...structures].sort(), [
		[6, true],
		[7, false],
		[8, false],
		[9, true],
	]);
});

test('more octets than were asked for are refused, and none of that message is told', async context => {
	const remote = await remoteWith(context, {kind: 'long-literal', extraBytes: 5, uid: 6});
	const told: number[] = [];
	const asking = remote.fetchStarts('5:7', partNumber('1'), 10, uid => told.push(uid));
	await assert.rejects(asking, isBroken);
	assert.deepEqual(told, [5, 7]);
});
