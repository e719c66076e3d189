import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {accountForm, emptyForm} from '../../components/account-form.ts';
import {linkSentence, linkTitle, nextTick} from '../../components/link-words.ts';
import {completed, findMailbox} from '../../components/mailbox-question.ts';
import {foldedAtFirst, mailboxLine, mailboxRows} from '../../components/mailbox-rows.ts';
import {messageRow, rowWidths, unknownRow} from '../../components/message-row.ts';
import {emptyWords} from '../../components/messages-words.ts';
import {safe} from '../../components/safe.ts';
import {themeFor} from '../../components/theme.ts';
import {threeColumns} from '../../components/title-words.ts';
import {wrap} from '../../components/wrap.ts';
import {keymapOf} from '../../source/keys/keymap.ts';
import {budgets} from '../../source/model/budget.ts';
import {mailboxPath} from '../../source/model/ids.ts';
import {ours, safeLine} from '../../source/model/safe-text.ts';
import {widthOf} from '../../source/model/width.ts';
import {fakeMailboxRow, fakeMessage, fakeSession, linkUp} from './fake-session.ts';
import {now} from './show.tsx';

const theme = themeFor({
	isUtf8: true,
	hasColour: false,
	hasStyles: true,
	hasBars: true,
	selection: 'bar',
	isSlow: false,
});

describe('what the link does', () => {
	const waiting = {
		...linkUp,
		state: 'waiting',
		because: ours('the server did not answer'),
		retryAt: now + 7500,
	} as const;
	test('a line that is up says so in the title, and needs no sentence', () => {
		assert.equal(linkTitle(linkUp, budgets.free), 'online  3.1 kB/s');
		assert.equal(linkSentence(linkUp, now), undefined);
	});
	test('cleartext and metered are always in sight', () => {
		assert.equal(linkTitle({...linkUp, isEncrypted: false}, budgets.metered), 'online  metered  cleartext  3.1 kB/s');
	});
	test('no line says why, and when the next attempt is', () => {
		assert.equal(linkSentence(waiting, now), 'no line: the server did not answer – trying again in 8 s');
	});
	test('the countdown is repainted once a second only at its end', () => {
		assert.equal(nextTick(waiting, now), 500);
		assert.equal(nextTick({...waiting, retryAt: now + 45_000}, now), 5000);
		assert.equal(nextTick(linkUp, now), undefined);
	});
	test('a reason has one full stop, whoever has set it', () => {
		const words = (because: string) =>
			emptyWords('opening', ours(''), {...waiting, because: safeLine(because)}, keymapOf().on('messages'));
		assert.equal(words('The server says: Authentication failed.'), 'The server says: Authentication failed.');
		assert.equal(words('The server did not answer'), 'The server did not answer.');
	});
	test('hung up says how to call', () => {
		assert.equal(linkSentence({...linkUp, state: 'hung-up'}, now), 'hung up – :dial calls');
	});
});

describe('a message as a row', () => {
	const look = {theme, now};
	for (const columns of [40, 60, 80, 120, 200]) {
		test(`is exactly ${columns} columns with its pointer, known or not, whatever it says`, () => {
			const widths = rowWidths(columns, 12_345);
			const odd = fakeMessage(7, {
				from: safeLine('李小龍 '.repeat(9)),
				subject: safeLine('🌲'.repeat(99)),
				date: undefined,
			});
			for (const row of [messageRow(odd, 7, widths, look), unknownRow(7, widths, theme.unknown)]) {
				assert.equal(widthOf(row) + 1, columns);
			}
		});
	}
	test('shows new, flagged, answered and deleted as letters', () => {
		const widths = rowWidths(80, 10);
		const flags = new Set(['\\flagged', '\\Answered']);
		assert.match(messageRow(fakeMessage(1, {flags}), 1, widths, look), /\. NFA 14:05/);
		assert.match(
			messageRow(fakeMessage(1, {flags: new Set(['\\Seen', '\\Deleted'])}), 1, widths, look),
			/\. {3}D 14:05/,
		);
	});
	test('has marks of ASCII where the terminal has nothing else', () => {
		const ascii = themeFor({
			isUtf8: false,
			hasColour: false,
			hasStyles: false,
			hasBars: false,
			selection: 'arrow',
			isSlow: false,
		});
		const row = messageRow(fakeMessage(1, {held: 'whole'}), 1, rowWidths(80, 10), {theme: ascii, now});
		assert.match(row, /^ {2}1 @ /);
	});
});

