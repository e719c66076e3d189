/** One of each kind of message that is more than text: big files, invitations, signatures, messages inside messages. */
import {noise, type Piece} from './bytes.ts';
import {attachedMessage, attachment, compose, type Mime, mailboxOf, multipart, part, text} from './compose.ts';
import {writeMessageDate} from './dates.ts';
import {type Letterhead, letter, signature, wrap} from './letters.ts';
import {home, institute, me, type Person, ship, station} from './people.ts';

const heads = {
	pdf: Buffer.from('%PDF-1.7\n%\xe2\xe3\xcf\xd3\n', 'latin1'),
	jpeg: Buffer.from('\xff\xd8\xff\xe0\x00\x10JFIF\x00', 'latin1'),
	zip: Buffer.from('PK\x03\x04\x14\x00', 'latin1'),
	mp4: Buffer.from('\x00\x00\x00\x20ftypisom\x00\x00\x02\x00isomiso2avc1mp41', 'latin1'),
};

const types = {pdf: 'application/pdf', jpeg: 'image/jpeg', zip: 'application/zip', mp4: 'video/mp4'};

export type FileKind = keyof typeof types;

export const file = (kind: FileKind, name: string, sizeBytes: number, seed = sizeBytes): Mime =>
	attachment(types[kind], name, noise(sizeBytes, seed, heads[kind]));

export type Writer = (time: number) => readonly Piece[];

const head = (from: Person, subject: string, time: number, to: readonly Person[] = [me]): Letterhead => ({
	from,
	to,
	subject,
	time,
	id: `${time.toString(36)}.${subject.length}@${from.address.split('@')[1]}`,
});

/** RFC 1733's own example: about 2,000 bytes of text beside a 40 MB video. */
export const lecture: Writer = time =>
	letter(
		head(institute.professor, 'Lecture recording: sound under sea ice', time),
		multipart('mixed', [
			text(
				`${[
					'Dear Robin,',
					wrap(
						'the recording of last Thursday is attached, as you asked. It is the whole lecture, fifty-two minutes, and I fear that it is rather large for your line. Please do not fetch it on the ship; it will wait for you here.',
					),
					wrap(
						'For the time being, here is what I said, in short. Under a closed ice cover the sea is quieter than under open water, but not because the ice is silent. It cracks when the temperature falls, mostly in the first hours of the night, and each crack can be heard for thirty kilometres. What is missing is the wind: without waves there are no bubbles, and without bubbles there is no hiss between 500 Hz and 20 kHz.',
					),
					wrap(
						'The hydrophone on your mooring was the first in this sector to record through a whole winter. Between May and August the level at 1 kHz was 22 dB below that of the summer. The seals know it: they call at exactly the frequencies that the wind leaves free, and they fall silent when a ship comes within forty kilometres. Yours did, twice, on the way out.',
					),
					wrap(
						'The questions at the end were good. Somebody asked whether the iceberg that grounded in July could be heard, and I had to say that I had taken it for a fault in the amplifier. I have since looked again. It was the iceberg.',
					),
					wrap(
						'For your own mooring this means two things. Put the next hydrophone deeper, below 400 metres, where the crack of the ice arrives only once and not again from the underside of the floes. And write down when the engine ran: I spent an afternoon on a line at 87.5 Hz before Marek told me what it was. The clock of the recorder was four seconds fast after eleven months, which is better than mine.',
					),
					wrap(
						'The slides are the same as in Bremen, with the new figure 9. If you want single minutes of the recording, tell me which ones, and I will cut them out and send them small.',
					),
					'With warm regards from a warm office,\nHaruka',
				].join('\n\n')}\n${signature(institute.professor)}`,
			),
			file('mp4', 'lecture-2026-11-12.mp4', 40_000_000),
		]),
	);

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
		head(station.lead, 'Invitation: ship and station call, Tuesday 18:00 UTC', time, [me, ship.captain]),
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

const armor = (kind: string, lines: number, seed: number): string => {
	const inside = noise(lines * 48, seed).read(0, lines * 48);
	const rows = Array.from({length: lines}, (_, i) => inside.toString('base64', i * 48, (i + 1) * 48));
	return `-----BEGIN PGP ${kind}-----\n\n${rows.join('\n')}\n=${inside.toString('base64', 0, 3)}\n-----END PGP ${kind}-----\n`;
};

export const signed =
	(from: Person, subject: string, content: string): Writer =>
	time =>
		letter(
			head(from, subject, time),
			multipart(
				'signed',
				[
					text(`${content}\n\n${signature(from)}`, {encoding: 'quoted-printable'}),
					part(
						[
							'Content-Type: application/pgp-signature; name="signature.asc"',
							'Content-Description: OpenPGP digital signature',
						],
						armor('SIGNATURE', 4, time % 9973),
					),
				],
				'; micalg=pgp-sha512; protocol="application/pgp-signature"',
			),
		);

export const encrypted =
	(from: Person): Writer =>
	time =>
		letter(
			head(from, '...', time),
			multipart(
				'encrypted',
				[
					part(
						['Content-Type: application/pgp-encrypted', 'Content-Description: PGP/MIME version identification'],
						'Version: 1\n',
					),
					part(
						[
							'Content-Type: application/octet-stream; name="encrypted.asc"',
							'Content-Disposition: inline; filename="encrypted.asc"',
						],
						armor('MESSAGE', 31, time % 9973),
					),
				],
				'; protocol="application/pgp-encrypted"',
			),
		);

/** A forward of a forward of a forward, each with something of its own. */
export const forwarded: Writer = time => {
	const day = 86_400_000;
	const first = letter(
		head(home.neighbour, 'Whose cat is this?', time - 4 * day, [home.mother]),
		multipart('mixed', [
			text('Dear Margit,\n\nthis one sits on our roof since Monday. Is it yours?\n\nElias\n'),
			file('jpeg', 'cat-on-roof.jpg', 214_000),
		]),
	);
	const second = letter(
		head(home.mother, 'Fwd: Whose cat is this?', time - 3 * day, [home.brother]),
		multipart('mixed', [text('Jonas, is that not Robin’s? Look at the ear.\n\nM.\n'), attachedMessage(first, 2)]),
	);
	const third = letter(
		head(home.brother, 'Fwd: Fwd: Whose cat is this?', time - 2 * day, [home.friend]),
		multipart('mixed', [
			text('You know the cat best. Yes or no?\n'),
			attachedMessage(second, 3, ['Content-Disposition: inline']),
			text('-- \nJonas\n'),
		]),
	);
	return letter(
		head(home.friend, 'Fwd: Fwd: Fwd: Whose cat is this?', time),
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
		letter(head(from, subject, time), multipart('mixed', [text(`${content}\n${signature(from)}`), ...files]));

export const plainLetter =
	(from: Person, subject: string, content: string, isFlowed = false): Writer =>
	time =>
		letter(head(from, subject, time), text(`${content}\n${signature(from)}`, {isFlowed}));

/** HTML with a picture of its own (RFC 2387) and nothing else to read. */
export const htmlWithPicture: Writer = time =>
	letter(
		head(ship.cook, 'Menu for the crossing', time),
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
		head(ship.radio, 'Log of leg 3, complete (long)', time),
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
		head(institute.librarian, 'Library digest, November', time),
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
