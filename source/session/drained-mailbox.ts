/**
 * One offline mailbox, as something to empty: listed, brought whole, proven on the disk, and only then decided to be removed
 * from the server, through the log like all else that changes there.
 *
 * Laws: nothing is removed of which the receipt does not say `here`, and the file is looked at once more before; what came
 * before a line was cut is kept; what has a receipt does not come twice. docs/decisions/0037-offline.md
 */
import {creditSeconds, smallestChunkBytes} from '../model/budget.ts';
import type {Draining} from '../model/draining.ts';
import {Failure} from '../model/failure.ts';
import type {MailboxPath} from '../model/ids.ts';
import {countOf} from '../model/operation-words.ts';
import {ours, type SafeText, safeLine} from '../model/safe-text.ts';
import type {MessageFact, Remote} from '../remote/remote.ts';
import type {Receipt, Receipts} from '../store/receipts.ts';
import {type DrainPlan, planDrain} from './drain-plan.ts';
import {existing, goneOf, learnMaildrop} from './drained-listing.ts';
import {keyOf, messageIdOf, sameAs} from './letter-names.ts';
import type {Line} from './line.ts';
import type {LocalPlace} from './local-place.ts';
import {LongLetter} from './long-letter.ts';
import type {Need, Question} from './needs.ts';
import {sequenceSet} from './positions.ts';

export type DrainedMailboxOptions = {
	/** On the server. */
	readonly path: MailboxPath;
	/** What a message of it is called is made of this. */
	readonly account: string;
	readonly receipts: Receipts;
	/** Mailboxes that something came from, and that the server has no more: their messages may be in this one. */
	readonly gone: () => readonly MailboxPath[];
	readonly place: () => LocalPlace | Promise<LocalPlace>;
	readonly draining: () => Draining;
	/** Ms since the epoch. */
	readonly clock: () => number;
	/** Undefined: it is not open on the connection. */
	readonly uidValidity: () => number | undefined;
	readonly isReadOnly: () => boolean;
	readonly line: Pick<Line, 'has' | 'chunkBytes' | 'bytesIn'>;
	readonly isCompressed: () => boolean;
	/** UIDs that are on their way out already. */
	readonly leaving: (uidValidity: number) => ReadonlySet<number>;
	/** Decides that they are removed; false: it could not be written down. */
	readonly remove: (uidValidity: number, uids: readonly number[]) => boolean;
	readonly onProgress: () => void;
	readonly onFail: (because: SafeText) => void;
};

/** Bytes of a row around its octets. */
const rowBytes = 40;
const mostAtOnce = 1000;
const fewestQuestionBytes = 8192;
/** How much shorter DEFLATE makes messages, at least as a rule. */
const deflated = 2;
const longestWindow = 256 * 1024;

export class DrainedMailbox {
	readonly #options: DrainedMailboxOptions;
	/** The UIDVALIDITY it was listed under. */
	#listed: number | undefined;
	/** To be asked for, oldest first. */
	#queue: Receipt[] = [];
	#long: LongLetter | undefined;
	/** Asked for and not answered, or on its way to the disk. */
	readonly #underWay = new Set<number>();
	#isAsking = false;
	/** They are there and cannot be read. */
	readonly #unreadable = new Set<number>();
	/** They were here, and nobody knows where they are now. */
	#lost = 0;
	#place: LocalPlace | undefined;
	#isOver = false;
	#isBroken = false;
	/** How many came in this call. */
	came = 0;

	constructor(options: DrainedMailboxOptions) {
		this.#options = options;
	}

	/** What it takes to plan: what has come since it was listed last. */
	listing(key: string): Need {
		return this.#need(key, 'operations', () => this.#listed !== undefined, this.#askList);
	}

	need(): Need {
		return this.#need(drainKey(this.#options.path), 'chosen', () => this.#isOver, this.#next);
	}

