import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {inbox, messageId, partNumber} from '../../source/model/ids.ts';
import {ours, safeText} from '../../source/model/safe-text.ts';
import type {Transfer} from '../../source/model/transfer.ts';
import {
	type FakeMessage,
	type FakeSession,
	fakeMessage,
	fakePart,
	fakeSession,
	noContent,
	textLine,
} from './fake-session.ts';
import {type Shown, show} from './show.tsx';

const structure = fakePart('', 'multipart/mixed', {
	children: [
		fakePart('1', 'multipart/alternative', {children: [fakePart('1.1', 'text/plain'), fakePart('1.2', 'text/html')]}),
		fakePart('2', 'application/pdf', {name: ours('report.pdf'), sizeBytes: 31_000}),
		fakePart('3', 'text/x-patch', {name: ours('fix.patch'), sizeBytes: 3100}),
	],
});

async function opened(): Promise<{session: FakeSession; screen: Shown; message: FakeMessage}> {
	const session = fakeSession();
	session.fill(inbox, [fakeMessage(1)]);
	const message = session.message(messageId(1));
	message.content.set({...noContent, state: 'known', structure});
	const screen = await show(session);
	await screen.press('v');
	session.spent();
	return {session, screen, message};
}

const transfer = (over: Partial<Transfer>): Transfer => ({
	id: 1,
	mailbox: inbox,
	uid: 1,
	part: partNumber('3'),
	name: ours('fix.patch'),
	into: 'memory',
	file: ours(''),
	state: 'coming',
	heldBytes: 1000,
	totalBytes: 3100,
	bytesPerSecond: undefined,
	because: ours(''),
	...over,
});

