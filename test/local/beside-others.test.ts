/**
 * By chance: two connections and another program are at work on one mailbox, with no care for each other. In the end each
 * connection has been told all that is in the folder, and no UID was ever another message's.
 */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import {type TestContext, test} from 'node:test';
import {inbox, mailboxPath} from '../../source/model/ids.ts';
import type {Flag} from '../../source/model/message.ts';
import type {Remote} from '../../source/remote/remote.ts';
import {letter, localFixture, rowsOf, subjectOf} from './local-fixture.ts';

const [firstSeed = 1, lastSeed = 25] = (process.env.BONSAI_FUZZ_SEEDS ?? '').split('-').filter(Boolean).map(Number);
const steps = 60;

/** Mulberry32. */
function chanceOf(seed: number): (below: number) => number {
	let state = seed * 0x9e3779b9;
	return below => {
		state = (state + 0x6d2b79f5) | 0;
		let mixed = Math.imul(state ^ (state >>> 15), state | 1);
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
		return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
	};
}

/** What one was told, as a session keeps it: by number, what is known of each. */
class Told {
	readonly rows: ({uid: number; subject: string; flags: string} | undefined)[] = [];
	readonly events = {
		onCount: (count: number) => {
			assert.ok(count >= this.rows.length, 'a count takes nothing away');
			while (this.rows.length < count) this.rows.push(undefined);
		},
		onExpunge: (sequence: number) => {
			assert.ok(sequence >= 1 && sequence <= this.rows.length, `there is no number ${sequence}`);
			this.rows.splice(sequence - 1, 1);
		},
		onFlags: ({sequence, uid, flags}: {sequence: number; uid: number | undefined; flags: readonly Flag[]}) => {
			const row = this.rows[sequence - 1];
			if (row === undefined) return;
			assert.equal(row.uid, uid, 'a number is the message it was told to be');
			row.flags = flags.toSorted().join();
		},
	};

	async learn(remote: Remote, set: string): Promise<void> {
		await remote.fetchRows(set, row => {
			const known = this.rows[row.sequence - 1];
			if (known) assert.deepEqual([known.uid, known.subject], [row.uid, subjectOf(row)]);
			this.rows[row.sequence - 1] = {uid: row.uid, subject: subjectOf(row), flags: row.flags.toSorted().join()};
		});
	}
}

/** Numbers mean what they meant to who asked. */
async function askByNumber(remote: Remote, {rows}: Told, first: number, last: number): Promise<void> {
	const meant = rows.slice(first - 1, last).map(row => row?.uid);
	if (meant.length === 0 || meant.includes(undefined)) return;
	await remote.fetchRows(`${first}:${last}`, ({uid}) => assert.ok(meant.includes(uid), `${uid} was not asked for`));
}

/** Mutt, mbsync and a filter in one. */
class OtherProgram {
	#filed = 0;
	readonly #chance: (below: number) => number;
	readonly #folder: string;

	constructor(root: string, chance: (below: number) => number) {
		this.#folder = path.join(root, 'INBOX');
		this.#chance = chance;
	}

