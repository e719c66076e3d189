/** A real Dovecot for a test to compare with, in a temporary folder; undefined when there is none on this machine. */
import {type ChildProcess, execFileSync, spawn} from 'node:child_process';
import {existsSync} from 'node:fs';
import {chmod, mkdtemp, rm, writeFile} from 'node:fs/promises';
import net from 'node:net';
import {tmpdir, userInfo} from 'node:os';
import {join} from 'node:path';

export type RealDovecot = {readonly port: number; readonly stop: () => Promise<void>};

const binary = '/usr/sbin/dovecot';

export const hasDovecot = (): boolean => existsSync(binary) && process.platform === 'linux';

const configuration = (folder: string, port: number, user: string, group: string, uid: string): string => `
base_dir = ${folder}/run
state_dir = ${folder}/state
log_path = ${folder}/log
protocols = imap
listen = 127.0.0.1
default_internal_user = ${user}
default_internal_group = ${group}
default_login_user = ${user}
first_valid_uid = 1
first_valid_gid = 1
ssl = no
disable_plaintext_auth = no
mail_location = maildir:~/Maildir
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
}
service imap-login {
  chroot =
  inet_listener imap {
    address = 127.0.0.1
    port = ${port}
  }
  inet_listener imaps {
    port = 0
  }
}
service anvil {
  chroot =
}
service stats {
  chroot =
}
`;

const freePort = (): Promise<number> =>
	new Promise(resolve => {
		const probe = net.createServer().listen(0, '127.0.0.1', () => {
			const {port} = probe.address() as net.AddressInfo;
			probe.close(() => resolve(port));
		});
	});

const answers = (port: number): Promise<boolean> =>
	new Promise(resolve => {
		const socket = net.connect(port, '127.0.0.1');
		socket.once('data', () => {
			socket.destroy();
			resolve(true);
		});
		socket.once('error', () => resolve(false));
		socket.once('end', () => resolve(false));
	});

export const startDovecot = async (): Promise<RealDovecot> => {
	const folder = await mkdtemp(join(tmpdir(), 'bonsai-dovecot-'));
	const port = await freePort();
	const isRoot = process.getuid?.() === 0;
	const user = isRoot ? 'nobody' : userInfo().username;
	const id = (what: string) => execFileSync('id', [what, user]).toString().trim();
	const group = id('-gn');
	const file = join(folder, 'dovecot.conf');
	await writeFile(file, configuration(folder, port, user, group, id('-u')));
	await chmod(folder, 0o755);
	if (isRoot) execFileSync('chown', ['-R', `${user}:${group}`, folder]);
	const ids = isRoot ? {uid: Number(id('-u')), gid: Number(id('-g'))} : {};
	const child: ChildProcess = spawn(binary, ['-F', '-c', file], {stdio: 'ignore', detached: true, cwd: folder, ...ids});
	const exited = new Promise<void>(resolve => child.once('exit', () => resolve()));
	for (let tries = 0; !(await answers(port)); tries++) {
		if (tries > 200 || child.exitCode !== null) throw new Error(`Dovecot did not start, see ${folder}/log`);
		await new Promise(resolve => setTimeout(resolve, 25));
	}
	return {
		port,
		async stop() {
			child.kill('SIGTERM');
			await exited;
			await rm(folder, {recursive: true, force: true});
		},
	};
};
