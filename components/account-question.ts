/**
 * Going to an account by its name.
 */
import type {AccountName} from '../source/model/ids.ts';
import {ours, type SafeText, safeLine} from '../source/model/safe-text.ts';
import type {Session} from '../source/session/session.ts';
import {completed} from './mailbox-question.ts';
import type {Question} from './prompt.tsx';
import {safe} from './safe.ts';

export function accountQuestion(sessions: readonly Session[], go: (name: string) => void): Question {
	return {
		kind: 'line',
		label: ours('Go to account: '),
		initial: '',
		onEnter: go,
		complete: text =>
			completed(
				text,
				sessions.map(({account}) => safeLine(account)),
			),
	};
}

/** The account of that name, else the only one whose name begins so. */
export function findAccount(sessions: readonly Session[], name: string): AccountName | {readonly because: SafeText} {
	const wanted = name.toLowerCase();
	const names = sessions.map(({account}) => account);
	const exact = names.find(each => each === name) ?? names.find(each => each.toLowerCase() === wanted);
	if (exact !== undefined) return exact;
	const [similar, ...others] = names.filter(each => each.toLowerCase().startsWith(wanted));
	if (similar !== undefined && others.length === 0) return similar;
	if (similar !== undefined)
		return {because: safe`${others.length + 1} accounts begin with ${safeLine(name)}: type more of it`};
	return {because: safe`there is no account ${safeLine(name)}: :accounts lists them`};
}
