/**
 * The steps of the log that change something on the server, and what becomes of each answer.
 *
 * Laws: what a crash must know is in the log before a command leaves; a COPY answered NO touches nothing more; nothing
 * is ever removed but by UID EXPUNGE of exactly what was decided (law 6).
 */
import {Failure} from '../model/failure.ts';
import type {MailboxPath} from '../model/ids.ts';
import type {LogMessageId, Operation, Place} from '../model/operation.ts';
import {ours, type SafeText} from '../model/safe-text.ts';
import type {Copied, Remote} from '../remote/remote.ts';
import type {ReplayAround} from './replay-around.ts';
import type {Batch, StepOf} from './replay-step.ts';
import {batchesOf, each, targetsOf, type UidCommand, uidCommands} from './uid-commands.ts';

export class ReplayChanges {
	readonly #around: ReplayAround;

	constructor(around: ReplayAround) {
		this.#around = around;
	}

	async store(remote: Remote, {batches, flag, isSet}: StepOf<'store'>): Promise<void> {
		const {marks, onFlagged, isTold} = this.#around;
		// Who takes it back now has to take it back there.
		marks.mark(batches, 'sending');
		await each(uidCommands(batches), async command => {
			const places = targetsOf(command.batches).map(({place}) => place);
			const told = places.filter(isTold);
			const [asked] = await Promise.all([
				this.#whoIsThere(remote, command),
				remote.storeFlag(command.set, flag, isSet),
			]);
			onFlagged(places, flag, isSet);
			// What another client has removed meanwhile is told before the answer, at the latest.
			const gone = new Set(told.filter(place => !isTold(place)).map(({uid}) => uid));
			const there = places.map(({uid}) => uid).filter(uid => !gone.has(uid) && (asked?.has(uid) ?? true));
			this.#settle(command.batches, new Set(there));
		});
	}

	async move(remote: Remote, {batches, to}: StepOf<'move'>): Promise<void> {
		await this.#send(batches, async command => {
			const {set, batches: some} = command;
			const [there, , copied] = await Promise.all([
				this.#whoIsThere(remote, command),
				this.#nameWithoutUidplus(remote, set, some),
				remote.move(set, to),
			]);
			this.#settle(some, withCopied(there, copied), placesAfter(copied, some, to));
		});
	}

	async copy(remote: Remote, {batches, to}: StepOf<'copy'>): Promise<void> {
		const {marks} = this.#around;
		await this.#send(batches, async command => {
			const [there, copied] = await Promise.all([this.#whoIsThere(remote, command), remote.copy(command.set, to)]);
			const {here, gone} = parted(command.batches, withCopied(there, copied));
			marks.copied(here, placesAfter(copied, here, to));
			marks.gone(gone);
		});
	}

	#settle(
		batches: readonly Batch[],
		there: ReadonlySet<number> | undefined,
		places?: ReadonlyMap<LogMessageId, Place>,
	): void {
		const {here, gone} = parted(batches, there);
		this.#around.marks.settle(here, places);
		this.#around.marks.gone(gone);
	}

	/**
	 * What others have been at meanwhile no server says by itself. Asked in the same packet, before the command, unless this
	 * connection has said that all of them are there; undefined: nobody asked. Without ESEARCH searches wait for each
	 * other, and one that comes after the move would find nothing: then it is their flags that are asked for.
	 */
	async #whoIsThere(remote: Remote, {set, batches}: UidCommand): Promise<ReadonlySet<number> | undefined> {
		const {has, isTold, onFlags} = this.#around;
		if (targetsOf(batches).every(({place}) => isTold(place))) return undefined;
		const existing = has('ESEARCH') ? remote.fetchExisting(set) : uidsWithFlags(remote, set, onFlags);
		// What becomes of the command itself says the command.
		return existing.then(
			uids => new Set(uids),
			() => undefined,
		);
	}

	async remove(remote: Remote, {batches}: StepOf<'remove'>): Promise<void> {
		const {marks, has, onFlagged} = this.#around;
		const canExpunge = has('UIDPLUS');
		marks.mark(
			batches.filter(({operation}) => operation.change.kind === 'remove'),
			'sending',
		);
		await each(uidCommands(batches), async ({set, batches: some}) => {
			const marking = remote.storeFlag(set, '\\Deleted', true);
			await Promise.all([marking, ...(canExpunge ? [remote.expunge(set)] : [])]);
			if (canExpunge) marks.settleAtCopies(some);
		});
		if (canExpunge) return;
		onFlagged(
			targetsOf(batches).map(({place}) => place),
			'\\Deleted',
			true,
		);
		for (const batch of batches) {
			const {change} = batch.operation;
			// Marked as what it is: a copy of a draft is worth no question.
			if (change.kind === 'remove' && change.isDraft) marks.settle([batch]);
			else marks.refuse([batch], leftBehind(batch.operation));
		}
	}

	/** What must not be sent twice. A NO has touched nothing, so that there is no answer to look up when it is tried again. */
	async #send(batches: readonly Batch[], send: (command: UidCommand) => Promise<void>): Promise<void> {
		const {marks} = this.#around;
		marks.mark(batches, 'sending');
		await each(uidCommands(batches), async command => {
			try {
				await send(command);
			} catch (error) {
				const isRefused = error instanceof Failure && (error.kind === 'refused' || error.kind === 'gone');
				if (isRefused) marks.mark(command.batches, 'waiting');
				throw error;
			}
		});
	}

	/** Where COPYUID will not tell, their Message-IDs leave in the same packet, so that the move can be undone. */
	#nameWithoutUidplus(remote: Remote, set: string, batches: readonly Batch[]): Promise<void> | undefined {
		const {has, marks} = this.#around;
		if (has('UIDPLUS') || targetsOf(batches).every(({messageId}) => messageId !== '')) return undefined;
		return remote
			.fetchNames(set)
			.then(found => marks.learnNames(found, batches))
			.catch(() => {});
	}
}

async function uidsWithFlags(
	remote: Remote,
	set: string,
	onFlags: ReplayAround['onFlags'],
): Promise<readonly number[]> {
	const uids: number[] = [];
	await remote.fetchFlags(set, fact => {
		uids.push(fact.uid);
		onFlags(fact);
	});
	return uids;
}

/** What was copied was there. */
const withCopied = (there: ReadonlySet<number> | undefined, copied: Copied | undefined) =>
	there && new Set([...there, ...(copied?.from ?? [])]);

const parted = (
	batches: readonly Batch[],
	there: ReadonlySet<number> | undefined,
): {readonly here: readonly Batch[]; readonly gone: readonly Batch[]} => ({
	here: there === undefined ? batches : batchesOf(batches, ({place}) => there.has(place.uid)),
	gone: there === undefined ? [] : batchesOf(batches, ({place}) => !there.has(place.uid)),
});

/** Where the messages are after COPYUID; of one that it does not tell of, only the mailbox is known. */
export function placesAfter(
	copied: Copied | undefined,
	batches: readonly Batch[],
	to: MailboxPath,
): ReadonlyMap<LogMessageId, Place> {
	const uids = new Map(copied?.from.map((uid, index) => [uid, copied.to[index] ?? 0]));
	return new Map(
		targetsOf(batches).map(({message, place}) => {
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
