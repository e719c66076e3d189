/**
 * Sends the log: one need that the worker puts before all others, and what becomes of each answer. What is sent next is
 * replay-plan.ts's, how it is done replay-changes.ts's, and how what was lost is looked up replay-look-ups.ts's.
 *
 * Laws: an operation leaves the log only when the server has confirmed it; a NO stops those that depend on it, no others.
 */
import {Failure} from '../model/failure.ts';
import type {MailboxPath} from '../model/ids.ts';
import type {Flag} from '../model/message.ts';
import {
	type FileChange,
	isAcross,
	type LogMessageId,
	type Operation,
	type OperationId,
	type Place,
} from '../model/operation.ts';
import {ours, type SafeText} from '../model/safe-text.ts';
import type {MailboxFact, Remote} from '../remote/remote.ts';
import {carriedBytes} from './across-steps.ts';
import type {Need, Question} from './needs.ts';
import type {Operations} from './operations.ts';
import {notOpenedWords, refusalWords} from './refusal-words.ts';
import {ReplayAppend, type Uploaded} from './replay-append.ts';
import type {ReplayAround} from './replay-around.ts';
import {ReplayCarry} from './replay-carry.ts';
import {ReplayChanges} from './replay-changes.ts';
import {type MakeDraftOctets, ReplayDrafts} from './replay-drafts.ts';
import {ReplayLookUps} from './replay-look-ups.ts';
import {ReplayMailboxes} from './replay-mailboxes.ts';
import {ReplayMarks} from './replay-marks.ts';
import {freeOperations, freeSteps, nextStep} from './replay-plan.ts';
import type {Batch, Step, StepOf, Surroundings} from './replay-step.ts';

type ReplayOptions = {
	readonly operations: Operations;
	readonly around: Omit<Surroundings, 'has' | 'selected' | 'isUnderWay' | 'isAlone'>;
	readonly has: (capability: string) => boolean;
	/** The mailbox that is open on the connection. */
	readonly selected: () => MailboxPath | undefined;
	readonly learnMailboxes: (mailboxes: readonly MailboxFact[]) => void;
	/** What separates the levels of a name; '' where there are none. */
	readonly delimiter: () => string;
	/** The octets of a letter that was sent; undefined when they are not there, or not all. */
	readonly lettersOctets: (change: FileChange) => Uploaded | undefined;
	readonly draftOctets: MakeDraftOctets;
	/** Whether this connection has said that the message is there, and not that it went. */
	readonly isTold: (place: Place) => boolean;
	readonly isMarked: ReplayAround['isMarked'];
	/** Octets to ask for in one chunk on this line. */
	readonly chunkBytes: () => number;
	/** The server has set or taken this flag. */
	readonly onFlagged: (places: readonly Place[], flag: Flag, isSet: boolean) => void;
	readonly onFlags: ReplayAround['onFlags'];
};

export class Replay {
	readonly #options: ReplayOptions;
	/** `operation message` of what was sent on this connection and is not answered. */
	readonly #underWay = new Set<string>();

	/** Of which one was refused when they left together. */
	readonly #alone = new Set<OperationId>();
	/** Of which some were gone when they left. */
	readonly #sentAgain = new Set<OperationId>();
	readonly #marks: ReplayMarks;
	readonly #changes: ReplayChanges;
	readonly #lookUps: ReplayLookUps;
	readonly #mailboxes: ReplayMailboxes;
	readonly #carry: ReplayCarry;
	readonly #append: ReplayAppend;
	readonly #drafts: ReplayDrafts;