describe('the parts of a message', () => {
	test('are a tree as the server describes it, with sizes, marks and times', async () => {
		const {screen} = await opened();
		const lines = screen.lines();
		assert.match(lines[1] ?? '', /multipart\/mixed/);
		assert.match(lines[3] ?? '', /1\.1 +│ ├─text\/plain +1\.0k \. +~1 s/);
		assert.match(lines[5] ?? '', /2 +├─application\/pdf +report\.pdf +31k \. +~1[01] s/);
		assert.match(lines[6] ?? '', /3 +└─text\/x-patch +fix\.patch/);
		assert.equal(lines.length, 24);
	});

	test('looking at them asks for the structure and nothing more', async () => {
		const session = fakeSession();
		session.fill(inbox, [fakeMessage(1)]);
		const screen = await show(session);
		session.spent();
		await screen.press('v');
		assert.deepEqual(session.spent(), ['ensureContent 1']);
		await screen.press('j', 'j', 'k', 'End');
		await screen.rerender();
		assert.deepEqual(session.spent(), []);
	});

	test('the cursor begins on the first part that is no bracket around others', async () => {
		const {screen} = await opened();
		assert.match(screen.text(), /part 1\.1: 1\.3 kB, ~1 s at 3\.1 kB\/s\. Enter fetches\./);
	});

	test('what is marked has one price, is shown before it is spent, and comes with Enter', async () => {
		const {session, screen} = await opened();
		await screen.press('j', 'j', 'Space', 'Space');
		assert.match(screen.text(), /2 marked: 36 kB, ~12 s at 3\.1 kB\/s\. Enter fetches, s saves\./);
		assert.deepEqual(session.spent(), []);
		await screen.press('Enter');
		assert.deepEqual(session.spent(), ['choose 1 2,3']);
		assert.doesNotMatch(screen.text(), /marked/);
	});

	test('Space again takes a mark away', async () => {
		const {screen} = await opened();
		await screen.press('Space', 'k', 'Space');
		assert.doesNotMatch(screen.text(), /marked/);
	});

	test('a part that holds others cannot be marked, and says so', async () => {
		const {screen} = await opened();
		await screen.press('Home', 'Space');
		assert.match(screen.text(), /this holds other parts: mark those/);
	});

	test('a text that was asked for opens when it has come', async () => {
		const {session, screen, message} = await opened();
		await screen.press('End', 'Enter');
		assert.deepEqual(session.spent(), ['choose 1 3']);
		session.transfers.set([transfer({})]);
		await screen.settled();
		assert.match(screen.lines()[6] ?? '', / 32% /);
		assert.match(screen.text(), /fix\.patch 32% of 3\.1k, <1 s left/);
		message.held.set(partNumber('3'), 3100);
		message.partTexts.set(partNumber('3'), ['--- a/fix', '+++ b/fix'].map(textLine));
		session.transfers.set([]);
		await screen.settled();
		assert.match(screen.lines()[1] ?? '', /--- a\/fix/);
		await screen.press('q');
		assert.match(screen.lines()[6] ?? '', /fix\.patch +3\.1k ●/);
	});

	test('a text does not open under the hands of a user who went on', async () => {
		const {session, screen, message} = await opened();
		await screen.press('End', 'Enter', 'k');
		message.partTexts.set(partNumber('3'), [textLine('--- a/fix')]);
		session.transfers.set([transfer({state: 'done'})]);
		await screen.settled();
		assert.match(screen.lines()[0] ?? '', /Parts of/);
	});

	test('saving asks for the file, with its name suggested', async () => {
		const {session, screen} = await opened();
		await screen.press('j', 'j', 's');
		assert.match(screen.text(), /Save \(32 kB, ~11 s\) as: part-2\.bin/);
		await screen.press('Ctrl+u');
		await screen.type('out.pdf');
		await screen.press('Enter');
		assert.deepEqual(session.spent(), ['save 1 2 out.pdf']);
	});

	test('a file that is there is replaced only after a yes', async () => {
		const {session, screen} = await opened();
		session.files.add('part-2.bin');
		await screen.press('j', 'j', 's', 'Enter');
		assert.match(screen.text(), /part-2\.bin exists\. Replace it\? \(y for yes/);
		await screen.press('n');
		assert.deepEqual(session.spent(), []);
		await screen.press('s', 'Enter', 'y');
		assert.deepEqual(session.spent(), ['save 1 2 part-2.bin replacing']);
	});

	test('a part feeds a command, and what it prints is shown', async () => {
		const {session, screen, message} = await opened();
		await screen.press('j', 'j', '|');
		await screen.type('wc -c');
		await screen.press('Enter');
		assert.deepEqual(session.spent(), ['pipe 1 2 wc -c']);
		message.pipeOutput.set({command: ours('wc -c'), state: 'done', output: safeText('31000\nbytes'), exitCode: 3});
		await screen.settled();
		assert.match(screen.lines()[0] ?? '', /\| wc -c {2}\(exit 3\)/);
		assert.deepEqual(screen.lines().slice(1, 3), ['31000', 'bytes']);
	});

	test(':save FILE needs no question', async () => {
		const {session, screen} = await opened();
		await screen.press('j', 'j', ':');
		await screen.type('save my.pdf');
		await screen.press('Enter');
		assert.deepEqual(session.spent(), ['save 1 2 my.pdf']);
	});

	test('a message the server cannot describe can still be fed to a command whole', async () => {
		const {session, screen, message} = await opened();
		message.content.set({...noContent, state: 'known'});
		await screen.settled();
		assert.match(screen.text(), /The server cannot describe this message/);
		await screen.press('|', 'x', 'Enter');
		assert.deepEqual(session.spent(), ['pipe 1 x']);
	});

	test('what is marked is saved into one folder, and o has another program open a part', async () => {
		const {session, screen} = await opened();
		await screen.press('j', 'j', 'Space', 'Space', 's');
		assert.match(screen.text(), /Save 2 parts \(.*\) into the folder: \.\//);
		await screen.press('Enter');
		assert.match(session.spent().join(), /^saveAll 1 \S+,\S+ \.\/$/);
		await screen.press('o');
		assert.match(session.spent().join(), /^open 1 /);
		await screen.press('D');
		assert.match(screen.text(), /downloads/);
	});
});