	#need(
		key: string,
		urgency: Need['urgency'],
		isDone: () => boolean,
		next: (room: number) => Question | undefined,
	): Need {
		return {
			key,
			urgency,
			mailbox: this.#options.path,
			isDone: () => isDone() || this.#isBroken,
			isAllAsked: () => this.#isAsking || this.#underWay.size > 0,
			lost: () => this.#lose(),
			fail: failure => this.#fail(failure.sentence),
			cost: () => ({what: ours('Take the mail of an offline mailbox'), mostBytes: 20_000}),
			next: room => (this.#options.uidValidity() === undefined ? undefined : next.call(this, room)),
		};
	}

	get isDone(): boolean {
		return this.#isOver || this.#isBroken;
	}

	get draining(): Draining {
		return this.#options.draining();
	}

	get isBroken(): boolean {
		return this.#isBroken;
	}

	/** As the receipts have it now; undefined before it was listed. */
	get plan(): DrainPlan | undefined {
		const {receipts, path, draining, clock, line} = this.#options;
		if (this.#listed === undefined) return undefined;
		const open = receipts.open(path, this.#listed);
		return planDrain(open, draining(), {now: clock(), canExpunge: line.has('UIDPLUS')});
	}

	/** Why it is broken. */
	because: SafeText = ours('');

	/** What could not be done of it, in words; '' when all was. */
	get leftWords(): SafeText {
		const {path} = this.#options;
		if (this.#lost > 0)
			return safeLine(
				`${countOf(this.#lost)} of ${path} ${isOrAre(this.#lost)} no more in local mail, and stay on the server`,
			);
		if (this.#unreadable.size > 0)
			return safeLine(`${countOf(this.#unreadable.size)} of ${path} could not be read, and stay on the server`);
		return safeLine('');
	}

	#fail(because: SafeText): void {
		this.#isBroken = true;
		this.because = because;
		this.#options.onFail(because);
	}

	/** Asked again is what is not here, and not being written. */
	#lose(): void {
		this.#isAsking = false;
		// One of which a window is on its way ends with that.
		if (this.#long?.isIdle) this.#longIsOver(this.#long);
		this.#long = undefined;
		if (this.#listed !== undefined) this.#fill(this.#listed);
	}

	#fill(uidValidity: number): void {
		const isFree = ({uid}: Receipt) => !this.#underWay.has(uid) && !this.#unreadable.has(uid);
		this.#listed = uidValidity;
		this.#queue = (this.plan?.take ?? []).filter(isFree);
	}

	#next(room: number): Question | undefined {
		const uidValidity = this.#options.uidValidity();
		if (uidValidity === undefined || this.#isAsking) return undefined;
		if (this.#listed !== uidValidity || this.#place === undefined) return this.#askList();
		if (room < this.#options.line.chunkBytes) return undefined;
		if (this.#long === undefined && this.#queue.length === 0)
			return this.#underWay.size > 0 ? undefined : this.#askRemoval(uidValidity);
		return this.#askLong(uidValidity) ?? this.#askMany(room, uidValidity);
	}

	get #begun(): LocalPlace {
		if (this.#place === undefined) throw new Error('nothing was listed');
		return this.#place;
	}

	/** One at a time, and nothing else meanwhile. */
	#alone(expectedBytes: number, mostBytes: number, ask: (remote: Remote) => Promise<void>): Question {
		this.#isAsking = true;
		return {
			expectedBytes,
			mostBytes,
			ask: async remote => {
				try {
					await ask(remote);
				} finally {
					this.#isAsking = false;
					this.#options.onProgress();
				}
			},
		};
	}

	#askList(): Question | undefined {
		const {path, place, isReadOnly} = this.#options;
		const uidValidity = this.#options.uidValidity();
		if (uidValidity === undefined || this.#isAsking) return undefined;
		return this.#alone(2000, 200_000, async remote => {
			if (isReadOnly())
				throw new Failure('refused', safeLine(`${path} is read-only: its mail cannot be taken from the server`));
			this.#place = await place();
			await this.#place.begin();
			await learnMaildrop(remote, uidValidity, this.#place, this.#options);
			this.#fill(uidValidity);
		});
	}

	/** What one question may bring, before DEFLATE, so that what was asked for is here within two seconds. */
	get #mostBytes(): number {
		const {line} = this.#options;
		return Math.max(fewestQuestionBytes, line.bytesIn(creditSeconds)) * this.#shrinks;
	}

	get #shrinks(): number {
		return this.#options.isCompressed() ? deflated : 1;
	}

	/** Many small ones in one question. */
	#askMany(room: number, uidValidity: number): Question | undefined {
		const most = Math.min(room * this.#shrinks, this.#mostBytes);
		const some: Receipt[] = [];
		let bytes = 0;
		for (const receipt of this.#queue) {
			if (this.#isLong(receipt) || some.length >= mostAtOnce) break;
			if (some.length > 0 && bytes + receipt.sizeBytes + rowBytes > most) break;
			some.push(receipt);
			bytes += receipt.sizeBytes + rowBytes;
		}
		if (some.length === 0) return undefined;
		this.#queue.splice(0, some.length);
		for (const {uid} of some) this.#underWay.add(uid);
		return {
			expectedBytes: Math.ceil(bytes / this.#shrinks),
			mostBytes: bytes + 300 * some.length + 400,
			ask: remote => this.#bring(remote, uidValidity, some),
		};
	}

	async #bring(remote: Remote, uidValidity: number, some: readonly Receipt[]): Promise<void> {
		const came: MessageFact[] = [];
		const longest = Math.max(...some.map(({sizeBytes}) => sizeBytes));
		try {
			try {
				await remote.fetchMessages(sequenceSet(some.map(({uid}) => uid)), longest, fact => came.push(fact));
			} finally {
				// A line that is cut has brought these all the same.
				await this.#keep(uidValidity, some, came);
			}
			await this.#missed(
				remote,
				uidValidity,
				some.filter(({uid}) => !came.some(each => each.uid === uid)),
			);
		} finally {
			for (const {uid} of some) this.#underWay.delete(uid);
			this.#options.onProgress();
		}
	}

	async #keep(uidValidity: number, some: readonly Receipt[], came: readonly MessageFact[]): Promise<void> {
		const {path, account, receipts, clock} = this.#options;
		const letters = some.flatMap(receipt => {
			const fact = came.find(({uid}) => uid === receipt.uid);
			if (fact === undefined) return [];
			const key = keyOf({account, path, uidValidity}, receipt);
			return [{...receipt, ...fact, key, sameAs: sameAs(receipt, key)}];
		});
		const isWhole = ({octets, sizeBytes}: (typeof letters)[number]) => octets.length === sizeBytes;
		const whole = letters.filter(isWhole);
		const odd = letters.filter(each => !isWhole(each));
		receipts.change(path, uidValidity, [
			...odd.map(({uid}) => ({uid, state: 'odd' as const})),
			...whole.map(({uid, key, sameAs: other = key}) => ({uid, state: 'writing' as const, name: other})),
		]);
		if (whole.length === 0) return;
		const names = await this.#begun.deliver(whole);
		const cameAt = clock();
		receipts.change(
			path,
			uidValidity,
			whole.map(({uid, octets}, at) => ({
				uid,
				state: 'here',
				name: names[at] ?? '',
				messageId: messageIdOf(octets),
				cameAt,
			})),
		);
		this.came += whole.length;
	}

	/** Not answered: another client has taken them, or nobody can read what the server says of them. */
	async #missed(remote: Remote, uidValidity: number, missed: readonly Receipt[]): Promise<void> {
		if (missed.length === 0) return;
		const {receipts, path} = this.#options;
		const there = await existing(remote, missed);
		receipts.change(path, uidValidity, goneOf(missed.filter(({uid}) => !there.has(uid))));
		for (const uid of there) this.#unreadable.add(uid);
	}

	/** More than two seconds of the line, or begun in windows perhaps, and worth to go on with. */
	#isLong({sizeBytes, state}: Receipt): boolean {
		return sizeBytes > 4 * (state === 'writing' ? smallestChunkBytes : this.#options.line.chunkBytes);
	}

	/** A long one comes in windows, and goes on where an earlier call was cut. */
	#askLong(uidValidity: number): Question | undefined {
		const {account, path, receipts, clock, line} = this.#options;
		if (this.#long === undefined) {
			const [receipt] = this.#queue;
			if (receipt === undefined || !this.#isLong(receipt)) return undefined;
			this.#queue.shift();
			this.#underWay.add(receipt.uid);
			const key = keyOf({account, path, uidValidity}, receipt);
			this.#long = new LongLetter({
				key,
				receipt,
				place: this.#begun,
				windowBytes: () => Math.min(longestWindow, 2 * line.chunkBytes * this.#shrinks),
				shrinks: () => this.#shrinks,
			});
			receipts.change(path, uidValidity, [{uid: receipt.uid, state: 'writing', name: sameAs(receipt, key) ?? key}]);
		}
		const long = this.#long;
		const question = long.next();
		if (question === undefined) return undefined;
		const {uid} = long.receipt;
		return {
			...question,
			ask: async remote => {
				try {
					const outcome = await question.ask(remote);
					if (outcome === 'more') return this.#askAgain(long);
					if (outcome === 'gone') await this.#missed(remote, uidValidity, [long.receipt]);
					else if (outcome === 'odd') receipts.change(path, uidValidity, [{uid, state: 'odd'}]);
					else {
						receipts.change(path, uidValidity, [
							{uid, state: 'here', name: long.name, messageId: long.messageId, cameAt: clock()},
						]);
						this.came += 1;
					}
					this.#longIsOver(long);
				} catch (error) {
					this.#longIsOver(long);
					throw error;
				} finally {
					this.#options.onProgress();
				}
			},
		};
	}

	/** The line was lost while a window of it was on its way to the disk: the next begins where that has ended. */
	#askAgain(long: LongLetter): void {
		if (this.#long === long || !long.isIdle || this.#listed === undefined) return;
		this.#longIsOver(long);
		this.#fill(this.#listed);
	}

	#longIsOver(long: LongLetter): void {
		this.#underWay.delete(long.receipt.uid);
		if (this.#long === long) this.#long = undefined;
	}

	/** All that could come is here: what is proven once more is decided to go. */
	#askRemoval(uidValidity: number): Question {
		const {leaving, remove} = this.#options;
		return this.#alone(0, 0, async () => {
			const going = leaving(uidValidity);
			const due = (this.plan?.remove ?? []).filter(({uid}) => !going.has(uid));
			const whole = await this.#begun.whole(new Map(due.map(({name, sizeBytes}) => [name, sizeBytes])));
			const proven = due.filter(({name}) => whole.has(name));
			this.#lost = due.length - proven.length;
			const uids = proven.map(({uid}) => uid);
			if (uids.length > 0 && !remove(uidValidity, uids))
				throw new Failure('refused', ours('what has come could not be removed from the server'));
			this.#isOver = true;
		});
	}
}

export const drainKey = (path: MailboxPath): string => `drain:${path}`;

const isOrAre = (count: number): string => (count === 1 ? 'is' : 'are');
