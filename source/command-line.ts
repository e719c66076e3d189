/**
 * The command line as what is wanted. Pure: reads words, knows no files. A mistake is a UsageProblem (exit code 2).
 */
import {parseArgs} from 'node:util';
import {
	type Account,
	type AuthenticationMethod,
	defaultPort,
	type PasswordSource,
	type Security,
} from './model/account.ts';
import {accountName, demoName} from './model/ids.ts';

export class UsageProblem extends Error {}

export const usage = `bonsai: mail over a bad line, one part at a time

  bonsai [--account A] [--mailbox M] [--budget free|metered]
                                     read mail; with no account: set one up, or try the demo
  bonsai demo [--link 9600bps,300ms] the built-in server and mailbox, optionally over a bad line
  bonsai account add NAME --imap imap://me@host[:143] --security tls|starttls|none
         one of  --password-command 'pass mail' · --password-env VARIABLE · --password-keyring
                 --authentication anonymous
         also    --replace · --certificate FILE · --budget metered · --disable EXTENSION,… · --special trash=NAME
                 --authentication auto|plain|login|scram-sha-256|xoauth2|oauthbearer|anonymous
  bonsai account list · check [NAME] · remove NAME
  bonsai --help · --version

BONSAI_HOME holds configuration and state (else the XDG folders).
Exit codes: 0 done, 1 refused or left undone (and said so), 2 bad usage.
`;

export type Wanted =
	| {readonly command: 'help'}
	| {readonly command: 'version'}
	| {
			readonly command: 'read';
			readonly account: string | undefined;
			readonly mailbox: string | undefined;
			readonly budget: 'free' | 'metered' | undefined;
	  }
	| {
			readonly command: 'demo';
			readonly link: string | undefined;
			readonly mailbox: string | undefined;
			readonly budget: 'free' | 'metered' | undefined;
	  }
	| {readonly command: 'account add'; readonly account: Account; readonly mayReplace: boolean}
	| {readonly command: 'account list'}
	| {readonly command: 'account check'; readonly name: string | undefined}
	| {readonly command: 'account remove'; readonly name: string};

const options = {
	help: {type: 'boolean', short: 'h'},
	version: {type: 'boolean', short: 'V'},
	account: {type: 'string', short: 'a'},
	mailbox: {type: 'string', short: 'm'},
	budget: {type: 'string'},
	link: {type: 'string'},
	imap: {type: 'string'},
	security: {type: 'string'},
	'password-command': {type: 'string'},
	'password-env': {type: 'string'},
	'password-keyring': {type: 'boolean'},
	authentication: {type: 'string'},
	certificate: {type: 'string'},
	disable: {type: 'string'},
	special: {type: 'string', multiple: true},
	replace: {type: 'boolean'},
} as const;

type Values = ReturnType<typeof parse>['values'];

function parse(words: readonly string[]) {
	try {
		return parseArgs({args: [...words], options, allowPositionals: true, strict: true});
	} catch (error) {
		throw new UsageProblem((error as Error).message.replace(/\. To specify a positional.*$/s, ''));
	}
}

/** Throws a UsageProblem. */
export function readCommandLine(words: readonly string[]): Wanted {
	const {values, positionals} = parse(words);
	if (values.help) return {command: 'help'};
	if (values.version) return {command: 'version'};
	const [command, ...rest] = positionals;
	const extra = (at: number): void => {
		if (rest.length > at) throw new UsageProblem(`there is one word too many: ${rest[at]}`);
	};
	switch (command) {
		case undefined:
			return {command: 'read', account: values.account, mailbox: values.mailbox, budget: readBudget(values)};
		case 'help':
			return {command: 'help'};
		case 'demo':
			extra(0);
			return {command: 'demo', link: values.link, mailbox: values.mailbox, budget: readBudget(values)};
		case 'account':
			return readAccountCommand(rest, values, extra);
		default:
			throw new UsageProblem(`there is no command ${command}`);
	}
}

function readAccountCommand(rest: readonly string[], values: Values, extra: (at: number) => void): Wanted {
	const [verb, name] = rest;
	extra(2);
	switch (verb) {
		case 'list':
		case undefined:
			return {command: 'account list'};
		case 'check':
			return {command: 'account check', name: name ?? values.account};
		case 'remove':
			if (name === undefined) throw new UsageProblem('say which account to remove');
			return {command: 'account remove', name};
		case 'add':
			if (name === undefined) throw new UsageProblem('give the account a name: bonsai account add work …');
			return {command: 'account add', account: readAccount(name, values), mayReplace: values.replace === true};
		default:
			throw new UsageProblem(`there is no command account ${verb}`);
	}
}

function readAccount(name: string, values: Values): Account {
	if (!/^[\p{L}\p{N}][\p{L}\p{N}._-]*$/u.test(name))
		throw new UsageProblem(`${name} is no name for an account (letters, digits, . _ -)`);
	if (name === demoName) throw new UsageProblem('demo is the built-in account; choose another name');
	if (values.imap === undefined) throw new UsageProblem('say where the mail is: --imap imap://me@host');
	const url = readUrl(values.imap);
	const security = readSecurity(values.security, url);
	return {
		name: accountName(name),
		host: url.hostname.replace(/^\[|\]$/g, ''),
		port: url.port === '' ? defaultPort(security) : Number(url.port),
		security,
		user: decodeURIComponent(url.username),
		password: readPasswordSource(values),
		authentication: readAuthentication(values.authentication),
		certificateFile: values.certificate ?? '',
		budget: readBudget(values) ?? 'free',
		disabledCapabilities: (values.disable ?? '').toUpperCase().split(',').filter(Boolean),
		specialMailboxes: readSpecial(values.special ?? []),
	};
}

function readUrl(text: string): URL {
	const url = URL.canParse(text) ? new URL(text) : undefined;
	if (!url || !/^imaps?:$/.test(url.protocol) || url.hostname === '') {
		throw new UsageProblem(`${text} is no address of a server. It looks like imap://me@host or imaps://me@host:993`);
	}
	if (url.password !== '')
		throw new UsageProblem('a password does not belong on the command line. Use --password-command');
	return url;
}

/** Cleartext only ever on purpose: a bare `imap://` means TLS, one with port 143 means STARTTLS. */
function readSecurity(word: string | undefined, url: URL): Security {
	if (word === 'tls' || word === 'starttls' || word === 'none') return word;
	if (word !== undefined) throw new UsageProblem(`--security is tls, starttls or none, not ${word}`);
	return url.protocol === 'imap:' && url.port === '143' ? 'starttls' : 'tls';
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
	if (values.authentication === 'anonymous') return {from: 'nowhere'};
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

function readBudget({budget}: Values): 'free' | 'metered' | undefined {
	if (budget === undefined || budget === 'free' || budget === 'metered') return budget;
	throw new UsageProblem(`--budget is free or metered, not ${budget}`);
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
