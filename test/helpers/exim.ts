/**
 * A real exim of our own, on loopback, in a temporary folder: who logs in as `ada` with `pass` may send, and all of it is
 * handed on to one server. Where there is none, a test that needs it skips and says so, unless BONSAI_TEST_PEERS=required (as
 * in .ci/run): then it fails.
 */
import {execFileSync, spawn, spawnSync} from 'node:child_process';
import {once} from 'node:events';
import {chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import net from 'node:net';
import {tmpdir, userInfo} from 'node:os';
import path from 'node:path';
import type {TestContext} from 'node:test';
import {freePorts} from './free-ports.ts';

const binary = 'exim4';
/** Where it is, hardly anybody looks by himself. */
const env = {...process.env, PATH: `${process.env.PATH}${path.delimiter}/usr/sbin`};

/** For the `skip` of a test: false, or why it is skipped. */
export const withoutExim: string | false =
	spawnSync(binary, ['-bV'], {env}).error === undefined || process.env.BONSAI_TEST_PEERS === 'required'
		? false
		: 'there is no exim here (apt-get install exim4-daemon-light)';

const configuration = (folder: string, user: string, group: string, relayPort: number): string => `
exim_user = ${user}
exim_group = ${group}
keep_environment =
pid_file_path = ${folder}/pid
spool_directory = ${folder}/spool
log_file_path = ${folder}/log-%slog
primary_hostname = exim.example
local_interfaces = 127.0.0.1
deliver_drop_privilege = true
host_lookup =
allow_domain_literals = true
rfc1413_hosts =
smtputf8_advertise_hosts = *
message_size_limit = 200M
acl_smtp_rcpt = may_send
acl_smtp_data = accept
begin acl
may_send:
  accept authenticated = *
  deny
begin authenticators
plain:
  driver = plaintext
  public_name = PLAIN
  server_prompts = :
  server_condition = \${if and{{eq{$auth2}{ada}}{eq{$auth3}{pass}}}}
  server_set_id = $auth2
begin routers
onwards:
  driver = manualroute
  route_list = * "127.0.0.1::${relayPort}" byname
  self = send
  transport = onwards
begin transports
onwards:
  driver = smtp
  allow_localhost
  hosts_avoid_tls = *
  hosts_try_chunking =
  message_linelength_limit = 1000000
  max_rcpt = 0
begin retry
* * F,1h,1s
`;

const listens = (port: number): Promise<boolean> =>
	new Promise(resolve => {
		const socket = net.connect(port, '127.0.0.1', () => {
			socket.destroy();
			resolve(true);
		});
		socket.on('error', () => resolve(false));
	});

/** Returns its port. */
export async function startExim(context: TestContext, relayPort: number): Promise<number> {
	const folder = mkdtempSync(path.join(tmpdir(), 'bonsai-exim-'));
	const isRoot = process.getuid?.() === 0;
	const user = isRoot ? 'nobody' : userInfo().username;
	const id = (what: string): string => execFileSync('id', [what, user]).toString().trim();
	const file = path.join(folder, 'exim.conf');
	mkdirSync(path.join(folder, 'spool'));
	writeFileSync(file, configuration(folder, user, id('-gn'), relayPort));
	chmodSync(folder, 0o755);
	if (isRoot) execFileSync('chown', ['-R', `${user}:${id('-gn')}`, folder]);
	const [port = 0] = await freePorts(1);
	const ids = isRoot ? {uid: Number(id('-u')), gid: Number(id('-g'))} : {};
	const child = spawn(binary, ['-C', file, '-bdf', '-oX', String(port)], {
		stdio: 'ignore',
		env,
		...ids,
	});
	const ended = once(child, 'exit');
	context.after(async () => {
		child.kill();
		await ended;
		rmSync(folder, {recursive: true, maxRetries: 10, retryDelay: 50});
	});
	for (let tries = 0; !(await listens(port)); tries++) {
		if (tries > 400 || child.exitCode !== null) throw new Error(`exim did not start, see ${folder}`);
		await new Promise(resolve => setTimeout(resolve, 25));
	}
	return port;
}
