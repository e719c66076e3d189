/**
 * Draining loses nothing and doubles nothing, whatever happens on the way: lines that are cut, programs that are killed, full
 * disks, servers that cannot remove single messages or number them anew, another client that takes some. Each message exists
 * at every instant, on the server or in local mail, and at the end once (docs/decisions/0037-offline.md).
 *
 * `BONSAI_DRAIN_SEEDS=500` tries more, `BONSAI_DRAIN_SEEDS=17-17` that one; `BONSAI_DRAIN_MESSAGES=200` of that many.
 */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {runDrain} from './draining/run-drain.ts';

const [first = 1, last = 20] = seedsOf(process.env.BONSAI_DRAIN_SEEDS);
const messages = Number(process.env.BONSAI_DRAIN_MESSAGES ?? 60);

function seedsOf(wanted: string | undefined): readonly number[] {
	const [from, to] = (wanted ?? '').split('-').map(Number);
	return to === undefined ? (from ? [1, from] : []) : [from!, to];
}

test(`no message is lost or doubled: ${messages} drained, seeds ${first} to ${last}`, {
	timeout: 900_000,
}, async context => {
	const all = {kills: 0, cuts: 0, fullDisks: 0};
	for (let seed = first; seed <= last; seed++) {
		const {kills, cuts, fullDisks} = await runDrain(seed, messages);
		all.kills += kills;
		all.cuts += cuts;
		all.fullDisks += fullDisks;
	}
	context.diagnostic(`${all.kills} kills, ${all.cuts} cuts, ${all.fullDisks} full disks`);
	assert.ok(last === first || (all.kills > 0 && all.cuts > 0 && all.fullDisks > 0));
});
