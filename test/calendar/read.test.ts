/** What real programs send, in words; and what no honest one sends, which falls back to its text or to what can be read of it. */
import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {readCalendar} from '../../source/calendar/calendar.ts';
import type {Invitation} from '../../source/model/invitation.ts';
import {invitationRows, invitationSentence, invitationText} from '../../source/model/invitation-words.ts';
import {apple, type EventLines, eventOf, google, inLf, outlook, reply, zimbra} from '../helpers/invitations.ts';

const isOwn = (address: string): boolean => address.toLowerCase() === 'robin@ship.example';

function read(text: string, zone = 'Europe/London', method = ''): Invitation {
	const reading = readCalendar(text, {zone, method});
	assert.equal(reading.is, 'invitation', reading.is === 'text' ? reading.because : '');
	return (reading as Extract<typeof reading, {is: 'invitation'}>).invitation;
}

/** The sentence, and its rows as `What: Budget`. */
function shown(text: string, zone?: string): readonly string[] {
	const invitation = read(text, zone);
	const rows = invitationRows(invitation, isOwn);
	return [
		invitationSentence(invitation, isOwn),
		...rows.flatMap(({name, values}) => values.map(value => `${name}: ${value}`)),
	];
}

describe('an invitation as real programs write it', () => {
	const table: readonly (readonly [string, string, string, readonly string[]])[] = [
		[
			'Google: folded within a parameter, with a series and a room',
			google,
			'Europe/London',
			[
				'An invitation from Ada Byron',
				'What: Budget – Überblick ⏰',
				'When: Tue, 1 Dec 2026, 14:00 to 15:00, local time',
				'When: 15:00 to 16:00 in Europe/Berlin',
				'Repeats: every week on Tuesday until Tue, 22 Dec 2026',
				'Where: Room 4, second floor',
				'Page: https://meet.example/abc-defg-hij',
				'By: Ada Byron <ada@example.org>',
				'Invited: accepted: Ada Byron, Room 4 (room)',
				'Invited: no answer: you',
			],
		],
		[
			'Outlook: zones by the names of Windows, addresses in capitals, an update',
			outlook,
			'America/New_York',
			[
				'An invitation from Byron, Ada, changed since it was first made',
				'What: Kick-off; part 1',
				'When: Tue, 14 Jul 2026, 03:30 to 05:00, local time',
				'When: 09:30 to 11:00 in Europe/Berlin',
				'Where: Microsoft Teams Meeting',
				'Page: https://teams.example/l/1',
				'By: Byron, Ada <Ada@Example.org>',
				'Invited: no answer: you, Bo (optional)',
			],
		],
		[
			'Apple: several whole days, and an organiser named by a path',
			apple,
			'Pacific/Auckland',
			[
				'An invitation from Ada, changed since it was first made',
				'What: Winter holidays',
				'When: Wed, 23 Dec 2026 to Fri, 25 Dec 2026, 3 days',
				'Where: Bahnhofstraße 1 Zürich',
				'Page: https://example.org/party',
				'By: Ada <ada@example.org>',
				'Invited: no answer: you',
			],
		],
		[
			'Zimbra: one occurrence cancelled, a zone of its own, a duration',
			zimbra,
			'UTC',
			[
				'This occurrence of a series was cancelled by Ada Byron',
				'What: CANCELLED: Stand-up',
				'When: Tue, 14 Jul 2026, 07:00 to 07:45, local time',
				'When: 09:00 to 09:45 in (GMT+01.00) Amsterdam / Berlin / Bern / Rome / Stockholm / Vienna',
				'By: Ada Byron <ada@example.org>',
				'Invited: no answer: you',
			],
		],
		[
			'an answer of somebody',
			reply,
			'Europe/Berlin',
			[
				'Bo has accepted tentatively',
				'Says: Perhaps a little later',
				'What: Budget',
				'When: Tue, 1 Dec 2026, 15:00 to 16:00, local time',
				'By: you',
			],
		],
	];
	for (const [title, text, zone, wanted] of table)
		test(title, () => {
			assert.deepEqual(shown(text, zone), wanted);
			assert.deepEqual(shown(inLf(text), zone), wanted);
			assert.deepEqual(shown(text.replaceAll('\r\n', '\r'), zone), wanted);
		});

	test('what an alarm says is not said of the event', () => {
		assert.equal(read(google).attendees.length, 3);
		assert.match(
			read(google).description,
			/^Figures first, then the rest\.\n\nJoin: https:\/\/meet\.example\/abc-defg-hij$/,
		);
	});

	test('it can be quoted as text', () => {
		assert.match(
			invitationText(read(google)),
			/^What: Budget[^\n]*\nWhen: Tue[\s\S]*\n\nFigures first, then the rest\./,
		);
	});
});

