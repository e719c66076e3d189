/**
 * A calendar (VCALENDAR) as an invitation: the event it is about, in words. Of a series that is the series itself, or, where
 * only some of its occurrences are in it, the first of these; what else is in it is told in a line each.
 */
import {
	type Attendee,
	type Invitation,
	type Method,
	methods,
	type Participation,
	type Person,
	participations,
	type Repeated,
} from '../model/invitation.ts';
import {ours, type SafeText, safeLine, safeText} from '../model/safe-text.ts';
import {headOf} from '../model/width.ts';
import type {Component, Property} from './content-lines.ts';
import {recurrenceWords} from './recurrence-words.ts';
import {dateWords, endOf, type Moment, momentOf, wallIn, whenForSender, whenWords, type ZoneOf} from './when-words.ts';
import {type Zone, zonesOf} from './zones.ts';

const kinds = {vevent: 'event', vtodo: 'task', vjournal: 'note'} as const;
const components = {vevent: 'VEVENT', vtodo: 'VTODO', vjournal: 'VJOURNAL'} as const;
type Kind = keyof typeof kinds;

/** Where one meets, or reads more: as the standards name it (RFC 7986 §5.11), and as others did before. */
const pages = ['url', 'conference', 'x-google-conference', 'x-microsoft-skypeteamsmeetingurl'];

const mostAttendees = 1000;
const mostBesides = 20;
/** In columns. */
const longestName = 60;
const longestLine = 500;
/** In characters, of what an answer repeats. */
const longestSummary = 1000;

const lineOf = (text: string): SafeText => headOf(safeLine(text.trim()), longestLine).head;

/** Undefined: there is nothing in it that is shown as one. `own`: the user's zone. */
export function readInvitation(calendar: Component, own: Zone, namedMethod: string): Invitation | undefined {
	const all = calendar.childrenOf('vevent', 'vtodo', 'vjournal');
	const main = all.find(each => each.asSent('recurrence-id') === '') ?? all[0];
	if (main === undefined) return undefined;
	const zoneOf = zonesOf(calendar);
	const method = methodOf(calendar.text('method') || namedMethod);
	const {start, end} = spanOf(main, zoneOf);
	return {
		method,
		kind: kinds[main.name as Kind],
		summary: lineOf(main.text('summary')),
		start: isoOf(start),
		end: isoOf(end),
		when: start === undefined ? [] : whenWords(start, end, own),
		repeats: start === undefined ? ours('') : recurrenceWords(main, start, zoneOf, own),
		besides: besidesOf(main, all, zoneOf, own),
		where: lineOf(main.text('location')),
		url: lineOf(pages.map(name => main.text(name)).find(text => text !== '') ?? ''),
		description: safeText(main.text('description').trim()),
		comment: lineOf(main.text('comment')),
		organiser: personOf(main.first('organizer')),
		attendees: main.all('attendee', mostAttendees).flatMap(attendeeOf),
		isCancelled: method === 'cancel' || main.text('status').toUpperCase() === 'CANCELLED',
		sequence: sequenceOf(main),
		isOccurrence: main.asSent('recurrence-id') !== '',
		repeated: repeatedOf(main, {start, end, zoneOf}),
	};
}

type Span = {readonly start: Moment | undefined; readonly end: Moment | undefined};

/** A task may have only an end. */
function spanOf(component: Component, zoneOf: ZoneOf): Span {
	const start = momentOf(component.first('dtstart'), zoneOf);
	const end = endOf(component, start, zoneOf);
	return start === undefined ? {start: end, end: undefined} : {start, end};
}

function methodOf(text: string): Method {
	const lower = text.trim().toLowerCase();
	return methods.find(method => method === lower) ?? '';
}

function sequenceOf(component: Component): number {
	const number = Number(component.text('sequence'));
	return Number.isSafeInteger(number) && number > 0 ? number : 0;
}

/** Quotes around it, and the name of a scheme; where another names somebody, the address stands beside it (EMAIL). */
function addressOf({values, parameters}: Property): string {
	const [value] = values;
	const [, mail] = /^\s*mailto:([^?\s]+)/i.exec(String(value)) ?? [];
	const given = mail ?? String(parameters.email ?? (/^[^\s:@]+@[^\s:@]+$/.test(String(value)) ? value : ''));
	try {
		return decodeURIComponent(given).trim();
	} catch {
		return given.trim();
	}
}

