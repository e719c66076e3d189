import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {inbox, mailboxPath} from '../../source/model/ids.ts';
import {noWish, type Wish} from '../../source/model/wish.ts';
import type {FakeSession} from './fake-session.ts';
import {fakeMailboxRow, linkUp} from './fake-session.ts';
import {type Shown, show} from './show.tsx';
import {withMail} from './with-mail.ts';

const bonsai = mailboxPath('Lists/bonsai');
const newest = (last: number): Wish => ({...noWish, summaries: {last}});

/** On the wishes, with the cursor on the inbox: 10 of its 30 messages are here. */
async function onWishes(size: {columns?: number; rows?: number} = {}): Promise<{session: FakeSession; screen: Shown}> {
	const session = withMail();
	session.heldOf.set(inbox, {summaries: 10, structures: 10, texts: 10, sample: []});
	session.wishes.set({otherwise: noWish, mailboxes: {INBOX: newest(20)}});
	const screen = await show(session, size);
	await screen.press('y', 'w');
	session.spent();
	return {session, screen};
}

const typeInstead = async (screen: Shown, text: string): Promise<void> => {
	await screen.press('Ctrl+u', 'Ctrl+k');
	await screen.type(text);
};

describe('the wishes', () => {
	test('say of each mailbox what comes, what is here and what the rest would cost, and ask for nothing', async () => {
		const {session, screen} = await onWishes();
		assert.match(screen.lines()[0] ?? '', /demo {2}wishes +2 of 3/);
		assert.match(screen.text(), /\(all others\) +nothing +0 +9 +0\n/);
		assert.match(screen.text(), /INBOX +the newest 20, no text +10 +30 +~907\n/);
		assert.match(screen.text(), /Lists\/bonsai +as all others +0 +9 +0\n/);
		assert.match(screen.text(), /INBOX: the newest 20, no text\. Would cost now: about 907 bytes, <1 s, for 10/);
		await screen.press('j');
		assert.match(screen.text(), /Lists\/bonsai: nothing\. Would cost now: nothing\. /);
		await screen.press('k', 'k');
		assert.deepEqual(session.spent(), []);
	});
	test('of a mailbox nobody has counted, and on a line that was never up, no more is said than is known', async () => {
		const {session, screen} = await onWishes();
		session.link.set({...linkUp, state: 'hung-up', roundTripMs: undefined, bytesPerSecond: undefined});
		session.mailboxes.set({state: 'known', mailboxes: [fakeMailboxRow('INBOX', {specialUse: 'inbox'})]});
		session.wishes.set({otherwise: noWish, mailboxes: {INBOX: {...noWish, summaries: 'all'}, Gone: newest(9)}});
		await screen.settled();
		assert.match(screen.text(), /INBOX +all, no text +10 +\? +\?\n/);
		assert.match(screen.text(), /Gone +the newest 9, no text +0 +0 +0\n/);
		assert.match(
			screen.text().replace(/\s+/g, ' '),
			/Would cost now: not known: how many messages there are is not known yet/,
		);
		session.wishes.set({otherwise: noWish, mailboxes: {INBOX: newest(20)}});
		await screen.settled();
		assert.match(screen.text(), /INBOX +the newest 20, no text +10 +\? +<5.0k\n/);
	});
	test('are edited in fields, with the cost at each key, and kept with Enter', async () => {
		const {session, screen} = await onWishes();
		await screen.press('Enter');
		assert.match(screen.lines()[0] ?? '', /wish of INBOX/);
		assert.match(screen.text(), /Messages +20/);
		assert.match(screen.text(), /Would cost now: about 907 bytes/);
		await typeInstead(screen, '30');
		assert.match(screen.text(), /the newest 30, no text\. Would cost now: about 1\.8 kB, ~1 s, for 20 messages/);
		await screen.press('Tab');
		await typeInstead(screen, '4 kB');
		await screen.press('Down');
		await typeInstead(screen, 'pdf 200 kB');
		assert.match(screen.text(), /the newest 30, text up to 4\.0 kB, PDF up to 200 kB\./);
		assert.match(screen.text().replace(/\s+/g, ' '), /for 20 messages; parts come besides, their sizes are not known/);
		assert.deepEqual(session.spent(), []);
		await screen.press('Enter');
		assert.deepEqual(session.spent(), ['setWish INBOX the newest 30, text up to 4.0 kB, PDF up to 200 kB']);
		assert.match(screen.lines()[0] ?? '', /demo {2}wishes +2 of 3/);
		assert.match(screen.text(), /INBOX +the newest 30, text up to 4/);
	});
	test('what cannot be meant is said at once and not kept; Escape leaves the wish as it was', async () => {
		const {session, screen} = await onWishes();
		await screen.press('Enter', 'Tab', 'Tab');
		await typeInstead(screen, 'pfd 2k');
		assert.match(screen.text(), /pfd is no kind of part: pdf, images/);
		await screen.press('Up', 'Enter');
		assert.match(screen.text(), /wish of INBOX/);
		assert.match(screen.text(), /whole parts by kind and size/);
		await screen.press('Escape');
		assert.match(screen.text(), /INBOX +the newest 20, no text/);
		assert.deepEqual(session.spent(), []);
	});
	test('that of all others holds for each mailbox without its own; d goes back to it', async () => {
		const {session, screen} = await onWishes();
		await screen.press('k', 'Enter');
		await typeInstead(screen, '5');
		await screen.press('Enter');
		assert.match(screen.text(), /\(all others\) +the newest 5, no text +0 +9 +~454\n/);
		assert.match(screen.text(), /Lists\/bonsai +as all others +0 +9 +~454\n/);
		await screen.press('j', 'd');
		assert.match(screen.text(), /INBOX +as all others/);
		await screen.press('d');
		assert.match(screen.text(), /it has no wish of its own/);
		assert.deepEqual(session.spent(), ['setWish (all others) the newest 5, no text', 'setWish INBOX none of its own']);
	});
	test('open on the mailbox one comes from, and by their name from anywhere', async () => {
		const session = withMail();
		const screen = await show(session);
		await screen.press('y', 'j', 'j', 'w');
		assert.match(screen.text(), /Lists\/bonsai: nothing/);
		await screen.press('q');
		assert.match(screen.lines()[0] ?? '', /mailboxes +3 of 3/);
		await screen.press('q', ':');
		await screen.type('wishes');
		await screen.press('Enter');
		assert.match(screen.text(), /INBOX: the newest 1000, text up to 16 kB/);
	});
	test('where nothing is kept on the disk nothing comes, and what would change that is said', async () => {
		const {session, screen} = await onWishes();
		const foot = (): string => screen.lines().slice(-7).join(' ').replace(/\s+/g, ' ');
		assert.match(foot(), /Online, so nothing comes: S D changes that\. All that is disconnected: 0 bytes\./);
		await screen.press('S', 'D');
		assert.match(foot(), /for 10 messages\. All that is disconnected: ~907 bytes\./);
		await screen.press('k');
		assert.match(foot(), /\(all others\): nothing\..* Online, so nothing comes: S d changes that\./);
		assert.deepEqual(session.spent(), ['chooseModel disconnected INBOX']);
	});
	for (const [columns, rows] of [
		[80, 24],
		[60, 12],
		[140, 40],
	] as const)
		test(`fit ${columns}x${rows}, list and form`, async () => {
			const {session, screen} = await onWishes({columns, rows});
			session.setWish(bonsai, {
				...newest(12),
				textBytes: 9,
				parts: [{type: 'image/*', mostBytes: 9}],
				hasPreviews: true,
			});
			await screen.press('j');
			for (const line of screen.lines()) assert.ok(line.length <= columns, line);
			assert.equal(screen.lines().length, rows);
			await screen.press('Enter');
			assert.match(screen.text(), /Previews/);
			for (const line of screen.lines()) assert.ok(line.length <= columns, line);
			assert.equal(screen.lines().length, rows);
		});
	test('need no sign that is not ASCII', async () => {
		const {screen} = await onWishes();
		const session = withMail();
		const ascii = await show(session, {isUtf8: false});
		await ascii.press('y', 'w', 'Enter');
		for (const text of [ascii.text(), screen.text()]) assert.match(text, /^[\x00-\x7f]*$/);
	});
});
