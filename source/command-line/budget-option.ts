/** `--budget free|metered`, `--model online|disconnected` and `--session-budget 200kB`. */
import {bytesIn} from '../model/amounts.ts';
import type {BudgetName} from '../model/budget.ts';
import {isModelName, type ModelName, modelNames} from '../model/model.ts';
import type {Values} from './options.ts';
import {UsageProblem} from './usage-problem.ts';

/** Throws a UsageProblem. */
export function readBudget({budget}: Values): BudgetName | undefined {
	if (budget === undefined || budget === 'free' || budget === 'metered') return budget;
	throw new UsageProblem(`--budget is free or metered, not ${budget}`);
}

/** Throws a UsageProblem. */
export function readSessionBudget(values: Values): number | undefined {
	const text = values['session-budget'];
	const bytes = text === undefined ? undefined : bytesIn(text);
	if (text !== undefined && bytes === undefined)
		throw new UsageProblem(`--session-budget is an amount like 200kB or 2MB, not ${text}`);
	return bytes;
}

/** Throws a UsageProblem. */
export function readModel({model}: Values): ModelName | undefined {
	if (model === undefined || isModelName(model)) return model;
	throw new UsageProblem(`--model is ${modelNames.join(' or ')}, not ${model}`);
}
