/**
 * A rule by which something repeats (RRULE, RFC 5545 §3.3.10) in words. Nothing is counted out: a rule of a million
 * occurrences is a sentence like any other. One for which there are no words is shown as it came.
 */
import {ours, type SafeText, safeLine} from '../model/safe-text.ts';
import {headOf} from '../model/width.ts';
import type {Component, Property} from './content-lines.ts';
import {parseWall} from './wall-time.ts';
import {dateWords, inZone, type Moment, momentOf, wallIn, type ZoneOf} from './when-words.ts';
import type {Zone} from './zones.ts';

type Rule = Readonly<Record<string, unknown>>;

const weekdays: Readonly<Record<string, string>> = {
	MO: 'Monday',
	TU: 'Tuesday',
	WE: 'Wednesday',
	TH: 'Thursday',
	FR: 'Friday',
	SA: 'Saturday',
	SU: 'Sunday',
};
const months = [
	'January',
	'February',
	'March',
	'April',
	'May',
	'June',
	'July',
	'August',
	'September',
	'October',
	'November',
	'December',
];
const units: Readonly<Record<string, string>> = {
	SECONDLY: 'second',
	MINUTELY: 'minute',
	HOURLY: 'hour',
	DAILY: 'day',
	WEEKLY: 'week',
	MONTHLY: 'month',
	YEARLY: 'year',
};
const ordinals = ['first', 'second', 'third', 'fourth', 'fifth'];

const listOf = (value: unknown): readonly string[] => (value === undefined ? [] : [value].flat().map(String));

