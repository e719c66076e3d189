import assert from 'node:assert/strict';
import {test} from 'node:test';
import {Meter} from '../../source/remote/meter.ts';

/** A meter on a line that takes time as told. */
function metered() {
	let now = 1000;
	const meter = new Meter(
		() => {},
		() => now,
	);
	const answer = (waitMs: number, ...packets: readonly (readonly [afterMs: number, bytes: number])[]): void => {
		meter.rest();
		meter.up(50);
		now += waitMs;
		for (const [afterMs, bytes] of packets) {
			now += afterMs;
			meter.down(bytes);
		}
	};
	const pass = (ms: number): void => {
		now += ms;
	};
	return {meter, answer, pass};
}

test('bytes are counted both ways, by purpose, and a turn each time we speak after the server', () => {
	const {meter} = metered();
	meter.down(100);
	meter.up(10);
	meter.up(5);
	meter.purpose = 'rows';
	meter.down(300);
	meter.up(7);
	const {upBytes, downBytes, turns, byPurpose} = meter.usage;
	assert.deepEqual([upBytes, downBytes, turns], [22, 400, 2]);
	assert.equal(byPurpose.connect, 115);
	assert.equal(byPurpose.rows, 307);
});

test('the round trip is the shortest wait for an answer', () => {
	const {meter, answer} = metered();
	assert.equal(meter.roundTripMs, undefined);
	answer(400, [0, 60]);
	answer(300, [0, 60]);
	answer(900, [0, 60]);
	assert.equal(meter.roundTripMs, 300);
});

test('a question asked while answers are on their way starts no round trip and ends no flow', () => {
	const {meter, answer, pass} = metered();
	answer(300, [0, 1000], [125, 500]);
	meter.up(50);
	pass(125);
	meter.down(500);
	assert.equal(meter.roundTripMs, 300);
	assert.equal(meter.bytesPerSecond, 4000);
});

test('the rate is measured from what comes behind the first packet of an answer, and kept while little is said', () => {
	const {meter, answer} = metered();
	answer(300, [0, 60]);
	assert.equal(meter.bytesPerSecond, undefined);
	assert.equal(meter.atLeastBytesPerSecond, 0);
	answer(300, [0, 576], [144, 576], [144, 576]);
	assert.equal(meter.bytesPerSecond, 4000);
	for (let index = 0; index < 10; index++) answer(300, [0, 60]);
	assert.equal(meter.bytesPerSecond, 4000);
	// A server that thinks for a while is not a slow line, nor one that answers in small pieces.
	answer(300, [0, 576], [5000, 576]);
	answer(300, [0, 576], [100, 40], [100, 600]);
	assert.equal(meter.bytesPerSecond, 4000);
});

test('a line too fast to measure has no rate to show, but is known to do at least what it did', () => {
	const {meter, answer} = metered();
	answer(1, [0, 60]);
	answer(2, [0, 1600]);
	assert.equal(meter.bytesPerSecond, undefined);
	assert.equal(meter.atLeastBytesPerSecond, 800_000);
});
