/**
 * A key as it is written on the screen: `^D`, `PgDn`, `S m`. Pure.
 */
import {ours, type SafeText} from '../model/safe-text.ts';

const shown: Readonly<Record<string, string>> = {
	PageDown: 'PgDn',
	PageUp: 'PgUp',
	Escape: 'Esc',
	Up: 'up',
	Down: 'down',
	Left: 'left',
	Right: 'right',
};

export function keyWords(key: string): SafeText {
	return ours(
		key
			.split(' ')
			.map(each => shown[each] ?? each.replace(/^Ctrl\+(.)$/, (_all, letter: string) => `^${letter.toUpperCase()}`))
			.join(' '),
	);
}
