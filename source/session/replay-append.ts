/**
 * The steps of the log by which a message arrives that came from another account, or was sent: appended, looked for when
 * the answer was lost, and looked at.
 *
 * Laws: an APPEND whose answer was lost is looked up, not sent again (law 3); it is done when it was seen there, in its
 * size, since the other account removes the original then. Several of one name and size are as good as one: it is there.
 * Of a copy of what was sent the server's OK is enough, and its Message-ID, which is ours and nobody else's.
 */
import {Failure} from '../model/failure.ts';
import type {MailboxPath} from '../model/ids.ts';
import {hasFlag} from '../model/message.ts';
import type {LogMessageId, Place, Target} from '../model/operation.ts';
import {ours, type SafeText, safeLine} from '../model/safe-text.ts';
import type {Appended, Remote} from '../remote/remote.ts';
import {refusalWords} from './refusal-words.ts';
import type {ReplayAround} from './replay-around.ts';
import {type Batch, noMessageId, type StepOf} from './replay-step.ts';
import {batchesOf, each, setsOf, targetsOf} from './uid-commands.ts';

type Arriving = StepOf<'append' | 'find-append' | 'verify'>;

/** Less is no use: it would be a wait for each message on a line that is not measured yet. */
const leastBytes = 32_768;

/** What is shown of many is read from the disk again no more often than this. */
const showAfterMs = 500;

/** What goes up of a message, and what of it lies there already. */
export type Uploaded = Parameters<Remote['append']>[1];

type AppendOptions = {
	/** Of a message that is to go up; undefined when they are not here, or not all. */
	readonly octetsOf: (change: Arriving['change'], target: Target) => Uploaded | undefined;
	readonly around: Pick<ReplayAround, 'marks' | 'uidValidityOf'>;
	/** Octets to send in one go on this line. */
	readonly chunkBytes: () => number;
	/** How far it is may be shown. */
	readonly onProgress: () => void;
};

export class ReplayAppend {
	readonly #options: AppendOptions;

	constructor(options: AppendOptions) {
		this.#options = options;
	}

	/**
	 * In groups that the line takes in a few seconds, each marked before it leaves, and the next one behind it, so that the line
	 * is never idle: so many are looked up after a cut.
	 */
	async append(remote: Remote, step: Arriving): Promise<void> {
		const [batch] = step.batches;
		if (batch === undefined) return;
		let before = Promise.resolve(true);
		let shownAt = performance.now();
		for (const targets of groupsOf(batch.targets, Math.max(leastBytes, this.#options.chunkBytes()))) {
			const group = this.#appendAll(remote, step, {...batch, targets});
			// Its failure is told in its turn.
			group.catch(() => {});
			const mayGoOn = await before;
			if (performance.now() >= shownAt + showAfterMs) {
				this.#options.onProgress();
				shownAt = performance.now();
			}
			before = group;
			if (!mayGoOn) break;
		}
		await before;
	}

	/** All in one packet, where they are short. Returns whether more can follow. */
	async #appendAll(remote: Remote, step: Arriving, {operation, targets}: Batch): Promise<boolean> {
		const {around, octetsOf} = this.#options;
		const {marks} = around;
		const {change, to} = step;
		const found = targets.map(target => ({target, octets: octetsOf(change, target)}));
		const there = found.flatMap(({target, octets}) => (octets === undefined ? [] : [{target, octets}]));
		const lacking = found.filter(({octets}) => octets === undefined).map(({target}) => target);
		if (lacking.length > 0) marks.refuse([{operation, targets: lacking}], noOctets(change));
		const batches = [{operation, targets: there.map(({target}) => target)}];
		marks.mark(batches, 'sending');
		const answers = await Promise.allSettled(
			there.map(({target, octets}) => remote.append(to, octets, change.kind === 'file' ? change : goingUp(target))),
		);
		const [arrived, refused] = [new Map<LogMessageId, Appended | undefined>(), new Map<LogMessageId, Failure>()];
		let lost: unknown;
		for (const [index, answer] of answers.entries()) {
			const {message} = (there[index] as (typeof there)[number]).target;
			if (answer.status === 'fulfilled') arrived.set(message, answer.value);
			else if (isRefusal(answer.reason)) refused.set(message, answer.reason);
			else lost ??= answer.reason;
		}
		marks.log.durably(() => {
			const places = [...arrived].flatMap(([message, at]) => (at ? [[message, {mailbox: to, ...at}] as const] : []));
			marks.log.messages.learnPlaces(new Map(places));
			if (change.kind === 'file') marks.log.settle(operation.id, [...arrived.keys()]);
			else marks.log.setTargets(operation.id, [...arrived.keys()], 'copied');
			marks.log.mark(operation.id, [...refused.keys()], 'waiting');
		});
		if (lost !== undefined) throw lost;
		return this.#refuse(step, batches, refused);
	}

	/** What is said of the mailbox and not of a message ends it for all that wait. */
	#refuse(step: Arriving, batches: readonly Batch[], refused: ReadonlyMap<LogMessageId, Failure>): boolean {
		const {marks} = this.#options.around;
		for (const [message, failure] of refused) {
			if (isOfMailbox(failure)) {
				const waiting = ({state}: Target): boolean => state === 'waiting';
				const rest = batchesOf(
					step.batches,
					target => waiting(target) && !batches.some(each => each.targets.includes(target)),
				);
				const these = batchesOf(batches, target => refused.has(target.message));
				marks.refuse([...these, ...rest], refusalWords(failure, step));
				return false;
			}
			marks.refuse(
				batchesOf(batches, target => target.message === message),
				refusalWords(failure, step),
			);
		}
		return true;
	}

