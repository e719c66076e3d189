/**
What a calendar part says (RFC 5545, 5546, 6047), in words: the face of this folder, and the first file to read. Pure: it has no clock and no zone of its own.

- The text: `content-lines.ts` (components and properties, by ical.js)
- What it means: `read-invitation.ts` ← `when-words.ts` · `recurrence-words.ts` · `zones.ts` (`windows-zones.ts`, `observances.ts`) · `wall-time.ts`
- An answer: `reply.ts`, which needs none of the others, and not ical.js

Laws:
- Nothing throws and nothing hangs, whatever somebody sends: a text has an end, a rule is a sentence and is never counted out.
- All that is shown is SafeText.
- What cannot be read as an invitation is shown as it came, with a sentence why.
*/
import type {CalendarReading} from '../model/invitation.ts';
import {ours, type SafeText, safeText} from '../model/safe-text.ts';
import {readComponents} from './content-lines.ts';
import {readInvitation} from './read-invitation.ts';
import {ianaZone, utc} from './zones.ts';

/** Characters. What is longer is a whole calendar, and none that one reads in a mail. */
const longest = 256 * 1024;
/** Of what is shown as it came. */
const longestShown = 64 * 1024;

/**
 * @param text Decoded.
 * @param zone The user's, by its IANA name.
 * @param method As the part's own header names it; '' for none.
 */
export function readCalendar(
	text: string,
	{zone, method = ''}: {readonly zone: string; readonly method?: string},
): CalendarReading {
	const asText = (because: SafeText): CalendarReading => ({
		is: 'text',
		because,
		text: safeText(text.slice(0, longestShown)),
	});
	if (text.length > longest)
		return asText(ours('This calendar is too long for an invitation: its beginning, as it was sent'));
	const calendar = readComponents(text);
	if (calendar === undefined)
		return asText(ours('It says that it is an invitation, but is no calendar: shown as it was sent'));
	const invitation = readInvitation(calendar, ianaZone(zone) ?? utc, method);
	return invitation === undefined
		? asText(ours('There is neither an event nor a task in this calendar: shown as it was sent'))
		: {is: 'invitation', invitation};
}
