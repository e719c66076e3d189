/** `bonsai account add`: its options as an account. Pure. Throws a UsageProblem. */
import {
	type Account,
	type AuthenticationMethod,
	accountDefaults,
	localAccount,
	type PasswordSource,
	usualFolder,
} from '../model/account.ts';
import {accountName, demoName} from '../model/ids.ts';
import {readFolder, readPlace} from './account-place.ts';
import {readBudget, readModel} from './budget-option.ts';
import type {OptionName, Values} from './options.ts';
import {readSending, sendingOptions} from './sending-options.ts';
import {UsageProblem} from './usage-problem.ts';

export const accountOptions = [
	'imap',
	'tunnel',
	'local',
	'folder',
	'user',
	'security',
	'password-command',
	'password-env',
	'password-keyring',
	'authentication',
	'certificate',
	'budget',
	'model',
	'disable',
	'special',
	...sendingOptions,
] as const satisfies readonly OptionName[];

/** Extensions by name, as they are never to be used. */
export const readDisabled = (names = ''): readonly string[] => names.toUpperCase().split(',').filter(Boolean);

export function readAccount(name: string, values: Values): Account {
	if (!/^[\p{L}\p{N}][\p{L}\p{N}._-]*$/u.test(name))
		throw new UsageProblem(`${name} is no name for an account (letters, digits, . _ -)`);
	if (name === demoName) throw new UsageProblem('demo is the built-in account; choose another name');
	const folder = readFolder(values);
	// What the usual one is, and what a path begins at, knows who reads the configuration.
	if (folder !== undefined)
		return {
			...localAccount(accountName(name), folder === '' ? usualFolder : folder),
			specialMailboxes: readSpecial(values.special ?? []),
		};
	return {
		...accountDefaults,
		name: accountName(name),
		...readPlace(values),
		password: readPasswordSource(values),
		authentication: readAuthentication(values.authentication),
		certificateFile: values.certificate ?? '',
		budget: readBudget(values) ?? 'free',
		model: readModel(values) ?? 'online',
		disabledCapabilities: readDisabled(values.disable),
		specialMailboxes: readSpecial(values.special ?? []),
		sending: readSending(values),
	};
}

function readPasswordSource(values: Values): PasswordSource {
	const sources: PasswordSource[] = [];
	if (values['password-command'] !== undefined) sources.push({from: 'command', command: values['password-command']});
	if (values['password-env'] !== undefined) sources.push({from: 'environment', variable: values['password-env']});
	if (values['password-keyring']) sources.push({from: 'keyring'});
	if (sources.length > 1)
		throw new UsageProblem('the password comes from one place: a command, the environment, or the keyring');
	const [source] = sources;
	if (source) return source;
	if (values.authentication === 'anonymous' || values.tunnel !== undefined) return {from: 'nowhere'};
	throw new UsageProblem(
		"say where the password is: --password-command 'pass mail', --password-env VARIABLE or --password-keyring",
	);
}

const methods: readonly AuthenticationMethod[] = [
	'auto',
	'plain',
	'login',
	'scram-sha-256',
	'xoauth2',
	'oauthbearer',
	'anonymous',
];

function readAuthentication(word = 'auto'): AuthenticationMethod {
	const method = methods.find(each => each === word.toLowerCase());
	if (!method) throw new UsageProblem(`--authentication is one of ${methods.join(', ')}`);
	return method;
}

function readSpecial(words: readonly string[]): Record<string, string> {
	const special: Record<string, string> = {};
	for (const word of words) {
		const [, use, mailbox] = /^(drafts|sent|archive|junk|trash)=(.+)$/.exec(word) ?? [];
		if (!use || !mailbox)
			throw new UsageProblem(`--special is drafts, sent, archive, junk or trash, = and a mailbox, not ${word}`);
		special[use] = mailbox;
	}
	return special;
}
