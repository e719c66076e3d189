/**
 * The command line as what is wanted. Pure: reads words, knows no files. A mistake is a UsageProblem (exit code 2).
 */
import type {Account} from '../model/account.ts';
import type {BudgetName} from '../model/budget.ts';
import {accountOptions, readAccount, readDisabled} from './account-options.ts';
import {readBudget, readSessionBudget} from './budget-option.ts';
import {drainOptions, readDrainOptions, type WantedDrains} from './drain-options.ts';
import {exportOptions, importOptions, readExport, readImport, type WantedImport} from './import-options.ts';
import {type OptionName, readOptions, refuseForeignOptions, type Values} from './options.ts';
import {readSend, type WantedSend} from './send-options.ts';
import {type Act, type Common, commonOptions, readCommon, sessionCommands} from './session-commands.ts';
import {UsageProblem} from './usage-problem.ts';
import {readWishOptions, type WantedWishes, wishOptions} from './wish-options.ts';

/** What the mail client takes, on a server or in the demo. */
type OnScreen = {
	readonly mailbox: string | undefined;
	readonly budget: BudgetName | undefined;
	readonly sessionBytes: number | undefined;
	readonly isPlain: boolean;
	readonly isSlow: boolean;
	/** A message to be written first: a mailto: URL, an address, or '' for an empty one; undefined: none. */
	readonly compose?: string;
};

export type Wanted =
	| {readonly command: 'help'}
	| {readonly command: 'version'}
	| (OnScreen & {readonly command: 'client'; readonly account: string | undefined})
	| (OnScreen & {readonly command: 'demo'; readonly link: string | undefined; readonly disabled: readonly string[]})
	| {readonly command: 'usage'; readonly account: string | undefined; readonly isJson: boolean}
	| WantedWishes
	| WantedDrains
	| WantedImport
	| WantedSend
	| (Common & {readonly command: 'session'; readonly act: Act})
	| {readonly command: 'account add'; readonly account: Account; readonly mayReplace: boolean}
	| {readonly command: 'account list'}
	| {readonly command: 'account check'; readonly name: string | undefined}
	| {readonly command: 'account remove'; readonly name: string};

type Command = {
	readonly options: readonly OptionName[];
	/** How many words may follow the command's name. */
	readonly mostWords: number;
	readonly read: (words: readonly string[], values: Values) => Wanted;
};

const withoutScreen = Object.entries(sessionCommands).map(([name, {options, mostWords, read}]): [string, Command] => [
	name,
	{
		options: [...commonOptions, ...options],
		mostWords,
		read: (words, values) => ({
			command: 'session',
			...readCommon(values),
			// It is about an account as a whole, so that is what its word names.
			...(name === 'sync' && words[0] !== undefined ? {account: words[0]} : {}),
			act: read(words, values),
		}),
	},
]);

const screenOptions = ['mailbox', 'budget', 'session-budget', 'plain', 'slow'] as const;

const readOnScreen = (values: Values): OnScreen => ({
	mailbox: values.mailbox,
	budget: readBudget(values),
	sessionBytes: readSessionBudget(values),
	isPlain: values.plain === true,
	isSlow: values.slow === true,
});

/** By name; '' is the mail client itself. */
const commands: Readonly<Record<string, Command>> = {
	compose: {
		options: ['account', ...screenOptions],
		mostWords: 1,
		read: ([to = ''], values) => ({command: 'client', account: values.account, ...readOnScreen(values), compose: to}),
	},
	'': {
		options: ['account', ...screenOptions],
		mostWords: 0,
		read: (_, values) => ({command: 'client', account: values.account, ...readOnScreen(values)}),
	},
	demo: {
		options: ['link', 'disable', ...screenOptions],
		mostWords: 0,
		read: (_, values) => ({
			command: 'demo',
			link: values.link,
			disabled: readDisabled(values.disable),
			...readOnScreen(values),
		}),
	},
	usage: {
		options: ['account', 'json'],
		mostWords: 0,
		read: (_, values) => ({command: 'usage', account: values.account, isJson: values.json === true}),
	},
	import: {options: importOptions, mostWords: 2, read: readImport},
	export: {options: exportOptions, mostWords: 2, read: readExport},
	wishes: {options: wishOptions, mostWords: 1, read: readWishOptions},
	drains: {options: drainOptions, mostWords: 1, read: readDrainOptions},
	...Object.fromEntries(withoutScreen),
	help: {options: [], mostWords: 0, read: () => ({command: 'help'})},
	'account add': {
		options: [...accountOptions, 'replace'],
		mostWords: 1,
		read([name], values) {
			if (name === undefined) throw new UsageProblem('give the account a name: bonsai account add work …');
			return {command: 'account add', account: readAccount(name, values), mayReplace: values.replace === true};
		},
	},
	'account list': {options: [], mostWords: 0, read: () => ({command: 'account list'})},
	'account check': {
		options: ['account'],
		mostWords: 1,
		read: ([name], values) => ({command: 'account check', name: name ?? values.account}),
	},
	'account remove': {
		options: [],
		mostWords: 1,
		read([name]) {
			if (name === undefined) throw new UsageProblem('say which account to remove');
			return {command: 'account remove', name};
		},
	},
};

/** Throws a UsageProblem. */
export function readCommandLine(words: readonly string[]): Wanted {
	if (words[0] === 'send' && !words.some(word => word === '--help')) return readSend(words.slice(1));
	const {values, positionals} = readOptions(words);
	if (values.help) return {command: 'help'};
	if (values.version) return {command: 'version'};
	// As a browser calls it.
	if (/^mailto:/i.test(positionals[0] ?? '')) positionals.unshift('compose');
	const [first = '', second = 'list', ...rest] = positionals;
	const [name, following] = first === 'account' ? [`account ${second}`, rest] : [first, positionals.slice(1)];
	const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
	if (command === undefined) throw new UsageProblem(`there is no command ${name}`);
	refuseForeignOptions(name, values, command.options);
	if (following.length > command.mostWords)
		throw new UsageProblem(`there is one word too many: ${following[command.mostWords]}`);
	return command.read(following, values);
}
