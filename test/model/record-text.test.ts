/** Records as text: what is written is read, what is damaged is left out. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {join, type OwnRecord} from '../../source/model/own-record.ts';
import {readRecords, writeRecords} from '../../source/model/record-text.ts';
import {chance} from '../helpers/chance.ts';
import {someRecords} from '../helpers/own-records.ts';

const seed = 977;
const order = (records: Iterable<OwnRecord>): string[] =>
	[...new Set([...records].map(each => JSON.stringify(each)))].sort();
const one = {mailbox: 'imap://lists.example.org/r.net', uidValidity: 17, isSet: true, who: 'abcdef'};

test(`all records that are written are read again (seed ${seed})`, () => {
	const below = chance(seed);
	for (let run = 0; run < 300; run++) {
		const records = [...join(someRecords(below, below(30))).values()];
		const read = readRecords(writeRecords(records));
		assert.equal(read.unreadable, 0);
		assert.deepEqual(order(read.records), order(records));
	}
});

test('a decision about many messages is one line, and so are messages read one after another', () => {
	const many = [3, 1, 2, 9].map(uid => ({...one, uid, what: '\\Flagged', when: 5}));
	const inTurn = [21, 22, 23].map((uid, index) => ({...one, uid, what: '\\Seen', when: 6 + index}));
	assert.equal(
		writeRecords([...many, ...inTurn]),
		'bonsai 1 abcdef\r\nm lists.example.org/r.net 17\r\n5 +\\Flagged 1:3,9\r\n6+ +\\Seen 21:23\r\n',
	);
});

test('no line is longer than a mail server takes', () => {
	const records = Array.from({length: 3000}, (_, index) => ({...one, uid: 1 + 2 * index, what: 'todo', when: 3}));
	const text = writeRecords(records);
	assert.ok(text.split('\r\n').every(line => line.length < 998));
	assert.equal(readRecords(text).records.length, 3000);
});

test(`a text cut anywhere says less, and nothing else (seed ${seed})`, () => {
	const records = [...join(someRecords(chance(seed), 40)).values()];
	const text = writeRecords(records);
	const all = new Set(order(records));
	for (let end = 0; end < text.length; end++) {
		const read = readRecords(text.slice(0, end));
		for (const each of order(read.records)) assert.ok(all.has(each), `cut at ${end}: ${each}`);
	}
});

test('a mailbox and a client are read in the spellings of before, too', () => {
	const spelled = (mailbox: string, head = 'bonsai 1 abcdef') =>
		readRecords(`${head}\nm ${mailbox}\n1 +\\Seen 1\n`).records;
	assert.deepEqual(spelled('imap://h/m;UIDVALIDITY=17'), spelled('h/m 17'));
	assert.deepEqual(spelled('h/m 17', 'bonsai-state 1\nc abcdef'), spelled('h/m 17'));
	assert.equal(spelled('h/m 17')[0]?.mailbox, 'imap://h/m');
	assert.equal(spelled('h/m 17')[0]?.uidValidity, 17);
});

test('below a mailbox or a client that cannot be read, nothing is taken for that of another', () => {
	const read = readRecords(
		'bonsai 1 abcdef\nm h/m 1\n1 +\\Seen 1\nm spoiled\n2 +\\Seen 2\nm h/m 1\nbonsai 1 a,b\n3 +\\Seen 3\n',
	);
	assert.deepEqual(
		read.records.map(({uid}) => uid),
		[1],
	);
	assert.equal(read.unreadable, 4);
});

test('what cannot be so is left out: endless ranges, counters without room above them, no flags', () => {
	const lines = [
		'9 +\\Seen 1:4294967295',
		'281474976710657 +\\Seen 1',
		'9 +( 1',
		'9 +\\Seen 0',
		'9 +\\Seen 5:1',
		'9 *\\Seen 1',
	];
	const read = readRecords(`bonsai 1 abcdef\nm h/m 1\n${lines.join('\n')}\n`);
	assert.deepEqual([read.records.length, read.unreadable], [0, lines.length]);
});

test('what a later Bonsai has written is known as such, and other mail as none of ours', () => {
	assert.deepEqual(readRecords('bonsai 2\nq 1\n'), {records: [], unreadable: 0, isNewer: true});
	assert.equal(readRecords('Dear all,\r\n1 +\\Seen 1\r\n').records.length, 0);
});
