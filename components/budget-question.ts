/**
 * What the session budget does not cover, as a question; and what `:budget 200k` means.
 */
import type {OverBudget} from '../source/model/budget.ts';
import {ours} from '../source/model/safe-text.ts';
import type {Session} from '../source/session/session.ts';
import {bytesOf} from './format.ts';
import type {Question} from './prompt.tsx';
import {safe} from './safe.ts';

/** What is left, as the title says it, is more: the good-bye, and what is under way, is set aside. */
export const budgetQuestion = (session: Session, {what, mostBytes, leftBytes}: OverBudget): Question => ({
	kind: 'yes-or-no',
	label: safe`${what}, at most ${bytesOf(mostBytes)}? The budget leaves ${bytesOf(leftBytes)}`,
	isFirm: true,
	onYes: () => session.answerOverBudget(true),
	onNo: () => session.answerOverBudget(false),
});

export const budgetLine = (onEnter: (text: string) => void): Question => ({
	kind: 'line',
	label: ours('Session budget (200 kB, 2 MB, off): '),
	initial: '',
	onEnter,
});
