/**
 * Reads one section of a message in chunks, as far as it is wished for: several under way, each kept as it arrives
 * in whatever sink it has, so that a cut line costs only what was under way.
 *
 * A text ends where an answer is shorter than asked for. A part that is kept ends where it must (`Travel`), or where the
 * server, asked once more, has nothing: one that answers with less than it was asked for is asked for the rest.
 */
import {lastChunkFactor, priceOf, worstLine} from '../model/budget.ts';
import {Failure} from '../model/failure.ts';
import type {MailboxPath} from '../model/ids.ts';
import {ours} from '../model/safe-text.ts';
import type {Purpose} from '../model/usage.ts';
import type {ChunkForm, Section} from '../remote/remote.ts';
import type {Need, Question, Urgency} from './needs.ts';
import type {Travel} from './travel.ts';

/** Where octets go: memory, files, the cache too one day. */
export type Sink = {
	/** Octets held from the beginning without a gap. */
	readonly heldBytes: () => number;
	readonly keep: (offset: number, octets: Buffer) => void;
	readonly octets: () => Buffer;
	/** Octets it can still take before it has put away what it has; undefined when that never ends. */
	readonly roomBytes?: () => number;
};

type ReaderOptions = {
	readonly at: {readonly mailbox: MailboxPath; readonly uid: number};
	readonly section: Section;
	readonly sink: Sink;
	readonly chunkBytes: () => number;
	/** Octets there are, as far as anybody knows: a text. Or how it travels: a part that is kept. */
	readonly totalBytes?: number | undefined;
	readonly travel?: Travel | undefined;
};

type Range = {readonly offset: number; readonly length: number};

/** What a last chunk may be longer than the others, to save a question. Such octets are mostly none. */
const overlong = {factor: lastChunkFactor, mostBytes: 64 * 1024, alwaysBytes: 256};
/** A server may be wrong about a size; one that sends half as much again is not wrong but broken. */
const tolerated = {factor: 1.5, bytes: 64 * 1024};

export class SectionReader {
	readonly section: Section;
	readonly #at: ReaderOptions['at'];
	readonly #sink: Sink;
	readonly #chunkBytes: () => number;
	readonly #travel: Travel | undefined;
	readonly #form: ChunkForm;
	/** Known from the structure (a text), else from where the server had no more. */
	#totalBytes: number | undefined;
	#wishBytes = 0;
	/** Where the next question begins. */
	#askedBytes = 0;
	/** How far to ask before an end was seen. */
	#reachBytes: number;
	/** What was asked for, and came shorter. */
	#again: Range[] = [];
	#isClosed = false;
	onChange: () => void = () => {};

	constructor({at, section, sink, chunkBytes, totalBytes, travel}: ReaderOptions) {
		this.section = section;
		this.#at = at;
		this.#sink = sink;
		this.#chunkBytes = chunkBytes;
		this.#travel = travel;
		this.#form = travel?.form ?? 'as-sent';
		this.#totalBytes = totalBytes;
		this.#reachBytes = travel?.reachBytes ?? Number.POSITIVE_INFINITY;
		this.#askedBytes = sink.heldBytes();
		if (travel) this.#wishBytes = Number.POSITIVE_INFINITY;
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
		return this.isWhole || this.heldBytes >= this.#wishedEnd;
	}

	get isAllAsked(): boolean {
		return this.#again.length === 0 && this.#askedBytes >= this.#end;
	}

