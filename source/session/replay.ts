/**
 * Sends the log: one need that the worker puts before all others, and what becomes of each answer.
 *
 * Laws: what a crash must know is in the log before a command leaves; an operation leaves the log only when the server
 * has confirmed it; a COPY answered NO touches nothing more; nothing is ever removed but by UID EXPUNGE of exactly what
 * was decided (law 6).
 */
import {Failure} from '../model/failure.ts';
import type {MailboxPath} from '../model/ids.ts';
import type {LogMessageId, Operation, Place, Target} from '../model/operation.ts';
import {ours, type SafeText, safeLine} from '../model/safe-text.ts';
import type {Copied, MailboxFact, Remote} from '../remote/remote.ts';
import type {OperationLog} from '../store/log.ts';
import type {Need, Question} from './needs.ts';
import type {Operations} from './operations.ts';
import {sequenceSet} from './positions.ts';
import {type Batch, nextStep, noMessageId, type Step, type Surroundings} from './replay-plan.ts';

export type ReplayOptions = {
	readonly operations: Operations;
	readonly around: Omit<Surroundings, 'has' | 'isUnderWay'>;
	readonly has: (capability: string) => boolean;
	/** The mailbox that is open on the connection. */
	readonly selected: () => MailboxPath | undefined;
	readonly learnMailboxes: (mailboxes: readonly MailboxFact[]) => void;
	/** The originals are still there, marked \Deleted. */
	readonly onMarkedDeleted: (places: readonly Place[]) => void;
};

/** Servers take lines of 8,192 octets (RFC 7162 §4); what is longer leaves as several commands. */
const longestSet = 7500;

export class Replay {
	readonly #options: ReplayOptions;
	/** `operation message` of what was sent on this connection and is not answered. */
	readonly #underWay = new Set<string>();

	constructor(options: ReplayOptions) {
		this.#options = options;
	}

