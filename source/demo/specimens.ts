/** Messages that are more than text: files, invitations, pictures, digests, messages inside messages. */
import {noise, type Piece} from './bytes.ts';
import {attachedMessage, attachment, compose, type Mime, mailboxOf, multipart, text} from './compose.ts';
import {writeMessageDate} from './dates.ts';
import {type Letterhead, letter, signature} from './letters.ts';
import {home, institute, me, type Person, ship, station} from './people.ts';

const heads = {
	pdf: Buffer.from('%PDF-1.7\n%\xe2\xe3\xcf\xd3\n', 'latin1'),
	jpeg: Buffer.from('\xff\xd8\xff\xe0\x00\x10JFIF\x00', 'latin1'),
	zip: Buffer.from('PK\x03\x04\x14\x00', 'latin1'),
	mp4: Buffer.from('\x00\x00\x00\x20ftypisom\x00\x00\x02\x00isomiso2avc1mp41', 'latin1'),
};

const types = {pdf: 'application/pdf', jpeg: 'image/jpeg', zip: 'application/zip', mp4: 'video/mp4'};

type FileKind = keyof typeof types;

export const file = (kind: FileKind, name: string, sizeBytes: number, seed = sizeBytes): Mime =>
	attachment(types[kind], name, noise(sizeBytes, seed, heads[kind]));

export type Writer = (time: number) => readonly Piece[];

/** From, to and a Message-ID that follows from the time. */
export const headOf = (from: Person, subject: string, time: number, to: readonly Person[] = [me]): Letterhead => ({
	from,
	to,
	subject,
	time,
	id: `${time.toString(36)}.${subject.length}@${from.address.split('@')[1]}`,
});

export const invitation: Writer = time => {
	const calendar = [
		'BEGIN:VCALENDAR',
		'VERSION:2.0',
		'PRODID:-//Hallett Station//Calendar 3//EN',
		'METHOD:REQUEST',
		'BEGIN:VEVENT',
		'UID:midwinter-call-7@hallett.example',
		'DTSTAMP:20261119T200000Z',
		'DTSTART:20261124T180000Z',
		'DTEND:20261124T190000Z',
		'SUMMARY:Ship and station call: unloading plan',
		'LOCATION:HF 7\\,995 kHz\\, or the radio room',
		`ORGANIZER;CN=Camille Roussel:mailto:${station.lead.address}`,
		`ATTENDEE;CN=Robin Aske;RSVP=TRUE:mailto:${me.address}`,
		`ATTENDEE;CN=Ingrid Solheim;RSVP=TRUE:mailto:${ship.captain.address}`,
		'DESCRIPTION:Order of the containers\\, fuel hose\\, who sleeps where.',
		'END:VEVENT',
		'END:VCALENDAR',
		'',
	].join('\r\n');
	return letter(
		headOf(station.lead, 'Invitation: ship and station call, Tuesday 18:00 UTC', time, [me, ship.captain]),
		multipart('mixed', [
			multipart('alternative', [
				text(
					'Ship and station call: unloading plan\n\nWhen:  Tuesday 24 November 2026, 18:00 to 19:00 UTC\nWhere: HF 7,995 kHz, or the radio room\n\nOrder of the containers, fuel hose, who sleeps where.\n',
				),
				text(
					'<html><body><h3>Ship and station call: unloading plan</h3><p><b>When</b> Tuesday 24 November 2026, 18:00 to 19:00 UTC<br><b>Where</b> HF 7,995 kHz, or the radio room</p><p>Order of the containers, fuel hose, who sleeps where.</p></body></html>\n',
					{subtype: 'html'},
				),
				text(calendar, {subtype: 'calendar', parameters: '; method=REQUEST'}),
			]),
			attachment('application/ics', 'invite.ics', {
				sizeBytes: calendar.length,
				read: (from, to) => Buffer.from(calendar).subarray(from, to),
			}),
		]),
	);
};

