/** The real program without a terminal, as a script runs it: what it printed and how it ended. */
import {type ChildProcess, spawn} from 'node:child_process';
import type {TestContext} from 'node:test';
import {type DemoServer, type DemoServerOptions, startDemoServer} from '../../source/demo/server.ts';
import type {Account} from '../../source/model/account.ts';
import {keepAccount} from './bonsai-on.ts';
import {environmentIn, type Home, ownHome, program} from './screen.ts';

type Ended = {
	/** The exit code, or 128 and the signal. */
	readonly code: number;
	readonly stdout: string;
	readonly stderr: string;
	readonly octets: Buffer;
};

type RunOptions = {
	readonly home: Home;
	readonly env?: Readonly<Record<string, string>>;
	/** Told of the child once it runs. */
	readonly onStart?: (child: ChildProcess) => void;
	/** Instead of Bonsai itself; `$BONSAI` is how it is called. */
	readonly shell?: string;
};

export function runBonsai(args: readonly string[], {home, env = {}, onStart, shell}: RunOptions): Promise<Ended> {
	const environment = {...environmentIn(home), BONSAI_TEST_PASSWORD: 'demo', TERM: 'dumb', ...env};
	const child = shell
		? spawn('sh', ['-c', shell], {env: {...environment, BONSAI: `${process.execPath} ${program}`}, cwd: home.path})
		: spawn(process.execPath, [program, ...args], {
				env: environment,
				cwd: home.path,
				stdio: ['ignore', 'pipe', 'pipe'],
			});
	const stdout: Buffer[] = [];
	const stderr: Buffer[] = [];
	child.stdout.on('data', piece => stdout.push(piece));
	child.stderr.on('data', piece => stderr.push(piece));
	onStart?.(child);
	return new Promise(resolve => {
		child.once('close', (code, signal) => {
			const octets = Buffer.concat(stdout);
			resolve({
				code: code ?? 128 + (signal === 'SIGTERM' ? 15 : 2),
				stdout: octets.toString(),
				stderr: Buffer.concat(stderr).toString(),
				octets,
			});
		});
	});
}

/** A home with the account `work` on a server of ours, and a way to run commands there. */
export async function commandsOn(
	t: TestContext,
	{account = {}, ...options}: DemoServerOptions & {readonly account?: Partial<Omit<Account, 'name'>>} = {},
): Promise<{
	readonly server: DemoServer;
	readonly home: Home;
	readonly run: (args: string, more?: Omit<RunOptions, 'home'>) => Promise<Ended>;
}> {
	const server = await startDemoServer({isRecording: true, ...options});
	const home = ownHome();
	t.after(async () => {
		await server.close();
		home.remove();
	});
	keepAccount(home, {port: server.port, user: 'demo', ...account});
	return {server, home, run: (args, more = {}) => runBonsai(args.split(' '), {home, ...more})};
}
