/** What is said from one screen to the next. */
import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {spoken, spokenLines} from '../../source/model/spoken.ts';
import {type Frame, whatToSay, wholeScreen} from '../../source/terminal/speech.ts';

const frame = (...lines: readonly string[]): Frame => spokenLines(lines.join('\n'));
const text = (first: number, words: string): string[] =>
	words.split(' ').map((word, index) => `line ${first + index} ${word}`);

describe('a line that is spoken', () => {
	test('has its spaces drawn together, but for what is typed', () => {
		assert.equal(spoken({kind: 'row', id: 'a b', words: '  9   N  Ada\t\nLovelace  '}), 'row a_b 9 N Ada Lovelace');
		assert.equal(spoken({kind: 'typed', id: '1', words: 'tag  '}), 'typed 1 tag  ');
	});

	test('is of our kinds only: no text passes for another, no escape sequence for a line', () => {
		assert.deepEqual(spokenLines('line 0 selected x mine\nwhatever\n\x1b[?2004h\n\x1b[2Jline 1 x'), [
			{kind: 'line', id: '0', words: 'selected x mine'},
		]);
	});
});

describe('from one screen to the next', () => {
	test('a screen that opens says what it is, where one is in it, and the selected row of it', () => {
		const list = frame('screen :1: work/INBOX', 'place - 2 of 3', 'about - online', 'row 1 Ada', 'selected 2 Bo');
		assert.deepEqual(whatToSay([], list), ['work/INBOX, 2 of 3', 'Bo']);
	});

	test('where one is comes when it is known, and is not said again with each row', () => {
		const before = frame('screen :1: work/INBOX');
		const known = frame('screen :1: work/INBOX', 'place - 2 of 3', 'selected 2 Bo');
		assert.deepEqual(whatToSay(before, known), ['2 of 3', 'Bo']);
		const moved = frame('screen :1: work/INBOX', 'place - 3 of 3', 'row 2 Bo', 'selected 3 Cy');
		assert.deepEqual(whatToSay(known, moved), ['Cy']);
		assert.deepEqual(whatToSay(moved, moved), []);
	});

	test('a row that changes under the cursor says its state, and nothing where it has none', () => {
		const before = frame('screen :1: x', 'selected 2 cat.jpg, coming, 0%', 'state 2 coming, 0%');
		const after = frame('screen :1: x', 'selected 2 cat.jpg, coming, 25%', 'state 2 coming, 25%');
		assert.deepEqual(whatToSay(before, after), ['coming, 25%']);
		assert.deepEqual(whatToSay(frame('screen :1: x', 'selected 2 a'), frame('screen :1: x', 'selected 2 b')), []);
	});

	test('the row that comes to stand under the cursor is said, even if it reads like the one before', () => {
		assert.deepEqual(whatToSay(frame('screen :1: x', 'selected 2 a'), frame('screen :1: x', 'selected 3 a')), ['a']);
	});

	test('a page down says the lines that are new, not those that stayed in sight', () => {
		const page = frame('screen :1: x', ...text(0, 'a b c'));
		assert.deepEqual(whatToSay(page, frame('screen :1: x', ...text(2, 'c d e'))), ['d', 'e']);
		assert.deepEqual(whatToSay(frame('screen :1: x', ...text(2, 'c d e')), page), ['a', 'b']);
	});

	test('a line that reads like one of the page before is said none the less', () => {
		const page = frame('screen :1: x', ...text(0, 'a b same'));
		assert.deepEqual(whatToSay(page, frame('screen :1: x', ...text(3, 'same d e'))), ['same', 'd', 'e']);
	});

	test('what is put in above does not make the rest new', () => {
		const page = frame('screen :1: x', ...text(0, 'a b c'));
		assert.deepEqual(whatToSay(page, frame('screen :1: x', ...text(0, 'a remark b c'))), ['remark', 'c']);
	});

	test('what is still to come is not said', () => {
		assert.deepEqual(whatToSay([], frame('screen :1: x', 'waiting - on its way')), ['x']);
	});

	test('a sentence is said once, again when it is another one, and not because another screen opened', () => {
		const before = frame('screen :1: x', 'status link no line', 'status said-1 no unread message');
		const again = frame('screen :1: x', 'status link no line', 'status said-2 no unread message');
		assert.deepEqual(whatToSay(before, again), ['no unread message']);
		assert.deepEqual(whatToSay(again, frame('screen :2: y', 'status link no line')), ['y']);
	});

	test('asked for, the screen is said whole: with what is still to come, and with all rows when they are wanted', () => {
		const list = frame(
			'screen :1: x',
			'place - 2 of 3',
			'about - online',
			'row 1 a',
			'selected 2 b',
			'waiting - row 3 is on its way',
			'note - a note',
		);
		assert.deepEqual(wholeScreen(list, {hasAllRows: false}), [
			'x, 2 of 3, online',
			'b',
			'row 3 is on its way',
			'a note',
		]);
		assert.deepEqual(wholeScreen(list, {hasAllRows: true}).slice(1, 3), ['a', 'b']);
	});
});
