/**
 * How a part travels, and where it must end: what the structure announced, in the octets of its form. Pure.
 */
import {type Part, travelBytes, travelsDecoded} from '../model/part.ts';
import type {ChunkForm} from '../remote/remote.ts';

export type Travel = {
	readonly form: ChunkForm;
	/** Octets that travel, at most; undefined when nobody said. */
	readonly mostBytes: number | undefined;
	/** How far to ask at first: one octet past the end it most likely has, so that an end is seen as one. */
	readonly reachBytes: number;
	/** Whether so many octets can be all of it. */
	readonly isAll: (bytes: number) => boolean;
};

type Announced = Pick<Part, 'encoding' | 'sizeBytes'>;

/** What nearly every mailer writes (RFC 2045 §6.8): lines of 76 characters, each 57 octets, and CRLF. */
const [lineCharacters, lineOctets] = [78, 57];
/** The shortest line that is not odd, and empty lines around it all. */
const [shortLine, emptyLines] = [56, 8];

export const formOf = (part: Announced, hasBinary: boolean): ChunkForm =>
	travelsDecoded(part, hasBinary) ? 'decoded' : 'as-sent';

export function travelOf(part: Announced, form: ChunkForm): Travel {
	const {sizeBytes} = part;
	if (form === 'as-sent')
		return {form, mostBytes: sizeBytes, reachBytes: sizeBytes + 1, isAll: bytes => bytes === sizeBytes};
	return {
		form,
		mostBytes: travelBytes(part, true),
		reachBytes: Math.ceil((sizeBytes / lineCharacters) * lineOctets) + 4,
		isAll(bytes) {
			const characters = Math.ceil((bytes * 4) / 3);
			const lines = Math.ceil(characters / shortLine);
			return characters <= sizeBytes && sizeBytes <= characters + 2 + 2 * lines + emptyLines;
		},
	};
}

/** A message whose size nobody asked for: it ends where the server has no more. */
export const unknownTravel: Travel = {
	form: 'as-sent',
	mostBytes: undefined,
	reachBytes: Number.POSITIVE_INFINITY,
	isAll: () => false,
};
