/** Whatever the keys are, the screen names them as they are bound. */
import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import type {BindingName, Bindings} from '../../source/keys/bindings.ts';
import {commands} from '../../source/keys/commands.ts';
import {keymapOf} from '../../source/keys/keymap.ts';
import {keymapProblem} from '../../source/keys/keymap-problem.ts';
import {presetNames} from '../../source/keys/presets.ts';
import {inbox, messageId} from '../../source/model/ids.ts';
import {ours} from '../../source/model/safe-text.ts';
import {fakeMessage, fakePart, fakeSession, noContent, noText, textLine} from './fake-session.ts';
import {type Shown, show} from './show.tsx';
import {withMail} from './with-mail.ts';

/** Every command on a key nobody has. */
const letters = (first: number, length: number): string[] =>
	Array.from({length}, (_, index) => String.fromCodePoint(first + index));
/** Cyrillic and Armenian. */
const strangeKeys: readonly string[] = [...letters(0x410, 96), ...letters(0x531, 38)];
const names = [...new Set(commands.map(({name}) => name))];
const strange: Bindings = Object.fromEntries(
	names.map((name, index): [BindingName, string[]] => [name, [strangeKeys[index] ?? '']]),
);
const keyOf = (name: BindingName): string => strange[name]?.[0] ?? '';
const keymap = keymapOf(
	'default',
	Object.fromEntries(Object.keys(strange).map(name => [name, [keyOf(name as BindingName)]])),
);

/** What sentences say that a key does; before it stands the key. */
const does =
	/(\S+) (takes it back|shows those|quits|lists the mailboxes|lists them|tags a message|fetches|saves|marks what|opens it|feeds (?:it|all)|sends it again|clears it|tries again|shows its parts|looks for it|brings)/g;

