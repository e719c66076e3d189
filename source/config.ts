/**
 * Accounts and preferences on disk, and what is remembered of servers. Never a password (law 11).
 */
import os from 'node:os';
import path from 'node:path';
import Conf from 'conf';
import {accountFolder, type Environment, type Folders, folders, hasLocalMail} from './config-folders.ts';
import type {Keymap} from './keys/keymap.ts';
import {readKeymap} from './keys/read-keymap.ts';
import {type Account, accountDefaults, defaultPort, localAccount, type Security} from './model/account.ts';
import {type Draining, withDraining} from './model/draining.ts';
import {type AccountName, accountName, localName, type MailboxPath} from './model/ids.ts';
import {isModelName, type ModelName, modelNames, withModel} from './model/model.ts';
import type {SmtpServer} from './model/sending.ts';
import {readStatePlace, type StatePlace, type StatePlaces, spellStatePlace} from './model/state-place.ts';
import {type Wish, withWish} from './model/wish.ts';
import {readDrainings} from './read-drainings.ts';
import {readSending} from './read-sending.ts';
import {readWishes} from './read-wishes.ts';
import type {RememberedServer} from './remote/remote.ts';

/** What holds for all accounts; edited in the file. */
export type Preferences = {
	/** Whether reading a message marks it as read on the server. */
	readonly markRead: boolean;
	/** What opens a saved part, given its file as the last word; '' for the system's own (xdg-open, open). */
	readonly openCommand: string;
	/** Where parts are saved unless told otherwise; '' for the folder Bonsai was started in. */
	readonly downloadFolder: string;
	/** For so many seconds what is sent may be taken back, before it leaves; 0: it leaves at once. */
	readonly undoSendSeconds: number;
	/** As if `--plain`, `--slow` were given each time. */
	readonly plain: boolean;
	readonly slow: boolean;
	/** What one writes with: a command, `built-in`, or '' for $VISUAL, else $EDITOR, else the built-in one. */
	readonly editor: string;
	/** Asked for addresses, `%s` being what was typed, as mutt's query_command; '' for none. */
	readonly queryCommand: string;
	/** A vCard file with addresses; '' for none. */
	readonly addressBook: string;
};

type StoredAccount = Omit<Account, 'name' | 'statePlaces'> & {readonly statePlaces: Readonly<Record<string, string>>};
type Stored = {
	accounts: Record<string, StoredAccount>;
	preferences: Partial<Preferences>;
	keys: unknown;
};
type Remembered = {servers: Record<string, RememberedServer>};
type KeptServer = {get: () => RememberedServer | undefined; set: (server: RememberedServer) => void};

/** A configuration that cannot be used, with what to do about it. */
export class ConfigProblem extends Error {}

function open<T extends Record<string, unknown>>(cwd: string, configName: string): Conf<T> {
	try {
		const file = new Conf<T>({
			cwd,
			configName,
			accessPropertiesByDotNotation: false,
			configFileMode: 0o600,
		});
		// Reads it now, so that a file that is broken is found here.
		void file.store;
		return file;
	} catch (error) {
		const where = path.join(cwd, `${configName}.json`);
		if (error instanceof SyntaxError) {
			throw new ConfigProblem(`${where} is not valid JSON. Mend it, or move it away and add the accounts again`);
		}
		const {code, message} = error as NodeJS.ErrnoException;
		throw new ConfigProblem(
			`${where} cannot be used (${code ?? message}). Set BONSAI_HOME to a folder you may write to`,
		);
	}
}

export class Config {
	readonly #stored: Conf<Stored>;
	readonly #folders: Folders;
	#remembered: Conf<Remembered> | undefined;

	/** Throws a ConfigProblem. */
	constructor(env: Environment) {
		this.#folders = folders(env);
		this.#stored = open<Stored>(this.#folders.config, 'config');
	}

