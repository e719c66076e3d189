/**
 * Header fields of a message beyond those it is opened with, each kind asked for when somebody wants it: all of them, those
 * an answer needs, and those of who leaves a list (RFC 2369, RFC 8058).
 *
 * Law: what is answered to is never read from half of the fields: a list of thousands of readers comes whole, in turns,
 * and of what is longer than anybody writes only whole fields are taken.
 */
import type {Failure} from '../model/failure.ts';
import {safeLine} from '../model/safe-text.ts';
import {type Live, live} from './live.ts';
import type {SectionReader} from './section-reader.ts';
import type {ListFields, Tell} from './session.ts';
import type {Worker} from './worker.ts';

type Fields = 'header' | 'fields' | 'list-fields';

/** Octets that are asked for at first, and again as long as they are not all. */
const windowBytes: Readonly<Record<Fields, number>> = {
	header: 64 * 1024,
	fields: 8 * 1024,
	'list-fields': 8 * 1024,
};
/** Octets; what is longer is cut. */
const mostBytes: Readonly<Record<Fields, number>> = {
	header: 64 * 1024,
	fields: 256 * 1024,
	'list-fields': 256 * 1024,
};

type FieldsSurroundings = {
	readonly reader: (of: Fields) => SectionReader;
	readonly worker: Worker;
	readonly tell: Tell;
};

export class MessageFields {
	readonly #around: FieldsSurroundings;
	/** Octets of those that did not end as a header does, where the server had no more. */
	readonly #ends = new Map<Fields, number>();
	readonly #list = live<ListFields>({state: 'asking'});

	constructor(around: FieldsSurroundings) {
		this.#around = around;
	}

	/** As far as they came. */
	all(): Buffer {
		return this.#around.reader('header').octets();
	}

	ensureAll(show: (octets: Buffer) => void): void {
		this.#ensure('header', show);
	}

	/** Undefined until they are here. */
	forAnswer(): Buffer | undefined {
		const octets = this.#around.reader('fields').octets();
		return this.#areAll('fields', octets) ? this.#whole('fields', octets) : undefined;
	}

	ensureForAnswer(show: () => void): void {
		this.#ensure('fields', show);
	}

	ensureList(): Live<ListFields> {
		const list = this.#list;
		if (list.get().state === 'known') return list;
		list.set({state: 'asking'});
		this.#ensure(
			'list-fields',
			octets => list.set({state: 'known', header: this.#whole('list-fields', octets)}),
			({sentence}) => list.set({state: 'failed', because: safeLine(sentence)}),
		);
		return list;
	}

	#ensure(
		of: Fields,
		show: (octets: Buffer) => void,
		fail: (failure: Failure) => void = failure => this.#around.tell('problem', safeLine(failure.sentence)),
	): void {
		const reader = this.#around.reader(of);
		if (this.#areAll(of, reader.octets())) {
			show(reader.octets());
			return;
		}
		reader.wish(Math.min(reader.heldBytes + windowBytes[of], mostBytes[of]));
		const onCome = (): void => {
			if (reader.isWhole) this.#ends.set(of, reader.heldBytes);
			this.#ensure(of, show, fail);
		};
		this.#around.worker.need(reader.need('looking-at', 'headers', onCome, fail));
	}

	#areAll(of: Fields, octets: Buffer): boolean {
		return isHeader(octets) || octets.length >= (this.#ends.get(of) ?? mostBytes[of]);
	}

	#whole(of: Fields, octets: Buffer): Buffer {
		return isHeader(octets) || this.#ends.has(of) ? octets : withoutLast(octets);
	}
}

/** It ends in an empty line (RFC 9051 §6.4.5.1). */
const isHeader = (octets: Buffer): boolean => octets.subarray(-4).toString('latin1') === '\r\n\r\n';

/** Of the last field of what was cut nobody knows whether that is all of it. */
function withoutLast(octets: Buffer): Buffer {
	let end = octets.lastIndexOf('\r\n');
	// A line that begins with a blank goes on with the field before it (RFC 5322 §2.2.3).
	while (end > 0 && /^[ \t]?$/.test(octets.toString('latin1', end + 2, end + 3)))
		end = octets.lastIndexOf('\r\n', end - 1);
	return octets.subarray(0, end < 0 ? 0 : end + 2);
}