	/** The answers to APPENDs were lost. */
	async find(remote: Remote, step: Arriving): Promise<void> {
		const {marks} = this.#options.around;
		const found = await this.#search(remote, step, targetsOf(step.batches));
		const unknown = batchesOf(step.batches, ({message}) => found.get(message) === undefined);
		if (unknown.length > 0) marks.refuse(unknown, arrivalUnknown(step.to));
		const missing = batchesOf(step.batches, ({message}) => found.get(message)?.length === 0);
		if (missing.length > 0) marks.mark(missing, 'waiting');
		this.#settle(step, found);
	}

	async verify(remote: Remote, step: StepOf<'verify'>): Promise<void> {
		const {marks, uidValidityOf} = this.#options.around;
		const uidValidity = uidValidityOf(step.to);
		const targets = targetsOf(step.batches);
		const isKnown = ({place}: Target): boolean => place.uid > 0 && place.uidValidity === uidValidity;
		const sizes = new Map<number, number>();
		await each(setsOf(targets.filter(isKnown).map(({place}) => place.uid)), uids =>
			remote.fetchArrivals(uids, ({uid, sizeBytes}) => sizes.set(uid, sizeBytes)),
		);
		const sizeOf = (target: Target): number | undefined => (isKnown(target) ? sizes.get(target.place.uid) : undefined);
		const others = batchesOf(step.batches, target => ![undefined, target.sizeBytes].includes(sizeOf(target)));
		if (others.length > 0) marks.refuse(others, otherSize(step.to));
		const found = await this.#search(
			remote,
			step,
			targets.filter(target => sizeOf(target) === undefined),
		);
		for (const target of targets)
			if (sizeOf(target) === target.sizeBytes) found.set(target.message, [target.place.uid]);
		const isUnseen = (target: Target): boolean =>
			sizeOf(target) === undefined && (found.get(target.message)?.length ?? 0) === 0;
		const unseen = batchesOf(step.batches, isUnseen);
		if (unseen.length > 0) marks.refuse(unseen, notSeen(step.to));
		this.#settle(step, found);
	}

	/** By Message-ID; undefined: it has none to look for. */
	async #search(remote: Remote, step: Arriving, targets: readonly Target[]) {
		const found = new Map<LogMessageId, readonly number[] | undefined>();
		const {change} = step;
		await each(targets, async ({message, messageId, sizeBytes: sent, handed}) => {
			// A server may keep it in another size than it was sent in; of what is carried over that must not be.
			const also = change.kind === 'file' ? {isResent: change.isResent} : {sizeBytes: sent};
			// Nor may the original go for one that goes next.
			const isToStay = handed !== undefined && !hasFlag({flags: new Set(handed.flags)}, '\\Deleted');
			const isNamed = messageId !== '' && messageId !== noMessageId;
			found.set(message, isNamed ? await remote.search({by: 'message-id', messageId, ...also, isToStay}) : undefined);
		});
		return found;
	}

	/** Those that were found. */
	#settle({batches, to}: Arriving, found: ReadonlyMap<LogMessageId, readonly number[] | undefined>): void {
		const {marks, uidValidityOf} = this.#options.around;
		const uidValidity = uidValidityOf(to) ?? 0;
		const places = new Map<LogMessageId, Place>();
		for (const [message, [uid = 0, ...others] = []] of found)
			if (uid > 0)
				places.set(
					message,
					others.length === 0 ? {mailbox: to, uidValidity, uid} : {mailbox: to, uidValidity: 0, uid: 0},
				);
		const settled = batchesOf(batches, ({message}) => places.has(message));
		if (settled.length > 0) marks.settle(settled, places);
	}
}

/** What APPEND is told of it. */
const goingUp = ({handed}: Target) => ({flags: handed?.flags ?? [], date: handed?.date});

function groupsOf(targets: readonly Target[], mostBytes: number): (readonly Target[])[] {
	const groups: Target[][] = [];
	let bytes = Number.POSITIVE_INFINITY;
	for (const target of targets) {
		bytes += target.sizeBytes;
		if (bytes > mostBytes) {
			groups.push([]);
			bytes = target.sizeBytes;
		}
		groups.at(-1)?.push(target);
	}
	return groups;
}

const isRefusal = (error: unknown): error is Failure =>
	error instanceof Failure && (error.kind === 'refused' || error.kind === 'gone');

const isOfMailbox = ({code, kind}: Failure): boolean =>
	(kind === 'gone' && code !== 'BADURL') ||
	code === 'TRYCREATE' ||
	code === 'NONEXISTENT' ||
	code === 'OVERQUOTA' ||
	code === 'NOPERM';

const noOctets = (change: Arriving['change']): SafeText =>
	change.kind === 'file'
		? ours('its octets are not here any more, so there is no copy to file')
		: safeLine(`${change.from} does not have its octets any more: decide it anew there`);

const arrivalUnknown = (to: MailboxPath): SafeText =>
	safeLine(`the line was cut, and whether it arrived in ${to} cannot be told, since it has no Message-ID: look there`);

const notSeen = (to: MailboxPath): SafeText =>
	safeLine(`the server took it, but it cannot be seen in ${to}: look there before you try this again`);

const otherSize = (to: MailboxPath): SafeText =>
	safeLine(`it is in ${to}, but of another size than it was sent: look at it there before you remove the original`);
