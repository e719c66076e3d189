/**
 * The mail client: terminal, sessions and screens put together.
 */
import {render} from 'ink';
import type {AccountForm} from '../components/account-form.ts';
import {App} from '../components/app.tsx';
import type {Config} from './config.ts';
import {type Account, accountDefaults, defaultPort} from './model/account.ts';
import {type BudgetName, budgets} from './model/budget.ts';
import {accountName, demoName, type MailboxPath} from './model/ids.ts';
import {passwordOf} from './password.ts';
import type {Dial} from './remote/remote.ts';
import {type AccountSession, createSession} from './session/account-session.ts';
import {renderOptions} from './terminal/render-options.ts';
import {openTerminal} from './terminal/terminal.ts';

/** imapflow takes 60 ms to load, so it is loaded behind the first screen. */
const dial: Dial = async (dialling, signal) => (await import('./remote/imap.ts')).dialImap(dialling, signal);

export type ClientOptions = {
	readonly accounts: readonly Account[];
	readonly config: Config;
	readonly mailbox: MailboxPath | undefined;
	readonly budget: BudgetName | undefined;
	/** Starts the demo server and gives the account on it. */
	readonly startDemo: () => Promise<Account>;
};

/** Resolves with the exit code when the user leaves. */
export async function runClient({accounts, config, mailbox, budget, startDemo}: ClientOptions): Promise<number> {
	const sessionOf = (account: Account): AccountSession =>
		createSession({
			account: budget === undefined ? account : {...account, budget: budgets[budget].name},
			secret: () => passwordOf(account, process.env),
			dial,
			preferences: config.preferences,
			// The demo server is a new one each time.
			...(account.name === demoName ? {} : {folder: config.accountFolder(account.name)}),
			remembered: account.name === demoName ? {get: () => undefined, set: () => {}} : config.remembered(account),
		});
	let sessions = accounts.map(sessionOf);
	let crash: unknown;
	const terminal = openTerminal({stdin: process.stdin, stdout: process.stdout, env: process.env});
	const quit = (): void => screen.unmount();

	const app = () => (
		<App
			sessions={sessions}
			{...(mailbox === undefined ? {} : {initialMailbox: mailbox})}
			terminal={{...terminal, keys: terminal.onKey}}
			clock={clock}
			start={{
				async addAccount(form) {
					const account = accountOf(form);
					try {
						config.addAccount(account);
					} catch (error) {
						return (error as Error).message;
					}
					sessions = [sessionOf(account)];
					screen.rerender(app());
					return undefined;
				},
				openDemo() {
					void startDemo().then(account => {
						sessions = [sessionOf(account)];
						screen.rerender(app());
					});
				},
			}}
			onQuit={quit}
			onCrash={error => {
				crash = error;
				quit();
			}}
		/>
	);
	const screen = render(app(), renderOptions(terminal) as never);
	await screen.waitUntilExit();
	terminal.restore();
	await Promise.all(sessions.map(session => session.close()));
	if (crash !== undefined) throw crash;
	return 0;
}

/** Fixed for screenshots, so that dates do not change them. */
const clock = (): number => Number(process.env.BONSAI_CLOCK ?? Date.now());

const accountOf = (form: AccountForm): Account => ({
	name: accountName(form.name),
	host: form.host,
	port: form.port ?? defaultPort(form.security),
	security: form.security,
	user: form.user,
	password: form.password,
	...accountDefaults,
});