describe('when it is', () => {
	const when = (over: EventLines, zone = 'Europe/Berlin'): readonly string[] => read(eventOf(over), zone).when;
	const table: readonly (readonly [string, EventLines, readonly string[]])[] = [
		['in UTC', {}, ['Tue, 1 Dec 2026, 15:00 to 16:00, local time']],
		['without an end', {DTEND: ''}, ['Tue, 1 Dec 2026, 15:00, local time']],
		[
			'over midnight here',
			{DTSTART: ':20261201T223000Z', DTEND: ':20261201T233000Z'},
			['Tue, 1 Dec 2026, 23:30 to Wed, 2 Dec 2026, 00:30, local time'],
		],
		['for so long', {DTEND: '', DURATION: ':P1DT2H'}, ['Tue, 1 Dec 2026, 15:00 to Wed, 2 Dec 2026, 17:00, local time']],
		['an end before its beginning is none', {DTEND: ':20261201T130000Z'}, ['Tue, 1 Dec 2026, 15:00, local time']],
		['one day', {DTSTART: ';VALUE=DATE:20261201', DTEND: ''}, ['Tue, 1 Dec 2026, all day']],
		['a date without being called one', {DTSTART: ':20261201', DTEND: ':20261202'}, ['Tue, 1 Dec 2026, all day']],
		[
			'two days by a duration',
			{DTSTART: ';VALUE=DATE:20261201', DTEND: '', DURATION: ':P2D'},
			['Tue, 1 Dec 2026 to Wed, 2 Dec 2026, 2 days'],
		],
		[
			'wherever one is',
			{DTSTART: ':20261201T100000', DTEND: ':20261201T110000'},
			['Tue, 1 Dec 2026, 10:00 to 11:00, wherever one is: it names no time zone'],
		],
		[
			'in a zone nobody knows',
			{DTSTART: ';TZID=Middle-earth:20261201T100000', DTEND: ''},
			['Tue, 1 Dec 2026, 10:00, in the time zone “Middle-earth”, which is not known here'],
		],
		[
			'elsewhere, where it is another day',
			{DTSTART: ';TZID=Asia/Tokyo:20261202T063000', DTEND: ''},
			['Tue, 1 Dec 2026, 22:30, local time', 'Wed, 2 Dec 2026, 06:30 in Asia/Tokyo'],
		],
		[
			'elsewhere, where clocks show the same',
			{DTSTART: ';TZID=Europe/Paris:20261201T100000', DTEND: ''},
			['Tue, 1 Dec 2026, 10:00, local time'],
		],
		[
			'with a zone in quotes, behind the name of who made it',
			{
				DTSTART: ';TZID="/freeassociation.sourceforge.net/Europe/London":20261201T100000',
				DTEND: '',
			},
			['Tue, 1 Dec 2026, 11:00, local time', '10:00 in Europe/London'],
		],
		[
			'it begins in one zone and ends in another',
			{
				DTSTART: ';TZID=America/New_York:20261201T090000',
				DTEND: ';TZID=America/Los_Angeles:20261201T080000',
			},
			['Tue, 1 Dec 2026, 15:00 to 17:00, local time', '09:00 to 11:00 in America/New_York'],
		],
		['it does not say', {DTSTART: '', DTEND: ''}, []],
		['on a day there is not', {DTSTART: ':20260230T100000Z', DTEND: ''}, []],
		['in a year there is not', {DTSTART: ':00000101T000000Z', DTEND: ''}, []],
	];
	for (const [title, over, wanted] of table) test(title, () => assert.deepEqual(when(over), wanted));
});

