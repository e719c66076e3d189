/**
 * Keys as people write them in the configuration, made the names the terminal's decoder gives. Pure.
 *
 * Law: what is taken can arrive. A terminal sends Ctrl+m as Enter, so a binding of Ctrl+m would wait for ever.
 */
import {safeLine} from '../model/safe-text.ts';
import {nearest} from './nearest.ts';

const names = [
	...['Enter', 'Space', 'Tab', 'Escape', 'Backspace', 'Delete', 'Insert'],
	...['Up', 'Down', 'Left', 'Right', 'Home', 'End', 'PageUp', 'PageDown'],
	...Array.from({length: 12}, (_, index) => `F${index + 1}`),
];

const alsoCalled: Readonly<Record<string, string>> = {
	return: 'Enter',
	esc: 'Escape',
	del: 'Delete',
	ins: 'Insert',
	pgup: 'PageUp',
	pgdn: 'PageDown',
};

/** What the terminal makes of these. */
const sameAs: Readonly<Record<string, string>> = {
	'Ctrl+h': 'Backspace',
	'Ctrl+i': 'Tab',
	'Ctrl+j': 'Enter',
	'Ctrl+m': 'Enter',
	'Ctrl+[': 'Escape',
	'Shift+Enter': 'Enter',
	'Shift+Space': 'Space',
};

const howWritten =
	'keys are written d, D, ?, F5, Enter, Space, Tab, Escape, Backspace, Delete, Insert, Up, Down, Left, Right, Home, End, PageUp, PageDown, Ctrl+k, Alt+x, Shift+Tab, or two in a row: "g i"';

type Spelled = {readonly key: string} | {readonly problem: string};

/** One key, or two in a row. */
export function readKey(text: string): Spelled {
	const parts = text.trim().split(/\s+/);
	if (text.trim() === '') return {problem: `"${text}" is no key (the space bar is "Space"): ${howWritten}`};
	if (parts.length > 2) return {problem: `"${text}" is more than two keys in a row`};
	const keys: string[] = [];
	for (const part of parts) {
		const read = readOne(part);
		if ('problem' in read) return read;
		keys.push(read.key);
	}
	return {key: keys.join(' ')};
}

function readOne(text: string): Spelled {
	const [, modifiers = '', base = text] =
		/^((?:(?:ctrl|alt|shift)\+)*)(.+)$/i.exec(text.replace(/^\^(?=.$)/, 'Ctrl+')) ?? [];
	const held = new Set(modifiers.toLowerCase().split('+').filter(Boolean));
	const name = nameOf(base);
	if (name === undefined) {
		const close = nearest(base, [...names, ...Object.keys(alsoCalled)]);
		const meant = close && nameOf(close);
		return {problem: `"${text}" is no key${meant ? ` (did you mean ${meant}?)` : ''}: ${howWritten}`};
	}
	const isCharacter = !names.includes(name);
	if (isCharacter && held.has('shift'))
		return {problem: `"${text}": a letter with Shift is written as the capital, ${name.toUpperCase()}`};
	const letter = isCharacter && held.has('ctrl') ? name.toLowerCase() : name;
	if (isCharacter && held.has('ctrl') && !/^[a-z[\\\]^_]$/.test(letter))
		return {problem: `"${text}": terminals send Ctrl only with a letter, Space, \\, ], ^ or _`};
	const of = (...wanted: readonly string[]): string =>
		wanted
			.filter(each => held.has(each.toLowerCase()))
			.map(each => `${each}+`)
			.join('');
	const key = `${of('Ctrl', 'Alt', 'Shift')}${letter}`;
	const same = sameAs[`${of('Ctrl', 'Shift')}${letter}`];
	if (same) return {problem: `"${text}": a terminal sends it as ${of('Alt')}${same}, so write "${of('Alt')}${same}"`};
	return {key};
}

function nameOf(base: string): string | undefined {
	const character = base.normalize('NFC');
	// What cannot be shown cannot be named on the screen.
	if ([...character].length === 1 && safeLine(character) === character) return character;
	const wanted = base.toLowerCase();
	return alsoCalled[wanted] ?? names.find(each => each.toLowerCase() === wanted);
}
