/** Deciding: flag, delete, move, tag, undo, in the real program; and what becomes of it when the program is killed. */
import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import type {DemoServer} from '../../source/demo/server.ts';
import {MailboxState} from '../../source/demo/server.ts';
import {bonsaiOn, inboxOf, keepAccount, letter} from '../helpers/bonsai-on.ts';
import {startDovecot, withoutDovecot} from '../helpers/dovecot.ts';
import {otherClient} from '../helpers/other-client.ts';
import {eventually, openBonsai, ownHome} from '../helpers/screen.ts';

/** With a Message-ID, by which a copy whose answer was lost is found. */
const named = (subject: string): string =>
	letter({subject}).replace('Subject:', `Message-ID: <${subject}@station.example>\r\nSubject:`);
const shelves = (...subjects: readonly string[]) => ({
	mailboxes: () => [
		...inboxOf(...subjects.map(named))(),
		{name: 'Trash', specialUse: '\\Trash', state: new MailboxState(8)},
		{name: 'Archive', specialUse: '\\Archive', state: new MailboxState(9)},
		{name: 'Recipes', state: new MailboxState(10)},
	],
});
const count = (server: DemoServer, name: string): number => server.mailbox(name)!.uids.count;
const flags = (server: DemoServer, uid: number): string[] => [...server.mailbox('INBOX')!.flags(uid)].sort();

