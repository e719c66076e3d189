/**
 * A message that lies among the drafts, written by whatever program, as a draft again. Pure.
 *
 * What other programs keep for themselves in its header is left behind: it would be sent.
 */
import {type Address, type Draft, emptyDraft} from '../model/draft.ts';
import {parseAddresses} from '../text/addresses.ts';
import {decodeWords} from '../text/encoded-words.ts';
import {fieldText, findField} from '../text/header.ts';
import {fieldProblem} from './check-draft.ts';
import {readMessageIds} from './message-id.ts';
import type {Original} from './original.ts';

/** Of deliveries, of the program that wrote it, of mailing lists: nothing the user has typed. */
const notTyped =
	/^(received|return-path|delivered-to|user-agent|x-(mailer|mozilla|identity|account|evolution|apple|uniform|universally|ms|gm|google|originating|status|keywords|uid|kmail|spam).*|status|lines|dkim-.*|arc-.*|authentication-results|auto-submitted|sender|thread-.*|message-id|resent-.*|bcc|list-.*|lang|language)$/i;

/** `writer`: who writes when it does not say. */
export function resumedDraft({fields, text}: Original, writer: Address): Draft {
	const all = (name: string): Address[] =>
		fields
			.filter(field => field.name.toLowerCase() === name)
			.flatMap(({rawValue}) => parseAddresses(rawValue, {isTyped: true}))
			.flatMap(asTyped);
	const ids = (name: string): readonly string[] => readMessageIds(findField(fields, name) ?? '');
	const own = fields
		.map(({name, rawValue}) => ({name: String(name), value: String(fieldText(rawValue))}))
		.filter(field => !notTyped.test(field.name) && fieldProblem(field) === undefined);
	return {
		...emptyDraft(all('from').find(({address}) => address.includes('@')) ?? writer),
		to: all('to'),
		cc: all('cc'),
		bcc: all('bcc'),
		replyTo: all('reply-to'),
		subject: decodeWords(findField(fields, 'subject') ?? '').trim(),
		text,
		inReplyTo: ids('in-reply-to'),
		references: ids('references'),
		headers: own,
	};
}

/** What is no address stays as it was typed; a group of nobody is nothing (RFC 5322 §3.4). */
function asTyped({name, address}: Address): Address[] {
	if (address !== '') return [{name, address}];
	return name === '' || /^undisclosed[- ]recipients$/i.test(name) ? [] : [{name: '', address: name}];
}

/** As Message-ID says; '' when it has none. */
export const messageIdOf = ({fields}: Pick<Original, 'fields'>): string =>
	readMessageIds(findField(fields, 'message-id') ?? '')[0] ?? '';
