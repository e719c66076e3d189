/**
 * What is within the budget is done at once; what is over it is asked about first, with its price (law 7).
 */
import type {CommandName} from '../source/keys/commands.ts';
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
	/** What was pressed: pressed again it is a yes. */
	readonly command?: CommandName;
	go(): void;
};

export function spend(session: Session, program: Program, {what, price, command, go}: Spending): void {
	if (isOver(session.budget.get(), price)) {
		program.ask({
			kind: 'yes-or-no',
			label: safe`${what}, ${priceWords(price)}?`,
			...(command === undefined ? {} : {yesKeys: program.keys.keysOf(command)}),
			onYes: go,
		});
	} else go();
}
