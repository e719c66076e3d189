/**
 * Calendars by chance: cut, mixed, repeated, with octets thrown in. Whatever comes, it ends, throws nothing, and all that
 * would be shown is safe. `BONSAI_FUZZ_SEEDS=7-7` plays one again.
 */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import ICAL from 'ical.js';
import {readCalendar} from '../../source/calendar/calendar.ts';
import {replyTo} from '../../source/calendar/reply.ts';
import type {CalendarReading} from '../../source/model/invitation.ts';
import {invitationRows, invitationSentence, invitationText, nobody} from '../../source/model/invitation-words.ts';
import {safeLine, safeText} from '../../source/model/safe-text.ts';
import {decodeCharset} from '../../source/text/charset.ts';
import {chance} from '../helpers/chance.ts';
import {apple, eventOf, google, outlook, reply, zimbra} from '../helpers/invitations.ts';

const [first = 1, last = 400] = (process.env.BONSAI_FUZZ_SEEDS ?? '1-400').split('-').map(Number);
const whole = [google, outlook, apple, zimbra, reply, eventOf()];
const lines = whole.flatMap(text => text.split('\r\n'));
const nasty = [
	'BEGIN:VEVENT',
	'END:VEVENT',
	'END:VCALENDAR',
	'BEGIN:VCALENDAR',
	'BEGIN:',
	'END:',
	'RRULE:FREQ=SECONDLY;COUNT=999999999999999999999',
	`RRULE:FREQ=YEARLY;BYDAY=${'1MO,'.repeat(500)}1TU`,
	'RRULE:FREQ=DAILY;UNTIL=99991231T235959Z;INTERVAL=0',
	'RRULE:',
	'DTSTART;TZID=__proto__:20261201T100000',
	'DTSTART;TZID="a:b;c":20261201T100000',
	'DTSTART;VALUE=DATE:99991231',
	'DTEND:10000101T000000Z',
	'DURATION:P99999999999999999999D',
	'DURATION:-PT1H',
	'RECURRENCE-ID:20261201T100000Z',
	'EXDATE:20261201T100000Z,x,,20261202T100000Z',
	'RDATE;VALUE=PERIOD:20261201T100000Z/PT1H,20261202T100000Z/20261203T100000Z',
	'ATTENDEE;CN="\u202eevil\x1b[2J":mailto:x',
	'ATTENDEE:',
	'ORGANIZER;constructor=x;__proto__=y:mailto:%E0%A4%A@b',
	'SUMMARY:\x1b]0;title\x07\u200b\ufeff\ud800',
	'CONSTRUCTOR:x',
	'SEQUENCE:-5',
	'STATUS:CANCELLED',
	'X;a=";:x',
	' folded',
	'\tfolded',
	'\0',
	'::::',
	';=;=;=',
];

function made(seed: number): string {
	const below = chance(seed);
	const base = (whole[below(whole.length)] as string).split('\r\n');
	for (let times = below(8); times >= 0; times--) {
		const at = below(base.length);
		const kind = below(5);
		if (kind === 0) base.splice(at, below(4));
		else if (kind === 1) base.splice(at, 0, nasty[below(nasty.length)] as string);
		else if (kind === 2) base.splice(at, 1, lines[below(lines.length)] as string);
		else if (kind === 3) base[at] = (base[at] ?? '').slice(0, below(40));
		else base.splice(at, 0, ...base.slice(below(base.length)));
	}
	const octets = Buffer.from(base.join(['\r\n', '\n', '\r', '\r\n\r\n'][below(4)]));
	for (let times = below(6); times > 0; times--) octets[below(octets.length)] = below(256);
	const charset = ['utf-8', 'iso-8859-1', 'utf-8', 'us-ascii', 'utf-16le'][below(5)] as string;
	return decodeCharset(octets, charset).text;
}

/** All that a screen would get. */
function shownOf(reading: CalendarReading): readonly string[] {
	if (reading.is === 'text') return [reading.because];
	const {invitation} = reading;
	const rows = invitationRows(invitation, nobody).flatMap(({name, values}) => [name, ...values]);
	return [invitationSentence(invitation, nobody), ...rows];
}

