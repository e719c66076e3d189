import assert from 'node:assert/strict';
import {test} from 'node:test';
import {type MessageId, mailboxPath} from '../../source/model/ids.ts';
import {ours} from '../../source/model/safe-text.ts';
import {HeldBlock} from '../../source/session/held-block.ts';
import {Facts} from '../../source/store/facts.ts';

const inbox = mailboxPath('INBOX');

/** A mailbox of so many messages, all of them held, and how many rows of an index were passed over or read. */
function mailbox(count: number) {
	const facts = new Facts(undefined, () => true);
	let visited = 0;
	const counting = new Proxy(facts, {
		get(_, name) {
			if (name === 'older' || name === 'newer')
				return (...given: Parameters<Facts['older']>) => {
					const {skip, limit} = given[2];
					visited += skip + limit;
					return facts[name](...given);
				};
			if (name === 'countBetween')
				return (...given: Parameters<Facts['countBetween']>) => {
					const total = facts.countBetween(...given);
					visited += total;
					return total;
				};
			const value = Reflect.get(facts, name) as unknown;
			return typeof value === 'function' ? value.bind(facts) : value;
		},
	});
	facts.learnMailbox(inbox, 7);
	const block = new HeldBlock(inbox, counting, () => 1000);
	const learn = (uid: number): MessageId =>
		facts.learnSummary({
			mailbox: inbox,
			uid,
			sender: ours('Ada'),
			fromField: ours('Ada'),
			subject: ours(''),
			date: undefined,
			sizeBytes: 1,
			flags: new Set(),
		});
	const uids = Array.from({length: count}, (_, index) => 2 * index + 1);
	facts.transaction(inbox, () => {
		for (const uid of uids) learn(uid);
	});
	block.begin({uidValidity: 7, uidNext: 2 * count + 1, count, highestModseq: '5', isReadOnly: false});
	block.grow({below: uids});
	const visitedBy = (work: () => void): number => {
		const before = visited;
		work();
		return visited - before;
	};
	return {facts, block, learn, uids, visitedBy};
}

test('scrolling through a large mailbox costs the rows that are shown, however far from the newest one is', () => {
	const count = 20_000;
	const {block, visitedBy} = mailbox(count);
	for (let last = count; last > 20; last -= 20) {
		const visited = visitedBy(() => block.at(last - 19, last));
		assert.ok(visited <= 20 + 2 * 64, `${visited} rows at ${last}`);
	}
	for (let first = 1; first < count - 20; first += 20) {
		const visited = visitedBy(() => block.at(first, first + 19));
		assert.ok(visited <= 20 + 2 * 64, `${visited} rows at ${first}`);
	}
});

test('a far jump passes over what lies between once; the next one there passes over a stride at most', () => {
	const count = 20_000;
	const {block, visitedBy} = mailbox(count);
	assert.ok(visitedBy(() => block.at(count - 19, count)) <= 20);
	assert.ok(visitedBy(() => block.at(1, 20)) <= count + 20, 'what is held is counted once');
	assert.ok(visitedBy(() => block.at(21, 40)) <= 100, 'the oldest are near to the other end');
	assert.ok(visitedBy(() => block.at(count / 2, count / 2 + 19)) <= count / 2 + 600);
	for (const at of [11_000, 13_333, 15_100, 17_777, 19_000]) {
		const visited = visitedBy(() => block.at(at, at + 19));
		assert.ok(visited <= 600, `${visited} rows at ${at}`);
		const asked = visitedBy(() => assert.equal(block.sequenceOf(2 * (at + 10) - 1), at + 10));
		assert.ok(asked <= 64, `${asked} rows to say where one of them stands`);
	}
});

test('where messages stand is right whatever came, went and was looked at before (seed 7)', () => {
	const count = 3000;
	const {facts, block, learn, uids} = mailbox(count);
	let seed = 7;
	const random = (below: number): number => {
		seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
		return seed % below;
	};
	const there = [...uids];
	let below = 0;
	for (let step = 0; step < 2000; step++) {
		const kind = random(10);
		if (kind === 0) {
			const sequence = below + 1 + random(there.length);
			const [uid = 0] = there.splice(sequence - below - 1, 1);
			block.expunged(sequence, uid);
			facts.forgetMessage(facts.idOf(inbox, uid)!);
		} else if (kind === 1) {
			const uid = (block.held?.uidNext ?? 0) + random(3);
			learn(uid);
			block.grow({above: [uid]});
			there.push(uid);
		} else if (kind === 2 && step % 7 === 0) {
			block.learn({count: (block.held?.count ?? 0) + 3});
			below += 3;
		} else if (kind === 3) {
			const at = random(there.length);
			assert.equal(block.sequenceOf(there[at] ?? 0), below + at + 1);
		} else {
			const first = below + 1 + random(there.length);
			const rows = block.at(first, first + 19);
			assert.deepEqual(
				rows.ids.map(id => facts.uidOf(id)),
				there.slice(first - below - 1, first - below + 19),
			);
			assert.equal(rows.first, first);
		}
	}
	assert.deepEqual(
		block.at(1, below + 1).ids.map(id => facts.uidOf(id)),
		[there[0]],
	);
});
