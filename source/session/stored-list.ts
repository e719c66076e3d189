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
import type {Operation, Place} from '../model/operation.ts';
import {FactTables} from '../store/fact-tables.ts';
import {factsFile} from '../store/facts.ts';
import {OperationLog} from '../store/log.ts';
import type {HeldMailbox} from '../store/mailbox-facts.ts';
import {Hidden, hiddenAmong} from './hidden.ts';
import {Projections} from './projections.ts';
import {shownMessage} from './shown-message.ts';

export type StoredList = {
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

/** `height` is how many rows are shown. Undefined where it is not clear. */
export function storedList({account, cache}: Folders, mailbox: MailboxPath, height: number): StoredList | undefined {
	try {
		const waiting = operationsIn(account);
		return {
			waiting: waiting.filter(({state}) => state === 'waiting').length,
			rows: rowsIn(path.join(cache, factsFile), mailbox, height, new Projections(waiting)),
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

function rowsIn(file: string, mailbox: MailboxPath, height: number, decided: Projections): StoredRows | undefined {
	if (!fs.existsSync(file)) return undefined;
	const facts = new FactTables(file, {mayWrite: false});
	try {
		const held = facts.mailboxes.held(mailbox);
		return held && rowsOf({facts, mailbox, held, decided}, height);
	} finally {
		facts.close();
	}
}

type Held = {
	readonly facts: FactTables;
	readonly mailbox: MailboxPath;
	readonly held: HeldMailbox;
	readonly decided: Projections;
};

/** What is going is among the newest, or is not: only so many are read as are needed to fill the screen without it. */
function rowsOf({facts, mailbox, held, decided}: Held, height: number): StoredRows {
	const placeOf = (uid: number): Place => ({mailbox, uidValidity: held.uidValidity, uid});
	const isGoing = (uid: number): boolean => decided.isGoing(placeOf(uid));
	const leaving = decided.leaving(mailbox, held.uidValidity);
	let size = height;
	for (;;) {
		const read = size;
		const known = facts.mailboxes
			.block(mailbox, held, 0, read)
			.map((id, index) => ({id, uid: facts.uidOf(id) ?? 0, sequence: held.count - index}))
			.reverse();
		const hidden = new Hidden(hiddenAmong(known, isGoing, leaving, held.count));
		const count = held.count - hidden.count;
		size = held.count - hidden.sequenceAt(Math.max(1, count - height + 1)) + 1;
		if (size > read) continue;
		const messages = new Map<number, Message>();
		for (const {id, uid, sequence} of known) {
			const [position, fact] = [hidden.positionOf(sequence), facts.summary(id)];
			const message = fact && shownMessage(fact, placeOf(uid), {decided, facts});
			if (position !== undefined && message) messages.set(position, message);
		}
		return {count, isReadOnly: held.isReadOnly, asOf: held.syncedAt, messages};
	}
}
