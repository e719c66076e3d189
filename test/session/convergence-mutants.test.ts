/**
 * The convergence test can fail: Bonsai with one thing wrong does not get through it.
 */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {killer, misplaced, mutants} from './convergence/mutants.ts';

test('what a mutant changes stands in the source, once', () => {
	assert.deepEqual(mutants.flatMap(misplaced), []);
});

for (const mutant of mutants) {
	test(`the convergence test notices: ${mutant.name}`, async () => {
		// Two lines may answer in another order than last time: the next seeds have their chance too.
		const [first = 1] = mutant.killers;
		assert.ok(await killer(mutant, first, first + 20), `it lived through seeds ${first} to ${first + 20}`);
	});
}
