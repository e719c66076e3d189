/**
 * What a calendar part says (RFC 5545), and what somebody wants with it (iTIP, RFC 5546), as it may be shown. What an
 * answer to it has to repeat is kept as it came.
 */
import type {SafeText} from './safe-text.ts';

export const methods = [
	'request',
	'cancel',
	'reply',
	'publish',
	'counter',
	'declinecounter',
	'refresh',
	'add',
] as const;
/** '' where none is named: a file of a calendar, sent for information. */
export type Method = (typeof methods)[number] | '';

export const participations = ['accepted', 'tentative', 'declined', 'delegated', 'needs-action'] as const;
/** What somebody has answered (PARTSTAT); what is not known counts as nothing yet. */
export type Participation = (typeof participations)[number];
/** What one answers. */
export type Answer = 'accepted' | 'tentative' | 'declined';

export type Person = {
	/** The address where there is no name. */
	readonly name: SafeText;
	/** '' where they have none by which mail comes. Not safe to show. */
	readonly address: string;
	/** As whoever wrote it names them, `mailto:Ann@example.org`: a program may compare it letter by letter. */
	readonly asSent: string;
};

export type Attendee = Person & {
	readonly participation: Participation;
	readonly isOptional: boolean;
	/** A room, or another thing that can be had. */
	readonly isThing: boolean;
};

export type Invitation = {
	readonly method: Method;
	readonly kind: 'event' | 'task' | 'note';
	readonly summary: SafeText;
	/** `2026-12-01T14:00:00.000Z`, a date, or without a zone the time on a wall; '' for none that can be read. */
	readonly start: string;
	readonly end: string;
	/** In the user's own time, then in the sender's where that is another. Empty: it does not say. */
	readonly when: readonly SafeText[];
	/** `every week on Tuesday until Tue, 22 Dec 2026`; '' for once. */
	readonly repeats: SafeText;
	/** Occurrences of a series that are otherwise than the rest; and other events in the same file. */
	readonly besides: readonly SafeText[];
	readonly where: SafeText;
	readonly url: SafeText;
	/** Lines end in `\n`. */
	readonly description: SafeText;
	/** What somebody who answers says besides. */
	readonly comment: SafeText;
	readonly organiser: Person | undefined;
	readonly attendees: readonly Attendee[];
	readonly isCancelled: boolean;
	/** Goes up with each change of it. */
	readonly sequence: number;
	/** It is about one occurrence of a series. */
	readonly isOccurrence: boolean;
	readonly repeated: Repeated;
};

/** What an answer repeats (RFC 5546 §3.2.3), as text of the wire that is not safe to show. */
export type Repeated = {
	readonly component: 'VEVENT' | 'VTODO' | 'VJOURNAL';
	readonly uid: string;
	/** Content lines that name the occurrence and say when it is, in UTC: `DTSTART:20261124T180000Z`. */
	readonly times: readonly string[];
	readonly summary: string;
	/** When it is, for the sender: in the zone it was written in. */
	readonly when: string;
};

/** What came of a part that is to be an invitation: that, or its text and a sentence why it is shown so. */
export type CalendarReading =
	| {readonly is: 'invitation'; readonly invitation: Invitation}
	| {readonly is: 'text'; readonly because: SafeText; readonly text: SafeText};
