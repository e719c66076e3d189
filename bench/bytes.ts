/**
 * Bytes and waits of each act, ours and the peers', by the peers' own harness: the real programs in a terminal, through
 * one counting proxy, against one Dovecot. Our driver is peers/bonsai.py.
 */
import {execFileSync, spawnSync} from 'node:child_process';
import {existsSync} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {fileURLToPath} from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));
const harness = path.resolve(here, '../../shared/bench');
const work = process.env.BENCH_DIR ?? path.join(os.tmpdir(), 'bonsai-bench');
const environment = {
	...process.env,
	BENCH_DIR: work,
	BENCH_DRIVERS: path.join(here, 'peers'),
	PYTHONDONTWRITEBYTECODE: '1',
};

const acts = [
	['T1', 'first screen, 10k messages, cold', '≤ 3,200 / 3'],
	['B1', 'first screen, 100k messages, cold', '≤ 3,500 / 3'],
	['T4', 'read a 30 kB alternative message', '≤ 3,500 / 2'],
	['T5', 'the text beside the 40 MB video', '≤ 1,800 / 1'],
	['T6', 'save the 100 kB one of two attachments', '≤ 103,000 / 3'],
	['T8', 'mark 100 as read, UIDs held', '≤ 250 / 1'],
] as const;
/** The exchange that brings what ours brings. */
const nameOfFloor: Readonly<Record<string, string>> = {T4: 'T4-full', T8: 'T8-plain'};
const peers = ['mutt', 'alpine', 'aerc'] as const;
/** Really run on a bad line; mutt would take hours. */
const slowActs = ['T1', 'T4', 'T5'] as const;
const slowPeers = ['bonsai', 'alpine'] as const;

const run = (command: string, args: readonly string[]): string =>
	execFileSync(command, args, {
		cwd: harness,
		env: environment,
		encoding: 'utf8',
		stdio: ['ignore', 'pipe', 'inherit'],
		maxBuffer: 1 << 26,
	});
const isInstalled = (program: string): boolean => spawnSync('which', [program]).status === 0;
const number = (value: number): string => value.toLocaleString('en-US');

export async function measureBytes(): Promise<string | undefined> {
	if (!existsSync(harness) || !existsSync('/usr/sbin/dovecot')) return undefined;
	if (existsSync(path.join(work, 'mail/master/facts.json'))) run('bash', ['dovecot.sh', 'start']);
	else run('bash', ['gen/run.sh']);
	run('bash', ['proxy.sh', 'start']);
	try {
		const programs = ['bonsai', ...peers.filter(isInstalled)];
		const costs = new Map(programs.map(name => [name, costsOf(name)]));
		const floors = floorsOf();
		return [table(programs, costs, floors), slowTable()].join('\n');
	} finally {
		run('bash', ['proxy.sh', 'stop']);
		run('bash', ['dovecot.sh', 'stop']);
	}
}

/** `bonsai       T1  up      174 down       2301 (plain …) turns     3 waits     3 …` */
function costsOf(program: string): Map<string, string> {
	const costs = new Map<string, string>();
	const output = run('python3', ['lib/run.py', program, ...acts.map(([act]) => act)]);
	for (const [, act, up, down, waits, rest] of output.matchAll(
		/^\S+\s+(\S+)\s+up\s+(\d+) down\s+(\d+) .*?waits\s+(\d+)(.*)$/gm,
	)) {
		costs.set(act!, /ERROR/.test(rest!) ? 'failed' : `${number(Number(up) + Number(down))} / ${waits}`);
	}
	return costs;
}

/** The hand-written exchanges, with COMPRESS: `T1+z   up    145 down   3672 … turns 2`. */
function floorsOf(): Map<string, string> {
	const floors = new Map<string, string>();
	const output = run('bash', ['floor/run.sh', ...acts.map(([act]) => act)]);
	for (const [, act, up, down, turns] of output.matchAll(
		/^(\w+(?:-\w+)?)\+z\s+up\s+(\d+) down\s+(\d+) .*?turns (\d+)/gm,
	)) {
		floors.set(act!, `${number(Number(up) + Number(down))} / ${turns}`);
	}
	return floors;
}

function table(
	programs: readonly string[],
	costs: ReadonlyMap<string, ReadonlyMap<string, string>>,
	floors: ReadonlyMap<string, string>,
): string {
	const rows = acts.map(([act, words, goal]) =>
		[
			words,
			...programs.map(name => costs.get(name)?.get(act) ?? '–'),
			floors.get(nameOfFloor[act] ?? act) ?? '–',
			goal,
		].join(' | '),
	);
	return [
		'## Bytes up + down / waits',
		'',
		'Dovecot 2.3, cleartext, AUTH PLAIN, COMPRESS where the program uses it, nothing remembered, until 1.5 s of quiet.',
		'The floor is a hand-written exchange with ENVELOPE rows; ours asks for less (DATE, FROM, SUBJECT).',
		'',
		`| act | ${programs.join(' | ')} | floor | must reach |`,
		`|---|${'---|'.repeat(programs.length + 2)}`,
		...rows.map(row => `| ${row} |`),
		'',
	].join('\n');
}

function slowTable(): string {
	const seconds = new Map<string, string>();
	for (const program of slowPeers) {
		if (program !== 'bonsai' && !isInstalled(program)) continue;
		const output = run('python3', ['lib/slow.py', '33600', '150', ...slowActs.map(act => `${program}:${act}`)]);
		for (const [, name, act, json] of output.matchAll(/^(\S+):(\S+) (\{.*\})$/gm)) {
			const {measured_s: measured} = JSON.parse(json!) as {measured_s: number};
			seconds.set(`${name} ${act}`, measured.toFixed(1));
		}
	}
	return [
		'## Seconds at 33,600 bit/s and 300 ms round trip, really run',
		'',
		'From start (alpine: from the password typed) or from the key, until the screen shows it.',
		'',
		`| act | ${slowPeers.join(' | ')} |`,
		`|---|${'---|'.repeat(slowPeers.length)}`,
		...acts
			.filter(([act]) => (slowActs as readonly string[]).includes(act))
			.map(
				([act, words]) => `| ${words} | ${slowPeers.map(name => seconds.get(`${name} ${act}`) ?? '–').join(' | ')} |`,
			),
		'',
	].join('\n');
}
