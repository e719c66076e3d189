/** What leaves the server, and when, as a sentence: `all, at once`; `up to 5.0 MB, older than 30 days, after 7 days here`. Pure. */
import {bytesOf} from './amounts.ts';
import type {Draining} from './draining.ts';
import {ours, type SafeText, safeJoin} from './safe-text.ts';

export function drainingWords({leaveDays, olderThanDays, mostBytes}: Draining): SafeText {
	const words = [
		...(mostBytes === null ? [] : [ours(`up to ${bytesOf(mostBytes)}`)]),
		...(olderThanDays === 0 ? [] : [ours(`older than ${days(olderThanDays)}`)]),
		ours(leaveDays === 0 ? 'at once' : `after ${days(leaveDays)} here`),
	];
	return safeJoin(words.length === 1 ? [ours('all'), ...words] : words, ours(', '));
}

const days = (count: number): string => `${count} ${count === 1 ? 'day' : 'days'}`;
