import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {type KnownRows, moveBy, moveTo, newestPlace, type RowsPlace, settle} from '../../components/rows-place.ts';
import {type MessageId, messageId} from '../../source/model/ids.ts';

const height = 5;

/** Rows by their ids; 0 is a row that is not known. */
function rows(ids: readonly number[] | undefined): KnownRows {
	const known = (ids ?? []).map(id => (id === 0 ? undefined : messageId(id)));
	return {
		count: ids?.length,
		height,
		idAt: position => known[position - 1],
		positionOf(id: MessageId) {
			const index = known.indexOf(id);
			return index < 0 ? undefined : index + 1;
		},
	};
}

const upTo = (count: number): number[] => Array.from({length: count}, (_, index) => index + 1);
const shape = ({position, id, top}: RowsPlace) => ({position, id, top});
const opened = (ids: readonly number[]): RowsPlace => settle(newestPlace, rows(ids));

describe('where the cursor is', () => {
	test('before the number of messages is known it is nowhere', () => {
		assert.equal(settle(newestPlace, rows(undefined)), newestPlace);
	});
	test('a mailbox opens with the cursor on its newest message, in the last row', () => {
		assert.deepEqual(shape(opened(upTo(20))), {position: 20, id: 20, top: 16});
	});
	test('a mailbox shorter than the screen begins in the first row', () => {
		assert.deepEqual(shape(opened(upTo(3))), {position: 3, id: 3, top: 1});
	});
	test('an empty mailbox has no message under the cursor', () => {
		assert.deepEqual(shape(opened([])), {position: 0, id: undefined, top: 1});
	});
	test('the first message of an empty mailbox gets the cursor', () => {
		assert.equal(settle(opened([]), rows([7])).id, 7);
	});
});

describe('when rows come and go', () => {
	test('new mail leaves the cursor on its message, and is seen by who saw the end of the list', () => {
		assert.deepEqual(shape(settle(opened(upTo(20)), rows(upTo(22)))), {position: 20, id: 20, top: 18});
		const above = moveTo(opened(upTo(20)), 3, rows(upTo(20)));
		assert.deepEqual(shape(settle(above, rows(upTo(22)))), {position: 3, id: 3, top: 3});
	});
	test('before the newest row is known and before any move, the cursor stays with the newest', () => {
		const waiting = settle(newestPlace, rows([1, 2, 0]));
		assert.equal(settle(waiting, rows([1, 2, 3, 4])).id, 4);
	});
	test('rows that vanish above move the cursor with its message, and the screen with the cursor', () => {
		const place = moveTo(opened(upTo(20)), 12, rows(upTo(20)));
		assert.deepEqual(shape(place), {position: 12, id: 12, top: 12});
		const after = settle(place, rows(upTo(20).slice(3)));
		assert.deepEqual(shape(after), {position: 9, id: 12, top: 9});
	});
	test('a message that vanishes leaves the cursor on the one that took its place', () => {
		const place = moveTo(opened(upTo(20)), 12, rows(upTo(20)));
		const without = upTo(20).filter(id => id !== 12);
		assert.deepEqual(shape(settle(place, rows(without))), {position: 12, id: 13, top: 12});
	});
	test('the last message vanishing leaves the cursor on the one before', () => {
		assert.deepEqual(shape(settle(opened(upTo(20)), rows(upTo(19)))), {position: 19, id: 19, top: 15});
	});
	test('a row that is unknown for a moment does not let go of its message', () => {
		const place = moveTo(opened(upTo(20)), 12, rows(upTo(20)));
		const lost = settle(place, rows(upTo(20).map(() => 0)));
		assert.equal(lost.id, 12);
		assert.equal(settle(lost, rows([90, 91, ...upTo(20)])).position, 14);
	});
	test('settling twice changes nothing', () => {
		const place = opened(upTo(20));
		assert.equal(settle(place, rows(upTo(20))), place);
	});
});

describe('moving', () => {
	const all = rows(upTo(20));
	test('down at the end stays at the end', () => assert.equal(moveBy(opened(upTo(20)), 1, all).position, 20));
	test('a line up scrolls only when the cursor leaves the screen', () => {
		let place = opened(upTo(20));
		for (let step = 0; step < 4; step++) place = moveBy(place, -1, all);
		assert.deepEqual(shape(place), {position: 16, id: 16, top: 16});
		assert.deepEqual(shape(moveBy(place, -1, all)), {position: 15, id: 15, top: 15});
	});
	test('a page moves the cursor and the screen together', () => {
		assert.deepEqual(shape(moveBy(opened(upTo(20)), -height, all)), {position: 15, id: 15, top: 11});
	});
	test('a number beyond the end is the last', () => assert.equal(moveTo(opened(upTo(20)), 99, all).position, 20));
	test('where the user is heading is remembered', () => {
		const up = moveBy(opened(upTo(20)), -1, all);
		assert.deepEqual([up.direction, up.hasMoved, moveBy(up, 1, all).direction], [-1, true, 1]);
	});
});
