/** What FETCH may be asked for, as imapflow's compiler takes it. Always `.PEEK` (law 6), and a header never without a range. */
import {Failure} from '../model/failure.ts';
import {safeLine} from '../model/safe-text.ts';

/** A structure is not asked for by length; a name in it that is longer is no honest one. */
export const longestLiteral = 256 * 1024;

/** More than this of one section is not taken where nothing less can be asked for (`--disable RANGES`). */
export const longestWhole = 64_000_000;

export const atom = (value: string) => ({type: 'ATOM', value});
export const set = (value: string) => ({type: 'SEQUENCE', value});

export const peek = (section: unknown[], partial?: readonly [number, number], item = 'BODY.PEEK') => ({
	type: 'ATOM',
	value: item,
	section,
	...(partial ? {partial} : {}),
});

/** Never without a range: a sender may write a megabyte of Subject. */
export const headerFields = (length: number, ...names: string[]) =>
	peek([atom('HEADER.FIELDS'), names.map(atom)], [0, length]);

/** Of a summary that is kept. Long threads and long lists of readers are cut; what is behind is not known. */
export const keptFields = headerFields(8192, ...'DATE FROM SUBJECT TO CC MESSAGE-ID IN-REPLY-TO REFERENCES'.split(' '));

/** Whom an answer goes to, what thread it belongs to, and under which address the message came. */
export const answerFields =
	'FROM TO CC REPLY-TO MAIL-FOLLOWUP-TO LIST-POST DATE SUBJECT MESSAGE-ID IN-REPLY-TO REFERENCES RESENT-TO DELIVERED-TO X-ORIGINAL-TO ENVELOPE-TO'.split(
		' ',
	);

/** How one leaves the mailing list a message came by (RFC 2369 §3.2, RFC 8058), and under which address it came. */
export const listFields =
	'LIST-ID LIST-UNSUBSCRIBE LIST-UNSUBSCRIBE-POST TO CC RESENT-TO DELIVERED-TO X-ORIGINAL-TO ENVELOPE-TO'.split(' ');

/** Where its octets are in a fetched row. */
export const fieldsKey = 'BODY[HEADER.FIELDS]<0>';

export const tooMuch = (came: number, asked: number): Failure =>
	new Failure('broken', safeLine(`The server sent ${came} octets where ${asked} were asked for`));
