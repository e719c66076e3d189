/**
 * Octets of a part → something a person can read: decoded, made safe, and wrapped for a screen.
 */
import type {HeaderLine, TextLine} from '../model/message.ts';
import type {Part} from '../model/part.ts';
import {ours, type SafeText, safeLine, safeText} from '../model/safe-text.ts';
import {
	createTransferDecoder,
	decodePart,
	htmlToText,
	logicalLines,
	type PartText,
	parseWholeMessage,
	wrapText,
} from '../text/text.ts';
import {fieldLines} from './describe.ts';

export type Readable = {
	readonly text: SafeText;
	/** The same with all that is in it: tabs, joiners, marks of direction. Not to be shown. */
	readonly written: string;
	/** Of an HTML text, numbered from 1. */
	readonly links: readonly SafeText[];
	/** What a reader should know about the decoding; '' for nothing. */
	readonly remark: SafeText;
	readonly isFlowed: boolean;
	readonly isDelSp: boolean;
	/** Of a message that was parsed here, since the server's description could not be read. */
	readonly headers: readonly HeaderLine[];
};

const plain = (text: SafeText, remark: SafeText = ours(''), written: string = text): Readable => ({
	text,
	written,
	links: [],
	remark,
	isFlowed: false,
	isDelSp: false,
	headers: [],
});

/** The octets of a part with its transfer encoding undone (RFC 2045 §6). */
export function decodeTransfer(part: Part, octets: Buffer): Buffer {
	const decoder = createTransferDecoder(part.encoding);
	return Buffer.concat([decoder.write(octets), decoder.end()]);
}

/** HTML takes a moment, since the library for it is loaded then. */
export function readText(part: Part, octets: Buffer, isWhole: boolean): Readable | Promise<Readable> {
	const charset = part.parameters.charset ?? '';
	const decoded = decodePart(octets, {encoding: part.encoding, charset, isWhole});
	const remark = remarkOn(decoded, part);
	if (part.subtype === 'html') {
		return htmlToText(decoded.text).then(html => ({...plain(html.text, remark), links: html.links}));
	}
	return {
		...plain(safeText(decoded.text), remark, decoded.text),
		isFlowed: part.parameters.format?.toLowerCase() === 'flowed',
		isDelSp: part.parameters.delsp?.toLowerCase() === 'yes',
	};
}

function remarkOn({isEncodingKnown, isEncodingTrue, isCharsetGuess, charset}: PartText, part: Part): SafeText {
	if (!isEncodingTrue) return ours('It says its transfer encoding is base64, which it is not; shown as it was sent');
	if (!isEncodingKnown) return safeLine(`Its transfer encoding "${part.encoding}" is unknown; shown as it was sent`);
	// Most who leave the charset out mean ASCII, and a guess nobody can see needs no word.
	if (isCharsetGuess && part.parameters.charset)
		return safeLine(`It says its charset is "${part.parameters.charset}", which cannot be; read as ${charset}`);
	return ours('');
}

const shortHeaders = new Set(['date', 'from', 'to', 'cc', 'subject']);

/** A whole message as far as it came, parsed here; where no text is found in it either, what stands behind its header. */
export async function readRaw(octets: Buffer, isWhole: boolean): Promise<Readable> {
	const message = await parseWholeMessage(octets, isWhole);
	const found = message.text.trim() === '' ? safeText(bodyOf(octets, isWhole)) : message.text;
	const attachments = message.attachments.map(each => ours(`[${each.name || each.type}, ${each.sizeBytes} octets]`));
	const text = attachments.length > 0 ? ours(`${found}\n\n${attachments.join('\n')}`) : found;
	const headers = message.headers.filter(({name}) => shortHeaders.has(name.toLowerCase()));
	return {...plain(text, text.trim() === '' ? ours('This message is empty') : ours('')), headers: fieldLines(headers)};
}

function bodyOf(octets: Buffer, isWhole: boolean): string {
	const end = /\r?\n\r?\n/.exec(octets.toString('latin1'));
	const body = end ? octets.subarray(end.index + end[0].length) : Buffer.alloc(0);
	return decodePart(body, {encoding: '8bit', charset: '', isWhole}).text;
}

export function wrapReadable(readable: Readable, columns: number): readonly TextLine[] {
	return wrapText(readable.text, {
		columns,
		...(readable.isFlowed ? {format: 'flowed' as const, delSp: readable.isDelSp} : {}),
	});
}

/** A paragraph that flows is one line, whatever the sender broke it into. */
export const unwrapped = (readable: Readable): SafeText => inOneLine(readable.text, readable) as SafeText;

/** The same of what its author goes on with, who wants all of it back; not to be shown. */
export const asWritten = (readable: Readable): string =>
	inOneLine(readable.written.replaceAll(/\r\n?/g, '\n'), readable);

function inOneLine(text: string, {isFlowed, isDelSp}: Readable): string {
	if (!isFlowed) return text;
	const lines = logicalLines(text, {format: 'flowed', delSp: isDelSp});
	return [...lines]
		.map(line => `${line.prefix}${line.text}`.replace(/ +$/, end => (line.isSignatureStart ? end : '')))
		.join('\n');
}