	/** Octets were asked for that are not here. */
	get isAsking(): boolean {
		return this.#askedBytes > this.heldBytes;
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

	/** What is still on its way is not wanted any more. */
	close(): void {
		this.#isClosed = true;
	}

	get #wishedEnd(): number {
		return Math.min(this.#wishBytes, this.#totalBytes ?? Number.POSITIVE_INFINITY);
	}

	get #end(): number {
		return Math.min(this.#wishedEnd, this.#totalBytes ?? this.#reachBytes);
	}

	next(room: number, purpose: Purpose): Question | undefined {
		const range = this.#nextRange();
		if (range === undefined || room < range.length || !this.#hasRoom(range)) return undefined;
		const {offset, length} = range;
		const [first, ...others] = this.#again;
		if (first) this.#again = length < first.length ? [behind(first, length), ...others] : others;
		else this.#askedBytes = offset + length;
		return {
			expectedBytes: length,
			mostBytes: priceOf([{octets: length, isDecoded: false, mayShrink: true}], worstLine).bytes,
			ask: async remote => {
				const {uid} = this.#at;
				const octets = await remote.fetchChunk(uid, this.section, offset, length, this.#form, purpose);
				if (this.#isClosed) return;
				// No row is no such message; it is never the end of one (law 5).
				if (octets === undefined) throw new Failure('gone', ours('This message is not on the server any more'));
				this.#took(offset, length, octets);
			},
		};
	}

	#nextRange(): Range | undefined {
		const [again] = this.#again;
		const chunkBytes = this.#chunkBytes();
		if (again) return {offset: again.offset, length: Math.min(again.length, chunkBytes)};
		const offset = this.#askedBytes;
		const left = this.#end - offset;
		if (left <= 0) return undefined;
		const most = Math.max(
			Math.min(chunkBytes * overlong.factor, overlong.mostBytes),
			chunkBytes + overlong.alwaysBytes,
		);
		const isLast = left <= most;
		return {offset, length: isLast ? left : Math.min(left, chunkBytes)};
	}

	/** A line faster than the disk does not fill the memory. */
	#hasRoom({offset, length}: Range): boolean {
		const roomBytes = this.#sink.roomBytes?.() ?? Number.POSITIVE_INFINITY;
		const aheadBytes = offset - this.heldBytes;
		return roomBytes > 0 && (aheadBytes <= 0 || aheadBytes + length <= roomBytes);
	}

	#took(offset: number, length: number, octets: Buffer): void {
		if (octets.length > 0) this.#sink.keep(offset, octets);
		if (octets.length < length) this.#cameShort(offset, length, octets.length);
		else if (this.#totalBytes === undefined && this.heldBytes >= this.#reachBytes) this.#reachFurther();
		this.onChange();
	}

	#cameShort(offset: number, length: number, came: number): void {
		const end = offset + came;
		if (this.#travel !== undefined && came > 0 && !this.#travel.isAll(end)) {
			this.#again.push({offset: end, length: length - came});
			return;
		}
		this.#totalBytes = Math.min(this.#totalBytes ?? Number.POSITIVE_INFINITY, end);
		this.#again = this.#again.filter(range => range.offset < end);
	}

	/** There is more than was announced, or its lines are of another length than most. */
	#reachFurther(): void {
		const mostBytes = this.#travel?.mostBytes ?? Number.POSITIVE_INFINITY;
		if (this.heldBytes > mostBytes * tolerated.factor + tolerated.bytes) {
			throw new Failure('broken', ours('The server sends far more of this part than it announced'));
		}
		this.#reachBytes = Math.max(this.#reachBytes + this.#chunkBytes(), mostBytes + 1);
	}

	lost(): void {
		this.#askedBytes = this.heldBytes;
		this.#again = [];
	}

	/** What is not asked for yet, and wished for, could cost on any line. */
	mostBytes(): number {
		const end = this.#totalBytes ?? this.#travel?.mostBytes ?? this.#end;
		const left = Math.max(0, Math.min(end, this.#wishedEnd) - this.#askedBytes);
		const again = this.#again.reduce((sum, {length}) => sum + length, 0);
		return priceOf([{octets: left + again, isDecoded: false, mayShrink: true}], worstLine).bytes;
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
		const {mailbox, uid} = this.#at;
		return {
			key: `section:${urgency}:${mailbox}:${uid}:${this.section.part}:${this.section.of}`,
			urgency,
			mailbox,
			isDone: () => this.isSatisfied,
			isAllAsked: () => this.isAllAsked,
			next: room => this.next(room, purpose),
			cost: () => ({
				what: ours(purpose === 'headers' ? 'Fetch all headers' : 'Fetch this part'),
				mostBytes: this.mostBytes(),
			}),
			lost: () => this.lost(),
			fail: onFail,
		};
	}
}

const behind = ({offset, length}: Range, bytes: number): Range => ({offset: offset + bytes, length: length - bytes});
