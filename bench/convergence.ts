/**
 * As many seeds of the convergence test as `BENCH_SEEDS` says (or 100,000), from seed 1 on, in one process more than there
 * are processors, since a run waits a tenth of its time: how many were not as they must be, and what was checked. `BENCH_SECONDS` ends it before, and the next
 * run of the same source goes on where it ended: what was played is kept in the folder for temporary files. Then 100 (or
 * `BENCH_DOVECOT_SEEDS`) on a real Dovecot with mbsync at work, where both are installed.
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
/** Seeds a process plays before the next one takes its place: what a run leaves in memory ends with it. */
const share = 1000;
/** Fewer and larger collections, and no time in the interpreter: a tenth less. */
const flags = ['--max-semi-space-size=64', '--always-sparkplug'];

type Line = {readonly seed: number; readonly exact?: number; readonly range?: number; readonly because?: string};

export async function measureConvergence(): Promise<string> {
	const wanted = Number(process.env.BENCH_SEEDS ?? 100_000);
	const seconds = Number(process.env.BENCH_SECONDS ?? Number.POSITIVE_INFINITY);
	const {script, print} = await scriptOfAll();
	const began = Date.now();
	const kept = path.join(os.tmpdir(), `bonsai-convergence-${print}.jsonl`);
	const lines = playedBefore(kept).filter(({seed}) => seed <= wanted);
	const before = lines.length;
	const isPlayed = new Set(lines.map(({seed}) => seed));
	const shares: (readonly [first: number, last: number])[] = [];
	for (let first = 1; first <= wanted; first += share) {
		const last = Math.min(first + share - 1, wanted);
		let from = first;
		while (isPlayed.has(from)) from += 1;
		if (from <= last) shares.push([from, last]);
	}
	const work = async (): Promise<void> => {
		while (shares.length > 0 && Date.now() - began < seconds * 1000) {
			for await (const line of played(script, ...shares.shift()!)) {
				if (isPlayed.has(line.seed)) continue;
				lines.push(line);
				fs.appendFileSync(kept, `${JSON.stringify(line)}\n`);
				if (line.because !== undefined) process.stderr.write(`seed ${line.seed}: ${line.because.slice(0, 300)}\n`);
			}
		}
	};
	await Promise.all(Array.from({length: 1 + os.availableParallelism()}, work));
	const rows = [rowOf('the demo server', lines, lines.length - before, Date.now() - began)];
	if (!withoutDovecot && !withoutMbsync) rows.push(await onDovecot(script));
	return page(rows);
}

async function onDovecot(script: string): Promise<string> {
	const began = Date.now();
	const lines: Line[] = [];
	for await (const line of played(script, 1, Number(process.env.BENCH_DOVECOT_SEEDS ?? 100), 'dovecot')) {
		lines.push(line);
		if (line.because !== undefined) process.stderr.write(`Dovecot, seed ${line.seed}: ${line.because.slice(0, 300)}\n`);
	}
	return rowOf('Dovecot, with mbsync', lines, lines.length, Date.now() - began);
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

const playedBefore = (file: string): Line[] =>
	fs.existsSync(file)
		? fs
				.readFileSync(file, 'utf8')
				.split('\n')
				.filter(line => line.endsWith('}'))
				.map(line => JSON.parse(line) as Line)
		: [];

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
function rowOf(server: string, lines: readonly Line[], now: number, ms: number): string {
	const sum = (of: 'exact' | 'range'): string =>
		lines.reduce((all, line) => all + (line[of] ?? 0), 0).toLocaleString('en');
	const bad = lines.filter(({because}) => because !== undefined).map(({seed}) => seed);
	const which = bad.length > 0 ? ` (seeds ${bad.slice(0, 20).join(', ')})` : '';
	const perRun = now === 0 ? '' : Math.round(ms / now);
	return `| ${server} | ${lines.length.toLocaleString('en')} | ${bad.length}${which} | ${sum('exact')} | ${sum('range')} | ${perRun} |`;
}

const page = (rows: readonly string[]): string => `
## Convergence by chance

Two clients and another program, 40 steps each run (docs/decisions/0029-convergence.md).

| on | runs | not as they must be | outcomes checked exactly | as a range | ms a run |
| --- | ---: | ---: | ---: | ---: | ---: |
${rows.join('\n')}
`;
