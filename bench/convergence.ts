/**
 * As many seeds of the convergence test as `BENCH_SEEDS` says (or 100,000), from seed 1 on, in as many processes as there
 * are processors: how many were not as they must be, and what was checked. `BENCH_SECONDS` ends it before.
 */
import {spawn} from 'node:child_process';
import {availableParallelism} from 'node:os';
import {createInterface} from 'node:readline';
import {fileURLToPath} from 'node:url';

const script = fileURLToPath(new URL('../test/session/convergence/run-seeds.ts', import.meta.url));
/** Seeds a process plays before the next one takes its place: what a run leaves in memory ends with it. */
const share = 50;

type Line = {readonly seed: number; readonly exact?: number; readonly range?: number; readonly because?: string};

export async function measureConvergence(): Promise<string> {
	const wanted = Number(process.env.BENCH_SEEDS ?? 100_000);
	const seconds = Number(process.env.BENCH_SECONDS ?? Number.POSITIVE_INFINITY);
	const began = Date.now();
	const lines: Line[] = [];
	let next = 1;
	const work = async (): Promise<void> => {
		while (next <= wanted && Date.now() - began < seconds * 1000) {
			const first = next;
			next = Math.min(first + share, wanted + 1);
			for await (const line of played(first, next - 1)) {
				lines.push(line);
				if (line.because !== undefined) process.stderr.write(`seed ${line.seed}: ${line.because.slice(0, 300)}\n`);
			}
		}
	};
	await Promise.all(Array.from({length: availableParallelism()}, work));
	return page(lines, (Date.now() - began) / 1000);
}

async function* played(first: number, last: number): AsyncGenerator<Line, void> {
	const child = spawn(process.execPath, ['--import', 'tsx', script, `${first}`, `${last}`], {
		stdio: ['ignore', 'pipe', 'inherit'],
	});
	for await (const line of createInterface({input: child.stdout})) yield JSON.parse(line) as Line;
}

function page(lines: readonly Line[], seconds: number): string {
	const sum = (of: 'exact' | 'range'): string =>
		lines.reduce((all, line) => all + (line[of] ?? 0), 0).toLocaleString('en');
	const bad = lines.filter(({because}) => because !== undefined).map(({seed}) => seed);
	const count = lines.length.toLocaleString('en');
	return `
## Convergence by chance

Two clients and another program, 40 steps each run (docs/decisions/0029-convergence.md).

| runs | not as they must be | outcomes checked exactly | as a range | s |
| ---: | ---: | ---: | ---: | ---: |
| ${count} | ${bad.length}${bad.length > 0 ? ` (seeds ${bad.slice(0, 20).join(', ')})` : ''} | ${sum('exact')} | ${sum('range')} | ${Math.round(seconds)} |
`;
}
