/**
 * `run-seeds.ts FIRST LAST [first|dovecot]`: plays these seeds in a process of its own, and writes a line of JSON for
 * each: what was checked, or what was not as it must be. With `first` it stops at the first that fails, with `dovecot` it
 * plays them there.
 */
import {onDovecot} from './on-dovecot.ts';
import {runSeed, steps} from './run-seed.ts';

const [first = '1', last = '1', how] = process.argv.slice(2);
/** What a mutant throws anywhere counts, as it would in the program. */
const fail = (seed: number, error: unknown): void => {
	const longest = process.env.BONSAI_FUZZ_TRACE === undefined ? 20_000 : Number.POSITIVE_INFINITY;
	process.stdout.write(`${JSON.stringify({seed, because: (error as Error).message.slice(0, longest)})}\n`);
};
let seed = Number(first);
process.on('uncaughtException', error => {
	fail(seed, error);
	process.exit();
});
async function play(run: typeof runSeed): Promise<void> {
	for (; seed <= Number(last); seed++) {
		try {
			process.stdout.write(`${JSON.stringify({seed, ...(await run(seed, steps))})}\n`);
		} catch (error) {
			fail(seed, error);
			if (how === 'first') break;
		}
	}
}
await (how === 'dovecot' ? onDovecot(play) : play(runSeed));
// What a mutant left waiting is nobody's.
process.exit();
