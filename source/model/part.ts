/**
 * A message's tree of MIME parts, as the server describes it (BODYSTRUCTURE, RFC 9051 §7.5.2),
 * and the questions one asks of it. Pure: nothing here costs anything.
 */
import {type PartNumber, partNumber} from './ids.ts';
import {ours, type SafeText} from './safe-text.ts';

export type Envelope = {
	readonly date: SafeText;
	readonly subject: SafeText;
	readonly from: SafeText;
	readonly to: SafeText;
	readonly cc: SafeText;
};

export type Part = {
	/** '' for the message itself when it is a multipart. */
	readonly number: PartNumber;
	/** Lower case: `text`, `multipart`. */
	readonly type: string;
	readonly subtype: string;
	/** Names in lower case; RFC 2231 and RFC 2047 not undone. */
	readonly parameters: Readonly<Record<string, string>>;
	/** Content-Transfer-Encoding in lower case. */
	readonly encoding: string;
	/** Octets as sent (encoded). 0 for a multipart. */
	readonly sizeBytes: number;
	readonly disposition: 'inline' | 'attachment' | '';
	/** The file name as it may be shown; '' when there is none. */
	readonly name: SafeText;
	readonly description: SafeText;
	readonly children: readonly Part[];
	/** Of a message/rfc822. */
	readonly envelope: Envelope | undefined;
};

/** The whole message as one part, as it is piped and saved. */
export const wholeMessage = (sizeBytes: number): Part => ({
	number: partNumber(''),
	type: 'message',
	subtype: 'rfc822',
	parameters: {},
	encoding: '8bit',
	sizeBytes,
	disposition: '',
	name: ours(''),
	description: ours(''),
	children: [],
	envelope: undefined,
});

/** The part and everything below it, in order. */
export function* walk(part: Part): Generator<Part> {
	yield part;
	for (const child of part.children) yield* walk(child);
}

export function findPart(root: Part, number: PartNumber): Part | undefined {
	for (const part of walk(root)) if (part.number === number) return part;
	return undefined;
}

/** A server that found no end of a header, or a boundary that is none, describes parts of no octets. */
export const hasNoOctets = (root: Part): boolean => {
	const leaves = [...walk(root)].filter(part => part.children.length === 0);
	return leaves.every(part => part.sizeBytes === 0);
};

export const isMultipart = (part: Part): boolean => part.type === 'multipart';
export const isMessage = (part: Part): boolean =>
	part.type === 'message' && (part.subtype === 'rfc822' || part.subtype === 'global');
const isText = (part: Part, subtype: string): boolean =>
	part.type === 'text' && part.subtype === subtype && part.disposition !== 'attachment';

/** The parts one reads without opening anything: not inside an attached message, no attachment. */
function* readable(part: Part): Generator<Part> {
	if (isMessage(part)) return;
	if (!isMultipart(part)) {
		yield part;
		return;
	}
	for (const child of part.children) yield* readable(child);
}

/**
 * Whether a part travels decoded: only base64 gains by it, and only where the server has BINARY (RFC 3516). Text is read
 * as it was sent, since a piece of it must make sense before the rest is here.
 */
export const travelsDecoded = ({encoding}: Pick<Part, 'encoding'>, hasBinary: boolean): boolean =>
	hasBinary && encoding === 'base64';

/** Octets that travel for a part, at most: base64 decodes to three quarters, less what its line ends took. */
export const travelBytes = (part: Pick<Part, 'encoding' | 'sizeBytes'>, hasBinary: boolean): number =>
	travelsDecoded(part, hasBinary) ? Math.ceil((part.sizeBytes * 3) / 4) : part.sizeBytes;

const dense =
	/^(image|audio|video)\/(?!svg|bmp|x-ms-bmp|tiff|wav|x-wav)|^application\/(zip|gzip|pdf|x-(7z|rar|xz|bzip).*)$/;

/** Whether compression on the line makes it smaller, as it travels. */
export const mayShrink = (part: Pick<Part, 'encoding' | 'type' | 'subtype'>, isDecoded: boolean): boolean =>
	!isDecoded || !dense.test(`${part.type}/${part.subtype}`);

/** The body of an attached message opened as a message; else the part itself. */
export const bodyOf = (part: Part): Part => (isMessage(part) && part.children[0] ? part.children[0] : part);

/** The first that holds more than a line end, else the first. */
const firstFilled = (parts: readonly Part[]): Part | undefined => parts.find(part => part.sizeBytes > 2) ?? parts[0];

/** One that is longer holds years, and is no invitation. In octets, as sent. */
const longestInvitation = 384 * 1024;

const isInvitation = ({type, subtype, name, sizeBytes}: Part): boolean =>
	sizeBytes > 0 &&
	sizeBytes <= longestInvitation &&
	((type === 'text' && subtype === 'calendar') ||
		(type === 'application' && (subtype === 'ics' || (subtype === 'octet-stream' && /\.ics$/i.test(name)))));

/** The calendar part that is read as an invitation (RFC 6047): one that stands in the message before one that is attached. */
export function calendarOf(root: Part): Part | undefined {
	const calendars = [...readable(bodyOf(root))].filter(isInvitation);
	return calendars.find(part => part.type === 'text' && part.disposition !== 'attachment') ?? calendars[0];
}

/** Whether a part says the same as another one beside it (RFC 2046 §5.1.4). */
export function isAlternative(root: Part, part: Part): boolean {
	for (const each of walk(root))
		if (each.subtype === 'alternative' && each.children.length > 1 && each.children.includes(part)) return true;
	return false;
}

/** The text a person reads first: text/plain, else another kind of text that is neither HTML nor an invitation. */
export function plainTextOf(root: Part): Part | undefined {
	const texts = [...readable(bodyOf(root))].filter(
		part => part.type === 'text' && part.disposition !== 'attachment' && !isInvitation(part),
	);
	const plain = firstFilled(texts.filter(part => part.subtype === 'plain'));
	if (plain) return plain;
	return htmlOf(root) ? undefined : firstFilled(texts);
}

export function htmlOf(root: Part): Part | undefined {
	return firstFilled([...readable(bodyOf(root))].filter(part => isText(part, 'html')));
}

/** The kind of encryption a message is under, if it is (RFC 3156, RFC 8551). */
export function encryptionOf(root: Part): 'pgp' | 'smime' | undefined {
	const body = bodyOf(root);
	if (body.type === 'multipart' && body.subtype === 'encrypted') return 'pgp';
	if (body.type === 'application' && /^(x-)?pkcs7-mime$/.test(body.subtype)) {
		return body.parameters['smime-type'] === 'signed-data' ? undefined : 'smime';
	}
	return undefined;
}
