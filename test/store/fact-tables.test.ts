import assert from 'node:assert/strict';
import {test} from 'node:test';
import {inbox, messageId} from '../../source/model/ids.ts';
import {ours} from '../../source/model/safe-text.ts';
import {FactTables} from '../../source/store/fact-tables.ts';

const summary = (uid: number, change: object = {}) => ({
	mailbox: inbox,
	uid,
	sender: ours('Ada'),
	fromField: ours('Ada <ada@example.org>'),
	subject: ours('Subject'),
	date: 5,
	sizeBytes: 100,
	flags: new Set(['\\Seen', '$Forwarded']),
	...change,
});

test('a message learned again keeps its id and takes the new facts', () => {
	const facts = new FactTables(':memory:');
	const id = facts.learnSummary(summary(7));
	assert.equal(facts.learnSummary(summary(7, {subject: ours('Other'), date: undefined})), id);
	assert.equal(facts.summary(id)?.subject, 'Other');
	assert.equal(facts.summary(id)?.date, undefined);
	assert.deepEqual([...(facts.summary(id)?.flags ?? [])], ['\\Seen', '$Forwarded']);
	assert.equal(facts.idOf(inbox, 7), id);
});

test('another UIDVALIDITY forgets all of a mailbox, and an id is never given twice', () => {
	const facts = new FactTables(':memory:');
	assert.equal(facts.learnMailbox(inbox, 1), true);
	const id = facts.learnSummary(summary(7));
	facts.bodies.learnChunk(id, '1', 0, Buffer.from('text'));
	assert.equal(facts.learnMailbox(inbox, 1), true);
	assert.ok(facts.summary(id));
	assert.equal(facts.learnMailbox(inbox, 2), false);
	assert.equal(facts.summary(id), undefined);
	assert.equal(facts.bodies.bytes, 0);
	assert.notEqual(facts.learnSummary(summary(7)), id);
});

test('octets are held up to the first gap, whatever order they came in', () => {
	const facts = new FactTables(':memory:');
	const id = messageId(1);
	facts.bodies.learnChunk(id, '1', 4, Buffer.from('ef'));
	assert.equal(facts.bodies.heldBytes(id, '1'), 0);
	facts.bodies.learnChunk(id, '1', 0, Buffer.from('abcd'));
	facts.bodies.learnChunk(id, '1', 3, Buffer.from('def'));
	facts.bodies.learnChunk(id, '1', 9, Buffer.from('z'));
	assert.equal(facts.bodies.heldBytes(id, '1'), 6);
	assert.equal(facts.bodies.octets(id, '1').toString(), 'abcdef');
	assert.equal(facts.bodies.heldBytes(id, '1.header'), 0);
	assert.deepEqual(facts.bodies.messages(), [id]);
	facts.bodies.forget(id);
	assert.equal(facts.bodies.octets(id, '1').length, 0);
	assert.equal(facts.bodies.bytes, 0);
});

test('what is held of a part grows with each chunk, in whatever order they come, and goes with the message', () => {
	const facts = new FactTables(':memory:');
	const id = facts.learnSummary(summary(7));
	assert.equal(facts.bodies.heldBytes(id, '1'), 0);
	facts.bodies.learnChunk(id, '1', 4, Buffer.from('efgh'));
	assert.equal(facts.bodies.heldBytes(id, '1'), 0);
	facts.bodies.learnChunk(id, '1', 0, Buffer.from('abcd'));
	assert.equal(facts.bodies.heldBytes(id, '1'), 8);
	facts.bodies.forget(id);
	assert.equal(facts.bodies.heldBytes(id, '1'), 0);
});
