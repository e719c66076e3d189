/**
 * A real Dovecot of our own, on loopback, in a temporary folder: user any, password `pass`. Where there is none, a
 * test that needs it skips and says so, unless BONSAI_TEST_DOVECOT=required (as in .ci/run): then it fails.
 */
import {type ChildProcess, execFile, execFileSync, spawn} from 'node:child_process';
import {existsSync} from 'node:fs';
import {chmod, mkdir, mkdtemp, rm, writeFile} from 'node:fs/promises';
import net from 'node:net';
import {tmpdir, userInfo} from 'node:os';
import {join} from 'node:path';
import {promisify} from 'node:util';
import {freePorts} from './free-ports.ts';
import {tlsIdentity} from './tls-identity.ts';

const binary = '/usr/sbin/dovecot';
const submissionBinary = '/usr/lib/dovecot/submission';
const isRequired = process.env.BONSAI_TEST_DOVECOT === 'required';

/** For the `skip` of a test: false, or why it is skipped. */
export const withoutDovecot: string | false =
	existsSync(binary) || isRequired ? false : 'there is no Dovecot here (apt-get install dovecot-imapd)';

/** The same for its submission server, which hands on what it is given. */
export const withoutSubmission: string | false =
	existsSync(submissionBinary) || isRequired
		? false
		: 'there is no Dovecot submission here (apt-get install dovecot-submissiond)';

export type Dovecot = {
	readonly port: number;
	/** TLS from the first byte, with the certificate of tls-identity.ts. */
	readonly tlsPort: number;
	/** A submission server that hands on to `relayPort`; 0 without one. */
	readonly submissionPort: number;
	readonly password: string;
	/** A command whose pipes are a user's imap process, already let in (PREAUTH), as `ssh host` would start it. */
	readonly tunnel: (user: string) => string;
	/** The home of a user, and who it belongs to: where we are root, somebody else. */
	readonly home: (user: string) => string;
	readonly owner: {readonly uid: number; readonly gid: number} | undefined;
	/** Runs `doveadm` on it. */
	readonly administer: (...words: readonly string[]) => Promise<void>;
	readonly stop: () => Promise<void>;
};

type Owner = {readonly user: string; readonly group: string; readonly uid: string};

/** Mailboxes below `Public/` that everybody may read and nobody may change. */
const publicMailboxes = (folder: string): string => `
namespace public {
  type = public
  separator = /
  prefix = Public/
  location = maildir:${folder}/public
  subscriptions = no
  list = yes
}
mail_plugins = $mail_plugins acl
plugin {
  acl = vfile
}
`;

type Extras = {
	readonly hasPublic: boolean;
	readonly submission: {readonly port: number; readonly relayPort: number} | undefined;
	readonly quota: string | undefined;
	readonly lends: boolean;
};

const submissionServer = ({port, relayPort}: {readonly port: number; readonly relayPort: number}): string => `
hostname = localhost
submission_relay_host = 127.0.0.1
submission_relay_port = ${relayPort}
# As much as there is.
submission_max_mail_size = 0
service submission-login {
  chroot =
  inet_listener submission {
    address = 127.0.0.1
    port = ${port}
  }
  inet_listener submissions {
    port = 0
  }
}
`;

/** In its URLs it is called localhost, and no other name will do. */
const urlAuth = `
imap_urlauth_host = localhost
mail_attribute_dict = file:%h/attributes
service imap-urlauth-login {
  chroot =
}
`;

const quotaOf = (limit: string): string => `
mail_plugins = $mail_plugins quota
plugin {
  quota = count:User quota
  quota_vsizes = yes
  quota_rule = *:storage=${limit}
}
`;

const configuration = (
	folder: string,
	port: number,
	tlsPort: number,
	{user, group, uid}: Owner,
	mailLocation: string,
	{hasPublic, submission, quota, lends}: Extras,
): string => `
base_dir = ${folder}/run
state_dir = ${folder}/state
log_path = ${folder}/log
login_greeting = Dovecot ${markOf(folder)} ready.
protocols = imap${submission ? ' submission' : ''}
listen = 127.0.0.1
default_internal_user = ${user}
default_internal_group = ${group}
default_login_user = ${user}
first_valid_uid = 1
first_valid_gid = 1
mail_fsync = never
ssl = yes
ssl_cert = <${folder}/cert.pem
ssl_key = <${folder}/key.pem
disable_plaintext_auth = no
auth_mechanisms = plain login anonymous
auth_failure_delay = 0
auth_anonymous_username = anonymous
mail_location = ${mailLocation}
mail_plugins = zlib
mail_max_userip_connections = 50
passdb {
  driver = static
  args = password=pass
}
userdb {
  driver = static
  args = uid=${uid} gid=${group} home=${folder}/home/%u
}
namespace inbox {
  inbox = yes
  separator = /
  mailbox Sent {
    special_use = \\Sent
    auto = create
  }
  mailbox Trash {
    special_use = \\Trash
    auto = create
  }
}
${hasPublic ? publicMailboxes(folder) : ''}
${quota === undefined ? '' : quotaOf(quota)}
${submission ? submissionServer(submission) : ''}
${lends ? urlAuth : ''}
protocol imap {
  mail_plugins = $mail_plugins imap_zlib
}
service imap-login {
  chroot =
  # One process for all, or no TLS session could be taken up again.
  service_count = 0
  process_limit = 1
  inet_listener imap {
    address = 127.0.0.1
    port = ${port}
  }
  inet_listener imaps {
    address = 127.0.0.1
    port = ${tlsPort}
  }
}
service anvil {
  chroot =
  unix_listener anvil-auth-penalty {
    mode = 0
  }
}
service stats {
  chroot =
}
`;

