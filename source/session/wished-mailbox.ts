/**
 * What is wished for of one mailbox, as something to bring: first what changed and went, then the summaries, then the
 * structures of those that are to have text or parts, then these. What came stays, so a call that is cut goes on from there.
 *
 * Laws: nothing is asked for that is held; many messages leave in one question, and no more than the line takes; a message
 * that gives no answer is not asked for again in this call.
 */
import {creditSeconds} from '../model/budget.ts';
import type {MailboxPath, MessageId, PartNumber} from '../model/ids.ts';
import type {Part} from '../model/part.ts';
import {ours, type SafeText, safeLine} from '../model/safe-text.ts';
import {type Wish, wishedSince} from '../model/wish.ts';
import {type WishedPart, wishedParts} from '../model/wished-parts.ts';
import type {PartFact, Remote} from '../remote/remote.ts';
import type {Facts} from '../store/facts.ts';
import {type Described, describe} from './describe.ts';
import type {HeldBlock} from './held-block.ts';
import type {MailboxRows} from './mailbox-rows.ts';
import type {MailboxStanding} from './mailbox-standing.ts';
import type {MailboxSync} from './mailbox-sync.ts';
import type {Need, Question} from './needs.ts';
import {sequenceSet} from './positions.ts';
import type {Worker} from './worker.ts';

type WishedMailboxOptions = {
	readonly wish: Wish;
	readonly facts: Facts;
	readonly block: HeldBlock;
	readonly sync: MailboxSync;
	readonly rows: MailboxRows;
	readonly standing: MailboxStanding;
	readonly worker: Worker;
	readonly onProgress: () => void;
	readonly onFail: Need['fail'];
};

const summaryBytes = 300;
const structureBytes = 250;
const previewBytes = 250;
/** A question for less than this is mostly words, and as much is soon over on any line. */
const fewestQuestionBytes = 8192;
/** How much shorter DEFLATE makes summaries, structures and texts, at least. */
const deflated = 3;
const mostAtOnce = 1000;
const fewestAtOnce = 20;

export class WishedMailbox {
	readonly #options: WishedMailboxOptions;
	/** Since a date: how many of the newest that are, once the server said so. */
	#sinceCount: number | undefined;
	readonly #asked = new Set<string>();
	/** What is wished for of the messages whose structure is here; of the complete ones nothing is missing. */
	readonly #wished = new Map<MessageId, readonly WishedPart[]>();
	readonly #complete = new Set<MessageId>();
	#listed: {readonly key: string; readonly ids: readonly MessageId[]} = {key: '', ids: []};
	#inFlight = 0;
	#isBroken = false;
	#isOver = false;

	constructor(options: WishedMailboxOptions) {
		this.#options = options;
	}

	need(): Need {
		const {standing, onFail} = this.#options;
		const {path} = standing;
		return {
			key: wishedKey(path),
			urgency: 'chosen',
			mailbox: path,
			isDone: () => this.isDone,
			isAllAsked: () => this.#inFlight > 0,
			lost: () => {
				this.#asked.clear();
				this.#inFlight = 0;
			},
			fail: failure => {
				this.#isBroken = true;
				onFail(failure);
			},
			cost: () => ({what: ours('Bring what is wished for'), mostBytes: 2000}),
			next: room => this.#next(room),
		};
	}

	get isDone(): boolean {
		// Once it was, it is so for this call: another mailbox is open by now.
		this.#isOver ||= this.#isBroken || this.#isAllHere();
		return this.#isOver;
	}

	#isAllHere(): boolean {
		const {standing, sync} = this.#options;
		if (!standing.isOpen || !sync.isDone || this.#inFlight > 0) return false;
		return this.isHeld;
	}

	/** Whether all of it is held, as far as that can be told without asking. Free. */
	get isHeld(): boolean {
		const wanted = this.#wanted();
		if (wanted === undefined) return this.#asked.has(sinceDate);
		return (
			this.#lackingRows(wanted, Number.POSITIVE_INFINITY) === undefined &&
			!this.#ids(wanted).some(id => this.#lacksPreview(id) || this.#lacksBody(id))
		);
	}

	/** All of it came that could: the next call has nothing to look for. */
	fulfilled(): void {
		const {block, wish} = this.#options;
		if (!this.#isBroken) block.learn({wishDone: JSON.stringify(wish)});
	}

	#next(room: number): Question | undefined {
		const {standing, sync, worker} = this.#options;
		// For less room than a chunk, no question is worth its command.
		if (!standing.isOpen || room < worker.line.chunkBytes) return undefined;
		const question = sync.isDone ? this.#nextQuestion(Math.min(room, this.#mostBytes())) : sync.next();
		return question === undefined ? undefined : this.#counted(question);
	}