describe('how it repeats', () => {
	const repeats = (rule: string, over: EventLines = {}, zone = 'Europe/Berlin'): string =>
		read(eventOf({RRULE: `:${rule}`, ...over}), zone).repeats;
	const table: readonly (readonly [string, string])[] = [
		['FREQ=DAILY', 'every day'],
		['FREQ=DAILY;INTERVAL=2;COUNT=5', 'every 2 days, 5 times'],
		['FREQ=WEEKLY', 'every week on Tuesday'],
		[
			'FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH;UNTIL=20261231T225959Z',
			'every 2 weeks on Tuesday and Thursday until Thu, 31 Dec 2026',
		],
		['FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR', 'every working day'],
		['FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR;COUNT=9', 'every working day, 9 times'],
		['FREQ=WEEKLY;INTERVAL=2;BYDAY=FR,MO,TU,WE,TH', 'every 2 weeks on working days'],
		['FREQ=MONTHLY', 'every month on the 1st'],
		['FREQ=MONTHLY;BYMONTHDAY=-1', 'every month on the last day'],
		['FREQ=MONTHLY;BYMONTHDAY=2,13,23', 'every month on the 2nd, 13th and 23rd'],
		['FREQ=MONTHLY;BYDAY=2TU', 'every month on the second Tuesday'],
		['FREQ=MONTHLY;BYDAY=-1FR', 'every month on the last Friday'],
		['FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1', 'every month on the last working day'],
		['FREQ=YEARLY', 'every year on 1 December'],
		['FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU', 'every year on the last Sunday of March'],
		['FREQ=HOURLY;COUNT=1', 'every hour, once'],
		['FREQ=SECONDLY;INTERVAL=1;COUNT=99999999', 'every second, 99999999 times'],
		['FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO', 'by a rule of its own: FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO'],
		['FREQ=YEARLY;BYDAY=53MO', 'by a rule of its own: FREQ=YEARLY;BYDAY=53MO'],
		['FREQ=NEVER', 'by a rule of its own: FREQ=NEVER'],
	];
	for (const [rule, wanted] of table) test(rule, () => assert.equal(repeats(rule), wanted));

	test('days it is left out, and days besides', () => {
		assert.equal(
			repeats('FREQ=WEEKLY', {
				EXDATE: ':20261208T140000Z,20261215T140000Z',
				RDATE: ':20261209T140000Z',
			}),
			'every week on Tuesday, and also on Wed, 9 Dec 2026, but not on Tue, 8 Dec 2026 and Tue, 15 Dec 2026',
		);
		assert.equal(repeats('FREQ=WEEKLY', {RRULE: '', RDATE: ':20261209T140000Z'}), 'also on Wed, 9 Dec 2026');
	});

	test('where the days are other ones here, it says whose they are', () => {
		const over = {DTSTART: ';TZID=Asia/Tokyo:20261202T063000', DTEND: ''};
		assert.equal(repeats('FREQ=WEEKLY', over), 'every week on Wednesday, by the days in Asia/Tokyo');
	});
});

describe('what it is', () => {
	const sentence = (over: EventLines, method: string): string =>
		invitationSentence(read(eventOf(over, {method}), 'UTC'), isOwn);
	const table: readonly (readonly [string, EventLines, string])[] = [
		['REQUEST', {}, 'An invitation from Ada Byron'],
		['REQUEST', {ORGANIZER: ''}, 'An invitation'],
		['REQUEST', {SEQUENCE: ':3'}, 'An invitation from Ada Byron, changed since it was first made'],
		['REQUEST', {'RECURRENCE-ID': ':20261201T140000Z'}, 'An invitation from Ada Byron for one occurrence of a series'],
		['REQUEST', {STATUS: ':CANCELLED'}, 'This event was cancelled by Ada Byron'],
		['CANCEL', {}, 'This event was cancelled by Ada Byron'],
		['COUNTER', {}, 'You propose another time or place'],
		['DECLINECOUNTER', {}, 'What was planned stays as it was, says Ada Byron'],
		['REFRESH', {}, 'You ask to be told of it anew'],
		['ADD', {}, 'More occurrences of a series by Ada Byron'],
		['PUBLISH', {}, 'This event is sent for information: nobody waits for an answer'],
		['', {}, 'This event is sent for information: nobody waits for an answer'],
		['REPLY', {ATTENDEE: ';PARTSTAT=ACCEPTED:mailto:bo@example.net'}, 'bo@example.net has accepted'],
		['REPLY', {ATTENDEE: ';PARTSTAT=X-WHATEVER:mailto:bo@example.net'}, 'bo@example.net has not decided yet'],
		['REPLY', {ATTENDEE: ''}, 'Somebody has not decided yet'],
		['REPLY', {ATTENDEE: ';PARTSTAT=DECLINED:mailto:robin@ship.example'}, 'You have declined'],
		['REQUEST', {ORGANIZER: ':mailto:robin@ship.example'}, 'An invitation from you'],
	];
	for (const [method, over, wanted] of table)
		test(`${method || 'no method'} ${Object.keys(over)}: ${wanted}`, () =>
			assert.equal(sentence(over, method), wanted));

	test('the header of the part says what for, where the calendar does not', () => {
		assert.equal(read(eventOf({}, {method: ''}), 'UTC', 'request').method, 'request');
		assert.equal(read(eventOf({}, {method: 'CANCEL'}), 'UTC', 'request').method, 'cancel');
	});

	test('a task is due, and a series with changed occurrences tells of them', () => {
		const task = eventOf({DTSTART: '', DTEND: '', DUE: ':20261201T140000Z'}).replaceAll('VEVENT', 'VTODO');
		assert.deepEqual(shown(task, 'UTC').slice(0, 3), [
			'A task from Ada Byron',
			'What: Budget',
			'When: Tue, 1 Dec 2026, 14:00, local time',
		]);
		const moved = [
			'BEGIN:VEVENT',
			'UID:event-1@example.org',
			'RECURRENCE-ID:20261208T140000Z',
			'DTSTART:20261209T140000Z',
			'DTEND:20261209T150000Z',
			'SUMMARY:Budget',
			'END:VEVENT',
			'BEGIN:VEVENT',
			'UID:event-1@example.org',
			'RECURRENCE-ID:20261222T140000Z',
			'DTSTART:20261222T160000Z',
			'SUMMARY:Budget\\, again',
			'END:VEVENT',
			'BEGIN:VEVENT',
			'UID:event-1@example.org',
			'RECURRENCE-ID:20261215T140000Z',
			'STATUS:CANCELLED',
			'END:VEVENT',
		];
		assert.deepEqual(
			shown(eventOf({RRULE: ':FREQ=WEEKLY'}, {before: moved}), 'UTC').filter(line => line.startsWith('Also')),
			[
				'Also: Tue, 8 Dec 2026 is now Wed, 9 Dec 2026, 14:00 to 15:00, local time',
				'Also: Tue, 22 Dec 2026, 16:00, local time: Budget, again',
				'Also: Tue, 15 Dec 2026 is cancelled',
			],
		);
	});

	test('of two hundred who are invited so many are named that the rest can still be seen', () => {
		const many = Array.from({length: 200}, (_, n) => `ATTENDEE;PARTSTAT=ACCEPTED:mailto:n${n}@example.org`).join(
			'\r\n',
		);
		const text = eventOf().replace(/ATTENDEE[^\r]*/, many);
		const [row] = shown(text, 'UTC').filter(line => line.startsWith('Invited'));
		assert.match(row ?? '', /^Invited: accepted \(200\): n0@example\.org, .*n7@example\.org, 192 more$/);
	});
});

