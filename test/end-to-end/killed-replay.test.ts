/** `kill -9` in the middle of sending what was decided. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {withoutDovecot} from '../helpers/dovecot.ts';
import {killInReplay} from '../helpers/kill-in-replay.ts';

test('killed at any instant of a replay, nothing is lost and nothing doubled', {
	skip: withoutDovecot,
}, async context => {
	const {atWork, inTheMiddle} = await killInReplay(10);
	context.diagnostic(`${atWork} of 10 were killed at work, ${inTheMiddle} with something sent and something not`);
	assert.ok(atWork > 0);
});
