/**
 * Everything ends up the same, whatever happens on the way: two clients and another program at work on one account, lines
 * that are cut anywhere, programs that are left and killed, caches that are deleted, mailboxes that are renumbered, on
 * servers from bare IMAP4rev1 to all extensions. Two oracles (docs/decisions/0029-convergence.md): each client shows what
 * the server holds, and the server holds what its users asked for.
 *
 * `BONSAI_FUZZ_SEEDS=5000` tries more, `BONSAI_FUZZ_SEEDS=17-17` that one; `BONSAI_FUZZ_TRACE=1` shows the dialogue.
 */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {runSeed, steps} from './convergence/run-seed.ts';

const [first = 1, last = 300] = seedsOf(process.env.BONSAI_FUZZ_SEEDS);

function seedsOf(wanted: string | undefined): readonly number[] {
	const [from, to] = (wanted ?? '').split('-').map(Number);
	return to === undefined ? (from ? [1, from] : []) : [from!, to];
}

test(`all ends up the same everywhere: ${steps} steps, seeds ${first} to ${last}`, {
	timeout: 900_000,
}, async context => {
	let [exact, range] = [0, 0];
	for (let seed = first; seed <= last; seed++) {
		const ran = await runSeed(seed, steps);
		exact += ran.exact;
		range += ran.range;
	}
	context.diagnostic(`${exact} outcomes were checked exactly, ${range} as a range`);
	assert.ok(last > first ? exact > 2 * range : true, 'most of what was decided is checked exactly');
});