describe('mailboxes', () => {
	const list = [
		fakeMailboxRow('Lists', {isSelectable: false, hasChildren: true}),
		fakeMailboxRow('Lists/bonsai', {unseen: 3, messages: 9}),
		fakeMailboxRow('Trash', {specialUse: 'trash'}),
		fakeMailboxRow('INBOX', {specialUse: 'inbox', unseen: 0, messages: 4}),
		fakeMailboxRow('Work/Sent', {specialUse: 'sent'}),
	];
	const names = (folded: readonly string[] = []): string[] =>
		mailboxRows(list, new Set(folded.map(mailboxPath))).map(row => `${' '.repeat(row.depth)}${row.mailbox.name}`);

	test('those with a purpose come first, wherever the server keeps them', () => {
		assert.deepEqual(names(), ['INBOX', 'Work/Sent', 'Trash', 'Lists', ' Lists/bonsai']);
	});
	test('what is below a folded mailbox is not shown', () => {
		assert.deepEqual(names(['Lists']), ['INBOX', 'Work/Sent', 'Trash', 'Lists']);
	});
	test('a mailbox whose parent is not in the list is still shown', () => {
		const rows = mailboxRows([fakeMailboxRow('a/b')], new Set());
		assert.deepEqual(
			rows.map(row => row.depth),
			[0],
		);
	});
	test('a count that is not known is a question mark, never 0', () => {
		const [first, second] = mailboxRows(list, new Set());
		assert.match(first ? mailboxLine(first, 80, theme) : '', /0 +4 *$/);
		assert.match(second ? mailboxLine(second, 80, theme) : '', /\? +\? *$/);
	});
	test('a very long list starts folded', () => {
		const many = Array.from({length: 200}, (_, index) => fakeMailboxRow(`m${index}`, {hasChildren: index === 5}));
		assert.deepEqual([...foldedAtFirst(many)], ['m5']);
		assert.equal(foldedAtFirst(list).size, 0);
	});
	test('Tab completes what all names have in common', () => {
		const names = ['Lists/bonsai', 'Lists/bison', 'INBOX'].map(ours);
		assert.equal(completed('li', names), 'Lists/b');
		assert.equal(completed('x', names), 'x');
	});
	const keys = keymapOf().on('messages');
	test('a name means the mailbox that has it, or the only one that has it in its name', () => {
		const session = fakeSession();
		session.mailboxes.set({state: 'known', mailboxes: list});
		assert.equal(findMailbox(session, 'inbox', keys), 'INBOX');
		assert.equal(findMailbox(session, 'bons', keys), 'Lists/bonsai');
		assert.equal(typeof findMailbox(session, 'nowhere', keys), 'object');
	});
	test('a name is taken as it was typed only while the list is unknown', () => {
		assert.equal(findMailbox(fakeSession(), 'Somewhere', keys), 'Somewhere');
		assert.equal(findMailbox(fakeSession(), 'Entwürfe', keys), 'Entwürfe');
	});
});

describe('lines', () => {
	test('wrapping breaks at spaces, and inside a word that is too long', () => {
		assert.deepEqual(wrap(ours('to be or not'), 5), ['to be', 'or', 'not']);
		assert.deepEqual(wrap(ours('abcdefgh'), 5), ['abcde', 'fgh']);
		assert.deepEqual(wrap(safeLine('漢字漢字'), 5), ['漢字', '漢字']);
		assert.deepEqual(wrap(ours(''), 5), ['']);
	});
	test('a hint in the title goes before it leaves less of what one writes than says anything', () => {
		const title = (rate: string) =>
			threeColumns(
				ours('demo  write: Incubation 31: plates'),
				ours('Tab finds, Enter keeps, Esc undoes'),
				ours(`online  cleartext${rate}`),
				80,
				20,
			);
		assert.match(title(''), /^ demo {2}write: Incubat\S* {2}Tab finds/);
		for (const rate of ['  11 kB/s', '  3.1 kB/s'])
			assert.match(title(rate), /^ demo {2}write: Incubation 31: plates +online/);
	});

	test('a title of any length fills its line exactly, and the link goes first', () => {
		for (const columns of [20, 40, 80]) {
			const title = threeColumns(ours('a/very/long/name/of/a/mailbox'), ours('12 of 420'), ours('no line'), columns);
			assert.equal(widthOf(title), columns);
			assert.match(title, /no line $/);
		}
	});
	test('sentences are made of safe pieces and numbers', () => {
		assert.equal(safe`${3} of ${ours('seven')}`, '3 of seven');
	});
});

describe('the form of an account', () => {
	const typed = {...emptyForm, name: 'work', server: 'imap.example.org:1143', user: 'me', password: 'pass show mail'};
	test('a filled form becomes an account without a password in it', () => {
		assert.deepEqual(accountForm(typed), {
			name: 'work',
			host: 'imap.example.org',
			port: 1143,
			security: 'tls',
			user: 'me',
			password: {from: 'command', command: 'pass show mail'},
		});
	});
	test('an IPv6 address may have a port', () => {
		const form = accountForm({...typed, server: '[::1]:143'});
		assert.ok(typeof form === 'object');
		assert.deepEqual([form.host, form.port], ['::1', 143]);
	});
	test('what is missing is said in a sentence', () => {
		for (const over of [{name: ''}, {server: 'a b'}, {server: 'x:70000'}, {user: ' '}, {password: ''}]) {
			assert.equal(typeof accountForm({...typed, ...over}), 'string', JSON.stringify(over));
		}
	});
	test('the keyring needs nothing more', () => {
		const form = accountForm({...typed, passwordFrom: 'keyring', password: ''});
		assert.ok(typeof form === 'object');
		assert.deepEqual(form.password, {from: 'keyring'});
	});
});
