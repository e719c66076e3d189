/** The newest messages of INBOX: what the first screen shows. One of everything, from people with something to say. */

import type {Piece} from './bytes.ts';
import {foreignLetters, japaneseLetters, planForeign} from './foreign.ts';
import {attacks, planAttack} from './hostile.ts';
import {lecture} from './lecture.ts';
import {flow, type Planned, wrap} from './letters.ts';
import {newsletters, planNewsletter} from './newsletters.ts';
import {home, institute, ship, station} from './people.ts';
import {random} from './random.ts';
import {encrypted, signed} from './sealed-mail.ts';
import {
	bare,
	digest,
	file,
	forwarded,
	htmlWithPicture,
	invitation,
	logbook,
	plainLetter,
	type Writer,
	withFiles,
} from './specimens.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

const seen = ['\\Seen'];
const answered = ['\\Seen', '\\Answered'];

/** From the newest back: how long before the newest, flags, and the message. */
const window = (): readonly (readonly [
	ago: number,
	flags: readonly string[],
	write: Writer | ((time: number) => Planned),
])[] => [
	[
		0,
		[],
		plainLetter(
			ship.radio,
			'Line up until 19:00',
			'The satellite is above the horizon until 19:00, then again from 02:40.\nSend what you have; the queue is short.\n\nNoor',
		),
	],
	[
		14 * minuteMs,
		[],
		signed(
			station.doctor,
			'Medical stores, please confirm',
			`${wrap('Robin, the list of medical stores for the winter is final. Please confirm that the two refrigerated boxes travel in the laboratory and not in the hold. I sign this because the last list was changed by somebody between here and the harbour.')}\n\nSipho`,
		),
	],
	[52 * minuteMs, ['\\Flagged'], lecture],
	[2 * hourMs, [], time => planForeign(japaneseLetters[0]!, time, [])],
	[3 * hourMs, [], invitation],
	[4.2 * hourMs, seen, forwarded],
	[5 * hourMs, [], time => planNewsletter(newsletters[0]!, 1187, time, random(3), [])],
	[
		6.5 * hourMs,
		answered,
		plainLetter(
			ship.captain,
			'Lead along 70 degrees',
			`${flow(['The lead is open and wider than in the picture. We turn south-east at 21:00 and follow it for as long as it goes our way.', 'I have told the station Friday, which leaves us a day for the mooring. If you want the second CTD at station 14 it has to be tonight.'])}\n\nIngrid`,
			true,
		),
	],
	[
		8 * hourMs,
		seen,
		withFiles(
			ship.student,
			'Incubation 31: plate photographs',
			'Hi Robin,\n\nthree plates of last night. The middle one is the control, believe it or not.\n\nLena',
			[
				file('jpeg', 'plate-31a.jpg', 1_842_113),
				file('jpeg', 'plate-31b-control.jpg', 2_011_870),
				file('jpeg', 'plate-31c.jpg', 1_797_342),
			],
		),
	],
	[9 * hourMs, [], time => planAttack(attacks[0]!, time, [])],
	[
		11 * hourMs,
		seen,
		plainLetter(
			home.mother,
			'The roof, again',
			`${wrap('The man came back for his ladder and looked at the chimney as well, without being asked. It is fine. He did take coffee this time.')}\n\nThe cat is at Elias’s. Do not worry.\n\nMother`,
		),
	],
	[
		13 * hourMs,
		['\\Seen', '\\Flagged'],
		withFiles(
			institute.administration,
			'Contract extension: sign before 1 December',
			'Dear Robin,\n\nplease sign page 4 and send it back, a scan is enough.\n\nBeatriz',
			[file('pdf', 'contract-extension-2027.pdf', 318_446)],
		),
	],
	[20 * hourMs, seen, time => planForeign(foreignLetters[0]!, time, seen)],
	[
		22 * hourMs,
		answered,
		plainLetter(
			ship.scientist,
			'Re: CTD cast at station 14',
			'> I would like to repeat the upper 500 metres\n> on the way back, if the ice lets us.\n\nTonight at 23:30 then. I have asked for the winch and for soup.\n\nTomás',
		),
	],
	[25 * hourMs, [], htmlWithPicture],
	[27 * hourMs, seen, time => planForeign(foreignLetters[2]!, time, seen)],
	[29 * hourMs, seen, encrypted(station.lead)],
	[31 * hourMs, seen, time => planForeign(foreignLetters[9]!, time, seen)],
	[34 * hourMs, [], logbook],
	[36 * hourMs, seen, digest],
	[40 * hourMs, [], time => planAttack(attacks[1]!, time, [])],
	[44 * hourMs, seen, bare],
	[47 * hourMs, seen, time => planForeign(foreignLetters[1]!, time, seen)],
	[
		50 * hourMs,
		seen,
		withFiles(
			station.technician,
			'Spare parts, photographs and the manual',
			'Everything you asked for in one archive. It is 11 MB, so perhaps fetch the list first:\n\n  pump, impeller, gasket set B, manual in Swedish.\n\nKirsten',
			[file('zip', 'spare-parts.zip', 11_240_300), file('pdf', 'impeller.pdf', 96_021)],
		),
	],
	[53 * hourMs, seen, plainLetter(home.friend, 'Which book did you begin with?', 'The thin one, I bet.\n\nP.')],
];

/** Newest last. */
export const shopWindow = (newest: number): Planned[] =>
	window()
		.map(([ago, flags, write]): Planned => {
			const time = newest - ago;
			const made = (): Planned | readonly Piece[] => write(time);
			let known: ReturnType<typeof made> | undefined;
			return {
				time,
				flags,
				write() {
					known ??= made();
					return 'write' in known ? known.write() : known;
				},
			};
		})
		.reverse();
