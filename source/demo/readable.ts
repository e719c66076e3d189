/**
 * A message's text for SEARCH and PREVIEW: charsets and encoded words undone. Good enough to find things with; the
 * client has its own, and shares nothing with this.
 */
import type {Message, Part} from './mime.ts';
import {fromBase64, fromQuotedPrintable} from './section.ts';
import {transferEncoding} from './structure.ts';

const previewCharacters = 200;
/** A body beyond this is not searched to its end. */
const searchedBytes = 1_000_000;

const decodeCharset = (bytes: Buffer, charset: string): string => {
	try {
		return new TextDecoder(charset).decode(bytes);
	} catch {
		return bytes.toString('latin1');
	}
};

export const readableField = (text: string): string =>
	text
		.replace(/(=\?[^?\s]+\?[bq]\?[^?\s]*\?=)\s+(?==\?)/gi, '$1')
		.replace(/=\?([^?*\s]+)[^?\s]*\?([bq])\?([^?\s]*)\?=/gi, (_, charset: string, encoding: string, word: string) =>
			decodeCharset(
				encoding.toLowerCase() === 'b' ? fromBase64(word) : fromQuotedPrintable(word.replace(/_/g, '=20')),
				charset,
			),
		);

export const readablePart = (message: Message, part: Part): string => {
	const raw = message.bytes.read(part.bodyStart, Math.min(part.end, part.bodyStart + searchedBytes));
	const encoding = transferEncoding(part).toLowerCase();
	const charset = part.parameters.find(([name]) => name.toLowerCase() === 'charset')?.[1] ?? 'utf-8';
	let bytes = raw;
	if (encoding === 'base64') bytes = fromBase64(raw.toString('latin1'));
	if (encoding === 'quoted-printable') bytes = fromQuotedPrintable(raw.toString('latin1'));
	const text = decodeCharset(bytes, charset);
	return part.subtype.toLowerCase() === 'html' ? withoutTags(text) : text;
};

const entities: Readonly<Record<string, string>> = {amp: '&', lt: '<', gt: '>', quot: '"', nbsp: ' '};

const withoutTags = (html: string): string =>
	html
		.replace(/<(style|script|head)\b[\s\S]*?<\/\1>/gi, ' ')
		.replace(/<[^>]*>/g, ' ')
		.replace(/&(amp|lt|gt|quot|nbsp);/g, (_, name: string) => entities[name] ?? '');

export function* textParts(part: Part): Generator<Part> {
	if (part.kind === 'leaf') {
		if (part.type.toLowerCase() === 'text') yield part;
	} else for (const child of part.children) yield* textParts(child);
}

/** The first text of a message on one line (RFC 8970); empty when it has none. */
export const previewOf = (message: Message): string => {
	for (const part of textParts(message.root)) {
		const text = readablePart(message, part)
			.replace(/[\s\u0000-\u001f\u007f-\u009f]+/g, ' ')
			.trim();
		if (text !== '') return [...text.slice(0, previewCharacters * 2)].slice(0, previewCharacters).join('');
	}
	return '';
};
