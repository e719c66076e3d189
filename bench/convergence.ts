/**
 * As many seeds of the convergence test as `BENCH_SEEDS` says (or 100,000), from seed 1 on, in one process more than there
 * are processors, since a run waits a tenth of its time: how many were not as they must be, and what was checked. Then 100
 * (or `BENCH_DOVECOT_SEEDS`) on a real Dovecot with mbsync at work, where both are installed.
 *
 * All of them take hours: `BENCH_SECONDS` ends it before, and the next run of the same source goes on where it ended, on
 * another machine too. What was played is in convergence.jsonl, by shares, with the print of the source and of Node.
 *
 * What is played is one file, made of all that a run is made of and of nothing else: it starts at once, and its octets say
 * whether the source is the same.
 */
import {spawn} from 'node:child_process';
import {createHash} from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {createInterface} from 'node:readline';
import {fileURLToPath} from 'node:url';
import {build} from 'esbuild';
import {withoutDovecot} from '../test/helpers/dovecot.ts';
import {withoutMbsync} from '../test/session/convergence/maildir-peer.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const playedFile = path.join(root, 'bench/convergence.jsonl');
/** Seeds a process plays before the next one takes its place: what a run leaves in memory ends with it. */
const shareSeeds = 1000;
/** Fewer and larger collections, and no time in the interpreter: a tenth less. */
const flags = ['--max-semi-space-size=64', '--always-sparkplug'];

type Line = {readonly seed: number; readonly exact?: number; readonly range?: number; readonly because?: string};

/** Seeds `first` to `last`, and what came of them. */
type Share = {
	readonly first: number;
	readonly last: number;
	readonly on: string;
	readonly exact: number;
	readonly range: number;
	/** The seeds that were not as they must be. */
	readonly bad: readonly number[];
};

export async function measureConvergence(): Promise<string> {
	const wanted = Number(process.env.BENCH_SEEDS ?? 100_000);
	const seconds = Number(process.env.BENCH_SECONDS ?? Number.POSITIVE_INFINITY);
	const {script, print} = await scriptOfAll();
	const began = Date.now();
	const shares = new Map(playedBefore(print).map(share => [share.first, share]));
	const before = runsOf([...shares.values()]);
	const todo: (readonly [first: number, last: number])[] = [];
	for (let first = 1; first <= wanted; first += shareSeeds) {
		const last = Math.min(first + shareSeeds - 1, wanted);
		if ((shares.get(first)?.last ?? 0) < last) todo.push([first, last]);
	}
	const work = async (): Promise<void> => {
		while (todo.length > 0 && Date.now() - began < seconds * 1000) {
			const [first, last] = todo.shift()!;
			shares.set(first, shareOf(await toldLines('', script, first, last)));
			keep(print, [...shares.values()]);
		}
	};
	await Promise.all(Array.from({length: 1 + os.availableParallelism()}, work));
	const played = [...shares.values()];
	const days = [...new Set(played.map(({on}) => on))].sort();
	const rows = [rowOf(`the demo server, ${days.join(' and ')}`, played, runsOf(played) - before, Date.now() - began)];
	if (!withoutDovecot && !withoutMbsync) rows.push(await onDovecot(script));
	return page(rows, print);
}

const runsOf = (shares: readonly Share[]): number => shares.reduce((runs, {first, last}) => runs + last - first + 1, 0);

/** What is wrong is told at once. A run that ends the process is one of them, and the next process goes on behind it. */
async function toldLines(
	where: string,
	script: string,
	first: number,
	last: number,
	...how: string[]
): Promise<Line[]> {
	const lines: Line[] = [];
	while (first + lines.length <= last) {
		const before = lines.length;
		for await (const line of played(script, first + before, last, ...how)) {
			lines.push(line);
			if (line.because !== undefined)
				process.stderr.write(`${where}seed ${line.seed}: ${line.because.slice(0, 300)}\n`);
		}
		if (lines.length === before) throw new Error(`Nothing came of ${where}seed ${first + before}.`);
	}
	return lines;
}

