/**
 * What is within the budget is done at once; what is over it is asked about first, with its price (law 7).
 */
import {isOver, type Price} from '../source/model/budget.ts';
import type {SafeText} from '../source/model/safe-text.ts';
import type {Session} from '../source/session/session.ts';
import {priceWords} from './format.ts';
import type {Program} from './places.ts';
import {safe} from './safe.ts';

export type Spending = {
	/** `Fetch 3 parts`. */
	readonly what: SafeText;
	readonly price: Price;
	/** The key that began it: pressed again it is a yes. */
	readonly key?: string;
	go(): void;
};

export function spend(session: Session, program: Program, {what, price, key, go}: Spending): void {
	if (isOver(session.budget.get(), price)) {
		program.ask({
			kind: 'yes-or-no',
			label: safe`${what}, ${priceWords(price)}?`,
			...(key === undefined ? {} : {yesKey: key}),
			onYes: go,
		});
	} else go();
}
