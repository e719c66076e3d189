/**
 * BODYSTRUCTURE (RFC 9051 §7.5.2) as a tree of parts. Forgiving: servers disagree on 4–23 % of hostile messages,
 * so a missing or odd field is empty, and only what is no body at all is refused (undefined).
 */
import {type PartNumber, partNumber} from '../model/ids.ts';
import {type Token, textOf} from './fetched-row.ts';
import type {AddressFact, EnvelopeFact, PartFact} from './remote.ts';

/** Deeper than a server looks (Dovecot: 100) and than any honest message; a tree that goes on is cut here. */
const deepest = 128;

const isList = (token: Token | undefined): token is readonly Token[] => Array.isArray(token);
const lower = (token: Token | undefined): string => (textOf(token) ?? '').toLowerCase();

export const readStructure = (token: Token | undefined): PartFact | undefined => readBody(token, '', 0);

/** Type, subtype, parameters, id, description, encoding and size are never left out (RFC 9051 §9, body-fields). */
const isLeaf = (token: readonly Token[]): boolean =>
	token.length >= 7 && textOf(token[0]) !== undefined && textOf(token[1]) !== undefined;

/** `number` is that of a multipart; at the top, where it has none, a single part is 1. */
function readBody(token: Token | undefined, number: string, depth: number): PartFact | undefined {
	if (!isList(token) || token.length === 0 || depth > deepest) return undefined;
	if (isList(token[0])) return readMultipart(token, number, depth);
	return isLeaf(token) ? readLeaf(token, number || '1', depth) : undefined;
}

const child = (parent: string, index: number): string => (parent === '' ? `${index}` : `${parent}.${index}`);

function readMultipart(token: readonly Token[], number: string, depth: number): PartFact | undefined {
	const bodies: (PartFact | undefined)[] = [];
	while (isList(token[bodies.length]))
		bodies.push(readBody(token[bodies.length], child(number, bodies.length + 1), depth + 1));
	if (bodies.every(body => body === undefined)) return undefined;
	// One that makes no sense keeps its place and its number, so that the others keep theirs.
	const children = bodies.map((body, index) => body ?? unknownPart(child(number, index + 1)));
	const index = bodies.length;
	return {
		...empty(number),
		type: 'multipart',
		subtype: lower(token[index]) || 'mixed',
		parameters: readParameters(token[index + 1]),
		...readDisposition(token[index + 2]),
		children,
	};
}

function readLeaf(token: readonly Token[], number: string, depth: number): PartFact {
	const [type, subtype] = [lower(token[0]) || 'application', lower(token[1]) || 'octet-stream'];
	const isMessage = type === 'message' && (subtype === 'rfc822' || subtype === 'global') && isList(token[8]);
	// Fields of its own push the extension data back: text has a line count, message/rfc822 two more (RFC 9051 §7.5.2).
	const extension = isMessage ? 10 : type === 'text' ? 8 : 7;
	return {
		...empty(number),
		type,
		subtype,
		parameters: readParameters(token[2]),
		description: textOf(token[4]) ?? '',
		encoding: lower(token[5]) || '7bit',
		sizeBytes: readNumber(token[6]),
		...readDisposition(token[extension + 1]),
		...(isMessage ? {envelope: readEnvelope(token[7]), children: readAttached(token[8], number, depth)} : {}),
	};
}

/** The parts of an attached message count on from its own number; its only body is `.1` (RFC 9051 §6.4.5.1). */
function readAttached(token: Token | undefined, number: string, depth: number): PartFact[] {
	if (!isList(token)) return [];
	const isMultipart = isList(token[0]);
	const body = readBody(token, isMultipart ? number : `${number}.1`, depth + 1);
	// A multipart inside has no number of its own that differs: its parts are `n.1`, `n.2`.
	return body ? [isMultipart ? {...body, number: partNumber(`${number}.`)} : body] : [];
}

const unknownPart = (number: string): PartFact => ({...empty(number), type: 'application', subtype: 'octet-stream'});

function empty(number: string): PartFact {
	return {
		number: partNumber(number) as PartNumber,
		type: '',
		subtype: '',
		parameters: {},
		encoding: '',
		sizeBytes: 0,
		description: '',
		disposition: '',
		dispositionParameters: {},
		children: [],
		envelope: undefined,
	};
}

function readParameters(token: Token | undefined): Record<string, string> {
	const parameters: Record<string, string> = Object.create(null);
	if (!isList(token)) return parameters;
	for (let index = 0; index + 1 < token.length; index += 2) {
		const name = lower(token[index]);
		if (name !== '') parameters[name] = textOf(token[index + 1]) ?? '';
	}
	return parameters;
}

function readDisposition(token: Token | undefined): {
	disposition: string;
	dispositionParameters: Record<string, string>;
} {
	if (!isList(token)) return {disposition: '', dispositionParameters: {}};
	return {disposition: lower(token[0]), dispositionParameters: readParameters(token[1])};
}

const readNumber = (token: Token | undefined): number => {
	const text = textOf(token) ?? '';
	return /^\d{1,15}$/.test(text) ? Number(text) : 0;
};

function readEnvelope(token: Token | undefined): EnvelopeFact | undefined {
	if (!isList(token)) return undefined;
	const [date, subject, from, , , to, cc] = token;
	return {
		date: textOf(date) ?? '',
		subject: textOf(subject) ?? '',
		from: readAddresses(from),
		to: readAddresses(to),
		cc: readAddresses(cc),
	};
}

function readAddresses(token: Token | undefined): AddressFact[] {
	if (!isList(token)) return [];
	return token.filter(isList).map(([name, , local, host]) => ({
		name: textOf(name) ?? '',
		address: [textOf(local), textOf(host)].filter(Boolean).join('@'),
	}));
}
