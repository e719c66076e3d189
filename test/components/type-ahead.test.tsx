/** No key is lost while one screen goes and another comes: whatever is pressed in one packet happens, in order. */
import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {keymapOf} from '../../source/keys/keymap.ts';
import {inbox} from '../../source/model/ids.ts';
import {type FakeSession, fakeMessage} from './fake-session.ts';
import {show} from './show.tsx';
import {withMail} from './with-mail.ts';

const noStart = {addAccount: async () => undefined, openDemo() {}};

/** Which messages were deleted since the last time. */
const deletedIn = (session: FakeSession): string[] =>
	session.spent().flatMap(call => /^decide INBOX (\d+) .*"trash"/.exec(call)?.[1] ?? []);

describe('keys in one packet', () => {
	test('open a message, its parts, mark one, come back to the list, and delete there', async () => {
		const session = withMail();
		const screen = await show(session);
		session.spent();
		await screen.pressAtOnce('k', 'Enter', 'v', 'Space', 'q', 'q', 'k', 'd');
		assert.match(screen.lines()[0] ?? '', /28 of 30/);
		assert.deepEqual(deletedIn(session), ['28']);
	});
	test('go through the help, the outbox, the usage and the mailboxes to another mailbox', async () => {
		const screen = await show(withMail());
		await screen.pressAtOnce('?', 'j', 'q', 'X', 'q', 'I', 'Tab', 'q', 'y', 'j', 'j', 'Enter');
		assert.match(screen.lines()[0] ?? '', /Lists\/bonsai/);
	});
	test('are typed into the question they opened, and what follows Enter is commands again', async () => {
		const session = withMail();
		const screen = await show(session);
		await screen.pressAtOnce('c', ...'bonsai', 'Enter', 'y');
		assert.match(screen.lines()[0] ?? '', /mailboxes/);
		await screen.pressAtOnce(':', ...'inboxes', 'Enter', 'k', 'Enter');
		assert.match(screen.lines()[0] ?? '', /29 of 30/);
	});
	test('are typed into the form for another account, and leave it again', async () => {
		const screen = await show(withMail('work'), {start: noStart});
		await screen.pressAtOnce('Y', 'End', 'Up', 'Enter', 'Down', ...'home', 'Escape', 'q', 'k');
		assert.match(screen.lines()[0] ?? '', /29 of 30/);
		await screen.pressAtOnce('Y', 'End', 'Up', 'Enter', 'Down', ...'home', 'Tab', ...'host', 'Tab', 'Tab', ...'me');
		assert.match(screen.text(), /Name +home/);
		assert.match(screen.text(), /User +me/);
	});
	test('after the first account was chosen are for the mail that comes, however late', async () => {
		const sessions: FakeSession[] = [];
		const screen = await show(sessions, {start: noStart});
		await screen.pressAtOnce('Enter', 'k', 'k', 'Enter');
		assert.match(screen.text(), /There is no account yet/);
		sessions.push(withMail());
		await screen.rerender();
		assert.match(screen.lines()[0] ?? '', /28 of 30/);
		assert.match(screen.text(), /Hello/);
	});
	test('after the demo was chosen beside an account do nothing to that account', async () => {
		const work = withMail('work');
		const sessions = [work];
		const screen = await show(sessions, {start: noStart});
		await screen.press('Y', 'End', 'Up', 'Enter');
		work.spent();
		await screen.pressAtOnce('Enter', 'd');
		assert.deepEqual(work.spent(), []);
		assert.match(screen.text(), /Another account/);
	});
	test('after Enter on a row that is not here yet do not leave the mailbox', async () => {
		const session = withMail();
		session.fill(inbox, [fakeMessage(1), undefined]);
		const screen = await show(session);
		await screen.pressAtOnce('Enter', 'q');
		assert.equal(screen.quits(), 0);
		assert.match(screen.text(), /it is not opened/);
		await screen.press('q');
		assert.equal(screen.quits(), 1);
	});
	test('of another keymap too', async () => {
		const session = withMail();
		const screen = await show(session, {keymap: keymapOf('alpine')});
		await screen.pressAtOnce('p', '>', '>', 'n', '<', '<', 'P', 'D');
		assert.match(screen.lines()[0] ?? '', /28 of 30/);
		assert.deepEqual(deletedIn(session), ['28']);
	});
});

test('Ctrl+c quits from wherever one is, also after the first of two keys', async () => {
	const screen = await show(withMail(), {keymap: keymapOf('aerc')});
	await screen.pressAtOnce('Enter', 'Ctrl+k', 'Ctrl+c');
	assert.equal(screen.quits(), 1);
	await screen.pressAtOnce('q', 'q', ';', 'Ctrl+c');
	assert.equal(screen.quits(), 2);
});
