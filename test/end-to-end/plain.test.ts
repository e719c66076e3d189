/** The plain mode: what somebody hears, or feels one line at a time, who does not see the screen. */
import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, type TestContext, test} from 'node:test';
import {bonsaiDemo, bonsaiOn, inboxOf, letter, mimeWithFiles} from '../helpers/bonsai-on.ts';
import {type Listener, listenTo} from '../helpers/listener.ts';
import {type Bonsai, type OpenOptions, openBonsai, program} from '../helpers/screen.ts';

const newest = 'new, Noor Haddad, Line up until 19:00, 18:05, 580 bytes, 1200';
const stores = 'Dr. Sipho Dlamini, Medical stores, please confirm, 17:51, 1.4 kB';

async function opened(
	t: TestContext,
	options: OpenOptions,
): Promise<{bonsai: Bonsai; listener: Listener; start: string}> {
	const bonsai = bonsaiDemo(t, options);
	const listener = listenTo(bonsai);
	const start = await listener.hearsUntil(`${newest}\n`);
	return {bonsai, listener, start};
}

const escapes = (bonsai: Bonsai): number => bonsai.output.filter(octet => octet === 0x1b).length;

describe('the plain mode', {concurrency: 2}, () => {
	test('opens with what the screen is, where one is in it, and the selected row, each once', async t => {
		const {start} = await opened(t, {env: {TERM: 'dumb'}});
		const lines = start.trim().split('\n');
		assert.match(lines[0] ?? '', /^demo\/INBOX/);
		assert.match(start, /1200 of 1200\n/);
		assert.match(start, /^question mark says the keys, capital Q quits$/m);
		assert.equal(new Set(lines).size, lines.length);
	});

	for (const [title, options] of [
		['TERM=dumb', {env: {TERM: 'dumb'}}],
		['--plain', {args: ['--plain']}],
	] as const) {
		test(`${title}: of a whole session every line is as promised, and no escape sequence is among them`, async t => {
			const {bonsai, listener} = await opened(t, options);

			bonsai.press('k');
			await listener.hears(`new, ${stores}, 1199`);
			bonsai.press('Ctrl+l');
			await listener.hears('demo/INBOX, 1199 of 1200, online, cleartext', `new, ${stores}, 1199`);

			bonsai.press('Enter');
			await listener.hears(
				'demo/INBOX, 1199 of 1200',
				'Date: Fri, 20 Nov 2026 17:51 +0000',
				'From: "Dr. Sipho Dlamini" <doctor@hallett.example>',
				'To: Robin Aske <robin.aske@aurelia.example>',
				'Subject: Medical stores, please confirm',
				'Robin, the list of medical stores for the winter is final. Please',
				'confirm that the two refrigerated boxes travel in the laboratory and not',
				'in the hold. I sign this because the last list was changed by somebody',
				'between here and the harbour.',
				'Sipho',
				'--',
				'Dr. Sipho Dlamini',
				'Hallett Station',
				'1 more part (v: look, fetch, save)',
				'signature.asc, application/pgp-signature, 333 bytes, costs at most 522 bytes, part 2',
			);
			bonsai.press('Space');
			await listener.hears('the end');

			bonsai.press('v');
			await listener.hears('Parts of: Medical stores, please confirm, 2 of 3', 'here, text/plain, 298 bytes, part 1');
			bonsai.press('j');
			await listener.hears('signature.asc, application/pgp-signature, 333 bytes, costs at most 522 bytes, part 2');
			bonsai.press('Space');
			await listener.hears('1 marked, at most 522 bytes');
			bonsai.press('Space');
			await listener.hears('not marked');

			bonsai.press('q');
			await listener.hearsUntil('part 2\n');
			bonsai.press('q');
			await listener.hears('demo/INBOX, 1199 of 1200', `${stores}, text here, 1199`);

			bonsai.press('F');
			await listener.hears('1 message flagged');
			bonsai.press('F');
			await listener.hears('1 message flagged no more');
			bonsai.press('d');
			await listener.hears('1 message deleted; u takes it back', newest.replace('1200', '1199'));
			bonsai.press('u');
			await listener.hears('Taken back: Delete 1 message from INBOX');
			// What was in the Trash by then comes back as the newest.
			const isBack = (): Promise<void> =>
				listener.hearsOneOf(
					['demo/INBOX, 1199 of 1200', newest.replace('1200', '1199')],
					['demo/INBOX, 1200 of 1200', newest],
				);

			bonsai.press(':');
			await listener.isAsked('Command: ');
			bonsai.press('tag unread');
			await listener.isAsked('tag unread');
			bonsai.press('Enter');
			await listener.hears('', '30 messages tagged; with ; in front a key decides about all of them');
			bonsai.press(';');
			await listener.hearsUntil('untag\n');
			bonsai.press('t');
			await listener.hears('nothing is tagged');

			bonsai.press('?');
			let keys = await listener.hearsMore();
			while (!keys.endsWith('the end\n')) {
				bonsai.press('Space');
				keys += await listener.hearsMore();
			}
			assert.match(keys, /^Keys in the messages\nread the message: Enter, or Right\n/);
			assert.match(keys, /\nup: k, or Up\n/);
			assert.match(keys, /or a digit\n|: a digit\n/);
			assert.match(keys, /\nquit: capital Q/);
			bonsai.press('q');
			await isBack();

			bonsai.press('I');
			const usage = await listener.hearsUntil('\nTrash: ');
			assert.match(usage, /^demo, usage\n/);
			assert.match(usage, /rows of messages: [\d.]+ kB on this line, [\d.]+ kB today, [\d.]+ kB ever\n/);
			await listener.hearsUntil('ever\n');
			bonsai.press('q');
			await isBack();

			bonsai.press('X');
			await listener.hears('demo, outbox, nothing waits');
			// Taken back before it was known to be in the Trash, or after.
			assert.match(await listener.hearsUntil('\n'), /^Move 1 message (from Trash|back) to INBOX, done, 18:05$/m);
			await listener.hears('The server has confirmed it.');
			bonsai.press('q');
			await isBack();

			bonsai.press('y');
			assert.match(
				await listener.hearsUntil('in all\n'),
				/^demo, mailboxes(, |\n)1 of 14\nINBOX, .*\d+ unread, 1200 in all\n$/s,
			);
			bonsai.press('j');
			await listener.hears('Drafts, 0 unread, 3 in all');
			bonsai.press('q');
			await isBack();

			bonsai.press('Y');
			assert.match(
				await listener.hearsUntil('127.0.0.1:'),
				/^Accounts, 1 of 2\ndemo, online, (\d+ unread, )?[\d.]+ kB spent, demo@127.0.0.1:$/,
			);
			await listener.hearsUntil('\n');
			bonsai.press('q');
			await isBack();

			bonsai.press(':downloads', 'Enter');
			await listener.hearsUntil('demo, downloads\n');
			await listener.hears('Nothing is on its way.');
			bonsai.press('Q');
			assert.equal(await bonsai.exited, 0);
			assert.equal(escapes(bonsai), 0, 'escape sequences');
		});
	}

	test('a message is written by lines: whom it goes to, about what, and its text', async t => {
		const {bonsai, listener} = await opened(t, {args: ['--plain']});
		bonsai.press('m');
		await listener.hearsUntil('To: ');
		bonsai.press('radio', 'Tab');
		await listener.hearsUntil('Noor Haddad <radio@aurelia.example>');
		bonsai.press('Enter');
		await listener.hearsUntil('Subject: ');
		bonsai.press('Weather', 'Enter');
		await listener.hearsUntil('Text: empty\n');
		bonsai.press('e');
		await listener.hearsUntil('Line 1 of the text, a dot alone ends it: ');
		bonsai.press('Calm, and cold.', 'Enter');
		await listener.hearsUntil('Line 2 of the text, a dot alone ends it: ');
		bonsai.press('.', 'Enter');
		await listener.hearsUntil('the text is as it stands now\n');
		bonsai.press(':say', 'Enter');
		const all = await listener.hearsUntil('Text: 1 line\n');
		assert.match(all, /^demo, write: Weather/m);
		assert.match(all, /\nTo: Noor Haddad <radio@aurelia\.example>\n/);
		assert.match(all, /\nSubject: Weather\n/);
		bonsai.press('y');
		await listener.hearsUntil('it is being put into the outbox\n');
		await listener.hearsUntil('It is on its way in 10 s, not beyond this machine; u takes it back\n');
		assert.equal(escapes(bonsai), 0, 'escape sequences');
	});

	test('a wish is edited by what one hears: what a field takes, what was understood, what it would cost', async t => {
		const {bonsai, listener} = await opened(t, {args: ['--plain']});
		bonsai.press('y');
		await listener.hearsUntil('1200 in all\n');
		bonsai.press('w');
		await listener.hears(
			'demo, wishes, 2 of 12',
			'INBOX, the newest 1000, text up to 16 kB, 0 of 1200 here, costs now about 1.7 MB',
			'INBOX: the newest 1000, text up to 16 kB. Would cost now: about 1.7 MB for 1000 messages. Online, so nothing comes: S D changes that. All that is disconnected: 0 bytes.',
		);
		bonsai.press('Enter');
		await listener.hearsUntil('Messages: 1000');
		bonsai.press('Ctrl+u', '20', 'Tab');
		const heard = await listener.hearsUntil('Text: 16 kB');
		assert.match(heard, /^the newest 20, text up to 16 kB\. Would cost now: about \d+ kB for 20 messages$/m);
		assert.match(heard, /^how much of each text: 16 kB, or none$/m);
		bonsai.press('Enter');
		await listener.hearsUntil('INBOX: the newest 20, text up to 16 kB\n');
	});

	test('a page down of a text says the new lines only, and the end is said', async t => {
		const text = Array.from({length: 50}, (_, index) => `line ${index + 1}`).join('\n');
		const {bonsai} = await bonsaiOn(t, {
			mailboxes: inboxOf(letter({subject: 'Long', text})),
			open: {env: {TERM: 'dumb'}},
		});
		const listener = listenTo(bonsai);
		await listener.hearsUntil(', 1\n');
		bonsai.press('Enter');
		const first = await listener.hearsUntil('line 18\n');
		assert.match(first, /^work\/INBOX, 1 of 1\nDate: /);
		bonsai.press('Space');
		await listener.hears(...Array.from({length: 21}, (_, index) => `line ${index + 19}`));
		bonsai.press('k');
		await listener.hears('line 17');
		bonsai.press('End');
		await listener.hears(...Array.from({length: 12}, (_, index) => `line ${index + 39}`), 'the end');
	});

	test('a text that comes in pieces over a slow line is heard once', async t => {
		const bonsai = bonsaiDemo(t, {args: ['--plain', '--link', '9600bps,100ms']});
		const listener = listenTo(bonsai);
		await listener.hearsUntil(`${newest}\n`);
		bonsai.press('1182', 'Enter');
		await listener.hearsUntil(', 1182\n');
		bonsai.press('Enter');
		const lines = (await listener.hearsUntil('day 1 16:00 wind 3 kn sea 3 air -16 C course 176, on station\n')).split(
			'\n',
		);
		assert.equal(lines.filter(line => line.startsWith('day 1 ')).length, 17);
		assert.equal(new Set(lines).size, lines.length);
	});

	test('the preference is as good as the option, and the end of a list is said', async t => {
		const {bonsai} = await bonsaiOn(t, {
			mailboxes: inboxOf(letter({subject: 'Soup'}), letter({subject: 'Bread'})),
			preferences: {plain: true},
		});
		const listener = listenTo(bonsai);
		await listener.hearsUntil('new, Ada Lind, Bread, 12:00, 215 bytes, 2\n');
		bonsai.press('j');
		await listener.hears('this is the last');
		bonsai.press('k');
		await listener.hears('new, Ada Lind, Soup, 12:00, 213 bytes, 1');
		bonsai.press('k');
		await listener.hears('this is the first');
		assert.equal(escapes(bonsai), 0);
	});

	test(':say says all rows of a list', async t => {
		const {bonsai} = await bonsaiOn(t, {
			mailboxes: inboxOf(letter({subject: 'Soup'}), letter({subject: 'Bread'})),
			open: {args: ['--plain']},
		});
		const listener = listenTo(bonsai);
		await listener.hearsUntil(', 2\n');
		bonsai.press(':say', 'Enter');
		await listener.hearsUntil('work/INBOX, 2 of 2, online, cleartext\n');
		await listener.hears('new, Ada Lind, Soup, 12:00, 213 bytes, 1', 'new, Ada Lind, Bread, 12:00, 215 bytes, 2');
	});

	test('a file that is saved says where it went, and its progress not more than four times', async t => {
		const {bonsai} = await bonsaiOn(t, {
			mailboxes: inboxOf(letter({mime: mimeWithFiles('Here.', [['noise.bin', Buffer.alloc(400_000, 'x')]])})),
			open: {args: ['--plain']},
		});
		const listener = listenTo(bonsai);
		await listener.hearsUntil(', 1\n');
		bonsai.press('v');
		await listener.hearsUntil('part 1\n');
		bonsai.press('j');
		await listener.hearsUntil('part 2\n');
		bonsai.press('s');
		await listener.hearsUntil('noise.bin');
		bonsai.press('Enter');
		const file = join(bonsai.home.path, 'noise.bin');
		const words = await listener.hearsUntil(`Saved 400000 bytes to ${file}\n`);
		const steps = words.match(/\d+%/g) ?? [];
		assert.deepEqual(steps, [...new Set(steps)]);
		assert.ok(
			steps.every(step => ['0%', '25%', '50%', '75%'].includes(step)),
			words,
		);
		assert.equal(readFileSync(file).length, 400_000);
	});

	test('the form of an account is heard field by field, with what is typed behind its name', async t => {
		const bonsai = openBonsai({env: {TERM: 'dumb'}});
		t.after(() => bonsai.close());
		const listener = listenTo(bonsai);
		await listener.hears(
			'Bonsai: mail over a bad line. There is no account yet',
			'Try the demo',
			'Enter opens a built-in server and mailbox; nothing leaves this machine',
		);
		bonsai.press('Tab');
		await listener.isAsked('what you call the account: work\nName: ');
		bonsai.press('wok');
		await listener.isAsked('wok');
		bonsai.press('Backspace');
		await listener.isAsked('\nwo');
		bonsai.press('rk');
		await listener.isAsked('rk');
		bonsai.press('Tab');
		await listener.isAsked('\nimap.example.org, or imap.example.org:1143\nServer: ');
		bonsai.press('Tab');
		await listener.hears(
			'',
			'Security: tls, or starttls, none',
			'Space chooses: tls, starttls, or none (cleartext, for a tunnel)',
		);
		bonsai.press('Space');
		await listener.hears('starttls');
		for (const _ of ['user', 'password from', 'password']) bonsai.press('Tab');
		await listener.isAsked('prints the password, or names the variable: pass show mail. It is never stored\nCommand: ');
		bonsai.press('Tab');
		await listener.hears('', 'Connect', 'Enter adds the account and connects');
		bonsai.press('Enter');
		await listener.hears('a server is needed: imap.example.org, or imap.example.org:993');
		bonsai.press('Q');
		assert.equal(await bonsai.exited, 0);
		assert.equal(escapes(bonsai), 0);
	});

	test('a terminal that sends lines: a line is the keys it holds, and a question is answered by a line', async t => {
		const {bonsai, listener} = await opened(t, {env: {TERM: 'dumb', INSIDE_EMACS: '30.1,comint', LC_ALL: 'C'}});
		bonsai.press('12\n');
		// The question of the first digit is said or not: the second is there already, and one of two screens may be left out.
		await listener.hearsUntil('Elias Lindqvist, Re: Sunday walk, 2025-01-13, 843 bytes, 12\n');
		bonsai.press('c\n');
		await listener.hears('c');
		await listener.hearsUntil(': \n');
		bonsai.press('Drafts\n');
		await listener.hears('Drafts');
		assert.match(await listener.hearsUntil(', 3\n'), /^demo\/Drafts/);
		bonsai.press('Q\n');
		assert.equal(await bonsai.exited, 0);
		assert.equal(escapes(bonsai), 0);
	});

	test('without a TERM it is plain, and without UTF-8 it is ASCII', async t => {
		const bonsai = openBonsai({
			command: ['/bin/sh', '-c', `unset TERM; exec '${process.execPath}' '${program}' demo`],
			env: {LC_ALL: 'C'},
		});
		t.after(() => bonsai.close());
		const listener = listenTo(bonsai);
		await listener.hearsUntil(`${newest}\n`);
		bonsai.press(':1187', 'Enter', '1187', 'Enter');
		await listener.hearsUntil('answered, Tomas Herrera, Re: CTD cast at station 14');
		assert.ok(bonsai.output.every(octet => octet < 0x7f && octet !== 0x1b));
	});

	for (const [signal, code] of [
		['SIGTERM', 143],
		['SIGHUP', 129],
	] as const) {
		test(`${signal} ends the line that is open, and nothing else is written`, async t => {
			const {bonsai, listener} = await opened(t, {env: {TERM: 'dumb'}});
			bonsai.press(':');
			await listener.isAsked('Command: ');
			bonsai.press('x');
			await listener.isAsked('x');
			bonsai.signal(signal);
			assert.equal(await bonsai.exited, code);
			await listener.hears('');
			assert.match(bonsai.output.toString('latin1'), /Command: x\r\n$/);
		});
	}

	test('^Z gives the shell its terminal, and fg says the screen again', async t => {
		const shell = openBonsai({
			command: ['/bin/sh', '-i'],
			env: {PS1: 'shell> ', ENV: undefined, TERM: 'dumb'},
			columns: 400,
		});
		t.after(() => shell.close());
		const listener = listenTo(shell);
		await listener.hearsUntil('shell> ');
		shell.press(`'${process.execPath}' '${program}' demo`, 'Enter');
		await listener.hearsUntil(`${newest}\n`);
		shell.press('k');
		await listener.hears(`new, ${stores}, 1199`);
		shell.press('Ctrl+z');
		await listener.hearsUntil('shell> ');
		shell.press('stty -a', 'Enter');
		assert.match(await listener.hearsUntil('shell> '), / icanon .* echo /s);
		shell.press('fg', 'Enter');
		await listener.hearsUntil('demo/INBOX, 1199 of 1200, online, cleartext\n');
		await listener.hears(`new, ${stores}, 1199`);
		shell.press('j');
		await listener.hears(newest);
		shell.press('Q');
		await listener.hearsUntil('shell> ');
		assert.equal(escapes(shell), 0);
	});

	test('a bug is printed after the line that is open', async t => {
		const {bonsai, listener} = await opened(t, {env: {TERM: 'dumb'}});
		bonsai.press(':');
		await listener.isAsked('Command: ');
		bonsai.signal('SIGINT');
		assert.equal(await bonsai.exited, 130);
		await listener.hears('');
	});
});
