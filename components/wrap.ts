/**
 * Our own short texts (headers, links, sentences) in lines of so many columns, broken at spaces where there are any.
 * The text of a message comes wrapped from the session. Pure.
 */
import type {SafeText} from '../source/model/safe-text.ts';
import {headOf, widthOf} from '../source/model/width.ts';

export function wrap(text: SafeText, columns: number): SafeText[] {
	const lines: SafeText[] = [];
	let rest: string = text;
	while (widthOf(rest) > columns) {
		const {head} = headOf(rest, Math.max(1, columns));
		// A character wider than the line still has to go somewhere.
		if (head === '') break;
		const space = rest[head.length] === ' ' ? head.length : head.lastIndexOf(' ');
		const end = space > columns / 3 ? space : head.length;
		lines.push(rest.slice(0, end).trimEnd() as SafeText);
		rest = rest.slice(end).trimStart();
	}
	lines.push(rest as SafeText);
	return lines;
}
