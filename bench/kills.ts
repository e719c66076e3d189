/**
 * `kill -9` of the real program on a real Dovecot: while it sends what was decided, BENCH_KILLS times (200), and while it
 * drains, BENCH_DRAIN_KILLS times (100). Nothing lost, nothing doubled, or it throws.
 */
import {withoutDovecot} from '../test/helpers/dovecot.ts';
import {killInDrain} from '../test/helpers/kill-in-drain.ts';
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

export async function measureDrainKills(): Promise<string | undefined> {
	if (withoutDovecot !== false) return undefined;
	const times = Number(process.env.BENCH_DRAIN_KILLS ?? 100);
	const {atWork, inTheMiddle} = await killInDrain(times);
	return `
## Killed while it drains

12 messages each time, one of them in windows, taken from an offline mailbox by \`bonsai sync\` on Dovecot, killed with -9 at a random instant and run again: each is on the server or in the Maildir then, and in the Maildir once at the end, octet for octet.

| times | killed at work | with something here and something there | lost | doubled |
| ---: | ---: | ---: | ---: | ---: |
| ${times} | ${atWork} | ${inTheMiddle} | 0 | 0 |
`;
}
