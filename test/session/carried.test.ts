/** A message on its way to another account, and what is decided of that while its octets come. */
import assert from 'node:assert/strict';
import path from 'node:path';
import {type TestContext, test} from 'node:test';
import type {Failure} from '../../source/model/failure.ts';
import {accountName, inbox, mailboxPath} from '../../source/model/ids.ts';
import type {OperationId} from '../../source/model/operation.ts';
import type {Remote} from '../../source/remote/remote.ts';
import {AcrossAccounts} from '../../source/session/across-accounts.ts';
import {Operations} from '../../source/session/operations.ts';
import {ReplayCarry} from '../../source/session/replay-carry.ts';
import {ReplayMarks} from '../../source/session/replay-marks.ts';
import {OperationLog} from '../../source/store/log.ts';
import {ownFolder} from '../helpers/own-folder.ts';

const [home, work] = [accountName('home'), accountName('work')];
const octets = Buffer.alloc(20_000, 'a');
const announced = {messageId: '<m1@example.org>', sizeBytes: octets.length};

/** A move to another account of one message, and what happens when half of its octets are here. */
async function carried(
	context: TestContext,
	meanwhile: (id: OperationId, world: {operations: Operations; folder: string}) => unknown,
	name = announced,
) {
	const root = ownFolder(context);
	const folderOf = (account: string): string => path.join(root, account);
	const folder = folderOf(home);
	const nothing = (): void => {};
	const operations = new Operations({
		folder,
		across: new AcrossAccounts({account: home, folder, folderOf}),
		clock: () => 1,
		onWaiting: nothing,
		onChange: nothing,
		onDone: nothing,
		onFlagged: nothing,
		onMoved: nothing,
		onRefused: nothing,
		onMailboxes: nothing,
		onCounts: nothing,
		onBroken: because => assert.fail(because),
	});
	context.after(() => operations.close());
	const place = {mailbox: inbox, uidValidity: 7, uid: 1};
	const to = {account: work, mailbox: mailboxPath('Archive')};
	const id = operations.decide({kind: 'move', to}, [{message: place, wasSet: undefined, name}])!;
	const [operation] = operations.waiting;
	const remote = {
		fetchOrigins: async () => new Map([[1, {flags: [], date: 5, ...name}]]),
		fetchChunk: async (_uid: number, _part: unknown, offset: number, length: number) => {
			if (offset === 8192 && meanwhile(id, {operations, folder}) === 'no row') return undefined;
			return octets.subarray(offset, offset + length);
		},
	} as unknown as Remote;
	const carry = new ReplayCarry({operations, marks: new ReplayMarks(operations), chunkBytes: () => 4096});
	const batches = [{operation: operation!, targets: operation!.targets}];
	const step = {mailbox: inbox, account: work, batches};
	const isWeighed = operation!.targets[0]!.sizeBytes > 0;
	await (isWeighed ? carry.carry(remote, {do: 'carry', ...step}) : carry.weigh(remote, {do: 'weigh', ...step})).catch(
		(error: Failure) => operations.log!.refuse(id, error.sentence),
	);
	operations.reload();
	const over = new OperationLog(folderOf(work));
	context.after(() => over.close());
	return {here: operations.all.get(), there: over.operations()};
}

/** What another process does to the log. */
function elsewhere(folder: string, act: (log: OperationLog) => void): void {
	const log = new OperationLog(folder);
	act(log);
	log.close();
}

test('it is handed over when it is whole', async context => {
	const {here, there} = await carried(context, () => {});
	assert.equal(here[0]!.targets[0]!.state, 'handed');
	assert.equal(there.length, 1);
});

test('what is held while it is fetched is not handed over, by whichever process, and waits', async context => {
	for (const isHere of [true, false]) {
		const {here, there} = await carried(context, (id, {operations, folder}) => {
			if (isHere) operations.setHeld(id, true);
			else elsewhere(folder, log => assert.ok(log.setHeld(id, true)));
		});
		assert.deepEqual([here[0]!.state, here[0]!.isHeld, here[0]!.targets[0]!.state], ['waiting', true, 'waiting']);
		assert.deepEqual(there, []);
	}
});

test('what is taken back while it is fetched is not handed over, by whichever process', async context => {
	for (const isHere of [true, false]) {
		const {here, there} = await carried(context, (id, {operations, folder}) => {
			if (isHere) operations.discard(id);
			else elsewhere(folder, log => assert.ok(log.strike(id)));
		});
		assert.deepEqual([here, there], [[], []]);
	}
});

test('a window that did not come is not made up: the message stays where it is', async context => {
	const {here, there} = await carried(context, () => 'no row');
	assert.match(here[0]!.refusal, /the message stays here/);
	assert.deepEqual(there, []);
});

test('a message that is longer than the server announces is not cut off: it stays where it is', async context => {
	for (const sizeBytes of [octets.length - 1, 3 * 4096, octets.length + 1]) {
		const {here, there} = await carried(context, () => {}, {...announced, sizeBytes});
		assert.match(here[0]!.refusal, /the message stays here/);
		assert.deepEqual(there, []);
	}
});

test('of which the server says that it has no octets is said to be odd, and not asked for its size again and again', async context => {
	const {here} = await carried(context, () => {}, {...announced, sizeBytes: 0});
	assert.equal(here[0]!.state, 'refused');
});
