import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import {type TestContext, test} from 'node:test';
import {inbox, mailboxPath} from '../../source/model/ids.ts';
import type {Spent} from '../../source/model/usage.ts';
import {LedgerStore, ledgerFile} from '../../source/store/ledger.ts';
import {ownFolder} from '../helpers/own-folder.ts';

const hourMs = 3600_000;
/** Half past two in the afternoon, wherever the test runs. */
const afternoon = new Date(2026, 10, 20, 14, 30).getTime();

const spent = (change: Partial<Spent> = {}): Spent => ({
	purpose: 'rows',
	mailbox: inbox,
	upBytes: 100,
	downBytes: 2000,
	turns: 1,
	...change,
});

/** That nobody has made yet. */
const accountFolder = (context: TestContext): string => path.join(ownFolder(context), 'accounts', 'work');

test('what was spent is there in the next run, by purpose and mailbox, and only the user may read it', context => {
	const folder = accountFolder(context);
	const first = new LedgerStore(folder, assert.fail, () => afternoon);
	first.spend(spent());
	first.spend(spent());
	first.spend(spent({purpose: 'parts', mailbox: mailboxPath('Sent'), upBytes: 5, downBytes: 50_000, turns: 0}));
	first.spend(spent({purpose: 'connect', mailbox: ''}));
	first.close();
	const {ever, today} = new LedgerStore(folder, assert.fail, () => afternoon).history();
	assert.deepEqual([ever.upBytes, ever.downBytes, ever.turns], [305, 56_000, 3]);
	assert.equal(ever.byPurpose.rows, 4200);
	assert.equal(ever.byPurpose.parts, 50_005);
	assert.deepEqual([...ever.byMailbox].sort(), [
		['', 2100],
		['INBOX', 4200],
		['Sent', 50_005],
	]);
	assert.deepEqual(today, ever);
	assert.equal(fs.statSync(path.join(folder, ledgerFile)).mode & 0o077, 0);
	assert.equal(fs.statSync(folder).mode & 0o077, 0);
});

test('what is not written yet counts already', context => {
	const store = new LedgerStore(accountFolder(context), assert.fail, () => afternoon);
	store.spend(spent());
	assert.equal(store.history().ever.downBytes, 2000);
	store.flush();
	assert.equal(store.history().ever.downBytes, 2000);
	store.spend(spent());
	assert.equal(store.history().lastHours.at(-1), 4200);
	store.close();
});

test('hours and days end now; what is older than today is ever', () => {
	let now = afternoon - 40 * 24 * hourMs;
	const store = new LedgerStore(undefined, assert.fail, () => now);
	const spend = (at: number, downBytes: number): void => {
		now = at;
		store.spend(spent({upBytes: 0, downBytes}));
		store.flush();
	};
	spend(afternoon - 40 * 24 * hourMs, 1);
	spend(afternoon - 29 * 24 * hourMs, 10);
	spend(afternoon - 23 * hourMs, 100);
	spend(afternoon - hourMs, 1000);
	spend(afternoon, 10_000);
	const {today, ever, lastHours, lastDays} = store.history();
	assert.equal(today.downBytes, 11_000);
	assert.equal(ever.downBytes, 11_111);
	assert.deepEqual([lastHours.length, lastHours[0], lastHours[22], lastHours[23]], [24, 100, 1000, 10_000]);
	assert.deepEqual([lastDays.length, lastDays[0], lastDays[28], lastDays[29]], [30, 10, 100, 11_000]);
});

test('two processes add to one ledger, and neither takes from the other', context => {
	const folder = accountFolder(context);
	const [one, other] = [0, 1].map(() => new LedgerStore(folder, assert.fail, () => afternoon)) as [
		LedgerStore,
		LedgerStore,
	];
	for (let round = 0; round < 20; round++) {
		one.spend(spent({upBytes: 1, downBytes: 0}));
		other.spend(spent({upBytes: 0, downBytes: 1}));
		one.flush();
		other.flush();
	}
	one.close();
	const {ever} = other.history();
	assert.deepEqual([ever.upBytes, ever.downBytes, ever.turns], [20, 20, 40]);
	other.close();
});

test('what another process holds up is written later, and nobody is told', context => {
	const folder = accountFolder(context);
	const [one, other] = [0, 1].map(() => new LedgerStore(folder, assert.fail, () => afternoon)) as [
		LedgerStore,
		LedgerStore,
	];
	other.spend(spent());
	other.flush();
	const {DatabaseSync} = process.getBuiltinModule('node:sqlite');
	const holder = new DatabaseSync(path.join(folder, ledgerFile));
	holder.exec('BEGIN IMMEDIATE');
	one.spend(spent());
	one.flush();
	holder.exec('ROLLBACK');
	holder.close();
	assert.equal(other.history().ever.turns, 1);
	one.flush();
	assert.equal(other.history().ever.turns, 2);
	one.close();
	other.close();
});

test('a broken file, or a place that is none, is told once; counting goes on', context => {
	const folder = accountFolder(context);
	fs.mkdirSync(folder, {recursive: true});
	fs.writeFileSync(path.join(folder, ledgerFile), 'this is no database, whatever it may have been before '.repeat(99));
	const told: string[] = [];
	const store = new LedgerStore(
		folder,
		({message}) => told.push(message),
		() => afternoon,
	);
	store.spend(spent());
	store.flush();
	store.spend(spent());
	store.flush();
	assert.equal(store.history().ever.turns, 2);
	store.close();
	assert.equal(told.length, 1, told.join());
	const nowhere = new LedgerStore('/dev/null/nowhere', ({message}) => told.push(message));
	nowhere.spend(spent());
	nowhere.close();
	assert.equal(nowhere.history().ever.turns, 1);
	assert.equal(told.length, 2);
});

test('looking into a ledger that is not there makes none', context => {
	const folder = accountFolder(context);
	const store = new LedgerStore(folder, assert.fail);
	assert.equal(store.history().ever.turns, 0);
	store.close();
	assert.ok(!fs.existsSync(folder));
});
