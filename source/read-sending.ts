/** How an account sends, as the configuration has it. What cannot be used is said by the name of its field. */
import type {AuthenticationMethod, PasswordSource, Security} from './model/account.ts';
import {
	type DraftsPlace,
	draftsPlaces,
	type Identity,
	noSending,
	type Sending,
	type SentCopies,
	type SmtpServer,
	sentCopiesWords,
	submissionPort,
	usualSentCopies,
} from './model/sending.ts';

type Read = {readonly sending: Sending} | {readonly problem: string};

const isObject = (value: unknown): value is Record<string, unknown> =>
	typeof value === 'object' && value !== null && !Array.isArray(value);
const text = (value: unknown): string => (typeof value === 'string' ? value : '');

export function readSending(stored: unknown): Read {
	if (stored === undefined) return {sending: noSending};
	if (!isObject(stored)) return {problem: 'an object'};
	const {smtp, password, command, identities = [], signatureFile} = stored;
	const server = smtp === undefined ? undefined : readServer(smtp);
	if (typeof server === 'string') return {problem: server};
	const {sentCopies = usualSentCopies(server)} = stored;
	if (!(sentCopiesWords as readonly unknown[]).includes(sentCopies))
		return {problem: '"sentCopies": append, server or none'};
	const {drafts = 'server'} = stored;
	if (!(draftsPlaces as readonly unknown[]).includes(drafts)) return {problem: '"drafts": server or here'};
	if (!Array.isArray(identities)) return {problem: '"identities": a list'};
	const people = identities.map(readIdentity);
	if (!people.every(each => each !== undefined))
		return {problem: '"identities": each with an "address" like ada@example.org'};
	return {
		sending: {
			smtp: server,
			password: isObject(password) ? (password as PasswordSource) : undefined,
			command: text(command),
			identities: people,
			signatureFile: text(signatureFile),
			sentCopies: sentCopies as SentCopies,
			drafts: drafts as DraftsPlace,
		},
	};
}

const securities: readonly unknown[] = ['tls', 'starttls', 'none'];

function readServer(stored: unknown): SmtpServer | string {
	if (!isObject(stored) || text(stored.host) === '') return '"smtp": an object with a "host"';
	const security = stored.security ?? 'starttls';
	if (!securities.includes(security)) return '"smtp": "security" is tls, starttls or none';
	const port = stored.port ?? submissionPort(security as Security);
	if (!Number.isInteger(port) || Number(port) < 1 || Number(port) > 65_535) return '"smtp": "port" is 1 to 65535';
	return {
		host: text(stored.host),
		port: Number(port),
		security: security as Security,
		user: text(stored.user),
		authentication: (text(stored.authentication) || 'auto') as AuthenticationMethod,
		certificateFile: text(stored.certificateFile),
	};
}

function readIdentity(stored: unknown): Identity | undefined {
	if (!isObject(stored) || !/^[^\s@]+@[^\s@]+$/.test(text(stored.address))) return undefined;
	const mailboxes = Array.isArray(stored.mailboxes) ? stored.mailboxes.map(text) : [];
	return {name: text(stored.name), address: text(stored.address), signatureFile: text(stored.signatureFile), mailboxes};
}