function isSafe(reading: CalendarReading): void {
	for (const line of shownOf(reading)) assert.equal(line, safeLine(line));
	const texts =
		reading.is === 'text' ? [reading.text] : [reading.invitation.description, invitationText(reading.invitation)];
	for (const text of texts) assert.equal(text, safeText(text));
}

test(`seeds ${first} to ${last}: nothing throws, nothing unsafe is shown, and what can be answered is answered rightly`, () => {
	let read = 0;
	for (let seed = first; seed <= last; seed++) {
		try {
			const reading = readCalendar(made(seed), {zone: 'Europe/Berlin', method: 'REQUEST'});
			isSafe(reading);
			if (reading.is === 'text') continue;
			read++;
			const [attendee] = reading.invitation.attendees;
			if (attendee === undefined) continue;
			const text = replyTo(reading.invitation, {attendee, answer: 'accepted', now: 0});
			const calendar = new ICAL.Component(ICAL.parse(text) as never);
			assert.equal(calendar.getAllSubcomponents().length, 1);
			assert.equal(calendar.getAllSubcomponents()[0]?.getAllProperties('attendee').length, 1);
		} catch (error) {
			throw new Error(`seed ${seed} (BONSAI_FUZZ_SEEDS=${seed}-${seed}): ${(error as Error).message}`, {cause: error});
		}
	}
	// Most of it is still something to read: otherwise only the fallback was tried.
	if (last - first > 100) assert.ok(read > (last - first) / 3, `${read}`);
});

/** Each would take minutes, or the stack, if anything were counted out or tried again and again. */
const bombs: Readonly<Record<string, () => string>> = {
	'10 MB of it': () => `${google}${'X-A:b\r\n'.repeat(1_500_000)}`,
	'components in each other': () => `BEGIN:VCALENDAR\n${'BEGIN:VEVENT\n'.repeat(18_000)}`,
	'one property folded thousands of times': () => eventOf({SUMMARY: `:a${'\r\n b'.repeat(60_000)}`}),
	'one parameter after the other': () => eventOf({SUMMARY: `;a=":"${';a=b'.repeat(60_000)}:x`}),
	'a line without an end': () => eventOf({SUMMARY: `:${'x'.repeat(250_000)}`}),
	'lines that are none': () => eventOf({SUMMARY: `:x\r\n${'?\r\n'.repeat(80_000)}`}),
	'quotes that are never closed': () => eventOf({SUMMARY: `;a=${'"x'.repeat(100_000)}:x`}),
	'thousands of zones': () =>
		eventOf({RDATE: Array.from({length: 6000}, (_, n) => `;TZID=Zone/${n}:20261201T100000`).join('\r\nRDATE')}),
	'thousands of people': () => eventOf({ATTENDEE: ';CN=A:mailto:a@b'.concat('\r\nATTENDEE:mailto:a@b'.repeat(10_000))}),
	'thousands of occurrences': () =>
		eventOf({}, {before: Array(3000).fill('BEGIN:VEVENT\r\nUID:x\r\nRECURRENCE-ID:20261201T100000Z\r\nEND:VEVENT')}),
	'a zone of a second': () =>
		eventOf(
			{DTSTART: ';TZID=Own:99991231T100000'},
			{
				before: [
					'BEGIN:VTIMEZONE\r\nTZID:Own',
					...Array(2000).fill(
						'BEGIN:STANDARD\r\nTZOFFSETFROM:+0100\r\nTZOFFSETTO:+0200\r\nDTSTART:10000101T000000\r\nRRULE:FREQ=SECONDLY\r\nEND:STANDARD',
					),
					'END:VTIMEZONE',
				],
			},
		),
};

for (const [title, make] of Object.entries(bombs))
	test(`${title} is read, or not read, and soon`, {timeout: 20_000}, () => {
		isSafe(readCalendar(make(), {zone: 'Europe/Berlin'}));
	});
