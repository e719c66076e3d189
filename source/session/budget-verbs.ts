/** What a session lets the user do about what may be spent: choose a budget, limit the session, say yes or no. */
import {bytesOf} from '../model/amounts.ts';
import type {Budget, BudgetName} from '../model/budget.ts';
import {ours} from '../model/safe-text.ts';
import type {LiveSource} from './live.ts';
import type {Operations} from './operations.ts';
import type {CommandSession, Tell} from './session.ts';
import type {SessionBudget} from './session-budget.ts';
import type {Worker} from './worker.ts';

type BudgetVerbs = Pick<
	CommandSession,
	'budget' | 'budgetLeft' | 'overBudget' | 'chooseBudget' | 'limitSession' | 'answerOverBudget'
>;

type BudgetSurroundings = {
	readonly isLocal: boolean;
	readonly budget: LiveSource<Budget>;
	/** As this session can have it. */
	readonly budgetOf: (name: BudgetName) => Budget;
	readonly sessionBudget: SessionBudget;
	readonly operations: Operations;
	readonly worker: Worker;
	readonly tell: Tell;
};

export const budgetVerbs = ({
	isLocal,
	budget,
	budgetOf,
	sessionBudget,
	operations,
	worker,
	tell,
}: BudgetSurroundings): BudgetVerbs => ({
	budget,
	budgetLeft: sessionBudget.leftBytes,
	overBudget: sessionBudget.overBudget,
	chooseBudget(name) {
		if (isLocal) return tell('problem', ours('This mail is on your disk: nothing here costs anything'));
		budget.set(budgetOf(name));
		worker.reconsider();
		if (name === 'metered') tell('done', ours('Metered: nothing is fetched ahead, no waiting for news'), 'look');
		else tell('done', ours('Free: rows come ahead, news arrives by itself'));
	},
	limitSession(bytes) {
		sessionBudget.limit(bytes);
		if (bytes === undefined) tell('done', ours('No session budget'));
		else tell('done', ours(`Session budget: asks before more than ${bytesOf(bytes)} are spent from now on`));
		operations.sendOn();
		worker.reconsider();
	},
	answerOverBudget: isAllowed => worker.answerBudget(isAllowed),
});
