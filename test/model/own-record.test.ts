/** The law of records: whoever has heard the same agrees. From a fixed seed. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {join, type OwnRecord} from '../../source/model/own-record.ts';
import {chance, shuffled} from '../helpers/chance.ts';
import {someRecords} from '../helpers/own-records.ts';

const seed = 1733;

const said = (holds: ReadonlyMap<string, OwnRecord>): unknown[] => [...holds].sort(([a], [b]) => (a < b ? -1 : 1));

test(`joining records is commutative, associative and idempotent (seed ${seed})`, () => {
	const below = chance(seed);
	for (let run = 0; run < 500; run++) {
		const [a, b, c] = [someRecords(below, below(12)), someRecords(below, below(12)), someRecords(below, below(12))];
		const all = said(join(a, b, c));
		assert.deepEqual(said(join(b, a)), said(join(a, b)), 'commutative');
		assert.deepEqual(said(join(join(a, b).values(), c)), all, 'associative, from the left');
		assert.deepEqual(said(join(a, join(b, c).values())), all, 'associative, from the right');
		assert.deepEqual(said(join(a, a)), said(join(a)), 'idempotent');
		assert.deepEqual(said(join(join(a, b).values(), a)), said(join(a, b)), 'what was heard before says nothing new');
	}
});

test(`clients that have heard the same records agree, in whatever order and however often they came (seed ${seed})`, () => {
	const below = chance(seed);
	for (let run = 0; run < 200; run++) {
		const records = someRecords(below, 1 + below(40));
		const again = records.filter(() => below(2) === 1);
		const one = join(records);
		const other = join(...shuffled([...records, ...again], below).map(record => [record]));
		assert.deepEqual(said(other), said(one));
	}
});

test('a decision made after another was heard takes its place, whatever the names of the clients', () => {
	const base = {mailbox: 'imap://h/m', uidValidity: 1, uid: 7, what: '\\Seen'};
	const read: OwnRecord = {...base, isSet: true, when: 4, who: 'zzzzzz'};
	const unread: OwnRecord = {...base, what: '\\SEEN', isSet: false, when: 5, who: 'aaaaaa'};
	assert.deepEqual([...join([unread, read]).values()], [unread]);
});
