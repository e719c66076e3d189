/**
 * What is wished for of one mailbox and is not here, from what is held: the summaries first, then previews, then the
 * structures of those messages that are to have text or parts, then these. It says what to ask for next, and asks nothing.
 *
 * Laws: nothing is lacking that is held; a message that gives no answer is not asked for again in this call, unless the
 * line was lost.
 */
import type {MessageId, PartNumber} from '../model/ids.ts';
import type {Part} from '../model/part.ts';
import {type Wish, wishedSince} from '../model/wish.ts';
import {type WishedPart, wishedParts} from '../model/wished-parts.ts';
import type {Facts} from '../store/facts.ts';
import type {Described} from './describe.ts';
import type {HeldBlock} from './held-block.ts';
import type {MailboxStanding} from './mailbox-standing.ts';
import type {Worker} from './worker.ts';

export type LackingOptions = {
	readonly wish: Wish;
	readonly facts: Facts;
	readonly block: HeldBlock;
	readonly standing: MailboxStanding;
	readonly worker: Worker;
};

/** What one question can bring; `bytes` is what that weighs on the line, about. */
export type Lack =
	/** How many messages are since this moment (ms since the epoch). */
	| {readonly of: 'since'; readonly date: number}
	| {readonly of: 'rows'; readonly sequences: readonly number[]}
	| {readonly of: 'previews'; readonly ids: readonly MessageId[]; readonly bytes: number}
	| {readonly of: 'structures'; readonly ids: readonly MessageId[]; readonly bytes: number}
	/** The first `length` octets of the same part of several messages. */
	| {
			readonly of: 'starts';
			readonly ids: readonly MessageId[];
			readonly part: PartNumber;
			readonly length: number;
			readonly bytes: number;
	  }
	| {
			readonly of: 'chunk';
			readonly id: MessageId;
			readonly part: PartNumber;
			readonly offset: number;
			readonly length: number;
	  };

const summaryBytes = 300;
const structureBytes = 250;
const previewBytes = 250;
const mostAtOnce = 1000;
const fewestAtOnce = 20;
/** Octets of one part asked for at once. */
const longestStart = 64 * 1024;

/** The question how many are since the date. */
const sinceDate = 'since';

export class Lacking {
	readonly #options: LackingOptions;
	/** Since a date: how many of the newest that are, once the server said so. */
	#sinceCount: number | undefined;
	readonly #asked = new Set<string>();
	/** What is wished for of the messages whose structure is here; of the complete ones nothing is missing. */
	readonly #wished = new Map<MessageId, readonly WishedPart[]>();
	readonly #complete = new Set<MessageId>();
	#listed: {readonly key: string; readonly ids: readonly MessageId[]} = {key: '', ids: []};

	constructor(options: LackingOptions) {
		this.#options = options;
	}

	/** What to ask for now, of no more than fits into `room` octets; from now on it counts as asked for. */
	next(room: number): Lack | undefined {
		const wanted = this.#wanted();
		if (wanted === undefined) return this.#since();
		return this.#rows(wanted, room) ?? this.#previews(wanted, room) ?? this.#bodies(wanted, room);
	}

	/** Free. */
	get isNothing(): boolean {
		const wanted = this.#wanted();
		if (wanted === undefined) return this.#asked.has(sinceDate);
		return (
			this.#lackingRows(wanted, Number.POSITIVE_INFINITY) === undefined &&
			!this.#ids(wanted).some(id => this.#lacksPreview(id) || this.#lacksBody(id))
		);
	}

	/** How many messages are since the date. */
	learnSince(count: number): void {
		this.#sinceCount = count;
	}

	/** What was asked and not answered has to be asked again. */
	lost(): void {
		this.#asked.clear();
	}

