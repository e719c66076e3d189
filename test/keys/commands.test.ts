/** The promises of the table of commands, and of Bonsai's own keys. */
import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {commandForWords, commands, commandsOn} from '../../source/keys/commands.ts';
import {keyWords} from '../../source/keys/key-words.ts';
import {keymapOf} from '../../source/keys/keymap.ts';
import {screens} from '../../source/keys/screens.ts';

const keymap = keymapOf();

describe('the table of commands', () => {
	for (const screen of screens) {
		test(`no command is there twice, and no typed word has two meanings, in ${screen}`, () => {
			const names = commandsOn(screen).map(({name}) => name);
			assert.deepEqual([...new Set(names)], names);
			const words = commandsOn(screen).flatMap(command => command.typed ?? []);
			assert.deepEqual([...new Set(words)], words);
		});
		test(`help, the command line and quitting can be reached in ${screen}`, () => {
			for (const key of ['?', ':', 'Q', 'Ctrl+c', 'q'])
				assert.notEqual(keymap.on(screen).commandFor(key), undefined, key);
		});
	}
	test('every command can be reached by a key or by its words', () => {
		for (const screen of screens) {
			for (const {command} of keymap.on(screen).bound)
				assert.notEqual(keymap.on(screen).nameOf(command.name), '', command.name);
		}
	});
	test('the keys of what is not built do nothing', () => {
		for (const key of ['/', 'n', 'l', 'z']) {
			for (const screen of screens) assert.equal(keymap.on(screen).commandFor(key), undefined, key);
		}
	});
	test('words after a command are its argument', () => {
		const found = commandForWords('messages', '  mailbox  Lists/bonsai ');
		assert.equal(found?.command.name, 'goToMailbox');
		assert.equal(found?.argument, 'Lists/bonsai');
		assert.equal(commandForWords('messages', 'rm -rf'), undefined);
	});
	test('what can be pressed in vain has no full stop and no capital: it is the end of a sentence', () => {
		for (const {whyNot} of commands) if (whyNot) assert.match(whyNot, /^[a-z].*[^.]$/);
	});
});

describe('the keys of a screen', () => {
	test('S waits for a second key', () => {
		const keys = keymap.on('messages');
		assert.equal(keys.commandFor('S'), 'prefix');
		const second = keys.commandFor('S m');
		assert.ok(typeof second === 'object');
		assert.equal(second.name, 'budgetMetered');
		assert.deepEqual(
			keys.after('S').map(({key, command}) => `${key} ${command.name}`),
			[
				'm budgetMetered',
				'f budgetFree',
				'd modelDisconnected',
				'D mailboxDisconnected',
				'o modelOffline',
				'O mailboxOffline',
				'n modelOnline',
				'N mailboxOnline',
				's statePlace',
			],
		);
	});
	test('keys are written as people write them', () => {
		assert.deepEqual(['Ctrl+d', 'PageDown', 'S m', '?'].map(keyWords), ['^D', 'PgDn', 'S m', '?']);
	});
	test('a sentence names the first key, else the word to type, else nothing', () => {
		const keys = keymapOf('default', {undo: [], mark: [], delete: ['Ctrl+k', 'd']}).on('messages');
		assert.equal(keys.hint('delete', 'deletes'), '^K deletes');
		assert.equal(keys.hint('undo', 'takes it back'), ':undo takes it back');
		assert.equal(keys.hint('mark', 'marks'), '');
		assert.equal(keys.hints(['mark', 'marks'], ['undo', 'undoes'], ['delete', 'deletes']), ':undo undoes, ^K deletes');
	});
});
