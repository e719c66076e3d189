/**
 * When something is, in words: in the user's own time, and below it in the sender's where the clocks there show another.
 * Pure: which zone is the user's is given.
 */
import {ours, type SafeText, safeLine} from '../model/safe-text.ts';
import {headOf} from '../model/width.ts';
import type {Component, Property} from './content-lines.ts';
import {parseWall} from './wall-time.ts';
import {utc, type Zone} from './zones.ts';

/** A moment as a calendar has it. */
export type Moment = {
	/** Ms since the epoch as if it were UTC: what the clock and the calendar on the sender's wall show. */
	readonly wall: number;
	readonly isDate: boolean;
	/** Undefined: it is the time wherever one is, or that of a zone nobody knows. */
	readonly zone: Zone | undefined;
	/** As it came; '' where none is named. Not safe to show. */
	readonly zoneName: string;
	/** Ms since the epoch; undefined where the zone does not say, and of a date. */
	readonly at: number | undefined;
};

export type ZoneOf = (name: string) => Zone | undefined;

const day = 86_400_000;
/** Dates behind that are no dates for the runtime. */
const latest = Date.UTC(9999, 11, 31);

/** Undefined: there is none, or none that can be read. */
export function momentOf(property: Property | undefined, zoneOf: ZoneOf, index = 0): Moment | undefined {
	const value = property?.values[index];
	// Of a period, its beginning.
	const read = parseWall(String(Array.isArray(value) ? value[0] : (value ?? '')));
	return read && inZone(read, String(property?.parameters.tzid ?? ''), zoneOf);
}

export function inZone(
	{wall, isDate, isUtc}: {readonly wall: number; readonly isDate: boolean; readonly isUtc: boolean},
	zoneName: string,
	zoneOf: ZoneOf,
): Moment {
	const zone = isDate ? undefined : isUtc ? utc : zoneName === '' ? undefined : zoneOf(zoneName);
	const ahead = zone?.aheadOnWall(wall);
	return {
		wall,
		isDate,
		zone,
		zoneName: isDate || isUtc ? '' : zoneName,
		at: ahead === undefined ? undefined : wall - ahead,
	};
}

/** Where it ends: DTEND or DUE, or its DURATION behind the beginning; of days, the day behind the last. */
export function endOf(component: Component, start: Moment | undefined, zoneOf: ZoneOf): Moment | undefined {
	const end = momentOf(component.first('dtend') ?? component.first('due'), zoneOf);
	if (end || start === undefined) return end;
	const ms = durationMs(component.text('duration'));
	if (ms === undefined || ms <= 0 || start.wall + ms > latest) return undefined;
	// A day of a duration is a day on the calendar; nobody plans by the hour across a change of the clocks.
	return {...start, wall: start.wall + ms, at: start.at === undefined ? undefined : start.at + ms};
}

function durationMs(text: string): number | undefined {
	const found = /^\+?P(?:(\d{1,4})W)?(?:(\d{1,5})D)?(?:T(?:(\d{1,6})H)?(?:(\d{1,7})M)?(?:(\d{1,8})S)?)?$/.exec(text);
	if (!found) return undefined;
	const [weeks = 0, days = 0, hours = 0, minutes = 0, seconds = 0] = found.slice(1).map(part => Number(part ?? 0));
	return (weeks * 7 + days) * day + ((hours * 60 + minutes) * 60 + seconds) * 1000;
}

const weekdays = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const monthNames = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const two = (value: number): string => String(value).padStart(2, '0');

/** `Tue, 24 Nov 2026`. */
export function dateWords(wall: number): string {
	const date = new Date(wall);
	return `${weekdays[date.getUTCDay()]}, ${date.getUTCDate()} ${monthNames[date.getUTCMonth()]} ${date.getUTCFullYear()}`;
}

function timeWords(wall: number): string {
	const date = new Date(wall);
	return `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}`;
}

const dayOf = (wall: number): number => Math.floor(wall / day);

/** `Tue, 24 Nov 2026, 19:00 to 20:00`. */
function spanWords(start: number, end: number | undefined): string {
	const from = `${dateWords(start)}, ${timeWords(start)}`;
	if (end === undefined || end <= start) return from;
	return dayOf(end) === dayOf(start)
		? `${from} to ${timeWords(end)}`
		: `${from} to ${dateWords(end)}, ${timeWords(end)}`;
}

function daysWords(start: number, end: number | undefined): string {
	const count = end === undefined ? 1 : Math.round((end - start) / day);
	if (count <= 1) return `${dateWords(start)}, all day`;
	return `${dateWords(start)} to ${dateWords(start + (count - 1) * day)}, ${count} days`;
}

/** What stands beside a time: a name from outside may be of any length. */
const zoneWords = (name: string): SafeText => headOf(safeLine(name), 70).head;

/** The wall of a zone at that moment; undefined where nobody can say. */
export function wallIn(zone: Zone, {at}: Moment): number | undefined {
	const ahead = at === undefined ? undefined : zone.aheadAt(at);
	return at === undefined || ahead === undefined ? undefined : at + ahead;
}

/** One line, or two where the sender's clocks show another time. */
export function whenWords(start: Moment, end: Moment | undefined, own: Zone): readonly SafeText[] {
	if (start.isDate) return [safeLine(daysWords(start.wall, end?.isDate ? end.wall : undefined))];
	// A clock that both are read from; where only one can be told, it is left out.
	const last = end === undefined || end.isDate || (end.at === undefined) !== (start.at === undefined) ? undefined : end;
	const here = wallIn(own, start);
	if (here === undefined) {
		const words = spanWords(start.wall, last?.wall);
		if (start.zoneName === '') return [safeLine(`${words}, wherever one is: it names no time zone`)];
		return [safeLine(`${words}, in the time zone “${zoneWords(start.zoneName)}”, which is not known here`)];
	}
	const words = safeLine(`${spanWords(here, last && wallIn(own, last))}, local time`);
	const there = senderWords(start, last, here);
	return there === '' ? [words] : [words, there];
}

/** `18:00 to 19:00 in Europe/London`, where that is another time than here; '' where it is not. */
function senderWords(start: Moment, end: Moment | undefined, here: number): SafeText {
	const {zone} = start;
	if (zone === undefined || zone === utc || start.wall === here) return ours('');
	const last = end && wallIn(zone, end);
	const words = spanWords(start.wall, last);
	const isSameDay = dayOf(start.wall) === dayOf(here);
	return safeLine(`${isSameDay ? words.replace(`${dateWords(start.wall)}, `, '') : words} in ${zoneWords(zone.name)}`);
}

/** For the sender, who wrote it in that zone. Not safe to show. */
export function whenForSender(start: Moment, end: Moment | undefined): string {
	if (start.isDate) return daysWords(start.wall, end?.isDate ? end.wall : undefined);
	const last = end && (start.zone ? wallIn(start.zone, end) : end.isDate ? undefined : end.wall);
	const zone = start.zone === utc ? 'UTC' : (start.zone?.name ?? start.zoneName);
	return `${spanWords(start.wall, last)}${zone === '' ? '' : ` (${zone})`}`;
}