	get #count(): number {
		return this.#options.standing.count ?? 0;
	}

	#wanted(): number | undefined {
		const {wish} = this.#options;
		const {summaries} = wish;
		if (summaries === 'all') return this.#count;
		if (summaries === 'none') return 0;
		if ('last' in summaries) return Math.min(summaries.last, this.#count);
		return this.#sinceCount;
	}

	/** Marks it as asked; false: it was. */
	#once(key: string): boolean {
		if (this.#asked.has(key)) return false;
		this.#asked.add(key);
		return true;
	}

	#since(): Lack | undefined {
		if (!this.#once(sinceDate)) return undefined;
		return {of: 'since', date: wishedSince(this.#options.wish, Date.now()) ?? 0};
	}

	/**
	 * Sequence numbers of rows to ask for. Above what is held, oldest first, and then below, newest first: so that no gap is
	 * left by a line that is cut.
	 */
	#lackingRows(
		wanted: number,
		room: number,
	): {readonly key: string; readonly sequences: readonly number[]} | undefined {
		const {held, first} = this.#options.block;
		if (held === undefined) return undefined;
		const size = atOnce(room, summaryBytes);
		const above = rangeUp(held.count + 1, this.#count, size);
		const below = rangeDown(Math.max(1, this.#count - wanted + 1), first - 1, size);
		const sequences = above.length > 0 ? above : below;
		const key = `rows:${sequences[0]}:${sequences.at(-1)}:${this.#count}`;
		return sequences.length === 0 || this.#asked.has(key) ? undefined : {key, sequences};
	}

	#rows(wanted: number, room: number): Lack | undefined {
		const lacking = this.#lackingRows(wanted, room);
		if (lacking === undefined) return undefined;
		this.#asked.add(lacking.key);
		return {of: 'rows', sequences: lacking.sequences};
	}

	#lacksPreview(id: MessageId): boolean {
		const {facts, wish, worker} = this.#options;
		if (!wish.hasPreviews || !worker.line.has('PREVIEW')) return false;
		return !this.#asked.has(`preview:${id}`) && facts.preview(id) === undefined;
	}

	#previews(wanted: number, room: number): Lack | undefined {
		const ids = this.#newest(wanted, atOnce(room, previewBytes), id => this.#lacksPreview(id));
		if (ids.length === 0) return undefined;
		for (const id of ids) this.#asked.add(`preview:${id}`);
		return {of: 'previews', ids, bytes: previewBytes * ids.length};
	}

	get #wantsBodies(): boolean {
		const {wish} = this.#options;
		return wish.textBytes > 0 || wish.parts.length > 0;
	}

	#lacksStructure(id: MessageId): boolean {
		return this.#wishedOf(id) === undefined && !this.#asked.has(`structure:${id}`);
	}

	#lacksBody(id: MessageId): boolean {
		if (!this.#wantsBodies) return false;
		return this.#lacksStructure(id) || this.#missing(id).some(wished => !this.#asked.has(this.#bodyKey(id, wished)));
	}

	#bodies(wanted: number, room: number): Lack | undefined {
		if (!this.#wantsBodies) return undefined;
		const unknown = this.#newest(wanted, atOnce(room, structureBytes), id => this.#lacksStructure(id));
		if (unknown.length > 0) {
			for (const id of unknown) this.#asked.add(`structure:${id}`);
			return {of: 'structures', ids: unknown, bytes: structureBytes * unknown.length};
		}
		const ids = this.#ids(wanted);
		for (const id of ids.toReversed()) {
			const lack = this.#body(id, ids, room);
			if (lack !== undefined) return lack;
		}
		return undefined;
	}

	/** Of the wanted ones that are held, oldest first. */
	#newest(wanted: number, most: number, isMeant: (id: MessageId) => boolean): readonly MessageId[] {
		const ids = this.#ids(wanted);
		const found: MessageId[] = [];
		for (let at = ids.length - 1; at >= 0 && found.length < most; at--) if (isMeant(ids[at]!)) found.push(ids[at]!);
		return found.reverse();
	}

	/** The wanted ones that are held, oldest first. */
	#ids(wanted: number): readonly MessageId[] {
		const {block} = this.#options;
		if (wanted === 0) return [];
		const key = `${wanted} ${this.#count} ${block.version}`;
		if (this.#listed.key !== key) this.#listed = {key, ids: block.at(this.#count - wanted + 1, this.#count).ids};
		return this.#listed.ids;
	}

	/** One part of this message, and with it the same part of others that want as much of it. */
	#body(id: MessageId, all: readonly MessageId[], room: number): Lack | undefined {
		for (const wished of this.#missing(id)) {
			if (!this.#once(this.#bodyKey(id, wished))) continue;
			const part = wished.part.number;
			const offset = this.#heldBytes(id, wished.part);
			const length = Math.min(wished.octets - offset, longestStart);
			if (offset > 0 || wished.octets > longestStart) return {of: 'chunk', id, part, offset, length};
			const others: MessageId[] = [];
			let bytes = length;
			for (const other of all.toReversed()) {
				if (bytes + 100 > Math.max(room, length) || others.length >= mostAtOnce) break;
				if (other === id) continue;
				const same = this.#missing(other).find(each => each.part.number === part);
				if (same === undefined || same.octets > longestStart || this.#heldBytes(other, same.part) > 0) continue;
				if (!this.#once(this.#bodyKey(other, same))) continue;
				others.push(other);
				bytes += same.octets + 100;
			}
			const ids = [id, ...others];
			return {of: 'starts', ids, part, length: Math.max(...ids.map(each => this.#wishedBytes(each, part))), bytes};
		}
		return undefined;
	}

	#bodyKey(id: MessageId, {part}: WishedPart): string {
		return `body:${id}:${part.number}:${this.#heldBytes(id, part)}`;
	}

	/** Undefined: its structure is not here. */
	#wishedOf(id: MessageId): readonly WishedPart[] | undefined {
		const known = this.#wished.get(id);
		if (known !== undefined) return known;
		const json = this.#options.facts.structure(id);
		if (json === undefined) return undefined;
		const {structure} = JSON.parse(json) as Described;
		const wished = structure === undefined ? [] : wishedParts(structure, this.#options.wish);
		this.#wished.set(id, wished);
		return wished;
	}

	#missing(id: MessageId): readonly WishedPart[] {
		if (this.#complete.has(id)) return [];
		const {facts} = this.#options;
		const wished = this.#wishedOf(id);
		const missing = wished?.filter(
			({part, octets}) => this.#heldBytes(id, part) < octets && !facts.isEnded(id, part.number),
		);
		if (missing?.length === 0) this.#complete.add(id);
		return missing ?? [];
	}

	#heldBytes(id: MessageId, {number}: Part): number {
		return this.#options.facts.heldBytes(id, number);
	}

	#wishedBytes(id: MessageId, number: PartNumber): number {
		return this.#missing(id).find(({part}) => part.number === number)?.octets ?? 0;
	}
}

const atOnce = (room: number, bytes: number): number =>
	Math.min(mostAtOnce, Math.max(fewestAtOnce, Math.floor(room / bytes)));

const rangeUp = (first: number, last: number, size: number): number[] =>
	Array.from({length: Math.max(0, Math.min(size, last - first + 1))}, (_, index) => first + index);

const rangeDown = (first: number, last: number, size: number): number[] =>
	rangeUp(Math.max(first, last - size + 1), last, size);
