import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {
	commandForKey,
	commandForWords,
	commands,
	commandsAfter,
	commandsOn,
	keyWords,
	type ScreenName,
} from '../../components/keys.ts';

const screens: readonly ScreenName[] = [
	'accounts',
	'inboxes',
	'mailboxes',
	'messages',
	'message',
	'parts',
	'viewer',
	'help',
	'outbox',
];

describe('the table of keys', () => {
	for (const screen of screens) {
		test(`no key has two meanings in ${screen}`, () => {
			const keys = commandsOn(screen).flatMap(command => command.keys);
			assert.deepEqual([...new Set(keys)], keys);
		});
		test(`no typed word has two meanings in ${screen}`, () => {
			const words = commandsOn(screen).flatMap(command => command.typed ?? []);
			assert.deepEqual([...new Set(words)], words);
		});
		test(`help, the command line and quitting can be reached in ${screen}`, () => {
			for (const key of ['?', ':', 'Q', 'Ctrl+c', 'q']) assert.notEqual(commandForKey(screen, key), undefined, key);
		});
	}
	test('every command can be reached by a key or by its words', () => {
		for (const command of commands) assert.ok(command.keys.length > 0 || command.typed, command.name);
	});
	test('the keys of what is not built do nothing', () => {
		for (const key of ['/', 'n', 'l', 'z', 'm']) {
			for (const screen of screens) assert.equal(commandForKey(screen, key), undefined, key);
		}
	});
	test('S waits for a second key', () => {
		assert.equal(commandForKey('messages', 'S'), 'prefix');
		const second = commandForKey('messages', 'S m');
		assert.ok(typeof second === 'object');
		assert.equal(second.name, 'budgetMetered');
		assert.deepEqual(
			commandsAfter('messages', 'S').map(command => command.name),
			['budgetMetered', 'budgetFree'],
		);
	});
	test('words after a command are its argument', () => {
		const found = commandForWords('messages', '  mailbox  Lists/bonsai ');
		assert.equal(found?.command.name, 'goToMailbox');
		assert.equal(found?.argument, 'Lists/bonsai');
		assert.equal(commandForWords('messages', 'rm -rf'), undefined);
	});
	test('keys are written as people write them', () => {
		assert.deepEqual(['Ctrl+d', 'PageDown', 'S m', '?'].map(keyWords), ['^D', 'PgDn', 'S m', '?']);
	});
});
