/** A message that is answered or sent on, as far as that needs it: its header fields and its text. Pure. */
import type {Address} from '../model/draft.ts';
import {parseAddresses} from '../text/addresses.ts';
import {parseDate} from '../text/date.ts';
import {fieldText, findField, type HeaderField} from '../text/header.ts';
import {readMessageIds} from './message-id.ts';

export type Original = {
	readonly fields: readonly HeaderField[];
	/** With `\n` between its lines; a paragraph that flows is one line. */
	readonly text: string;
};

/** Of all fields of that name, in order; what is no address is left out. */
export const addressesOf = ({fields}: Pick<Original, 'fields'>, name: string): Address[] =>
	fields
		.filter(field => field.name.toLowerCase() === name)
		.flatMap(({rawValue}) => parseAddresses(rawValue))
		.filter(({address}) => address.includes('@'));

export const subjectOf = ({fields}: Pick<Original, 'fields'>): string => fieldText(findField(fields, 'subject') ?? '');

/** Ms since the epoch; undefined when it says none. */
export const dateOf = ({fields}: Pick<Original, 'fields'>): number | undefined =>
	parseDate(findField(fields, 'date') ?? '');

const idsOf = ({fields}: Pick<Original, 'fields'>, name: string): readonly string[] =>
	readMessageIds(findField(fields, name) ?? '');

/** More say no more about where an answer belongs (RFC 5537 §3.4.4 has the same rule). */
const mostReferences = 21;

/** What an answer refers to (RFC 5322 §3.6.4): the thread from its first message to this one. */
export function threadOf(original: Pick<Original, 'fields'>): {
	readonly inReplyTo: readonly string[];
	readonly references: readonly string[];
} {
	const [id] = idsOf(original, 'message-id');
	const known = idsOf(original, 'references');
	const parents = idsOf(original, 'in-reply-to');
	// Several parents are no line of descent.
	const before = known.length > 0 ? known : parents.length === 1 ? parents : [];
	const all = [...new Set([...before, ...(id === undefined ? [] : [id])])];
	const references = all.length > mostReferences ? [all[0]!, ...all.slice(1 - mostReferences)] : all;
	return {inReplyTo: id === undefined ? [] : [id], references};
}

/** Where a mailing list takes mail (RFC 2369 §3.4); undefined where it takes none, or it is none. */
export function listOf({fields}: Pick<Original, 'fields'>): Address | undefined {
	const [, url] = /<mailto:([^<>?\s]+)[^<>]*>/i.exec(findField(fields, 'list-post') ?? '') ?? [];
	if (url === undefined) return undefined;
	try {
		const address = decodeURIComponent(url);
		return /^[^\s@<>]+@[^\s@<>]+$/.test(address) ? {name: '', address} : undefined;
	} catch {
		return undefined;
	}
}
