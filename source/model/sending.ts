/** How an account sends, and as whom: a submission server, or a command. Never holds a password (law 11). */
import type {AuthenticationMethod, PasswordSource, Security} from './account.ts';
import type {Address} from './draft.ts';

export type SmtpServer = {
	readonly host: string;
	readonly port: number;
	readonly security: Security;
	/** '' where it takes mail without a login. */
	readonly user: string;
	readonly authentication: AuthenticationMethod;
	/** As of an account: a PEM file to trust besides the usual ones, or ''. */
	readonly certificateFile: string;
};

/** Somebody the user writes as. */
export type Identity = Address & {
	/** What stands below a message of this identity; '' for the account's. */
	readonly signatureFile: string;
	/** Mailboxes, by path, in which one writes as this by default. */
	readonly mailboxes: readonly string[];
};

export type Sending = {
	/** Undefined where a command sends, or nothing does. */
	readonly smtp: SmtpServer | undefined;
	/** Of the submission server; undefined: the account's own. */
	readonly password: PasswordSource | undefined;
	/** Called as sendmail is; '' for none. */
	readonly command: string;
	/** The first is who writes unless something says otherwise. */
	readonly identities: readonly Identity[];
	/** A file whose text stands below what is written; '' for none. */
	readonly signatureFile: string;
	/** Who files a copy of what was sent: we, by APPEND; the server by itself, as Gmail's does; or nobody. */
	readonly sentCopies: SentCopies;
	/** Whether drafts lie on the server too, in its mailbox of drafts, or here alone. */
	readonly drafts: DraftsPlace;
};

export const sentCopiesWords = ['append', 'server', 'none'] as const;
export type SentCopies = (typeof sentCopiesWords)[number];

export const draftsPlaces = ['server', 'here'] as const;
export type DraftsPlace = (typeof draftsPlaces)[number];

/** These file what they were handed by themselves, so that a copy of ours would be the second. */
const filesItself = /(^|\.)(gmail|googlemail)\.com$/i;

/** Where nobody has said who files the copies. */
export const usualSentCopies = (smtp: SmtpServer | undefined): SentCopies =>
	smtp !== undefined && filesItself.test(smtp.host) ? 'server' : 'append';

export const noSending: Sending = {
	smtp: undefined,
	password: undefined,
	command: '',
	identities: [],
	signatureFile: '',
	sentCopies: 'append',
	drafts: 'server',
};

/** Who writes as an account that names nobody: its login, where that is an address. */
export function usualIdentity({sending, user}: {readonly sending: Sending; readonly user: string}): Identity {
	const login = sending.smtp?.user || user;
	return {name: '', address: login.includes('@') ? login : '', signatureFile: '', mailboxes: []};
}

export const maySend = ({smtp, command}: Sending): boolean => smtp !== undefined || command !== '';

/** Submission is port 587 with STARTTLS, or 465 with TLS from the first byte (RFC 6409, RFC 8314). */
export const submissionPort = (security: Security): number => (security === 'tls' ? 465 : 587);

/** How it sends, in words. Not safe to show. */
export function sendingWords({smtp, command}: Sending): string {
	if (smtp !== undefined) {
		const {user, host, port, security} = smtp;
		const line = security === 'none' ? 'not encrypted' : security;
		return `sends by ${user === '' ? '' : `${user}@`}${host}:${port} (${line})`;
	}
	return command === '' ? 'does not send' : `sends by ${command}`;
}
