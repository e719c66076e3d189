/**
 * Header fields of a message beyond those it is opened with, each kind asked for when somebody wants it: all of them, those
 * an answer needs, and those of who leaves a list (RFC 2369, RFC 8058).
 */
import type {Failure} from '../model/failure.ts';
import {safeLine} from '../model/safe-text.ts';
import {type Live, live} from './live.ts';
import type {SectionReader} from './section-reader.ts';
import type {ListFields, Tell} from './session.ts';
import type {Worker} from './worker.ts';

type Fields = 'header' | 'fields' | 'list-fields';

/** Octets; longer ones are cut: the whole header says so, a list of an answer's readers does not. */
const mostBytes: Readonly<Record<Fields, number>> = {
	header: 64 * 1024,
	fields: 8 * 1024,
	'list-fields': 8 * 1024,
};

type FieldsSurroundings = {
	readonly reader: (of: Fields) => SectionReader;
	readonly worker: Worker;
	readonly tell: Tell;
};

export class MessageFields {
	readonly #around: FieldsSurroundings;
	readonly #list = live<ListFields>({state: 'asking'});

	constructor(around: FieldsSurroundings) {
		this.#around = around;
	}

	/** As far as they came. */
	all(): Buffer {
		return this.#reader('header').octets();
	}

	ensureAll(show: (octets: Buffer) => void): void {
		this.#ensure('header', show);
	}

	/** Undefined until they are here; a header ends in an empty line. */
	forAnswer(): Buffer | undefined {
		const octets = this.#reader('fields').octets();
		return octets.length > 0 && octets.subarray(-4).toString('latin1') === '\r\n\r\n' ? octets : undefined;
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
			header => list.set({state: 'known', header}),
			({sentence}) => list.set({state: 'failed', because: safeLine(sentence)}),
		);
		return list;
	}

	#ensure(
		of: Fields,
		show: (octets: Buffer) => void,
		fail: (failure: Failure) => void = failure => this.#around.tell('problem', safeLine(failure.sentence)),
	): void {
		const reader = this.#reader(of);
		const showIt = () => show(reader.octets());
		if (reader.isSatisfied) showIt();
		else this.#around.worker.need(reader.need('looking-at', 'headers', showIt, fail));
	}

	#reader(of: Fields): SectionReader {
		const reader = this.#around.reader(of);
		reader.wish(mostBytes[of]);
		return reader;
	}
}
