/**
 * The commands that do without a screen: their words and options as what is wanted. Pure. Throws a UsageProblem.
 */
import type {BudgetName} from '../model/budget.ts';
import {type MailboxPath, type PartNumber, partNumber} from '../model/ids.ts';
import type {Change} from '../model/operation.ts';
import {readBudget, readSessionBudget} from './budget-option.ts';
import {readDeletion, readFlagChanges, readMove} from './decision-options.ts';
import type {OptionName, Values} from './options.ts';
import {outboxVerbs, readOutbox, type WantedOutbox} from './outbox-options.ts';
import {readMailbox} from './read-mailbox.ts';
import {readState, type WantedState} from './state-words.ts';
import {readUid, readUidSet, type UidSet} from './uid-set.ts';
import {UsageProblem} from './usage-problem.ts';

type Named = {readonly mailbox: MailboxPath; readonly uid: number; readonly uidValidity: number | undefined};

export type Act =
	| {readonly act: 'mailboxes'}
	| {readonly act: 'list'; readonly mailbox: MailboxPath; readonly limit: number}
	| (Named & {
			readonly act: 'read';
			readonly part: PartNumber | undefined;
			readonly hasAllHeaders: boolean;
			readonly isWhole: boolean;
	  })
	| (Named & {readonly act: 'parts'})
	| (Named & {readonly act: 'save'; readonly part: PartNumber; readonly file: string; readonly mayReplace: boolean})
	| (UidSet & {
			readonly act: 'decide';
			readonly mailbox: MailboxPath;
			readonly uidValidity: number | undefined;
			readonly changes: readonly Change[];
			readonly mayWait: boolean;
	  })
	| ({readonly act: 'state'} & WantedState)
	| ({readonly act: 'outbox'} & WantedOutbox)
	| {readonly act: 'sync'; readonly isDryRun: boolean; readonly mayRemoveMany: boolean};

/** What every one of them takes. */
export type Common = {
	readonly account: string | undefined;
	readonly budget: BudgetName | undefined;
	readonly sessionBytes: number | undefined;
	readonly isJson: boolean;
	readonly showsUsage: boolean;
};

export const commonOptions = [
	'account',
	'budget',
	'session-budget',
	'json',
	'usage',
] as const satisfies readonly OptionName[];

export const readCommon = (values: Values): Common => ({
	account: values.account,
	budget: readBudget(values),
	sessionBytes: readSessionBudget(values),
	isJson: values.json === true,
	showsUsage: values.usage === true,
});

/** A session holds no more rows (law 12). */
const mostRows = 20_000;

type SessionCommand = {
	readonly options: readonly OptionName[];
	readonly mostWords: number;
	readonly read: (words: readonly string[], values: Values) => Act;
};

/** Mailbox, UIDs, and for some a mailbox to put them in. */
const deciding = (
	options: readonly OptionName[],
	looks: string,
	{hasTarget}: {readonly hasTarget: boolean},
	read: (values: Values, target: MailboxPath) => readonly Change[],
): SessionCommand => ({
	options: ['uidvalidity', 'no-wait', ...options],
	mostWords: Number.POSITIVE_INFINITY,
	read([word, ...following], values) {
		const mailbox = readMailbox(word, looks);
		const target = hasTarget ? following.pop() : undefined;
		if (following.length === 0) throw new UsageProblem(`say which messages, by their UIDs: ${looks}`);
		return {
			act: 'decide',
			mailbox,
			...readUidSet(following),
			uidValidity: readUidValidity(values),
			changes: read(values, hasTarget ? readMailbox(target, looks) : mailbox),
			mayWait: values['no-wait'] !== true,
		};
	},
});

export const sessionCommands: Readonly<Record<string, SessionCommand>> = {
	sync: {
		options: ['dry-run', 'remove-many'],
		mostWords: 1,
		read: (_words, values) => ({
			act: 'sync',
			isDryRun: values['dry-run'] === true,
			mayRemoveMany: values['remove-many'] === true,
		}),
	},
	mailboxes: {options: [], mostWords: 0, read: () => ({act: 'mailboxes'})},
	list: {
		options: ['limit'],
		mostWords: 1,
		read: ([mailbox], {limit = '20'}) => {
			if (!/^[1-9]\d{0,4}$/.test(limit) || Number(limit) > mostRows)
				throw new UsageProblem(`--limit is how many messages to list, ${mostRows} at most, not ${limit}`);
			return {act: 'list', mailbox: readMailbox(mailbox, 'bonsai list MAILBOX'), limit: Number(limit)};
		},
	},
	read: {
		options: ['uidvalidity', 'part', 'headers', 'all'],
		mostWords: 2,
		read: (words, values) => ({
			act: 'read',
			...readName(words, values, 'bonsai read MAILBOX UID'),
			part: values.part === undefined ? undefined : readPart(values.part),
			hasAllHeaders: values.headers === true,
			isWhole: values.all === true,
		}),
	},
	parts: {
		options: ['uidvalidity'],
		mostWords: 2,
		read: (words, values) => ({act: 'parts', ...readName(words, values, 'bonsai parts MAILBOX UID')}),
	},
	save: {
		options: ['uidvalidity', 'replace'],
		mostWords: 4,
		read(words, values) {
			const looks = 'bonsai save MAILBOX UID PART FILE';
			const name = readName(words, values, looks);
			const [, , part, file] = words;
			if (part === undefined) throw new UsageProblem(`say which part, or "message" for all of it: ${looks}`);
			if (file === undefined || file === '') throw new UsageProblem(`say where to, or - for standard output: ${looks}`);
			const number = part === 'message' ? partNumber('') : readPart(part);
			return {act: 'save', ...name, part: number, file, mayReplace: values.replace === true};
		},
	},
	flag: deciding(['add', 'remove'], 'bonsai flag MAILBOX UID… --add FLAG', {hasTarget: false}, readFlagChanges),
	move: deciding(['to-account'], 'bonsai move MAILBOX UID… TARGET', {hasTarget: true}, (values, to) => [
		readMove('move', to, values['to-account']),
	]),
	copy: deciding(['to-account'], 'bonsai copy MAILBOX UID… TARGET', {hasTarget: true}, (values, to) => [
		readMove('copy', to, values['to-account']),
	]),
	delete: deciding(['forever'], 'bonsai delete MAILBOX UID…', {hasTarget: false}, values => [readDeletion(values)]),
	state: {
		options: ['replace'],
		mostWords: Number.POSITIVE_INFINITY,
		read: (words, values) => ({act: 'state', ...readState(words, values)}),
	},
	outbox: {
		options: outboxVerbs,
		mostWords: 0,
		read: (_words, values) => ({act: 'outbox', ...readOutbox(values)}),
	},
};

function readName([mailbox, uid]: readonly string[], values: Values, looks: string): Named {
	const path = readMailbox(mailbox, looks);
	if (uid === undefined) throw new UsageProblem(`say which message, by its UID: ${looks}`);
	return {mailbox: path, uid: readUid(uid), uidValidity: readUidValidity(values)};
}

function readUidValidity({uidvalidity}: Values): number | undefined {
	if (uidvalidity === undefined) return undefined;
	if (!/^\d{1,10}$/.test(uidvalidity)) throw new UsageProblem(`--uidvalidity is a number, not ${uidvalidity}`);
	return Number(uidvalidity);
}

function readPart(word: string): PartNumber {
	if (!/^[1-9]\d{0,4}(\.[1-9]\d{0,4})*$/.test(word))
		throw new UsageProblem(`${word} is no number of a part: it looks like 1 or 2.1 (bonsai parts lists them)`);
	return partNumber(word);
}
