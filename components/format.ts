/**
 * Numbers and moments in words. Pure; `now` comes from outside, so that a screen can be drawn twice the same.
 */
import {ours, type SafeText} from '../source/model/safe-text.ts';

export {bytesOf, durationOf, priceWords, rateOf, shortPriceWords, sizeOf} from '../source/model/amounts.ts';

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;
const days = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'] as const;
const two = (value: number): string => String(value).padStart(2, '0');

/** Today `14:05`, this year `Nov 20`, else `2024-03-01`; '' when the message has no date. */
export function dateOf(moment: number | undefined, now: number): SafeText {
	if (moment === undefined) return ours('');
	const date = new Date(moment);
	const today = new Date(now);
	if (date.toDateString() === today.toDateString()) return ours(`${two(date.getHours())}:${two(date.getMinutes())}`);
	if (date.getFullYear() === today.getFullYear()) {
		return ours(`${months[date.getMonth()]} ${String(date.getDate()).padStart(2, ' ')}`);
	}
	return ours(`${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`);
}

/** How old it is, without a clock that ticks: `as of 18:02`, `as of Nov 24 18:02`, `as of 2024-03-01`. */
export function asOfWords(moment: number, now: number): SafeText {
	const [date, day] = [new Date(moment), dateOf(moment, now)];
	const isOfThisYear = date.getFullYear() === new Date(now).getFullYear();
	if (!isOfThisYear || day.includes(':')) return ours(`as of ${day}`);
	return ours(`as of ${day} ${two(date.getHours())}:${two(date.getMinutes())}`);
}

/** `Wed 20 Nov 2024 14:05`. */
export function momentOf(moment: number): SafeText {
	const date = new Date(moment);
	return ours(
		`${days[date.getDay()]} ${date.getDate()} ${months[date.getMonth()]} ${date.getFullYear()} ${two(date.getHours())}:${two(date.getMinutes())}`,
	);
}

/** How much of it is here: `34%`. Never 100% before it is whole. */
export function progressOf(heldBytes: number, totalBytes: number): SafeText {
	if (totalBytes <= 0) return ours('0%');
	const percent = Math.floor((heldBytes / totalBytes) * 100);
	return ours(`${heldBytes < totalBytes ? Math.min(99, percent) : 100}%`);
}

/** The same where it must not change too often: `25%`. */
export function progressInSteps(heldBytes: number, totalBytes: number): SafeText {
	const share = totalBytes <= 0 ? 0 : Math.min(0.99, heldBytes / totalBytes);
	return ours(`${Math.floor(share * 4) * 25}%`);
}

/** The seconds to wait, in steps that get coarse: a countdown is repainted over the user's slow line. */
export function waitOf(milliseconds: number): number {
	const seconds = Math.max(0, Math.ceil(milliseconds / 1000));
	return seconds <= 10 ? seconds : Math.ceil(seconds / 10) * 10;
}
