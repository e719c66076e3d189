/**
 * Bonsai with one thing wrong: which seed of the convergence test notices first (test/session/convergence/mutants.ts).
 * `BENCH_SEEDS` says how many are tried; 120.
 */
import {killer, mutants} from '../test/session/convergence/mutants.ts';

export async function measureMutants(): Promise<string> {
	const most = Number(process.env.BENCH_SEEDS ?? 120);
	const rows: string[] = [];
	for (const mutant of mutants) {
		const found = await killer(mutant, 1, most);
		rows.push(
			`| ${mutant.name} | ${found ? `seed ${found.seed}` : `lives through ${most}`} | ${found ? words(found.because) : ''} |`,
		);
		process.stderr.write(`${rows.at(-1)}\n`);
	}
	return `
## Mutants

| what is wrong | killed by | what was noticed |
| --- | --- | --- |
${rows.join('\n')}
`;
}

const words = (because: string): string =>
	because
		.split('\n', 1)[0]!
		.replaceAll('|', ' ')
		.replace(/ \(before: .*$/, '')
		.slice(0, 120);
