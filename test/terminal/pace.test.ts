/** How much may be on its way to a terminal: by its own answers, on a clock of the test's own. */
import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {Pace} from '../../source/terminal/pace.ts';

function paceOf({answers = true, isSlow = false} = {}) {
	let now = 1000;
	const pace = new Pace({answers, isSlow, now: () => now});
	return {
		pace,
		passes: (ms: number) => {
			now += ms;
		},
		/** Sends, asks behind it when the pace wants it, and gets the answer after so many ms. */
		exchange(octets: number, ms: number) {
			if (pace.sends(octets)) pace.asks('status');
			now += ms;
			if (pace.isAwaiting) pace.answered('status');
		},
		/** Asked at the start, answered after so many ms. */
		start(ms: number) {
			pace.asks('status');
			now += ms;
			pace.answered('status');
		},
	};
}

describe('the pace of a terminal', () => {
	test('a quick one is never waited for', () => {
		const {pace, start, exchange} = paceOf();
		start(2);
		for (let frame = 0; frame < 10; frame++) exchange(2000, 3);
		assert.equal(pace.room(), Number.POSITIVE_INFINITY);
		assert.equal(pace.isSlow, false);
	});

	test('a quick one far away is not taken for a slow one', () => {
		const {pace, start, exchange} = paceOf();
		start(600);
		for (let frame = 0; frame < 10; frame++) exchange(2000, 640);
		assert.equal(pace.isSlow, false);
		assert.ok(pace.room() > 10_000, `${pace.room()}`);
	});

	test('one that takes 250 octets a second is slow, and has at most a second of them on its way', () => {
		const {pace, start, exchange} = paceOf();
		start(20);
		exchange(1500, 6020);
		assert.equal(pace.isSlow, true);
		assert.ok(pace.room() <= 256, `${pace.room()}`);
		pace.sends(256);
		assert.equal(pace.room(), 0);
	});

	test('small frames are not asked for one by one', () => {
		const {pace, start} = paceOf();
		start(2);
		for (let key = 0; key < 30; key++) assert.equal(pace.sends(30), false);
	});

	test('one that never answers is waited for once, and then left to the kernel', () => {
		const {pace, passes} = paceOf();
		pace.asks('status');
		pace.sends(4096);
		assert.equal(pace.room(), 0);
		assert.ok(pace.patienceMs() > 0);
		passes(pace.patienceMs());
		assert.equal(pace.room(), Number.POSITIVE_INFINITY);
		assert.equal(pace.sends(5000), false);
	});

	test('one so slow that its first answer was given up is measured by it when it comes', () => {
		const {pace, passes} = paceOf();
		pace.asks('attributes');
		passes(20);
		pace.answered('attributes');
		assert.equal(pace.sends(1700), true);
		pace.asks('status');
		passes(3100);
		assert.equal(pace.room(), Number.POSITIVE_INFINITY);
		passes(3700);
		pace.answered('status');
		assert.equal(pace.isSlow, true);
		assert.ok(pace.rate !== undefined && pace.rate > 200 && pace.rate < 300, `${pace.rate}`);
	});

	test('an answer that is lost delays what comes once', () => {
		const {pace, start, exchange, passes} = paceOf();
		start(20);
		exchange(1500, 6020);
		if (pace.sends(300)) pace.asks('status');
		assert.equal(pace.room(), 0);
		passes(pace.patienceMs());
		assert.ok(pace.room() > 0);
	});

	test('what the kernel takes slowly counts where nothing is answered', () => {
		const {pace} = paceOf({answers: false});
		pace.sends(1000);
		pace.drained(1000, 4000);
		assert.equal(pace.isSlow, true);
		assert.ok(pace.room() <= 256);
	});

	test('what the user calls slow stays slow, however fast it is', () => {
		const {pace, start, exchange} = paceOf({isSlow: true});
		start(1);
		for (let frame = 0; frame < 5; frame++) exchange(4000, 2);
		assert.equal(pace.isSlow, true);
	});
});
