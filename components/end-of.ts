/** The end of a text in at most `columns` columns: what is typed stays in sight. Pure. */
import {type SafeText, safeLine} from '../source/model/safe-text.ts';
import {widthOf} from '../source/model/width.ts';

export function endOf(text: SafeText, columns: number): SafeText {
	let shown: string = text;
	while (widthOf(shown) > columns) shown = shown.slice(1);
	return safeLine(shown);
}
