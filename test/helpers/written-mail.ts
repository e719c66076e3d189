/**
 * Whether a message says what its draft says: composed, looked at octet by octet, and read back by mailparser, which
 * shares no code with what wrote it, and by our own reader.
 */
import assert from 'node:assert/strict';
import {Readable} from 'node:stream';
import {domainToASCII, domainToUnicode} from 'node:url';
import {type AddressObject, simpleParser} from 'mailparser';
import {type Composed, composeMessage, dateField, newMessageId} from '../../source/compose/compose.ts';
import {type Address, type Attachment, type Draft, emptyDraft} from '../../source/model/draft.ts';
import {logicalLines} from '../../source/text/flowed.ts';

export const sender: Address = {name: 'Ada Byron', address: 'ada@example.org'};
export const someone: Address = {name: 'Bo', address: 'bo@example.net'};
const madeAt = Date.UTC(2026, 10, 29, 17, 31, 56);

/** What is attached lies here instead of on a disk. */
export const octetsOf = new Map<string, Buffer>();

export function attach(name: string, octets: Buffer, type = ''): Attachment {
	const file = `/home/ada/private/${octetsOf.size}`;
	octetsOf.set(file, octets);
	return {name, type, sizeBytes: octets.length, file};
}

export const draftOf = (parts: Partial<Draft>): Draft => ({...emptyDraft(sender), to: [someone], ...parts});

export async function composed(draft: Draft): Promise<Composed & {readonly raw: Buffer; readonly messageId: string}> {
	const messageId = newMessageId(draft.from.address, madeAt);
	const message = composeMessage(draft, {
		messageId,
		date: dateField(madeAt, 60),
		open: file => [octetsOf.get(file)!],
	});
	return {...message, raw: Buffer.concat(await Readable.from(message.pieces).toArray()), messageId};
}

/** As it is on the wire: a domain in ASCII, unless what stands before it needs UTF-8 anyway. */
export function spelled(address: string): string {
	const at = address.lastIndexOf('@');
	const [local, domain] = [address.slice(0, at), address.slice(at + 1).toLowerCase()];
	const isUtf8 = /[^\0-\x7f]/.test(local);
	return `${local}@${(isUtf8 ? domainToUnicode(domainToASCII(domain)) : domainToASCII(domain)) || domain}`;
}

const oneLine = (text: string): string => text.toWellFormed().replaceAll(/[\r\n\u2028\u2029\x85]+/g, ' ');
/** mailparser takes blanks at either end of a name or a subject away; so do all who show them. */
const shown = (text: string): string => oneLine(text).trim();

const people = (field: AddressObject | AddressObject[] | undefined): Address[] =>
	[field ?? []]
		.flat()
		.flatMap(({value}) => value)
		.filter(({address}) => address !== undefined && address !== '')
		.map(({name, address}) => ({name: name.trim(), address: spelled(address ?? '')}));

const expectedPeople = (list: readonly Address[]): Address[] =>
	list.map(({name, address}) => ({name: shown(name), address: spelled(address)}));

/** What the reader of a draft's text sees: as it was, but for blanks at the ends of lines and within quote marks. */
export const readable = (text: string): string => {
	const lines = text.toWellFormed().replaceAll(/\r\n?/g, '\n');
	return (lines === '' || lines.endsWith('\n') ? lines : `${lines}\n`)
		.split('\n')
		.map(line => {
			const quote = /^(?:> ?)+/.exec(line)?.[0] ?? '';
			const content = line.slice(quote.length);
			const kept = content === '-- ' ? content : content.replace(/ +$/, '');
			const depth = Math.min(30, quote.replaceAll(' ', '').length);
			return depth === 0 ? kept : `${'>'.repeat(depth)} ${kept}`.replace(/^(>+) $/, '$1');
		})
		.join('\n');
};

const fields =
	/^(From|To|Cc|Reply-To|Subject|Date|Message-ID|In-Reply-To|References|MIME-Version|Content-(Type|Transfer-Encoding)): /;

