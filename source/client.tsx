/**
 * The mail client: terminal, sessions and screens put together.
 */
import chalk from 'chalk';
import {type Instance, render} from 'ink';
import type {AccountForm} from '../components/account-form.ts';
import {App} from '../components/app.tsx';
import {firstListRows, isTooSmall} from '../components/frame-layout.ts';
import {clock} from './clock.ts';
import type {Config} from './config.ts';
import {keepHeapSmall} from './keep-heap-small.ts';
import type {Keymap} from './keys/keymap.ts';
import {type Account, accountDefaults, defaultPort} from './model/account.ts';
import type {BudgetName} from './model/budget.ts';
import {accountName, demoName, inbox, type MailboxPath} from './model/ids.ts';
import {countOf} from './model/operation-words.ts';
import type {AccountSession} from './session/account-session.ts';
import {sessionOf} from './session-of.ts';
import {renderOptions} from './terminal/render-options.ts';
import {openTerminal, type Terminal} from './terminal/terminal.ts';
import {writingIn} from './writing-of.ts';

type ClientOptions = {
	readonly accounts: readonly Account[];
	/** The account shown first; one of them. */
	readonly shown: Account | undefined;
	readonly config: Config;
	readonly keymap: Keymap;
	readonly mailbox: MailboxPath | undefined;
	readonly budget: BudgetName | undefined;
	readonly sessionBytes: number | undefined;
	readonly isPlain: boolean;
	readonly isSlow: boolean;
	/** Starts the demo server and gives the account on it. */
	readonly startDemo: () => Promise<Account>;
	/** Opened already, with the first frame on it. */
	readonly terminal: Terminal | undefined;
	/** A message to be written first: a mailto: URL, an address or ''; undefined: none. */
	readonly compose: string | undefined;
};

/** Resolves with the exit code when the user leaves. */
export async function runClient(options: ClientOptions): Promise<number> {
	const {accounts, config, keymap, mailbox, budget, sessionBytes, isPlain, isSlow, startDemo} = options;
	const open = (account: Account): AccountSession => {
		const session = sessionOf(account, config, {budget, sessionBytes});
		session.takeUpDownloads();
		session.call.subscribe(() => {
			if (session.call.get()?.lines.some(({kind}) => kind === 'drain')) showLocalMail();
		});
		return session;
	};
	keepHeapSmall();
	// The others are made behind the first screen. None of them dials before somebody looks at it, or it has something to do.
	let sessions: readonly AccountSession[] = options.shown ? [open(options.shown)] : [];
	let shown = options.shown?.name;
	let crash: unknown;
	let hasQuit = false;
	const {stdin, stdout, env} = process;
	const terminal = options.terminal ?? openTerminal({stdin, stdout, env, isPlain, isSlow});
	const appTerminal = {...terminal, keys: terminal.onKey};
	const known = new Map(accounts.map(account => [account.name, account]));
	const writing = writingIn({
		config,
		terminal,
		accounts: () => [...known.values()],
		sessions: () => sessions,
		mayRunEditor: stdin.isTTY && stdout.isTTY,
	});
	// Whatever ends it, what is typed is there when it begins again.
	process.on('exit', writing.keepAll);
	// What the terminal has in colours is terminal/'s to know: Ink is to keep all of them.
	chalk.level = 3;
	let screen: Instance | undefined;
	// A key that was typed ahead comes while Ink still mounts.
	const quit = (): void => {
		hasQuit = true;
		screen?.unmount();
	};

	const show = (account: Account): void => {
		known.set(account.name, account);
		if (!sessions.some(session => session.account === account.name)) sessions = [...sessions, open(account)];
		shown = account.name;
		screen?.rerender(app());
	};
	/** The first drain makes local mail, and with it its account. */
	const showLocalMail = (): void => {
		if (hasQuit || sessions.some(session => session.link.get().isLocal)) return;
		const local = config.accounts.find(({folder}) => folder !== '');
		if (local === undefined) return;
		known.set(local.name, local);
		sessions = [...sessions, open(local)];
		screen?.rerender(app());
	};
	/** One at a time, since each opens its log on disk, and what the first has asked for goes first. */
	const openOthers = async (): Promise<void> => {
		for (const account of accounts) {
			await new Promise(resolve => setImmediate(resolve));
			if (hasQuit) return;
			if (!sessions.some(session => session.account === account.name)) sessions = [...sessions, open(account)];
		}
		const rank = (session: AccountSession): number => accounts.findIndex(({name}) => name === session.account);
		const kept = sessions.filter(session => rank(session) >= 0).sort((a, b) => rank(a) - rank(b));
		sessions = [...kept, ...sessions.filter(session => rank(session) < 0)];
		screen?.rerender(app());
	};
	const app = () => (
		<App
			sessions={sessions}
			{...(shown === undefined ? {} : {account: shown})}
			{...(mailbox === undefined ? {} : {initialMailbox: mailbox})}
			terminal={appTerminal}
			keymap={keymap}
			clock={clock}
			writingOf={writing.writingOf}
			{...(options.compose === undefined ? {} : {compose: options.compose})}
			start={{
				async addAccount(form) {
					const account = accountOf(form);
					if (account.name === demoName || sessions.some(session => session.account === account.name))
						return `there is an account ${account.name} already: choose another name`;
					try {
						config.addAccount(account);
					} catch (error) {
						return (error as Error).message;
					}
					show(account);
					return undefined;
				},
				openDemo() {
					demo ??= startDemo();
					void demo.then(show);
				},
			}}
			onQuit={quit}
			onCrash={error => {
				crash = error;
				quit();
			}}
		/>
	);
	let demo: Promise<Account> | undefined;
	// What one opens of an offline mailbox is in local mail: without it the first list would say that nothing is there.
	if (sessions[0]?.isOffline(mailbox ?? inbox)) showLocalMail();
	// Writing costs nothing.
	if (options.compose === undefined) await dialFirst(sessions[0], mailbox, terminal.size.get());
	screen = render(app(), renderOptions(terminal) as never);
	const exited = screen.waitUntilExit();
	if (hasQuit) screen.unmount();
	void openOthers();
	await exited;
	hasQuit = true;
	await terminal.close();
	await leave(sessions, process.stderr);
	if (crash !== undefined) throw crash;
	return 0;
}

