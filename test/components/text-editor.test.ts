import assert from 'node:assert/strict';
import {test} from 'node:test';
import {
	cursorOf,
	type EditedText,
	editedText,
	editText,
	rowsOf,
	textOfRow,
	wholeText,
} from '../../components/text-editor.ts';

const columns = 20;
const press = (text: EditedText, ...names: readonly string[]): EditedText =>
	names.reduce((before, name) => {
		const isCharacter = [...name].length === 1;
		return editedText(before, {name, text: isCharacter ? name : ''}, columns, 5) ?? before;
	}, text);
const paste = (text: EditedText, pasted: string): EditedText =>
	editedText(text, {name: 'Paste', text: pasted}, columns, 5) ?? text;

test('what is typed is in the text, and Enter makes a line', () => {
	const text = press(editText(''), ...'Dear', 'Enter', ...'Ada', 'Backspace', 'Home', 'x');
	assert.equal(wholeText(text), 'Dear\nxAd');
});
test('a long line is wrapped at its blanks and stays one line', () => {
	const text = editText('a line that is longer than the screen is wide');
	assert.deepEqual(
		rowsOf(text, columns).map(row => textOfRow(text, row)),
		['a line that is ', 'longer than the ', 'screen is wide'],
	);
	assert.equal(wholeText(press(text, 'End', 'Down', '!')).includes('\n'), false);
});
test('up and down keep the column over shorter lines, across wrapped ones too', () => {
	const text = editText('0123456789\nab\n0123456789');
	const down = press(text, 'End', 'Down', 'Down');
	assert.deepEqual(cursorOf(down, columns), {row: 2, column: 10});
	assert.deepEqual(cursorOf(press(down, 'Up'), columns), {row: 1, column: 2});
	const wrapped = press(editText('a line that is longer than the screen'), 'Down', 'End', 'X');
	assert.equal(wholeText(wrapped), 'a line that is longer than theX screen');
});
test('lines are joined by Backspace, Delete and Ctrl+k at their ends', () => {
	const text = editText('one\ntwo');
	assert.equal(wholeText(press(text, 'Down', 'Backspace')), 'onetwo');
	assert.equal(wholeText(press(text, 'End', 'Delete')), 'onetwo');
	assert.equal(wholeText(press(text, 'Ctrl+k', 'Ctrl+k')), 'two');
	assert.equal(wholeText(press(text, 'Down', 'End', 'Ctrl+w')), 'one\n');
});
test('what is pasted keeps its lines and loses its controls; wide characters are one step', () => {
	const text = paste(editText(''), 'a\r\nb\x1b[31m\tc');
	assert.equal(wholeText(text), 'a\nb[31m    c');
	const wide = press(editText('日本語'), 'Right', 'x');
	assert.equal(wholeText(wide), '日x本語');
	assert.equal(cursorOf(wide, columns).column, 3);
});
test('no key leaves the text, and none moves the cursor out of it', () => {
	const keys = [
		'Up',
		'Down',
		'Left',
		'Right',
		'Home',
		'End',
		'PageUp',
		'PageDown',
		'Backspace',
		'Delete',
		'Ctrl+k',
		'Enter',
		'a',
		' ',
	];
	let text = editText('one\n\ntwo words of it that go on and on\n');
	let seed = 7;
	for (let step = 0; step < 2000; step++) {
		seed = (seed * 1103515245 + 12345) % 2147483648;
		text = press(text, keys[(seed >> 8) % keys.length] ?? 'a');
		const {row, column} = cursorOf(text, columns);
		assert.ok(row >= 0 && row < rowsOf(text, columns).length, `step ${step}`);
		assert.ok(column >= 0 && column <= columns, `step ${step}: ${column}`);
		assert.ok(text.at >= 0 && text.at <= (text.lines[text.line] ?? '').length);
	}
});
