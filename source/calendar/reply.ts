/**
 * The answer to an invitation, for the organiser's program (iTIP's REPLY, RFC 5546 §3.2.3): what names the event, and the one
 * who answers. Pure; twelve lines need no library.
 */
import type {Answer, Attendee, Invitation} from '../model/invitation.ts';

/** Octets of a line, without its end (RFC 5545 §3.1). */
const longestLine = 75;

/** A line in pieces, each behind a space but the first. No character is cut. */
function folded(line: string): string {
	const pieces: string[] = [];
	let piece = '';
	let octets = 0;
	for (const character of line) {
		const size = Buffer.byteLength(character);
		if (octets + size > longestLine) {
			pieces.push(piece);
			piece = ' ';
			octets = 1;
		}
		piece += character;
		octets += size;
	}
	return [...pieces, piece].join('\r\n');
}

/** RFC 5545 §3.3.11. Controls have no place in a text. */
const escaped = (text: string): string =>
	text
		.replaceAll(/[\\;,]/g, '\\$&')
		.replaceAll(/\r\n?|\n/g, '\\n')
		.replaceAll(/[\x00-\x08\x0a-\x1f\x7f]/g, '');

/** In quotes; what would end them is spelled by RFC 6868. */
const quoted = (text: string): string =>
	`"${text
		.replaceAll('^', '^^')
		.replaceAll('"', "^'")
		.replaceAll(/[\x00-\x1f\x7f]+/g, ' ')}"`;

const oneLine = (text: string): string => text.replaceAll(/[\x00-\x1f\x7f]+/g, ' ');

const stamp = (ms: number): string => new Date(ms).toISOString().replaceAll(/[-:]|\.\d+/g, '');

/** Lines end in CRLF. `now`: ms since the epoch. */
export function replyTo(
	{organiser, sequence, repeated}: Invitation,
	{attendee, answer, now}: {readonly attendee: Attendee; readonly answer: Answer; readonly now: number},
): string {
	const {component, uid, times, summary} = repeated;
	const lines = [
		'BEGIN:VCALENDAR',
		'PRODID:-//Bonsai//Bonsai mail//EN',
		'VERSION:2.0',
		'METHOD:REPLY',
		`BEGIN:${component}`,
		`UID:${escaped(uid)}`,
		`DTSTAMP:${stamp(now)}`,
		`SEQUENCE:${sequence}`,
		...times.map(oneLine),
		...(organiser === undefined ? [] : [`ORGANIZER;CN=${quoted(organiser.name)}:${oneLine(organiser.asSent)}`]),
		`ATTENDEE;CN=${quoted(attendee.name)};PARTSTAT=${answer.toUpperCase()}:${oneLine(attendee.asSent)}`,
		...(summary === '' ? [] : [`SUMMARY:${escaped(summary)}`]),
		`END:${component}`,
		'END:VCALENDAR',
	];
	return lines.map(line => `${folded(line.toWellFormed())}\r\n`).join('');
}
