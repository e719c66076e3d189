/**
 * Parts in memory: what of them is here and in which form. A part that came decoded is kept under a name of its own, so
 * that octets of two forms are never taken for each other; an empty chunk at the end says that there is no more.
 */
import type {MessageId} from '../model/ids.ts';
import {type Part, travelBytes} from '../model/part.ts';
import type {ChunkForm, Section} from '../remote/remote.ts';
import type {Facts} from '../store/facts.ts';
import type {Sink} from './section-reader.ts';
import {formOf} from './travel.ts';

type Sized = Pick<Part, 'number' | 'encoding' | 'sizeBytes'>;

const nameOf = ({part, of}: Section, form: ChunkForm): string =>
	of !== 'content' ? `${part}.${of}` : form === 'decoded' ? `${part}.decoded` : part;
const contentOf = (part: Sized): Section => ({part: part.number, of: 'content'});

export class HeldParts {
	readonly #facts: Facts;
	readonly #hasBinary: () => boolean;
	/** Parts the server was asked to decode, and could not. */
	readonly #undecodable = new Set<string>();

	constructor(facts: Facts, hasBinary: () => boolean) {
		this.#facts = facts;
		this.#hasBinary = hasBinary;
	}

	sink(id: MessageId, section: Section, form: ChunkForm): Sink {
		const name = nameOf(section, form);
		return {
			heldBytes: () => this.#facts.heldBytes(id, name),
			keep: (offset, octets) => this.#facts.learnChunk(id, name, offset, octets),
			octets: () => this.#facts.octets(id, name),
		};
	}

	/** There is no more of it than what is held. */
	learnEnd(id: MessageId, part: Sized, form: ChunkForm): void {
		const name = nameOf(contentOf(part), form);
		this.#facts.learnChunk(id, name, this.#facts.heldBytes(id, name), Buffer.alloc(0));
	}

	/** The server cannot say it in that form. */
	forget(id: MessageId, part: Sized, form: ChunkForm): void {
		this.#facts.forgetSection(id, nameOf(contentOf(part), form));
		if (form === 'decoded') this.#undecodable.add(`${id}:${part.number}`);
	}

	/** The form in which the rest of it costs least. */
	cheaperForm(id: MessageId, part: Sized): ChunkForm {
		const isDecodable = this.#hasBinary() && !this.#undecodable.has(`${id}:${part.number}`);
		const form = formOf(part, isDecodable);
		// What came decoded is there without a line too.
		if (formOf(part, true) === 'decoded' && this.#isWholeIn(id, part, 'decoded')) return 'decoded';
		if (form === 'as-sent') return form;
		return this.#leftIn(id, part, 'as-sent') <= this.#leftIn(id, part, 'decoded') ? 'as-sent' : 'decoded';
	}

	/** Octets held, in the form in which the rest of it costs least. */
	heldBytes(id: MessageId, part: Sized): number {
		return this.#facts.heldBytes(id, nameOf(contentOf(part), this.cheaperForm(id, part)));
	}

	/** Octets that still have to travel, at most. */
	leftBytes(id: MessageId, part: Sized): number {
		return this.#leftIn(id, part, this.cheaperForm(id, part));
	}

	isWhole(id: MessageId, part: Sized): boolean {
		return this.#isWholeIn(id, part, 'as-sent') || this.#isWholeIn(id, part, 'decoded');
	}

	/** What is here of a part, and the part as those octets are encoded. */
	asHeld(id: MessageId, part: Part): {readonly part: Part; readonly form: ChunkForm; readonly octets: Buffer} {
		const form = this.cheaperForm(id, part);
		const octets = this.#facts.octets(id, nameOf(contentOf(part), form));
		return {part: form === 'decoded' ? {...part, encoding: 'binary'} : part, form, octets};
	}

	#isWholeIn(id: MessageId, part: Sized, form: ChunkForm): boolean {
		const name = nameOf(contentOf(part), form);
		const isFull = form === 'as-sent' && part.sizeBytes > 0 && this.#facts.heldBytes(id, name) >= part.sizeBytes;
		return isFull || this.#facts.isEnded(id, name);
	}

	#leftIn(id: MessageId, part: Sized, form: ChunkForm): number {
		if (this.#isWholeIn(id, part, form)) return 0;
		const bytes = travelBytes(part, form === 'decoded');
		return Math.max(0, bytes - this.#facts.heldBytes(id, nameOf(contentOf(part), form)));
	}
}
