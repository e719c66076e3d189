import assert from 'node:assert/strict';
import {test} from 'node:test';
import {requestFailure} from '../../source/remote/failures.ts';

test('what a server refuses is said in its words, without how long they took it', () => {
	const said = (responseText: string): string =>
		requestFailure({responseStatus: 'NO', responseText}, 'to open the mailbox').sentence;
	const sentence = 'The server refuses to open the mailbox: Mailbox doesn’t exist: Gone';
	for (const seconds of [' (0.001 + 0.000 secs).', ' (0.001 + 0.000 + 0.014 secs).', ''])
		assert.equal(said(`Mailbox doesn’t exist: Gone${seconds}`), sentence);
	assert.equal(said(''), 'The server refuses to open the mailbox: it gives no reason');
	assert.equal(
		said('Come back (in 5 secs) later'),
		'The server refuses to open the mailbox: Come back (in 5 secs) later',
	);
});
