/** One call, as the user has it: the plan, Enter, and then mail that is read with no line at all. */
import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {noWish} from '../../source/model/wish.ts';
import {bonsaiOn, inboxOf, letter} from '../helpers/bonsai-on.ts';
import {listenTo} from '../helpers/listener.ts';

const wishes = {otherwise: noWish, mailboxes: {INBOX: {...noWish, summaries: 'all', textBytes: 4000}}} as const;
const mailboxes = inboxOf(letter({subject: 'First'}), letter({subject: 'Second'}), letter({subject: 'Third'}));
const account = {model: 'disconnected', wishes} as const;

describe('a call', {concurrency: 2}, () => {
	test('is planned by $, done by Enter, and what it brought is read when the server is gone', async t => {
		const {bonsai, server} = await bonsaiOn(t, {mailboxes, account});
		await bonsai.sees('Parts');
		bonsai.press('$');
		await bonsai.sees(/planned +INBOX: .* 3 messages/);
		bonsai.press('Enter');
		await bonsai.sees(/Done: .* up, .* down/);
		await bonsai.sees(/done +INBOX/);
		await bonsai.sees('hung up – $ calls');
		await server.close();
		bonsai.press('q');
		await bonsai.standsOn('Third');
		bonsai.press('k', 'Enter');
		await bonsai.sees('Subject: Second');
		bonsai.press('q', '$');
		await bonsai.sees(/no line: .* refuses connections/);
		bonsai.press('q');
		await bonsai.standsOn('Second');
	});

	test('is heard in the plain mode: the plan, its price, and what it came to', async t => {
		const {bonsai} = await bonsaiOn(t, {mailboxes, account, open: {args: ['--plain']}});
		const listener = listenTo(bonsai);
		await listener.hearsUntil('capital Q quits\n');
		bonsai.press('$');
		const plan = await listener.hearsUntil('q hangs up.\n');
		// On a quick line the plan is there before anything was said of asking for it.
		assert.match(plan, /^work, call, (asking what changed|a plan)$/m);
		assert.match(plan, /^planned, INBOX: from the beginning, about 3 messages, about [\d.]+ (kB|bytes)$/m);
		assert.match(plan, /^In all about [\d.]+ kB, with dialling\. Enter goes, Space leaves a line out, q hangs up\.$/m);
		bonsai.press('Enter');
		const report = await listener.hearsUntil('round trips.\n');
		assert.match(report, /^done$/m);
		assert.match(report, /^Done: [\d.]+ \w+ up, [\d.]+ \w+ down, \d+ round trips\.$/m);
	});
});
