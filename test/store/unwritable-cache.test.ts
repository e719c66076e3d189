/**
 * A cache that cannot be written any more: on small and on read-only disks of our own, which takes root.
 */
import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import {describe, type TestContext, test} from 'node:test';
import {type MessageId, mailboxPath} from '../../source/model/ids.ts';
import {ours} from '../../source/model/safe-text.ts';
import {Facts, factsFile} from '../../source/store/facts.ts';
import {smallDisk, withoutSmallDisks} from '../helpers/small-disk.ts';

const inbox = mailboxPath('INBOX');
const held = {
	uidValidity: 7,
	uidNext: 10,
	count: 9,
	wholeFrom: 1,
	highestModseq: '9',
	syncedAt: 5,
	isReadOnly: false,
	permanentFlags: undefined,
	wishDone: undefined,
};

function openIn(context: TestContext, folder: string) {
	const problems: string[] = [];
	const facts = new Facts(
		path.join(folder, 'account', factsFile),
		() => true,
		({sentence}) => problems.push(sentence),
	);
	let isOpen = true;
	const close = (): void => {
		if (isOpen) facts.close();
		isOpen = false;
	};
	context.after(close);
	return {facts, problems, close};
}

const learn = (facts: Facts, uid: number): MessageId =>
	facts.learnSummary({
		mailbox: inbox,
		uid,
		sender: ours('Ada'),
		fromField: ours('Ada'),
		subject: ours(`m${uid}`),
		date: undefined,
		sizeBytes: 1,
		flags: new Set(['\\Seen']),
		kept: {to: ours(''), cc: ours(''), messageId: `<${uid}@x>`, inReplyTo: '', references: ''},
	});

/** Leaves no room for another page. */
function fill(folder: string): void {
	const file = fs.openSync(path.join(folder, 'filler'), 'w');
	try {
		for (;;) fs.writeSync(file, Buffer.alloc(1024));
	} catch {
		fs.closeSync(file);
	}
}

const readOnly = (folder: string): unknown => execFileSync('mount', ['-o', 'remount,ro', folder]);

describe('a cache that cannot be written', {skip: withoutSmallDisks}, () => {
	test('a disk that is full in the middle: nothing that was learned is lost, and it is said once', context => {
		const folder = smallDisk(context, 600);
		const {facts, problems} = openIn(context, folder);
		facts.learnMailbox(inbox, 7);
		const ids = [1, 2, 3].map(uid => learn(facts, uid));
		facts.transaction(inbox, () => {
			for (let index = 0; index < 40; index++)
				facts.learnChunk(ids[0]!, '1', index * 20_000, Buffer.alloc(20_000, index));
			facts.learnHeld(inbox, held);
			ids.push(learn(facts, 4));
		});
		assert.equal(problems.length, 1);
		assert.match(
			problems[0]!,
			/the disk is full\), so what comes is in memory until you quit\. Make room \(.*account\), and start again$/,
		);
		assert.equal(facts.isLost, true);
		assert.deepEqual(
			ids.map(id => facts.uidOf(id)),
			[1, 2, 3, 4],
		);
		assert.deepEqual(facts.held(inbox), held);
		assert.equal(facts.heldBytes(ids[0]!, '1'), 800_000);
		assert.equal(facts.octets(ids[0]!, '1')[799_999], 39);
		assert.equal(facts.diskBodies.bytes, 800_000);
		learn(facts, 5);
		facts.learnFlags(ids[1]!, []);
		assert.equal(facts.summary(ids[1]!)?.flags.size, 0);
		assert.equal(problems.length, 1);
	});

	test('what was learned outside a transaction, too; and the next start finds what was there before', context => {
		const folder = smallDisk(context, 600);
		const first = openIn(context, folder);
		first.facts.learnMailbox(inbox, 7);
		const id = learn(first.facts, 1);
		fill(folder);
		for (let index = 0; index < 10; index++) first.facts.learnChunk(id, '1', index * 20_000, Buffer.alloc(20_000));
		assert.equal(first.facts.heldBytes(id, '1'), 200_000);
		assert.equal(first.problems.length, 1);
		first.close();
		fs.rmSync(path.join(folder, 'filler'));
		const second = openIn(context, folder);
		assert.equal(second.facts.idOf(inbox, 1), id);
		assert.deepEqual(second.problems, []);
		assert.ok(second.facts.heldBytes(id, '1') < 200_000);
	});

	test('work that fails by itself is undone in memory as it would have been on the disk', context => {
		const folder = smallDisk(context, 600);
		const {facts, problems} = openIn(context, folder);
		facts.learnMailbox(inbox, 7);
		const id = learn(facts, 1);
		assert.throws(() =>
			facts.transaction(inbox, () => {
				learn(facts, 2);
				// More than SQLite keeps back until the end.
				for (let index = 0; index < 200; index++) facts.learnChunk(id, '1', index * 20_000, Buffer.alloc(20_000));
				assert.equal(facts.isLost, true);
				throw new Error('a mistake');
			}),
		);
		assert.equal(problems.length, 1);
		assert.equal(facts.idOf(inbox, 2), undefined);
		assert.equal(facts.idOf(inbox, 1), id);
		assert.equal(facts.heldBytes(id, '1'), 0);
	});

	for (const [name, spoil] of [
		['read-only', readOnly],
		['full', fill],
	] as const) {
		test(`a disk that is ${name} at the start: what is on it is read, and what comes is in memory`, context => {
			const folder = smallDisk(context, 600);
			const first = openIn(context, folder);
			first.facts.learnMailbox(inbox, 7);
			const id = learn(first.facts, 1);
			first.facts.learnChunk(id, '1', 0, Buffer.from('text'));
			first.facts.learnHeld(inbox, held);
			first.close();
			spoil(folder);
			const {facts, problems, close} = openIn(context, folder);
			assert.equal(facts.idOf(inbox, 1), id);
			assert.deepEqual(facts.held(inbox), held);
			assert.equal(String(facts.octets(id, '1')), 'text');
			for (let uid = 2; uid < 500; uid++) learn(facts, uid);
			assert.equal(facts.uidsWithin(inbox, 1, 1000).length, 499);
			assert.equal(problems.length, 1);
			close();
			assert.ok(fs.existsSync(path.join(folder, 'account', factsFile)), 'it is left as it is');
		});
	}
});
