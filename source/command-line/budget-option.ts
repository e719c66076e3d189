/** `--budget free|metered`. */
import type {BudgetName} from '../model/budget.ts';
import type {Values} from './options.ts';
import {UsageProblem} from './usage-problem.ts';

/** Throws a UsageProblem. */
export function readBudget({budget}: Values): BudgetName | undefined {
	if (budget === undefined || budget === 'free' || budget === 'metered') return budget;
	throw new UsageProblem(`--budget is free or metered, not ${budget}`);
}
