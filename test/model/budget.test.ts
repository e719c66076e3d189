import assert from 'node:assert/strict';
import {test} from 'node:test';
import {budgets, chunkBytesAt, isOver, type LineFacts, priceOf, steadyChunkBytesAt} from '../../source/model/budget.ts';

const modem: LineFacts = {
	bytesPerSecond: 4000,
	roundTripMs: 300,
	isEncrypted: false,
	isCompressed: false,
	chunkBytes: 4096,
};

/** The same numbers at each run. */
function* numbers(seed: number): Generator<number> {
	for (let state = seed; ; ) {
		state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
		yield state / 2 ** 32;
	}
}

test('a price is never under its octets, and above 20 kB within what framing can be', () => {
	const random = numbers(1733);
	const next = (): number => random.next().value as number;
	for (let round = 0; round < 5000; round++) {
		const octets = Math.round(10 ** (next() * 8));
		const bytesPerSecond = 10 ** (2 + next() * 6);
		const line: LineFacts = {
			bytesPerSecond,
			roundTripMs: next() * 2000,
			isEncrypted: next() < 0.5,
			isCompressed: next() < 0.5,
			chunkBytes: steadyChunkBytesAt(bytesPerSecond),
		};
		const {bytes, seconds = 0, isAtMost} = priceOf([{octets, isDecoded: false, mayShrink: false}], line);
		assert.ok(bytes > octets, `seed 1733, round ${round}: ${octets} for ${bytes}`);
		if (octets > 20_000) assert.ok(bytes < octets * 1.07, `seed 1733, round ${round}: ${octets} for ${bytes}`);
		assert.ok(seconds >= octets / bytesPerSecond);
		assert.equal(isAtMost, false);
	}
});

test('more never costs less, and two parts cost no more than one after the other', () => {
	let before = 0;
	for (let octets = 1; octets < 100_000; octets += 997) {
		const {bytes} = priceOf([{octets, isDecoded: false, mayShrink: true}], modem);
		assert.ok(bytes > before);
		before = bytes;
	}
	const load = {octets: 30_000, isDecoded: false, mayShrink: true};
	assert.ok(priceOf([load, load], modem).bytes <= 2 * priceOf([load], modem).bytes);
});

test('what is here already costs nothing', () => {
	assert.deepEqual(priceOf([{octets: 0, isDecoded: false, mayShrink: true}], modem), {
		bytes: 0,
		seconds: 0,
		isAtMost: false,
	});
	assert.deepEqual(priceOf([], modem), {bytes: 0, seconds: 0, isAtMost: false});
});

test('only what may shrink, on a line that compresses, costs at most', () => {
	const compressed = {...modem, isCompressed: true};
	assert.equal(priceOf([{octets: 100, isDecoded: false, mayShrink: true}], modem).isAtMost, false);
	assert.equal(priceOf([{octets: 100, isDecoded: false, mayShrink: true}], compressed).isAtMost, true);
	assert.equal(priceOf([{octets: 100, isDecoded: false, mayShrink: false}], compressed).isAtMost, false);
});

test('a line that was not measured has no seconds', () => {
	assert.equal(
		priceOf([{octets: 100, isDecoded: false, mayShrink: false}], {...modem, bytesPerSecond: undefined}).seconds,
		undefined,
	);
});

test('a price supposes chunks no larger than those that will be asked for, and not much smaller', () => {
	for (let rate = 0; rate < 200_000; rate += 377) {
		const [supposed, asked] = [steadyChunkBytesAt(rate), chunkBytesAt(rate)];
		assert.ok(supposed <= asked && supposed * 1.11 > asked, `${supposed} of ${asked} at ${rate} bytes/s`);
	}
});

test('over budget is what costs more than the text that may come unasked', () => {
	const price = priceOf([{octets: 5000, isDecoded: false, mayShrink: true}], modem);
	assert.ok(isOver(budgets.metered, price));
	assert.ok(!isOver(budgets.free, price));
});
