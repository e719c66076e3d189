/**
 * Keys that come as whole lines, from a terminal that sends nothing before Enter (a shell inside Emacs, a pipe):
 * a line is the keys it holds, and Enter alone is Enter. Pure.
 *
 * A line to be typed somewhere is complete with its line: `StartOfLine` and `EndOfLine` say where it begins and ends,
 * and mean nothing where nothing is typed.
 */
import type {Key} from './key-decoder.ts';

const mark = (name: 'StartOfLine' | 'EndOfLine'): Key => ({name, text: ''});

export function createLineInput(): (keys: readonly Key[]) => Key[] {
	let isInside = false;
	return keys =>
		keys.flatMap(key => {
			if (key.name !== 'Enter') {
				const before = isInside ? [] : [mark('StartOfLine')];
				isInside = true;
				return [...before, key];
			}
			const end = isInside ? mark('EndOfLine') : key;
			isInside = false;
			return [end];
		});
}
