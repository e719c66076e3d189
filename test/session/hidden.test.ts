import assert from 'node:assert/strict';
import {test} from 'node:test';
import {Hidden} from '../../source/session/hidden.ts';

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
