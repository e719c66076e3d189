import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {type Inbox, inboxesOf, mergeInboxes} from '../../components/merged-inboxes.ts';
import {inbox} from '../../source/model/ids.ts';
import type {Message} from '../../source/model/message.ts';
import {fakeMessage, fakeSession} from './fake-session.ts';

const now = 1_000_000;

/** A mailbox of these dates, oldest first; undefined is a row that is not here, `null` one without a date. */
function inboxOf(name: string, ...dates: readonly (number | null | undefined)[]): Inbox {
	const session = fakeSession(name);
	const rows = dates.map((date, index): Message | undefined =>
		date === undefined ? undefined : fakeMessage(index + 1, {date: date ?? undefined}),
	);
	session.fill(inbox, rows);
	return {session, mailbox: session.mailbox(inbox), home: session};
}

const merged = (inboxes: readonly Inbox[], size = 100): string[] =>
	mergeInboxes(inboxes, size, now).entries.map(({session, message}) => `${session.account}${message.id}`);

describe('the inboxes of several accounts', () => {
	test('are one list by date, oldest first', () => {
		const all = [inboxOf('a', 10, 30, 50), inboxOf('b', 20, 40), inboxOf('c')];
		assert.deepEqual(merged(all), ['a1', 'b1', 'a2', 'b2', 'a3']);
		assert.deepEqual(merged(all, 2), ['b2', 'a3']);
	});

	test('of an offline one it is the mail that came here, under the name of its account', () => {
		const [work, local] = [fakeSession('work'), fakeSession('Local')];
		work.models.set({account: 'offline', mailboxes: {}});
		work.fill(inbox, [fakeMessage(1, {date: 10})]);
		local.fill(work.localOf(inbox), [fakeMessage(7, {date: 20}), fakeMessage(8, {date: 40})]);
		local.fill(inbox, [fakeMessage(9, {date: 30})]);
		const {entries} = mergeInboxes(inboxesOf([work, local]), 100, now);
		assert.deepEqual(
			entries.map(({home, session, message}) => `${home.account} ${session.account} ${message.id}`),
			['work Local 7', 'Local Local 9', 'work Local 8'],
		);
	});

	test('a date of long ago on what came last buries nothing behind it', () => {
		assert.deepEqual(merged([inboxOf('a', 30, 50, 1), inboxOf('b', 20, 40)], 2), ['a2', 'a3']);
		assert.deepEqual(merged([inboxOf('a', 30, 50, null), inboxOf('b', 20, 40)], 2), ['a2', 'a3']);
	});

	test('a date still to come stands at the newest end, and draws hardly anything with it', () => {
		const many = Array.from({length: 10}, (_, index) => 100 + index);
		const list = merged([inboxOf('a', ...many, now * 9, 201, 202, 203, 204, 205), inboxOf('b', 203.5)]);
		assert.ok(list.indexOf('b1') > list.indexOf('a10'));
		assert.equal(list.length, 17);
	});

	test('what is not known is not waited for', () => {
		assert.deepEqual(merged([inboxOf('a', 10, 30), inboxOf('b', undefined, undefined)]), ['a1', 'a2']);
		assert.deepEqual(merged([inboxOf('a', 10, 30), inboxOf('b', 5, undefined, 40)]), ['a1', 'a2', 'b3']);
	});

	test('new mail that is counted and not here yet takes nothing from the list', () => {
		assert.deepEqual(merged([inboxOf('a', 10, 30), inboxOf('b', 20, 40, undefined)]), ['a1', 'b1', 'a2', 'b2']);
	});

	test('rows are lacking only where the list may have room for them', () => {
		const lacking = (inboxes: readonly Inbox[], size: number): readonly boolean[] =>
			mergeInboxes(inboxes, size, now).isLacking;
		// What is behind b's 40 may be newer than a's 30.
		assert.deepEqual(lacking([inboxOf('a', 10, 30, 50), inboxOf('b', undefined, 40)], 3), [false, true]);
		// The list is full with b's 40 as its oldest.
		assert.deepEqual(lacking([inboxOf('a', 10, 30, 50), inboxOf('b', undefined, 40)], 2), [false, false]);
		assert.deepEqual(lacking([inboxOf('a', 10, 30, 50), inboxOf('b', 40)], 100), [false, false]);
	});

	test('a long list is merged from its end only', () => {
		let looks = 0;
		const long = inboxOf('a', ...Array.from({length: 10_000}, (_, index) => index));
		const {row} = long.mailbox;
		Object.assign(long.mailbox, {
			row(position: number) {
				looks++;
				return row(position);
			},
		});
		assert.equal(merged([long, inboxOf('b', 5)], 20).length, 20);
		assert.ok(looks < 20 * 8, `${looks} looks`);
	});
});
