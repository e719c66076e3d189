/**
 * What a server said of a message, made safe to show: names and headers decoded, the tree of parts as the screens
 * know it. Everything from outside becomes SafeText here (law 9).
 */
import {partNumber} from '../model/ids.ts';
import type {HeaderLine, Message} from '../model/message.ts';
import type {Envelope, Part} from '../model/part.ts';
import {ours, type SafeText, safeLine} from '../model/safe-text.ts';
import type {AddressFact, EnvelopeFact, PartFact} from '../remote/remote.ts';
import type {KeptFields} from '../store/facts.ts';
import {
	decodeParameter,
	fieldText,
	findField,
	type HeaderField,
	parseHeader,
	readSummary as readRow,
} from '../text/text.ts';

/** A row, and the whole From for the opened message. */
export function readSummary(header: Buffer): {
	sender: SafeText;
	fromField: SafeText;
	subject: SafeText;
	date: number | undefined;
} {
	return {
		...readRow(header),
		fromField: fieldText((findField(parseHeader(header), 'from') ?? '').slice(0, longestField)),
	};
}

/** No screen shows more, and a sender may write megabytes. */
const longestField = 2000;

/** What a summary has besides that is kept on the disk, from the fields fetched for it. */
export function readKept(header: Buffer): KeptFields {
	const fields = parseHeader(header);
	const raw = (name: string): string => (findField(fields, name) ?? '').slice(0, longestField);
	const ids = (name: string): string => (raw(name).match(/<[^<>\s]+>/g) ?? []).join(' ');
	return {
		to: fieldText(raw('to')),
		cc: fieldText(raw('cc')),
		messageId: ids('message-id').split(' ')[0] ?? '',
		inReplyTo: ids('in-reply-to'),
		references: ids('references'),
	};
}

/** What opening a message brought. `structure` is undefined when the server's description cannot be read. */
export type Described = {readonly structure: Part | undefined; readonly headers: readonly HeaderLine[]};

export const describe = (structure: PartFact, header: Buffer): Described => ({
	structure: describePart(structure),
	headers: headerLines(header),
});

function describePart(fact: PartFact): Part {
	const name =
		decodeParameter(fact.dispositionParameters, 'filename') ?? decodeParameter(fact.parameters, 'name') ?? '';
	return {
		number: partNumber(fact.number),
		type: safeLine(fact.type),
		subtype: safeLine(fact.subtype),
		parameters: fact.parameters,
		encoding: safeLine(fact.encoding),
		sizeBytes: fact.sizeBytes,
		disposition: fact.disposition === 'attachment' ? 'attachment' : fact.disposition === 'inline' ? 'inline' : '',
		name: safeLine(name),
		description: fieldText(fact.description),
		children: fact.children.map(describePart),
		envelope: fact.envelope && describeEnvelope(fact.envelope),
	};
}

const describeEnvelope = ({date, subject, from, to, cc}: EnvelopeFact): Envelope => ({
	date: safeLine(date),
	subject: fieldText(subject),
	from: addresses(from),
	to: addresses(to),
	cc: addresses(cc),
});

const addresses = (list: readonly AddressFact[]): SafeText =>
	safeLine(list.map(({name, address}) => (name === '' ? address : `${fieldText(name)} <${address}>`)).join(', '));

export const headerLines = (header: Buffer): HeaderLine[] => fieldLines(parseHeader(header));

export const fieldLines = (fields: readonly HeaderField[]): HeaderLine[] =>
	fields.map(({name, rawValue}) => ({name: safeLine(name), value: fieldText(rawValue)}));

/** The short headers of an opened message: what its row knew, and what opening it brought. */
export function mergeHeaders(message: Message, from: SafeText, brought: readonly HeaderLine[]): HeaderLine[] {
	const find = (name: string) => brought.find(line => line.name.toLowerCase() === name.toLowerCase());
	return [
		...(message.date === undefined ? [] : [line('Date', ours(localDate(message.date)))]),
		line('From', from || message.from || ours('(nobody)')),
		...[find('To'), find('Cc')].filter(each => each !== undefined),
		line('Subject', message.subject || ours('(no subject)')),
	];
}

export function envelopeHeaders({date, from, to, cc, subject}: Envelope): HeaderLine[] {
	const lines = [line('Date', date), line('From', from), line('To', to), line('Cc', cc), line('Subject', subject)];
	return lines.filter(({value}) => value !== '');
}

const days = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** As in a message (RFC 5322 §3.3), in the user's own time zone: `Fri, 20 Nov 2026 18:13 +0100`. */
function localDate(ms: number): string {
	const date = new Date(ms);
	const two = (value: number): string => String(value).padStart(2, '0');
	const east = -date.getTimezoneOffset();
	const zone = `${east < 0 ? '-' : '+'}${two(Math.floor(Math.abs(east) / 60))}${two(Math.abs(east) % 60)}`;
	const day = `${days[date.getDay()]}, ${date.getDate()} ${months[date.getMonth()]} ${date.getFullYear()}`;
	return `${day} ${two(date.getHours())}:${two(date.getMinutes())} ${zone}`;
}

const line = (name: string, value: SafeText): HeaderLine => ({name: ours(name), value});
