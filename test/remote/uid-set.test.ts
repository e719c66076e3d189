import assert from 'node:assert/strict';
import {test} from 'node:test';
import {countIn, isIn, readRanges, writeRanges} from '../../source/remote/uid-set.ts';

test('a set is read as ranges, ascending and joined, whatever its order', () => {
	assert.deepEqual(readRanges('9,3:5,7:6,4,4294967290'), [
		[3, 7],
		[9, 9],
		[4294967290, 4294967290],
	]);
	assert.equal(writeRanges(readRanges('9,3:5,7:6,4')), '3:7,9');
	assert.equal(countIn(readRanges('9,3:5,7:6,4')), 6);
});

test('what is no range is left out', () => {
	assert.deepEqual(readRanges(''), []);
	assert.deepEqual(readRanges('0,0:3,-1,a:b,1:2:3,99999999999,8'), [[8, 8]]);
});

test('a star is the end of all', () => {
	assert.equal(writeRanges(readRanges('7:*')), '7:*');
	assert.ok(isIn('7:*')(4294967290));
	assert.ok(!isIn('7:*')(6));
});

test('membership is that of the numbers', () => {
	const has = isIn('3:5,9,20:30');
	assert.deepEqual(
		Array.from({length: 32}, (_, number) => number).filter(has),
		[3, 4, 5, 9, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30],
	);
	assert.ok(!isIn('')(1));
});
