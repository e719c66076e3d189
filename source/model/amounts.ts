/**
 * Octets, rates and prices in words, for every reader. A kilobyte is 1,000 octets, as on the wire.
 */
import type {Price} from './budget.ts';
import {ours, type SafeText, safeJoin} from './safe-text.ts';

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

/** `41 kB, ~12 s`, `at most 41 kB, ~12 s`; only the bytes while the line is not measured. */
export const priceWords = (price: Price): SafeText => priced(price, ours('at most '));

/** For columns: `41 kB, ~12 s`, `<41 kB, ~12 s`. */
export const shortPriceWords = (price: Price): SafeText => priced(price, ours('<'));

function priced({bytes, seconds, isAtMost}: Price, atMost: SafeText): SafeText {
	const amount = isAtMost ? safeJoin([atMost, bytesOf(bytes)], ours('')) : bytesOf(bytes);
	return seconds === undefined ? amount : safeJoin([amount, durationOf(seconds)], ours(', '));
}

const factors: Readonly<Record<string, number>> = {'': 1, k: 1e3, m: 1e6, g: 1e9};

/** `200k`, `200 kB`, `1.5MB`, `5000`; undefined when it is no amount. */
export function bytesIn(text: string): number | undefined {
	const [, figure = '', unit = ''] = /^(\d+(?:\.\d+)?)\s*([kmg]?)i?b?(?:ytes)?$/i.exec(text.trim()) ?? [];
	return figure === '' ? undefined : Math.round(Number(figure) * (factors[unit.toLowerCase()] ?? 1));
}
