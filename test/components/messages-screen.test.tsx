import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {inbox, mailboxPath} from '../../source/model/ids.ts';
import type {Message} from '../../source/model/message.ts';
import {ours} from '../../source/model/safe-text.ts';
import {type FakeSession, fakeMessage, fakeSession, linkUp, notice} from './fake-session.ts';
import {show} from './show.tsx';

const messages = (count: number, unseen: readonly number[] = []): Message[] =>
	Array.from({length: count}, (_, index) =>
		fakeMessage(index + 1, unseen.includes(index + 1) ? {flags: new Set()} : {}),
	);

function withMessages(count: number, unseen: readonly number[] = []): FakeSession {
	const session = fakeSession();
	session.fill(inbox, messages(count, unseen));
	return session;
}

describe('the messages', () => {
	test('open with the newest in the last row and 20 rows on a screen of 80x24', async () => {
		const screen = await show(withMessages(60));
		assert.match(screen.lines()[0] ?? '', /^ demo\/INBOX +60 of 60 {2}online {2}3\.1 kB\/s$/);
		assert.match(screen.lines()[1] ?? '', /41 \. /);
		assert.match(screen.lines()[20] ?? '', /60 \. {5}14:05 +Sender 60 +2\.1k Subject 60/);
		assert.equal(screen.lines().length, 24);
	});

	test('ask for the newest until the number is known, and then for the rows on the screen', async () => {
		const session = fakeSession();
		const screen = await show(session);
		assert.deepEqual(session.spent(), ['ensureNewest INBOX 20']);
		session.fill(inbox, messages(60));
		await screen.settled();
		assert.deepEqual(session.spent(), ['ensureRows INBOX 41 60']);
	});

	test('rendering again spends nothing', async () => {
		const session = withMessages(60);
		const screen = await show(session);
		session.spent();
		await screen.rerender();
		session.link.set({...linkUp, bytesPerSecond: 900});
		session.notice.set(notice('something else', 1));
		const state = session.mailbox(inbox).state;
		state.set({...state.get(), version: 99});
		await screen.settled();
		assert.deepEqual(session.spent(), []);
	});

	test('no message is opened for its row: what the list does with it is in the row', async () => {
		const opened: unknown[] = [];
		const session = withMessages(60);
		const {message} = session;
		const watched = Object.assign(session, {
			message(...asked: Parameters<typeof message>) {
				opened.push(asked);
				return message.apply(session, asked);
			},
		});
		const screen = await show(watched);
		for (const key of ['k', 'PageUp', 'j']) await screen.press(key);
		assert.deepEqual(opened, []);
		await screen.press('Enter');
		assert.equal(opened.length > 0, true);
	});

	test('nothing is asked for ahead before the user moved, and then the way the user is heading', async () => {
		const session = withMessages(60);
		const screen = await show(session);
		assert.deepEqual(session.spent(), ['ensureRows INBOX 41 60']);
		await screen.press('k');
		assert.deepEqual(session.spent(), ['ensureAhead INBOX 21 40']);
		await screen.press('k');
		assert.deepEqual(session.spent(), []);
		await screen.press('PageUp');
		assert.deepEqual(session.spent(), ['ensureRows INBOX 21 40', 'ensureAhead INBOX 1 20']);
	});

	test('a key is one repaint', async () => {
		const screen = await show(withMessages(60));
		await screen.press('k');
		const before = screen.frames();
		await screen.press('k');
		assert.equal(screen.frames() - before, 1);
	});

	test('rows that are not known are quiet placeholders, and are asked for again when they get lost', async () => {
		const session = withMessages(10);
		const screen = await show(session);
		session.spent();
		const mailbox = session.mailbox(inbox);
		mailbox.rows[4] = undefined;
		mailbox.state.set({...mailbox.state.get(), version: 2});
		await screen.settled();
		assert.match(screen.lines()[5] ?? '', /^ {3}5 … *$/);
		assert.deepEqual(session.spent(), ['ensureRows INBOX 1 10']);
	});

	test('new mail leaves the cursor on its message', async () => {
		const session = withMessages(30);
		const screen = await show(session);
		session.fill(inbox, messages(31));
		await screen.settled();
		assert.match(screen.lines()[0] ?? '', /30 of 31/);
		await screen.press('Enter');
		assert.match(screen.text(), /Subject 30/);
	});

	test('a number and Enter go to that message', async () => {
		const screen = await show(withMessages(60));
		await screen.press('1', '2');
		assert.match(screen.text(), /Go to message: 12/);
		await screen.press('Enter');
		assert.match(screen.lines()[0] ?? '', /12 of 60/);
	});

	test('first and last are one key away', async () => {
		const screen = await show(withMessages(60));
		await screen.press('Home');
		assert.match(screen.lines()[0] ?? '', / 1 of 60/);
		await screen.press('End');
		assert.match(screen.lines()[0] ?? '', /60 of 60/);
	});

	test('Tab goes to the next unread among the rows known, and asks for nothing', async () => {
		const session = withMessages(60, [7, 50]);
		const screen = await show(session);
		session.spent();
		await screen.press('Tab');
		assert.match(screen.lines()[0] ?? '', / 7 of 60/);
		await screen.press('Tab');
		assert.match(screen.lines()[0] ?? '', /50 of 60/);
		assert.ok(session.spent().every(call => /ensureRows|ensureAhead/.test(call)));
	});

	test('an empty mailbox says so', async () => {
		const screen = await show(withMessages(0));
		assert.match(screen.text(), /No messages\./);
		await screen.press('Enter');
		assert.match(screen.text(), /there is no message here/);
	});

	test('a mailbox that was refused says why', async () => {
		const session = fakeSession();
		const screen = await show(session);
		const {state} = session.mailbox(inbox);
		state.set({...state.get(), state: 'refused', because: ours('the server will not open it: no permission')});
		await screen.settled();
		assert.match(screen.text(), /the server will not open it: no permission/);
	});

	test('what was on the screen stays when the line goes, and the reason is told', async () => {
		const session = withMessages(60);
		const screen = await show(session);
		session.link.set({
			...linkUp,
			state: 'waiting',
			because: ours('the server did not answer'),
			retryAt: Date.now() + 8000,
		});
		await screen.settled();
		assert.match(screen.lines()[0] ?? '', /no line$/);
		assert.match(screen.lines()[21] ?? '', /no line: the server did not answer – trying again in [78] s/);
		assert.match(screen.lines()[20] ?? '', /Subject 60/);
	});

	test('another mailbox opens by its name', async () => {
		const session = withMessages(3);
		session.fill(mailboxPath('Archive'), messages(2));
		const screen = await show(session);
		await screen.press('c');
		await screen.type('Archive');
		await screen.press('Enter');
		assert.match(screen.lines()[0] ?? '', /demo\/Archive +2 of 2/);
	});
});
