import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {mailboxPath} from '../../source/model/ids.ts';
import {fakeMessage} from './fake-session.ts';
import {show} from './show.tsx';
import {withMail} from './with-mail.ts';

describe('the mailboxes', () => {
	test('are asked for once, and opened with Enter', async () => {
		const session = withMail();
		session.fill(mailboxPath('Lists/bonsai'), [fakeMessage(77)]);
		const screen = await show(session);
		session.spent();
		await screen.press('y');
		assert.deepEqual(session.spent(), ['ensureMailboxes']);
		assert.match(screen.lines()[2] ?? '', /INBOX +2 +30/);
		assert.match(screen.lines()[4] ?? '', /bonsai +\? +9/);
		await screen.rerender();
		await screen.press('j', 'j');
		assert.deepEqual(session.spent(), []);
		await screen.press('Enter');
		assert.match(screen.lines()[0] ?? '', /demo\/Lists\/bonsai +1 of 1/);
	});
	test('fold and unfold, with the cursor on the same mailbox', async () => {
		const screen = await show(withMail());
		await screen.press('y', 'j', 'Enter');
		assert.doesNotMatch(screen.text(), /bonsai +\?/);
		await screen.press('Right');
		assert.match(screen.text(), /bonsai +\?/);
		await screen.press('j', 'Left');
		assert.match(screen.lines()[0] ?? '', /2 of 3/);
	});
	test('$ asks for the counts anew', async () => {
		const session = withMail();
		const screen = await show(session);
		await screen.press('y');
		session.spent();
		await screen.press('$');
		assert.deepEqual(session.spent(), ['look', 'ensureMailboxes fresh']);
	});
	test('q goes back to the messages, with the cursor where it was', async () => {
		const screen = await show(withMail());
		await screen.press('k', 'k', 'y', 'q');
		assert.match(screen.lines()[0] ?? '', /28 of 30/);
	});
});
