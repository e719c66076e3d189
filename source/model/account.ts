/**
 * An account: where the mail is and how to get in. Never holds a password (law 11), only where to find one.
 */

import type {BudgetName} from './budget.ts';
import {type Drainings, defaultDrainings} from './draining.ts';
import type {AccountName} from './ids.ts';
import type {ModelName} from './model.ts';
import {noSending, type Sending} from './sending.ts';
import type {StatePlaces} from './state-place.ts';
import {defaultWishes, type Wishes} from './wish.ts';

/** `none` is cleartext, and only ever on purpose; a STARTTLS that fails is an error, not cleartext. */
export type Security = 'tls' | 'starttls' | 'none';

/**
 * How to prove who we are. `auto`: PLAIN where the line is encrypted (one turn), SCRAM-SHA-256 where it is not, else
 * what the server offers.
 */
export type AuthenticationMethod =
	| 'auto'
	| 'plain'
	| 'login'
	| 'scram-sha-256'
	| 'xoauth2'
	| 'oauthbearer'
	| 'anonymous';

export type PasswordSource =
	| {readonly from: 'command'; readonly command: string}
	| {readonly from: 'environment'; readonly variable: string}
	| {readonly from: 'keyring'}
	| {readonly from: 'nowhere'};

export type Account = {
	readonly name: AccountName;
	/** A command whose pipes speak IMAP (`ssh host /usr/lib/dovecot/imap`), dialled instead of the host; '' for none. */
	readonly tunnel: string;
	/** A folder of Maildirs, with no server at all (`source/local`); '' for none. */
	readonly folder: string;
	/** With a tunnel: only whose certificate TLS expects, and '' without TLS. */
	readonly host: string;
	readonly port: number;
	readonly security: Security;
	readonly user: string;
	readonly password: PasswordSource;
	readonly authentication: AuthenticationMethod;
	/** A PEM file with the certificate (or its authority) to trust besides the usual ones; '' for none. */
	readonly certificateFile: string;
	readonly budget: BudgetName;
	/** Extensions this server announces but gets wrong: never used (`disable` in the configuration). */
	readonly disabledCapabilities: readonly string[];
	/** Mailboxes by purpose, where the server does not say (RFC 6154 first, then this, then known names). */
	readonly specialMailboxes: Readonly<Record<string, string>>;
	readonly model: ModelName;
	/** Mailboxes, by path, that have another model than the account. */
	readonly mailboxModels: Readonly<Record<string, ModelName>>;
	/** Mailboxes, by path, for which the user chose where the state of their messages lives. */
	readonly statePlaces: StatePlaces;
	/** What each call brings to the disk. */
	readonly wishes: Wishes;
	/** What leaves the server where the model is offline, and when. */
	readonly drainings: Drainings;
	/** Octets that bodies may take on the disk; beyond it, what was read longest ago and can be bought again goes. */
	readonly diskBytes: number;
	/** How it sends mail, and as whom. */
	readonly sending: Sending;
};

/** Where the mail is, in words: `me@host:993`, the tunnel, or the folder. Not safe to show. */
export function addressOf({user, host, port, tunnel, folder}: Account): string {
	if (folder !== '') return folder;
	const at = tunnel === '' ? `${host}:${port}` : tunnel;
	return user === '' ? at : tunnel === '' ? `${user}@${at}` : `${user} through ${at}`;
}

/** In a folder of local mail: the file that says it is ours. */
export const localMarker = '.bonsai-mail';

/** Stands for the folder where local mail is unless somebody says otherwise, until it is known which that is. */
export const usualFolder = '.';

/** An account of mail in a folder of this disk. */
export const localAccount = (name: AccountName, folder: string): Account => ({
	...accountDefaults,
	name,
	folder,
	host: '',
	port: defaultPort('none'),
	security: 'none',
	user: '',
	password: {from: 'nowhere'},
});

export const defaultPort = (security: Security): number => (security === 'tls' ? 993 : 143);

/** What an account is where nothing else was said. */
export const accountDefaults = {
	tunnel: '',
	folder: '',
	authentication: 'auto',
	certificateFile: '',
	budget: 'free',
	disabledCapabilities: [],
	specialMailboxes: {},
	model: 'online',
	mailboxModels: {},
	statePlaces: {},
	wishes: defaultWishes,
	drainings: defaultDrainings,
	diskBytes: 500_000_000,
	sending: noSending,
} as const satisfies Partial<Account>;
