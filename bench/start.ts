/**
 * How soon the first frame is on the terminal, and how much memory the program takes. In a pty, in turns with mutt and
 * with a Node that does nothing but say a word, which is the floor: the machine's noise falls on all of them.
 */
import {spawnSync} from 'node:child_process';
import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {startDemoServer} from '../source/demo/server.ts';
import {keepAccount} from '../test/helpers/bonsai-on.ts';
import {environmentIn, type Home, openBonsai, ownHome, program} from '../test/helpers/screen.ts';
import {demoMessages, maildir, medianOf, paintedMb, residentMb, type Start, timeTo} from './starting.ts';

const turns = 21;
const rounds = 1000;
/** A message opened and left, and eight rows up or down. */
const keysPerRound = 10;

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
