/**
 * A line of text being typed. Pure: keys in, text and cursor out. The text may hold anything that can be pasted;
 * whoever shows it makes it safe.
 */
import {graphemes} from '../source/model/width.ts';
import type {Key} from './key-source.ts';

export type EditedLine = {
	readonly before: readonly string[];
	readonly after: readonly string[];
};

export const editLine = (text: string): EditedLine => ({before: graphemes(text), after: []});
export const textOf = (line: EditedLine): string => [...line.before, ...line.after].join('');

/** The line after the key; `undefined` when the key is no editing key. */
export function edited(line: EditedLine, key: Key): EditedLine | undefined {
	const {before, after} = line;
	if (key.text !== '') {
		// A line has no line breaks and no controls, whatever was pasted.
		const text = key.text
			.replace(/[\x00-\x1f\x7f-\x9f]+/g, ' ')
			.replace(/ +$/, all => (key.name === 'Paste' ? '' : all));
		return {before: graphemes(before.join('') + text), after};
	}
	switch (key.name) {
		case 'Backspace':
			return {before: before.slice(0, -1), after};
		case 'Delete':
		case 'Ctrl+d':
			return {before, after: after.slice(1)};
		case 'Left':
		case 'Ctrl+b':
			return before.length === 0 ? line : {before: before.slice(0, -1), after: [...before.slice(-1), ...after]};
		case 'Right':
		case 'Ctrl+f':
			return after.length === 0 ? line : {before: [...before, ...after.slice(0, 1)], after: after.slice(1)};
		case 'Home':
		case 'Ctrl+a':
			return {before: [], after: [...before, ...after]};
		case 'End':
		case 'Ctrl+e':
			return {before: [...before, ...after], after: []};
		case 'Ctrl+u':
			return {before: [], after};
		case 'Ctrl+k':
			return {before, after: []};
		case 'Ctrl+w':
			return {before: graphemes(before.join('').replace(/[^\s/]*[\s/]*$/, '')), after};
		default:
			return undefined;
	}
}
