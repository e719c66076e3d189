/**
 * `bonsai drains`: which mailbox, and which of the numbers that bound its drain are to be others. Pure. Throws a UsageProblem.
 */
import type {Draining} from '../model/draining.ts';
import type {MailboxPath} from '../model/ids.ts';
import {type DrainingField, readTypedDraining, typedDraining} from '../model/typed-draining.ts';
import type {OptionName, Values} from './options.ts';
import {readMailbox} from './read-mailbox.ts';
import {UsageProblem} from './usage-problem.ts';

export type WantedDrains = {
	readonly command: 'drains';
	readonly account: string | undefined;
	/** Undefined: all without numbers of their own; and all there are, when nothing is to be another. */
	readonly mailbox: MailboxPath | undefined;
	/** Which numbers are to be others; none: they are only shown. */
	readonly change: Partial<Draining>;
	/** Back to what holds without them. */
	readonly isReset: boolean;
	readonly isJson: boolean;
};

const fields = {leave: 'leave', older: 'older-than', size: 'not-above'} as const satisfies Record<
	DrainingField,
	OptionName
>;

export const drainOptions = [
	'account',
	'json',
	'reset',
	...Object.values(fields),
] as const satisfies readonly OptionName[];

export function readDrainOptions([word]: readonly string[], values: Values): WantedDrains {
	const size = values['not-above'];
	const typed = {
		...typedDraining(),
		...(values.leave === undefined ? {} : {leave: values.leave}),
		...(values['older-than'] === undefined ? {} : {older: values['older-than']}),
		...(size === undefined ? {} : {size: size === 'none' ? '' : size}),
	};
	const read = readTypedDraining(typed);
	if ('problem' in read) throw new UsageProblem(`--${fields[read.field]}: ${read.problem}`);
	const {leaveDays, olderThanDays, mostBytes} = read.draining;
	const change: Partial<Draining> = {
		...(values.leave === undefined ? {} : {leaveDays}),
		...(values['older-than'] === undefined ? {} : {olderThanDays}),
		...(size === undefined ? {} : {mostBytes}),
	};
	const isReset = values.reset === true;
	if (isReset && Object.keys(change).length > 0)
		throw new UsageProblem('--reset goes back to what holds without numbers: it takes no other option of the drain');
	return {
		command: 'drains',
		account: values.account,
		mailbox: word === undefined ? undefined : readMailbox(word, 'bonsai drains MAILBOX'),
		change,
		isReset,
		isJson: values.json === true,
	};
}