	/** What one question may bring, before DEFLATE, so that others need not wait for long behind it. */
	#mostBytes(): number {
		const {worker} = this.#options;
		const bytes = Math.max(fewestQuestionBytes, worker.line.bytesIn(creditSeconds));
		return worker.link.get().isCompressed ? deflated * bytes : bytes;
	}

	get #count(): number {
		return this.#options.standing.count ?? 0;
	}

	#counted(question: Question): Question {
		this.#inFlight += 1;
		const {ask} = question;
		return {
			...question,
			ask: async remote => {
				try {
					await ask(remote);
				} finally {
					this.#inFlight = Math.max(0, this.#inFlight - 1);
					this.#options.onProgress();
				}
			},
		};
	}

	#nextQuestion(room: number): Question | undefined {
		const wanted = this.#wanted();
		if (wanted === undefined) return this.#askSince();
		return this.#askSummaries(wanted, room) ?? this.#askPreviews(wanted, room) ?? this.#askBodies(wanted, room);
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

	#askSince(): Question | undefined {
		if (!this.#once(sinceDate)) return undefined;
		const date = wishedSince(this.#options.wish, Date.now()) ?? 0;
		return {
			expectedBytes: 200,
			mostBytes: 20_000,
			ask: async remote => {
				this.#sinceCount = (await remote.search({by: 'since', date})).length;
			},
		};
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

	#askSummaries(wanted: number, room: number): Question | undefined {
		const lacking = this.#lackingRows(wanted, room);
		if (lacking === undefined) return undefined;
		this.#asked.add(lacking.key);
		return this.#options.rows.ask([...lacking.sequences]);
	}

	#lacksPreview(id: MessageId): boolean {
		const {facts, wish, worker} = this.#options;
		if (!wish.hasPreviews || !worker.line.has('PREVIEW')) return false;
		return !this.#asked.has(`preview:${id}`) && facts.preview(id) === undefined;
	}

	#askPreviews(wanted: number, room: number): Question | undefined {
		const {facts, standing} = this.#options;
		const ids = this.#newest(wanted, atOnce(room, previewBytes), id => this.#lacksPreview(id));
		if (ids.length === 0) return undefined;
		for (const id of ids) this.#asked.add(`preview:${id}`);
		const byUid = this.#byUid(ids);
		return {
			expectedBytes: previewBytes * ids.length,
			mostBytes: 5 * previewBytes * ids.length,
			ask: async remote => {
				const came: [MessageId, SafeText][] = [];
				await remote.fetchPreviews(uidSet(byUid), (uid, text) => {
					const id = byUid.get(uid);
					if (id !== undefined) came.push([id, safeLine(text)]);
				});
				facts.transaction(standing.path, () => {
					for (const [id, text] of came) facts.learnPreview(id, text);
				});
			},
		};
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

	#askBodies(wanted: number, room: number): Question | undefined {
		if (!this.#wantsBodies) return undefined;
		const unknown = this.#newest(wanted, atOnce(room, structureBytes), id => this.#lacksStructure(id));
		if (unknown.length > 0) return this.#askStructures(unknown);
		const ids = this.#ids(wanted);
		for (const id of ids.toReversed()) {
			const question = this.#askBody(id, ids, room);
			if (question !== undefined) return question;
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
		const key = `${wanted} ${this.#count} ${block.held?.count} ${block.held?.uidNext} ${block.size}`;
		if (this.#listed.key !== key) this.#listed = {key, ids: block.at(this.#count - wanted + 1, this.#count).ids};
		return this.#listed.ids;
	}

	#askStructures(ids: readonly MessageId[]): Question {
		const {facts} = this.#options;
		for (const id of ids) this.#asked.add(`structure:${id}`);
		const byUid = this.#byUid(ids);
		return {
			expectedBytes: structureBytes * ids.length,
			mostBytes: 8 * structureBytes * ids.length,
			ask: async remote => {
				const came: [MessageId, PartFact | undefined][] = [];
				await remote.fetchStructures(uidSet(byUid), (uid, structure) => {
					const id = byUid.get(uid);
					if (id !== undefined) came.push([id, structure]);
				});
				facts.transaction(this.#options.standing.path, () => {
					for (const [id, structure] of came) if (structure) facts.learnStructure(id, this.#described(id, structure));
				});
			},
		};
	}

	/** What opening the message would have brought as well is known from its summary. */
	#described(id: MessageId, structure: PartFact): string {
		const kept = this.#options.facts.summary(id)?.kept;
		const described = describe(structure, Buffer.alloc(0));
		const headers = [
			...(kept?.to ? [{name: ours('To'), value: kept.to}] : []),
			...(kept?.cc ? [{name: ours('Cc'), value: kept.cc}] : []),
		];
		return JSON.stringify({...described, headers} satisfies Described);
	}

	/** One part of this message, and with it the same part of others that want as much of it. */
	#askBody(id: MessageId, ids: readonly MessageId[], room: number): Question | undefined {
		for (const wished of this.#missing(id)) {
			if (!this.#once(this.#bodyKey(id, wished))) continue;
			const offset = this.#heldBytes(id, wished.part);
			const length = Math.min(wished.octets - offset, longestStart);
			if (offset > 0 || wished.octets > longestStart) return this.#askChunk(id, wished.part, offset, length);
			const others: MessageId[] = [];
			let bytes = length;
			for (const other of ids.toReversed()) {
				if (bytes + 100 > Math.max(room, length) || others.length >= mostAtOnce) break;
				if (other === id) continue;
				const same = this.#missing(other).find(({part}) => part.number === wished.part.number);
				if (same === undefined || same.octets > longestStart || this.#heldBytes(other, same.part) > 0) continue;
				if (!this.#once(this.#bodyKey(other, same))) continue;
				others.push(other);
				bytes += same.octets + 100;
			}
			return this.#askStarts([id, ...others], wished.part.number, bytes);
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

	#askStarts(ids: readonly MessageId[], part: PartNumber, expectedBytes: number): Question {
		const {facts, standing} = this.#options;
		const byUid = this.#byUid(ids);
		const length = Math.max(...ids.map(id => this.#wishedBytes(id, part)));
		return {
			expectedBytes,
			mostBytes: expectedBytes + 300 * ids.length + 400,
			ask: async remote => {
				const came: [MessageId, Buffer][] = [];
				await remote.fetchStarts(uidSet(byUid), part, length, (uid, octets) => {
					const id = byUid.get(uid);
					if (id !== undefined) came.push([id, octets]);
				});
				facts.transaction(standing.path, () => {
					for (const [id, octets] of came) {
						if (octets.length > 0) facts.learnChunk(id, part, 0, octets);
						if (octets.length < length) facts.learnChunk(id, part, octets.length, Buffer.alloc(0));
					}
				});
			},
		};
	}

	#wishedBytes(id: MessageId, number: PartNumber): number {
		return this.#missing(id).find(({part}) => part.number === number)?.octets ?? 0;
	}

	#askChunk(id: MessageId, part: Part, offset: number, length: number): Question {
		const {facts} = this.#options;
		const uid = facts.uidOf(id) ?? 0;
		return {
			expectedBytes: length,
			ask: async (remote: Remote) => {
				const section = {part: part.number, of: 'content'} as const;
				const octets = await remote.fetchChunk(uid, section, offset, length, 'as-sent', 'parts');
				if (octets === undefined) return;
				if (octets.length > 0) facts.learnChunk(id, part.number, offset, octets);
				if (octets.length < length) facts.learnChunk(id, part.number, offset + octets.length, Buffer.alloc(0));
			},
		};
	}

	#byUid(ids: readonly MessageId[]): Map<number, MessageId> {
		const {facts} = this.#options;
		return new Map(ids.map(id => [facts.uidOf(id) ?? 0, id]));
	}
}

/** Octets of one part asked for at once. */
const longestStart = 64 * 1024;

/** The question how many are since the date. */
const sinceDate = 'since';

export const wishedKey = (path: MailboxPath): string => `wished:${path}`;

const uidSet = (byUid: ReadonlyMap<number, MessageId>): string => sequenceSet([...byUid.keys()].sort((a, b) => a - b));

const atOnce = (room: number, bytes: number): number =>
	Math.min(mostAtOnce, Math.max(fewestAtOnce, Math.floor(room / bytes)));

const rangeUp = (first: number, last: number, size: number): number[] =>
	Array.from({length: Math.max(0, Math.min(size, last - first + 1))}, (_, index) => first + index);

const rangeDown = (first: number, last: number, size: number): number[] =>
	rangeUp(Math.max(first, last - size + 1), last, size);
