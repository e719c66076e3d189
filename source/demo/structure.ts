/**
 * ENVELOPE, BODY and BODYSTRUCTURE in the words of RFC 3501 §7.4.2, and the strings they are made of.
 * Text is latin1: one character is one byte on the wire.
 */
import {type Address, type Field, fieldOf, type Parameter, parseAddresses, parseParameterized} from './header.ts';
import type {Part} from './mime.ts';

/** A quoted string where that is allowed, else a literal; NIL when there is nothing. */
export const nstring = (text: string | undefined): string => {
	if (text === undefined) return 'NIL';
	if (/[\0\r\n\x80-\xff]/.test(text)) return `{${text.length}}\r\n${text}`;
	return `"${text.replace(/["\\]/g, '\\$&')}"`;
};

const list = (entries: readonly string[]): string => `(${entries.join(' ')})`;

const addressList = (text: string | undefined): string | undefined => {
	const addresses = text === undefined ? [] : parseAddresses(text);
	return addresses.length === 0 ? undefined : `(${addresses.map(writeAddress).join('')})`;
};

const writeAddress = (address: Address): string =>
	list([address.name, address.route, address.mailbox, address.host].map(nstring));

export const envelope = (fields: readonly Field[]): string => {
	const text = (name: string) => nstring(fieldOf(fields, name)?.trimEnd());
	const from = addressList(joinedValues(fields, 'from'));
	const addresses = (name: string) => addressList(joinedValues(fields, name));
	return list([
		text('date'),
		text('subject'),
		from ?? 'NIL',
		addresses('sender') ?? from ?? 'NIL',
		addresses('reply-to') ?? from ?? 'NIL',
		addresses('to') ?? 'NIL',
		addresses('cc') ?? 'NIL',
		addresses('bcc') ?? 'NIL',
		text('in-reply-to'),
		text('message-id'),
	]);
};

const joinedValues = (fields: readonly Field[], name: string): string | undefined => {
	const values = fields.filter(field => field.name.toLowerCase() === name).map(field => field.value);
	return values.length === 0 ? undefined : values.join(', ');
};

const writeParameters = (parameters: readonly Parameter[], isText: boolean): string => {
	const all = [...parameters];
	if (isText && !all.some(([name]) => name.toLowerCase() === 'charset')) all.push(['charset', 'us-ascii']);
	return all.length === 0 ? 'NIL' : list(all.flatMap(pair => pair.map(nstring)));
};

const disposition = (part: Part): string => {
	const text = fieldOf(part.fields, 'content-disposition');
	if (text === undefined || text === '') return 'NIL';
	const {value, parameters} = parseParameterized(text);
	return list([nstring(value), writeParameters(parameters, false)]);
};

const language = (part: Part): string => {
	const text = fieldOf(part.fields, 'content-language');
	if (text === undefined) return 'NIL';
	const languages = text
		.split(',')
		.map(word => word.trim())
		.filter(word => word !== '');
	return languages.length === 0 ? 'NIL' : list(languages.map(nstring));
};

const tail = (part: Part): string[] => [
	disposition(part),
	language(part),
	nstring(fieldOf(part.fields, 'content-location')),
];

/** The first word of a field such as Content-Transfer-Encoding, comments left out. */
export const transferEncoding = (part: Part): string => {
	const text = fieldOf(part.fields, 'content-transfer-encoding');
	return /^\s*(?:\([^)]*\)\s*)*([^\s;(]+)/.exec(text ?? '')?.[1] ?? '7bit';
};

const emptyText = (isExtended: boolean): string =>
	`("text" "plain" ("charset" "us-ascii") NIL NIL "7bit" 0 0${isExtended ? ' NIL NIL NIL NIL' : ''})`;

/** `isExtended` is BODYSTRUCTURE; without, it is BODY. */
export const bodyStructure = (part: Part, isExtended: boolean): string => {
	if (part.kind === 'multipart') {
		const parts = part.children.map(child => bodyStructure(child, isExtended)).join('');
		const own = [nstring(part.subtype)];
		if (isExtended) own.push(writeParameters(part.parameters, false), ...tail(part));
		return `(${parts === '' ? emptyText(isExtended) : parts} ${own.join(' ')})`;
	}
	const isText = part.type.toLowerCase() === 'text';
	const entries = [
		nstring(part.type),
		nstring(part.subtype),
		writeParameters(part.parameters, isText),
		nstring(fieldOf(part.fields, 'content-id')),
		nstring(fieldOf(part.fields, 'content-description')),
		nstring(transferEncoding(part)),
		String(part.end - part.bodyStart),
	];
	const inside = part.children[0];
	if (part.kind === 'message' && inside !== undefined) {
		entries.push(envelope(inside.fields), bodyStructure(inside, isExtended));
	}
	if (isText || part.kind === 'message') entries.push(String(part.lineCount));
	if (isExtended) entries.push(nstring(fieldOf(part.fields, 'content-md5')), ...tail(part));
	return list(entries);
};
