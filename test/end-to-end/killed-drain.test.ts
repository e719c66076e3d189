/** `kill -9` in the middle of draining. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {withoutDovecot} from '../helpers/dovecot.ts';
import {killInDrain} from '../helpers/kill-in-drain.ts';

test('killed at any instant of a drain, each message is on the server or here, and at the end here once', {
	skip: withoutDovecot,
	timeout: 120_000,
}, async context => {
	const {atWork, inTheMiddle} = await killInDrain(5);
	context.diagnostic(`${atWork} of 5 were killed at work, ${inTheMiddle} with something here and something not`);
	assert.ok(atWork > 0);
});
