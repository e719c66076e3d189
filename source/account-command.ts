/**
 * `bonsai account add|list|remove|check`.
 */
import {existsSync} from 'node:fs';
import {createInterface} from 'node:readline';
import {checkAccount} from './check-account.ts';
import type {Config} from './config.ts';
import {type Account, addressOf} from './model/account.ts';
import {accountName} from './model/ids.ts';
import {safeLine} from './model/safe-text.ts';
import {maySend, type Sending, sendingWords} from './model/sending.ts';
import {keepPassword} from './password.ts';
import {dialOf} from './session-of.ts';
import {Drafts} from './store/drafts.ts';
import {OutgoingMail} from './store/outgoing.ts';
import {carrierOf} from './submit-of.ts';
import {resolved} from './writing/attached-file.ts';

export type Streams = {
	readonly stdin: NodeJS.ReadStream;
	readonly stdout: NodeJS.WritableStream;
	readonly stderr: NodeJS.WritableStream;
};

export async function addAccount(
	config: Config,
	wanted: Account,
	{stdin, stdout, stderr}: Streams,
	{mayReplace = false} = {},
): Promise<number> {
	const account = {...wanted, sending: withWholePaths(wanted.sending)};
	if (!mayReplace && config.accounts.some(each => each.name === account.name)) {
		stderr.write(`bonsai: there is an account ${account.name} already. Add --replace to put this one in its place\n`);
		return 1;
	}
	if (account.certificateFile !== '' && !existsSync(account.certificateFile)) {
		stderr.write(`bonsai: there is no file ${account.certificateFile}\n`);
		return 1;
	}
	const {signatureFile, identities} = account.sending;
	const signatures = [signatureFile, ...identities.map(each => each.signatureFile)].filter(file => file !== '');
	const missing = signatures.find(file => !existsSync(file));
	if (missing !== undefined) {
		stderr.write(`bonsai: there is no file ${missing}\n`);
		return 1;
	}
	if (account.password.from === 'keyring')
		await keepPassword(account, await askSecret(`Password of ${account.user}: `, stdin, stderr));
	config.addAccount(account);
	stdout.write(`Added ${account.name} (${config.file}). Try it: bonsai account check ${account.name}\n`);
	if (account.sending.smtp?.security === 'none')
		stdout.write('The line that sends is not encrypted: everything can be read on the way, the password too.\n');
	if (account.security === 'none' && account.tunnel === '' && account.folder === '')
		stdout.write('The line to it is not encrypted: everything can be read on the way, the password too.\n');
	if (account.model === 'offline') stdout.write(offlineWords);
	return 0;
}

/** It removes mail from the server, so it is explained where it is chosen, as on the screen (S o). */
const offlineWords = `Offline: each call (bonsai sync, or $ in the mail client) takes the mail of all mailboxes but Drafts, Junk and Trash
off the server and into local mail on this disk, where the only copy is then. Nothing happens before the first call;
bonsai sync --dry-run says what it would take, and bonsai drains what is to stay there.
`;

/** A file is the same one wherever Bonsai is started. */
function withWholePaths(sending: Sending): Sending {
	const whole = (file: string): string => (file === '' ? '' : resolved(file));
	return {
		...sending,
		signatureFile: whole(sending.signatureFile),
		identities: sending.identities.map(each => ({...each, signatureFile: whole(each.signatureFile)})),
	};
}

/** Without echo on a terminal; a line of the input otherwise. */
async function askSecret(question: string, stdin: NodeJS.ReadStream, stderr: NodeJS.WritableStream): Promise<string> {
	stderr.write(question);
	const silent = {
		write: () => true,
		end: () => {},
		on: () => {},
		once: () => {},
		emit: () => false,
		removeListener: () => {},
	} as never;
	const lines = createInterface({
		input: stdin,
		output: stdin.isTTY ? silent : undefined,
		terminal: stdin.isTTY === true,
	});
	try {
		for await (const line of lines) return line;
		return '';
	} finally {
		lines.close();
		stderr.write('\n');
	}
}

export function listAccounts(config: Config, {stdout}: Streams): number {
	const {accounts} = config;
	if (accounts.length === 0)
		stdout.write('There is no account yet. Add one: bonsai account add NAME --imap imap://me@host … (bonsai --help)\n');
	for (const account of accounts) {
		const {name, tunnel, folder, security, budget, model, sending} = account;
		const line = security !== 'none' ? security : tunnel === '' ? 'not encrypted' : 'tunnel';
		const how = folder === '' ? `${line}  ${budget}${model === 'online' ? '' : `  ${model}`}` : 'on this disk';
		const sends = maySend(sending) ? `  ${sendingWords(sending)}` : '';
		stdout.write(`${safeLine(`${name}  ${addressOf(account)}  ${how}${sends}`)}\n`);
	}
	return 0;
}

export function removeAccount(config: Config, name: string, {stdout, stderr}: Streams): number {
	const isLocal = config.accounts.some(each => each.name === name && each.folder !== '');
	if (!config.removeAccount(accountName(name))) {
		stderr.write(
			isLocal
				? `bonsai: ${name} is there by itself, as long as there is mail in ${config.mailFolder}\n`
				: `bonsai: there is no account ${name}\n`,
		);
		return 1;
	}
	stdout.write(`Removed ${name}. Nothing was touched ${isLocal ? 'of its mail' : 'on its server'}.\n`);
	const folder = config.accountFolder(accountName(name));
	const left = leftIn(folder);
	if (left !== '')
		stdout.write(
			`${safeLine(`${left} in ${folder}. An account that is added by this name has them again, and sends what waits`)}\n`,
		);
	return 0;
}

/** What was written in an account and is nowhere else; '' for nothing. */
function leftIn(folder: string): string {
	const drafts = new Drafts(folder).all().length;
	const letters = new OutgoingMail(folder).all().filter(({state}) => state !== 'sent').length;
	const counts = [
		[drafts, 'draft'],
		[letters, 'message in its outbox'],
	] as const;
	const words = counts.flatMap(([count, word]) =>
		count === 0 ? [] : `${count} ${count === 1 ? word : word.replace(/^\w+/, '$&s')}`,
	);
	return words.length === 0 ? '' : `${words.join(' and ')} ${drafts + letters === 1 ? 'stays' : 'stay'}`;
}

export async function checkAccounts(config: Config, name: string | undefined, streams: Streams): Promise<number> {
	const accounts = config.accounts.filter(each => name === undefined || each.name === name);
	if (accounts.length === 0) {
		streams.stderr.write(
			name === undefined ? 'bonsai: there is no account yet\n' : `bonsai: there is no account ${name}\n`,
		);
		return 1;
	}
	let exitCode = 0;
	// nodemailer is loaded for this only.
	const {checkSending} = await import('./check-sending.ts');
	const say = (line: string): void => void streams.stdout.write(`${safeLine(line)}\n`);
	const complain = (line: string): void => void streams.stderr.write(`${safeLine(line)}\n`);
	for (const account of accounts) {
		const mayRead = await checkAccount(account, dialOf(account, config), streams);
		const maySendToo = await checkSending(account, say, complain, carrierOf(account, config)?.pieces?.learn);
		if (!mayRead || !maySendToo) exitCode = 1;
	}
	return exitCode;
}
