import assert from 'node:assert/strict';
import {test} from 'node:test';
import {mailboxPath} from '../../source/model/ids.ts';
import {ours} from '../../source/model/safe-text.ts';
import {HeldBlock} from '../../source/session/held-block.ts';
import {Facts} from '../../source/store/facts.ts';

const inbox = mailboxPath('INBOX');

/** A mailbox of 100 messages with even UIDs, of which the newest are held. */
function blockOf(uids: readonly number[]): {facts: Facts; block: HeldBlock} {
	const facts = new Facts(undefined, () => true);
	facts.learnMailbox(inbox, 7);
	const block = new HeldBlock(inbox, facts, () => 1000);
	block.begin({uidValidity: 7, uidNext: 201, count: 100, highestModseq: '5', isReadOnly: false});
	learn(facts, uids);
	block.grow({below: uids});
	return {facts, block};
}

function learn(facts: Facts, uids: readonly number[]): void {
	for (const uid of uids)
		facts.learnSummary({
			mailbox: inbox,
			uid,
			sender: ours('Ada'),
			fromField: ours('Ada'),
			subject: ours(`${uid}`),
			date: undefined,
			sizeBytes: 1,
			flags: new Set(),
		});
}

const uidsAt = ({facts, block}: ReturnType<typeof blockOf>, first: number, last: number): string => {
	const found = block.at(first, last);
	return `${found.first}: ${found.ids.map(id => facts.uidOf(id)).join(' ')}`;
};

test('sequence numbers of held messages follow from the count alone', () => {
	const held = blockOf([192, 194, 196, 198, 200]);
	assert.equal(uidsAt(held, 90, 97), '96: 192 194');
	assert.equal(uidsAt(held, 99, 110), '99: 198 200');
	assert.deepEqual(held.block.at(1, 50).ids, []);
	assert.equal(held.block.first, 96);
	assert.equal(held.block.sequenceOf(196), 98);
	assert.equal(held.block.sequenceOf(100), undefined);
	assert.deepEqual(held.block.known, {uidValidity: 7, highestModseq: '5', uids: {first: 192, last: 200}});
});

test('the block grows at both ends, and its numbers with it', () => {
	const held = blockOf([198, 200]);
	learn(held.facts, [194, 196, 203, 207]);
	held.block.grow({below: [194, 196], above: [203, 207]});
	assert.equal(held.block.held?.count, 102);
	assert.equal(held.block.held?.uidNext, 208);
	assert.equal(uidsAt(held, 97, 102), '97: 194 196 198 200 203 207');
});

test('what goes below it moves all of it, what goes in it moves what was above, what is new does not count', () => {
	const held = blockOf([196, 198, 200]);
	held.block.expunged(3, undefined);
	assert.equal(uidsAt(held, 1, 200), '97: 196 198 200');
	const id = held.facts.idOf(inbox, 198);
	assert.ok(id);
	held.block.expunged(98, 198);
	held.facts.forgetMessage(id);
	assert.equal(uidsAt(held, 1, 200), '97: 196 200');
	held.block.expunged(150, undefined);
	assert.equal(uidsAt(held, 1, 200), '97: 196 200');
});

test('it is the same when it is read anew from the disk', () => {
	const held = blockOf([196, 198, 200]);
	const again = new HeldBlock(inbox, held.facts, () => 2000);
	assert.deepEqual(again.held, held.block.held);
	assert.equal(again.size, 3);
	const uncounted = new HeldBlock(inbox, held.facts, () => 3000);
	assert.equal(uidsAt({facts: held.facts, block: uncounted}, 99, 200), '99: 198 200');
	uncounted.expunged(99, 198);
	assert.equal(uncounted.size, 2);
});

test('what was looked at outside the block, and is not there when it reaches so far, is not counted in it', () => {
	const held = blockOf([196, 198, 200]);
	learn(held.facts, [190, 192, 194, 203, 205, 207]);
	held.block.grow({below: [192], above: [203]});
	assert.equal(uidsAt(held, 1, 200), '97: 192 196 198 200 203');
	held.block.grow({above: [207]});
	assert.equal(uidsAt(held, 1, 200), '97: 192 196 198 200 203 207');
	learn(held.facts, [209]);
	held.block.learn({uidNext: 212});
	assert.equal(uidsAt(held, 1, 200), '97: 192 196 198 200 203 207');
	assert.equal(held.block.sequenceOf(209), undefined);
});