	act(): void {
		const names = ['cur', 'new'].flatMap(where =>
			fs.readdirSync(path.join(this.#folder, where)).map(name => path.join(where, name)),
		);
		const any = names[this.#chance(Math.max(1, names.length))];
		const from = any && path.join(this.#folder, any);
		const what = this.#chance(4);
		if (what === 0 || from === undefined) {
			this.#filed += 1;
			const where = this.#chance(2) === 0 ? 'new' : 'cur';
			const name = `${this.#chance(3)}.M${this.#filed}P${this.#chance(100)}.host${where === 'cur' ? ':2,' : ''}`;
			fs.writeFileSync(path.join(this.#folder, where, name), letter(`filed-${this.#filed}`));
		} else if (what === 1) fs.rmSync(from, {force: true});
		else {
			const [base = '', letters = ''] = path.basename(from).split(':2,');
			const flag = 'FRS'[this.#chance(3)]!;
			const own = [...new Set([...letters.replaceAll(this.#chance(2) === 0 ? flag : '', ''), flag])].sort().join('');
			// mbsync adds a field of its own.
			const named = this.#chance(8) === 0 && !base.includes(',U=') ? `${base},U=${this.#filed}` : base;
			fs.renameSync(from, path.join(this.#folder, 'cur', `${named}:2,${own}`));
		}
	}
}

async function play(context: TestContext, seed: number): Promise<void> {
	const chance = chanceOf(seed);
	const {dial, root} = localFixture(context);
	await dial();
	const subjects = new Map<number, string>();
	const other = new OtherProgram(root, chance);
	for (let count = 0; count < 5; count++) other.act();
	const connections = await Promise.all(
		[0, 1].map(async () => {
			const told = new Told();
			const {remote, opened} = await dial(inbox, told.events);
			told.events.onCount(opened.count);
			await told.learn(remote, '1:*');
			return {remote, told};
		}),
	);
	/** Nobody else touches this flag. */
	const drafts = new Set<number>();
	const working: Promise<unknown>[] = [];
	for (let step = 0; step < steps; step++) {
		const {remote, told} = connections[chance(2)]!;
		const known = told.rows.filter(row => row !== undefined);
		const uids = known.filter(() => chance(4) === 0).map(({uid}) => uid);
		const set = uids.join(',') || '1';
		const act = chance(11);
		if (act < 4) other.act();
		else if (act === 4) working.push(remote.look().then(() => told.learn(remote, '1:*')));
		else if (act === 5) working.push(remote.storeFlag(set, '\\Flagged', chance(2) === 0));
		else if (act === 9) {
			const first = 1 + chance(Math.max(1, told.rows.length));
			working.push(remote.look(), askByNumber(remote, told, first, first + chance(3)));
		} else if (act === 10) {
			const all = known.map(({uid}) => uid);
			const marked = remote.storeFlag(all.join(',') || '1', '\\Draft', true);
			// By other names than the index knows.
			for (let count = 0; count < 3; count++) other.act();
			working.push(marked.then(() => all.forEach(uid => void drafts.add(uid))));
		} else if (act === 6) working.push(remote.storeFlag(set, '\\Deleted', true), remote.expunge(set));
		else if (act === 7) working.push(remote.move(set, mailboxPath('Archive')));
		else working.push(remote.append(inbox, Buffer.from(letter(`own-${step}`)), {flags: [], date: step}));
		if (chance(3) === 0) await Promise.all(working.splice(0));
	}
	await Promise.all(working);
	for (const {remote, told} of connections) {
		await remote.look();
		await told.learn(remote, '1:*');
		for (const row of told.rows) {
			const subject = subjects.get(row!.uid) ?? row!.subject;
			assert.equal(row!.subject, subject, 'a UID is one message');
			subjects.set(row!.uid, subject);
			assert.equal(row!.flags.includes('Draft'), drafts.has(row!.uid), `${row!.uid} is marked as it was decided`);
		}
		const there = (await rowsOf(remote)).map(row => ({
			uid: row.uid,
			subject: subjectOf(row),
			flags: row.flags.toSorted().join(),
		}));
		assert.deepEqual(told.rows, there);
		const files = ['cur', 'new'].flatMap(where => fs.readdirSync(path.join(root, 'INBOX', where)));
		assert.equal(files.length, there.length);
	}
	assert.deepEqual(connections[0]!.told.rows, connections[1]!.told.rows);
	assert.deepEqual(fs.readdirSync(path.join(root, 'INBOX/tmp')), []);
}

for (let seed = firstSeed; seed <= lastSeed; seed++) {
	test(
		`whoever else is at work, all is told and no UID is another message’s (seed ${seed})`,
		{timeout: 30_000},
		context => play(context, seed),
	);
}
