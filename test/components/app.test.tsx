import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {commandsOn} from '../../source/keys/commands.ts';
import {inbox, partNumber} from '../../source/model/ids.ts';
import {ours} from '../../source/model/safe-text.ts';
import {widthOf} from '../../source/model/width.ts';
import {live} from '../../source/session/live.ts';
import {linkUp, notice} from './fake-session.ts';
import {show} from './show.tsx';
import {withMail} from './with-mail.ts';

describe('every screen', () => {
	const ways: Readonly<Record<string, readonly string[]>> = {
		messages: [],
		message: ['Enter'],
		parts: ['v'],
		mailboxes: ['y'],
		help: ['?'],
		'a question': ['c', 'I', 'N'],
		viewer: ['Enter', '|', 'x', 'Enter'],
	};
	for (const [columns, rows] of [
		[80, 24],
		[60, 10],
		[120, 40],
		[40, 6],
	] as const) {
		for (const [name, keys] of Object.entries(ways)) {
			test(`${name} fills ${columns}x${rows} exactly and never more`, async () => {
				const screen = await show(withMail(), {columns, rows});
				await screen.press(...keys);
				const lines = screen.lines();
				assert.equal(lines.length, rows);
				for (const line of lines) assert.ok(widthOf(line) <= columns, line);
				assert.deepEqual(screen.crashes, []);
			});
		}
	}

	test('a window too small says so, and the place is kept until it grows', async () => {
		const screen = await show(withMail());
		await screen.press('Enter');
		await screen.resize(30, 5);
		assert.match(screen.text().replace(/\s+/g, ' '), /This window is 30 by 5; Bonsai needs 40 by 6/);
		await screen.resize(80, 24);
		assert.match(screen.text(), /Hello/);
	});

	test('where a bar would be dear the selected row has a pointer, and without UTF-8 the marks are ASCII', async () => {
		const screen = await show(withMail(), {isUtf8: false, looks: live({selection: 'arrow', isSlow: true})});
		assert.match(screen.lines()[20] ?? '', /^> 30 \. /);
	});
});

describe('keys', () => {
	test('keys in one packet act one after the other: move, open, go back, quit', async () => {
		const screen = await show(withMail());
		await screen.pressAtOnce('k', 'k', 'Enter', 'q', 'k', 'Enter');
		assert.match(screen.lines()[0] ?? '', /27 of 30/);
		await screen.pressAtOnce('q', 'q');
		assert.equal(screen.quits(), 1);
	});
	test('a hundred keys in one packet are a hundred keys', async () => {
		const screen = await show(withMail());
		await screen.pressAtOnce(...Array.from({length: 100}, (_, index) => (index % 10 === 9 ? 'j' : 'k')));
		assert.match(screen.lines()[0] ?? '', / 1 of 30|2 of 30/);
	});
	test('a key that is none says so', async () => {
		const screen = await show(withMail());
		await screen.press('x');
		assert.match(screen.text(), /x is no key here: \? shows those that are/);
	});
	test('pasted text is no command', async () => {
		const session = withMail();
		const screen = await show(session);
		await screen.press('Paste');
		assert.match(screen.text(), /pasted text is no command/);
		assert.equal(screen.quits(), 0);
	});
	test('Escape at the top does not quit, q and Q do', async () => {
		const screen = await show(withMail());
		await screen.press('Escape');
		assert.equal(screen.quits(), 0);
		assert.match(screen.text(), /q quits/);
		await screen.press('q');
		assert.equal(screen.quits(), 1);
	});
	test('S waits for a second key and tells which there are', async () => {
		const session = withMail();
		const screen = await show(session);
		session.spent();
		await screen.press('S');
		assert.match(screen.text(), /S: m metered/);
		await screen.press('m');
		assert.deepEqual(session.spent(), ['chooseBudget metered']);
		assert.match(screen.lines()[0] ?? '', /online {2}metered/);
	});
	test('S changes the model of the account, or of the mailbox alone, and the title says which it is', async () => {
		const session = withMail();
		const screen = await show(session);
		session.spent();
		await screen.press('S');
		assert.match(screen.text(), /S: m metered; f free; d disconnected; o offline; n online; D O N here; s state\n/);
		await screen.press('d');
		assert.match(screen.lines()[0] ?? '', /30 of 30 +disconnected {2}line up {2}3\.1 kB\/s/);
		await screen.press('S', 'N');
		assert.match(screen.lines()[0] ?? '', /30 of 30 +online {2}3\.1 kB\/s/);
		await screen.press('y', 'j', 'j', 'S', 'N', 'S', 'D');
		assert.match(screen.lines()[0] ?? '', /disconnected {2}line up/);
		session.link.set({...session.link.get(), state: 'hung-up'});
		await screen.settled();
		assert.match(screen.lines()[0] ?? '', /disconnected$/);
		const chosen = session.spent().filter(call => call.startsWith('chooseModel'));
		assert.deepEqual(chosen, [
			'chooseModel disconnected',
			'chooseModel online INBOX',
			'chooseModel online Lists/bonsai',
			'chooseModel disconnected Lists/bonsai',
		]);
	});
	test('where no mailbox is meant, none gets another model', async () => {
		const session = withMail();
		const screen = await show(session);
		await screen.press('X', 'S', 'd', 'y', 'j');
		session.spent();
		await screen.press('S', 'N');
		assert.match(screen.text(), /this is no mailbox/);
		assert.deepEqual(session.spent(), []);
	});
	test('commands can be typed', async () => {
		const session = withMail();
		const screen = await show(session);
		session.spent();
		for (const word of ['hangup', 'dial', 'look']) {
			await screen.press(':');
			await screen.type(word);
			await screen.press('Enter');
		}
		assert.deepEqual(session.spent(), ['hangUp', 'dial', 'look']);
		await screen.press(':');
		await screen.type('nonsense');
		await screen.press('Enter');
		assert.match(screen.text(), /there is no command nonsense/);
	});
	test('Escape leaves a question unanswered', async () => {
		const session = withMail();
		const screen = await show(session);
		await screen.press('c', 'x', 'Escape');
		assert.doesNotMatch(screen.text(), /Go to mailbox/);
		assert.match(screen.lines()[0] ?? '', /demo\/INBOX/);
	});
	test(':cancel stops what is under way, and says so when nothing is', async () => {
		const session = withMail();
		const screen = await show(session);
		session.spent();
		const cancel = async (): Promise<void> => {
			await screen.press(':');
			await screen.type('cancel');
			await screen.press('Enter');
		};
		await cancel();
		assert.match(screen.text(), /nothing is being fetched/);
		const part = partNumber('2');
		const none = ours('');
		const name = ours('a.png');
		session.transfers.set([
			{
				id: 7,
				mailbox: inbox,
				uid: 1,
				part,
				name,
				into: 'memory',
				file: none,
				state: 'coming',
				heldBytes: 0,
				totalBytes: 9,
				bytesPerSecond: undefined,
				because: none,
			},
		]);
		await screen.settled();
		await cancel();
		assert.deepEqual(session.spent(), ['cancel 7']);
	});
});

