/**
 * Our answers: read by ical.js, which did not write them, and held against the table of RFC 5546 §3.2.3 of what an answer
 * has, may have and may not have.
 */
import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import ICAL from 'ical.js';
import {readCalendar} from '../../source/calendar/calendar.ts';
import {replyTo} from '../../source/calendar/reply.ts';
import type {Answer, Invitation} from '../../source/model/invitation.ts';
import {apple, eventOf, google, outlook, zimbra} from '../helpers/invitations.ts';

const now = Date.UTC(2026, 10, 29, 17, 31, 56);

function invitationIn(text: string): Invitation {
	const reading = readCalendar(text, {zone: 'Europe/Berlin'});
	assert.equal(reading.is, 'invitation');
	return (reading as Extract<typeof reading, {is: 'invitation'}>).invitation;
}

function answered(text: string, answer: Answer = 'accepted'): string {
	const invitation = invitationIn(text);
	const attendee = invitation.attendees.find(({address}) => /^robin@/i.test(address));
	assert.ok(attendee);
	return replyTo(invitation, {attendee, answer, now});
}

/** §3.2.3: how often each property may be in a VEVENT of a REPLY that we write; all others are not in it. */
const table: Readonly<Record<string, readonly [least: number, most: number]>> = {
	attendee: [1, 1],
	dtstamp: [1, 1],
	organizer: [1, 1],
	'recurrence-id': [0, 1],
	uid: [1, 1],
	sequence: [1, 1],
	dtstart: [0, 1],
	dtend: [0, 1],
	summary: [0, 1],
};

function obeysTheTable(text: string): ICAL.Component {
	const calendar = new ICAL.Component(ICAL.parse(text) as never);
	assert.equal(calendar.name, 'vcalendar');
	assert.equal(calendar.getFirstPropertyValue('version'), '2.0');
	assert.equal(calendar.getFirstPropertyValue('method'), 'REPLY');
	assert.ok(calendar.getFirstPropertyValue('prodid'));
	const components = calendar.getAllSubcomponents();
	assert.deepEqual(
		components.map(({name}) => name),
		['vevent'],
	);
	const [event] = components;
	assert.ok(event);
	for (const {name} of event.getAllProperties()) assert.ok(name in table, `nobody asked for ${name}`);
	for (const [name, [least, most]] of Object.entries(table)) {
		const count: number = event.getAllProperties(name).length;
		assert.ok(count >= least && count <= most, `${name} is there ${count} times`);
	}
	assert.match(String(event.getFirstPropertyValue('dtstamp')), /Z$/);
	// RFC 5545 §3.1: lines of at most 75 octets that end in CRLF, and no character cut in two.
	for (const line of text.split('\r\n')) assert.ok(Buffer.byteLength(line) <= 75, line);
	assert.equal(text.replaceAll('\r\n', '').match(/[\r\n]/), null);
	// What names no zone needs none described.
	assert.doesNotMatch(text, /TZID/);
	return event;
}

describe('an answer', () => {
	for (const [program, text] of Object.entries({google, outlook, apple, zimbra: zimbra.replace('CANCEL', 'REQUEST')}))
		test(`to ${program} has what RFC 5546 asks for and nothing else, and names what was invited to`, () => {
			const event = obeysTheTable(answered(text));
			const invited = new ICAL.Component(ICAL.parse(text) as never).getFirstSubcomponent('vevent');
			const value = (name: string) => event.getFirstPropertyValue(name);
			assert.equal(value('uid'), invited?.getFirstPropertyValue('uid'));
			assert.equal(value('sequence'), invited?.getFirstPropertyValue('sequence'));
			assert.equal(value('organizer'), invited?.getFirstPropertyValue('organizer'));
			assert.equal(value('summary'), invited?.getFirstPropertyValue('summary'));
			assert.equal(event.getFirstProperty('attendee')?.getFirstParameter('partstat'), 'ACCEPTED');
			assert.match(String(value('attendee')), /^mailto:robin@ship\.example$/i);
		});

	test('gives its times in UTC, days as days, and the occurrence it is about', () => {
		assert.match(answered(google), /\r\nDTSTART:20261201T140000Z\r\nDTEND:20261201T150000Z\r\n/);
		assert.match(answered(apple), /\r\nDTSTART;VALUE=DATE:20261223\r\nDTEND;VALUE=DATE:20261226\r\n/);
		assert.match(
			answered(zimbra),
			/\r\nRECURRENCE-ID:20260714T070000Z\r\nDTSTART:20260714T070000Z\r\nDTEND:20260714T074500Z\r\n/,
		);
		const floating = answered(eventOf({DTSTART: ':20261201T100000', DTEND: ''}));
		assert.match(floating, /\r\nDTSTART:20261201T100000\r\n/);
		const further = eventOf({'RECURRENCE-ID': ';RANGE=THISANDFUTURE:20261201T140000Z'});
		assert.match(answered(further), /\r\nRECURRENCE-ID;RANGE=THISANDFUTURE:20261201T140000Z\r\n/);
	});

	test('leaves out a time of a zone that nobody knows', () => {
		const text = answered(eventOf({DTSTART: ';TZID=Middle-earth:20261201T100000', DTEND: ''}));
		assert.doesNotMatch(text, /DTSTART|DTEND/);
		obeysTheTable(text);
	});

	test('says what was decided', () => {
		assert.match(answered(google, 'tentative'), /PARTSTAT=TENTATIVE/);
		assert.match(answered(google, 'declined'), /PARTSTAT=DECLINED/);
	});

	test('lets nothing out of its line: neither what somebody is called, nor a title or a name of the event', () => {
		const evil = 'x\\nATTENDEE:mailto:eve@example.com\\, \\; "q" ^n \\\\';
		const event = obeysTheTable(
			answered(
				eventOf({
					SUMMARY: `:${evil}`,
					UID: `:${evil}`,
					ATTENDEE: ';CN="^n^\'Ann^\' : ; ,";PARTSTAT=NEEDS-ACTION:mailto:robin@ship.example',
				}),
			),
		);
		assert.equal(event.getFirstPropertyValue('summary'), 'x\nATTENDEE:mailto:eve@example.com, ; "q" ^n \\');
		assert.equal(event.getFirstProperty('attendee')?.getFirstValue(), 'mailto:robin@ship.example');
	});

	test('folds long names of every script between their characters', () => {
		const summary = 'Überblick 観測データ 🌱 '.repeat(12).trim();
		const event = obeysTheTable(answered(eventOf({SUMMARY: `:${summary}`})));
		assert.equal(event.getFirstPropertyValue('summary'), summary);
	});

	test('is read back by ourselves as what it says', () => {
		const reply = invitationIn(answered(google, 'tentative'));
		assert.equal(reply.method, 'reply');
		assert.deepEqual(
			reply.attendees.map(({address, participation}) => [address, participation]),
			[['robin@ship.example', 'tentative']],
		);
	});
});
