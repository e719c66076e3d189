/** `bonsai send` as a program calls it: a message on its standard input, in an account that sends to a test's server. */
import {type ChildProcess, spawn} from 'node:child_process';
import type {TestContext} from 'node:test';
import type {Account} from '../../source/model/account.ts';
import {noSending, type Sending} from '../../source/model/sending.ts';
import {keepAccounts} from './bonsai-on.ts';
import type {runBonsai} from './run-bonsai.ts';
import {environmentIn, type Home, ownHome, program} from './screen.ts';

export const sendingTo = (port: number, parts: Partial<Sending> = {}): Sending => ({
	...noSending,
	smtp: {host: '127.0.0.1', port, security: 'none', user: 'ada', authentication: 'auto', certificateFile: ''},
	identities: [{name: 'Ada', address: 'ada@example.org', signatureFile: '', mailboxes: []}],
	...parts,
});

/** A home of which the account `work` sends to that port; no server of mail is ever dialled. */
export function sendingHome(context: TestContext, port: number, parts: Partial<Account> = {}): Home {
	const home = ownHome();
	context.after(() => home.remove());
	keepAccounts(home, {work: {port: 1, user: 'ada', sending: sendingTo(port), ...parts}});
	return home;
}

export type SendOptions = {
	readonly env?: Readonly<Record<string, string>>;
	readonly onStart?: (child: ChildProcess) => void;
	/** Instead of Bonsai itself: `$BONSAI` is how it is called. */
	readonly shell?: string;
};

export function runSend(
	home: Home,
	args: readonly string[],
	input: string | Buffer,
	{env, onStart, shell}: SendOptions = {},
): ReturnType<typeof runBonsai> {
	const environment = {
		...environmentIn(home),
		BONSAI_TEST_PASSWORD: 'pass',
		TERM: 'dumb',
		BONSAI: `${process.execPath} ${program}`,
		...env,
	};
	const child = shell
		? spawn('sh', ['-c', shell], {env: environment, cwd: home.path})
		: spawn(process.execPath, [program, ...args], {env: environment, cwd: home.path});
	const stdout: Buffer[] = [];
	const stderr: Buffer[] = [];
	child.stdout.on('data', piece => stdout.push(piece));
	child.stderr.on('data', piece => stderr.push(piece));
	child.stdin.on('error', () => {});
	child.stdin.end(input);
	onStart?.(child);
	return new Promise(resolve => {
		child.once('close', (code, signal) => {
			const octets = Buffer.concat(stdout);
			resolve({
				code: code ?? (signal === 'SIGKILL' ? 137 : 143),
				stdout: octets.toString(),
				stderr: Buffer.concat(stderr).toString(),
				octets,
			});
		});
	});
}
