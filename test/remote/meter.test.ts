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
		meter.up(50);
		now += waitMs;
		for (const [afterMs, bytes] of packets) {
			now += afterMs;
			meter.down(bytes);
		}
	};
	return {meter, answer};
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

test('the rate is measured from a flow, or from answers less the round trip, and kept while little is said', () => {
	const {meter, answer} = metered();
	answer(300, [0, 60]);
	assert.equal(meter.bytesPerSecond, undefined);
	assert.equal(meter.atLeastBytesPerSecond, 0);
	answer(800, [0, 2000]);
	assert.equal(meter.bytesPerSecond, 4000);
	for (let index = 0; index < 10; index++) answer(300, [0, 60]);
	assert.equal(meter.bytesPerSecond, 4000);
	answer(300, [0, 500], [100, 500], [100, 500], [100, 500], [100, 500]);
	assert.equal(meter.bytesPerSecond, 5000);
});

test('a line too fast to measure has no rate to show, but is known to do at least what it did', () => {
	const {meter, answer} = metered();
	answer(1, [0, 60]);
	answer(2, [0, 1600]);
	assert.equal(meter.bytesPerSecond, undefined);
	assert.equal(meter.atLeastBytesPerSecond, 800_000);
});
