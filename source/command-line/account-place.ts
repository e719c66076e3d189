/** `--imap`, `--tunnel`, `--security` and `--user`: where the mail is. Pure. Throws a UsageProblem. */
import {type Account, defaultPort, type Security} from '../model/account.ts';
import type {Values} from './options.ts';
import {UsageProblem} from './usage-problem.ts';

type Place = Pick<Account, 'tunnel' | 'host' | 'port' | 'security' | 'user'>;

export const readPlace = (values: Values): Place =>
	values.tunnel === undefined ? readServer(values) : readTunnel(values.tunnel, values);

const ofServers = ['imap', 'tunnel', 'user', 'security', 'authentication', 'certificate', 'budget', 'model'] as const;
const ofPasswords = ['password-command', 'password-env', 'password-keyring', 'disable'] as const;

/** `--local`, or `--folder FOLDER`: the folder of mail on this disk, '' for the usual one; undefined: on a server. */
export function readFolder(values: Values): string | undefined {
	if (values.folder === undefined && !values.local) return undefined;
	for (const name of [...ofServers, ...ofPasswords])
		if (values[name] !== undefined) throw new UsageProblem(`--${name} makes no sense for mail on this disk`);
	if (values.folder?.trim() === '') throw new UsageProblem('--folder is a folder, for Maildirs: --folder ~/Mail');
	return values.folder ?? '';
}

function readServer(values: Values): Place {
	if (values.imap === undefined)
		throw new UsageProblem(
			"say where the mail is: --imap imap://me@host, --tunnel 'ssh host imapd', or --local for this disk",
		);
	const url = readUrl(values.imap);
	const security = readSecurity(values.security, url);
	return {
		tunnel: '',
		host: hostOf(url),
		port: url.port === '' ? defaultPort(security) : Number(url.port),
		security,
		user: values.user ?? decodeURIComponent(url.username),
	};
}

/** The command protects its pipes; TLS inside them only when asked for, and then somebody's certificate is expected. */
function readTunnel(tunnel: string, values: Values): Place {
	if (tunnel.trim() === '') throw new UsageProblem("--tunnel is a command that speaks IMAP: --tunnel 'ssh host imapd'");
	const url = values.imap === undefined ? undefined : readUrl(values.imap);
	const security = values.security === undefined ? 'none' : readSecurity(values.security, url);
	if (security !== 'none' && url === undefined)
		throw new UsageProblem('TLS through a tunnel needs the name of the server: --imap imap://me@host');
	return {
		tunnel,
		host: url === undefined ? '' : hostOf(url),
		port: defaultPort(security),
		security,
		user: values.user ?? decodeURIComponent(url?.username ?? ''),
	};
}

const hostOf = (url: URL): string => url.hostname.replace(/^\[|\]$/g, '');

function readUrl(text: string): URL {
	const url = URL.canParse(text) ? new URL(text) : undefined;
	if (!url || !/^imaps?:$/.test(url.protocol) || url.hostname === '') {
		throw new UsageProblem(`${text} is no address of a server. It looks like imap://me@host or imaps://me@host:993`);
	}
	if (url.password !== '')
		throw new UsageProblem('a password does not belong on the command line. Use --password-command');
	return url;
}

/** Cleartext only ever on purpose: a bare `imap://` means TLS, one with port 143 means STARTTLS. */
function readSecurity(word: string | undefined, url: URL | undefined): Security {
	if (word === 'tls' || word === 'starttls' || word === 'none') return word;
	if (word !== undefined) throw new UsageProblem(`--security is tls, starttls or none, not ${word}`);
	return url?.protocol === 'imap:' && url.port === '143' ? 'starttls' : 'tls';
}
