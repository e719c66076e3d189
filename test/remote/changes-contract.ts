/**
 * What a Remote promises of what changed while nobody looked, and while a mailbox is open: the same tests run on the demo
 * server and on a real Dovecot.
 */
import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {inbox, type MailboxPath, mailboxPath} from '../../source/model/ids.ts';
import type {KnownMailbox} from '../../source/remote/remote.ts';
import {heard} from '../helpers/waiting.ts';
import {type ContractServer, contractFixture, ownFlags} from './contract-fixture.ts';

export function changesContract(
	name: string,
	start: () => Promise<ContractServer>,
	skip: string | false = false,
): void {
	describe(`what changed, on ${name}`, {skip, timeout: 60_000}, () => {
		const fixture = contractFixture(start);
		const {dial, visit} = fixture;
		let shelfNumber = 0;

		/** A mailbox with six messages, of which the first is flagged, as it was known at the end of a visit. */
		async function shelf(
			disabledCapabilities: readonly string[] = [],
		): Promise<{path: MailboxPath; known: KnownMailbox; remembered: {capabilities: string[]}}> {
			shelfNumber += 1;
			const path = mailboxPath(`Shelf ${shelfNumber}`);
			const {other} = fixture;
			await other.command(`CREATE "${path}"`);
			for (let index = 1; index <= 6; index++)
				await other.append(path, `Subject: number ${index}\n\nText\n`, index === 1 ? '(\\Flagged)' : '()');
			const {remote, opened} = await dial({mailbox: path, account: {disabledCapabilities}});
			assert.equal(opened.count, 6);
			const {uidValidity, highestModseq} = opened;
			const remembered = {capabilities: [...remote.capabilities]};
			remote.cut();
			return {path, known: {uidValidity, highestModseq, uids: {first: 1, last: 6}}, remembered};
		}

		test('a mailbox of which nothing changed is open after two waits and 1,200 bytes, and says so', async () => {
			const {path, known, remembered} = await shelf();
			const {remote, opened} = await dial({mailbox: path, known, remembered});
			assert.deepEqual(opened.changes, {vanished: '', flags: []});
			assert.equal(opened.highestModseq, known.highestModseq);
			const {upBytes, downBytes, turns} = remote.usage;
			assert.equal(turns, 2);
			assert.ok(upBytes + downBytes <= 1200, `${upBytes} + ${downBytes} bytes`);
		});

		test('a copy of some that are gone is refused, whatever the server calls it, and nothing is copied', async () => {
			const [{path}, far] = [await shelf(), await shelf()];
			const {remote} = await dial({mailbox: path});
			await visit(path, 'UID STORE 3 +FLAGS.SILENT (\\Deleted)', 'UID EXPUNGE 3');
			await assert.rejects(remote.copy('2:4', far.path), {kind: 'refused', code: 'EXPUNGEISSUED'});
			assert.deepEqual((await remote.copy('2:4', far.path))?.from, [2, 4]);
		});

		test('a server never met tells what changed as well', async () => {
			const {path, known} = await shelf();
			await visit(path, 'UID STORE 2 +FLAGS (\\Answered)');
			const {opened} = await dial({mailbox: path, known});
			assert.deepEqual(opened.changes, {vanished: '', flags: [{uid: 2, flags: ['\\Answered']}]});
		});

		test('what vanished and which flags changed comes with the open; what is new does not', async () => {
			const {path, known, remembered} = await shelf();
			await visit(path, 'UID STORE 3,5 +FLAGS.SILENT (\\Deleted)', 'EXPUNGE', 'UID STORE 1 -FLAGS.SILENT (\\Flagged)');
			await visit(path, 'UID STORE 2 +FLAGS.SILENT (\\Seen $Mine)');
			await fixture.other.append(path, 'Subject: new\n\nNew\n');
			const {opened} = await dial({mailbox: path, known, remembered});
			assert.equal(opened.count, 5);
			assert.equal(opened.uidNext, 8);
			assert.equal(opened.changes?.vanished, '3,5');
			const flags = opened.changes?.flags.map(each => [each.uid, ownFlags(each.flags)]);
			assert.deepEqual(flags, [
				[1, []],
				[2, ['$Mine', '\\Seen']],
			]);
			assert.ok(BigInt(opened.highestModseq ?? 0) > BigInt(known.highestModseq ?? 0));
		});

		test('of messages that are not held nothing is told', async () => {
			const {path, known, remembered} = await shelf();
			await visit(path, 'UID STORE 1:2 +FLAGS.SILENT (\\Deleted)', 'EXPUNGE', 'UID STORE 3:6 +FLAGS.SILENT (\\Seen)');
			const {opened} = await dial({mailbox: path, known: {...known, uids: {first: 2, last: 3}}, remembered});
			assert.equal(opened.changes?.vanished, '2');
			assert.deepEqual(
				opened.changes?.flags.map(({uid}) => uid),
				[3],
			);
		});

		test('a mailbox that is another one now tells nothing of the old one', async () => {
			const {path, known, remembered} = await shelf();
			await visit(path, 'UID STORE 1:2 +FLAGS.SILENT (\\Deleted)', 'EXPUNGE');
			const stranger = {...known, uidValidity: known.uidValidity + 1};
			const {opened} = await dial({mailbox: path, known: stranger, remembered});
			assert.equal(opened.changes, undefined);
			assert.equal(opened.uidValidity, known.uidValidity);
			assert.equal(opened.count, 4);
		});

		test('another mailbox tells what changed when it is opened later, too', async () => {
			const {path, known, remembered} = await shelf();
			const second = await shelf();
			await visit(second.path, 'UID STORE 6 +FLAGS.SILENT (\\Deleted)', 'EXPUNGE');
			const {remote} = await dial({mailbox: path, known, remembered});
			const opened = await remote.select(second.path, second.known);
			assert.deepEqual(opened.changes, {vanished: '6', flags: []});
		});

		test('with no mailbox to open in the login, the next one tells what changed', async () => {
			const {path, known, remembered} = await shelf();
			await visit(path, 'UID STORE 6 +FLAGS.SILENT (\\Deleted)', 'EXPUNGE');
			const {remote} = await dial({mailbox: undefined, remembered});
			assert.deepEqual((await remote.select(path, known)).changes, {vanished: '6', flags: []});
		});

		for (const disabled of [['QRESYNC'], ['QRESYNC', 'CONDSTORE'], ['ENABLE']]) {
			test(`without ${disabled.join(' and ')} what changed is not told; there is nothing false in its place`, async () => {
				const {path, known, remembered} = await shelf(disabled);
				await visit(path, 'UID STORE 6 +FLAGS.SILENT (\\Deleted)', 'EXPUNGE');
				// Remembered from a time when it was not disabled yet.
				const capabilities = [...remembered.capabilities, ...disabled];
				const account = {disabledCapabilities: disabled};
				const {remote, opened} = await dial({mailbox: path, known, remembered: {capabilities}, account});
				assert.equal(opened.changes, undefined);
				assert.equal(opened.count, 5);
				if (!disabled.includes('CONDSTORE'))
					assert.ok(BigInt(opened.highestModseq ?? 0) > BigInt(known.highestModseq ?? 0));
				assert.equal((await remote.select(inbox, 'changes')).changes, undefined);
			});
		}

		test('one question says which mailboxes changed, and asking for one alone says the same', async () => {
			const {path, known, remembered} = await shelf();
			const {remote} = await dial({mailbox: undefined, remembered});
			const turns = remote.usage.turns;
			const find = async () =>
				(await remote.fetchMailboxes({withChanges: true})).find(each => each.path === path) ?? assert.fail();
			const before = await find();
			assert.equal(remote.usage.turns, turns + 1);
			assert.equal(before.uidValidity, known.uidValidity);
			assert.equal(before.uidNext, 7);
			assert.equal(before.highestModseq, known.highestModseq);
			await visit(path, 'UID STORE 2 +FLAGS.SILENT (\\Seen)');
			const after = await find();
			assert.ok(BigInt(after.highestModseq ?? 0) > BigInt(before.highestModseq ?? 0));
			const {messages, unseen, uidValidity, uidNext, highestModseq} = after;
			assert.deepEqual([messages, unseen], [6, 5]);
			const alone = await remote.fetchStatus(path, {withChanges: true});
			assert.deepEqual(alone, {messages, unseen, uidValidity, uidNext, highestModseq});
			assert.equal((await remote.select(path, 'changes')).highestModseq, highestModseq);
		});

		test('a server without CONDSTORE is not asked for HIGHESTMODSEQ', async () => {
			const {path, known} = await shelf(['CONDSTORE', 'QRESYNC']);
			const account = {disabledCapabilities: ['CONDSTORE', 'QRESYNC', 'LIST-STATUS']};
			const {remote} = await dial({mailbox: undefined, account});
			const listed = (await remote.fetchMailboxes({withChanges: true})).find(each => each.path === path);
			assert.equal(listed?.uidNext, undefined);
			const {uidValidity, uidNext, highestModseq} = (await remote.fetchStatus(path, {withChanges: true})) ?? {};
			assert.deepEqual([uidValidity, uidNext, highestModseq], [known.uidValidity, 7, undefined]);
		});

		test('what goes while the mailbox is open is told by UID, what is flagged too', async () => {
			const {path, known, remembered} = await shelf();
			const vanished = heard<string>();
			const flagged = heard<{uid: number | undefined; flags: readonly string[]}>();
			const expunged = heard<number>();
			const events = {onVanished: vanished.tell, onFlags: flagged.tell, onExpunge: expunged.tell};
			const {remote} = await dial({mailbox: path, known, remembered, events});
			await visit(path, 'UID STORE 2,4 +FLAGS.SILENT (\\Deleted)', 'EXPUNGE', 'UID STORE 5 +FLAGS.SILENT (\\Seen)');
			await remote.look();
			assert.deepEqual(vanished.all, ['2,4']);
			assert.deepEqual(expunged.all, []);
			const {uid, flags} = flagged.all.at(-1)!;
			assert.deepEqual([uid, ownFlags(flags)], [5, ['\\Seen']]);
		});

		test('while waiting for news, what vanished and what came is told by itself', async () => {
			const {path, known, remembered} = await shelf();
			const vanished = heard<string>();
			const counts = heard<number>();
			const events = {onVanished: vanished.tell, onCount: counts.tell};
			const {remote} = await dial({mailbox: path, known, remembered, events});
			remote.idle();
			await visit(path, 'UID STORE 2:3 +FLAGS.SILENT (\\Deleted)', 'EXPUNGE');
			await vanished.next(1);
			assert.deepEqual(vanished.all, ['2:3']);
			await fixture.other.append(path, 'Subject: new\n\nNew\n');
			await counts.next(1);
			assert.equal(counts.all.at(-1), 5);
		});

		test('our own removal tells what vanished, and after it how far we now know', async () => {
			const {path, known, remembered} = await shelf();
			const told = heard<string>();
			const events = {
				onVanished: (uids: string) => told.tell(`vanished ${uids}`),
				onHighestModseq: (modseq: string) => told.tell(modseq),
			};
			const {remote} = await dial({mailbox: path, known, remembered, events});
			await Promise.all([remote.storeFlag('3:4', '\\Deleted', true), remote.expunge('3:4')]);
			const [vanished, modseq] = told.all.slice(-2);
			assert.equal(vanished, 'vanished 3:4');
			const again = await dial({mailbox: path, known: {...known, highestModseq: modseq}, remembered});
			assert.deepEqual(again.opened.changes, {vanished: '', flags: []});
		});

		test('a move says where to, and that what was moved has vanished', async () => {
			const {path, known, remembered} = await shelf();
			const target = await shelf();
			const vanished = heard<string>();
			const {remote} = await dial({mailbox: path, known, remembered, events: {onVanished: vanished.tell}});
			const copied = await remote.move('2:3', target.path);
			assert.deepEqual(copied, {uidValidity: target.known.uidValidity, from: [2, 3], to: [7, 8]});
			assert.deepEqual(vanished.all, ['2:3']);
		});

		test('rows, openings and what one asked for by number are as without', async () => {
			const {path, known, remembered} = await shelf();
			const {remote} = await dial({mailbox: path, known, remembered});
			await visit(path, 'UID STORE 5 +FLAGS.SILENT (\\Seen)');
			const uids: number[] = [];
			assert.equal(await remote.fetchRows('2:4', ({uid}) => uids.push(uid)), 3);
			assert.deepEqual(uids, [2, 3, 4]);
			const opening = await remote.fetchOpening(5, 100, {withRow: true});
			assert.equal(opening.probe.toString().trim(), 'Text');
			assert.deepEqual(ownFlags(opening.row?.flags ?? []), ['\\Seen']);
		});
	});
}
