/**
 * How soon the first frame is on the terminal, and how much memory the program takes. In a pty, in turns with mutt and
 * with a Node that does nothing but say a word, which is the floor: the machine's noise falls on all of them.
 */
import {spawnSync} from 'node:child_process';
import {copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import pty from '@lydell/node-pty';
import {demoMailboxes, startDemoServer} from '../source/demo/server.ts';
import {keepAccount} from '../test/helpers/bonsai-on.ts';
import {environmentIn, type Home, openBonsai, ownHome, program} from '../test/helpers/screen.ts';

const turns = 21;
const rounds = 1000;
/** A message opened and left, and eight rows up or down. */
const keysPerRound = 10;

type Start = {readonly name: string; readonly command: readonly string[]; readonly shows: string};

export async function measureStart(): Promise<string | undefined> {
	if (spawnSync('which', ['mutt']).status !== 0) return undefined;
	const home = ownHome();
	const folder = mkdtempSync(join(tmpdir(), 'bonsai-bench-'));
	try {
		const times = await startTimes(home, folder);
		const mutt = times.get('mutt -n, the same 1,200 messages')!;
		const rows = [...times].map(([name, ms]) => `| ${name} | ${ms.toFixed(1)} | ${(ms / mutt).toFixed(2)} |`);
		return [
			'## Start and memory',
			'',
			`From exec to the first frame in a pty of 80x24, median of ${turns} in turns. Ours must be at most twice mutt's on the same`,
			'mailbox. mutt has read its folder then; ours says that it dials, and the rows come when the server has sent them.',
			'',
			'| | ms | × mutt |',
			'|---|---|---|',
			...rows,
			'',
			`Resident memory, the server in another process. ${rounds * keysPerRound} keys are rows up and down, and messages opened and left.`,
			'',
			'| | MB (1,048,576 octets, as ps counts) | must be |',
			'|---|---|---|',
			...(await memory()),
			'',
		].join('\n');
	} finally {
		home.remove();
		rmSync(folder, {recursive: true, force: true});
	}
}

async function startTimes(home: Home, folder: string): Promise<Map<string, number>> {
	// mutt asks for it otherwise.
	mkdirSync(join(home.path, 'Mail'));
	const floor = join(folder, 'floor.cjs');
	writeFileSync(floor, "process.stdout.write('here'); setTimeout(() => {}, 60_000);\n");
	const mutt = ['mutt', '-n', '-F', '/dev/null', '-f'];
	const starts: readonly Start[] = [
		{name: 'a Node that writes a word', command: [process.execPath, floor], shows: 'here'},
		{name: 'mutt -n, an empty folder', command: [...mutt, maildir(folder, 'empty', [])], shows: 'Msgs:0'},
		{
			name: 'mutt -n, the same 1,200 messages',
			command: [...mutt, maildir(folder, 'full', demoMessages())],
			shows: 'Msgs:1200',
		},
		{name: '**bonsai demo**, the first frame', command: [process.execPath, program, 'demo'], shows: 'dialling'},
		{name: 'bonsai demo, its rows', command: [process.execPath, program, 'demo'], shows: '1200'},
	];
	const measured = new Map<string, number[]>(starts.map(({name}) => [name, []]));
	// The first turn finds nothing in the machine's caches.
	for (let turn = 0; turn <= turns; turn++) {
		for (const start of starts) {
			const ms = await timeTo(start, environmentIn(home));
			if (turn > 0) measured.get(start.name)?.push(ms);
		}
	}
	return new Map([...measured].map(([name, all]) => [name, medianOf(all)]));
}

function timeTo({command: [file = '', ...words], shows}: Start, env: Record<string, string>): Promise<number> {
	return new Promise((resolve, reject) => {
		const startedAt = performance.now();
		const child = pty.spawn(file, words, {cols: 80, rows: 24, env: {...env, LC_ALL: 'C.UTF-8'}});
		const giveUp = setTimeout(() => {
			child.kill('SIGKILL');
			reject(new Error(`${file} did not show ${shows}`));
		}, 20_000);
		let output = '';
		child.onData(data => {
			output += data;
			if (!output.includes(shows)) return;
			clearTimeout(giveUp);
			resolve(performance.now() - startedAt);
			child.kill('SIGKILL');
		});
	});
}

const medianOf = (all: readonly number[]): number => [...all].sort((a, b) => a - b)[Math.floor(all.length / 2)] ?? 0;

/** As much of each message as a list has to read. */
function demoMessages(): string[] {
	const inbox = demoMailboxes().find(({name}) => name === 'INBOX')!.state;
	return Array.from({length: inbox.uids.count}, (_, index) => {
		const {bytes} = inbox.letter(inbox.uids.uidAt(index + 1)!).message;
		return bytes.read(0, Math.min(bytes.sizeBytes, 4000)).toString('latin1').replaceAll('\r\n', '\n');
	});
}

function maildir(folder: string, name: string, messages: readonly string[]): string {
	const path = join(folder, name);
	for (const each of ['cur', 'new', 'tmp']) mkdirSync(join(path, each), {recursive: true});
	messages.forEach((message, index) => {
		writeFileSync(join(path, 'cur', `${1_700_000_000 + index}.${index}.bench:2,S`), message, 'latin1');
	});
	return path;
}

async function memory(): Promise<string[]> {
	const server = await startDemoServer();
	const home = ownHome();
	keepAccount(home, {port: server.port, user: 'demo'});
	const painted = await paintedMb(home);
	const bonsai = openBonsai({home, env: {BONSAI_TEST_PASSWORD: 'demo'}});
	try {
		await bonsai.sees('1200 of 1200');
		bonsai.press('Enter');
		await bonsai.sees('The satellite is above the horizon');
		bonsai.press('q');
		await bonsai.sees('1200 of 1200');
		const mounted = residentMb(bonsai.pid);
		let [position, by] = [1200, -8];
		for (let round = 1; round <= rounds; round++) {
			if (position + by > 1200 || position + by < 400) by = -by;
			position += by;
			bonsai.press('Enter', 'q', (by < 0 ? 'k' : 'j').repeat(8));
			await bonsai.sees(`${position} of 1200`);
		}
		const worked = residentMb(bonsai.pid);
		const must = (mb: number, most: number): string => `≤ ${most.toFixed(0)}${mb <= most ? '' : ' ✗'}`;
		return [
			`| the first frame, before Ink | ${painted.toFixed(0)} | ${must(painted, 60)} |`,
			`| mounted and connected, a message read | ${mounted.toFixed(0)} | ${must(mounted, 125)} |`,
			`| after ${rounds * keysPerRound} keys | ${worked.toFixed(0)} | ${must(worked, 1.2 * mounted)} |`,
		];
	} finally {
		await bonsai.close();
		await server.close();
	}
}

/** Of the entry alone: what it would load next waits for ever, so that nothing of it is counted. */
async function paintedMb(home: Home): Promise<number> {
	const entry = join(home.path, 'entry');
	mkdirSync(entry);
	for (const name of ['bonsai.js', 'package.json']) copyFileSync(join(dirname(program), name), join(entry, name));
	writeFileSync(
		join(entry, 'cli.mjs'),
		'export const runWanted = () => new Promise(() => setInterval(() => {}, 1000));\n',
	);
	const bonsai = openBonsai({home, command: [process.execPath, join(entry, 'bonsai.js')]});
	await bonsai.sees('dialling');
	const painted = residentMb(bonsai.pid);
	bonsai.kill();
	await bonsai.exited;
	return painted;
}

/** As ps and top count: of 1,048,576 octets. */
function residentMb(pid: number): number {
	const [, kilobytes = '0'] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
	return Number(kilobytes) / 1024;
}
