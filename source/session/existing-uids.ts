/**
 * Which of some UIDs are there, and under which UIDVALIDITY: what a command has to know before it decides about
 * messages that it never listed. One short search after SELECT.
 */
import type {MailboxPath} from '../model/ids.ts';
import {ours} from '../model/safe-text.ts';
import type {Facts} from '../store/facts.ts';
import {type Live, live} from './live.ts';
import {oneQuestion} from './one-question.ts';
import {sequenceSet} from './positions.ts';
import type {ExistingUids} from './session.ts';
import type {Worker} from './worker.ts';

/** As many as always fit into a line of 8,192 octets (RFC 7162 §4), with a comma between each two. */
const uidsInOne = 700;

export function findExisting(
	mailbox: MailboxPath,
	uids: readonly number[],
	{
		worker,
		facts,
		uidValidityOf,
	}: {
		readonly worker: Worker;
		readonly facts: Facts;
		readonly uidValidityOf: (mailbox: MailboxPath) => number | undefined;
	},
): Live<ExistingUids> {
	const held = facts.held(mailbox);
	const [first = 0, last = 0] = [uids[0], uids.at(-1)];
	// What is kept without a gap is known without asking.
	if (held !== undefined && first >= held.wholeFrom && last < held.uidNext) {
		const there = new Set(facts.uidsWithin(mailbox, first, last));
		return live<ExistingUids>({
			state: 'known',
			uidValidity: held.uidValidity,
			uids: uids.filter(uid => there.has(uid)),
		});
	}
	const found = live<ExistingUids>({state: 'asking'});
	const sets = setsOf(uids);
	worker.need(
		oneQuestion({
			key: `existing:${mailbox}`,
			urgency: 'looking-at',
			mailbox,
			what: ours('Look which messages are there'),
			expectedBytes: 100 * sets.length,
			mostBytes: 600 + 20 * uids.length,
			mayAsk: () => worker.selected === mailbox,
			fail: failure => found.set({state: 'failed', because: failure.sentence}),
			ask: async remote => {
				const uidValidity = uidValidityOf(mailbox) ?? 0;
				const answers = await Promise.all(sets.map(set => remote.fetchExisting(set)));
				found.set({state: 'known', uidValidity, uids: answers.flat()});
			},
		}),
	);
	return found;
}

function setsOf(uids: readonly number[]): string[] {
	const whole = sequenceSet(uids);
	if (whole.length < 7500) return [whole];
	const sets: string[] = [];
	for (let at = 0; at < uids.length; at += uidsInOne) sets.push(sequenceSet(uids.slice(at, at + uidsInOne)));
	return sets;
}
