/**
 * Numbers and moments in words. Pure; `now` comes from outside, so that a screen can be drawn twice the same.
 * A kilobyte is 1,000 octets, as on the wire.
 */
import type {Price} from '../source/model/budget.ts';
import {ours, type SafeText} from '../source/model/safe-text.ts';
import {safe} from './safe.ts';

const units = ['', 'k', 'M', 'G', 'T'] as const;

/** A number of at most four characters with its unit: `999`, `2.1k`, `54M`. */
function scaled(octets: number): {readonly figure: string; readonly unit: string} {
	let value = Math.max(0, Math.round(octets));
	let unit = 0;
	// 999,500 would round to `1000k`.
	while (value >= (unit === 0 ? 1000 : 999.5) && unit < units.length - 1) {
		value /= 1000;
		unit++;
	}
	const isFine = unit > 0 && value < 9.95;
	return {figure: isFine ? value.toFixed(1) : String(Math.round(value)), unit: units[unit] ?? ''};
}

/** For columns: `512`, `2.1k`, `54M`. */
export function sizeOf(octets: number): SafeText {
	const {figure, unit} = scaled(octets);
	return ours(figure + unit);
}

/** For sentences: `512 bytes`, `2.1 kB`, `54 MB`. */
export function bytesOf(octets: number): SafeText {
	const {figure, unit} = scaled(octets);
	if (unit === '') return ours(`${figure} ${figure === '1' ? 'byte' : 'bytes'}`);
	return ours(`${figure} ${unit}B`);
}

export function rateOf(bytesPerSecond: number): SafeText {
	const {figure, unit} = scaled(bytesPerSecond);
	return ours(`${figure} ${unit}B/s`);
}

/** About how long: `<1 s`, `~12 s`, `~3 min`, `~2 h`. */
export function durationOf(seconds: number): SafeText {
	if (seconds < 1) return ours('<1 s');
	if (seconds < 99.5) return ours(`~${Math.round(seconds)} s`);
	if (seconds < 99.5 * 60) return ours(`~${Math.round(seconds / 60)} min`);
	return ours(`~${Math.round(seconds / 3600)} h`);
}

/** `41 kB, ~12 s`; only the bytes while the line is not measured. */
export function priceWords(price: Price): SafeText {
	if (price.seconds === undefined) return bytesOf(price.bytes);
	return safe`${bytesOf(price.bytes)}, ${durationOf(price.seconds)}`;
}

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

/** The seconds to wait, in steps that get coarse: a countdown is repainted over the user's slow line. */
export function waitOf(milliseconds: number): number {
	const seconds = Math.max(0, Math.ceil(milliseconds / 1000));
	return seconds <= 10 ? seconds : Math.ceil(seconds / 10) * 10;
}
