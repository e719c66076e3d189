/**
 * `kill -9` of the real program while it sends what was decided to a real Dovecot, BENCH_KILLS times (200): nothing lost,
 * nothing doubled, or it throws.
 */
import {withoutDovecot} from '../test/helpers/dovecot.ts';
import {killInReplay} from '../test/helpers/kill-in-replay.ts';

export async function measureKills(): Promise<string | undefined> {
	if (withoutDovecot !== false) return undefined;
	const times = Number(process.env.BENCH_KILLS ?? 200);
	const {atWork, inTheMiddle} = await killInReplay(times);
	return `
## Killed while it sends

16 messages each time, moved, copied, flagged and deleted in a disconnected account, then \`bonsai sync\` on Dovecot killed with -9 at a random instant and run again.

| times | killed at work | with something sent and something not | lost | doubled |
| ---: | ---: | ---: | ---: | ---: |
| ${times} | ${atWork} | ${inTheMiddle} | 0 | 0 |
`;
}
