/**
 * The parts of a message and where their octets are (RFC 2045, RFC 2046), numbered as IMAP numbers them (RFC 9051 §6.4.5.1):
 * what a server knows of a message.
 *
 * Law: whatever the octets, a tree comes out; broken mail gives an odd one, never an exception.
 */
import {type PartNumber, partNumber} from '../model/ids.ts';
import type {AddressFact, EnvelopeFact, PartFact, Section} from '../remote/remote.ts';
import {parseAddresses} from '../text/addresses.ts';
import {type HeaderField, parseHeader} from '../text/header.ts';
import {parseParameters} from '../text/parameters.ts';
import {endOfHeader} from './header-fields.ts';

export type Range = readonly [start: number, end: number];

export type MessageParts = {
	readonly structure: PartFact;
	/** Undefined: there is no such section. */
	readonly find: (section: Section) => Range | undefined;
};

/** Deeper than any honest message. */
const deepest = 60;
/** More than a message has; beyond it, what follows is text of the last part. */
const mostParts = 5000;

type Spot = {readonly content: Range; readonly header: Range | undefined};

export function partsOf(octets: Buffer): MessageParts {
	const reading = new Reading(octets);
	const {fact, bodyStart} = reading.part([0, octets.length], '', 'text/plain', 0);
	return {
		structure: fact,
		find({part, of}) {
			// Here all of a header costs no more than some of it.
			if (part === '') return of === 'content' ? [0, octets.length] : [0, bodyStart];
			const spot = reading.spots.get(part);
			return of === 'content' ? spot?.content : spot?.header;
		},
	};
}

class Reading {
	readonly spots = new Map<string, Spot>();
	readonly #octets: Buffer;
	/** One character for each octet. */
	readonly #text: string;
	#count = 0;

	constructor(octets: Buffer) {
		this.#octets = octets;
		this.#text = octets.toString('latin1');
	}

	/** `number` is '' at the top of a message, where a multipart has none and a single part is 1. */
	part(
		[start, end]: Range,
		number: string,
		otherwise: string,
		depth: number,
		above = '',
	): {fact: PartFact; bodyStart: number; fields: HeaderField[]} {
		this.#count += 1;
		const bodyStart = endOfHeader(this.#text, start, end);
		const fields = parseHeader(this.#octets.subarray(start, bodyStart));
		const {type, subtype, parameters} = contentType(fields, otherwise);
		const body: Range = [bodyStart, end];
		const encoding = firstWord(fieldOf(fields, 'content-transfer-encoding')) || '7bit';
		const boundary = type === 'multipart' && depth < deepest ? (parameters.boundary ?? '') : '';
		const ranges = boundary === '' ? [] : this.#split(body, boundary);
		const common = {...described(fields), parameters, encoding};
		if (ranges.length > 0) {
			const prefix = number === '' ? above : `${number}.`;
			const inside = subtype === 'digest' ? 'message/rfc822' : 'text/plain';
			const children = ranges.map((range, index) => this.part(range, `${prefix}${index + 1}`, inside, depth + 1).fact);
			const own = number === '' && above !== '' ? above : number;
			this.spots.set(own, {content: body, header: undefined});
			const fact = {...common, number: own as PartNumber, type, subtype, encoding: '', sizeBytes: 0, children};
			return {fact: {...fact, envelope: undefined}, bodyStart, fields};
		}
		const own = partNumber(number === '' ? `${above}1` : number);
		// One without its parts is at least text.
		const [ownType, ownSubtype] = type === 'multipart' ? ['text', 'plain'] : [type, subtype];
		const isMessage = ownType === 'message' && /^(rfc822|global)$/.test(ownSubtype) && depth < deepest;
		const attached =
			isMessage && /^([78]bit|binary)$/.test(encoding)
				? this.part(body, '', 'text/plain', depth + 1, `${own}.`)
				: undefined;
		this.spots.set(own, {content: body, header: attached && [bodyStart, attached.bodyStart]});
		const fact: PartFact = {
			...common,
			number: own,
			type: ownType,
			subtype: ownSubtype,
			parameters: ownType === 'text' && !('charset' in parameters) ? {...parameters, charset: 'us-ascii'} : parameters,
			sizeBytes: end - bodyStart,
			children: attached ? [attached.fact] : [],
			envelope: attached && envelopeOf(attached.fields),
		};
		return {fact, bodyStart, fields};
	}

	/** A part ends before the line end that precedes the boundary (RFC 2046 §5.1.1). */
	#split([start, end]: Range, boundary: string): Range[] {
		const text = this.#text;
		const marker = `--${boundary}`;
		const ranges: Range[] = [];
		let open: number | undefined;
		for (let at = text.indexOf(marker, start); at >= 0 && at < end; at = text.indexOf(marker, at + 1)) {
			if (at > start && text[at - 1] !== '\n') continue;
			const feed = text.indexOf('\n', at);
			const next = feed < 0 || feed >= end ? end : feed + 1;
			const rest = text.slice(at + marker.length, Math.min(next, at + marker.length + 200));
			if (!/^(--.*)?[ \t]*\r?\n?$/s.test(rest)) continue;
			if (open !== undefined) ranges.push([open, Math.max(open, this.#beforeLineEnd(at))]);
			open = next;
			if (rest.startsWith('--')) return ranges;
			if (this.#count + ranges.length > mostParts) break;
		}
		if (open !== undefined) ranges.push([open, end]);
		return ranges;
	}

	#beforeLineEnd(at: number): number {
		const text = this.#text;
		return text[at - 1] !== '\n' ? at : text[at - 2] === '\r' ? at - 2 : at - 1;
	}
}

const fieldOf = (fields: readonly HeaderField[], name: string): string | undefined =>
	fields.find(field => field.name.toLowerCase() === name)?.rawValue;

/** Comments left out. */
const firstWord = (value = ''): string => (/^\s*(?:\([^)]*\)\s*)*([^\s;(]+)/.exec(value)?.[1] ?? '').toLowerCase();

function contentType(fields: readonly HeaderField[], otherwise: string) {
	const parsed = parseParameters(fieldOf(fields, 'content-type') ?? '');
	const word = firstWord(parsed.value);
	const isReadable = /^[^\s/]+\/[^\s/]+$/.test(word);
	const [type = '', subtype = ''] = (isReadable ? word : otherwise).split('/');
	return {type, subtype, parameters: isReadable ? parsed.parameters : {}};
}

function described(fields: readonly HeaderField[]) {
	const disposition = parseParameters(fieldOf(fields, 'content-disposition') ?? '');
	return {
		description: fieldOf(fields, 'content-description') ?? '',
		disposition: firstWord(disposition.value),
		dispositionParameters: disposition.parameters,
	};
}

function envelopeOf(fields: readonly HeaderField[]): EnvelopeFact {
	const addresses = (name: string): AddressFact[] =>
		fields.filter(field => field.name.toLowerCase() === name).flatMap(({rawValue}) => parseAddresses(rawValue));
	return {
		date: fieldOf(fields, 'date') ?? '',
		subject: fieldOf(fields, 'subject') ?? '',
		from: addresses('from'),
		to: addresses('to'),
		cc: addresses('cc'),
	};
}
