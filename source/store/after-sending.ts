/** How a letter stands after it was handed over. Pure. */
import {hasSequel, type Outcome, type Outgoing, type Refusal} from '../model/outgoing.ts';
import {ours} from '../model/safe-text.ts';

/** Before it is tried again, in ms: the first time, the second, and so on. */
const waits = [60_000, 300_000, 900_000, 3_600_000];

/** @param now Ms since the epoch. */
export function afterwards(each: Outgoing, outcome: Outcome, now: number): Partial<Outgoing> {
	const taken: Partial<Outgoing> =
		each.sequelState === 'to-come' ? {sequelState: hasSequel(each.sequel) ? 'due' : 'over', takenAt: now} : {};
	const later = {attempts: each.attempts + 1, notBefore: now + (waits[each.attempts] ?? waits.at(-1)!)};
	const left = (addresses: readonly string[]): Pick<Outgoing, 'letter'> => ({
		letter: {...each.letter, envelope: {...each.letter.envelope, to: addresses}},
	});
	const forGood = (refusals: readonly Refusal[]): readonly Refusal[] => refusals.filter(({isForNow}) => !isForNow);
	const forNow = (refusals: readonly Refusal[]): readonly string[] =>
		refusals.filter(({isForNow}) => isForNow).map(({address}) => address);
	switch (outcome.state) {
		case 'sent': {
			const refusals = [...each.refusals, ...forGood(outcome.refusals)];
			const to = forNow(outcome.refusals);
			const [first] = outcome.refusals;
			if (to.length > 0)
				return {...taken, state: 'waiting', because: first?.because ?? ours(''), refusals, ...left(to), ...later};
			if (refusals.length > 0)
				return {...taken, state: 'refused', because: ours('It was sent, but not to everybody'), refusals, ...left([])};
			return {...taken, state: 'sent', because: ours('')};
		}
		case 'refused': {
			const refusals = [...each.refusals, ...forGood(outcome.refusals)];
			const to = forNow(outcome.refusals);
			if (to.length > 0) return {state: 'waiting', because: outcome.because, refusals, ...left(to), ...later};
			if (outcome.isForNow) return {state: 'waiting', because: outcome.because, ...later};
			return {state: 'refused', because: outcome.because, refusals};
		}
		case 'unsent': {
			const {failure} = outcome;
			// The line is tried again as soon as anybody asks; a server that is busy is given time.
			return {state: 'waiting', because: failure.sentence, ...(failure.kind === 'busy' ? later : {})};
		}
		case 'unknown':
			return {state: 'unknown', because: outcome.because};
	}
}
