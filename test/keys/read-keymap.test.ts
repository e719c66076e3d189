/** What one may write under "keys" in the configuration, and what is said when it makes no sense. */
import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {readKey} from '../../source/keys/key-spelling.ts';
import type {Keymap} from '../../source/keys/keymap.ts';
import {readKeymap} from '../../source/keys/read-keymap.ts';
import type {ScreenName} from '../../source/keys/screens.ts';

function keymap(keys: unknown): Keymap {
	const read = readKeymap(keys);
	assert.ok('keymap' in read, 'problem' in read ? read.problem : '');
	return read.keymap;
}
const problem = (keys: unknown): string => {
	const read = readKeymap(keys);
	return 'problem' in read ? read.problem : '';
};
const means = (keys: unknown, screen: ScreenName, key: string): string | undefined => {
	const found = keymap(keys).on(screen).commandFor(key);
	return typeof found === 'object' ? found.name : found;
};

describe('bindings', () => {
	test('nothing said is Bonsai’s own keys; a preset is the keys of another program', () => {
		assert.equal(means(undefined, 'messages', 'd'), 'delete');
		assert.equal(means({}, 'messages', 'd'), 'delete');
		assert.equal(means({preset: 'alpine'}, 'messages', 'N'), 'down');
	});
	test('a binding takes the place of the preset’s, on every screen of the command', () => {
		const keys = {bind: {delete: ['x', 'Ctrl+k']}};
		for (const screen of ['messages', 'inboxes', 'message'] as const) {
			assert.equal(means(keys, screen, 'x'), 'delete');
			assert.equal(means(keys, screen, 'd'), undefined);
		}
	});
	test('on one screen it leaves the others alone, and goes before what is said of all', () => {
		const keys = {bind: {'messages.archive': ['E'], archive: ['A']}};
		assert.equal(means(keys, 'messages', 'E'), 'archive');
		assert.equal(means(keys, 'messages', 'A'), undefined);
		assert.equal(means(keys, 'message', 'A'), 'archive');
	});
	test('what one says of all screens holds where the preset speaks of one', () => {
		assert.equal(means({bind: {open: ['l']}}, 'mailboxes', 'l'), 'open');
		assert.equal(means({bind: {open: ['l']}}, 'mailboxes', 'Enter'), undefined);
	});
	test('no keys: it is typed, and its key is free for another', () => {
		const keys = {bind: {archive: [], delete: ['a']}};
		assert.equal(means(keys, 'messages', 'a'), 'delete');
		assert.equal(keymap(keys).on('messages').nameOf('archive'), ':archive');
	});
	test('two keys in a row, and commands that have no key of their own', () => {
		const keys = {bind: {dial: [', d'], hangUp: [', h']}};
		assert.equal(means(keys, 'messages', ','), 'prefix');
		assert.equal(means(keys, 'messages', ', d'), 'dial');
	});
	test('Ctrl+c quits whatever is bound', () => {
		assert.equal(means({bind: {quit: []}}, 'messages', 'Ctrl+c'), 'quit');
		assert.equal(means({bind: {quit: ['Z']}}, 'messages', 'Ctrl+c'), 'quit');
	});
});