	get #accounts(): Stored['accounts'] {
		return this.#stored.get('accounts') ?? {};
	}

	get file(): string {
		return this.#stored.path;
	}

	/** Where local mail is unless an account says otherwise. */
	get mailFolder(): string {
		return this.#folders.mail;
	}

	/** Where it is: that of the account of that name, else of the first of that kind. Throws a ConfigProblem. */
	get localMailFolder(): string {
		const kept = this.accounts.filter(({folder}) => folder !== '');
		return (kept.find(({name}) => name === localName) ?? kept[0])?.folder ?? this.mailFolder;
	}

	/**
	 * Local mail is among them, at the end, as soon as there is any, whether it is configured or not. Throws a ConfigProblem
	 * that names the account and the field.
	 */
	get accounts(): Account[] {
		const accounts = this.#accounts;
		if (typeof accounts !== 'object' || accounts === null)
			throw new ConfigProblem(`${this.file}: "accounts" must be an object`);
		const configured = Object.entries(accounts).map(([name, stored]) => readAccount(name, stored, this.file));
		const {mail} = this.#folders;
		const isThere = configured.some(({name, folder}) => name === localName || folder === mail);
		const names = configured.filter(({folder}) => folder === '').map(({name}) => name);
		return isThere || !hasLocalMail(this.#folders, names) ? configured : [...configured, localAccount(localName, mail)];
	}

	/** Throws a ConfigProblem that names the field. */
	get preferences(): Preferences {
		const stored = this.#stored.get('preferences') ?? {};
		const {markRead = true, plain = false, slow = false, undoSendSeconds = 10} = stored;
		const {openCommand = '', downloadFolder = '', editor = '', queryCommand = '', addressBook = ''} = stored;
		const problem = (field: string, wants: string) =>
			new ConfigProblem(`${this.file}: "preferences" has no usable "${field}" (${wants})`);
		for (const [field, value] of Object.entries({markRead, plain, slow}))
			if (typeof value !== 'boolean') throw problem(field, 'true or false');
		const texts = {
			openCommand: [openCommand, 'a command in quotes'],
			downloadFolder: [downloadFolder, 'a folder in quotes'],
			editor: [editor, 'a command in quotes, or "built-in"'],
			queryCommand: [queryCommand, 'a command in quotes'],
			addressBook: [addressBook, 'a vCard file in quotes'],
		} as const;
		for (const [field, [value, wants]] of Object.entries(texts))
			if (typeof value !== 'string') throw problem(field, wants);
		if (!(typeof undoSendSeconds === 'number' && undoSendSeconds >= 0 && undoSendSeconds <= 3600))
			throw problem('undoSendSeconds', 'a number from 0 to 3600');
		return {markRead, plain, slow, undoSendSeconds, openCommand, downloadFolder, editor, queryCommand, addressBook};
	}

	/** Throws a ConfigProblem that says which binding, and what to do. */
	get keymap(): Keymap {
		const read = readKeymap(this.#stored.get('keys'));
		if ('problem' in read) throw new ConfigProblem(`${this.file}: ${read.problem}`);
		return read.keymap;
	}

	/** Where our state is; what is of all accounts lies directly in it. */
	get stateFolder(): string {
		return this.#folders.state;
	}

	/** Where what belongs to an account is kept: its log, its ledger. Made when something is written there. */
	accountFolder(name: AccountName): string {
		return accountFolder(this.#folders.state, name);
	}

	/** Where what the server told us is kept in the disconnected model. May be deleted at any moment. */
	cacheFolder(name: AccountName): string {
		return accountFolder(this.#folders.cache, name);
	}

	addAccount({name, statePlaces, ...account}: Account): void {
		const spelled = Object.entries(statePlaces).map(([path, place]) => [path, spellStatePlace(place)] as const);
		this.#write({...this.#accounts, [name]: {...account, statePlaces: Object.fromEntries(spelled)}});
	}

	/** Returns whether there was one. */
	removeAccount(name: AccountName): boolean {
		const {[name]: removed, ...rest} = this.#accounts;
		if (removed === undefined) return false;
		this.#write(rest);
		return true;
	}

	/** Keeps what of a mailbox, or of all without a wish of their own, is to come to the disk. Throws a ConfigProblem. */
	setWish(name: AccountName, mailbox: MailboxPath | undefined, wish: Wish | undefined): void {
		this.#change(name, stored => {
			const read = readWishes(stored.wishes);
			if ('problem' in read) throw new ConfigProblem(`${this.file}: ${name} has no usable "wishes" (${read.problem})`);
			return {wishes: withWish(read.wishes, mailbox, wish)};
		});
	}

	/** Keeps how many octets of texts and parts the disk may hold. Throws a ConfigProblem. */
	setDiskBytes(name: AccountName, diskBytes: number): void {
		this.#change(name, () => ({diskBytes}));
	}

	/** Keeps what leaves the server, and when. Throws a ConfigProblem. */
	setDraining(name: AccountName, mailbox: MailboxPath | undefined, draining: Draining | undefined): void {
		this.#change(name, stored => {
			const read = readDrainings(stored.drainings);
			if ('problem' in read)
				throw new ConfigProblem(`${this.file}: ${name} has no usable "drainings" (${read.problem})`);
			return {drainings: withDraining(read.drainings, mailbox, draining)};
		});
	}

	/**
	 * Keeps the model of the account, or of one mailbox, which needs no word where it is the account's. Throws a
	 * ConfigProblem.
	 */
	setModel(name: AccountName, model: ModelName, mailbox?: MailboxPath): void {
		this.#change(name, ({model: ofAccount = accountDefaults.model, mailboxModels = {}}) =>
			mailbox === undefined
				? {model}
				: {mailboxModels: withModel({account: ofAccount, mailboxes: mailboxModels}, model, mailbox).mailboxes},
		);
	}

	/** Keeps where the state of a mailbox's messages lives. Throws a ConfigProblem. */
	setStatePlace(name: AccountName, mailbox: MailboxPath, place: StatePlace): void {
		this.#change(name, ({statePlaces = {}}) => ({statePlaces: {...statePlaces, [mailbox]: spellStatePlace(place)}}));
	}

	/** Reads the account anew, since another program may have written the file; no other field is touched. */
	#change(name: AccountName, change: (stored: StoredAccount) => Partial<StoredAccount>): void {
		const accounts = this.#accountsNow();
		const stored = Object.hasOwn(accounts, name) ? accounts[name] : undefined;
		if (stored === undefined) throw new ConfigProblem(`${this.file} has no account ${name} any more`);
		this.#write({...accounts, [name]: {...stored, ...change(stored)}});
	}

	/** Read once more after the start, when somebody may have broken it. */
	#accountsNow(): Stored['accounts'] {
		try {
			return this.#accounts;
		} catch (error) {
			throw new ConfigProblem(`${this.file} cannot be read: ${(error as Error).message}`);
		}
	}

	#write(accounts: Stored['accounts']): void {
		try {
			this.#stored.set('accounts', accounts);
		} catch (error) {
			throw new ConfigProblem(`${this.file} cannot be written: ${(error as Error).message}`);
		}
	}

	/** What is remembered of an account's server. Losing it costs a turn, so no failure here is worth a word. */
	remembered({folder, tunnel, host, port, user}: Account): KeptServer {
		return this.#rememberedAs(`${folder || tunnel || `${host}:${port}`} ${user}`);
	}

	/** The same of the server it sends by: those of its extensions that are used ahead of time. */
	rememberedSubmission({host, port, user}: SmtpServer): KeptServer {
		return this.#rememberedAs(`smtp ${host}:${port} ${user}`);
	}

	#rememberedAs(key: string): KeptServer {
		const file = (): Conf<Remembered> => {
			this.#remembered ??= open<Remembered>(this.#folders.state, 'servers');
			return this.#remembered;
		};
		const quietly = <T>(work: () => T): T | undefined => {
			try {
				return work();
			} catch {
				return undefined;
			}
		};
		return {
			get: () => quietly(() => file().get('servers')?.[key]),
			set: server =>
				void quietly(() => {
					const known = file().get('servers')?.[key];
					if (known?.capabilities.join() === server.capabilities.join()) return;
					file().set('servers', {...(file().get('servers') ?? {}), [key]: server});
				}),
		};
	}
}

