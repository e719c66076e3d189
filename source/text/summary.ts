/**
A row of a list from the fields that were fetched for it (law 17: DATE, FROM, SUBJECT).
A thousand of them take less than a frame.
*/
import {type SafeText, safeLine} from '../model/safe-text.ts';
import {parseAddresses, senderName} from './addresses.ts';
import {parseDate} from './date.ts';
import {fieldText, findField, parseHeader} from './header.ts';

export type Summary = {
	/** '' when the field is missing, as for the subject. */
	readonly sender: SafeText;
	readonly subject: SafeText;
	/** Ms since the epoch; undefined without a date that can be read. */
	readonly date: number | undefined;
};

// No screen shows more, and a server may send megabytes.
const maxShown = 2_000;

/** @param header The bytes of BODY[HEADER.FIELDS (DATE FROM SUBJECT)], or of a whole header. */
export function readSummary(header: Buffer): Summary {
	const fields = parseHeader(header);
	const [from] = parseAddresses((findField(fields, 'from') ?? '').slice(0, maxShown));
	return {
		sender: from ? senderName(from) : safeLine(''),
		subject: fieldText((findField(fields, 'subject') ?? '').slice(0, maxShown)),
		date: parseDate(findField(fields, 'date') ?? ''),
	};
}
