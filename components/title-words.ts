/**
 * What the first line of a screen says. Pure.
 */
import type {Budget} from '../source/model/budget.ts';
import type {Link} from '../source/model/link.ts';
import type {ModelName} from '../source/model/model.ts';
import {ours, type SafeText} from '../source/model/safe-text.ts';
import {fit, widthOf} from '../source/model/width.ts';
import {bytesOf} from './format.ts';
import {linkTitle} from './link-words.ts';
import {safe} from './safe.ts';

/** At the right: what the link does, what is left of a session budget, how many decisions wait. */
export function accountTitle({
	link,
	budget,
	budgetLeft,
	pending,
	model = 'online',
}: {
	readonly link: Link;
	readonly budget: Budget;
	readonly budgetLeft: number | undefined;
	/** How many decisions wait, in words. */
	readonly pending: SafeText | undefined;
	/** Of what the screen is about; online unless said otherwise. */
	readonly model?: ModelName;
}): SafeText {
	const title = linkTitle(link, budget, model);
	const words = budgetLeft === undefined ? title : safe`${title}  ${bytesOf(budgetLeft)} left`;
	return pending === undefined ? words : safe`${pending}  ${words}`;
}

/** The left gives way to the middle as far as `least` columns, if it is longer, and both to the right. Of several middles, the first that has room. */
export function threeColumns(
	left: SafeText,
	middles: SafeText | readonly SafeText[],
	right: SafeText,
	columns: number,
	least = 14,
): SafeText {
	const end = fit(safe` ${right} `, Math.min(widthOf(right) + 2, columns));
	const room = columns - widthOf(end);
	const kept = Math.min(widthOf(left), least);
	const middle = [middles].flat().find(each => each !== '' && room >= widthOf(each) + kept + 4);
	const tail = middle === undefined ? ours('') : safe`  ${middle} `;
	return safe`${fit(safe` ${left}`, room - widthOf(tail))}${tail}${end}`;
}
