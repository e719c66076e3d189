/**
 * A command's keys for a list of them: the digits as one, and a letter once where both cases are bound, the capital
 * first. Pure.
 */
import {digits} from './default-keys.ts';

export function shownKeys(keys: readonly string[]): string[] {
	const isNumber = digits.every(digit => keys.includes(digit));
	const others = isNumber ? keys.filter(key => !digits.some(digit => digit === key)) : keys;
	const shown = others.filter(
		(key, at) => others.indexOf(key.toUpperCase()) < 0 || others.indexOf(key.toUpperCase()) >= at,
	);
	return isNumber ? ['1 2 3 …', ...shown] : shown;
}
