/** A mailbox of a million messages costs what is looked at. */
import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {type DemoServer, startDemoServer, virtualMailbox} from '../../source/demo/server.ts';
import {UidRuns, writeSet} from '../../source/demo/uid-runs.ts';
import {Dialogue, row} from './dialogue.ts';

let server: DemoServer;
let client: Dialogue;

before(async () => {
	server = await startDemoServer({mailboxes: () => [{name: 'INBOX', state: virtualMailbox({count: 1_000_000})}]});
	client = await Dialogue.loggedIn(server.port);
});
after(async () => {
	client.close();
	await server.close();
});

test('a million messages open, list and count in the time of a few', async () => {
	const started = performance.now();
	const status = await client.ok('STATUS INBOX (MESSAGES UNSEEN SIZE UIDNEXT)');
	assert.match(status[0]!, /\(MESSAGES 1000000 UNSEEN 3 SIZE 2285\d{6} UIDNEXT 1000001\)/);
	assert.ok((await client.ok('SELECT INBOX')).includes('* 1000000 EXISTS'));
	for (const first of [1, 500_000, 999_979]) {
		const rows = await client.ok(`FETCH ${first}:${first + 21} (UID FLAGS ENVELOPE RFC822.SIZE)`);
		assert.equal(rows.length, 23);
		assert.equal(row(rows[0]!).get('UID'), String(first));
	}
	assert.ok(performance.now() - started < 2000);
});

test('the size it tells is the size it has', async () => {
	for (const uid of [1, 2, 3, 4, 5, 6, 7, 999_999, 1_000_000]) {
		const items = row((await client.ok(`UID FETCH ${uid} (RFC822.SIZE BODY.PEEK[])`))[0]!);
		assert.equal(String((items.get('BODY[]') as string).length), items.get('RFC822.SIZE'));
	}
});

test('flags and expunges cost what changed, and numbers shift as they should', async () => {
	server.setFlags('INBOX', 400_000, ['\\Flagged']);
	server.expunge('INBOX', 250_000, 750_000);
	const started = performance.now();
	await client.ok('ENABLE QRESYNC');
	const lines = await client.ok('SELECT INBOX (QRESYNC (1733000001 1000))');
	assert.ok(lines.includes('* VANISHED (EARLIER) 250000,750000'));
	assert.equal(lines.filter(line => line.includes('FETCH')).length, 1);
	assert.equal(row((await client.ok('FETCH 250000 (UID)'))[0]!).get('UID'), '250001');
	assert.equal(row((await client.ok('FETCH 999998 (UID)'))[0]!).get('UID'), '1000000');
	assert.ok(performance.now() - started < 1500);
});

test('UID SEARCH ALL comes as ranges', async () => {
	const [line] = await client.ok('UID SEARCH RETURN (ALL COUNT) ALL');
	assert.match(line!, /ALL 1:249999,250001:749999,750001:1000000 COUNT 999998$/);
});

test('runs of UIDs agree with a plain list, whatever is removed (seed 1733)', () => {
	let seed = 1733;
	const below = (n: number) => {
		seed = (Math.imul(seed, 1_103_515_245) + 12_345) & 0x7fffffff;
		return seed % n;
	};
	const runs = new UidRuns([[3, 200]]);
	let list = Array.from({length: 198}, (_, i) => i + 3);
	for (let step = 0; step < 400; step++) {
		const uid = 1 + below(420);
		if (uid > (list.at(-1) ?? 0)) {
			runs.add(uid, uid);
			list.push(uid);
		} else {
			runs.remove(uid);
			list = list.filter(other => other !== uid);
		}
		assert.equal(runs.count, list.length);
		const at = below(list.length);
		assert.equal(runs.uidAt(at + 1), list[at]);
		assert.equal(runs.sequenceOf(uid), list.indexOf(uid) + 1);
	}
	assert.deepEqual([...runs.copy().within(1, 999)], list);
	assert.equal(runs.uidAt(list.length + 1), undefined);
	assert.equal(writeSet([1, 2, 3, 7, 9, 10]), '1:3,7,9:10');
});
