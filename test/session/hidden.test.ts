import assert from 'node:assert/strict';
import {test} from 'node:test';
import {Hidden, hiddenAmong} from '../../source/session/hidden.ts';

test('positions leave out what is hidden, and lead back to the same sequence numbers', () => {
	const hidden = new Hidden([1, 4, 5, 9]);
	const shown = [2, 3, 6, 7, 8, 10, 11];
	shown.forEach((sequence, index) => {
		assert.equal(hidden.sequenceAt(index + 1), sequence);
		assert.equal(hidden.positionOf(sequence), index + 1);
	});
	assert.equal(hidden.positionOf(4), undefined);
});

test('nothing hidden changes nothing', () => {
	const hidden = new Hidden();
	assert.equal(hidden.sequenceAt(7), 7);
	assert.equal(hidden.positionOf(7), 7);
});

test('rows nobody has seen that are going are left out too, somewhere between those that are known', () => {
	// Ten messages, UIDs 10 to 100; the rows 9 and 10 are known, and row 4.
	const known = [
		{sequence: 4, uid: 40},
		{sequence: 9, uid: 90},
		{sequence: 10, uid: 100},
	];
	const going = (...uids: readonly number[]) => hiddenAmong(known, uid => uids.includes(uid), uids, 10);
	assert.deepEqual(going(), []);
	assert.deepEqual(going(90), [9]);
	assert.deepEqual(going(20, 30), [1, 2]);
	assert.deepEqual(going(40, 60, 100), [4, 5, 10]);
	assert.deepEqual(going(10, 20, 30, 40, 50, 60, 70, 80, 90, 100), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
	// More than there is room for: some of them have gone on the server already.
	assert.deepEqual(
		hiddenAmong([{sequence: 2, uid: 90}], () => false, [10, 20, 30], 2),
		[1],
	);
});