describe('what makes no sense is said, with the way out', () => {
	const said: readonly (readonly [title: string, keys: unknown, words: RegExp])[] = [
		['no object', [], /^"keys" must be an object: \{"preset"/],
		['a stray field', {binds: {}}, /^"keys" has "preset" and "bind", and no "binds"$/],
		['a preset nobody made', {preset: 'pine'}, /"preset" of "keys" must be default, mutt, alpine or aerc$/],
		['bindings that are a list', {bind: ['d']}, /"bind" of "keys" must be an object/],
		['a key without brackets', {bind: {delete: 'd'}}, /"delete": its keys stand in brackets: \["d", "Ctrl\+k"\]/],
		['a number', {bind: {delete: [5]}}, /5 is no key: put it in quotes/],
		[
			'a command that is misspelled',
			{bind: {delte: ['d']}},
			/no command "delte" \(did you mean "delete"\?\); docs\/keys\.md lists them/,
		],
		['the word one types for it', {bind: {read: ['r']}}, /no command "read" \(did you mean "toggleRead"\?\)/],
		['a command nobody would guess', {bind: {frobnicate: ['r']}}, /no command "frobnicate"; docs/],
		['a screen nobody made', {bind: {'list.delete': ['x']}}, /no screen "list"; there are accounts, /],
		[
			'a command elsewhere',
			{bind: {'parts.delete': ['x']}},
			/"delete" is no command of the screen parts, but of messages, inboxes and message$/,
		],
		[
			'a key that is misspelled',
			{bind: {delete: ['PgDwn']}},
			/"PgDwn" is no key \(did you mean PageDown\?\): keys are/,
		],
		['a key that cannot be seen', {bind: {delete: ['\u200b']}}, /is no key: keys are/],
		['an accent alone', {bind: {delete: ['\u0301']}}, /is no key: keys are/],
		['a space', {bind: {delete: [' ']}}, /the space bar is "Space"/],
		['three keys', {bind: {delete: ['a b c']}}, /more than two keys/],
		['a key that never arrives', {bind: {delete: ['Ctrl+m']}}, /a terminal sends it as Enter, so write "Enter"/],
		['another', {bind: {delete: ['Ctrl+5']}}, /terminals send Ctrl only with a letter/],
		['a capital with Shift', {bind: {delete: ['Shift+d']}}, /written as the capital, D$/],
		['Ctrl+c', {bind: {delete: ['Ctrl+c']}}, /Ctrl\+c always quits, so "delete" needs another key/],
		['Ctrl+c after a key', {bind: {delete: ['g Ctrl+c']}}, /Ctrl\+c always quits/],
		[
			'no way to the command line',
			{bind: {commandLine: []}},
			/"commandLine" needs a key on the screen accounts: .*Leave it at \[":"\]/,
		],
		['no way to it on one screen', {bind: {'parts.commandLine': []}}, /"commandLine" needs a key on the screen parts/],
		[
			'a clash with the preset',
			{bind: {archive: ['d']}},
			/on the screens inboxes, messages and message d is both "archive" \(yours\) and "delete" \(of the preset default\)\. Choose another key, or free this one: "delete": \["Delete"\]$/,
		],
		[
			'a clash on one screen',
			{preset: 'mutt', bind: {'messages.archive': ['d']}},
			/on the screen messages d is both "archive" \(yours\) and "delete" \(of the preset mutt\)\. .*: "messages\.delete": \[\]$/,
		],
		[
			'a clash with oneself',
			{bind: {archive: ['x'], delete: ['x']}},
			/x is both "(delete|archive)" \(yours\) and "(delete|archive)" \(yours\)\. Give one of them another key$/,
		],
		[
			'a key that begins another',
			{bind: {archive: ['S']}},
			/S is "archive" \(yours\) and begins S m, "budgetMetered" \(of the preset default\)\. .*: "budgetMetered": \[\], "budgetFree": \[\]$/,
		],
		[
			'two keys that begin with a command',
			{bind: {archive: ['d d']}},
			/d is "delete" \(of the preset default\) and begins d d, "archive" \(yours\)\. .*: "delete": \["Delete"\]$/,
		],
		['two keys of one command', {bind: {archive: ['g', 'g g']}}, /g is "archive" \(yours\) and begins g g, "archive"/],
	];
	for (const [title, keys, words] of said) test(title, () => assert.match(problem(keys), words));

	test('who does as the sentence says is understood', () => {
		const first = problem({bind: {archive: ['d']}});
		const [, free = ''] = /free this one: (.*)$/.exec(first) ?? [];
		assert.equal(problem({bind: {archive: ['d'], ...JSON.parse(`{${free}}`)}}), '');
	});
});

test('keys are taken as people write them', () => {
	const spelled: Readonly<Record<string, string>> = {
		'^K': 'Ctrl+k',
		'ctrl+K': 'Ctrl+k',
		'alt+ctrl+x': 'Ctrl+Alt+x',
		'Alt+X': 'Alt+X',
		PGDN: 'PageDown',
		esc: 'Escape',
		Return: 'Enter',
		'shift+tab': 'Shift+Tab',
		'  g   i ': 'g i',
		'^': '^',
		'+': '+',
		'Alt++': 'Alt++',
		ä: 'ä',
		漢: '漢',
		'e\u0301': 'é',
	};
	for (const [written, key] of Object.entries(spelled)) assert.deepEqual(readKey(written), {key}, written);
});