function personOf(property: Property | undefined): Person | undefined {
	if (property === undefined) return undefined;
	const address = addressOf(property);
	const called = String(property.parameters.cn ?? '').trim();
	const asSent = String(property.values[0] ?? '').trim();
	return {name: headOf(safeLine(called || address || asSent), longestName).head, address, asSent};
}

function attendeeOf(property: Property): Attendee[] {
	const person = personOf(property);
	const {partstat, role, cutype} = property.parameters;
	const said = String(partstat ?? '').toLowerCase();
	const participation: Participation = participations.find(each => each === said) ?? 'needs-action';
	const isOptional = /^(opt|non)-participant$/i.test(String(role ?? ''));
	return person === undefined
		? []
		: [{...person, participation, isOptional, isThing: /^(room|resource)$/i.test(String(cutype ?? ''))}];
}

/** A line each: `Tue, 8 Dec 2026 is now Wed, 9 Dec 2026, 10:00 to 11:00, local time`. */
function besidesOf(main: Component, all: readonly Component[], zoneOf: ZoneOf, own: Zone): readonly SafeText[] {
	const others = all.filter(each => each !== main);
	const lines = others.slice(0, mostBesides).map(each => {
		const {start, end} = spanOf(each, zoneOf);
		const when = start === undefined ? 'it does not say when' : (whenWords(start, end, own)[0] ?? '');
		const isOfSeries = each.text('uid') === main.text('uid');
		const named = isOfSeries ? momentOf(each.first('recurrence-id'), zoneOf) : undefined;
		const summary = lineOf(each.text('summary'));
		if (named === undefined) return safeLine(`${summary || 'without a title'}: ${when}`);
		const day = dateWords(wallIn(own, named) ?? named.wall);
		if (each.text('status').toUpperCase() === 'CANCELLED') return safeLine(`${day} is cancelled`);
		const isOther = summary !== lineOf(main.text('summary'));
		const moved = when.startsWith(day) ? when : `${day} is now ${when}`;
		return safeLine(`${moved}${isOther && summary !== '' ? `: ${summary}` : ''}`);
	});
	return others.length > lines.length ? [...lines, safeLine(`and ${others.length - lines.length} more`)] : lines;
}

/** RFC 3339, as far as that goes. */
function isoOf(moment: Moment | undefined): string {
	if (moment === undefined) return '';
	const {wall, isDate, at} = moment;
	const iso = new Date(at ?? wall).toISOString();
	return isDate ? iso.slice(0, 'yyyy-mm-dd'.length) : at === undefined ? iso.replace(/\.\d+Z$/, '') : iso;
}

const two = (value: number): string => String(value).padStart(2, '0');

/** As RFC 5545 spells it: a date, a time in UTC, or, where nobody knows the zone, as it came. */
function spelled({wall, isDate, at}: Moment): string {
	const date = new Date(at ?? wall);
	const day = `${date.getUTCFullYear()}${two(date.getUTCMonth() + 1)}${two(date.getUTCDate())}`;
	if (isDate) return `;VALUE=DATE:${day}`;
	const time = `${two(date.getUTCHours())}${two(date.getUTCMinutes())}${two(date.getUTCSeconds())}`;
	return `:${day}T${time}${at === undefined ? '' : 'Z'}`;
}

/** A zone nobody knows cannot be named without its rules, so a time in it is only repeated where it names the occurrence. */
const isCertain = ({at, isDate, zoneName}: Moment): boolean => at !== undefined || isDate || zoneName === '';

function repeatedOf(main: Component, {start, end, zoneOf}: Span & {readonly zoneOf: ZoneOf}): Repeated {
	const occurrence = momentOf(main.first('recurrence-id'), zoneOf);
	const isAll = /^thisandfuture$/i.test(String(main.first('recurrence-id')?.parameters.range ?? ''));
	const times = [
		...(occurrence === undefined
			? []
			: [
					isCertain(occurrence)
						? `RECURRENCE-ID${isAll ? ';RANGE=THISANDFUTURE' : ''}${spelled(occurrence)}`
						: `RECURRENCE-ID${main.asSent('recurrence-id')}`,
				]),
		...(start && main.name === 'vevent' && isCertain(start) ? [`DTSTART${spelled(start)}`] : []),
		...(start && end && main.name === 'vevent' && isCertain(start) && isCertain(end) && end.isDate === start.isDate
			? [`DTEND${spelled(end)}`]
			: []),
	];
	return {
		component: components[main.name as Kind],
		uid: main.text('uid'),
		times,
		summary: main.text('summary').slice(0, longestSummary),
		when: start === undefined ? '' : whenForSender(start, end),
	};
}
