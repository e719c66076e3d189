/**
 * What messages and parts look like in JSON. A promise to scripts: fields are added, never renamed or taken away, and
 * what is not known is null, never empty (law 17).
 */
import type {Price} from '../model/budget.ts';
import type {Invitation, Person} from '../model/invitation.ts';
import type {Mailbox} from '../model/mailbox.ts';
import type {HeaderLine, Message} from '../model/message.ts';
import {isMultipart, type Part} from '../model/part.ts';
import {typeOf} from '../model/part-words.ts';
import {safeLine} from '../model/safe-text.ts';
import {isoMoment} from './moment.ts';

const orNull = (text: string): string | null => (text === '' ? null : text);

export const mailboxJson = ({path, specialUse, isSelectable, messages, unseen}: Mailbox) => ({
	mailbox: path,
	specialUse: specialUse ?? null,
	isSelectable,
	messages: messages ?? null,
	unseen: unseen ?? null,
});

export const messageJson = ({uid, date, from, subject, sizeBytes, flags, isPending}: Message) => ({
	// Of a row that could not be read, neither is known; of one that was moved here and waits, only the size.
	uid: uid === 0 ? null : uid,
	date: isoMoment(date),
	from: orNull(from),
	subject: orNull(subject),
	sizeBytes: uid === 0 && !isPending ? null : sizeBytes,
	flags: [...flags],
});

export const invitationJson = (invitation: Invitation) => ({
	method: orNull(invitation.method),
	kind: invitation.kind,
	uid: orNull(safeLine(invitation.repeated.uid)),
	sequence: invitation.sequence,
	isCancelled: invitation.isCancelled,
	isOccurrence: invitation.isOccurrence,
	summary: orNull(invitation.summary),
	start: orNull(invitation.start),
	end: orNull(invitation.end),
	repeats: orNull(invitation.repeats),
	where: orNull(invitation.where),
	page: orNull(invitation.url),
	organiser: invitation.organiser === undefined ? null : personJson(invitation.organiser),
	invited: invitation.attendees.map(attendee => ({
		...personJson(attendee),
		answer: attendee.participation,
		isOptional: attendee.isOptional,
		isRoom: attendee.isThing,
	})),
	comment: orNull(invitation.comment),
	description: orNull(invitation.description),
});

const personJson = ({name, address}: Person) => ({name: orNull(name), address: orNull(safeLine(address))});

export const headerJson = ({name, value}: HeaderLine) => ({name, value});

/** The parts of a message together are a part that cannot be asked for: it has no number (RFC 9051 §6.4.5.1). */
export const numberOf = ({number}: Part): string => (number.endsWith('.') ? '' : number);

export const partJson = (part: Part, depth: number, price: Price) => ({
	number: orNull(numberOf(part)),
	depth,
	type: typeOf(part),
	name: orNull(part.name),
	disposition: orNull(part.disposition),
	encoding: isMultipart(part) ? null : part.encoding,
	sizeBytes: isMultipart(part) ? null : part.sizeBytes,
	priceBytes: isMultipart(part) ? null : price.bytes,
	priceSeconds: isMultipart(part) ? null : (price.seconds ?? null),
	priceIsAtMost: isMultipart(part) ? null : price.isAtMost,
});