describe('help and the key menu', () => {
	test('help names every key of the screen it was asked on', async () => {
		const screen = await show(withMail(), {rows: 80});
		await screen.press('Enter', '?');
		for (const command of commandsOn('message')) {
			assert.ok(screen.text().includes(command.words), command.words);
		}
	});
	test('help cuts no word and no command that is typed, in a narrow window too', async () => {
		for (const columns of [80, 60]) {
			const screen = await show(withMail(), {rows: 120, columns});
			await screen.press('?');
			const help = screen.text();
			const read = help.replace(/\s+/g, ' ');
			for (const {words, typed} of commandsOn('messages')) {
				if (typed !== undefined) assert.match(help, new RegExp(` :${typed}$`, 'm'), `:${typed} at ${columns}`);
				if (words.length < columns - 29) assert.ok(read.includes(words), `${words} at ${columns}`);
			}
			assert.doesNotMatch(help.replace('1 2 3 …', ''), /…/);
		}
	});
	test('the key menu can be hidden, and the mail gets its room', async () => {
		const screen = await show(withMail());
		assert.match(screen.lines()[22] ?? '', /\?:Help +Enter:Read/);
		await screen.press(':');
		await screen.type('menu');
		await screen.press('Enter');
		assert.doesNotMatch(screen.text(), /\? Help/);
		assert.match(screen.lines()[22] ?? '', /Subject 30/);
	});
});

describe('the status line', () => {
	test('a new notice is shown before what the link does, and after the next key the link again', async () => {
		const session = withMail();
		const screen = await show(session);
		session.link.set({...linkUp, state: 'hung-up'});
		session.notice.set(notice('saved report.pdf', 1));
		await screen.settled();
		assert.match(screen.lines()[21] ?? '', /saved report\.pdf/);
		await screen.press('k');
		assert.match(screen.lines()[21] ?? '', /hung up – \$ calls, :dial opens the line/);
	});
	test('the last result stays while there is nothing newer', async () => {
		const session = withMail();
		const screen = await show(session);
		session.notice.set(notice('saved report.pdf', 1));
		await screen.settled();
		await screen.press('k', 'k');
		assert.match(screen.lines()[21] ?? '', /saved report\.pdf/);
	});
	test('it belongs to the screen it was told on: who opens another one, or comes back, does not find it again', async () => {
		const session = withMail();
		const screen = await show(session);
		session.notice.set(notice('1 message deleted, when there is a line', 1));
		await screen.settled();
		await screen.press('X');
		assert.doesNotMatch(screen.text(), /1 message deleted/);
		session.notice.set(notice('Mailbox does not exist: Projects', 2));
		await screen.settled();
		assert.match(screen.lines()[21] ?? '', /does not exist: Projects/);
		await screen.press('q');
		assert.doesNotMatch(screen.text(), /1 message deleted|Projects/);
		await screen.press('X');
		assert.doesNotMatch(screen.text(), /1 message deleted|Projects/);
	});
	test('what a key has done as it left the screen is said on the next one', async () => {
		const session = withMail();
		const screen = await show(session);
		session.mailbox(inbox).decide = () => {
			session.notice.set(notice('1 message deleted', 1));
			return true;
		};
		await screen.press('Enter', 'd');
		assert.match(screen.lines()[21] ?? '', /1 message deleted/);
	});
});

describe('a bug', () => {
	test('in a component is handed out, and the screen is empty', async () => {
		const session = withMail();
		session.mailbox = () => {
			throw new Error('a bug');
		};
		const screen = await show(session);
		assert.match(String(screen.crashes[0]), /a bug/);
	});
});
