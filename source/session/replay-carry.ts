/**
 * The steps of the log by which a message leaves for another account: weighed, fetched into a file, handed over.
 *
 * Law: what is handed over is whole and on the disk; a cut goes on where it was.
 */
import {Failure} from '../model/failure.ts';
import {fileWords} from '../model/file-words.ts';
import {partNumber} from '../model/ids.ts';
import {isAcross, type Operation, type Target} from '../model/operation.ts';
import {ours, safeLine} from '../model/safe-text.ts';
import type {Origin, Remote} from '../remote/remote.ts';
import {longestWindow} from '../store/spool.ts';
import {type AcrossAccounts, carriedKey} from './across-accounts.ts';
import type {Operations} from './operations.ts';
import {sequenceSet} from './positions.ts';
import type {ReplayMarks} from './replay-marks.ts';
import {type Batch, noMessageId, type StepOf} from './replay-step.ts';
import {batchesOf, messagesOf, targetsOf} from './uid-commands.ts';

type CarryOptions = {
	readonly operations: Operations;
	readonly marks: ReplayMarks;
	/** Octets to ask for in one chunk on this line. */
	readonly chunkBytes: () => number;
};

type Window = {
	readonly uid: number;
	readonly key: string;
	readonly offset: number;
	readonly length: number;
	readonly isLast: boolean;
};

const everything = {part: partNumber(''), of: 'content'} as const;

export class ReplayCarry {
	readonly #options: CarryOptions;

	constructor(options: CarryOptions) {
		this.#options = options;
	}

