/**
 * The rules of a zone that a calendar brings along (VTIMEZONE, RFC 5545 §3.6.5): when each of its offsets begins. Rules that
 * programs write are yearly, on a day of a month; a zone with any other is one nobody knows.
 *
 * Each onset is computed for the year in question and the one before, so nothing is counted up from 1601.
 */
import type {Component} from './content-lines.ts';
import {parseWall} from './wall-time.ts';
import type {Zone} from './zones.ts';

const minute = 60_000;
const day = 24 * 60 * minute;
const weekdays = ['SU', 'MO', 'TU', 'WE', 'TH', 'FR', 'SA'];
const mostObservances = 200;

/** All in ms: walls as before the onset, offsets ahead of UTC. */
type Observance = {
	readonly before: number;
	readonly after: number;
	readonly first: number;
	/** The wall time of its onset in a year; undefined: none. */
	onsetIn(year: number): number | undefined;
};

export function readObservances(name: string, zone: Component): Zone | undefined {
	const components = zone.childrenOf('standard', 'daylight').slice(0, mostObservances);
	const observances = components.map(readObservance);
	if (observances.length === 0 || observances.some(each => each === undefined)) return undefined;
	const all = observances as Observance[];
	const ahead = (at: number, isWall: boolean): number => {
		const year = new Date(at).getUTCFullYear();
		let latest: {at: number; after: number} | undefined;
		for (const each of all)
			for (const of of [year - 1, year, year + 1]) {
				const onset = each.onsetIn(of) ?? (each.first <= at + day ? each.first : undefined);
				if (onset === undefined) continue;
				const from = isWall ? onset : onset - each.before;
				if (from <= at && (latest === undefined || from >= latest.at)) latest = {at: from, after: each.after};
			}
		// Before the first of them, what it replaced.
		const earliest = all.reduce((found, each) => (each.first < found.first ? each : found));
		return latest?.after ?? earliest.before;
	};
	return {name, aheadAt: ms => ahead(ms, false), aheadOnWall: wall => ahead(wall, true)};
}

function readObservance(component: Component): Observance | undefined {
	const before = offsetOf(component.text('tzoffsetfrom'));
	const after = offsetOf(component.text('tzoffsetto'));
	const start = parseWall(component.text('dtstart'));
	if (before === undefined || after === undefined || start === undefined) return undefined;
	const rule = component.first('rrule')?.values[0];
	const first = start.wall;
	// A rule that cannot be read is one all the same.
	if (rule === undefined && component.asSent('rrule') !== '') return undefined;
	if (rule === undefined) return {before, after, first, onsetIn: () => undefined};
	const onsetOf = yearly(rule as Record<string, unknown>, first);
	if (onsetOf === undefined) return undefined;
	const until = parseWall(String((rule as {until?: unknown}).until ?? ''))?.wall ?? Number.POSITIVE_INFINITY;
	return {
		before,
		after,
		first,
		onsetIn(year) {
			const onset = onsetOf(year);
			return onset !== undefined && onset >= first - day && onset - before <= until + day ? onset : undefined;
		},
	};
}

/** `+0200`, as ical.js has it `+02:00`, in ms. */
function offsetOf(text: string): number | undefined {
	const [, sign, hours, minutes] = /^([+-])(\d\d):?(\d\d)/.exec(text) ?? [];
	if (sign === undefined) return undefined;
	return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * minute;
}

/** The wall time in a year; undefined when the rule is none of those. */
function yearly(rule: Record<string, unknown>, first: number): ((year: number) => number | undefined) | undefined {
	const {freq, interval = 1, bymonth, byday, bymonthday} = rule;
	const start = new Date(first);
	const time = first - Date.UTC(start.getUTCFullYear(), start.getUTCMonth(), start.getUTCDate());
	const month = bymonth === undefined ? start.getUTCMonth() : Number(bymonth) - 1;
	if (freq !== 'YEARLY' || interval !== 1 || !(month >= 0 && month < 12)) return undefined;
	if (byday === undefined) {
		const date = bymonthday === undefined ? start.getUTCDate() : Number(bymonthday);
		return date >= 1 && date <= 31 ? year => Date.UTC(year, month, date) + time : undefined;
	}
	const [, nth = '', name = ''] = /^([+-]?[1-5])?(SU|MO|TU|WE|TH|FR|SA)$/.exec(String(byday)) ?? [];
	const weekday = weekdays.indexOf(name);
	if (weekday < 0) return undefined;
	// `BYMONTHDAY=8,9,10,11,12,13,14;BYDAY=SU` is the second Sunday: on or behind the first of these days.
	const [earliest] = [bymonthday ?? []].flat().map(Number);
	if (nth === '' && !(earliest !== undefined && earliest >= 1 && earliest <= 31)) return undefined;
	return year => {
		const number = nth === '' ? 1 : Number(nth);
		if (number < 0) {
			const last = new Date(Date.UTC(year, month + 1, 0));
			const back = (last.getUTCDay() - weekday + 7) % 7;
			return last.getTime() - (back + (-number - 1) * 7) * day + time;
		}
		const from = new Date(Date.UTC(year, month, earliest ?? 1));
		const on = (weekday - from.getUTCDay() + 7) % 7;
		return from.getTime() + (on + (number - 1) * 7) * day + time;
	};
}
