/** Of several who were told how a mailbox stands, who knows most. Pure. */
import type {Stood} from '../store/stood-rows.ts';

type Told = {readonly uidValidity: number; readonly uidNext: number | undefined};

/** The first says which UIDVALIDITY is meant. Undefined: nobody was told. */
export function bestKnown(told: readonly (Told | undefined)[]): Stood | undefined {
	const known = told.flatMap(each =>
		each?.uidNext === undefined ? [] : [{uidValidity: each.uidValidity, uidNext: each.uidNext}],
	);
	return known
		.filter(({uidValidity}) => uidValidity === known[0]?.uidValidity)
		.reduce<Stood | undefined>((best, each) => (best && best.uidNext >= each.uidNext ? best : each), undefined);
}