const securities: readonly Security[] = ['tls', 'starttls', 'none'];

function readAccount(name: string, stored: Partial<StoredAccount>, file: string): Account {
	const problem = (field: string, wants: string) =>
		new ConfigProblem(
			`${file}: the account ${name} has no usable "${field}" (${wants}). Mend it, or: bonsai account remove ${name}`,
		);
	const tunnel = stored?.tunnel ?? '';
	if (typeof tunnel !== 'string') throw problem('tunnel', 'a command in quotes');
	const security = stored?.security ?? (tunnel === '' ? 'tls' : 'none');
	if (!securities.includes(security)) throw problem('security', 'tls, starttls or none');
	const folder = stored?.folder ?? '';
	if (typeof folder !== 'string' || (folder !== '' && !path.isAbsolute(folder)))
		throw problem('folder', 'a folder of Maildirs, from / on');
	const host = stored?.host ?? '';
	if (typeof host !== 'string' || (host === '' && folder === '' && (tunnel === '' || security !== 'none')))
		throw problem('host', 'a host name');
	const port = stored.port ?? defaultPort(security);
	if (!Number.isInteger(port) || port < 1 || port > 65_535) throw problem('port', '1 to 65535');
	return {
		name: accountName(name),
		tunnel,
		folder,
		host,
		port,
		security,
		user: stored.user ?? '',
		password: stored.password ?? {from: 'nowhere'},
		authentication: stored.authentication ?? 'auto',
		certificateFile: stored.certificateFile ?? '',
		budget: stored.budget === 'metered' ? 'metered' : 'free',
		disabledCapabilities: stored.disabledCapabilities ?? [],
		specialMailboxes: stored.specialMailboxes ?? {},
		sending: sendingOf(stored, problem),
		...readModels(folder === '' ? stored : {}, problem),
		statePlaces: readStatePlaces(stored.statePlaces ?? {}, problem),
	};
}