/** By what it greets with: as long as Debian's own, since tests count bytes. */
const markOf = (folder: string): string => `(${folder.slice(-6)})`;

/** Whether it is this one, and not another server that has got the port meanwhile. */
const greets = (port: number, mark: string): Promise<boolean> =>
	new Promise(resolve => {
		const socket = net.connect(port, '127.0.0.1');
		const answer = (does: boolean) => {
			socket.destroy();
			resolve(does);
		};
		socket.once('data', octets => answer(octets.includes(mark)));
		socket.once('error', () => answer(false));
		socket.once('end', () => answer(false));
	});

export type DovecotOptions = {
	/** Where the mail of a user is, as Dovecot spells it. */
	readonly mailLocation?: string;
	/** Letters in `Public/news`, which everybody may read and nobody may change (ACL, RFC 4314). */
	readonly news?: readonly string[];
	/** Where its submission server hands on to; undefined: there is none. */
	readonly relayPort?: number;
	/** Its submission server may fetch parts of messages by URL (URLAUTH); true where there is one. */
	readonly lends?: boolean;
	/** As Dovecot spells it: `1K` is what all the mail of a user may take. */
	readonly quota?: string;
};

/** `fill` may put Maildirs into the homes of users before it starts. */
export async function startDovecot(
	fill: (home: (user: string) => string) => void = () => {},
	{mailLocation = 'maildir:~/Maildir', news, relayPort, quota, lends = relayPort !== undefined}: DovecotOptions = {},
): Promise<Dovecot> {
	if (!existsSync(binary))
		throw new Error('Dovecot is required here and is not installed (apt-get install dovecot-imapd)');
	const folder = await mkdtemp(join(tmpdir(), 'bonsai-dovecot-'));
	const isRoot = process.getuid?.() === 0;
	const user = isRoot ? 'nobody' : userInfo().username;
	const id = (what: string): string => execFileSync('id', [what, user]).toString().trim();
	const owner = {user, group: id('-gn'), uid: id('-u')};
	const file = join(folder, 'dovecot.conf');
	await writeFile(join(folder, 'cert.pem'), tlsIdentity.cert);
	await writeFile(join(folder, 'key.pem'), tlsIdentity.key);
	if (news) await fillNews(join(folder, 'public', '.news'), news);
	fill(name => join(folder, 'home', name));
	await chmod(folder, 0o755);
	if (isRoot) execFileSync('chown', ['-R', `${owner.user}:${owner.group}`, folder]);
	const ids = isRoot ? {uid: Number(owner.uid), gid: Number(id('-g'))} : {};
	const start = async () => {
		const [port = 0, tlsPort = 0, submissionPort = 0] = await freePorts(3);
		const submission = relayPort === undefined ? undefined : {port: submissionPort, relayPort};
		const extras = {hasPublic: news !== undefined, submission, quota, lends};
		await writeFile(file, configuration(folder, port, tlsPort, owner, mailLocation, extras));
		const options = {stdio: 'ignore', detached: true, cwd: folder, ...ids} as const;
		const child: ChildProcess = spawn(binary, ['-F', '-c', file], options);
		const exited = new Promise<void>(resolve => child.once('exit', () => resolve()));
		for (let tries = 0; !(await greets(port, markOf(folder))); tries++) {
			if (child.exitCode !== null) return undefined;
			if (tries > 400) {
				child.kill('SIGTERM');
				await exited;
				return undefined;
			}
			await new Promise(resolve => setTimeout(resolve, 25));
		}
		return {port, tlsPort, submissionPort, child, exited};
	};
	// Another process may get a port between its being found free and its being taken.
	const started = (await start()) ?? (await start()) ?? (await start());
	if (started === undefined) throw new Error(`Dovecot ends when it starts, see ${folder}/log`);
	const {port, tlsPort, submissionPort, child, exited} = started;
	return {
		port,
		tlsPort,
		submissionPort,
		password: 'pass',
		home: name => join(folder, 'home', name),
		owner: isRoot ? {uid: Number(owner.uid), gid: Number(id('-g'))} : undefined,
		// Dovecot's imap, started by root, does not want a socket for its output; a pipe will do.
		tunnel: name => `doveadm -c ${file} exec imap -u ${name} | cat`,
		async administer(...words) {
			await promisify(execFile)('doveadm', ['-c', file, ...words]);
		},
		async stop() {
			child.kill('SIGTERM');
			await exited;
			await rm(folder, {recursive: true, force: true});
		},
	};
}

async function fillNews(folder: string, letters: readonly string[]): Promise<void> {
	for (const each of ['cur', 'new', 'tmp']) await mkdir(join(folder, each), {recursive: true});
	await Promise.all(
		letters.map((text, index) => writeFile(join(folder, 'cur', `${1_700_000_000 + index}.M${index}.host:2,`), text)),
	);
	await writeFile(join(folder, 'dovecot-acl'), 'anyone lr\n');
}
