import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {
	bytesOf,
	dateOf,
	durationOf,
	momentOf,
	priceWords,
	progressOf,
	rateOf,
	sizeOf,
	waitOf,
} from '../../components/format.ts';

const at = (year: number, month: number, day: number, hour = 14, minute = 5): number =>
	new Date(year, month - 1, day, hour, minute).getTime();

describe('sizes', () => {
	const sizes: Readonly<Record<number, string>> = {
		0: '0',
		999: '999',
		1000: '1.0k',
		2100: '2.1k',
		9949: '9.9k',
		9960: '10k',
		54321: '54k',
		999499: '999k',
		999600: '1.0M',
		54000000: '54M',
		2100000000: '2.1G',
	};
	for (const [octets, words] of Object.entries(sizes)) {
		test(`${octets} octets are ${words}`, () => assert.equal(sizeOf(Number(octets)), words));
	}
	test('a size never takes more than four columns', () => {
		for (let octets = 1; octets < 1e13; octets = Math.ceil(octets * 1.37)) {
			assert.ok(sizeOf(octets).length <= 4, `${octets}: ${sizeOf(octets)}`);
		}
	});
	test('a sentence spells the unit out', () => {
		assert.deepEqual([bytesOf(1), bytesOf(512), bytesOf(41_000)], ['1 byte', '512 bytes', '41 kB']);
		assert.deepEqual([rateOf(950), rateOf(3100)], ['950 B/s', '3.1 kB/s']);
	});
});

describe('durations and prices', () => {
	test('seconds are about', () => {
		assert.deepEqual([0.3, 12, 99, 180, 7200].map(durationOf), ['<1 s', '~12 s', '~99 s', '~3 min', '~2 h']);
	});
	test('a price names bytes and seconds, and only bytes while the line is not measured', () => {
		assert.equal(priceWords({isAtMost: false, bytes: 41_000, seconds: 12}), '41 kB, ~12 s');
		assert.equal(priceWords({isAtMost: false, bytes: 41_000, seconds: undefined}), '41 kB');
	});
	test('nothing is 100% before it is whole', () => {
		assert.deepEqual([progressOf(0, 0), progressOf(999, 1000), progressOf(1000, 1000)], ['0%', '99%', '100%']);
	});
	test('a long wait is counted in tens, the last ten seconds one by one', () => {
		assert.deepEqual([37_000, 10_000, 7300, -5].map(waitOf), [40, 10, 8, 0]);
	});
});

describe('dates', () => {
	const now = at(2024, 11, 20, 14, 30);
	test('today is a time, this year a day, else a date', () => {
		assert.equal(dateOf(at(2024, 11, 20, 9, 5), now), '09:05');
		assert.equal(dateOf(at(2024, 11, 2), now), 'Nov  2');
		assert.equal(dateOf(at(2023, 3, 1), now), '2023-03-01');
	});
	test('a message without a date claims none', () => assert.equal(dateOf(undefined, now), ''));
	test('a moment is written out', () => assert.equal(momentOf(at(2024, 11, 20)), 'Wed 20 Nov 2024 14:05'));
});
