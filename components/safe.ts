/**
 * Sentences made of safe pieces are safe: safe`saved ${name}, ${count} left`. The only way components join text.
 *
 * Law 9: a value from outside must be SafeText before it gets here; the type says so.
 */
import type {SafeText} from '../source/model/safe-text.ts';

export function safe(literals: TemplateStringsArray, ...values: readonly (SafeText | number)[]): SafeText {
	let text = literals[0] ?? '';
	values.forEach((value, index) => {
		text += String(value) + (literals[index + 1] ?? '');
	});
	return text as SafeText;
}

export const spaces = (columns: number): SafeText => ' '.repeat(Math.max(0, columns)) as SafeText;

/** With a full stop, where it has none: a server's words may end with one. */
export const ended = (sentence: SafeText): SafeText => (/[.!?]$/.test(sentence) ? sentence : safe`${sentence}.`);
