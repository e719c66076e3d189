/**
 * The session of a configured account: the same for the mail client and for commands.
 */
import path from 'node:path';
import {clock} from './clock.ts';
import type {Config} from './config.ts';
import {demoFolder} from './demo-folder.ts';
import {makeDraft} from './make-draft.ts';
import {makeLetter} from './make-letter.ts';
import type {Account} from './model/account.ts';
import {type BudgetName, budgets} from './model/budget.ts';
import {type AccountName, demoName} from './model/ids.ts';
import {passwordOf} from './password.ts';
import type {Dial, RememberedServer} from './remote/remote.ts';
import {type AccountSession, createSession} from './session/account-session.ts';
import type {Keep} from './session/choices.ts';
import type {LocalMail} from './session/local-place.ts';
import {OwnStates} from './session/own-states.ts';
import type {SessionOptions} from './session/session-options.ts';
import {carrierOf} from './submit-of.ts';

/** imapflow takes 60 ms to load, so it is loaded when a line is dialled; for mail on this disk it is not. */
export const dialOf = ({name, folder}: Account, config: Config): Dial =>
	folder === ''
		? async (dialling, signal) => (await import('./remote/imap.ts')).dialImap(dialling, signal)
		: async (dialling, signal) => (await dialLocalIn(name, folder, config))(dialling, signal);

/** Its index lies beside its log. Where accounts were drained into it there has been mail. */
async function dialLocalIn(name: AccountName, folder: string, config: Config): Promise<Dial> {
	const [{dialLocal}, {maildirIndexFile}, {hasAnyCome}] = await Promise.all([
		import('./local/local-remote.ts'),
		import('./store/maildir-index.ts'),
		import('./store/receipts.ts'),
	]);
	const hasBeen = (): boolean =>
		folder === config.localMailFolder &&
		config.accounts.some(each => each.folder === '' && hasAnyCome(config.accountFolder(each.name)));
	return dialLocal(path.join(config.accountFolder(name), maildirIndexFile), hasBeen);
}

/** Asked for when something is drained, and not before. */
function localMailIn(config: Config): LocalMail {
	let known: Promise<LocalMail> | undefined;
	const local = (): Promise<LocalMail> => {
		known ??= import('./local/local-mail.ts').then(({localMailAt}) => localMailAt(config.localMailFolder));
		return known;
	};
	return {
		begin: async knowsMail => (await local()).begin(knowsMail),
		place: async mailbox => (await local()).place(mailbox),
	};
}

type Manner = Pick<SessionOptions, 'waitsForNews' | 'drains' | 'sessionBytes'> & {
	/** Instead of the account's own. */
	readonly budget: BudgetName | undefined;
};

const keepIn = (config: Config, {name}: Account): Keep => ({
	wish: (mailbox, wish) => config.setWish(name, mailbox, wish),
	model: (model, mailbox) => config.setModel(name, model, mailbox),
	statePlace: (mailbox, place) => config.setStatePlace(name, mailbox, place),
	draining: (mailbox, draining) => config.setDraining(name, mailbox, draining),
});

/** One for all accounts of this process. */
const ownStates = new Map<string, OwnStates>();
function ownStatesIn({stateFolder}: Config): OwnStates {
	const own = ownStates.get(stateFolder) ?? new OwnStates(stateFolder);
	ownStates.set(stateFolder, own);
	return own;
}

/** The demo's servers are new ones each time. */
function forgetful(): Pick<Config, 'rememberedSubmission'> {
	let known: RememberedServer | undefined;
	const kept = {
		get: () => known,
		set(server: RememberedServer) {
			known = server;
		},
	};
	return {rememberedSubmission: () => kept};
}

export const sessionOf = (account: Account, config: Config, {budget, ...manner}: Manner): AccountSession =>
	createSession({
		account: budget === undefined ? account : {...account, budget: budgets[budget].name},
		secret: () => passwordOf(account, process.env),
		dial: dialOf(account, config),
		preferences: config.preferences,
		// The demo server is a new one each time.
		clock,
		makeDraft,
		makeLetter,
		carrier: carrierOf(account, account.name === demoName ? forgetful() : config),
		...(account.name === demoName
			? {folder: demoFolder()}
			: {
					folder: config.accountFolder(account.name),
					folderOf: (name: AccountName) =>
						config.accounts.some(each => each.name === name) ? config.accountFolder(name) : undefined,
					own: ownStatesIn(config),
					cacheFolder: config.cacheFolder(account.name),
					keep: keepIn(config, account),
					...(account.folder === '' ? {localMail: localMailIn(config)} : {}),
				}),
		remembered: account.name === demoName ? {get: () => undefined, set: () => {}} : config.remembered(account),
		...manner,
	});
