import assert from 'node:assert/strict';
import {test} from 'node:test';
import {inbox} from '../../source/model/ids.ts';
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
	const answered = meter.ask({purpose: 'rows', mailbox: inbox});
	meter.down(300);
	meter.up(7);
	answered();
	const {upBytes, downBytes, turns, byPurpose} = meter.usage;
	assert.deepEqual([upBytes, downBytes, turns], [22, 400, 2]);
	assert.equal(byPurpose.connect, 115);
	assert.equal(byPurpose.rows, 307);
});

test('what comes down is for the oldest question not yet answered, what goes up for the newest', () => {
	const {meter} = metered();
	const part = meter.ask({purpose: 'parts', mailbox: inbox});
	meter.up(50);
	const text = meter.ask({purpose: 'text', mailbox: inbox});
	meter.up(40);
	meter.down(4000);
	part();
	meter.down(600);
	text();
	// The rest of an answer belongs to it, though it is understood already.
	meter.down(1);
	const {byPurpose, byMailbox} = meter.usage;
	assert.deepEqual([byPurpose.parts, byPurpose.text], [4050, 641]);
	assert.equal(byMailbox.get(inbox), 4691);
});

test('waiting for news takes only what no other question claims', () => {
	const {meter} = metered();
	const waiting = meter.ask({purpose: 'waiting', mailbox: inbox});
	meter.up(10);
	meter.down(20);
	const rows = meter.ask({purpose: 'rows', mailbox: inbox});
	meter.up(100);
	waiting();
	const again = meter.ask({purpose: 'waiting', mailbox: inbox});
	meter.down(2000);
	rows();
	meter.down(30);
	again();
	assert.deepEqual([meter.usage.byPurpose.waiting, meter.usage.byPurpose.rows], [60, 2100]);
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
