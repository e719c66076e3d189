/**
 * The same as convergence.test.ts on a real Dovecot, with a second client of another make at work: mbsync over a Maildir
 * (docs/decisions/0029-convergence.md). What Dovecot says unasked comes when it comes: the same seed may end otherwise.
 *
 * `BONSAI_FUZZ_SEEDS=17-17` plays that one, `BONSAI_FUZZ_TRACE=1` shows the dialogue.
 */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {withoutDovecot} from '../helpers/dovecot.ts';
import {withoutMbsync} from './convergence/maildir-peer.ts';
import {onDovecot} from './convergence/on-dovecot.ts';
import {steps} from './convergence/run-seed.ts';

const [first = 1, last = 8] = (process.env.BONSAI_FUZZ_SEEDS ?? '').split('-').filter(Boolean).map(Number);

test(
	`all ends up the same on Dovecot, for mbsync too: ${steps} steps, seeds ${first} to ${last}`,
	{
		skip: withoutDovecot || withoutMbsync,
		timeout: 900_000,
	},
	context =>
		onDovecot(async play => {
			let [exact, range] = [0, 0];
			for (let seed = first; seed <= last; seed++) {
				const ran = await play(seed, steps);
				exact += ran.exact;
				range += ran.range;
			}
			context.diagnostic(`${exact} outcomes were checked exactly, ${range} as a range`);
			assert.ok(last > first ? exact > range : true, 'most of what was decided is checked exactly');
		}),
);