/** A forward of a forward of a forward, each with something of its own. */
export const forwarded: Writer = time => {
	const day = 86_400_000;
	const first = letter(
		headOf(home.neighbour, 'Whose cat is this?', time - 4 * day, [home.mother]),
		multipart('mixed', [
			text('Dear Margit,\n\nthis one sits on our roof since Monday. Is it yours?\n\nElias\n'),
			file('jpeg', 'cat-on-roof.jpg', 214_000),
		]),
	);
	const second = letter(
		headOf(home.mother, 'Fwd: Whose cat is this?', time - 3 * day, [home.brother]),
		multipart('mixed', [text('Jonas, is that not Robin’s? Look at the ear.\n\nM.\n'), attachedMessage(first, 2)]),
	);
	const third = letter(
		headOf(home.brother, 'Fwd: Fwd: Whose cat is this?', time - 2 * day, [home.friend]),
		multipart('mixed', [
			text('You know the cat best. Yes or no?\n'),
			attachedMessage(second, 3, ['Content-Disposition: inline']),
			text('-- \nJonas\n'),
		]),
	);
	return letter(
		headOf(home.friend, 'Fwd: Fwd: Fwd: Whose cat is this?', time),
		multipart('mixed', [
			text(
				'Robin,\n\nthree people have now forwarded this. It is your cat. It is on the roof.\nElias has a ladder.\n\nPriya\n',
			),
			attachedMessage(third, 4, ['Content-Description: Fwd: Fwd: Whose cat is this?']),
		]),
	);
};

export const withFiles =
	(from: Person, subject: string, content: string, files: readonly Mime[]): Writer =>
	time =>
		letter(headOf(from, subject, time), multipart('mixed', [text(`${content}\n${signature(from)}`), ...files]));

export const plainLetter =
	(from: Person, subject: string, content: string, isFlowed = false): Writer =>
	time =>
		letter(headOf(from, subject, time), text(`${content}\n${signature(from)}`, {isFlowed}));

/** HTML with a picture of its own (RFC 2387) and nothing else to read. */
export const htmlWithPicture: Writer = time =>
	letter(
		headOf(ship.cook, 'Menu for the crossing', time),
		multipart(
			'related',
			[
				multipart('alternative', [
					text(
						'Monday     pea soup\nTuesday    curry, very hot\nWednesday  what is left of the curry\nThursday   fish, if we catch it\nFriday     fish soup\n',
					),
					text(
						'<html><body><h2>Menu</h2><img src="cid:penguin@galley"><table><tr><td>Monday</td><td>pea soup</td></tr><tr><td>Tuesday</td><td>curry, <i>very</i> hot</td></tr><tr><td>Wednesday</td><td>what is left of the curry</td></tr><tr><td>Thursday</td><td>fish, if we catch it</td></tr><tr><td>Friday</td><td>fish soup</td></tr></table></body></html>\n',
						{subtype: 'html'},
					),
				]),
				attachment('image/jpeg', 'penguin.jpg', noise(48_200, 5, heads.jpeg), {
					isInline: true,
					id: 'penguin@galley',
					location: 'penguin.jpg',
					description: 'A penguin with a ladle',
				}),
			],
			'; type="multipart/alternative"',
		),
	);

/** 200 kB of plain text. */
export const logbook: Writer = time => {
	const lines: string[] = ['The log of leg 3 in full, as you asked, in one piece.', ''];
	for (let hour = 0; lines.length < 3060; hour++) {
		const day = 1 + Math.floor(hour / 24);
		const wind = (hour * 37) % 31;
		lines.push(
			`day ${String(day).padStart(3)} ${String(hour % 24).padStart(2, '0')}:00  wind ${String(wind).padStart(2)} kn  sea ${wind % 6}  air ${-(hour % 23)} C  course ${(hour * 11) % 360}, ${['steaming', 'on station', 'in ice', 'drifting'][Math.floor(hour / 9) % 4]}`,
		);
	}
	return letter(
		headOf(ship.radio, 'Log of leg 3, complete (long)', time),
		text(`${lines.join('\n')}\n${signature(ship.radio)}`),
	);
};

/** Only the smallest of headers: no subject, no Message-ID, an odd date. */
export const bare: Writer = time =>
	compose(
		[
			[
				'Date',
				writeMessageDate(time)
					.replace(/^\w+, /, '')
					.replace('+0000', 'GMT'),
			],
			['From', mailboxOf('', ship.chief.address)],
		],
		{fields: [], body: [Buffer.from('valve 12 is open again. M.\r\n')], depth: 0},
	);

/** A digest: its parts are messages without saying so (RFC 2046 §5.1.5). */
export const digest: Writer = time => {
	const inner = (person: Person, subject: string, content: string): Mime => ({
		fields: [],
		body: compose(
			[
				['From', mailboxOf(person.name, person.address)],
				['Date', writeMessageDate(time - 3_600_000)],
				['Subject', subject],
			],
			text(content),
		),
		depth: 0,
	});
	return letter(
		headOf(institute.librarian, 'Library digest, November', time),
		multipart('mixed', [
			text('Three notes from the reading room.\n'),
			multipart('digest', [
				inner(institute.librarian, 'New roof', 'The reading room is dry.\n'),
				inner(institute.computing, 'Scanner', 'It scans again.\n'),
				inner(home.friend, 'Donation', 'Forty books about whales.\n'),
			]),
		]),
	);
};
