/**
 * A key as it is heard, where signs may be silent and D sounds like d: `question mark`, `capital D`, `control L`. Pure.
 */
import {ours, type SafeText} from '../model/safe-text.ts';

const signs: Readonly<Record<string, string>> = {
	'?': 'question mark',
	':': 'colon',
	';': 'semicolon',
	',': 'comma',
	'.': 'dot',
	$: 'dollar',
	'|': 'bar',
	'+': 'plus',
	'-': 'minus',
	'=': 'equals',
	'/': 'slash',
	'<': 'less',
	'>': 'greater',
	'*': 'star',
	'!': 'exclamation mark',
};

export function keyAloud(key: string): SafeText {
	const one = (name: string): string =>
		signs[name] ??
		name
			.replace(/^[A-Z]$/, letter => `capital ${letter}`)
			.replace(/^Ctrl\+(.)$/, (_all, letter: string) => `control ${letter.toUpperCase()}`);
	return ours(key.split(' ').map(one).join(' and then '));
}
