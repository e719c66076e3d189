/**
 * As many seeds of the draining test as `BENCH_SEEDS` says (500), with 200 messages each, on a disk in memory. What is not as
 * it must be throws.
 */
import {runDrain} from '../test/session/draining/run-drain.ts';

const messages = 200;

export async function measureDrainSeeds(): Promise<string> {
	const seeds = Number(process.env.BENCH_SEEDS ?? 500);
	const began = Date.now();
	const all = {kills: 0, cuts: 0, fullDisks: 0};
	for (let seed = 1; seed <= seeds; seed++) {
		const {kills, cuts, fullDisks} = await runDrain(seed, messages);
		all.kills += kills;
		all.cuts += cuts;
		all.fullDisks += fullDisks;
	}
	const minutes = ((Date.now() - began) / 60_000).toFixed(0);
	return `
## Drained by chance

Runs of \`test/session/drain.test.ts\`, each with ${messages} messages and twelve calls in trouble before those in peace: at each instant every message is on the server or in the Maildir, and at the end in the Maildir once, octet for octet, with its flag and date.

| runs | kills | cuts | full disks | lost | doubled | minutes |
| ---: | ---: | ---: | ---: | ---: | ---: | ---: |
| ${seeds} | ${all.kills} | ${all.cuts} | ${all.fullDisks} | 0 | 0 | ${minutes} |
`;
}
