/**
 * One section of a message (RFC 3501 §6.4.5) as bytes that can be read by offset, as they are or with their transfer
 * encoding undone (RFC 3516). Nothing is read here but what the answer needs.
 */
import {type Bytes, held} from './bytes.ts';
import type {Section} from './fetch-syntax.ts';
import type {Message, Part} from './mime.ts';
import {transferEncoding} from './structure.ts';

/** The part a path leads to; `2.1` inside an attached message starts over at that message's parts. */
const partAt = (message: Message, path: readonly number[]): Part | undefined => {
	let part: Part | undefined = message.root;
	let container: Part | undefined = message.root;
	for (const n of path) {
		if (container?.kind === 'multipart') part = container.children[n - 1];
		else part = n === 1 ? container : undefined;
		container = part?.kind === 'message' ? part.children[0] : part?.kind === 'multipart' ? part : undefined;
	}
	return part;
};

export const sectionBytes = (message: Message, section: Section): Bytes | undefined => {
	const {path, text} = section;
	if (path.length === 0 && text === '') return message.bytes;
	const part = partAt(message, path);
	if (part === undefined) return undefined;
	if (text === '') return slice(message.bytes, part.bodyStart, part.end);
	if (text === 'MIME') return slice(message.bytes, part.headerStart, part.bodyStart);
	const inner = path.length === 0 ? part : part.kind === 'message' ? part.children[0] : undefined;
	if (inner === undefined) return undefined;
	if (text === 'TEXT') return slice(message.bytes, inner.bodyStart, inner.end);
	if (text === 'HEADER') return slice(message.bytes, inner.headerStart, inner.bodyStart);
	const names = new Set(section.fields.map(name => name.toLowerCase()));
	const isWanted = (name: string) => names.has(name.toLowerCase()) === (text === 'HEADER.FIELDS');
	const lines = inner.fields.filter(field => isWanted(field.name)).map(field => field.raw);
	return held(Buffer.from(`${lines.join('')}\r\n`, 'latin1'));
};

const slice = (bytes: Bytes, start: number, end: number): Bytes => ({
	sizeBytes: end - start,
	read: (from, to) => bytes.read(start + from, start + Math.max(from, Math.min(to, end - start))),
});

export type Decoded = Bytes & {readonly mayHoldNul: boolean};

const decoded = new WeakMap<Part, Decoded>();

/** The content of a part; `unknown` when its transfer encoding is not one we know (the client is told UNKNOWN-CTE). */
export const decodedPart = (message: Message, path: readonly number[]): Decoded | 'unknown' | undefined => {
	if (path.length === 0) return {...message.bytes, mayHoldNul: true};
	const part = partAt(message, path);
	if (part === undefined) return undefined;
	const known = decoded.get(part);
	if (known !== undefined) return known;
	const body = slice(message.bytes, part.bodyStart, part.end);
	const encoding = part.kind === 'leaf' ? transferEncoding(part).toLowerCase() : 'binary';
	if (!['base64', 'quoted-printable', '7bit', '8bit', 'binary'].includes(encoding)) return 'unknown';
	let content: Decoded;
	if (part.run !== undefined && encoding === 'base64') content = {...part.run.decoded, mayHoldNul: true};
	else if (encoding === 'base64') content = ready(fromBase64(body.read(0, body.sizeBytes).toString('latin1')));
	else if (encoding === 'quoted-printable')
		content = ready(fromQuotedPrintable(body.read(0, body.sizeBytes).toString('latin1')));
	else content = {...body, mayHoldNul: part.kind === 'leaf' && body.read(0, body.sizeBytes).includes(0)};
	decoded.set(part, content);
	return content;
};

const ready = (buffer: Buffer): Decoded => ({...held(buffer), mayHoldNul: buffer.includes(0)});

export const fromBase64 = (text: string): Buffer => Buffer.from(text, 'base64');

export const fromQuotedPrintable = (text: string): Buffer =>
	Buffer.from(
		text
			.replace(/[ \t]+(?=\r?\n|$)/g, '')
			.replace(/=\r?\n/g, '')
			.replace(/=([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
		'latin1',
	);
