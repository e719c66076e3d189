/**
 * A message too long for one answer, on its way to the disk in windows (`BODY.PEEK[]<off.len>`).
 *
 * Laws: a window is on the disk before the next is written, in order, so that the length of the file is how far it is; a
 * window with another number of octets than were asked for ends it.
 */
import {partNumber} from '../model/ids.ts';
import type {Flag} from '../model/message.ts';
import type {Remote} from '../remote/remote.ts';
import type {Receipt} from '../store/receipts.ts';
import {messageIdOf, sameAs} from './letter-names.ts';
import type {LocalPlace} from './local-place.ts';

export type LongLetterOptions = {
	readonly key: string;
	readonly receipt: Receipt;
	readonly place: LocalPlace;
	/** Octets to ask for at once on this line, before DEFLATE. */
	readonly windowBytes: () => number;
	/** How much shorter DEFLATE makes them, about. */
	readonly shrinks: () => number;
};

/** `here`: it is whole, and in its place. */
export type WindowOutcome = 'more' | 'here' | 'gone' | 'odd';
export type Window = {readonly expectedBytes: number; readonly ask: (remote: Remote) => Promise<WindowOutcome>};

const everything = {part: partNumber(''), of: 'content'} as const;

export class LongLetter {
	readonly receipt: Receipt;
	messageId = '';
	/** What it is called in local mail. */
	name = '';
	/** Windows on their way, to us or to the disk. */
	#underWay = 0;
	readonly #options: LongLetterOptions;
	/** Up to where it was asked for; undefined: nobody has looked how much of it is here. */
	#askedBytes: number | undefined;
	#isLooking = false;
	#writing: Promise<unknown> = Promise.resolve();
	#flags: readonly Flag[] = [];
	#isOver = false;

	constructor(options: LongLetterOptions) {
		this.#options = options;
		this.receipt = options.receipt;
	}

	get isIdle(): boolean {
		return this.#underWay === 0;
	}

	/** The next window; undefined when all of it is asked for. */
	next(): Window | undefined {
		const {sizeBytes} = this.receipt;
		if (this.#isLooking || this.#isOver) return undefined;
		if (this.#askedBytes === undefined) {
			this.#isLooking = true;
			return {expectedBytes: 60, ask: remote => this.#counted(this.#look(remote))};
		}
		if (this.#askedBytes >= sizeBytes) return undefined;
		const offset = this.#askedBytes;
		const {windowBytes, shrinks} = this.#options;
		const length = Math.min(windowBytes(), sizeBytes - offset);
		this.#askedBytes += length;
		return {
			expectedBytes: Math.ceil(length / shrinks()),
			ask: remote => this.#counted(this.#take(remote, offset, length)),
		};
	}

	async #counted(asked: Promise<WindowOutcome>): Promise<WindowOutcome> {
		this.#underWay += 1;
		try {
			return await asked;
		} finally {
			this.#underWay -= 1;
		}
	}

	async #look(remote: Remote): Promise<WindowOutcome> {
		const {place, key} = this.#options;
		const {uid, sizeBytes} = this.receipt;
		try {
			const [{heldBytes, start}] = await Promise.all([
				place.begun(key, sizeBytes),
				remote.fetchFlags(String(uid), fact => {
					if (fact.uid === uid) this.#flags = fact.flags;
				}),
			]);
			this.messageId = messageIdOf(start);
			this.#askedBytes = heldBytes;
			return heldBytes === sizeBytes ? await this.#finish() : 'more';
		} finally {
			this.#isLooking = false;
		}
	}

	async #take(remote: Remote, offset: number, length: number): Promise<WindowOutcome> {
		const {sizeBytes, uid} = this.receipt;
		// One octet more than there should be in the last, so that a message that is longer than announced shows itself.
		const isLast = offset + length === sizeBytes;
		const before = this.#writing;
		const asked = remote.fetchChunk(uid, everything, offset, isLast ? length + 1 : length, 'as-sent', 'parts');
		const mine = Promise.all([asked, before]).then(([octets]) => this.#write(octets, offset, length));
		this.#writing = mine;
		mine.catch(() => {});
		try {
			return await mine;
		} catch (error) {
			this.#isOver = true;
			throw error;
		}
	}

	async #write(octets: Buffer | undefined, offset: number, length: number): Promise<WindowOutcome> {
		const {place, key} = this.#options;
		// What an earlier window has come to, its own question says.
		if (this.#isOver) return 'more';
		if (octets?.length !== length) {
			this.#isOver = true;
			return octets === undefined ? 'gone' : 'odd';
		}
		if (offset === 0) this.messageId = messageIdOf(octets);
		await place.write(key, octets, offset);
		return offset + length === this.receipt.sizeBytes ? this.#finish() : 'more';
	}

	async #finish(): Promise<WindowOutcome> {
		const {place, key} = this.#options;
		const {date, sizeBytes} = this.receipt;
		this.#isOver = true;
		this.name = await place.finish({key, flags: this.#flags, date, sizeBytes, sameAs: sameAs(this.receipt, key)});
		return 'here';
	}
}
