/**
 * Reads one section of a message in chunks, as far as it is wished for: several under way, each kept as it arrives
 * in whatever sink it has, so that a cut line costs only what was under way.
 */
import {Failure} from '../model/failure.ts';
import type {Message} from '../model/message.ts';
import {ours} from '../model/safe-text.ts';
import type {Purpose} from '../model/usage.ts';
import type {Section} from '../remote/remote.ts';
import type {Need, Question, Urgency} from './needs.ts';

/** Where octets go: memory now, files and the cache too. */
export type Sink = {
	/** Octets held from the beginning without a gap. */
	readonly heldBytes: () => number;
	readonly keep: (offset: number, octets: Buffer) => void;
	readonly octets: () => Buffer;
};

export class SectionReader {
	readonly section: Section;
	readonly #message: Message;
	readonly #sink: Sink;
	readonly #chunkBytes: () => number;
	/** Known from the structure, else from the first answer that was shorter than asked for. */
	#totalBytes: number | undefined;
	#wishBytes = 0;
	/** Where the next question begins. */
	#askedBytes = 0;
	onChange: () => void = () => {};

	constructor(
		message: Message,
		section: Section,
		totalBytes: number | undefined,
		sink: Sink,
		chunkBytes: () => number,
	) {
		this.section = section;
		this.#message = message;
		this.#sink = sink;
		this.#chunkBytes = chunkBytes;
		this.#totalBytes = totalBytes;
		this.#askedBytes = sink.heldBytes();
	}

	get heldBytes(): number {
		return this.#sink.heldBytes();
	}

	get totalBytes(): number | undefined {
		return this.#totalBytes;
	}

	get isWhole(): boolean {
		return this.#totalBytes !== undefined && this.heldBytes >= this.#totalBytes;
	}

	/** What is wished for is here. */
	get isSatisfied(): boolean {
		return this.isWhole || this.heldBytes >= this.#end;
	}

	get isAllAsked(): boolean {
		return this.#askedBytes >= this.#end;
	}

	octets(): Buffer {
		return this.#sink.octets();
	}

	/** Wishes for the first `bytes` octets. */
	wish(bytes: number): void {
		this.#wishBytes = Math.max(this.#wishBytes, bytes);
	}

	/** Wishes for one more window; while one is on its way, for one more behind it and no further. */
	wishMore(bytes: number): void {
		const from = this.isSatisfied ? this.heldBytes : this.#wishBytes;
		this.wish(Math.min(from + bytes, this.heldBytes + 2 * bytes));
	}

	get #end(): number {
		return Math.min(this.#wishBytes, this.#totalBytes ?? Number.POSITIVE_INFINITY);
	}

	next(room: number, purpose: Purpose): Question | undefined {
		const offset = this.#askedBytes;
		const left = this.#end - offset;
		if (left <= 0) return undefined;
		const length = Math.min(left, this.#chunkBytes());
		if (room < length) return undefined;
		this.#askedBytes = offset + length;
		return {
			expectedBytes: length,
			ask: async remote => {
				const octets = await remote.fetchChunk(this.#message.uid, this.section, offset, length, 'as-sent', purpose);
				// No row is no such message; it is never the end of one (law 5).
				if (octets === undefined) throw new Failure('gone', ours('This message is not on the server any more'));
				this.#took(offset, length, octets);
			},
		};
	}

	/** Fewer octets than asked for are the end of the section: the server's sizes are not always true. */
	#took(offset: number, length: number, octets: Buffer): void {
		if (octets.length > 0) this.#sink.keep(offset, octets);
		if (octets.length < length)
			this.#totalBytes = Math.min(this.#totalBytes ?? Number.POSITIVE_INFINITY, offset + octets.length);
		this.onChange();
	}

	lost(): void {
		this.#askedBytes = this.heldBytes;
	}

	need(urgency: Urgency, purpose: Purpose, onDone: () => void, onFail: (failure: Failure) => void): Need {
		let isTold = false;
		const told = () => {
			if (!isTold && this.isSatisfied) {
				isTold = true;
				onDone();
			}
		};
		const before = this.onChange;
		this.onChange = () => {
			before();
			told();
		};
		return {
			key: `section:${urgency}:${this.#message.id}:${this.section.part}:${this.section.of}`,
			urgency,
			mailbox: this.#message.mailbox,
			isDone: () => this.isSatisfied,
			isAllAsked: () => this.isAllAsked,
			next: room => this.next(room, purpose),
			lost: () => this.lost(),
			fail: onFail,
		};
	}
}
