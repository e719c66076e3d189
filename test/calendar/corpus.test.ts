/** Invitations out of real mail (../shared/corpus, which is not part of the repository): what a person would want to know of them. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import {describe, test} from 'node:test';
import {fileURLToPath} from 'node:url';
import {simpleParser} from 'mailparser';
import {readCalendar} from '../../source/calendar/calendar.ts';
import {invitationRows, nobody} from '../../source/model/invitation-words.ts';

const corpus = fileURLToPath(new URL('../../../shared/corpus/', import.meta.url));
const skip = fs.existsSync(corpus) ? false : 'there is no ../shared/corpus';

const table: Readonly<Record<string, readonly string[]>> = {
	'postal-mime-003-calendar-event.eml': [
		'What: Test event ⏰',
		'When: Thu, 11 Apr 2024, 10:00 to 11:00, local time',
		'When: 11:00 to 12:00 in Europe/Tallinn',
		'Page: https://meet.google.com/yew-afgi-ynf',
		'By: Andris Reinman <andris@postalsys.com>',
		'Invited: accepted: Andris Reinman',
		'Invited: no answer: andris@ethereal.email',
	],
	'phpmime-036-m0020.eml': [
		'What: 1',
		'When: Fri, 28 Mar 2014, 10:03 to 10:33, local time',
		'When: 11:03 to 11:33 in Europe/Kiev',
		'Where: Meeting Room',
		'By: Finntack Newsletter <newsletter@finntack.com>',
		'Invited: no answer: Clement Wong',
	],
};

describe('of real mail', {skip}, () => {
	for (const [name, wanted] of Object.entries(table))
		test(name, async () => {
			const {attachments} = await simpleParser(fs.readFileSync(`${corpus}${name}`));
			const calendar = attachments.find(({contentType}) => contentType === 'text/calendar');
			assert.ok(calendar);
			const reading = readCalendar(calendar.content.toString(), {zone: 'Europe/Berlin'});
			assert.equal(reading.is, 'invitation');
			const rows = reading.is === 'invitation' ? invitationRows(reading.invitation, nobody) : [];
			assert.deepEqual(
				rows.flatMap(({name: row, values}) => values.map(value => `${row}: ${value}`)),
				wanted,
			);
		});
});
