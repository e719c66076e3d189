/** Nothing from outside gets past the output that could drive a terminal or break a program that reads it. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {jsonOf} from '../../source/commands/output.ts';
import {table} from '../../source/commands/table.ts';
import {live} from '../../source/session/live.ts';
import {printedOn} from '../helpers/command.ts';

const nobody = {link: live({state: 'hung-up'})} as never;
const hostile = 'a\u001b[2Jb\u009bc\u202ed\ne\tf\u2028g';

test('a line cannot drive a terminal, whoever made it', async () => {
	const {stdout, stderr} = await printedOn(nobody, async ({output}) => {
		output.lines([hostile]);
		output.say(hostile);
	});
	for (const text of [stdout, stderr]) {
		assert.doesNotMatch(text, /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202e\u2028]/);
		assert.equal(text.split('\n').length, 2);
	}
});

test('JSON spells what is invisible as an escape, and means the same', () => {
	const json = jsonOf({hostile});
	assert.doesNotMatch(json, /[\p{Cc}\p{Cf}\u2028]/u);
	assert.deepEqual(JSON.parse(json), {hostile});
	const ascii = jsonOf({name: '日本 👍 é'}, true);
	assert.match(ascii, /^[\x20-\x7e]*$/);
	assert.deepEqual(JSON.parse(ascii), {name: '日本 👍 é'});
});

test('a terminal without UTF-8 gets ASCII; a pipe gets UTF-8 whatever the locale', async () => {
	const say = (columns: number | undefined) =>
		printedOn(nobody, async ({output}) => output.lines(['日本']), {columns, isAscii: true});
	assert.equal((await say(80)).stdout, '??\n');
	assert.equal((await say(undefined)).stdout, '日本\n');
});

test('a table is aligned for a person and separated by tabs for a program, and an empty field is a dash', () => {
	const rows = [
		['1', 'Ada', 'x'],
		['20', '', 'a\tlong\nword'],
	];
	const columns = [{align: 'right' as const}, {}, {}];
	assert.deepEqual(table(rows, columns, {isTerminal: true}), [' 1  Ada  x', '20  -    a long word']);
	assert.deepEqual(table(rows, columns, {isTerminal: false}), ['1\tAda\tx', '20\t-\ta long word']);
	assert.deepEqual(table([], columns, {isTerminal: true}), []);
});

test('wide characters stand under each other; what is too wide is cut for a person only', () => {
	const rows = [
		['田中', 'x'],
		['a very long name', 'y'],
	];
	const columns = [{mostColumns: 6}, {}];
	assert.deepEqual(table(rows, columns, {isTerminal: true}), ['田中    x', 'a ver…  y']);
	assert.equal(table(rows, columns, {isTerminal: false})[1], 'a very long name\ty');
});
