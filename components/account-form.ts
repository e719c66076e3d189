/**
 * The form of a new account: its fields, and what is wrong with what was typed. Pure. It never holds a password,
 * only where to find one.
 */
import type {PasswordSource, Security} from '../source/model/account.ts';
import {ours, type SafeText} from '../source/model/safe-text.ts';

export type AccountForm = {
	readonly name: string;
	readonly host: string;
	/** Undefined: the usual one. */
	readonly port: number | undefined;
	readonly security: Security;
	readonly user: string;
	readonly password: PasswordSource;
};

export const securities = ['tls', 'starttls', 'none'] as const satisfies readonly Security[];
export const passwordPlaces = [
	'command',
	'environment',
	'keyring',
] as const satisfies readonly PasswordSource['from'][];

export type Typed = {
	readonly name: string;
	readonly server: string;
	readonly security: (typeof securities)[number];
	readonly user: string;
	readonly passwordFrom: (typeof passwordPlaces)[number];
	/** The command, or the variable's name. */
	readonly password: string;
};

export const emptyForm: Typed = {
	name: '',
	server: '',
	security: 'tls',
	user: '',
	passwordFrom: 'command',
	password: '',
};

/** The form, or a sentence that says what is missing. */
export function accountForm(typed: Typed): AccountForm | SafeText {
	const name = typed.name.trim();
	if (!/^[\w.-]+$/.test(name)) return ours('a name is needed: letters, digits, dots and dashes');
	const server = /^([^\s:/]+|\[[0-9a-fA-F:.]+\])(?::(\d{1,5}))?$/.exec(typed.server.trim());
	if (!server?.[1]) return ours('a server is needed: imap.example.org, or imap.example.org:993');
	const port = server[2] === undefined ? undefined : Number.parseInt(server[2], 10);
	if (port !== undefined && (port < 1 || port > 65_535)) return ours('a port is a number from 1 to 65535');
	const user = typed.user.trim();
	if (user === '') return ours('a user is needed: what you log in as');
	const password = passwordSource(typed);
	if (!password) {
		return typed.passwordFrom === 'command'
			? ours('a command is needed that prints the password: pass show mail')
			: ours('the name of a variable is needed: MAIL_PASSWORD');
	}
	return {name, host: server[1].replace(/^\[|\]$/g, ''), port, security: typed.security, user, password};
}

function passwordSource({passwordFrom, password}: Typed): PasswordSource | undefined {
	const value = password.trim();
	if (passwordFrom === 'keyring') return {from: 'keyring'};
	if (value === '') return undefined;
	return passwordFrom === 'command' ? {from: 'command', command: value} : {from: 'environment', variable: value};
}
