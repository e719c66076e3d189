/**
 * `mailto:` (RFC 6068) as a draft. Pure, never throws: it comes from a page or a message, so from anybody.
 *
 * Laws: only fields are taken that the user sees and that change nothing else: recipients, subject, text, and the
 * message it answers. Who it is from, what is attached, and any other field is the user's to say: such are left out,
 * and named. No field gets a line break.
 */
import {type Address, type Draft, emptyDraft} from '../model/draft.ts';
import {addressProblem} from './check-draft.ts';
import {readMessageIds} from './message-id.ts';
import {withSignature} from './quote.ts';

export type FromUrl = {
	readonly draft: Draft;
	/** Fields that were asked for and left out, as spelled. */
	readonly leftOut: readonly string[];
};

/** Undefined when it is no mailto: URL. */
export function readMailto(url: string, from: Address, signature = ''): FromUrl | undefined {
	const [, recipients, query = ''] = /^mailto:([^?#]*)(?:\?([^#]*))?/is.exec(url.trim()) ?? [];
	if (recipients === undefined) return undefined;
	const found = {to: addresses(recipients), cc: [] as Address[], bcc: [] as Address[]};
	const leftOut: string[] = [];
	let subject = '';
	let text = '';
	let inReplyTo: readonly string[] = [];
	for (const field of query.split('&').filter(each => each !== '')) {
		const [rawName = '', ...rest] = field.split('=');
		const [name, value] = [decoded(rawName), rest.join('=')];
		switch (name.toLowerCase()) {
			case 'to':
			case 'cc':
			case 'bcc':
				found[name.toLowerCase() as keyof typeof found].push(...addresses(value));
				break;
			case 'subject':
				subject = oneLine(decoded(value));
				break;
			case 'body':
				text += `${text === '' ? '' : '\n'}${lines(decoded(value))}`;
				break;
			case 'in-reply-to':
				inReplyTo = readMessageIds(decoded(value));
				break;
			default:
				leftOut.push(oneLine(name));
		}
	}
	const draft = {
		...emptyDraft(from),
		...found,
		subject,
		text: withSignature(text, signature),
		inReplyTo,
		references: inReplyTo,
	};
	return {draft, leftOut};
}

/** A percent sign that is none stays one. Plus is plus (RFC 6068 §5). */
function decoded(text: string): string {
	const octets = text.replaceAll(/%(?![0-9a-f]{2})/gi, '%25');
	try {
		return decodeURIComponent(octets);
	} catch {
		return octets.replaceAll(/%25/g, '%');
	}
}

/** Separated by commas that are not encoded; an encoded one is in an address. */
const addresses = (text: string): Address[] =>
	text
		.split(',')
		.map(each => ({name: '', address: decoded(each).trim()}))
		.filter(({address}) => address !== '' && addressProblem(address) === undefined);

const isControl = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]/g;
const oneLine = (text: string): string =>
	text
		.replaceAll(/[\r\n\t\u2028\u2029]+/g, ' ')
		.replaceAll(isControl, '')
		.trim();
const lines = (text: string): string => text.replaceAll(/\r\n?/g, '\n').replaceAll(isControl, '');
