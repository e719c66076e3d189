/** Mail that tries to drive the terminal or to fool the eye is shown, harmlessly (law 9). */
import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {bonsaiDemo, bonsaiOn, inboxOf, letter, mimeWithFiles} from '../helpers/bonsai-on.ts';
import {forbiddenIn} from '../helpers/escape-sequences.ts';
import type {Bonsai} from '../helpers/screen.ts';

describe('safety', {concurrency: 3}, () => {
	function assertUnharmed(bonsai: Bonsai): void {
		assert.deepEqual(forbiddenIn(bonsai.output), []);
		assert.deepEqual(bonsai.titles, [], 'the title was never changed');
		// DA1, DSR and DECRQM are our own questions.
		const answers = bonsai.answers.filter(answer => !/^\x1b\[(\?[\d;]+c|0n|\?2026;\d\$y)$/.test(answer));
		assert.deepEqual(answers, [], 'the terminal was asked nothing else');
		const {modes, buffer, cols, rows} = bonsai.terminal;
		assert.equal(buffer.active.type, 'alternate');
		assert.equal(modes.mouseTrackingMode, 'none');
		assert.deepEqual(
			[
				modes.applicationCursorKeysMode,
				modes.applicationKeypadMode,
				modes.insertMode,
				modes.originMode,
				modes.reverseWraparoundMode,
				modes.sendFocusMode,
			],
			[false, false, false, false, false, false],
		);
		assert.ok(bonsai.cursor.row < rows && bonsai.cursor.column < cols);
		assert.equal(bonsai.screen.length, rows);
		assert.match(bonsai.screen.at(-2) ?? '', /\?:Help/, 'the key menu stands where it stood');
	}

	test('the judge of these tests finds what it has to find', () => {
		const harmful =
			'\x1b]0;title\x07 \x1b]52;c;eA==\x1b\\ \x1bP$q"p\x1b\\ \x1b[6n \x1b[>c \x1b[?1003h \x1bc \u009b2J \x07 \u202e \x1b[5i';
		assert.equal(forbiddenIn(Buffer.from(harmful)).length, 11);
		assert.deepEqual(forbiddenIn(Buffer.from('\x1b[?25l\x1b[1;31mred\x1b[0m\x1b[2;1H\x1b[K\r\n')), []);
	});

	// The Junk of the demo: eight attacks, again and again; these are one of each.
	for (const [position, row, text] of [
		[33, 'Berth changed ␛]0;you', 'Your berth has changed.␛[2J'],
		[34, 'Invoice for', 'Dear customer,'],
		[35, '8-bit controls', 'One-byte CSI: �2J'],
		[36, 'Fine so far', 'None of them may end the line they are shown on.'],
		[37, 'From looks like two', 'The display name holds a quote'],
		[38, 'very very very', 'xxxxxxxxxxxx'],
		[39, 'Nine files', 'Save them all somewhere safe.'],
		[40, 'A multipart without', 'cannot be decoded'],
	] as const) {
		test(`the hostile message "${row}" is listed, opened and taken apart, and drives nothing`, async t => {
			const bonsai = bonsaiDemo(t, {args: ['--mailbox', 'Junk']});
			await bonsai.sees('40 of 40');
			bonsai.press(String(position), 'Enter');
			await bonsai.standsOn(row);
			assertUnharmed(bonsai);
			bonsai.press('Enter');
			await bonsai.sees(text);
			bonsai.press('H');
			await bonsai.sees('Message-ID:');
			assertUnharmed(bonsai);
			bonsai.press('v');
			await bonsai.sees('Parts of:');
			bonsai.press('Down', 's');
			await bonsai.sees(/Save \(.*\) as: |cannot be saved/);
			bonsai.press('Ctrl+c', '?');
			await bonsai.sees('Keys in');
			assertUnharmed(bonsai);
		});
	}

	test('a text part that is looked at drives nothing', async t => {
		const files = [['notes.txt', 'before\x1b]0;renamed\x07\x1b[?1003h\x1b[2J\u009b31m\u202eafter\n']] as const;
		const {bonsai} = await bonsaiOn(t, {
			mailboxes: inboxOf(letter({subject: 'Notes', mime: mimeWithFiles('See below.', files)})),
		});
		await bonsai.standsOn('Notes');
		bonsai.press('v');
		await bonsai.sees('notes.txt');
		bonsai.press('Down', 'Enter');
		await bonsai.sees(/before␛\]0;renamed/);
		assertUnharmed(bonsai);
	});

	test('what a command prints drives nothing', async t => {
		const {bonsai} = await bonsaiOn(t, {mailboxes: inboxOf(letter({subject: 'Notes'}))});
		await bonsai.standsOn('Notes');
		bonsai.press('Enter');
		await bonsai.sees('The text of Notes.');
		bonsai.press('|', String.raw`printf 'A\033]0;renamed\007\033[2JZ'`, 'Enter');
		await bonsai.sees('A␛]0;renamed');
		assertUnharmed(bonsai);
	});

	test('what the server says drives nothing', async t => {
		const {bonsai} = await bonsaiOn(t, {
			faults: [{kind: 'refuse', command: /^SELECT/, answer: 'NO', text: 'No \x1b]0;renamed\x07\x1b[2J today'}],
		});
		await bonsai.sees('The server refuses to open the mailbox: No ␛]0;renamed');
		assertUnharmed(bonsai);
	});

	test('a name of a file that is typed drives nothing', async t => {
		const {bonsai} = await bonsaiOn(t, {mailboxes: inboxOf(letter({subject: 'Notes'}))});
		await bonsai.standsOn('Notes');
		bonsai.press(':', '\x1b[200~fly\x1b]0;renamed\x07\x1b[31m\x1b[201~', 'Enter');
		await bonsai.sees('there is no command fly');
		assertUnharmed(bonsai);
	});
});
