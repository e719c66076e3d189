/**
 * The steps of the log that look something up: what became of a command whose answer was lost (law 3), and which message
 * is meant where no server said.
 *
 * Law: what cannot be told for certain is not guessed: several messages of one name are none.
 */
import type {MailboxPath} from '../model/ids.ts';
import type {LogMessageId, Place, Target} from '../model/operation.ts';
import {type SafeText, safeLine} from '../model/safe-text.ts';
import type {Remote} from '../remote/remote.ts';
import type {ReplayAround} from './replay-around.ts';
import {placesAfter} from './replay-changes.ts';
import {type Batch, noMessageId, type StepOf} from './replay-step.ts';
import {batchesOf, each, setsOf, uidCommands} from './uid-commands.ts';

/** As many Message-IDs go into one SEARCH as a line may be long (RFC 7162 §4). */
const longestSearch = 7000;

type Named = {readonly messageId: string; readonly sizeBytes: number | undefined};

export class ReplayLookUps {
	readonly #around: ReplayAround;

	constructor(around: ReplayAround) {
		this.#around = around;
	}

	async look(remote: Remote, {batches, to}: StepOf<'look'>): Promise<void> {
		const {marks} = this.#around;
		await each(uidCommands(batches), async ({set, batches: some}) => {
			const there = new Set(await remote.fetchExisting(set));
			const gone = batchesOf(some, ({place}) => !there.has(place.uid));
			marks.settle(gone, placesAfter(undefined, gone, to));
			marks.mark(
				batchesOf(some, ({place}) => there.has(place.uid)),
				'waiting',
			);
		});
	}

	async name(remote: Remote, {batches}: StepOf<'name'>): Promise<void> {
		const {marks} = this.#around;
		await each(uidCommands(batches), async ({set, batches: some}) =>
			marks.learnNames(await remote.fetchNames(set), some),
		);
	}

	async findCopies(remote: Remote, {batches, to}: StepOf<'find-copies'>): Promise<void> {
		const {marks, uidValidityOf, isMarked} = this.#around;
		const uidValidity = uidValidityOf(to) ?? 0;
		const isUnnamed = ({messageId}: Target): boolean => messageId === noMessageId;
		const isLost = ({targets}: Batch): boolean => targets.some(isUnnamed);
		const isCopy = batches[0]?.operation.change.kind === 'copy';
		const searched = batches.filter(batch => !isLost(batch));
		// The original of a move is removed next: another message that only has its name must not pass for the copy, nor one
		// that is removed itself next, unless the original was marked so.
		const mayBeMarked = ({place}: Target): boolean => isCopy || isMarked(place);
		const staying = batchesOf(searched, target => !mayBeMarked(target));
		const found = new Map([
			...(await this.#find(remote, staying, {isToStay: true})),
			...(await this.#find(remote, batchesOf(searched, mayBeMarked))),
		]);
		// It may be an older copy: nobody can say so for certain, and the undo of a copy removes it.
		const placeOf = (uids: readonly number[]): Place =>
			uids.length === 1 && !isCopy
				? {mailbox: to, uidValidity, uid: uids[0] ?? 0}
				: {mailbox: to, uidValidity: 0, uid: 0};
		const hasArrived = ({message}: Target): boolean => (found.get(message)?.length ?? 0) > 0;
		marks.copied(
			batchesOf(searched, hasArrived),
			new Map([...found].map(([message, uids]) => [message, placeOf(uids)])),
		);
		marks.mark(
			batchesOf(searched, target => !hasArrived(target)),
			'waiting',
		);
		marks.refuse(batches.filter(isLost), arrivalUnknown(to));
	}

	async find(remote: Remote, {batches, mailbox}: StepOf<'find'>): Promise<void> {
		const {marks, uidValidityOf} = this.#around;
		const uidValidity = uidValidityOf(mailbox) ?? 0;
		const found = await this.#find(remote, batches);
		const places = new Map<LogMessageId, Place>();
		for (const [message, [uid, ...others]] of found)
			if (uid !== undefined && others.length === 0) places.set(message, {mailbox, uidValidity, uid});
		marks.log.messages.learnPlaces(places);
		const lost = batches.filter(({targets}) => targets.some(({message}) => !places.has(message)));
		marks.refuse(lost, notFound(mailbox));
	}

	/** The UIDs of each by its name, and by its size where that is known; in two turns, however many there are. */
	async #find(
		remote: Remote,
		batches: readonly Batch[],
		{isToStay = false} = {},
	): Promise<ReadonlyMap<LogMessageId, readonly number[]>> {
		const {log} = this.#around.marks;
		const wanted = new Map<LogMessageId, Named>();
		for (const {operation, targets} of batches) {
			const sizes = log.messages.sizesOf(operation.id);
			for (const {message, messageId} of targets) wanted.set(message, {messageId, sizeBytes: sizes.get(message)});
		}
		const [only] = wanted.values();
		if (only === undefined) return new Map();
		if (wanted.size === 1) {
			const uids = await remote.search({by: 'message-id', ...only, isToStay});
			return new Map([...wanted.keys()].map(message => [message, uids]));
		}
		const uids = await Promise.all(
			searchesOf([...wanted.values()]).map(messageIds => remote.search({by: 'message-ids', messageIds, isToStay})),
		);
		return sorted(wanted, await namesOf(remote, [...new Set(uids.flat())]));
	}
}

async function namesOf(remote: Remote, uids: readonly number[]): Promise<Awaited<ReturnType<Remote['fetchNames']>>> {
	const sets = setsOf(uids);
	return new Map((await Promise.all(sets.map(set => remote.fetchNames(set)))).flatMap(names => [...names]));
}

function sorted(
	wanted: ReadonlyMap<LogMessageId, Named>,
	names: Awaited<ReturnType<Remote['fetchNames']>>,
): ReadonlyMap<LogMessageId, readonly number[]> {
	const byName = Map.groupBy(names, ([, {messageId}]) => messageId);
	return new Map(
		[...wanted].map(([message, {messageId, sizeBytes}]) => {
			const some = byName.get(messageId) ?? [];
			const same = some.filter(([, name]) => sizeBytes === undefined || name.sizeBytes === sizeBytes);
			return [message, same.map(([uid]) => uid)];
		}),
	);
}

function searchesOf(names: readonly Named[]): string[][] {
	const searches: string[][] = [];
	let room = 0;
	for (const messageId of new Set(names.map(name => name.messageId))) {
		room -= messageId.length + 'OR HEADER MESSAGE-ID ""  '.length;
		if (room < 0) {
			searches.push([]);
			room = longestSearch - messageId.length;
		}
		searches.at(-1)?.push(messageId);
	}
	return searches;
}

const notFound = (mailbox: MailboxPath): SafeText =>
	safeLine(`nobody can tell which message of ${mailbox} it is by now: look for it there`);

const arrivalUnknown = (to: MailboxPath): SafeText =>
	safeLine(`the line was cut, and whether the copy arrived in ${to} cannot be told: look there`);
