/**
 * What the log says of messages, to be laid on the facts: the view is the facts with the log applied on top. Pure.
 */
import type {MailboxPath} from '../model/ids.ts';
import type {Flag} from '../model/message.ts';
import {isAcross, isSamePlace, type Operation, type Place} from '../model/operation.ts';

/** What the log says of one message. */
type Projection = {readonly flags: Map<Flag, boolean>; isGoing: boolean; isPending: boolean};

export class Projections {
	readonly #operations: readonly Operation[];
	readonly #of = new Map<MailboxPath, Map<string, Projection>>();

	constructor(operations: readonly Operation[] = []) {
		this.#operations = operations;
		for (const operation of operations) this.#project(operation);
	}

	/** Mailboxes it says something of. */
	get mailboxes(): readonly MailboxPath[] {
		return [...this.#of.keys()];
	}

	/** Flags with what the user decided on top. */
	flagsOf(place: Place, flags: ReadonlySet<Flag>): ReadonlySet<Flag> {
		const decided = this.#at(place)?.flags;
		return decided === undefined || decided.size === 0 ? flags : withFlags(flags, decided);
	}

	/** It was moved or removed, whatever the server has got round to. */
	isGoing(place: Place): boolean {
		return this.#at(place)?.isGoing === true;
	}

	/** Something about it is not confirmed yet. */
	isPending(place: Place): boolean {
		return this.#at(place)?.isPending === true;
	}

	/** Whether anything of a mailbox is going, so that its rows have to be looked through. */
	hasGoing(mailbox: MailboxPath): boolean {
		return this.#of.has(mailbox);
	}

	/** UIDs that are to go and that the server has not confirmed gone, ascending. */
	leaving(mailbox: MailboxPath, uidValidity: number): readonly number[] {
		const uids: number[] = [];
		for (const {change, targets, state: progress} of this.#operations) {
			if (progress !== 'waiting' || (change.kind !== 'move' && change.kind !== 'remove')) continue;
			for (const {place, state, isRefused} of targets) {
				const isHere = place.mailbox === mailbox && place.uidValidity === uidValidity && place.uid > 0;
				if (isHere && state !== 'done' && !isRefused) uids.push(place.uid);
			}
		}
		return [...new Set(uids)].sort((a, b) => a - b);
	}

	#project({change, targets, state}: Operation): void {
		// What has gone stays gone, also until the server's EXPUNGE is here; UIDs never come back.
		const isOver = state === 'done' || state === 'undone';
		const isLeaving = change.kind === 'move' || change.kind === 'remove';
		const isElsewhere =
			change.kind === 'copy' || change.kind === 'append' || change.kind === 'file' || change.kind === 'draft';
		if (isElsewhere || (isOver && !isLeaving)) return;
		for (const {place, from, state: progress, isRefused} of targets) {
			const isDone = progress === 'done';
			if ((state === 'refused' || isRefused) && !isDone) continue;
			if (isDone && !isLeaving) continue;
			const where = isDone ? from : place;
			// What a move found in its place already has gone nowhere.
			const isThere = isDone && change.kind === 'move' && !isAcross(change) && isSamePlace(place, from);
			if (where.uid === 0 || isThere) continue;
			const projection = this.#make(where);
			if (change.kind === 'flag') projection.flags.set(change.flag, change.isSet);
			else projection.isGoing = true;
			projection.isPending ||= !isDone;
		}
	}

	#at({mailbox, uidValidity, uid}: Place): Projection | undefined {
		return this.#of.get(mailbox)?.get(`${uidValidity} ${uid}`);
	}

	#make({mailbox, uidValidity, uid}: Place): Projection {
		const key = `${uidValidity} ${uid}`;
		const some = this.#of.get(mailbox) ?? new Map<string, Projection>();
		this.#of.set(mailbox, some);
		const projection = some.get(key) ?? {flags: new Map(), isGoing: false, isPending: false};
		some.set(key, projection);
		return projection;
	}
}

/** Flags are compared without regard to case (RFC 9051 §2.3.2). */
export function withFlags(flags: ReadonlySet<Flag>, changes: ReadonlyMap<Flag, boolean>): Set<Flag> {
	const result = new Set(flags);
	for (const [flag, isSet] of changes) {
		for (const each of flags) if (each.toLowerCase() === flag.toLowerCase()) result.delete(each);
		if (isSet) result.add(flag);
		else result.delete(flag);
	}
	return result;
}
