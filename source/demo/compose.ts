/**
 * Writes messages: parts, multiparts and header fields, as mail programs write them. The demo mailbox is made of these.
 * Text here is Unicode; a field that is not ASCII becomes encoded words (RFC 2047).
 */
import {type Bytes, base64Run, held, type Piece} from './bytes.ts';
import {encodeCharset} from './charsets.ts';

export type Mime = {readonly fields: readonly string[]; readonly body: readonly Piece[]; readonly depth: number};

export type Fields = readonly (readonly [name: string, value: string])[];

const bytesOf = (text: string): Buffer => Buffer.from(text, 'utf8');

const encodedWordBytes = 42;

/** Encoded words where they are needed, folded so that no line is too long. */
export const encodeWords = (text: string, charset = 'utf-8'): string => {
	if (/^[\x20-\x7e]*$/.test(text)) return text;
	const words: string[] = [];
	let run = '';
	const flush = () => {
		if (run !== '') words.push(`=?${charset}?B?${encodeCharset(run, charset).toString('base64')}?=`);
		run = '';
	};
	for (const character of text) {
		if (encodeCharset(run + character, charset).length > encodedWordBytes) flush();
		run += character;
	}
	flush();
	return words.join('\r\n ');
};

/** Spaces become line ends with a space where a field grows too long. */
const fold = (field: string): string => {
	if (field.length <= 78 || field.includes('\r\n')) return field;
	let line = '';
	const lines: string[] = [];
	for (const word of field.split(' ')) {
		if (line !== '' && line.length + word.length > 76) {
			lines.push(line);
			line = '';
		}
		line = line === '' ? (lines.length === 0 ? word : ` ${word}`) : `${line} ${word}`;
	}
	lines.push(line);
	return lines.join('\r\n');
};

const field = (name: string, value: string): string => fold(`${name}: ${value}`);

