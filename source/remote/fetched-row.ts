/**
 * One untagged FETCH line as the values it carries (RFC 9051 §7.5.2). Reads the raw items itself, since
 * imapflow drops those it does not know. What a line does not carry is undefined: unknown, never empty (law 17).
 */

import {msOf} from './imap-dates.ts';

/** A node of imapflow's parse tree, and of what its compiler takes. */
export type Token =
	| null
	| string
	| {
			readonly type: string;
			readonly value?: string | Buffer;
			readonly section?: readonly Token[];
			readonly partial?: readonly number[];
			readonly sensitive?: boolean;
	  }
	| readonly Token[];

export type Response = {
	readonly tag: string;
	readonly command: string;
	readonly attributes?: readonly Token[];
	/** Of a SEARCH line that is nothing but numbers, which imapflow reads at once. */
	readonly numbers?: readonly number[];
};

export type FetchedRow = {
	/** The message sequence number, valid at the moment of this line only. */
	readonly sequence: number;
	readonly uid: number | undefined;
	readonly flags: readonly string[] | undefined;
	readonly sizeBytes: number | undefined;
	/** INTERNALDATE, in ms since the epoch. */
	readonly internalDate: number | undefined;
	readonly bodyStructure: Token | undefined;
	/** PREVIEW (RFC 8970); undefined of NIL too: the server has none for now. */
	readonly preview: string | undefined;
	/**
	 * Octets by section: `BODY[1]<0>`, `BINARY[2]<4096>`, `BODY[HEADER.FIELDS]`, `BODY[1.HEADER]<0>`. The list of
	 * field names is left out of the key, since servers spell it in their own way. NIL is an empty buffer.
	 */
	readonly sections: ReadonlyMap<string, Buffer>;
	/** In upper case, which fields those of `BODY[HEADER.FIELDS]` are; empty when the server does not say. */
	readonly fields: ReadonlySet<string>;
	/** It has a UID and nothing else: what was asked for was left out of the line. */
	readonly isBare: boolean;
};

/** Whether it carries header fields, and that one was among those asked for. */
export const hasFields = ({sections, fields}: FetchedRow, name: string): boolean =>
	sections.has('BODY[HEADER.FIELDS]<0>') && (fields.size === 0 || fields.has(name));

/** Whether it carries what is asked in a section of fields (`sectionFields`), and so answers no other question about those. */
export const isOfSection = ({fields}: FetchedRow): boolean => askedInSectionsOnly.some(name => fields.has(name));

/** Nobody else asks for them. */
const askedInSectionsOnly = ['LIST-POST', 'LIST-UNSUBSCRIBE'];

export const textOf = (token: Token | undefined): string | undefined => {
	if (token === null || token === undefined || Array.isArray(token)) return undefined;
	if (typeof token === 'string') return token;
	const value = (token as {value?: string | Buffer}).value;
	return Buffer.isBuffer(value) ? value.toString('utf8') : value;
};

const numberOf = (token: Token | undefined): number | undefined => {
	const text = textOf(token);
	return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
};

export function bytesOf(token: Token | undefined): Buffer {
	if (token === null || token === undefined || Array.isArray(token)) return Buffer.alloc(0);
	const value = typeof token === 'string' ? token : (token as {value?: string | Buffer}).value;
	return Buffer.isBuffer(value) ? value : Buffer.from(value ?? '');
}

function keyOf(token: Token | undefined): string {
	if (token === null || token === undefined || typeof token === 'string' || Array.isArray(token)) return '';
	const item = token as {value?: string | Buffer; section?: readonly Token[]; partial?: readonly number[]};
	const name = String(item.value ?? '').toUpperCase();
	if (item.section === undefined) return name;
	const section = (textOf(item.section[0]) ?? '').toUpperCase();
	return `${name}[${section}]${item.partial ? `<${item.partial[0]}>` : ''}`;
}

function fieldsOf(token: Token | undefined): string[] {
	const list = (token as {section?: readonly Token[]} | undefined)?.section?.[1];
	return Array.isArray(list) ? (list as readonly Token[]).map(each => (textOf(each) ?? '').toUpperCase()) : [];
}

/** Dovecot 2.3 speaks a draft of it to those who ask in its way: `(FUZZY "text")`. */
const previewOf = (token: Token | undefined): string | undefined =>
	textOf(Array.isArray(token) ? (token as readonly Token[])[1] : token);

/** \Recent is of this connection (RFC 3501 §2.3.2), and would be wrong in whatever outlives it. */
const isOfTheMessage = (flag: string): boolean => flag !== '' && flag.toLowerCase() !== '\\recent';

/** A line that is no legal one because of how its keywords are spelled, and carries nothing else. */
export function readOddFlags(line: string): FetchedRow | undefined {
	const [, sequence, items = ''] = /^\* (\d+) FETCH \((.*)\)$/i.exec(line.trim()) ?? [];
	const [, flags = ''] = /\bFLAGS \(([^()]*)\)/i.exec(items) ?? [];
	const uid = /\bUID (\d+)/i.exec(items)?.[1];
	const isNothingElse = /^((UID \d+|MODSEQ \(\d+\)|FLAGS \([^()]*\))( |$))+$/i.test(items);
	if (sequence === undefined || !isNothingElse || !/FLAGS/i.test(items)) return undefined;
	return {
		sequence: Number(sequence),
		uid: numberOf(uid),
		flags: flags.split(' ').filter(isOfTheMessage),
		sizeBytes: undefined,
		internalDate: undefined,
		bodyStructure: undefined,
		preview: undefined,
		sections: new Map(),
		fields: new Set(),
		isBare: false,
	};
}

export function readRow(response: Response): FetchedRow {
	const items = response.attributes?.[1];
	const list = Array.isArray(items) ? (items as readonly Token[]) : [];
	const sections = new Map<string, Buffer>();
	const values = new Map<string, Token>();
	let fields: readonly string[] = [];
	for (let index = 0; index + 1 < list.length; index += 2) {
		const key = keyOf(list[index]);
		const value = list[index + 1] as Token;
		if (key.startsWith('BODY[HEADER.FIELDS]')) fields = fieldsOf(list[index]);
		if (key.includes('[')) sections.set(key, bytesOf(value));
		// Who asked for its beginning and is given all of it has the beginning.
		if (key === 'BODY[HEADER.FIELDS]') sections.set(`${key}<0>`, bytesOf(value));
		else values.set(key, value);
	}
	const flags = values.get('FLAGS');
	return {
		sequence: Number(response.command),
		uid: numberOf(values.get('UID')),
		flags: Array.isArray(flags)
			? (flags as readonly Token[]).map(flag => textOf(flag) ?? '').filter(isOfTheMessage)
			: undefined,
		sizeBytes: numberOf(values.get('RFC822.SIZE')),
		internalDate: msOf(textOf(values.get('INTERNALDATE')) ?? ''),
		bodyStructure: values.get('BODYSTRUCTURE') ?? undefined,
		preview: previewOf(values.get('PREVIEW')),
		sections,
		fields: new Set(fields),
		isBare: sections.size === 0 && values.size === 1 && values.has('UID'),
	};
}