function joined(words: readonly string[]): string {
	const last = words.at(-1) ?? '';
	return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} and ${last}`;
}

/** `first`, `last`, `second to last`; undefined: there is no word for it. */
function ordinal(number: number): string | undefined {
	if (number === -1) return 'last';
	const word = ordinals[Math.abs(number) - 1];
	return word && (number < 0 ? `${word} to last` : word);
}

function dayOfMonth(number: number): string | undefined {
	if (number < 0) return number === -1 ? 'last day' : ordinal(number) && `${ordinal(number)} day`;
	if (!(number >= 1 && number <= 31)) return undefined;
	const end = number > 3 && number < 21 ? 'th' : (['th', 'st', 'nd', 'rd'][number % 10] ?? 'th');
	return `${number}${end}`;
}

/** All of them, or none when there is no word for one. */
function words<T>(all: readonly T[], wordOf: (each: T) => string | undefined): string[] | undefined {
	const found = all.map(wordOf);
	return found.some(each => each === undefined) ? undefined : (found as string[]);
}

/** `Tuesday`, `second Tuesday`. */
function weekdayWords(spelled: string): string | undefined {
	const [, number, name = ''] = /^([+-]?\d{1,2})?([A-Z]{2})$/.exec(spelled) ?? [];
	const weekday = weekdays[name];
	if (weekday === undefined || number === undefined) return weekday;
	const which = ordinal(Number(number));
	return which && `${which} ${weekday}`;
}

const onWorkingDays = ' on working days';
const workdays = ['FR', 'MO', 'TH', 'TU', 'WE'].join();

/** ` on Tuesday`, ` on the 15th`; '' where it needs no word; undefined: there is none. */
function onWords(rule: Rule, start: number): string | undefined {
	const [byDay, byMonthDay, byMonth, bySetPos] = [rule.byday, rule.bymonthday, rule.bymonth, rule.bysetpos].map(listOf);
	const {freq} = rule;
	if ([byDay, byMonthDay, byMonth, bySetPos].some(list => (list?.length ?? 0) > 12)) return undefined;
	const month = words(byMonth ?? [], each => months[Number(each) - 1]);
	const days = words(byDay ?? [], weekdayWords);
	const dates = words(byMonthDay ?? [], each => dayOfMonth(Number(each)));
	const positions = words(bySetPos ?? [], each => ordinal(Number(each)));
	if (!month || !days || !dates || !positions || (days.length > 0 && dates.length > 0)) return undefined;
	const inMonth = month.length === 0 ? '' : freq === 'YEARLY' ? ` of ${joined(month)}` : ` in ${joined(month)}`;
	const isWorkdays = [...(byDay ?? [])].sort().join() === workdays;
	if (positions.length > 0) {
		if (days.length === 0) return undefined;
		return ` on the ${joined(positions)} ${isWorkdays ? 'working day' : joined(days)}${inMonth}`;
	}
	if (dates.length > 0) return ` on the ${joined(dates)}${inMonth}`;
	if (days.length > 0) {
		const isCounted = byDay?.some(each => /\d/.test(each));
		return isWorkdays ? `${onWorkingDays}${inMonth}` : ` on ${isCounted ? 'the ' : ''}${joined(days)}${inMonth}`;
	}
	const date = new Date(start);
	if (freq === 'WEEKLY') return ` on ${Object.values(weekdays)[(date.getUTCDay() + 6) % 7]}${inMonth}`;
	if (freq === 'MONTHLY') return ` on the ${dayOfMonth(date.getUTCDate())}${inMonth}`;
	if (freq !== 'YEARLY') return inMonth;
	return ` on ${date.getUTCDate()} ${month.length > 0 ? joined(month) : months[date.getUTCMonth()]}`;
}

const known = ['freq', 'interval', 'until', 'count', 'wkst', 'byday', 'bymonthday', 'bymonth', 'bysetpos'];

/** Undefined: there are no words for it. */
function ruleWords(rule: Rule, start: number): string | undefined {
	const unit = units[String(rule.freq)];
	const on = onWords(rule, start);
	const interval = Number(rule.interval ?? 1);
	if (
		unit === undefined ||
		on === undefined ||
		!(interval >= 1) ||
		Object.keys(rule).some(each => !known.includes(each))
	)
		return undefined;
	if (interval === 1 && on === onWorkingDays && (unit === 'day' || unit === 'week')) return 'every working day';
	return `${interval === 1 ? `every ${unit}` : `every ${interval} ${unit}s`}${on}`;
}

const mostDates = 3;

/** `Tue, 8 Dec 2026 and 2 more`, by the days of a zone. */
function datesWords(properties: readonly Property[], zoneOf: ZoneOf, days: Zone): string {
	const total = properties.reduce((sum, {values}) => sum + values.length, 0);
	const dates = properties
		.flatMap(property => property.values.slice(0, mostDates).map((_, index) => momentOf(property, zoneOf, index)))
		.flatMap(moment => (moment ? [dateWords(wallIn(days, moment) ?? moment.wall)] : []))
		.slice(0, mostDates);
	return joined(total > dates.length ? [...dates, `${total - dates.length} more`] : dates);
}

const mostProperties = 200;

/** '' for what happens once. */
export function recurrenceWords(component: Component, start: Moment, zoneOf: ZoneOf, own: Zone): SafeText {
	const property = component.first('rrule');
	const rule = property?.values[0] as Rule | undefined;
	const added = component.all('rdate', mostProperties);
	const left = component.all('exdate', mostProperties);
	const spelled = headOf(safeLine(component.asSent('rrule').slice(1)), 120).head;
	const every =
		(rule && ruleWords(rule, start.wall)) ?? (spelled === '' ? undefined : `by a rule of its own: ${spelled}`);
	if (every === undefined && added.length === 0) return ours('');
	// A rule means the days where it was written.
	const days = start.zone ?? own;
	const here = wallIn(own, start);
	const isOtherDay = here !== undefined && dateWords(here) !== dateWords(start.wall) && start.zone !== undefined;
	const zone = start.zone?.name === '' ? 'UTC' : (start.zone?.name ?? '');
	return safeLine(
		[
			every,
			rule && endWords(rule, start, zoneOf, days),
			isOtherDay && every ? `, by the days in ${zone}` : '',
			added.length > 0 ? `${every ? ', and also' : 'also'} on ${datesWords(added, zoneOf, days)}` : '',
			left.length > 0 ? `, but not on ${datesWords(left, zoneOf, days)}` : '',
		].join(''),
	);
}

function endWords({until, count}: Rule, {zoneName, isDate}: Moment, zoneOf: ZoneOf, days: Zone): string {
	const wall = parseWall(String(until ?? ''));
	if (wall) {
		const end = inZone({...wall, isDate: wall.isDate || isDate}, zoneName, zoneOf);
		return ` until ${dateWords(wallIn(days, end) ?? end.wall)}`;
	}
	const times = Number(count ?? 0);
	return times > 0 ? (times === 1 ? ', once' : `, ${times} times`) : '';
}