	constructor(options: ReplayOptions) {
		this.#options = options;
		const {operations, has, onFlagged, onFlags, isTold, isMarked} = options;
		const {uidValidityOf} = options.around;
		this.#marks = new ReplayMarks(operations);
		const around = {marks: this.#marks, has, uidValidityOf, onFlagged, onFlags, isTold, isMarked};
		this.#changes = new ReplayChanges(around);
		this.#lookUps = new ReplayLookUps(around);
		this.#carry = new ReplayCarry({operations, marks: this.#marks, chunkBytes: options.chunkBytes});
		this.#append = new ReplayAppend({
			octetsOf: (change, target) =>
				change.kind === 'file' ? options.lettersOctets(change) : operations.across?.octetsOf(change, target),
			around,
			chunkBytes: options.chunkBytes,
			onProgress: () => operations.reload(),
		});
		this.#drafts = new ReplayDrafts({octetsOf: options.draftOctets, around});
		this.#mailboxes = new ReplayMailboxes(this.#marks, options);
	}

	/** Whether messages of this mailbox are being taken away just now, so that positions are about to shift. */
	isTakingFrom(mailbox: MailboxPath): boolean {
		if (this.#underWay.size === 0) return false;
		return this.#options.operations.waiting.some(
			operation =>
				(operation.change.kind === 'move' || operation.change.kind === 'remove') &&
				operation.targets.some(
					({message, place, state}) =>
						place.mailbox === mailbox &&
						(!isAcross(operation.change) || state === 'copied') &&
						this.#underWay.has(keyOf(operation, message)),
				),
		);
	}

	need(): Need {
		const replay = this;
		return {
			key: 'operations',
			urgency: 'operations',
			get mailbox() {
				return replay.#step()?.mailbox;
			},
			isDone: () => !this.#options.operations.mayDrain || this.#isAtRest(),
			isAllAsked: () => this.#step() === undefined,
			cost: () => ({what: ours('Send what you decided'), mostBytes: this.#mostBytes()}),
			next: () => this.#next(),
			lost: () => {
				this.#underWay.clear();
				// What was marked as sent must be seen as sent, or it would be sent again.
				this.#options.operations.reload();
			},
			fail: failure => this.#cannotOpen(failure),
		};
	}

	/** What is left, if anything, is held or counts on what was refused. */
	#isAtRest(): boolean {
		if (this.#underWay.size > 0) return false;
		return freeOperations(this.#options.operations.all.get(), this.#surroundings()).next().done === true;
	}

	#mostBytes(): number {
		const {waiting} = this.#options.operations;
		return waiting.reduce((bytes, operation) => bytes + mostBytesOf([operation]), 0);
	}

	#step(): Step | undefined {
		return nextStep(this.#options.operations.waiting, this.#surroundings());
	}

	#surroundings(): Surroundings {
		const {around, has, selected} = this.#options;
		return {
			...around,
			has,
			selected: selected(),
			isUnderWay: (operation, message) => this.#underWay.has(keyOf(operation, message)),
			isAlone: ({id}) => this.#alone.has(id),
		};
	}

	#next(): Question | undefined {
		this.#options.operations.refresh();
		let step = this.#step();
		while (isDecidedHere(step)) {
			if (!this.#decideHere(step)) return undefined;
			step = this.#step();
		}
		if (step === undefined) return undefined;
		if (step.mailbox !== undefined && step.mailbox !== this.#options.selected()) return undefined;
		const keys = keysOf(step.batches);
		for (const key of keys) this.#underWay.add(key);
		const asked = step;
		return {
			expectedBytes: 100 + 10 * keys.length,
			mostBytes: mostBytesOf(step.batches.map(({operation, targets}) => ({...operation, targets}))),
			ask: async remote => {
				let isLost = false;
				try {
					await this.#ask(remote, asked);
				} catch (error) {
					// The session was closed meanwhile: the log on disk knows that it was sent, and the next start looks.
					if (this.#options.operations.log === undefined) return;
					if (this.#options.operations.giveUp(error)) return;
					isLost = !(error instanceof Failure) || error.kind === 'offline' || error.kind === 'busy';
					if (!(error instanceof Failure) || isLost) throw error;
					if (error.code === 'EXPUNGEISSUED' && this.#maySendAgain(asked.batches)) return;
					this.#refused(asked.batches, refusalWords(error, asked));
				} finally {
					// What went with the line is looked at by who is told that it is gone (`lost`), and not before.
					if (!isLost) {
						for (const key of keys) this.#underWay.delete(key);
						this.#options.operations.reload();
					}
				}
			},
		};
	}

	/** Some of them are gone, and nothing was touched (RFC 2180 §4.4.1): once more, now that it was told which. */
	#maySendAgain(batches: readonly Batch[]): boolean {
		const ids = batches.map(({operation}) => operation.id);
		const isFirst = ids.every(id => !this.#sentAgain.has(id));
		for (const id of ids) this.#sentAgain[isFirst ? 'add' : 'delete'](id);
		return isFirst;
	}

	/** Of several operations in one command nobody knows which was meant: each is tried by itself, so that the others go on. */
	#refused(batches: readonly Batch[], because: SafeText): void {
		const ids = new Set(batches.map(({operation}) => operation.id));
		if (ids.size === 1) this.#marks.refuse(batches, because);
		else for (const id of ids) this.#alone.add(id);
	}

	/** What needs no server. Returns false when the log cannot be written. */
	#decideHere(step: DecidedHere): boolean {
		try {
			this.#decide(step);
			return true;
		} catch (error) {
			if (!this.#options.operations.giveUp(error)) throw error;
			return false;
		}
	}

	#decide(step: DecidedHere): void {
		switch (step.do) {
			case 'refuse':
				this.#marks.refuse(step.batches, step.because);
				break;
			case 'settle':
				this.#marks.settle(step.batches);
				break;
			case 'settle-draft':
				this.#drafts.settle(step.batches);
				break;
			case 'withdraw-draft':
				this.#drafts.withdraw(step.batches);
		}
		this.#options.operations.reload();
	}

	async #ask(remote: Remote, step: Step): Promise<void> {
		switch (step.do) {
			case 'list':
				return this.#options.learnMailboxes(await remote.fetchMailboxes());
			case 'mailbox':
				return this.#mailboxes.change(remote, step);
			case 'look-mailboxes':
				return this.#mailboxes.look(remote, step);
			case 'store':
				return this.#changes.store(remote, step);
			case 'move':
				return this.#changes.move(remote, step);
			case 'copy':
				return this.#changes.copy(remote, step);
			case 'remove':
				return this.#changes.remove(remote, step);
			case 'look':
				return this.#lookUps.look(remote, step);
			case 'name':
				return this.#lookUps.name(remote, step);
			case 'find-copies':
				return this.#lookUps.findCopies(remote, step);
			case 'find':
				return this.#lookUps.find(remote, step);
			case 'weigh':
				return this.#carry.weigh(remote, step);
			case 'carry':
				return this.#carry.carry(remote, step);
			case 'append':
				return this.#append.append(remote, step);
			case 'find-append':
				return this.#append.find(remote, step);
			case 'verify':
				return this.#append.verify(remote, step);
			case 'save-draft':
				return this.#drafts.save(remote, step);
			case 'exchange-draft':
				return this.#drafts.save(remote, step);
			case 'find-draft':
				return this.#drafts.find(remote, step);
			case 'look-draft':
				return this.#drafts.look(remote, step);
			case 'replace-draft':
				return this.#drafts.replace(remote, step);
			case 'refuse':
			case 'settle':
			case 'settle-draft':
			case 'withdraw-draft':
				return this.#decide(step);
		}
	}

	/** A mailbox that cannot be opened: what was decided there cannot be done. */
	#cannotOpen(failure: Failure): void {
		const mailbox = this.#step()?.mailbox;
		const steps = freeSteps(this.#options.operations.waiting, this.#surroundings());
		const there = steps.filter(step => mailbox !== undefined && step.mailbox === mailbox);
		if (mailbox !== undefined)
			this.#marks.refuse(
				there.flatMap(({batches}) => batches),
				notOpenedWords(mailbox, failure),
			);
		this.#options.operations.sendOn();
	}
}

type DecidedHere = StepOf<'refuse' | 'settle' | 'settle-draft' | 'withdraw-draft'>;

const isDecidedHere = (step: Step | undefined): step is DecidedHere =>
	step !== undefined && ['refuse', 'settle', 'settle-draft', 'withdraw-draft'].includes(step.do);

/** Commands and their answers; for each message a number in a set, a line of its removal, a new UID, and what is carried of it. */
const mostBytesOf = (operations: readonly Operation[]): number =>
	operations.reduce((bytes, each) => bytes + 1200 + 60 * each.targets.length + carriedBytes(each), 0);

const keysOf = (batches: readonly Batch[]): string[] =>
	batches.flatMap(({operation, targets}) =>
		targets.length === 0 ? [keyOf(operation)] : targets.map(({message}) => keyOf(operation, message)),
	);

const keyOf = ({id}: Operation, message?: LogMessageId): string => `${id} ${message ?? ''}`;
