import assert from 'node:assert/strict';
import {test} from 'node:test';
import {messageId} from '../../source/model/ids.ts';
import {Positions, sequenceSet} from '../../source/session/positions.ts';

/** Small and seeded, so that a failure can be repeated. */
function random(seed: number): (below: number) => number {
	let state = seed;
	return below => {
		state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
		return state % below;
	};
}

test('positions stay true under any order of new messages and expunges', context => {
	const seed = Number(process.env.SEED ?? 1);
	context.diagnostic(`seed ${seed}`);
	const pick = random(seed);
	const truth: number[] = [];
	const positions = new Positions();
	let next = 1;
	for (let step = 0; step < 3000; step++) {
		if (truth.length === 0 || pick(3) > 0) {
			truth.push(next++);
			// Not every row is looked at.
			if (pick(2) === 0) positions.learn(truth.length, messageId(truth[truth.length - 1]!));
		} else {
			const at = pick(truth.length);
			truth.splice(at, 1);
			positions.expunge(at + 1);
		}
		const at = pick(Math.max(1, truth.length)) + 1;
		const known = positions.at(at);
		if (known !== undefined) {
			assert.equal(known, truth[at - 1]);
			assert.equal(positions.of(known), at);
		}
	}
	assert.ok(positions.size > 100);
});

test('what was known before a lost line is kept, not fresh, and forgotten when told to', () => {
	const positions = new Positions();
	positions.learn(1, messageId(10));
	positions.learn(2, messageId(20));
	positions.age();
	assert.equal(positions.at(2), 20);
	assert.equal(positions.isFresh(2), false);
	positions.learn(1, messageId(20));
	assert.equal(positions.of(messageId(20)), 1);
	positions.forgetAged();
	assert.equal(positions.at(2), undefined);
	assert.equal(positions.of(messageId(10)), undefined);
});

test('numbers become the shortest sequence set', () => {
	assert.equal(sequenceSet([3, 4, 5, 9]), '3:5,9');
	assert.equal(sequenceSet([7]), '7');
	assert.equal(sequenceSet([]), '');
});

test('what was not told again of a mailbox that had changed is not taken for certain when it is opened once more', () => {
	const positions = new Positions();
	for (const at of [1, 2, 3]) positions.learn(at, messageId(at));
	positions.doubt();
	positions.learn(1, messageId(2));
	positions.age();
	positions.refresh();
	assert.deepEqual(
		[1, 2, 3].map(at => positions.isFresh(at)),
		[true, false, false],
	);
});