describe('deciding', {concurrency: 3}, () => {
	test('d deletes to the Trash and the row is gone; u brings it back', async t => {
		const {bonsai, server} = await bonsaiOn(t, shelves('One', 'Two', 'Three'));
		await bonsai.standsOn('Three');
		bonsai.press('Up', 'd');
		await bonsai.sees('1 message deleted; u takes it back');
		await bonsai.standsOn('Three');
		await bonsai.sees(/ of 2 /);
		await eventually(() => count(server, 'Trash') === 1, 'it is in the Trash');
		bonsai.press('u');
		await bonsai.sees('Taken back: Delete 1 message from INBOX');
		await bonsai.sees(/ of 3 /);
		await eventually(() => count(server, 'Trash') === 0, 'it is back');
	});

	test('in the Trash d is for good, and asks', async t => {
		const {bonsai, server} = await bonsaiOn(t, shelves('One', 'Two'));
		await bonsai.standsOn('Two');
		bonsai.press('d');
		await bonsai.standsOn('One');
		bonsai.press('y');
		await bonsai.sees(/Trash +1/);
		bonsai.press('q', 'c');
		bonsai.press(...'Trash', 'Enter');
		await bonsai.standsOn('Two');
		bonsai.press('d');
		await bonsai.sees('Remove 1 message for good?');
		bonsai.press('n');
		await bonsai.standsOn('Two');
		bonsai.press('d', 'y');
		await bonsai.sees('No messages.');
		await eventually(() => count(server, 'Trash') === 0, 'it is gone');
		assert.equal(count(server, 'INBOX'), 1);
	});

	test('what was moved with the line down is read, flagged and deleted where it is to arrive, and no other in its place', async t => {
		const {bonsai, server} = await bonsaiOn(t, shelves('One', 'Two', 'Three'));
		for (const subject of ['Bread', 'Cake', 'Soup']) server.append('Recipes', named(subject));
		await bonsai.standsOn('Three');
		bonsai.press('c', ...'Recipes', 'Enter');
		await bonsai.standsOn('Soup');
		bonsai.press('c', ...'INBOX', 'Enter');
		await bonsai.standsOn('Three');
		bonsai.press(':', ...'hangup', 'Enter');
		await bonsai.sees('hung up');
		bonsai.press('s', ...'Recipes', 'Enter');
		await bonsai.standsOn('Two');
		bonsai.press('c', ...'Recipes', 'Enter');
		await bonsai.sees(/ of 4 /);
		bonsai.press('End');
		await bonsai.standsOn('Three');
		// Its number in the mailbox where it lies is that of another here.
		bonsai.press('t');
		await bonsai.sees('What has not arrived here yet cannot be tagged');
		assert.doesNotMatch(bonsai.text, /tagged {2}/);
		bonsai.press('Enter');
		await bonsai.sees('Subject: Three');
		bonsai.press('q');
		await bonsai.standsOn('Three');
		bonsai.press('F');
		await bonsai.sees(/↑ NF .*Three/);
		bonsai.press('d');
		await bonsai.sees(/ of 3 /);
		bonsai.press(':', ...'dial', 'Enter');
		await eventually(() => count(server, 'Trash') === 1, 'it is in the Trash');
		const trash = server.mailbox('Trash')!;
		assert.match(trash.letter(1).message.bytes.read(0, 500).toString(), /Subject: Three/);
		assert.ok(trash.flags(1).has('\\Flagged'));
		assert.deepEqual([count(server, 'INBOX'), count(server, 'Recipes')], [2, 3]);
	});

	test('F flags, N marks; the row says so at once, and the server holds it', async t => {
		const {bonsai, server} = await bonsaiOn(t, shelves('One', 'Two'));
		await bonsai.standsOn(/N {2} .*Two/);
		bonsai.press('F');
		await bonsai.standsOn(/NF .*Two/);
		bonsai.press('N');
		await bonsai.standsOn(/ F .*Two/);
		await eventually(() => flags(server, 2).join() === '\\Flagged,\\Seen', 'the flags are there');
		bonsai.press('F', 'N');
		await eventually(() => flags(server, 2).length === 0, 'and gone again');
	});

	test('s moves to a mailbox by a part of its name, a to the archive, C copies', async t => {
		const {bonsai, server} = await bonsaiOn(t, shelves('One', 'Two', 'Three'));
		await bonsai.standsOn('Three');
		bonsai.press('s');
		await bonsai.sees('Move 1 message to mailbox:');
		bonsai.press(...'Rec');
		await bonsai.pressUntil('Tab', 'mailbox: Recipes');
		bonsai.press('Enter');
		await bonsai.sees('1 message moved to Recipes; u takes it back');
		await bonsai.standsOn('Two');
		bonsai.press('a');
		await bonsai.standsOn('One');
		bonsai.press('C');
		await bonsai.sees('Copy 1 message to mailbox:');
		bonsai.press(...'Archive', 'Enter');
		await bonsai.sees('1 message copied to Archive');
		await eventually(
			() => count(server, 'Recipes') === 1 && count(server, 'Archive') === 2 && count(server, 'INBOX') === 1,
			'each is where it should be',
		);
	});

	test('tags: one, a range, all; and one key decides about all of them', async t => {
		const {bonsai, server} = await bonsaiOn(t, shelves('One', 'Two', 'Three', 'Four', 'Five'));
		await bonsai.standsOn('Five');
		bonsai.press('Home', 't');
		await bonsai.sees(/\*N .*One/);
		await bonsai.standsOn('Two');
		bonsai.press(':', ...'tag 3-4', 'Enter');
		await bonsai.sees('3 tagged');
		bonsai.press(';', 'N');
		await bonsai.sees('3 messages marked as read');
		await eventually(() => [1, 3, 4].every(uid => flags(server, uid).includes('\\Seen')), 'they are read');
		assert.deepEqual([flags(server, 2), flags(server, 5)], [[], []]);
		bonsai.press(':', ...'tag all', 'Enter');
		await bonsai.sees('5 tagged');
		bonsai.press(';', 'd');
		await bonsai.sees('No messages.');
		await eventually(() => count(server, 'Trash') === 5, 'all are in the Trash');
		bonsai.press('u');
		await eventually(() => count(server, 'INBOX') === 5, 'all are back');
	});

	test('reading marks as read when the text is there, and d reads on', async t => {
		const {bonsai, server} = await bonsaiOn(t, shelves('One', 'Two', 'Three'));
		await bonsai.standsOn('Three');
		bonsai.press('Up', 'Enter');
		await bonsai.sees('The text of Two.');
		await eventually(() => flags(server, 2).includes('\\Seen'), 'it is read');
		bonsai.press('d');
		await bonsai.sees('The text of Three.');
		bonsai.press('d');
		await bonsai.standsOn('One');
		await eventually(() => count(server, 'Trash') === 2, 'both are in the Trash');
	});

	test('reading marks nothing where the preference says so', async t => {
		const {bonsai, server} = await bonsaiOn(t, {...shelves('One'), preferences: {markRead: false}});
		await bonsai.standsOn('One');
		bonsai.press('Enter');
		await bonsai.sees('The text of One.');
		bonsai.press('v');
		await bonsai.sees('Parts of: One');
		assert.deepEqual(flags(server, 1), []);
	});

	test('a refusal is told in the server’s words, the message is back, and the outbox sends it again', async t => {
		const {bonsai, server} = await bonsaiOn(t, shelves('One', 'Two'));
		await bonsai.standsOn('Two');
		server.faults.add({kind: 'refuse', command: /^UID MOVE/, answer: 'NO', text: 'Your shelf is full', times: 1});
		bonsai.press('a');
		await bonsai.sees('Your shelf is full');
		await bonsai.sees(/ of 2 /);
		bonsai.press('X');
		await bonsai.sees(/refused .* Move 1 message from INBOX to the archive/);
		await bonsai.sees('r sends it again');
		bonsai.press('r');
		await bonsai.sees(/done .* Move 1 message/);
		assert.equal(count(server, 'Archive'), 1);
	});

	test('killed before anything was sent, the next start sends it', async t => {
		const {bonsai, server, home} = await bonsaiOn(t, shelves('One', 'Two'));
		await bonsai.standsOn('Two');
		bonsai.press(':', ...'hangup', 'Enter');
		await bonsai.sees('You hung up');
		bonsai.press('d');
		await bonsai.sees('1 message deleted, when there is a line');
		bonsai.press('F');
		await bonsai.standsOn(/↑ NF .*One/);
		bonsai.kill();
		await bonsai.exited;
		assert.equal(count(server, 'Trash'), 0);
		const again = openBonsai({home, env: {BONSAI_TEST_PASSWORD: 'demo'}});
		t.after(() => again.close());
		await again.standsOn(/NF .*One/);
		await eventually(() => count(server, 'Trash') === 1 && flags(server, 1).includes('\\Flagged'), 'it was sent');
	});

	test('killed between the command and its answer, nothing is lost and nothing is done twice', async t => {
		const {bonsai, server, home} = await bonsaiOn(t, shelves('One', 'Two'));
		await bonsai.standsOn('Two');
		server.faults.add({kind: 'silence', command: /^UID COPY/, times: 1});
		bonsai.press('C', ...'Archive', 'Enter');
		await eventually(() => server.transcript.some(({text}) => text.includes('UID COPY')), 'the command is on its way');
		bonsai.kill();
		await bonsai.exited;
		const again = openBonsai({home, env: {BONSAI_TEST_PASSWORD: 'demo'}});
		t.after(() => again.close());
		await again.standsOn('Two');
		await eventually(() => count(server, 'Archive') === 1, 'it was copied once');
		again.press('X');
		await again.sees(/done .* Copy 1 message from INBOX to Archive/);
		assert.equal(count(server, 'Archive'), 1);
	});

	test('on a real Dovecot: flag, move, tag, undo', {skip: withoutDovecot}, async t => {
		const dovecot = await startDovecot();
		t.after(() => dovecot.stop());
		const other = await otherClient(dovecot.port, 'robin', dovecot.password);
		t.after(() => other.close());
		for (const subject of ['One', 'Two', 'Three']) await other.append('INBOX', letter({subject}));
		await other.command('CREATE Recipes');
		const home = ownHome();
		keepAccount(home, {port: dovecot.port, user: 'robin'});
		const bonsai = openBonsai({home, env: {BONSAI_TEST_PASSWORD: dovecot.password}});
		t.after(() => bonsai.close());
		const holds = async (name: string): Promise<string> =>
			/MESSAGES (\d+)/.exec(await other.command(`STATUS ${name} (MESSAGES)`))![1]!;
		await bonsai.standsOn('Three');
		bonsai.press('F', 's', ...'Recipes', 'Enter');
		await bonsai.sees('1 message moved to Recipes');
		bonsai.press('X');
		await bonsai.sees(/done .* Move 1 message/);
		assert.equal(await holds('Recipes'), '1');
		bonsai.press('q', ':', ...'tag all', 'Enter');
		await bonsai.sees('2 tagged');
		bonsai.press(';', 'd', 'X');
		await bonsai.sees(/done .* Delete 2 messages/);
		assert.deepEqual([await holds('INBOX'), await holds('Trash')], ['0', '2']);
		bonsai.press('u');
		await bonsai.sees(/undone .* Delete 2 messages/);
		await bonsai.sees(/done .* Move 2 messages from Trash to INBOX/);
		assert.deepEqual([await holds('INBOX'), await holds('Trash')], ['2', '0']);
		assert.match(await other.command('SELECT Recipes').then(() => other.command('FETCH 1 (FLAGS)')), /\\Flagged/);
	});
});
