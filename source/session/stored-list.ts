/**
 * The newest rows of a mailbox as they are on the disk, before there is a session: what the first frame shows. The same
 * pure functions as the session's make them, so that the list is the one that is then drawn.
 *
 * Laws: it only looks, and reads no more rows than are shown; what it cannot make out (a database of another version, one
 * that is broken) it leaves to the session, which says so.
 */
import fs from 'node:fs';
import path from 'node:path';
import type {MailboxPath} from '../model/ids.ts';
import type {Message} from '../model/message.ts';
import {type Destination, isMailboxChange, type MailboxChange, type Operation, type Place} from '../model/operation.ts';
import {formerPath} from '../model/renaming.ts';
import {type StatePlace, usualPlace} from '../model/state-place.ts';
import {FactTables} from '../store/fact-tables.ts';
import {factsFile} from '../store/facts.ts';
import {OperationLog} from '../store/log.ts';
import {type HeldMailbox, isBeyond} from '../store/mailbox-facts.ts';
import {arrivalsIn} from './arrivals.ts';
import {Hidden, hiddenAmong} from './hidden.ts';
import {ListedMailboxes} from './listed-mailboxes.ts';
import {Projections} from './projections.ts';
import {arrivingMessage, type HeldFacts, shownMessage} from './shown-message.ts';

type StoredList = {
	/** How many operations wait in the log of the account. */
	readonly waiting: number;
	/** Undefined: nothing of the mailbox is held. */
	readonly rows: StoredRows | undefined;
};

export type StoredRows = {
	/** Messages in the mailbox, without those that are going. */
	readonly count: number;
	readonly isReadOnly: boolean;
	/** Ms since the epoch. */
	readonly asOf: number;
	/** The newest, by position; where one is lacking, it is not held. */
	readonly messages: ReadonlyMap<number, Message>;
};

type Folders = {readonly account: string; readonly cache: string};

/** `height` is how many rows are shown; `chosenPlace`: where the user wants the state of messages, if that was said. Undefined where it is not clear. */
export function storedList(
	{account, cache}: Folders,
	mailbox: MailboxPath,
	height: number,
	chosenPlace?: StatePlace,
): StoredList | undefined {
	try {
		const operations = operationsIn(account);
		return {
			waiting: operations.filter(({state}) => state === 'waiting').length,
			rows: rowsIn(path.join(cache, factsFile), mailbox, height, operations, chosenPlace),
		};
	} catch {
		return undefined;
	}
}

function operationsIn(folder: string): readonly Operation[] {
	if (!fs.existsSync(path.join(folder, 'log.sqlite'))) return [];
	const log = new OperationLog(folder, {mayWrite: false});
	try {
		return log.operations();
	} finally {
		log.close();
	}
}

function rowsIn(
	file: string,
	mailbox: MailboxPath,
	height: number,
	operations: readonly Operation[],
	chosenPlace: StatePlace | undefined,
): StoredRows | undefined {
	if (!fs.existsSync(file)) return undefined;
	const facts = new FactTables(file, {mayWrite: false});
	try {
		const held = facts.mailboxes.held(mailbox);
		if (held === undefined) return undefined;
		if ((chosenPlace ?? usualPlace(held)).with !== 'server') throw new StateElsewhere();
		const decided = new Projections(operations);
		const rows = rowsOf({facts, mailbox, held, decided}, height);
		const messages = new Map(rows.messages);
		let {count} = rows;
		for (const message of arriving({facts, mailbox, held, decided}, operations)) messages.set(++count, message);
		return {...rows, count, messages};
	} finally {
		facts.close();
	}
}

/** The state of the messages is our own: the session lays it on them. */
class StateElsewhere extends Error {}

type Held = {
	readonly facts: FactTables;
	readonly mailbox: MailboxPath;
	readonly held: HeldMailbox;
	readonly decided: Projections;
};

/** What was moved here and has not arrived stands behind the newest. */
function arriving({facts, mailbox, held, decided}: Held, operations: readonly Operation[]): Message[] {
	const waiting = operations.filter(({state}) => state === 'waiting');
	let listed: ListedMailboxes | undefined;
	const changes = waiting.map(({change}) => change).filter(isMailboxChange);
	const resolve = (to: Destination): MailboxPath | '' | undefined => {
		if ('path' in to && changes.length === 0) return to.path;
		listed ??= listedIn(facts, changes);
		const path = 'path' in to ? to.path : listed.special(to.use);
		return path && formerPath(path, changes, listed.delimiter);
	};
	return arrivalsIn(mailbox, operations, resolve, place => isBeyond(held, place)).flatMap(({place}) => {
		const id = facts.idAt(place) ?? facts.lost.landedAt(place);
		const fact = id === undefined ? undefined : (facts.lost.landed(id) ?? facts.summary(id));
		return fact === undefined ? [] : [arrivingMessage(fact, place, mailbox, {decided, facts: heldIn(facts)})];
	});
}

const heldIn = (facts: FactTables): HeldFacts => ({
	structure: id => facts.structure(id),
	hasChunks: id => facts.bodies.has(id),
	heldBytes: (id, section) => facts.bodies.heldBytes(id, section),
});

/** The list as it was told last. */
function listedIn(facts: FactTables, changes: readonly MailboxChange[]): ListedMailboxes {
	const listed = new ListedMailboxes(() => changes);
	const told = facts.mailboxes.listed();
	if (told.length > 0) listed.learn(told);
	return listed;
}

/** The UIDs that are to go, without those that are gone: of what is held it is known who is there. */
function thereOf({facts, mailbox, held, decided}: Held): readonly number[] {
	const leaving = decided.leaving(mailbox, held.uidValidity);
	const isHeld = (uid: number): boolean => uid < held.uidNext && facts.idOf(mailbox, uid) !== undefined;
	const below = leaving.filter(uid => uid < held.wholeFrom);
	// Below what is held there are no more than that.
	const room =
		below.length === 0 ? 0 : held.count - facts.mailboxes.countBetween(mailbox, held.wholeFrom, held.uidNext);
	return [...below.slice(0, room), ...leaving.filter(uid => uid >= held.wholeFrom && isHeld(uid))];
}

/** What is going is among the newest, or is not: only so many are read as are needed to fill the screen without it. */
function rowsOf({facts, mailbox, held, decided}: Held, height: number): StoredRows {
	const placeOf = (uid: number): Place => ({mailbox, uidValidity: held.uidValidity, uid});
	const isGoing = (uid: number): boolean => decided.isGoing(placeOf(uid));
	const leaving = thereOf({facts, mailbox, held, decided});
	let size = height;
	for (;;) {
		const read = size;
		const known = facts.mailboxes
			.newest(mailbox, held, read)
			.map((id, index) => ({id, uid: facts.uidOf(id) ?? 0, sequence: held.count - index}))
			.reverse();
		const hidden = new Hidden(hiddenAmong(known, isGoing, leaving, held.count));
		const count = held.count - hidden.count;
		size = held.count - hidden.sequenceAt(Math.max(1, count - height + 1)) + 1;
		if (size > read) continue;
		const messages = new Map<number, Message>();
		for (const {id, uid, sequence} of known) {
			const [position, fact] = [hidden.positionOf(sequence), facts.summary(id)];
			const message = fact && shownMessage(fact, placeOf(uid), {decided, facts: heldIn(facts)});
			if (position !== undefined && message) messages.set(position, message);
		}
		return {count, isReadOnly: held.isReadOnly, asOf: held.syncedAt, messages};
	}
}
