/** `bonsai wishes`: shown and changed in the configuration. */
import assert from 'node:assert/strict';
import {type TestContext, test} from 'node:test';
import {readCommandLine} from '../source/command-line/command-line.ts';
import {UsageProblem} from '../source/command-line/usage-problem.ts';
import type {WantedWishes} from '../source/command-line/wish-options.ts';
import {noWish} from '../source/model/wish.ts';
import {wishesCommand} from '../source/wishes-command.ts';
import {accountSettings} from './helpers/account-settings.ts';

const setUp = (context: TestContext) => accountSettings(context, 'wishes', wishesCommand);

test('wishes are shown: of all others, and of who has one of its own', context => {
	const {run} = setUp(context);
	assert.equal(
		run(),
		'(all others)\tnothing\nINBOX\tthe newest 1000, text up to 16 kB\n(the disk)\tat most 500 MB of texts and parts\n',
	);
	assert.equal(run('inbox'), 'INBOX\tthe newest 1000, text up to 16 kB\n');
	assert.equal(run('Sent'), 'Sent\tas all others: nothing\n');
});

test('what is named is changed and kept, and nothing else', context => {
	const {kept, run} = setUp(context);
	assert.equal(run('Sent', '--summaries', '30 days', '--text', '2k'), 'Sent\tthe last 30 days, text up to 2.0 kB\n');
	assert.equal(
		run('Sent', '--parts', 'pdf 200 kB', '--previews', 'yes'),
		'Sent\tthe last 30 days, text up to 2.0 kB, PDF up to 200 kB, previews\n',
	);
	assert.equal(run('--summaries', 'all'), '(all others)\tall, no text\n');
	assert.equal(run('INBOX', '--reset'), 'INBOX\tas all others: all, no text\n');
	assert.deepEqual(kept().wishes, {
		otherwise: {...noWish, summaries: 'all'},
		mailboxes: {
			Sent: {
				summaries: {sinceDays: 30},
				textBytes: 2000,
				parts: [{type: 'application/pdf', mostBytes: 200_000}],
				hasPreviews: true,
			},
		},
	});
});

test('what the disk may hold is of the account, and leaves the wishes as they are', context => {
	const {kept, run} = setUp(context);
	assert.match(run('--disk', '20MB'), /^\(the disk\)\tat most 20 MB of texts and parts$/m);
	assert.equal(kept().diskBytes, 20_000_000);
	assert.match(run(), /^INBOX\tthe newest 1000, text up to 16 kB$/m);
});

test('in JSON a wish is as the configuration has it', context => {
	const {run} = setUp(context);
	assert.deepEqual(JSON.parse(run('--json')), {
		account: 'test',
		diskBytes: 500_000_000,
		wishes: [
			{mailbox: null, isOwn: true, summaries: 'none', textBytes: 0, parts: [], hasPreviews: false},
			{mailbox: 'INBOX', isOwn: true, summaries: {last: 1000}, textBytes: 16_000, parts: [], hasPreviews: false},
		],
	});
});

test('what cannot be meant is bad usage, before anything is changed', () => {
	const read = (...words: readonly string[]) => readCommandLine(['wishes', ...words]) as WantedWishes;
	assert.deepEqual(read('Sent', '--text', '9').change, {text: '9'});
	for (const [words, problem] of [
		[['--summaries', 'some'], /^--summaries: messages are all, none/],
		[['--parts', 'pfd 2k'], /^--parts: pfd is no kind of part/],
		[['--reset', '--text', '9'], /--reset goes back/],
		[['--disk', 'much'], /^--disk is an amount like 500MB/],
		[['Sent', '--disk', '2MB'], /--disk is of all mailboxes/],
		[['a', 'b'], /one word too many/],
		[['--limit', '3'], /no option of bonsai wishes/],
		[[''], /say which mailbox/],
	] as const)
		assert.throws(
			() => read(...words),
			(error: unknown) => error instanceof UsageProblem && problem.test(error.message),
		);
});
