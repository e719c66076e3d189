/** Writing, put together: by which account what is written leaves. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {accountName, demoName} from '../source/model/ids.ts';
import {noSending} from '../source/model/sending.ts';
import {othersThatSend} from '../source/writing-of.ts';
import {plainAccount} from './helpers/plain-account.ts';

test('what is written in the demo leaves by no other account, and no mail of others by the demo', () => {
	const sending = {...noSending, command: 'sendmail'};
	const [work, home, demo, silent] = [
		plainAccount(1, {name: accountName('work'), sending}),
		plainAccount(1, {name: accountName('home'), sending}),
		plainAccount(1, {name: demoName, sending}),
		plainAccount(1, {name: accountName('silent')}),
	];
	const all = [work, home, demo, silent];
	assert.deepEqual(othersThatSend(all, work.name), [home]);
	assert.deepEqual(othersThatSend(all, silent.name), [work, home]);
	assert.deepEqual(othersThatSend(all, demoName), []);
});
