/** What a call does with an offline mailbox, as a table. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {type Draining, drainAll} from '../../source/model/draining.ts';
import {inbox, mailboxPath} from '../../source/model/ids.ts';
import {howManyStay, planDrain, stayingWords} from '../../source/session/drain-plan.ts';
import {keyOf, messageIdOf} from '../../source/session/letter-names.ts';
import type {Receipt, ReceiptState} from '../../source/store/receipts.ts';

const dayMs = 24 * 3600_000;
const now = Date.UTC(2026, 10, 20);
const receipt = (uid: number, state: ReceiptState, more: Partial<Receipt> = {}): Receipt => ({
	uid,
	state,
	sizeBytes: 1000,
	date: now - 10 * dayMs,
	name: '',
	messageId: '',
	cameAt: 0,
	...more,
});

function plan(receipts: readonly Receipt[], draining: Partial<Draining> = {}, canExpunge = true) {
	const {take, remove, staying} = planDrain(receipts, {...drainAll, ...draining}, {now, canExpunge});
	return {take: take.map(({uid}) => uid), remove: remove.map(({uid}) => uid), stay: howManyStay(staying), staying};
}

const here = (uid: number, days: number) => receipt(uid, 'here', {cameAt: now - days * dayMs});

test('all that is not here is taken, and only what is proven here is removed', () => {
	const all = (['wanted', 'writing', 'here', 'odd'] as const).map((state, index) => receipt(index + 1, state));
	const {take, remove, staying} = plan(all);
	assert.deepEqual([take, remove, staying.odd], [[1, 2], [3], 1]);
});

test('what has come is left on the server for as many days as wished', () => {
	assert.deepEqual(plan([here(1, 6), here(2, 7), here(3, 30)], {leaveDays: 7}).remove, [2, 3]);
	assert.equal(plan([here(1, 6)], {leaveDays: 7}).staying.leftForDays, 1);
});

test('what is larger, or newer, than wished stays; what is just as large is taken', () => {
	const all = [receipt(1, 'wanted', {sizeBytes: 5000}), receipt(2, 'wanted', {sizeBytes: 5001})];
	assert.deepEqual(plan(all, {mostBytes: 5000}).take, [1]);
	const dated = [receipt(1, 'wanted'), receipt(2, 'wanted', {date: now - 9 * dayMs})];
	assert.deepEqual(plan(dated, {olderThanDays: 10}).take, [1]);
});

test('what was begun is brought to its end, whatever was chosen meanwhile', () => {
	assert.deepEqual(plan([receipt(1, 'writing', {sizeBytes: 9000})], {mostBytes: 5000, olderThanDays: 99}).take, [1]);
});

test('what is marked as deleted is removed by a server that can, and left alone by one that cannot', () => {
	assert.deepEqual(plan([receipt(1, 'marked')], {}, true).remove, [1]);
	assert.deepEqual(plan([receipt(1, 'marked')], {}, false).staying.marked, 1);
});

test('what stays is said with why', () => {
	const draining = {leaveDays: 7, olderThanDays: 0, mostBytes: 5_000_000};
	const {staying} = plan([here(1, 1), receipt(2, 'wanted', {sizeBytes: 6_000_000})], draining);
	assert.equal(
		stayingWords(staying, draining),
		'2 messages stay on the server: 1 larger than 5.0 MB, 1 here too, for 7 days',
	);
	assert.equal(stayingWords(plan([]).staying, drainAll), '');
});

test('a name is the same each time, and no other message has it', () => {
	const at = {account: 'work', path: inbox, uidValidity: 7};
	const one = receipt(1, 'wanted');
	assert.equal(keyOf(at, one), keyOf({...at}, {...one, state: 'here'} as Receipt));
	const others = [
		keyOf(at, receipt(2, 'wanted')),
		keyOf({...at, uidValidity: 8}, one),
		keyOf({...at, path: mailboxPath('Lists')}, one),
		keyOf({...at, account: 'home'}, one),
	];
	assert.equal(new Set([...others, keyOf(at, one)]).size, 5);
	for (const name of others) assert.match(name, /^\d+\.[\w]+\.[0-9a-f]+$/);
});

test('a Message-ID is that of the header, not one the text names', () => {
	assert.equal(messageIdOf(Buffer.from('From: a\r\nMessage-Id:  <1@x>\r\n\r\nMessage-ID: <2@x>\r\n')), '<1@x>');
	assert.equal(messageIdOf(Buffer.from('From: a\r\n\r\nMessage-ID: <2@x>\r\n')), '');
});
