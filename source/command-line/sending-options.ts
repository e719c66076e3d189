/** `--smtp`, `--sendmail-command`, `--identity`, `--identity-in`, `--signature`, `--sent-copies`, `--drafts`: how an account sends. Pure. Throws a UsageProblem. */
import type {PasswordSource, Security} from '../model/account.ts';
import {
	type DraftsPlace,
	draftsPlaces,
	type Identity,
	type Sending,
	type SentCopies,
	type SmtpServer,
	sentCopiesWords,
	submissionPort,
	usualSentCopies,
} from '../model/sending.ts';
import type {OptionName, Values} from './options.ts';
import {UsageProblem} from './usage-problem.ts';

export const sendingOptions = [
	'smtp',
	'smtp-security',
	'smtp-password-command',
	'smtp-password-env',
	'sendmail-command',
	'identity',
	'identity-in',
	'signature',
	'sent-copies',
	'drafts',
] as const satisfies readonly OptionName[];

export function readSending(values: Values): Sending {
	const command = values['sendmail-command'] ?? '';
	if (values.smtp !== undefined && command !== '')
		throw new UsageProblem('an account sends by a server (--smtp) or by a command (--sendmail-command), not by both');
	if (values['sendmail-command']?.trim() === '')
		throw new UsageProblem(
			"--sendmail-command is a command that is called as sendmail is: --sendmail-command 'msmtp -a work'",
		);
	const smtp = values.smtp === undefined ? undefined : readServer(values.smtp, values);
	if (
		smtp === undefined &&
		(values['smtp-security'] ?? values['smtp-password-command'] ?? values['smtp-password-env']) !== undefined
	)
		throw new UsageProblem('say which server sends: --smtp smtp://me@host:587');
	return {
		smtp,
		password: readPassword(values),
		command,
		...readPeople(values),
		sentCopies: readSentCopies(values['sent-copies'], smtp),
		drafts: readDrafts(values.drafts),
	};
}

/** `ada@example.org=…`, about that identity. */
const ofOne = /^([^\s@=/<>]+@[^\s@=/<>]+)=(.+)$/s;

/** As whom one writes, and what is of one of them or of all. */
function readPeople(values: Values): Pick<Sending, 'identities' | 'signatureFile'> {
	const identities = (values.identity ?? []).map(readIdentity);
	const own = (option: string, address: string): Identity => {
		const found = identities.find(each => each.address.toLowerCase() === address.toLowerCase());
		if (found === undefined)
			throw new UsageProblem(`--${option} is about ${address}: name it first, --identity 'Name <${address}>'`);
		return found;
	};
	const files = new Map<Identity, string>();
	const mailboxes = new Map<Identity, string[]>();
	let signatureFile = '';
	for (const text of values.signature ?? []) {
		const [, address, file] = ofOne.exec(text) ?? [];
		if (address !== undefined && file !== undefined) files.set(own('signature', address), file);
		else signatureFile = text;
	}
	for (const text of values['identity-in'] ?? []) {
		const [, address, mailbox] = ofOne.exec(text) ?? [];
		if (address === undefined || mailbox === undefined)
			throw new UsageProblem(`--identity-in is an address of yours, = and a mailbox, not ${text}`);
		const identity = own('identity-in', address);
		mailboxes.set(identity, [...(mailboxes.get(identity) ?? []), mailbox]);
	}
	return {
		signatureFile,
		identities: identities.map(each => ({
			...each,
			signatureFile: files.get(each) ?? '',
			mailboxes: mailboxes.get(each) ?? [],
		})),
	};
}

function readDrafts(word = 'server'): DraftsPlace {
	const known = draftsPlaces.find(each => each === word);
	if (known === undefined)
		throw new UsageProblem(`--drafts is server (they lie in its mailbox of drafts too) or here, not ${word}`);
	return known;
}

function readSentCopies(word: string | undefined, smtp: SmtpServer | undefined): SentCopies {
	if (word === undefined) return usualSentCopies(smtp);
	const known = sentCopiesWords.find(each => each === word);
	if (known === undefined)
		throw new UsageProblem(
			`--sent-copies is append, server (where it files what you send by itself) or none, not ${word}`,
		);
	return known;
}

function readServer(text: string, values: Values): SmtpServer {
	const url = URL.canParse(text) ? new URL(text) : undefined;
	if (!url || !/^smtps?:$/.test(url.protocol) || url.hostname === '' || /^\/./.test(url.pathname))
		throw new UsageProblem(
			`${text} is no address of a server that sends. It looks like smtp://me@host:587 or smtps://me@host:465`,
		);
	if (url.password !== '')
		throw new UsageProblem(
			'a password does not belong on the command line. Use --password-command or --smtp-password-command',
		);
	const security = readSecurity(values['smtp-security'], url);
	return {
		host: url.hostname.replace(/^\[|\]$/g, ''),
		port: url.port === '' ? submissionPort(security) : Number(url.port),
		security,
		user: decodeURIComponent(url.username),
		authentication: 'auto',
		certificateFile: values.certificate ?? '',
	};
}

/** Cleartext only ever on purpose: smtp:// means STARTTLS, and TLS from the first byte on port 465. */
function readSecurity(word: string | undefined, url: URL): Security {
	if (word === 'tls' || word === 'starttls' || word === 'none') return word;
	if (word !== undefined) throw new UsageProblem(`--smtp-security is tls, starttls or none, not ${word}`);
	return url.protocol === 'smtps:' || url.port === '465' ? 'tls' : 'starttls';
}

function readPassword(values: Values): PasswordSource | undefined {
	const [command, variable] = [values['smtp-password-command'], values['smtp-password-env']];
	if (command !== undefined && variable !== undefined)
		throw new UsageProblem('the password for sending comes from one place: a command or the environment');
	if (command !== undefined) return {from: 'command', command};
	return variable === undefined ? undefined : {from: 'environment', variable};
}

function readIdentity(text: string): Identity {
	const [, name = '', angle] = /^\s*(.*?)\s*<([^<>]+)>\s*$/.exec(text) ?? [];
	const address = angle ?? text.trim();
	if (!/^[^\s@<>]+@[^\s@<>]+$/.test(address))
		throw new UsageProblem(`${text} is nobody to write as. It looks like 'Ada Byron <ada@example.org>'`);
	return {name: name.replace(/^"(.*)"$/, '$1'), address, signatureFile: '', mailboxes: []};
}
