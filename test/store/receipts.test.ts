/** Receipts of draining: on disk when it returns, one per mailbox, UIDVALIDITY and UID, never forgotten. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {type TestContext, test} from 'node:test';
import {inbox, mailboxPath} from '../../source/model/ids.ts';
import {Receipts} from '../../source/store/receipts.ts';

const arrival = (uid: number, sizeBytes = 100) => ({uid, sizeBytes, date: uid * 1000});

function open(context: TestContext, folder?: string): Receipts {
	const receipts = new Receipts(folder);
	context.after(() => receipts.close());
	return receipts;
}

test('what was listed is wanted, and is listed once', context => {
	const receipts = open(context);
	receipts.learn(inbox, 7, [arrival(1), arrival(2)]);
	receipts.change(inbox, 7, [{uid: 1, state: 'here', name: 'one', cameAt: 5}]);
	receipts.learn(inbox, 7, [arrival(1, 999), arrival(3)]);
	assert.equal(receipts.lastListed(inbox, 7), 3);
	assert.deepEqual(
		receipts.open(inbox, 7).map(({uid, state, sizeBytes, cameAt}) => [uid, state, sizeBytes, cameAt]),
		[
			[1, 'here', 100, 5],
			[2, 'wanted', 100, 0],
			[3, 'wanted', 100, 0],
		],
	);
});

test('what is no more on the server is not open, and is known all the same when it is numbered anew', context => {
	const receipts = open(context);
	receipts.learn(inbox, 7, [arrival(1), arrival(2), arrival(3)]);
	receipts.change(inbox, 7, [
		{uid: 1, state: 'removed', name: 'one', messageId: '<1@x>'},
		{uid: 2, state: 'gone'},
		{uid: 3, state: 'here', name: 'three', messageId: '<3@x>'},
	]);
	assert.deepEqual(
		receipts.open(inbox, 7).map(({uid}) => uid),
		[3],
	);
	assert.deepEqual(receipts.open(inbox, 8), []);
	assert.equal(receipts.lastListed(inbox, 8), 0);
	assert.deepEqual(
		receipts.before(inbox, 8).map(({messageId, name}) => [messageId, name]),
		[
			['<1@x>', 'one'],
			['<3@x>', 'three'],
		],
	);
	assert.deepEqual(receipts.before(mailboxPath('Lists'), 8), []);
});

test('a state keeps what was known before it', context => {
	const receipts = open(context);
	receipts.learn(inbox, 7, [arrival(1)]);
	receipts.change(inbox, 7, [{uid: 1, state: 'writing', name: 'one'}]);
	receipts.change(inbox, 7, [{uid: 1, state: 'here', messageId: '<1@x>', cameAt: 9}]);
	receipts.change(inbox, 7, [{uid: 1, state: 'marked'}]);
	const [receipt] = receipts.open(inbox, 7);
	assert.deepEqual(receipt, {...arrival(1), state: 'marked', name: 'one', messageId: '<1@x>', cameAt: 9});
});

test('another process reads what was written, and knows that something came', context => {
	const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'bonsai-receipts-'));
	context.after(() => fs.rmSync(folder, {recursive: true, force: true}));
	const [one, other] = [open(context, folder), open(context, folder)];
	one.learn(inbox, 7, [arrival(1)]);
	assert.equal(other.hasCome, false);
	one.change(inbox, 7, [{uid: 1, state: 'here'}]);
	assert.equal(other.hasCome, true);
	assert.equal(other.open(inbox, 7)[0]?.state, 'here');
});