export const mailboxOf = (name: string, address: string, charset = 'utf-8'): string => {
	if (name === '') return address;
	const isPlain = /^[A-Za-z0-9 .'-]+$/.test(name) && !name.includes('.');
	if (isPlain) return `${name} <${address}>`;
	if (/^[\x20-\x7e]*$/.test(name)) return `"${name.replace(/["\\]/g, '\\$&')}" <${address}>`;
	return `${encodeWords(name, charset)} <${address}>`;
};

const quotedPrintable = (bytes: Buffer): string => {
	const out: string[] = [];
	for (const line of bytes.toString('latin1').split('\r\n')) {
		let written = '';
		for (let i = 0; i < line.length; i++) {
			const c = line[i]!;
			const isLast = i === line.length - 1;
			const isSafe = /[\t\x20-\x7e]/.test(c) && c !== '=' && !(isLast && /[\t ]/.test(c));
			const token = isSafe ? c : `=${c.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
			if (written.length + token.length > 75) {
				out.push(`${written}=`);
				written = '';
			}
			written += token;
		}
		out.push(written);
	}
	return out.join('\r\n');
};

const withLineEnds = (text: string): string => text.replace(/\r?\n/g, '\r\n');

export type TextOptions = {
	readonly subtype?: string;
	readonly charset?: string;
	readonly isFlowed?: boolean;
	readonly language?: string;
	readonly encoding?: '7bit' | '8bit' | 'quoted-printable' | 'base64';
	readonly parameters?: string;
};

export const text = (content: string, options: TextOptions = {}): Mime => {
	const charset = options.charset ?? 'utf-8';
	const bytes = encodeCharset(withLineEnds(content), charset);
	const encoding = options.encoding ?? fittingEncoding(bytes);
	const flowed = options.isFlowed === true ? '; format=flowed' : '';
	const fields = [
		`Content-Type: text/${options.subtype ?? 'plain'}; charset=${charset}${flowed}${options.parameters ?? ''}`,
		`Content-Transfer-Encoding: ${encoding}`,
	];
	if (options.language !== undefined) fields.push(`Content-Language: ${options.language}`);
	if (encoding === 'base64') return {fields, body: [base64Run(held(bytes))], depth: 0};
	const body = encoding === 'quoted-printable' ? Buffer.from(quotedPrintable(bytes), 'latin1') : bytes;
	return {fields, body: [body], depth: 0};
};

const fittingEncoding = (bytes: Buffer): '7bit' | 'quoted-printable' | 'base64' => {
	const latin1 = bytes.toString('latin1');
	const high = latin1.replace(/[\x00-\x7f]/g, '').length;
	if (high === 0 && !/[^\r\n]{998}/.test(latin1)) return '7bit';
	return high * 4 > latin1.length ? 'base64' : 'quoted-printable';
};

export const multipart = (subtype: string, children: readonly Mime[], parameters = ''): Mime => {
	const depth = 1 + Math.max(0, ...children.map(child => child.depth));
	// Deeper multiparts have smaller numbers, so a boundary never occurs inside the parts it separates.
	const boundary = `=_${subtype.replace(/[^a-z]/g, '')}_${depth}_b0n5a1`;
	const body: Piece[] = [];
	for (const child of children) {
		body.push(bytesOf(`${body.length === 0 ? '' : '\r\n'}--${boundary}\r\n${child.fields.join('\r\n')}\r\n\r\n`));
		body.push(...child.body);
	}
	body.push(bytesOf(`\r\n--${boundary}--\r\n`));
	return {fields: [fold(`Content-Type: multipart/${subtype}; boundary="${boundary}"${parameters}`)], body, depth};
};

type AttachmentOptions = {
	readonly isInline?: boolean;
	readonly id?: string;
	readonly description?: string;
	readonly location?: string;
};

export const attachment = (type: string, name: string, bytes: Bytes, options: AttachmentOptions = {}): Mime => {
	const disposition = options.isInline === true ? 'inline' : 'attachment';
	const fields = [
		fold(`Content-Type: ${type}; ${parameter('name', name)}`),
		fold(`Content-Disposition: ${disposition}; ${parameter('filename', name)}; size=${bytes.sizeBytes}`),
		'Content-Transfer-Encoding: base64',
	];
	if (options.id !== undefined) fields.push(`Content-ID: <${options.id}>`);
	if (options.description !== undefined) fields.push(field('Content-Description', encodeWords(options.description)));
	if (options.location !== undefined) fields.push(field('Content-Location', options.location));
	return {fields, body: [base64Run(bytes)], depth: 0};
};

/** RFC 2231 when the value is not ASCII. */
const parameter = (name: string, value: string): string => {
	if (/^[\x20-\x7e]*$/.test(value)) return `${name}="${value.replace(/["\\]/g, '\\$&')}"`;
	const escaped = [...bytesOf(value)].map(byte => {
		const c = String.fromCharCode(byte);
		return /[A-Za-z0-9._-]/.test(c) ? c : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
	});
	return `${name}*=utf-8''${escaped.join('')}`;
};

/** A part written by hand. */
export const part = (fields: readonly string[], body: string): Mime => ({
	fields,
	body: [bytesOf(withLineEnds(body))],
	depth: 0,
});

export const attachedMessage = (pieces: readonly Piece[], depth: number, fields: readonly string[] = []): Mime => ({
	fields: ['Content-Type: message/rfc822', ...fields],
	body: pieces,
	depth,
});

/** A whole message. */
export const compose = (fields: Fields, mime: Mime): Piece[] => {
	const lines = fields.map(([name, value]) => field(name, value));
	return [
		bytesOf(`${[...lines, 'MIME-Version: 1.0', ...mime.fields].join('\r\n')}\r\n\r\n`),
		...mime.body,
		bytesOf(endOf(mime)),
	];
};

const endOf = (mime: Mime): string => {
	const last = mime.body.at(-1);
	const isEnded = Buffer.isBuffer(last) && last.length > 1 && last.at(-1) === 10;
	return isEnded ? '' : '\r\n';
};
