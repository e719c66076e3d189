import assert from 'node:assert/strict';
import {test} from 'node:test';
import {planSync, type SyncPlan, type SyncState} from '../../source/session/sync-plan.ts';

const held: SyncState = {uidValidity: 7, uidNext: 101, count: 90, highestModseq: '5000'};
const empty = {...held, count: 0};
const huge = '9223372036854775807';

const cases: readonly (readonly [string, SyncState | undefined, Partial<SyncState>, SyncPlan])[] = [
	['nothing was held', undefined, {}, 'start-over'],
	['another UIDVALIDITY, whatever else is the same', held, {uidValidity: 8}, 'start-over'],
	['UIDNEXT went backwards', held, {uidNext: 50}, 'start-over'],
	['all as it was', held, {}, 'nothing'],
	['change numbers went on: flags, or what went', held, {highestModseq: '5001'}, 'changes'],
	['change numbers went on, and messages came', held, {highestModseq: '5009', uidNext: 104, count: 93}, 'changes'],
	['messages came and the number of changes did not tell', held, {uidNext: 104, count: 93}, 'only-new'],
	['fewer messages, and the number of changes did not tell', held, {count: 89}, 'compare'],
	['as many came as went, and the number did not tell', held, {uidNext: 102}, 'compare'],
	['change numbers went backwards: a restored backup', held, {highestModseq: '4999'}, 'compare'],
	['no change numbers now (NOMODSEQ)', held, {highestModseq: undefined}, 'compare'],
	['no change numbers before', {...held, highestModseq: undefined}, {}, 'compare'],
	['empty without change numbers, and no UID was given', {...empty, highestModseq: undefined}, empty, 'nothing'],
	['empty now, and not before', {...held, highestModseq: undefined}, {count: 0}, 'compare'],
	['empty, and UIDs were given', {...empty, highestModseq: undefined}, {...empty, uidNext: 103}, 'compare'],
	['no UIDNEXT, and nothing else changed', held, {uidNext: undefined}, 'compare'],
	[
		'numbers of 63 bits are compared exactly',
		{...held, highestModseq: '9223372036854775806'},
		{highestModseq: huge},
		'changes',
	],
	['and are the same only when they are', {...held, highestModseq: huge}, {highestModseq: huge}, 'nothing'],
];

for (const [title, before, change, plan] of cases) {
	test(`${title}: ${plan}`, () => {
		assert.equal(planSync(before, {...held, ...change}), plan);
	});
}
