/** Our own state on the disk. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {test} from 'node:test';
import {join} from '../../source/model/own-record.ts';
import {OwnState} from '../../source/store/own-state.ts';
import {chance, shuffled} from '../helpers/chance.ts';
import {someRecords} from '../helpers/own-records.ts';

const here = {url: 'imap://lists.example.org/r.net', uidValidity: 17};
const folder = (): string => fs.mkdtempSync(path.join(os.tmpdir(), 'bonsai-own-'));

test('what was decided is there after a restart, for that UIDVALIDITY and no other', t => {
	const at = folder();
	t.after(() => fs.rmSync(at, {recursive: true}));
	const before = new OwnState(at);
	before.decide(here, [3, 4, 9], '\\Seen', true, 1000);
	before.decide(here, [4], '\\Seen', false, 2000);
	before.decide(here, [9], '\\Hidden', true, 3000);
	const {who} = before;
	before.close();
	const after = new OwnState(at);
	assert.equal(after.who, who);
	assert.deepEqual([after.marked(here, '\\Seen'), after.marked(here, '\\seen', false)], [[3, 9], [4]]);
	assert.deepEqual([after.isHidden(here, 9), after.isHidden(here, 4)], [true, false]);
	assert.deepEqual(
		[...after.of(here, 9)],
		[
			['\\Hidden', true],
			['\\Seen', true],
		],
	);
	assert.equal(after.of({...here, uidValidity: 18}, 9).size, 0);
	after.close();
});

test('nothing is written before something is decided', t => {
	const at = folder();
	t.after(() => fs.rmSync(at, {recursive: true}));
	const state = new OwnState(at);
	assert.equal(state.of(here, 1).size, 0);
	assert.equal(
		state.lastDecision(() => true),
		undefined,
	);
	assert.equal(state.hasChanged(), false);
	assert.deepEqual(fs.readdirSync(at), []);
});

test('the last decision is undone, then the one before it', () => {
	const state = new OwnState(undefined);
	state.decide(here, [1, 2], '\\Seen', true, 1000);
	state.decide({...here, url: 'imap://other/m'}, [1], '\\Seen', true, 1500);
	state.decide(here, [2], '\\Hidden', true, 2000);
	const isHere = (url: string): boolean => url === here.url;
	for (const what of ['\\Hidden', '\\Seen']) {
		const last = state.lastDecision(isHere);
		assert.equal(last?.what, what);
		if (last) state.undo(last);
	}
	assert.equal(state.lastDecision(isHere), undefined);
	assert.deepEqual([state.marked(here, '\\Seen'), state.isHidden(here, 2)], [[], false]);
	state.close();
});

test('another process sees what was decided', t => {
	const at = folder();
	t.after(() => fs.rmSync(at, {recursive: true}));
	const [one, other] = [new OwnState(at), new OwnState(at)];
	assert.equal(other.hasChanged(), false);
	one.decide(here, [5], '\\Flagged', true, 1000);
	assert.equal(other.hasChanged(), true);
	assert.equal(other.hasChanged(), false);
	assert.deepEqual(other.marked(here, '\\Flagged'), [5]);
	for (const each of [one, other]) each.close();
});

const seed = 41;
test(`the disk holds what the law says, in whatever order it came (seed ${seed})`, () => {
	const below = chance(seed);
	for (let run = 0; run < 20; run++) {
		const records = someRecords(below, 40);
		const state = new OwnState(undefined);
		for (const record of shuffled(records, below)) state.learn([record]);
		for (const {mailbox: url, uidValidity, uid, what, isSet} of join(records).values())
			assert.equal(state.of({url, uidValidity}, uid).get(what), isSet);
		const highest = Math.max(...records.map(({when}) => when));
		const mailbox = {url: 'imap://new/m', uidValidity: 1};
		state.decide(mailbox, [1], '\\Seen', true, 0);
		state.learn([
			{mailbox: mailbox.url, uidValidity: 1, uid: 1, what: '\\Seen', isSet: false, when: highest, who: '~'},
		]);
		assert.equal(state.of(mailbox, 1).get('\\Seen'), true, 'a decision is later than all that was heard');
		state.close();
	}
});

const [before, after] = ['imap://lists.example.org/r.net', 'imap://lists.example.org/r.networks'] as const;

for (const seed of [11, 12, 13, 14]) {
	test(`a mailbox is renamed before, among or behind what is heard of it under either name: those who know agree (seed ${seed})`, () => {
		const below = chance(seed);
		const heard = someRecords(below, 60).map(record => ({
			...record,
			mailbox: below(2) === 0 ? before : after,
			uidValidity: 17,
		}));
		const states = [0, 20, 60].map(at => {
			const state = new OwnState(undefined);
			const order = shuffled(heard, below);
			state.learn(order.slice(0, at));
			// Nothing is renamed where nothing was ever decided.
			state.learn([]);
			state.rename({url: before, uidValidity: 17}, after);
			state.learn(order.slice(at));
			return state;
		});
		const expected = new OwnState(undefined);
		expected.learn(heard.map(record => ({...record, mailbox: after})));
		const there = expected.marks({url: after, uidValidity: 17});
		assert.ok(there.length > 0);
		for (const state of states) {
			assert.deepEqual(state.marks({url: after, uidValidity: 17}), there);
			assert.deepEqual(state.marks({url: before, uidValidity: 17}), []);
		}
	});
}

test('one that is renamed and gets its name back has all that was decided in it, and a later one of that name has nothing', () => {
	const state = new OwnState(undefined);
	const [old, now] = [
		{url: before, uidValidity: 17},
		{url: after, uidValidity: 17},
	];
	state.decide(old, [1], '\\Seen', true, 1000);
	state.rename(old, after);
	state.decide(now, [2], '\\Seen', true, 2000);
	assert.deepEqual([state.marked(now, '\\Seen'), state.marked(old, '\\Seen')], [[1, 2], []]);
	// What was decided before it was renamed can be taken back.
	state.undo(state.lastDecision(url => url === after)!);
	state.undo(state.lastDecision(url => url === after)!);
	assert.deepEqual(state.marked(now, '\\Seen'), []);
	state.decide({url: before, uidValidity: 18}, [9], '\\Seen', true, 3000);
	assert.deepEqual(state.marked({url: before, uidValidity: 18}, '\\Seen'), [9]);
	state.decide(now, [3], '\\Seen', true, 4000);
	state.rename(now, before);
	assert.deepEqual(state.marked(old, '\\Seen'), [3]);
	state.learn([{mailbox: after, uidValidity: 17, uid: 4, what: '\\Seen', isSet: true, when: 99, who: 'zzzzzz'}]);
	assert.deepEqual(state.marked(old, '\\Seen'), [3, 4], 'who has not heard of it says the name of between');
});

test('what a place was told of a mailbox it is told anew under its new name, once', () => {
	const state = new OwnState(undefined);
	state.shared.share(before, '/shared');
	state.decide({url: before, uidValidity: 17}, [1, 2], '\\Seen', true, 1000);
	const [place] = state.shared.all();
	state.shared.told(place!, state.shared.untold(place!).upTo);
	assert.equal(state.shared.hasUntold(place!), false);
	state.shared.share(after, '/shared');
	state.rename({url: before, uidValidity: 17}, after);
	const {records, upTo} = state.shared.untold(place!);
	assert.deepEqual(
		records.map(({mailbox, uid}) => `${mailbox} ${uid}`),
		[`${after} 1`, `${after} 2`],
	);
	state.shared.told(place!, upTo);
	assert.equal(state.shared.hasUntold(place!), false);
});
