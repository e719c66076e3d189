/**
 * Does what the command line wants and gives the exit code. May import everything; heavy rooms only when they are wanted.
 */
import path from 'node:path';
import process from 'node:process';
import {clock} from './clock.ts';
import type {Wanted as AnyWanted} from './command-line/command-line.ts';
import {UsageProblem} from './command-line/usage-problem.ts';
import {type Account, accountDefaults, usualFolder} from './model/account.ts';
import {demoName, type MailboxPath, mailboxPath} from './model/ids.ts';
import {noSending} from './model/sending.ts';
import type {Terminal} from './terminal/terminal.ts';

/** What the entry has not done itself. */
export type Wanted = Exclude<AnyWanted, {command: 'help' | 'version'}>;

/** EX_CONFIG of sysexits.h. */
const configurationCode = 78;

async function run(wanted: Wanted, terminal: Terminal | undefined): Promise<number> {
	const {Config, ConfigProblem} = await import('./config.ts');
	const config = new Config(process.env);
	const streams = {stdin: process.stdin, stdout: process.stdout, stderr: process.stderr};
	if (wanted.command === 'client' || wanted.command === 'demo') return openClient(wanted, config, terminal);
	if (wanted.command === 'usage') {
		const {showUsage} = await import('./usage-command.ts');
		return showUsage(config, chosenOrAll(config.accounts, wanted.account), wanted, streams);
	}
	if (wanted.command === 'wishes') {
		const {wishesCommand} = await import('./wishes-command.ts');
		const {outputOf} = await import('./output-of.ts');
		const account = chosen(config.accounts, wanted.account, ConfigProblem);
		return wishesCommand(config, account, wanted, outputOf(process), await knownMailboxes(account, config, wanted));
	}
	if (wanted.command === 'drains') {
		const {drainsCommand} = await import('./drains-command.ts');
		const {outputOf} = await import('./output-of.ts');
		const account = chosen(config.accounts, wanted.account, ConfigProblem);
		return drainsCommand(config, account, wanted, outputOf(process), await knownMailboxes(account, config, wanted));
	}
	if (wanted.command === 'import' || wanted.command === 'export') {
		const {importCommand, exportCommand} = await import('./import-command.ts');
		const {outputOf} = await import('./output-of.ts');
		return (wanted.command === 'import' ? importCommand : exportCommand)(config, wanted, outputOf(process));
	}
	if (wanted.command === 'send') return (await import('./send-command.ts')).sendCommand(config, wanted, process);
	if (wanted.command === 'session') {
		const account = chosen(config.accounts, wanted.account, ConfigProblem);
		if (wanted.act.act === 'sync' && account.folder !== '')
			throw new UsageProblem(`${account.name} is on this disk: there is nobody to call`);
		return (await import('./run-session-command.ts')).runSessionCommand(account, config, wanted);
	}
	const commands = await import('./account-command.ts');
	switch (wanted.command) {
		case 'account add':
			return commands.addAccount(config, withFolder(wanted.account, config.mailFolder), streams, wanted);
		case 'account list':
			return commands.listAccounts(config, streams);
		case 'account remove':
			return commands.removeAccount(config, wanted.name, streams);
		case 'account check':
			return commands.checkAccounts(config, wanted.name, streams);
	}
}

/** They are kept as paths that mean the same wherever Bonsai is started. */
function withFolder(account: Account, usual: string): Account {
	const {folder, sending} = account;
	const {signatureFile} = sending;
	return {
		...account,
		...(folder === '' ? {} : {folder: folder === usualFolder ? usual : path.resolve(folder)}),
		...(signatureFile === '' ? {} : {sending: {...sending, signatureFile: path.resolve(signatureFile)}}),
	};
}

