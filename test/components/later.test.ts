import assert from 'node:assert/strict';
import {test} from 'node:test';
import {momentOf} from '../../components/later.ts';

const now = new Date(2024, 10, 20, 14, 30).getTime();
const at = (...parts: [number, number, number, number, number]): number => new Date(...parts).getTime();

test('a time is the next time it is that, a date begins at eight, and a while is from now', () => {
	assert.equal(momentOf('18:05', now), at(2024, 10, 20, 18, 5));
	assert.equal(momentOf('8:00', now), at(2024, 10, 21, 8, 0));
	assert.equal(momentOf('2024-12-24', now), at(2024, 11, 24, 8, 0));
	assert.equal(momentOf('2024-12-24 18:30', now), at(2024, 11, 24, 18, 30));
	assert.equal(momentOf('+2h', now), now + 7_200_000);
	assert.equal(momentOf(' +30m ', now), now + 1_800_000);
});
test('what is no moment, or is over, is none', () => {
	for (const text of ['', 'soon', '25:00', '12:61', '2024-11-19', '2024-13-40 8:00', '2024-11-20 14:30', '18', '+h'])
		assert.equal(momentOf(text, now), undefined, text);
});