	/** Whether messages of this mailbox are being taken away just now, so that positions are about to shift. */
	isTakingFrom(mailbox: MailboxPath): boolean {
		if (this.#underWay.size === 0) return false;
		return this.#options.operations.waiting.some(
			operation =>
				(operation.change.kind === 'move' || operation.change.kind === 'remove') &&
				operation.targets.some(
					({message, place}) => place.mailbox === mailbox && this.#underWay.has(`${operation.id} ${message}`),
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
			isDone: () => !this.#options.operations.mayDrain || this.#options.operations.waiting.length === 0,
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

	/** Commands and their answers; for each message a number in a set, a line of its removal, a new UID. */
	#mostBytes(): number {
		const {waiting} = this.#options.operations;
		return waiting.reduce((bytes, {targets}) => bytes + 1200 + 60 * targets.length, 0);
	}

	#step(): Step | undefined {
		const {operations, around, has} = this.#options;
		return nextStep(operations.waiting, {
			...around,
			has,
			isUnderWay: (operation, message) => this.#underWay.has(`${operation.id} ${message}`),
		});
	}

	#next(): Question | undefined {
		this.#options.operations.refresh();
		let step = this.#step();
		while (step?.do === 'refuse' || step?.do === 'settle') {
			if (!this.#decideHere(step)) return undefined;
			step = this.#step();
		}
		if (step === undefined) return undefined;
		if (step.mailbox !== undefined && step.mailbox !== this.#options.selected()) return undefined;
		const keys = step.batches.flatMap(({operation, targets}) =>
			targets.map(({message}) => `${operation.id} ${message}`),
		);
		for (const key of keys) this.#underWay.add(key);
		const asked = step;
		return {
			expectedBytes: 100 + 10 * keys.length,
			mostBytes: 1200 + 60 * keys.length,
			ask: async remote => {
				try {
					await this.#ask(remote, asked);
				} catch (error) {
					// The session was closed meanwhile: the log on disk knows that it was sent, and the next start looks.
					if (this.#options.operations.log === undefined) return;
					if (this.#options.operations.giveUp(error)) return;
					if (!(error instanceof Failure) || error.kind === 'offline' || error.kind === 'busy') throw error;
					this.#refuse(asked.batches, error.sentence);
				} finally {
					for (const key of keys) this.#underWay.delete(key);
					this.#options.operations.reload();
				}
			},
		};
	}

	/** What needs no server. Returns false when the log cannot be written. */
	#decideHere(step: StepOf<'refuse'> | StepOf<'settle'>): boolean {
		try {
			if (step.do === 'refuse') this.#refuse(step.batches, step.because);
			else this.#settle(step.batches);
			return true;
		} catch (error) {
			if (!this.#options.operations.giveUp(error)) throw error;
			return false;
		}
	}

	get #log(): OperationLog {
		const {log} = this.#options.operations;
		if (log === undefined) throw new Error('there is no log');
		return log;
	}

	async #ask(remote: Remote, step: Step): Promise<void> {
		switch (step.do) {
			case 'list':
				return this.#options.learnMailboxes(await remote.fetchMailboxes());
			case 'store':
				return this.#store(remote, step);
			case 'move':
				return this.#move(remote, step);
			case 'copy':
				return this.#copy(remote, step);
			case 'remove':
				return this.#remove(remote, step);
			case 'look':
				return this.#look(remote, step);
			case 'name':
				return this.#name(remote, step);
			case 'find-copies':
				return this.#findCopies(remote, step);
			case 'find':
				return this.#find(remote, step);
			case 'refuse':
				return this.#refuse(step.batches, step.because);
			case 'settle':
				return this.#settle(step.batches);
		}
	}

	async #store(remote: Remote, {batches, flag, isSet}: StepOf<'store'>): Promise<void> {
		const targets = batches.flatMap(batch => batch.targets);
		// Who takes it back now has to take it back there.
		for (const {operation, targets: mine} of batches) this.#log.mark(operation.id, messagesOf(mine), 'sending');
		await each(setsOf(targets), ({set}) => remote.storeFlag(set, flag, isSet));
		for (const {operation, targets: mine} of batches) this.#log.settle(operation.id, messagesOf(mine));
	}

	async #move(remote: Remote, {batches, to}: StepOf<'move'>): Promise<void> {
		for (const {operation, targets} of batches) {
			await this.#send(operation, targets, async (set, some) => {
				const naming = this.#nameWithoutUidplus(remote, set, some);
				const copied = await remote.move(set, to);
				await naming;
				this.#log.settle(operation.id, messagesOf(some), placesAfter(copied, some, to));
			});
		}
	}

	/** What must not be sent twice. A NO has touched nothing, so that there is no answer to look up when it is tried again. */
	async #send(
		{id}: Operation,
		targets: readonly Target[],
		send: (set: string, targets: readonly Target[]) => Promise<void>,
	): Promise<void> {
		this.#log.mark(id, messagesOf(targets), 'sending');
		await each(setsOf(targets), async ({set, targets: some}) => {
			try {
				await send(set, some);
			} catch (error) {
				const isRefused = error instanceof Failure && (error.kind === 'refused' || error.kind === 'gone');
				if (isRefused) this.#log.mark(id, messagesOf(some), 'waiting');
				throw error;
			}
		});
	}

	/** Where COPYUID will not tell, their Message-IDs leave in the same packet, so that the move can be undone. */
	#nameWithoutUidplus(remote: Remote, set: string, targets: readonly Target[]): Promise<void> | undefined {
		if (this.#options.has('UIDPLUS')) return undefined;
		return remote
			.fetchNames(set)
			.then(found => this.#learnNames(found, targets))
			.catch(() => {});
	}

	#learnNames(found: Awaited<ReturnType<Remote['fetchNames']>>, targets: readonly Target[]): void {
		const none = {messageId: noMessageId, sizeBytes: 0};
		this.#log.learnNames(new Map(targets.map(({message, place}) => [message, found.get(place.uid) ?? none])));
	}

	async #copy(remote: Remote, {batches, to}: StepOf<'copy'>): Promise<void> {
		for (const {operation, targets} of batches) {
			await this.#send(operation, targets, async (set, some) => {
				const copied = await remote.copy(set, to);
				this.#copied(operation, some, placesAfter(copied, some, to));
			});
		}
	}

	/** Of a copy that was all; of a move the original has still to go. */
	#copied(operation: Operation, targets: readonly Target[], places: ReadonlyMap<LogMessageId, Place>): void {
		if (operation.change.kind === 'copy') {
			this.#log.settle(operation.id, messagesOf(targets), places, {isCopy: true});
			return;
		}
		const mine = new Set(messagesOf(targets));
		this.#log.rememberCopies(operation.id, new Map([...places].filter(([message]) => mine.has(message))));
	}

	async #remove(remote: Remote, {batches}: StepOf<'remove'>): Promise<void> {
		for (const {operation, targets} of batches) {
			const canExpunge = this.#options.has('UIDPLUS');
			if (operation.change.kind === 'remove') this.#log.mark(operation.id, messagesOf(targets), 'sending');
			await each(setsOf(targets), async ({set, targets: some}) => {
				const marking = remote.storeFlag(set, '\\Deleted', true);
				await Promise.all([marking, ...(canExpunge ? [remote.expunge(set)] : [])]);
				if (canExpunge) this.#log.settle(operation.id, messagesOf(some), this.#log.copiesOf(operation.id));
			});
			if (canExpunge) continue;
			this.#options.onMarkedDeleted(targets.map(({place}) => place));
			this.#refuse([{operation, targets}], leftBehind(operation));
		}
	}

	async #look(remote: Remote, {batches, to}: StepOf<'look'>): Promise<void> {
		for (const {operation, targets} of batches) {
			await each(setsOf(targets), async ({set, targets: some}) => {
				const there = new Set(await remote.fetchExisting(set));
				const gone = some.filter(({place}) => !there.has(place.uid));
				this.#log.settle(operation.id, messagesOf(gone), placesAfter(undefined, gone, to));
				this.#log.mark(operation.id, messagesOf(some.filter(({place}) => there.has(place.uid))), 'waiting');
			});
		}
	}

	async #name(remote: Remote, {batches}: StepOf<'name'>): Promise<void> {
		for (const {targets} of batches) {
			await each(setsOf(targets), async ({set, targets: some}) => this.#learnNames(await remote.fetchNames(set), some));
		}
	}

	async #findCopies(remote: Remote, {batches, to}: StepOf<'find-copies'>): Promise<void> {
		const uidValidity = this.#options.around.uidValidityOf(to) ?? 0;
		for (const {operation, targets} of batches) {
			const isCopy = operation.change.kind === 'copy';
			// The original of a move is removed next: another message that only has its name must not pass for the copy.
			const sizes = isCopy ? undefined : this.#log.sizesOf(operation.id);
			const found = await Promise.all(
				targets.map(({message, messageId}) =>
					messageId === noMessageId
						? undefined
						: remote.search({by: 'message-id', messageId, sizeBytes: sizes?.get(message)}),
				),
			);
			if (found.includes(undefined)) {
				this.#refuse([{operation, targets}], arrivalUnknown(to));
				continue;
			}
			// It may be an older copy: nobody can say so for certain, and the undo of a copy removes it.
			const placeOf = (uids: readonly number[] = []): Place =>
				uids.length === 1 && !isCopy
					? {mailbox: to, uidValidity, uid: uids[0] ?? 0}
					: {mailbox: to, uidValidity: 0, uid: 0};
			const arrived = targets.filter((_target, index) => (found[index]?.length ?? 0) > 0);
			const places = new Map(targets.map(({message}, index) => [message, placeOf(found[index])]));
			if (arrived.length > 0) this.#copied(operation, arrived, places);
			this.#log.mark(operation.id, messagesOf(targets.filter(target => !arrived.includes(target))), 'waiting');
		}
	}

	async #find(remote: Remote, {batches, mailbox}: StepOf<'find'>): Promise<void> {
		const uidValidity = this.#options.around.uidValidityOf(mailbox) ?? 0;
		for (const {operation, targets} of batches) {
			const places = new Map<LogMessageId, Place>();
			const found = await Promise.all(targets.map(({messageId}) => remote.search({by: 'message-id', messageId})));
			for (const [index, {message}] of targets.entries()) {
				const [uid, ...others] = found[index] ?? [];
				if (uid !== undefined && others.length === 0) places.set(message, {mailbox, uidValidity, uid});
			}
			this.#log.learnPlaces(places);
			if (places.size < targets.length)
				this.#refuse(
					[{operation, targets}],
					safeLine(`nobody can tell which message of ${mailbox} it is by now: look for it there`),
				);
		}
	}

	#settle(batches: readonly Batch[]): void {
		for (const {operation, targets} of batches) this.#log.settle(operation.id, messagesOf(targets));
		this.#options.operations.reload();
	}

	#refuse(batches: readonly Batch[], because: SafeText): void {
		for (const {operation} of batches) this.#log.refuse(operation.id, because);
		this.#options.operations.reload();
	}

	/** A mailbox that cannot be opened: what was decided there cannot be done. */
	#cannotOpen(failure: Failure): void {
		const step = this.#step();
		if (step) this.#refuse(step.batches, failure.sentence);
		this.#options.operations.sendOn();
	}
}

