/**
 * Where the state of a mailbox's messages lives (RFC 1733's last page): with the server, as flags; with this client alone;
 * or with it and the user's other clients, in a third place they can all write to. Pure.
 */
import {type Account, defaultPort} from './account.ts';
import {type AccountName, accountName, type MailboxPath, mailboxPath} from './ids.ts';
import type {Flag} from './message.ts';

/** Where records are shared: a folder that something else carries about, or a mailbox of an account of the user's own. */
export type SharedPlace =
	| {readonly in: 'folder'; readonly folder: string}
	| {readonly in: 'mailbox'; readonly account: AccountName; readonly mailbox: MailboxPath};

export type StatePlace =
	| {readonly with: 'server'}
	| {readonly with: 'client'}
	| {readonly with: 'shared'; readonly place: SharedPlace};

/** Chosen for mailboxes, by path. */
export type StatePlaces = Readonly<Record<string, StatePlace>>;

export const chosenPlace = (places: StatePlaces, path: MailboxPath): StatePlace | undefined =>
	Object.hasOwn(places, path) ? places[path] : undefined;

export const withServer: StatePlace = {with: 'server'};
export const withClient: StatePlace = {with: 'client'};

/** As it is typed after `shared`, and kept: a path that begins with `/` or `~/`, or ACCOUNT/MAILBOX. */
export const spellShared = (place: SharedPlace): string =>
	place.in === 'folder' ? place.folder : `${place.account}/${place.mailbox}`;

export const spellStatePlace = (place: StatePlace): string =>
	place.with === 'shared' ? `shared ${spellShared(place.place)}` : place.with;

/** `server`, `client`, `shared ~/Sync/bonsai`, `shared work/Bonsai state`. A string says what is wrong with it. */
export function readStatePlace(text: string, home: string): StatePlace | string {
	const [, word = '', rest = ''] = /^\s*(\S*)\s*(.*?)\s*$/.exec(text) ?? [];
	if ((word === 'server' || word === 'client') && rest === '') return {with: word};
	if (word !== 'shared') return 'State is kept with: server, client, or shared and where: a folder, or ACCOUNT/MAILBOX';
	const folder = rest === '~' || rest.startsWith('~/') ? `${home}${rest.slice(1)}` : rest;
	if (folder.startsWith('/')) return {with: 'shared', place: {in: 'folder', folder: folder.replace(/(?<=.)\/+$/, '')}};
	const slash = rest.indexOf('/');
	if (slash < 1 || slash === rest.length - 1)
		return 'Say where it is shared: a folder (/home/me/Sync/bonsai), or a mailbox of an account (work/Bonsai state)';
	if (/^inbox$/i.test(rest.slice(slash + 1)))
		return 'Share it in a mailbox of its own, not in INBOX: work/Bonsai state';
	return {
		with: 'shared',
		place: {in: 'mailbox', account: accountName(rest.slice(0, slash)), mailbox: mailboxPath(rest.slice(slash + 1))},
	};
}

/**
 * PERMANENTFLAGS (RFC 9051 §7.1): what a client can change for good; undefined: the server has not said, which means all
 * flags can be changed.
 */
export type PermanentFlags = readonly Flag[] | undefined;

const hasWord = (flags: readonly Flag[], wanted: Flag): boolean =>
	flags.some(flag => flag.toLowerCase() === wanted.toLowerCase());

/** Whether a change of this flag outlives the connection. A keyword no message has yet needs `\*`. */
export const isPermanent = (flag: Flag, permanent: PermanentFlags): boolean =>
	permanent === undefined || hasWord(permanent, flag) || (!flag.startsWith('\\') && hasWord(permanent, '\\*'));

/** Where nothing was chosen: with the server, where it keeps for us what was read. */
export const usualPlace = (mailbox: {
	readonly isReadOnly: boolean;
	readonly permanentFlags?: PermanentFlags;
}): StatePlace => (!mailbox.isReadOnly && isPermanent('\\Seen', mailbox.permanentFlags) ? withServer : withClient);

/**
 * The name all clients of the user have for a mailbox: its URL (RFC 5092), without UIDVALIDITY. Behind a tunnel there is no
 * host: the account's name stands for it, and has to be the same in all clients.
 */
export function mailboxUrl(
	account: Pick<Account, 'name' | 'host' | 'port' | 'security' | 'user' | 'authentication'>,
	path: MailboxPath,
): string {
	const {name, host, port, security, user, authentication} = account;
	const isUsualPort = port === defaultPort(security) || port === defaultPort('tls') || port === defaultPort('none');
	const at = host === '' ? encodeURIComponent(name) : host.toLowerCase().replaceAll(/[^\w.:[\]-]/g, encodeURIComponent);
	const who = user === '' || authentication === 'anonymous' ? '' : `${encodeURIComponent(user)}@`;
	return `imap://${who}${at}${isUsualPort || host === '' ? '' : `:${port}`}/${path.split('/').map(encodeURIComponent).join('/')}`;
}