describe('what no honest program sends', () => {
	const text = (raw: string): string => {
		const reading = readCalendar(raw, {zone: 'UTC'});
		return reading.is === 'text' ? reading.because : '';
	};

	test('what is no calendar, or nothing of one, is shown as it came, and says why', () => {
		assert.match(text('Hello'), /is no calendar: shown as it was sent$/);
		assert.match(text(''), /is no calendar/);
		assert.match(text('BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n'), /neither an event nor a task/);
		assert.match(text('BEGIN:VCALENDAR\r\nBEGIN:VFREEBUSY\r\nEND:VFREEBUSY\r\nEND:VCALENDAR\r\n'), /neither an event/);
		assert.match(text(`${google}${'x'.repeat(300_000)}`), /^This calendar is too long/);
	});

	test('a line that is folded wrongly is joined, and one that cannot be read is left out', () => {
		const broken = eventOf({DESCRIPTION: ':first\r\nsecond line without a blank'});
		assert.equal(read(broken).description, 'first\nsecond line without a blank');
		const long = eventOf({URL: `:https://example.org/${'a'.repeat(60)}\r\nbbb`});
		assert.equal(read(long).url, `https://example.org/${'a'.repeat(60)}bbb`);
		assert.equal(read(eventOf({ATTENDEE: ';CN="never closed:mailto:robin@ship.example'})).attendees.length, 0);
		assert.equal(read(eventOf().replace('END:VEVENT\r\nEND:VCALENDAR\r\n', '')).summary, 'Budget');
	});

	test('what stands before it is passed over', () => {
		for (const before of ['\ufeff', '\r\n\r\n  ', '[External mail]\r\n', 'Caution: from outside\r\n'])
			assert.equal(read(`${before}${google}`).attendees.length, 3, before);
	});

	test('text of it drives no terminal and hides nothing', () => {
		const evil = '\x1b[2J\u202eabc\u200b';
		const invitation = read(eventOf({SUMMARY: `:${evil}`, LOCATION: `:${evil}`, ORGANIZER: `;CN=${evil}:mailto:a@b`}));
		for (const said of [invitation.summary, invitation.where, invitation.organiser?.name ?? ''])
			assert.doesNotMatch(said, /[\x00-\x1f\u202e\u200b]/);
	});

	test('an address may be spelled by the rules of URLs, or badly, and stays one address', () => {
		const address = (value: string): string | undefined => read(eventOf({ORGANIZER: value})).organiser?.address;
		assert.equal(address(':mailto:ada%2Bwork@example.org'), 'ada+work@example.org');
		assert.equal(address(':mailto:ada@example.org?subject=x'), 'ada@example.org');
		assert.equal(address(':mailto:100%@example.org'), '100%@example.org');
		assert.equal(address(':ada@example.org'), 'ada@example.org');
		assert.equal(address(':urn:uuid:1234'), '');
	});
});
