/** The words of `bonsai state`. Pure. Throws a UsageProblem. */
import os from 'node:os';
import type {MailboxPath} from '../model/ids.ts';
import {readStatePlace, type StatePlace} from '../model/state-place.ts';
import type {Values} from './options.ts';
import {readMailbox} from './read-mailbox.ts';
import {UsageProblem} from './usage-problem.ts';

export type WantedState = {
	readonly mailbox: MailboxPath;
	readonly wanted:
		| {readonly verb: 'show'}
		| {readonly verb: 'set'; readonly place: StatePlace}
		| {readonly verb: 'export'; readonly file: string; readonly mayReplace: boolean}
		| {readonly verb: 'import'; readonly file: string};
};

export function readState([verb, word, ...rest]: readonly string[], values: Values): WantedState {
	const mailbox = (looks: string): MailboxPath => readMailbox(word, looks);
	const file = (looks: string): string => {
		const [name, ...more] = rest;
		if (name === undefined || name === '' || more.length > 0) throw new UsageProblem(`say which file: ${looks}`);
		return name;
	};
	if (values.replace === true && verb !== 'export') throw new UsageProblem('--replace is for bonsai state export');
	switch (verb) {
		case 'show':
			if (rest.length > 0) throw new UsageProblem('bonsai state show takes one mailbox');
			return {mailbox: mailbox('bonsai state show MAILBOX'), wanted: {verb}};
		case 'set': {
			const place = readStatePlace(rest.join(' '), os.homedir());
			if (typeof place === 'string') throw new UsageProblem(place);
			return {mailbox: mailbox('bonsai state set MAILBOX client'), wanted: {verb, place}};
		}
		case 'export': {
			const looks = 'bonsai state export MAILBOX FILE';
			return {mailbox: mailbox(looks), wanted: {verb, file: file(looks), mayReplace: values.replace === true}};
		}
		case 'import': {
			const looks = 'bonsai state import MAILBOX FILE';
			return {mailbox: mailbox(looks), wanted: {verb, file: file(looks)}};
		}
		default:
			throw new UsageProblem('say what: bonsai state show, set, export or import, and the mailbox');
	}
}