type StepOf<Name extends Step['do']> = Extract<Step, {do: Name}>;

const messagesOf = (targets: readonly Target[]): LogMessageId[] => targets.map(({message}) => message);

/** Targets in sets that fit into a command each. */
function setsOf(targets: readonly Target[]): {set: string; targets: readonly Target[]}[] {
	const sorted = targets.toSorted((a, b) => a.place.uid - b.place.uid);
	const whole = sequenceSet(uidsOf(sorted));
	if (whole.length <= longestSet) return [{set: whole, targets: sorted}];
	const half = Math.ceil(sorted.length / 2);
	return [...setsOf(sorted.slice(0, half)), ...setsOf(sorted.slice(half))];
}

/** Ascending, each once: the same message may be in two operations. */
const uidsOf = (sorted: readonly Target[]): number[] => [...new Set(sorted.map(({place}) => place.uid))];

/** All at once, so that they leave in one packet; the first failure is told when all are answered. */
async function each<T>(all: readonly T[], work: (one: T) => Promise<void>): Promise<void> {
	const results = await Promise.allSettled(all.map(work));
	const failed = results.find(result => result.status === 'rejected');
	if (failed) throw failed.reason;
}

function placesAfter(
	copied: Copied | undefined,
	targets: readonly Target[],
	to: MailboxPath,
): ReadonlyMap<LogMessageId, Place> {
	const uids = new Map(copied?.from.map((uid, index) => [uid, copied.to[index] ?? 0]));
	return new Map(
		targets.map(({message, place}) => {
			const uid = uids.get(place.uid) ?? 0;
			return [message, {mailbox: to, uidValidity: uid === 0 ? 0 : (copied?.uidValidity ?? 0), uid}];
		}),
	);
}

function leftBehind({change}: Operation): SafeText {
	const what = change.kind === 'move' ? 'it was copied, but this' : 'this';
	return ours(
		`${what} server cannot remove single messages (it has no UIDPLUS): the original is marked as deleted and stays until some program expunges the mailbox`,
	);
}

const arrivalUnknown = (to: MailboxPath): SafeText =>
	safeLine(`the line was cut, and whether the copy arrived in ${to} cannot be told: look there`);