function namesOnlyBound(screen: Shown): number {
	const named = [...screen.text().matchAll(does)].map(([, key = '']) => key.replace(/^\(/, ''));
	for (const key of named) assert.ok(strangeKeys.includes(key), `${key} is named, and not bound:\n${screen.text()}`);
	return named.length;
}

describe('with every command on another key', () => {
	test('the keymap makes sense', () => assert.equal(keymapProblem('default', strange), undefined));

	test('the menu and the help have those keys and no others', async () => {
		const screen = await show(withMail(), {keymap});
		assert.match(screen.lines().slice(-2).join(' '), new RegExp(`${keyOf('help')}:Help .*${keyOf('delete')}:Delete`));
		await screen.press(keyOf('help'));
		assert.match(screen.text(), new RegExp(`^ ${keyOf('delete')} +delete: to the Trash`, 'm'));
		assert.doesNotMatch(screen.text(), /^ (d|Enter|; d) /m);
		await screen.press(keyOf('back'));
		assert.match(screen.lines()[0] ?? '', /30 of 30/);
	});

	test('what the program says of a key is so', async () => {
		const screen = await show(withMail(), {keymap});
		await screen.press('d');
		assert.match(screen.text(), new RegExp(`d is no key here: ${keyOf('help')} shows those that are`));
		await screen.press(keyOf('deleteTagged'));
		assert.match(screen.text(), new RegExp(`nothing is tagged: ${keyOf('tag')} tags a message`));
		await screen.press(keyOf('goToMailbox'), ...'nowhere', 'Enter');
		assert.match(screen.text(), new RegExp(`no mailbox nowhere: ${keyOf('listMailboxes')} lists them`));
		await screen.press(keyOf('commandLine'), ...'frob', 'Enter');
		assert.match(screen.text(), new RegExp(`no command frob: ${keyOf('help')} shows those there are`));
		await screen.press(keyOf('commandLine'), ...'back', 'Enter');
		assert.match(screen.text(), /this is the top: \S+ quits, \S+ lists the mailboxes/);
		assert.equal(namesOnlyBound(screen), 2);
	});

	test('what the session advises is said in keys, where it can be done', async () => {
		const session = withMail();
		const screen = await show(session, {keymap});
		session.notice.set({kind: 'done', text: ours('1 message deleted'), advice: 'undo', serial: 1});
		await screen.settled();
		assert.match(screen.text(), new RegExp(`1 message deleted; ${keyOf('undo')} takes it back`));
		await screen.press(keyOf('parts'));
		session.notice.set({kind: 'done', text: ours('1 message deleted'), advice: 'undo', serial: 2});
		await screen.settled();
		assert.match(screen.text(), / 1 message deleted *$/m);
	});

	test('a message, its parts and the outbox name them', async () => {
		const session = fakeSession();
		session.fill(inbox, [fakeMessage(1)]);
		const message = session.message(messageId(1));
		message.text = [textLine('Hello')];
		const structure = fakePart('', 'multipart/mixed', {
			children: [fakePart('1', 'text/plain'), fakePart('2', 'image/png', {sizeBytes: 9000})],
		});
		message.content.set({
			...noContent,
			state: 'known',
			structure,
			text: {
				...noText,
				kind: 'plain',
				heldBytes: 4096,
				totalBytes: 54_000,
				isWhole: false,
				remark: ours('Odd'),
				advice: 'see-parts',
			},
		});
		const screen = await show(session, {keymap});
		await screen.press(keyOf('open'));
		assert.match(screen.text(), new RegExp(`Odd\\. ${keyOf('parts')} shows its parts`));
		assert.match(screen.text(), new RegExp(`here: ${keyOf('moreText')} brings more`));
		assert.match(screen.text(), new RegExp(`\\(${keyOf('parts')}: look, fetch, save\\)`));
		await screen.press(keyOf('parts'));
		assert.match(screen.text(), new RegExp(`${keyOf('fetch')} fetches`));
		await screen.press(keyOf('mark'));
		assert.match(screen.text(), new RegExp(`${keyOf('fetch')} fetches, ${keyOf('save')} saves`));
		assert.equal(namesOnlyBound(screen), 2);
	});
});

test('what may follow a first key fits a line of 80, in every preset', async () => {
	for (const preset of presetNames) {
		const keys = keymapOf(preset);
		const own = keys.on('messages');
		const firsts = own.bound.flatMap(bound =>
			bound.keys.filter(key => key.includes(' ')).map(key => key.split(' ')[0] ?? ''),
		);
		for (const first of new Set(firsts)) {
			const screen = await show(withMail(), {keymap: keys});
			await screen.press(first);
			const [said = ''] = screen.lines().filter(line => line.startsWith(` ${first}: `));
			assert.notEqual(said, '', `${preset}: ${first}`);
			assert.doesNotMatch(said, /…/, preset);
		}
	}
});

test('a wide key and a long one keep the menu in its columns', async () => {
	const long = keymapOf('default', {help: ['漢'], open: ['Ctrl+Alt+PageDown']});
	const [menu = '', usual = ''] = await Promise.all(
		[long, keymapOf()].map(async keys => (await show(withMail(), {keymap: keys})).lines().at(-2)),
	);
	assert.match(menu, /^ 漢:Help {5}Ctrl\+Alt\+P… q:Back/);
	assert.equal(menu.indexOf('v:Parts') + 1, usual.indexOf('v:Parts'));
});

test('a command without a key is named by its word, and is not in the menu', async () => {
	const session = withMail();
	const screen = await show(session, {keymap: keymapOf('default', {undo: [], help: []})});
	session.notice.set({kind: 'done', text: ours('1 message deleted'), advice: 'undo', serial: 1});
	await screen.settled();
	assert.match(screen.text(), /1 message deleted; :undo takes it back/);
	assert.doesNotMatch(screen.lines().slice(-2).join(' '), /Undo|Help/);
	await screen.press('?');
	assert.match(screen.text(), /\? is no key here: :help shows those that are/);
});

test('a letter of back quits at the top, another key of it does not', async () => {
	const screen = await show(withMail(), {keymap: keymapOf('default', {back: ['x', '<']})});
	await screen.press('<');
	assert.match(screen.text(), /this is the top: x quits, y lists the mailboxes/);
	assert.equal(screen.quits(), 0);
	await screen.press('x');
	assert.equal(screen.quits(), 1);
});

test('a key that is bound to what costs is a yes to its price; n never is', async () => {
	const session = withMail();
	session.chooseBudget('metered');
	const message = session.message(messageId(30));
	const screen = await show(session, {keymap: keymapOf('default', {openPart: ['n', 'E']})});
	const structure = fakePart('', 'multipart/mixed', {
		children: [fakePart('1', 'image/png', {sizeBytes: 9_000_000})],
	});
	message.content.set({...noContent, state: 'known', structure});
	await screen.press('v', 'E', 'n');
	assert.deepEqual(
		session.spent().filter(call => call.startsWith('open ')),
		[],
	);
	await screen.press('E', 'E');
	assert.deepEqual(
		session.spent().filter(call => call.startsWith('open ')),
		['open 30 1'],
	);
});
