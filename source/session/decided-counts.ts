/**
 * How what was decided changes how many messages mailboxes have, and how many of them are unread: the list of mailboxes is
 * what the server told with this on top, until it tells again.
 */
import type {MailboxPath} from '../model/ids.ts';
import {
	type Change,
	type DraftChange,
	type FileChange,
	isMailboxChange,
	isOfDraft,
	type LogMessageId,
	type MessageChange,
	type Operation,
	type Place,
	type Target,
	type Use,
} from '../model/operation.ts';
import type {Facts} from '../store/facts.ts';

export type CountChange = {readonly messages: number; readonly unseen: number};
export type CountChanges = ReadonlyMap<MailboxPath, CountChange>;

/** What the server has of a message: 'gone' when it is known not to be there any more, undefined when nobody knows. */
export type Standing = 'seen' | 'unseen' | 'gone' | undefined;

type Surroundings = {
	readonly operations: () => readonly Operation[];
	readonly standing: (place: Place) => Standing;
};

/** A message on its way: what it adds to which mailbox, as far as the walk has come. */
type Walked = {mailbox: MailboxPath | undefined; isUnseen: boolean};

export class DecidedCounts {
	readonly #around: Surroundings;
	/** Targets that were done when the server told last: it has counted them. */
	#counted: ReadonlySet<string> = new Set();
	/** How messages stood on the server when something waited for them first; a confirmed flag changes the facts. */
	readonly #stood = new Map<LogMessageId, Standing>();

	/** Which message was decided about there: the target of a copy that is done is the copy. */
	readonly #at = new Map<string, LogMessageId>();

	constructor(around: Surroundings) {
		this.#around = around;
	}

	/** The server has told how many there are: what is done by now is among them. */
	told(): void {
		this.#stood.clear();
		this.#at.clear();
		this.#counted = new Set(
			this.#around
				.operations()
				.flatMap(({id, targets}) => targets.filter(isDone).map(({message}) => keyOf(id, message))),
		);
	}

	/** Since it told: of what is done, or of what waits as well. `special`: the mailbox of a use, where it is known. */
	changes(of: 'done' | 'all', special: (use: Use) => MailboxPath | undefined): CountChanges {
		const changes = new Changes();
		const walked = new Map<LogMessageId, Walked>();
		for (const {id, change, targets, state} of this.#around.operations()) {
			if (!isCounting(change)) continue;
			for (const target of targets) {
				const isLeft = isDone(target)
					? this.#counted.has(keyOf(id, target.message))
					: of === 'done' || target.isRefused || state === 'refused';
				if (isLeft) continue;
				if (change.kind === 'append') {
					changes.add(change.to.path, 1, target.handed?.flags.includes('\\Seen') !== true);
					continue;
				}
				const message = this.#original(target, change);
				const now = walked.get(message) ?? this.#begun(message, target, change);
				if (now === undefined) continue;
				if (!walked.has(message)) changes.add(now.mailbox, -1, now.isUnseen);
				walked.set(message, now);
				const to = change.kind === 'flag' || change.kind === 'remove' ? undefined : destination(change, special);
				if (change.kind === 'flag') now.isUnseen = !change.isSet;
				else if (change.kind === 'copy') changes.add(to, 1, now.isUnseen);
				else now.mailbox = to;
			}
		}
		for (const {mailbox, isUnseen} of walked.values()) changes.add(mailbox, 1, isUnseen);
		return changes.sums;
	}

	#original(target: Target, {kind}: Change): LogMessageId {
		const original = kind === 'copy' && isDone(target) ? this.#at.get(placeKey(target.from)) : undefined;
		return original ?? target.message;
	}

	/** As the server had it when it told; undefined: it was not there. */
	#begun(message: LogMessageId, target: Target, {kind}: Change): Walked | undefined {
		const stood = this.#standing(message, target, kind === 'flag');
		// A move that is done has taken it elsewhere.
		const {mailbox} = isDone(target) && kind !== 'flag' ? target.from : target.place;
		return stood === 'gone' ? undefined : {mailbox, isUnseen: stood === 'unseen'};
	}

	#standing(message: LogMessageId, target: Target, isFlag: boolean): Standing {
		if (this.#stood.has(message)) return this.#stood.get(message);
		// What is done has changed the facts already.
		if (isDone(target)) return isFlag && target.wasSet !== undefined ? (target.wasSet ? 'seen' : 'unseen') : undefined;
		const stood = this.#around.standing(target.place);
		this.#stood.set(message, stood);
		this.#at.set(placeKey(target.from), message);
		return stood;
	}
}

/** By what is held: that is all there is from `wholeFrom` on. */
export function standingIn(facts: Facts, {mailbox, uidValidity, uid}: Place): Standing {
	if (uid === 0 || facts.uidValidity(mailbox) !== uidValidity) return undefined;
	const id = facts.idOf(mailbox, uid);
	const summary = id === undefined ? undefined : facts.summary(id);
	if (summary !== undefined) return summary.flags.has('\\Seen') ? 'seen' : 'unseen';
	const held = facts.held(mailbox);
	return id === undefined && held !== undefined && uid >= held.wholeFrom && uid < held.uidNext ? 'gone' : undefined;
}

/** Undefined: it is another account's, or nobody knows which. */
function destination(
	{to}: Extract<Change, {kind: 'move' | 'copy'}>,
	special: (use: Use) => MailboxPath | undefined,
): MailboxPath | undefined {
	return 'path' in to ? to.path : 'use' in to ? special(to.use) : undefined;
}

class Changes {
	readonly #sums = new Map<MailboxPath, CountChange>();

	add(mailbox: MailboxPath | undefined, sign: 1 | -1, isUnseen: boolean): void {
		if (mailbox === undefined) return;
		const {messages, unseen} = this.#sums.get(mailbox) ?? {messages: 0, unseen: 0};
		this.#sums.set(mailbox, {messages: messages + sign, unseen: unseen + (isUnseen ? sign : 0)});
	}

	get sums(): CountChanges {
		return new Map([...this.#sums].filter(([, {messages, unseen}]) => messages !== 0 || unseen !== 0));
	}
}

/** Drafts and copies of what was sent come and go by themselves. */
const isCounting = (change: Change): change is Exclude<MessageChange, FileChange | DraftChange> =>
	!isMailboxChange(change) &&
	change.kind !== 'file' &&
	change.kind !== 'draft' &&
	!isOfDraft(change) &&
	(change.kind !== 'flag' || change.flag === '\\Seen');

const isDone = ({state}: Target): boolean => state === 'done';

const placeKey = ({mailbox, uidValidity, uid}: Place): string => `${uidValidity} ${uid} ${mailbox}`;

const keyOf = (id: number, message: number): string => `${id} ${message}`;

/** Told numbers with changes on top; what nobody told stays unknown. */
export function counted<T extends {readonly messages: number | undefined; readonly unseen: number | undefined}>(
	fact: T,
	change: CountChange | undefined,
): T {
	if (change === undefined || fact.messages === undefined) return fact;
	const messages = Math.max(0, fact.messages + change.messages);
	const unseen = fact.unseen === undefined ? undefined : Math.min(messages, Math.max(0, fact.unseen + change.unseen));
	return {...fact, messages, unseen};
}