/** The laws of `source/compose/compose.ts`, of the octets themselves. */
export function obeysTheLaws(raw: Buffer, draft: Draft, isEightBit: boolean): void {
	const text = raw.toString('latin1');
	const [header = ''] = text.split('\r\n\r\n', 1);
	const body = text.slice(header.length + 4);
	const hasMessage = draft.attachments.some(({type}) => type.startsWith('message/'));
	assert.equal(text.replaceAll('\r\n', '').match(/[\r\n]/), null, 'a line ends otherwise than in CRLF');
	assert.ok(hasMessage || text.split('\r\n').every(line => line.length <= 998), 'a line is too long');
	assert.ok(isEightBit || !/[^\0-\x7f]/.test(text), 'an octet over 127 where none was announced');
	assert.ok(text.endsWith('\r\n'));
	const own = draft.headers.map(({name}) => name.toLowerCase());
	const names = header.replaceAll(/\r\n[ \t]/g, ' ').split('\r\n');
	for (const line of names) {
		const isOwn = own.includes((/^([^:\s]+):/.exec(line)?.[1] ?? '').toLowerCase());
		assert.ok(isOwn || fields.test(line), `nobody asked for ${JSON.stringify(line)}`);
	}
	const standard = names.filter(line => fields.test(line)).map(line => line.split(':', 1)[0]);
	assert.equal(new Set(standard).size, standard.length, 'a field is there twice');
	for (const {address} of draft.bcc) assert.ok(!header.includes(spelled(address)), 'Bcc is in the message');
	assert.doesNotMatch(body.replaceAll(/[A-Za-z0-9+/]{60,}/g, ''), /\/home\/ada\/private/, 'a path leaks');
}

type Written = Awaited<ReturnType<typeof composed>>;

/** `carry` is the way it goes: what arrives is what is read. */
export async function saysWhatItSays(
	draft: Draft,
	carry: (message: Written) => Promise<Buffer> = async ({raw}) => raw,
): Promise<void> {
	const message = await composed(draft);
	const {envelope, isEightBit, messageId} = message;
	const raw = await carry(message);
	obeysTheLaws(raw, draft, isEightBit);
	const read = await simpleParser(raw, {skipHtmlToText: true, skipTextToHtml: true, skipImageLinks: true});
	assert.deepEqual(people(read.from), expectedPeople([draft.from]));
	assert.deepEqual(people(read.to), expectedPeople(draft.to));
	assert.deepEqual(people(read.cc), expectedPeople(draft.cc));
	assert.deepEqual(people(read.replyTo), expectedPeople(draft.replyTo));
	assert.equal(read.bcc, undefined);
	assert.equal((read.subject ?? '').trim(), shown(draft.subject));
	assert.equal(read.messageId, messageId);
	assert.equal(read.date?.getTime(), madeAt);
	assert.deepEqual([read.references ?? []].flat(), [...new Set(draft.references)]);
	const everybody = [...draft.to, ...draft.cc, ...draft.bcc].map(({address}) => spelled(address));
	assert.deepEqual(envelope, {from: spelled(draft.from.address), to: [...new Set(everybody)]});
	assert.deepEqual(
		read.attachments.map(({filename, content}) => [filename ?? '', content.toString('base64')]),
		draft.attachments.map(({name, file}) => [
			name
				.toWellFormed()
				.split(/[/\\]/)
				.at(-1)!
				.replaceAll(/[\s\x00-\x1f\x7f]+/g, ' ')
				.trim(),
			octetsOf.get(file!)!.toString('base64'),
		]),
	);
	assert.equal(ownReading(raw), readable(draft.text));
}

/** The text as our own reader has it, with quotes as `>> `. */
function ownReading(raw: Buffer): string {
	const whole = raw.toString('latin1');
	const [header = ''] = whole.split('\r\n\r\n', 1);
	const boundary = /boundary="([^"]+)"/.exec(header)?.[1];
	const part = boundary === undefined ? whole : (whole.split(`--${boundary}\r\n`)[1] ?? '');
	const [partHeader = ''] = part.split('\r\n\r\n', 1);
	if (!/Content-Type: text\/plain/.test(partHeader) || /Content-Disposition/.test(partHeader)) return '';
	const end = boundary === undefined ? part.length : part.length - 2;
	const octets = Buffer.from(part.slice(partHeader.length + 4, end), 'latin1');
	const encoding = /Content-Transfer-Encoding: (\S+)/.exec(partHeader)?.[1] ?? '';
	const charset = /charset=([^;\s]+)/.exec(partHeader)?.[1] ?? '';
	const text = decoded(octets, encoding).toString(charset === 'utf-8' ? 'utf8' : 'latin1');
	const lines = [...logicalLines(text.replaceAll('\r\n', '\n'), {format: 'flowed'})];
	return lines.map(line => `${line.prefix}${line.text}`.replace(/^(>+) $/, '$1')).join('\n');
}

/** Written here once more, so that it cannot be wrong in the same way. */
function decoded(octets: Buffer, encoding: string): Buffer {
	if (encoding === 'base64') return Buffer.from(octets.toString('latin1'), 'base64');
	if (encoding !== 'quoted-printable') return octets;
	const text = octets.toString('latin1').replaceAll(/=\r\n/g, '');
	return Buffer.from(
		text.replaceAll(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16))),
		'latin1',
	);
}
