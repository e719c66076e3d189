/**
 * What a call does with an offline mailbox: a pure function of its receipts, the user's numbers, and the time.
 *
 * Law: only what is proven here is ever to be removed.
 */
import {bytesOf} from '../model/amounts.ts';
import type {Draining} from '../model/draining.ts';
import {countOf} from '../model/operation-words.ts';
import {type SafeText, safeLine} from '../model/safe-text.ts';
import type {Receipt} from '../store/receipts.ts';

const dayMs = 24 * 3600_000;

/** How many stay on the server, by why. */
export type Staying = {
	readonly tooLarge: number;
	readonly tooNew: number;
	/** Here, and there for some days more. */
	readonly leftForDays: number;
	/** Here, and marked as deleted there: the server cannot remove single messages. */
	readonly marked: number;
	/** The server sends other octets than it announces. */
	readonly odd: number;
};

export type DrainPlan = {
	/** To be brought, oldest first. */
	readonly take: readonly Receipt[];
	/** Here, and due to be removed there. */
	readonly remove: readonly Receipt[];
	readonly staying: Staying;
};

export function planDrain(
	receipts: readonly Receipt[],
	{leaveDays, olderThanDays, mostBytes}: Draining,
	{now, canExpunge}: {readonly now: number; readonly canExpunge: boolean},
): DrainPlan {
	const take: Receipt[] = [];
	const remove: Receipt[] = [];
	const staying = {tooLarge: 0, tooNew: 0, leftForDays: 0, marked: 0, odd: 0};
	for (const receipt of receipts) {
		const {state, sizeBytes, date, cameAt} = receipt;
		if (state === 'here' || state === 'marked') {
			if (state === 'marked' && !canExpunge) staying.marked += 1;
			else if (cameAt + leaveDays * dayMs > now) staying.leftForDays += 1;
			else remove.push(receipt);
		} else if (state === 'odd') staying.odd += 1;
		else if (state === 'wanted' || state === 'writing') {
			// What was begun is brought to its end, whatever was chosen meanwhile.
			if (state === 'wanted' && mostBytes !== null && sizeBytes > mostBytes) staying.tooLarge += 1;
			else if (state === 'wanted' && olderThanDays > 0 && date > now - olderThanDays * dayMs) staying.tooNew += 1;
			else take.push(receipt);
		}
	}
	return {take, remove, staying};
}

export const howManyStay = (staying: Staying): number => Object.values(staying).reduce((sum, each) => sum + each, 0);

/** `3 messages stay on the server: 2 larger than 5 MB, 1 came less than 30 days ago`; '' when none does. */
export function stayingWords(staying: Staying, {leaveDays, olderThanDays, mostBytes}: Draining): SafeText {
	const why = [
		[staying.tooLarge, `larger than ${bytesOf(mostBytes ?? 0)}`],
		[staying.tooNew, `newer than ${days(olderThanDays)}`],
		[staying.leftForDays, `here too, for ${days(leaveDays)}`],
		[staying.marked, 'here too, marked as deleted there'],
		[staying.odd, 'sent with other octets than announced'],
	] as const;
	const count = howManyStay(staying);
	if (count === 0) return safeLine('');
	const words = why.filter(([each]) => each > 0).map(([each, because]) => `${each} ${because}`);
	return safeLine(`${countOf(count)} ${count === 1 ? 'stays' : 'stay'} on the server: ${words.join(', ')}`);
}

const days = (count: number): string => `${count} ${count === 1 ? 'day' : 'days'}`;
