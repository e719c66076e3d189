/**
 * What is wished for of one mailbox, as something to bring: first what changed and went, then what is lacking, question by
 * question. What came stays, so a call that is cut goes on from there.
 *
 * Law: many messages leave in one question, and no more than the line takes.
 */
import {creditSeconds} from '../model/budget.ts';
import type {MailboxPath, MessageId} from '../model/ids.ts';
import {ours, type SafeText, safeLine} from '../model/safe-text.ts';
import type {PartFact} from '../remote/remote.ts';
import {type Described, describe} from './describe.ts';
import {type Lack, Lacking, type LackingOptions} from './lacking.ts';
import type {MailboxRows} from './mailbox-rows.ts';
import type {MailboxSync} from './mailbox-sync.ts';
import type {Need, Question} from './needs.ts';
import {sequenceSet} from './positions.ts';

export type WishedInCall = {
	readonly onFail: Need['fail'];
	readonly onProgress: () => void;
	/** What is yet to be sent will bring more messages into it. */
	readonly isAwaiting: () => boolean;
};

type WishedMailboxOptions = LackingOptions &
	WishedInCall & {
		readonly sync: MailboxSync;
		readonly rows: MailboxRows;
	};

type LackOf<What extends Lack['of']> = Extract<Lack, {readonly of: What}>;

/** A question for less than this is mostly words, and as much is soon over on any line. */
const fewestQuestionBytes = 8192;
/** How much shorter DEFLATE makes summaries, structures and texts, at least. */
const deflated = 3;

export class WishedMailbox {
	readonly #options: WishedMailboxOptions;
	readonly #lacking: Lacking;
	#inFlight = 0;
	#isBroken = false;
	#isOver = false;

	constructor(options: WishedMailboxOptions) {
		this.#options = options;
		this.#lacking = new Lacking(options);
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
				this.#lacking.lost();
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

	/** As the server calls it when it is brought. */
	get path(): MailboxPath {
		return this.#options.standing.path;
	}

	/** Something more was put into it: it is to be brought once more. */
	again(): void {
		this.#isOver = false;
	}

	get isDone(): boolean {
		// Once it was, it is so for this call: another mailbox is open by now.
		this.#isOver ||= this.#isBroken || (this.#isAllHere() && !this.#options.isAwaiting());
		return this.#isOver;
	}

	#isAllHere(): boolean {
		const {standing, sync} = this.#options;
		if (!standing.isOpen || !sync.isDone || this.#inFlight > 0) return false;
		return this.#lacking.isNothing;
	}

	/**
	 * All of it came that could: the next call has nothing to look for. Since it was done, messages may have gone on, and
	 * others be among the wished ones now.
	 */
	fulfilled(): void {
		const {block, wish} = this.#options;
		if (!this.#isBroken && this.#lacking.isNothing) block.learn({wishDone: JSON.stringify(wish)});
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
		const lack = this.#lacking.next(room);
		switch (lack?.of) {
			case undefined:
				return undefined;
			case 'since':
				return this.#askSince(lack);
			case 'rows':
				return this.#options.rows.ask(lack.sequences);
			case 'previews':
				return this.#askPreviews(lack);
			case 'structures':
				return this.#askStructures(lack);
			case 'starts':
				return this.#askStarts(lack);
			case 'chunk':
				return this.#askChunk(lack);
		}
	}

	#askSince({date}: LackOf<'since'>): Question {
		return {
			expectedBytes: 200,
			mostBytes: 20_000,
			ask: async remote => this.#lacking.learnSince((await remote.search({by: 'since', date})).length),
		};
	}

	#askPreviews({ids, bytes}: LackOf<'previews'>): Question {
		const {facts, standing} = this.#options;
		const byUid = this.#byUid(ids);
		return {
			expectedBytes: bytes,
			mostBytes: 5 * bytes,
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

	#askStructures({ids, bytes}: LackOf<'structures'>): Question {
		const {facts, standing} = this.#options;
		const byUid = this.#byUid(ids);
		return {
			expectedBytes: bytes,
			mostBytes: 8 * bytes,
			ask: async remote => {
				const came: [MessageId, PartFact | undefined][] = [];
				await remote.fetchStructures(uidSet(byUid), (uid, structure) => {
					const id = byUid.get(uid);
					if (id !== undefined) came.push([id, structure]);
				});
				facts.transaction(standing.path, () => {
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

	#askStarts({ids, part, length, bytes}: LackOf<'starts'>): Question {
		const {facts, standing} = this.#options;
		const byUid = this.#byUid(ids);
		return {
			expectedBytes: bytes,
			mostBytes: bytes + 300 * ids.length + 400,
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

	#askChunk({id, part, offset, length}: LackOf<'chunk'>): Question {
		const {facts} = this.#options;
		const uid = facts.uidOf(id) ?? 0;
		return {
			expectedBytes: length,
			ask: async remote => {
				const octets = await remote.fetchChunk(uid, {part, of: 'content'}, offset, length, 'as-sent', 'parts');
				if (octets === undefined) return;
				if (octets.length > 0) facts.learnChunk(id, part, offset, octets);
				if (octets.length < length) facts.learnChunk(id, part, offset + octets.length, Buffer.alloc(0));
			},
		};
	}

	#byUid(ids: readonly MessageId[]): Map<number, MessageId> {
		const {facts} = this.#options;
		return new Map(ids.map(id => [facts.uidOf(id) ?? 0, id]));
	}
}

export const wishedKey = (path: MailboxPath): string => `wished:${path}`;

const uidSet = (byUid: ReadonlyMap<number, MessageId>): string => sequenceSet([...byUid.keys()].sort((a, b) => a - b));