	get #across(): AcrossAccounts {
		const {across} = this.#options.operations;
		if (across === undefined) throw new Failure('refused', ours('this account keeps nothing on the disk'));
		return across;
	}

	async weigh(remote: Remote, {batches}: StepOf<'weigh'>): Promise<void> {
		const {marks} = this.#options;
		const origins = await originsOf(remote, targetsOf(batches));
		const found = targetsOf(batches).flatMap(({message, place}) => {
			const origin = origins.get(place.uid);
			return origin ? [[message, nameOf(origin)] as const] : [];
		});
		marks.log.messages.learnNames(new Map(found));
		marks.gone(batchesOf(batches, ({place}) => !origins.has(place.uid)));
		// It would be asked for again and again.
		const empty = batchesOf(batches, ({place}) => origins.get(place.uid)?.sizeBytes === 0);
		if (empty.length > 0) marks.refuse(empty, otherSize().sentence);
	}

	async carry(remote: Remote, {batches}: StepOf<'carry'>): Promise<void> {
		const {marks} = this.#options;
		const [batch] = batches;
		if (batch === undefined) return;
		const [origins, isToGoOn] = await Promise.all([originsOf(remote, batch.targets), this.#fetch(remote, batch)]);
		if (!isToGoOn) return;
		const isThere = ({place}: Target): boolean => origins.has(place.uid);
		const isWhole = (target: Target): boolean => {
			const {sizeBytes} = origins.get(target.place.uid) ?? {};
			const key = carriedKey(batch.operation, target);
			return sizeBytes === target.sizeBytes && this.#across.spool.isWhole(key, sizeBytes);
		};
		const gone = batchesOf(batches, target => !isThere(target));
		if (gone.length > 0) marks.gone(gone);
		const others = batchesOf(batches, target => isThere(target) && !isWhole(target));
		if (others.length > 0) marks.refuse(others, otherSize().sentence);
		const whole = batch.targets.filter(target => isThere(target) && isWhole(target));
		if (whole.length > 0) this.#handOver(batch.operation, whole, origins);
	}

	/**
	 * As much is under way as keeps the line busy while the disk writes; written in order, so that nothing is left out: behind
	 * a window that did not come none is. Returns false when it is not to leave any more.
	 */
	async #fetch(remote: Remote, batch: Batch): Promise<boolean> {
		const mostBytes = Math.min(longestWindow, this.#options.chunkBytes());
		const queue: (Window & {readonly octets: Promise<Buffer | undefined>})[] = [];
		const lacking = new Set<string>();
		let bytes = 0;
		const take = async (): Promise<boolean> => {
			const first = queue.shift();
			if (first === undefined) return true;
			bytes -= first.length;
			const octets = await first.octets;
			if (!this.#isWanted(batch.operation)) return false;
			// It is gone, as its row will say.
			if (octets === undefined) lacking.add(first.key);
			else if (!lacking.has(first.key)) await this.#write(first, octets);
			return true;
		};
		for (const window of this.#windows(batch, mostBytes)) {
			const {uid, offset, length, isLast} = window;
			// One octet more in the last, so that a message that is longer than announced shows itself.
			const wanted = isLast ? length + 1 : length;
			const octets = remote.fetchChunk(uid, everything, offset, wanted, 'as-sent', 'operations');
			// Its failure is told in its turn.
			octets.catch(() => {});
			queue.push({...window, octets});
			bytes += length;
			while (bytes > 2 * mostBytes) if (!(await take())) return false;
		}
		while (queue.length > 0) if (!(await take())) return false;
		return true;
	}

	#windows({operation, targets}: Batch, mostBytes: number): Window[] {
		const {spool} = this.#across;
		return targets.flatMap(target => {
			const {place, sizeBytes} = target;
			const key = carriedKey(operation, target);
			const windows: Window[] = [];
			for (let offset = onDisk(() => spool.begin(key, sizeBytes)); offset < sizeBytes; offset += mostBytes) {
				const length = Math.min(mostBytes, sizeBytes - offset);
				windows.push({uid: place.uid, key, offset, length, isLast: offset + length === sizeBytes});
			}
			return windows;
		});
	}

	async #write({key, offset, length}: Window, octets: Buffer): Promise<void> {
		if (octets.length !== length) throw otherSize();
		await this.#across.spool.write(key, octets, offset).catch((error: unknown) => {
			throw cannotKeep(error);
		});
	}

	/** Taken back meanwhile or kept back, by whichever process, it is not fetched any further. */
	#isWanted({id}: Operation): boolean {
		const {operations} = this.#options;
		operations.refresh();
		return operations.waiting.some(each => each.id === id && !each.isHeld);
	}

	#handOver(operation: Operation, targets: readonly Target[], origins: ReadonlyMap<number, Origin>): void {
		const {log} = this.#options.marks;
		const {id, change} = operation;
		if (!isAcross(change) || !this.#isWanted(operation)) return;
		const arrivals = targets.flatMap(target => {
			const origin = origins.get(target.place.uid);
			if (origin === undefined) return [];
			const {flags, date, messageId} = origin;
			const mayBeThere = target.state === 'sending' && messageId !== '';
			return {key: carriedKey(operation, target), flags, date, name: nameOf(origin), mayBeThere};
		});
		onDisk(() => this.#across.spool.settle());
		log.setTargets(id, messagesOf(targets), 'sending');
		onDisk(() => this.#across.handOver(operation, change.to, arrivals));
		log.setTargets(id, messagesOf(targets), 'handed');
	}
}

const originsOf = (remote: Remote, targets: readonly Target[]): Promise<ReadonlyMap<number, Origin>> =>
	remote.fetchOrigins(sequenceSet(targets.map(({place}) => place.uid).sort((a, b) => a - b)));

const nameOf = ({messageId, sizeBytes}: Origin) => ({messageId: messageId || noMessageId, sizeBytes});

const otherSize = (): Failure =>
	new Failure('refused', ours('the server sends another number of octets than it announces: the message stays here'));

/** A full disk, or a log that cannot be written: the message stays where it is. */
function onDisk<T>(work: () => T): T {
	try {
		return work();
	} catch (error) {
		throw cannotKeep(error);
	}
}

function cannotKeep(error: unknown): Failure {
	const why = fileWords(error) ?? (error as Error).message;
	return new Failure('refused', safeLine(`it cannot be kept on the disk on its way (${why}): it stays here`), error);
}
