/** What leaves the server, and when, as one types it in three fields. Pure. */
import {bytesIn, bytesOf} from './amounts.ts';
import {type Draining, drainAll} from './draining.ts';
import {ours, type SafeText} from './safe-text.ts';

export const drainingFields = ['leave', 'older', 'size'] as const;
export type DrainingField = (typeof drainingFields)[number];
export type TypedDraining = Readonly<Record<DrainingField, string>>;

export const drainingLabels: Readonly<Record<DrainingField, SafeText>> = {
	leave: ours('Leave there'),
	older: ours('Older than'),
	size: ours('Not above'),
};

export const drainingHints: Readonly<Record<DrainingField, SafeText>> = {
	leave: ours('days a message stays on the server after it has come; 0: it is removed in the same call'),
	older: ours('days: only what came to the server earlier is taken; 0: all'),
	size: ours('a size such as 5 MB: what is larger stays on the server, with its summary shown; empty: no limit'),
};

export const typedDraining = ({leaveDays, olderThanDays, mostBytes}: Draining = drainAll): TypedDraining => ({
	leave: String(leaveDays),
	older: String(olderThanDays),
	size: mostBytes === null ? '' : bytesOf(mostBytes),
});

export function readTypedDraining({
	leave,
	older,
	size,
}: TypedDraining): {readonly draining: Draining} | {readonly problem: SafeText; readonly field: DrainingField} {
	const [leaveDays, olderThanDays] = [daysIn(leave), daysIn(older)];
	if (leaveDays === undefined) return {problem: ours('Days are a number, such as 7'), field: 'leave'};
	if (olderThanDays === undefined) return {problem: ours('Days are a number, such as 30'), field: 'older'};
	const mostBytes = size.trim() === '' ? null : bytesIn(size);
	if (mostBytes === undefined) return {problem: ours('A size is written like 200 kB or 5 MB'), field: 'size'};
	return {draining: {leaveDays, olderThanDays, mostBytes}};
}

const daysIn = (text: string): number | undefined => {
	const digits = /^\s*(\d{1,5})(?:\s*days?)?\s*$/.exec(text)?.[1];
	return text.trim() === '' ? 0 : digits === undefined ? undefined : Number(digits);
};
