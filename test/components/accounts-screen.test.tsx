import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {inbox, messageId} from '../../source/model/ids.ts';
import type {Operation} from '../../source/model/operation.ts';
import {ours} from '../../source/model/safe-text.ts';
import {loggedOperation} from '../helpers/logged.ts';
import {fakeMailboxRow, fakeMessage, linkUp, notice, textLine} from './fake-session.ts';
import {show} from './show.tsx';
import {withMail} from './with-mail.ts';

const start = {addAccount: async () => undefined, openDemo() {}};

describe('the accounts', () => {
	const three = () => ['work', 'home', 'club'].map(name => withMail(name));

	test('are shown with their lines, what is unread, and where they are, and looking asks for nothing', async () => {
		const [work, home, club] = three();
		home!.mailboxes.set({
			state: 'known',
			mailboxes: [fakeMailboxRow('INBOX', {specialUse: 'inbox', unseen: 7})],
		});
		home!.link.set({...linkUp, state: 'waiting', because: ours('the server did not answer')});
		club!.mailboxes.set({state: 'unknown', mailboxes: []});
		club!.link.set({...linkUp, state: 'hung-up'});
		const screen = await show([work!, home!, club!], {start});
		const before = [work, home, club].map(each => each!.spent().length);
		await screen.press('Y');
		assert.deepEqual(before.slice(1), [0, 0]);
		assert.deepEqual(
			[work, home, club].flatMap(each => each!.spent()),
			[],
		);
		assert.match(screen.text(), /work +online +3\.1 kB\/s +2 .*me@work\.example:993/);
		assert.match(screen.text(), /home +no line +7 /);
		assert.match(screen.text(), /club +not dialled yet +\? /);
		await screen.press('j');
		assert.match(screen.lines().slice(-5).join(' '), /no line: the server did not answer/);
	});

	test('of an account whose inbox is offline what came here is unread, and not what is left on the server', async () => {
		const [work, local] = [withMail('work'), withMail('Local')];
		work.models.set({account: 'offline', mailboxes: {}});
		local.mailboxes.set({
			state: 'known',
			mailboxes: [
				fakeMailboxRow('INBOX', {specialUse: 'inbox', unseen: 3}),
				fakeMailboxRow(work.localOf(inbox), {unseen: 5}),
			],
		});
		const screen = await show([work, local], {start});
		await screen.press('Y');
		assert.match(screen.text(), /work .* 5 .*me@work\.example:993/);
		assert.match(screen.text(), /Local .* 3 /);
	});

	test('what waits to be sent is counted, what is done is not', async () => {
		const [work, home] = three();
		const decided = (id: number, state: Operation['state']): Operation =>
			loggedOperation(id, {change: {kind: 'flag', flag: '\\Seen', isSet: true}, state});
		const screen = await show([work!, home!], {start});
		await screen.press('Y');
		home!.operations.set([decided(1, 'done'), decided(2, 'waiting'), decided(3, 'waiting'), decided(4, 'refused')]);
		await screen.settled();
		assert.match(screen.text(), /home .* 2 {2}me@home/);
		assert.doesNotMatch(screen.text(), /work .* \d {2}me@work/);
	});

	test('what is pressed on one is about that one', async () => {
		const [work, home] = three();
		const screen = await show([work!, home!], {start});
		work!.spent();
		await screen.press('Y', 'j', '$', 'S', 'm');
		assert.deepEqual(home!.spent(), ['look', 'ensureMailboxes fresh', 'chooseBudget metered']);
		assert.deepEqual(work!.spent(), []);
		await screen.press('y');
		assert.match(screen.lines()[0] ?? '', /home {2}mailboxes/);
	});

	test('Enter goes where one was in it, and only what is shown is asked for', async () => {
		const [work, home] = three();
		const screen = await show([work!, home!], {start});
		await screen.press('k', 'k', 'Enter');
		assert.match(screen.lines()[0] ?? '', /work\/INBOX {2}28 of 30/);
		await screen.press('Y', 'j', 'Enter');
		assert.match(screen.lines()[0] ?? '', /home\/INBOX .*30 of 30/);
		work!.spent();
		await screen.press('k', 'Y', 'k', 'Enter');
		assert.match(screen.lines()[0] ?? '', /work\/INBOX {2}28 of 30/);
		assert.deepEqual(
			work!.spent().filter(call => !call.startsWith('ensureContent')),
			[],
		);
		await screen.press('Y', 'j', 'Enter');
		assert.match(screen.lines()[0] ?? '', /home\/INBOX .*29 of 30/);
	});

	test('the same number of a message is another message in another account', async () => {
		const [work, home] = three();
		home!.fill(inbox, [fakeMessage(30)]);
		home!.message(messageId(30)).text = [textLine('Of home')];
		const screen = await show([work!, home!], {start});
		await screen.press('Enter');
		await screen.press(':');
		await screen.type('account home');
		await screen.press('Enter', 'Enter');
		assert.match(screen.lines()[0] ?? '', /home\/INBOX/);
		assert.match(screen.text(), /Of home/);
	});

	test('an account can be typed by the beginning of its name; one that is not there is said', async () => {
		const screen = await show(three(), {start});
		const go = async (words: string): Promise<void> => {
			await screen.press(':');
			await screen.type(words);
			await screen.press('Enter');
		};
		await go('account cl');
		assert.match(screen.lines()[0] ?? '', /club\/INBOX/);
		await go('account x');
		assert.match(screen.text(), /there is no account x: :accounts lists them/);
		await go('mailbox work/lists/b');
		assert.match(screen.lines()[0] ?? '', /work\/Lists\/bonsai/);
		await go('mailbox lists/b');
		assert.match(screen.lines()[0] ?? '', /work\/Lists\/bonsai/);
	});

	test('a notice of another account has its name in front, and goes with the next key', async () => {
		const [work, home] = three();
		const screen = await show([work!, home!], {start});
		home!.notice.set(notice('1 new message', 1));
		await screen.settled();
		assert.match(screen.text(), /home: 1 new message/);
		work!.notice.set(notice('saved report.pdf', 1));
		await screen.settled();
		assert.match(screen.lines()[21] ?? '', /^ saved report\.pdf/);
		await screen.press('k');
		assert.doesNotMatch(screen.text(), /1 new message/);
	});

	test('the form opens from there and leaves everything as it was', async () => {
		const screen = await show(three(), {start});
		await screen.press('k', 'Y', 'End', 'k', 'Enter');
		assert.match(screen.text(), /Another account/);
		await screen.press('Escape');
		assert.match(screen.text(), /\(add an account\)/);
		await screen.press('q');
		assert.match(screen.lines()[0] ?? '', /29 of 30/);
		assert.equal(screen.quits(), 0);
	});

	for (const [columns, rows] of [
		[80, 24],
		[40, 6],
		[120, 40],
	] as const) {
		test(`fill ${columns}x${rows} exactly`, async () => {
			const screen = await show(three(), {columns, rows, start});
			await screen.press('Y');
			assert.equal(screen.lines().length, rows);
			assert.match(screen.text(), /work/);
		});
	}
});
