import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {edited, editLine, textOf} from '../../components/line-editor.ts';

const after = (text: string, ...keys: readonly string[]): string => {
	let line = editLine(text);
	for (const name of keys) {
		const typed = name === 'Space' ? ' ' : [...name].length === 1 ? name : '';
		line = edited(line, {name, text: typed}) ?? line;
	}
	return textOf(line);
};

describe('a line being typed', () => {
	test('letters go where the cursor is', () => assert.equal(after('ac', 'Left', 'b'), 'abc'));
	test('Backspace takes a whole grapheme', () => assert.equal(after('e\u0301', 'Backspace'), ''));
	test('Delete takes what is after the cursor', () => assert.equal(after('abc', 'Home', 'Delete'), 'bc'));
	test('^U clears what is before the cursor, ^K what is after', () => {
		assert.equal(after('abc', 'Left', 'Ctrl+u'), 'c');
		assert.equal(after('abc', 'Left', 'Ctrl+k'), 'ab');
	});
	test('^W takes a word, and of a path one level', () => {
		assert.equal(after('pass show mail', 'Ctrl+w'), 'pass show ');
		assert.equal(after('a/b/report.pdf', 'Ctrl+w'), 'a/b/');
	});
	test('Home and End go to the ends', () => assert.equal(after('b', 'Home', 'a', 'End', 'c'), 'abc'));
	test('a combining accent joins the letter before it', () => {
		assert.equal(edited(editLine('e'), {name: '\u0301', text: '\u0301'})?.before.length, 1);
	});
	test('a paste of many lines stays one line, without controls', () => {
		const line = edited(editLine(''), {name: 'Paste', text: 'one\r\ntwo\x1b[31m\n'});
		assert.equal(line && textOf(line), 'one two [31m');
	});
	test('a key that edits nothing is left to others', () => {
		assert.equal(edited(editLine(''), {name: 'F1', text: ''}), undefined);
	});
});
