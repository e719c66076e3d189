/** `bonsai drains`: the numbers that bound a drain, shown and changed in the configuration. */
import assert from 'node:assert/strict';
import {type TestContext, test} from 'node:test';
import {readCommandLine} from '../source/command-line/command-line.ts';
import {UsageProblem} from '../source/command-line/usage-problem.ts';
import {drainsCommand} from '../source/drains-command.ts';
import {accountSettings} from './helpers/account-settings.ts';
import {plainAccount} from './helpers/plain-account.ts';

const setUp = (context: TestContext) => accountSettings(context, 'drains', drainsCommand);

test('the numbers of a drain are shown: of all others, and of who has some of its own', context => {
	const {run} = setUp(context);
	assert.equal(run(), '(all others)\tall, at once\n');
	assert.equal(run('Lists'), 'Lists\tas all others: all, at once\n');
	run('inbox', '--leave', '7');
	assert.equal(run(), '(all others)\tall, at once\nINBOX\tall, after 7 days here\n');
});

test('which number is named is changed and kept to the octet, the others stay', context => {
	const {kept, run} = setUp(context);
	run('INBOX', '--not-above', '5123456');
	assert.match(run('INBOX', '--older-than', '30 days', '--leave', '1'), /older than 30 days, after 1 day here/);
	assert.deepEqual(kept().drainings.mailboxes, {INBOX: {leaveDays: 1, olderThanDays: 30, mostBytes: 5_123_456}});
	assert.equal(run('--leave', '3'), '(all others)\tall, after 3 days here\n');
	assert.equal(run('INBOX', '--not-above', 'none'), 'INBOX\tolder than 30 days, after 1 day here\n');
	assert.equal(run('INBOX', '--reset'), 'INBOX\tas all others: all, after 3 days here\n');
	assert.deepEqual(kept().drainings.mailboxes, {});
	assert.equal(kept().model, plainAccount(143).model, 'no mailbox becomes offline by it');
});

test('in JSON the numbers of a drain are as the configuration has them', context => {
	const {run} = setUp(context);
	run('INBOX', '--not-above', '5 MB');
	assert.deepEqual(JSON.parse(run('--json')), {
		account: 'test',
		drains: [
			{mailbox: null, isOwn: true, leaveDays: 0, olderThanDays: 0, mostBytes: null},
			{mailbox: 'INBOX', isOwn: true, leaveDays: 0, olderThanDays: 0, mostBytes: 5_000_000},
		],
	});
});

test('a number of a drain that cannot be meant is bad usage', () => {
	for (const [words, problem] of [
		[['--leave', 'some'], /^--leave: Days are a number/],
		[['--older-than', '-1 week'], /older-than/],
		[['--not-above', 'large'], /^--not-above: A size is written like/],
		[['--reset', '--leave', '9'], /--reset goes back/],
		[['--text', '3'], /no option of bonsai drains/],
		[['a', 'b'], /one word too many/],
	] as const)
		assert.throws(
			() => readCommandLine(['drains', ...words]),
			(error: unknown) => error instanceof UsageProblem && problem.test(error.message),
		);
});