function shareOf(lines: readonly Line[]): Share {
	const sum = (of: 'exact' | 'range'): number => lines.reduce((all, line) => all + (line[of] ?? 0), 0);
	return {
		first: lines[0]!.seed,
		last: lines.at(-1)!.seed,
		on: new Date().toISOString().slice(0, 10),
		exact: sum('exact'),
		range: sum('range'),
		bad: lines.filter(({because}) => because !== undefined).map(({seed}) => seed),
	};
}

async function onDovecot(script: string): Promise<string> {
	const began = Date.now();
	const seeds = Number(process.env.BENCH_DOVECOT_SEEDS ?? 100);
	const share = shareOf(await toldLines('Dovecot, ', script, 1, seeds, 'dovecot'));
	return rowOf(`Dovecot, with mbsync, ${share.on}`, [share], seeds, Date.now() - began);
}

/** It stands where the packages it imports are found, under its print: a later source has another. */
async function scriptOfAll(): Promise<{readonly script: string; readonly print: string}> {
	const {outputFiles} = await build({
		absWorkingDir: root,
		entryPoints: ['test/session/convergence/run-seeds.ts'],
		bundle: true,
		packages: 'external',
		platform: 'node',
		format: 'esm',
		write: false,
	});
	const octets = outputFiles[0]!.contents;
	const print = createHash('sha256').update(process.version).update(octets).digest('hex').slice(0, 16);
	const script = path.join(root, `node_modules/.cache/bonsai-bench/run-seeds-${print}.mjs`);
	fs.mkdirSync(path.dirname(script), {recursive: true});
	fs.writeFileSync(script, octets);
	return {script, print};
}

/** None of another source. */
function playedBefore(print: string): readonly Share[] {
	if (!fs.existsSync(playedFile)) return [];
	const [of, ...shares] = fs.readFileSync(playedFile, 'utf8').trim().split('\n');
	return of === printLine(print) ? shares.map(line => JSON.parse(line) as Share) : [];
}

/** A share is a line: what was played is read in a diff. */
function keep(print: string, shares: readonly Share[]): void {
	const inOrder = shares.toSorted((a, b) => a.first - b.first);
	fs.writeFileSync(playedFile, `${[printLine(print), ...inOrder.map(share => JSON.stringify(share))].join('\n')}\n`);
}

const printLine = (print: string): string => JSON.stringify({print});

async function* played(
	script: string,
	first: number,
	last: number,
	...how: readonly string[]
): AsyncGenerator<Line, void> {
	const child = spawn(process.execPath, [...flags, script, `${first}`, `${last}`, ...how], {
		stdio: ['ignore', 'pipe', 'inherit'],
	});
	for await (const line of createInterface({input: child.stdout})) yield JSON.parse(line) as Line;
}

/** `now` of them in `ms`. */
function rowOf(server: string, shares: readonly Share[], now: number, ms: number): string {
	const sum = (of: 'exact' | 'range'): string => shares.reduce((all, share) => all + share[of], 0).toLocaleString('en');
	const bad = shares.flatMap(share => share.bad);
	const which = bad.length > 0 ? ` (seeds ${bad.slice(0, 20).join(', ')})` : '';
	const perRun = now === 0 ? '' : Math.round(ms / now);
	const runs = runsOf(shares).toLocaleString('en');
	return `| ${server} | ${runs} | ${bad.length}${which} | ${sum('exact')} | ${sum('range')} | ${perRun} |`;
}

const page = (rows: readonly string[], print: string): string => `
## Convergence by chance

Two clients and another program, 40 steps each run (docs/decisions/0029-convergence.md); source and Node of the print
${print}.

| on | runs | not as they must be | outcomes checked exactly | as a range | ms a run |
| --- | ---: | ---: | ---: | ---: | ---: |
${rows.join('\n')}
`;
