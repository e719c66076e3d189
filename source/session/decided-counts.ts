/**
 * How what was decided changes how many messages mailboxes have, and how many of them are unread: the list of mailboxes is
 * what the server told, with what has been done since, and with what waits on top.
 */
import type {MailboxPath} from '../model/ids.ts';
import {
	type Change,
	type DraftChange,
	type FileChange,
	isAcross,
	isMailboxChange,
	isOfDraft,
	type LogMessageId,
	type MailboxChange,
	type MessageChange,
	type Operation,
	type OperationId,
	type Place,
	type Target,
	type Use,
} from '../model/operation.ts';
import {type Renaming, renamedPath} from '../model/renaming.ts';
import type {Facts} from '../store/facts.ts';

export type CountChange = {readonly messages: number; readonly unseen: number};
export type CountChanges = ReadonlyMap<MailboxPath, CountChange>;

/** What the server has of a message: 'gone' when it is known not to be there any more, undefined when nobody knows. */
type Standing = 'seen' | 'unseen' | 'gone' | undefined;

type Surroundings = {
	readonly operations: () => readonly Operation[];
	readonly standing: (place: Place) => Standing;
};

type Counting = Exclude<MessageChange, FileChange | DraftChange>;

/** A message on its way: what it adds to which mailbox, as far as the walk has come. */
type Walked = {mailbox: MailboxPath | undefined; isUnseen: boolean};

/** How mailboxes were told: which is for what, and what separates the levels of their names. */
type Told = {readonly special: (use: Use) => MailboxPath | undefined; readonly delimiter: string};

export class DecidedCounts {
	readonly #around: Surroundings;
	/** How messages that something waits for stand on the server: what is confirmed has changed the facts already. */
	readonly #stood = new Map<LogMessageId, Standing>();

	constructor(around: Surroundings) {
		this.#around = around;
	}

	/** The server has told anew how many there are, as far as it has got. */
	told(): void {
		this.#stood.clear();
	}

	/** Of what waits, by the names the mailboxes are to have. */
	changes({special, delimiter}: Told): CountChanges {
		const sums = new Sums();
		const walked = new Map<LogMessageId, Walked>();
		const renamings: Renaming[] = [];
		const nowCalled = (path: MailboxPath): MailboxPath =>
			renamings.reduce((now, renaming) => renamedPath(now, renaming) ?? now, path);
		const goalOf = (change: Change): MailboxPath | undefined => {
			if (!('to' in change) || typeof change.to === 'string') return undefined;
			if ('path' in change.to) return change.to.path;
			const path = 'use' in change.to ? special(change.to.use) : undefined;
			return path && nowCalled(path);
		};
		const beginning = ({message, place}: Target): Walked | undefined => {
			const standing = this.#stood.has(message) ? this.#stood.get(message) : this.#around.standing(place);
			this.#stood.set(message, standing);
			if (standing === 'gone') return undefined;
			const begun = {mailbox: nowCalled(place.mailbox), isUnseen: standing === 'unseen'};
			sums.add(begun.mailbox, -1, begun.isUnseen);
			walked.set(message, begun);
			return begun;
		};
		for (const {change, targets, state} of this.#around.operations()) {
			if (state !== 'waiting') continue;
			if (isMailboxChange(change)) {
				sums.change(change, delimiter, walked.values());
				if (change.kind === 'rename') renamings.push({from: change.mailbox, to: change.to, delimiter});
			}
			if (!isCounting(change)) continue;
			const goal = goalOf(change);
			for (const target of targets.filter(each => !isDone(each) && !each.isRefused)) {
				if (change.kind === 'append') {
					sums.add(goal, 1, isUnseenIn(target));
					continue;
				}
				const now = walked.get(target.message) ?? beginning(target);
				if (now === undefined) continue;
				if (change.kind === 'flag') now.isUnseen = !change.isSet;
				else if (change.kind === 'copy') sums.add(goal, 1, now.isUnseen);
				else now.mailbox = goal;
			}
		}
		for (const {mailbox, isUnseen} of walked.values()) sums.add(mailbox, 1, isUnseen);
		return sums.all;
	}