/** What is being sent may take a while on a slow line: it is said why one waits, and afterwards what is left. */
async function leave(sessions: readonly AccountSession[], stderr: NodeJS.WriteStream): Promise<void> {
	const waiting = (): number => sessions.reduce((sum, {post}) => sum + post.leaving, 0);
	const patience = setTimeout(() => {
		if (waiting() > 0)
			stderr.write(`bonsai: sending ${countOf(waiting())}. ^C leaves what is not sent in the outbox\n`);
		else if (sessions.some(session => session.leaving() > 0))
			stderr.write('bonsai: sending what you decided. ^C leaves that to the next time\n');
	}, noticedMs);
	// What goes from one account to another is sent here, put there, and let go of here.
	for (let hop = 0; hop < 3; hop++) await Promise.all(sessions.map(session => session.left()));
	await Promise.all(sessions.map(session => session.close()));
	clearTimeout(patience);
	const left = waiting();
	if (left > 0) stderr.write(`bonsai: ${countOf(left)} not sent yet, in the outbox: bonsai send -q\n`);
}

/** Who leaves waits so long without asking why. */
const noticedMs = 700;

/** What the first screen will ask for, so that the first it shows is that the line is dialled, as the first frame does. */
async function dialFirst(
	session: AccountSession | undefined,
	mailbox: MailboxPath = inbox,
	{columns, rows}: {readonly columns: number; readonly rows: number},
): Promise<void> {
	if (session && !isTooSmall(columns, rows)) session.mailbox(mailbox).ensureNewest(firstListRows(rows));
	// The session looks at what is wanted in a microtask.
	await Promise.resolve();
}

const accountOf = (form: AccountForm): Account => ({
	name: accountName(form.name),
	host: form.host,
	port: form.port ?? defaultPort(form.security),
	security: form.security,
	user: form.user,
	password: form.password,
	...accountDefaults,
});