async function openClient(
	wanted: Extract<Wanted, {command: 'client' | 'demo'}>,
	config: import('./config.ts').Config,
	terminal: Terminal | undefined,
): Promise<number> {
	const isPlain = wanted.isPlain || config.preferences.plain;
	const isSlow = wanted.isSlow || config.preferences.slow;
	// Lines can come and go through pipes too, when that is what was asked for.
	if (!wanted.isPlain && (!process.stdin.isTTY || !process.stdout.isTTY))
		throw new UsageProblem('the mail client needs a terminal for its input and output');
	// What is wrong in it is said before the screen is taken.
	const {keymap} = config;
	const startDemo = async (): Promise<Account> => demoAccount(wanted.command === 'demo' ? wanted : undefined);
	const accounts = wanted.command === 'demo' ? [await startDemo()] : config.accounts;
	const {runClient} = await import('./client.tsx');
	return runClient({
		accounts,
		shown: wanted.command === 'demo' ? accounts[0] : chosenOrAll(accounts, wanted.account)[0],
		config,
		keymap,
		mailbox: wanted.mailbox === undefined ? undefined : mailboxPath(wanted.mailbox),
		budget: wanted.budget,
		sessionBytes: wanted.sessionBytes,
		isPlain,
		isSlow,
		startDemo,
		terminal,
		compose: wanted.compose,
	});
}

/** All mailboxes of an account, those included that are only decided, where one of them is named and their list is here. */
async function knownMailboxes(
	account: Account,
	config: import('./config.ts').Config,
	{mailbox}: {readonly mailbox: MailboxPath | undefined},
): Promise<readonly MailboxPath[] | undefined> {
	if (mailbox === undefined) return undefined;
	const {sessionOf} = await import('./session-of.ts');
	const session = sessionOf(account, config, {budget: undefined, waitsForNews: false, drains: false});
	const {state, mailboxes} = session.mailboxes.get();
	await session.close();
	return state === 'known' ? mailboxes.map(({path}) => path) : undefined;
}

function chosen(
	accounts: readonly Account[],
	name: string | undefined,
	Problem: new (words: string) => Error,
): Account {
	const [account] = chosenOrAll(accounts, name);
	if (account === undefined) throw new Problem('there is no account yet. bonsai account add makes one');
	return account;
}

function chosenOrAll(accounts: readonly Account[], name: string | undefined): readonly Account[] {
	if (name === undefined) return accounts;
	const found = accounts.filter(account => account.name === name);
	if (found.length === 0) throw new UsageProblem(`there is no account ${name} (bonsai account list)`);
	return found;
}

async function demoAccount(
	wanted: {readonly link: string | undefined; readonly disabled: readonly string[]} | undefined,
) {
	const {link, disabled = []} = wanted ?? {};
	const {startDemoServer, demoUser} = await import('./demo/server.ts');
	const {parseLink, startBadLink} = await import('./demo/link.ts');
	const line = link === undefined ? undefined : readLink(parseLink, link);
	const server = await startDemoServer({clock});
	const over = async (targetPort: number): Promise<number> =>
		line === undefined ? targetPort : (await startBadLink({...line, targetPort})).port;
	const {startDemoSubmission} = await import('./demo/submission.ts');
	const {me} = await import('./demo/people.ts');
	const submission = await startDemoSubmission({server, ...demoUser, address: me.address, clock});
	process.env.BONSAI_DEMO_PASSWORD = demoUser.password;
	const account: Account = {
		name: demoName,
		host: '127.0.0.1',
		port: await over(server.port),
		security: 'none',
		user: demoUser.user,
		password: {from: 'environment', variable: 'BONSAI_DEMO_PASSWORD'},
		...accountDefaults,
		authentication: 'plain',
		disabledCapabilities: disabled,
		sending: {
			...noSending,
			smtp: {
				host: '127.0.0.1',
				port: await over(submission.port),
				security: 'none',
				user: demoUser.user,
				authentication: 'plain',
				certificateFile: '',
			},
			identities: [{name: me.name, address: me.address, signatureFile: '', mailboxes: []}],
		},
	};
	return account;
}

function readLink<T>(parse: (text: string) => T, text: string): T {
	try {
		return parse(text);
	} catch (error) {
		throw new UsageProblem((error as Error).message);
	}
}

/** With the terminal if it is open already: then it is given back before anything is said. Throws only what is a bug. */
export async function runWanted(wanted: Wanted, terminal?: Terminal): Promise<number> {
	try {
		return await run(wanted, terminal);
	} catch (error) {
		terminal?.restore();
		if (error instanceof UsageProblem) {
			process.stderr.write(`bonsai: ${error.message}\nbonsai --help says more.\n`);
			return error.exitCode;
		}
		const {ConfigProblem} = await import('./config.ts');
		if (error instanceof ConfigProblem || (error as {name?: string}).name === 'Failure') {
			process.stderr.write(`bonsai: ${(error as Error).message}\n`);
			return wanted.command === 'send' ? configurationCode : 1;
		}
		throw error;
	}
}