	/** Of what has been done since these operations were read: it is so on the server. */
	settled(before: ReadonlyMap<OperationId, Operation>): CountChanges {
		const sums = new Sums();
		for (const operation of this.#around.operations()) {
			const {id, change, targets} = operation;
			const last = before.get(id);
			if (last === operation || !isCounting(change)) continue;
			// A copy has another number than what it was made of.
			const keyOf = change.kind === 'copy' ? ({from}: Target) => placeKey(from) : ({message}: Target) => message;
			const were = new Map(last?.targets.map(each => [keyOf(each), each]));
			for (const target of targets.filter(isDone)) {
				const was = were.get(keyOf(target));
				if (was?.state !== 'done') this.#settle(change, was, target, sums);
			}
		}
		const waiting = this.#around.operations().filter(({state}) => state === 'waiting');
		const awaited = new Set(waiting.flatMap(({targets}) => targets.map(({message}) => message)));
		for (const message of this.#stood.keys()) if (!awaited.has(message)) this.#stood.delete(message);
		return sums.all;
	}

	/** `was`: the same before it was done, where that was seen. */
	#settle(change: Counting, was: Target | undefined, target: Target, sums: Sums): void {
		if (change.kind === 'append') {
			sums.add(change.to.path, 1, isUnseenIn(target));
			return;
		}
		const message = was?.message ?? target.message;
		const before = was?.place ?? target.from;
		const stood = this.#stoodOf(message, before, change, target);
		if (stood === 'gone') return;
		const isUnseen = stood === 'unseen';
		if (change.kind !== 'copy') sums.add(before.mailbox, -1, isUnseen);
		if (change.kind === 'flag') {
			sums.add(target.place.mailbox, 1, !change.isSet);
			this.#stood.set(message, change.isSet ? 'seen' : 'unseen');
		} else if (change.kind !== 'remove' && !isAcross(change)) sums.add(target.place.mailbox, 1, isUnseen);
	}

	#stoodOf(message: LogMessageId, place: Place, {kind}: Change, {wasSet}: Target): Standing {
		if (this.#stood.has(message)) return this.#stood.get(message);
		if (kind !== 'flag') return this.#around.standing(place);
		return wasSet === undefined ? undefined : wasSet ? 'seen' : 'unseen';
	}
}

/** By what is held: that is all there is from `wholeFrom` on. */
export function standingIn(facts: Facts, {mailbox, uidValidity, uid}: Place): Standing {
	if (uid === 0 || facts.uidValidity(mailbox) !== uidValidity) return undefined;
	const id = facts.idOf(mailbox, uid);
	const landedId = id === undefined ? facts.landedAt({mailbox, uidValidity, uid}) : undefined;
	const summary = landedId === undefined ? id && facts.summary(id) : facts.landed(landedId);
	if (summary !== undefined) return summary.flags.has('\\Seen') ? 'seen' : 'unseen';
	const held = facts.held(mailbox);
	return id === undefined && held !== undefined && uid >= held.wholeFrom && uid < held.uidNext ? 'gone' : undefined;
}

class Sums {
	readonly #sums = new Map<MailboxPath, CountChange>();

	add(mailbox: MailboxPath | undefined, sign: 1 | -1, isUnseen: boolean): void {
		if (mailbox === undefined) return;
		const {messages, unseen} = this.#sums.get(mailbox) ?? {messages: 0, unseen: 0};
		this.#sums.set(mailbox, {messages: messages + sign, unseen: unseen + (isUnseen ? sign : 0)});
	}

	/** What was decided before it goes along, or goes with it. */
	change(change: MailboxChange, delimiter: string, walked: Iterable<Walked>): void {
		if (change.kind === 'create') return;
		if (change.kind === 'delete') {
			this.#sums.delete(change.mailbox);
			for (const each of walked) if (each.mailbox === change.mailbox) each.mailbox = undefined;
			return;
		}
		const renaming = {from: change.mailbox, to: change.to, delimiter};
		for (const [path, sum] of [...this.#sums]) {
			const now = renamedPath(path, renaming);
			if (now === undefined) continue;
			this.#sums.delete(path);
			this.#sums.set(now, sum);
		}
		for (const each of walked) each.mailbox = each.mailbox && (renamedPath(each.mailbox, renaming) ?? each.mailbox);
	}

	get all(): CountChanges {
		return new Map([...this.#sums].filter(([, {messages, unseen}]) => messages !== 0 || unseen !== 0));
	}
}

const isUnseenIn = ({handed}: Target): boolean => handed?.flags.includes('\\Seen') !== true;

/** Drafts and copies of what was sent come and go by themselves. */
const isCounting = (change: Change): change is Counting =>
	!isMailboxChange(change) &&
	change.kind !== 'file' &&
	change.kind !== 'draft' &&
	!isOfDraft(change) &&
	(change.kind !== 'flag' || change.flag === '\\Seen');

const placeKey = ({mailbox, uidValidity, uid}: Place): string => `${uidValidity} ${uid} ${mailbox}`;

const isDone = ({state}: Target): boolean => state === 'done';