function readStatePlaces(stored: unknown, problem: (field: string, wants: string) => ConfigProblem): StatePlaces {
	if (typeof stored !== 'object' || stored === null)
		throw problem('statePlaces', 'the names of mailboxes with a place');
	const places = Object.entries(stored).map(([path, spelled]) => {
		const place = readStatePlace(String(spelled), os.homedir());
		if (typeof place === 'string') throw problem('statePlaces', place);
		return [path, place] as const;
	});
	return Object.fromEntries(places);
}

function sendingOf(
	{sending}: Partial<Pick<Account, 'sending'>>,
	problem: (field: string, wants: string) => ConfigProblem,
): Account['sending'] {
	const read = readSending(sending);
	if ('problem' in read) throw problem('sending', read.problem);
	return read.sending;
}

function readModels(
	stored: Partial<StoredAccount>,
	problem: (field: string, wants: string) => ConfigProblem,
): Pick<Account, 'model' | 'mailboxModels' | 'wishes' | 'drainings' | 'diskBytes'> {
	const names = modelNames.join(' or ');
	const {model = accountDefaults.model, mailboxModels = {}, diskBytes = accountDefaults.diskBytes} = stored;
	if (!isModelName(model)) throw problem('model', names);
	if (typeof mailboxModels !== 'object' || mailboxModels === null || !Object.values(mailboxModels).every(isModelName))
		throw problem('mailboxModels', `the names of mailboxes with ${names}`);
	if (!Number.isSafeInteger(diskBytes) || diskBytes < 0) throw problem('diskBytes', 'a number of bytes');
	const wishes = readWishes(stored.wishes);
	if ('problem' in wishes) throw problem('wishes', wishes.problem);
	const drainings = readDrainings(stored.drainings);
	if ('problem' in drainings) throw problem('drainings', drainings.problem);
	return {model, mailboxModels, wishes: wishes.wishes, drainings: drainings.drainings, diskBytes};
}
