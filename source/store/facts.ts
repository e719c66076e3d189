/**
 * What the server told us of all of an account's mailboxes, each in the place its model has for it: memory, or the cache
 * on the disk. A message keeps its id when its mailbox changes places.
 *
 * Laws: a mailbox is in one place at a time; of a mailbox in the online model nothing is on the disk (law 14).
 */
import fs from 'node:fs';
import {Failure} from '../model/failure.ts';
import type {MailboxPath, MessageId} from '../model/ids.ts';
import type {Flag} from '../model/message.ts';
import type {Place} from '../model/operation.ts';
import type {Renaming} from '../model/renaming.ts';
import {type SafeText, safeLine} from '../model/safe-text.ts';
import {type HeldNumbers, nothingHeld} from '../model/wish-cost.ts';
import {FactTables} from './fact-tables.ts';
import {removeDatabase} from './facts-database.ts';
import {
	type Beside,
	type Counts,
	type HeldMailbox,
	type HeldPlace,
	isBeyond,
	type ListedMailbox,
} from './mailbox-facts.ts';
import type {SummaryFact} from './summary-fact.ts';

export {type HeldMailbox, type HeldPlace, isBeyond, type ListedMailbox} from './mailbox-facts.ts';
export type {KeptFields, SummaryFact} from './summary-fact.ts';

/** In the cache folder of the account. */
export const factsFile = 'facts.sqlite';

export class Facts {
	readonly #memory = new FactTables(':memory:');
	readonly #file: string | undefined;
	readonly #onProblem: (failure: Failure) => void;
	readonly #openDisk: () => FactTables;
	readonly #isOnDisk: (path: MailboxPath) => boolean;
	#disk: FactTables | undefined;
	/** Of mail on this disk: what is not in memory is as near as if it were. */
	readonly isLocal: boolean;
	#isLost = false;

	/**
	 * `file` is that of the cache; undefined: there is none, and what would be on the disk is in memory too. It is made when
	 * the first mailbox is to be on it. Where it cannot be, memory takes its place and `onProblem` is told, once.
	 */
	constructor(
		file: string | undefined,
		isOnDisk: (path: MailboxPath) => boolean,
		onProblem: (failure: Failure) => void = () => {},
		{isLocal = false} = {},
	) {
		this.isLocal = isLocal;
		this.#file = file;
		this.#onProblem = onProblem;
		this.#openDisk = () => {
			this.#disk ??= openedOr(file ?? ':memory:', failure => {
				this.#isLost = true;
				onProblem(failure);
			});
			return this.#disk;
		};
		this.#isOnDisk = isOnDisk;
	}

	#at(path: MailboxPath): FactTables {
		return this.#isOnDisk(path) ? this.#openDisk() : this.#memory;
	}

	#of(id: MessageId): FactTables {
		return this.#disk === undefined || this.#memory.has(id) ? this.#memory : this.#disk;
	}

	/** The cache cannot be written: what should be on the disk is in memory, and ends with the program. */
	get isLost(): boolean {
		return this.#isLost;
	}

	/** Whether a mailbox is kept on the disk. */
	isKept(path: MailboxPath): boolean {
		return this.#isOnDisk(path);
	}

	/** All of what `work` learns of one mailbox, or nothing of it. */
	transaction<T>(path: MailboxPath, work: () => T): T {
		return this.#at(path).transaction(work);
	}

	/** The model of a mailbox has changed: its facts go to their new place, and are no more in the old one. */
	move(path: MailboxPath): void {
		const to = this.#at(path);
		const from = to === this.#memory ? this.#disk : this.#memory;
		if (from === undefined || from.mailboxes.uidValidity(path) === undefined) return;
		to.takeOver(path, from);
		from.forgetMailbox(path);
		if (from === this.#disk) from.emptyJournal();
	}

	/**
	 * Once it is settled which mailboxes are on the disk: of the others nothing is there, not in what the file no longer
	 * uses either; and where none is, there is no file.
	 */
	keepOnlyKept(isAnyKept: boolean): void {
		try {
			this.#keepOnlyKept(isAnyKept);
		} catch (error) {
			if (!(error instanceof Failure)) throw error;
			this.#onProblem(error);
		}
	}

	#keepOnlyKept(isAnyKept: boolean): void {
		if (!isAnyKept) {
			this.#disk?.close();
			this.#disk = undefined;
			if (this.#file !== undefined) removeCache(this.#file);
			return;
		}
		const disk = this.#openDisk();
		const others = disk.mailboxes.paths.filter(path => !this.#isOnDisk(path));
		for (const path of others) disk.forgetMailbox(path);
		if (others.length > 0) disk.emptyJournal();
	}

	/** How far a mailbox is held; undefined in memory, where nothing outlives the line. */
	held(path: MailboxPath): HeldMailbox | undefined {
		return this.#isOnDisk(path) ? this.#at(path).mailboxes.held(path) : undefined;
	}

	learnHeld(path: MailboxPath, held: HeldMailbox): void {
		if (!this.#isOnDisk(path)) return;
		const {mailboxes, lost} = this.#at(path);
		mailboxes.learnHeld(path, held);
		lost.heardOf(path, held);
	}

	/**
	 * In memory it is not as it was held on the disk any more, since it was told of by a line: should it come back there, a
	 * block begins anew. Until then it could come back as it was.
	 */
	outgrowHeld(path: MailboxPath): void {
		if (!this.#isOnDisk(path)) this.#memory.mailboxes.forgetHeld(path);
	}

	/** The newest held messages of the whole block, newest first. */
	newest(path: MailboxPath, held: HeldMailbox, limit: number): MessageId[] {
		return this.#at(path).mailboxes.newest(path, held, limit);
	}

	/** Held messages of the whole block with a lesser UID, newest first. */
	older(path: MailboxPath, held: HeldMailbox, beside: Beside): HeldPlace[] {
		return this.#at(path).mailboxes.older(path, held, beside);
	}

	/** The same with a greater UID, oldest first. */
	newer(path: MailboxPath, held: HeldMailbox, beside: Beside): HeldPlace[] {
		return this.#at(path).mailboxes.newer(path, held, beside);
	}

	/** Unread messages of what is held without a gap. */
	unseen(path: MailboxPath, held: HeldMailbox): number {
		return this.#at(path).mailboxes.unseen(path, held);
	}

	/** How many messages are held with a UID of at least `from`, below `to`. */
	countBetween(path: MailboxPath, from: number, to: number): number {
		return this.#at(path).mailboxes.countBetween(path, from, to);
	}

	/** How many messages of a mailbox are kept on the disk. */
	counts(path: MailboxPath): HeldNumbers {
		return this.#isOnDisk(path) ? this.#at(path).mailboxes.counts(path) : nothingHeld;
	}

	/** UIDs held in a range, both ends included, ascending. */
	uidsWithin(path: MailboxPath, first: number, last: number): number[] {
		return this.#at(path).mailboxes.uidsWithin(path, first, last);
	}

	/** Every mailbox of which something is known, wherever. */
	get paths(): readonly MailboxPath[] {
		return [...new Set([this.#memory, this.#disk].flatMap(each => each?.mailboxes.paths ?? []))];
	}

	/** The list of mailboxes as it was told last, when it is kept on the disk. */
	get listed(): readonly ListedMailbox[] {
		return this.#disk?.mailboxes.listed() ?? [];
	}

	/** When it was, in ms since the epoch. */
	get listedAt(): number | undefined {
		return this.#disk?.mailboxes.listedAt;
	}

	learnListed(mailboxes: readonly ListedMailbox[], toldAt: number): void {
		this.#disk?.mailboxes.learnListed(mailboxes, toldAt);
	}

	/** How many messages mailboxes of the list have by now; the list is as old as it was. */
	learnCounts(mailboxes: readonly Counts[]): void {
		this.#disk?.mailboxes.learnCounts(mailboxes);
	}

	close(): void {
		this.#disk?.close();
		this.#memory.close();
	}

	learnMailbox(path: MailboxPath, uidValidity: number): boolean {
		return this.#at(path).learnMailbox(path, uidValidity);
	}

	/** Undefined: nothing is known of it. */
	uidValidity(path: MailboxPath): number | undefined {
		return this.#at(path).mailboxes.uidValidity(path);
	}

	forgetMailbox(path: MailboxPath): void {
		this.#at(path).forgetMailbox(path);
	}

	learnSummary(fact: Omit<SummaryFact, 'id'>): MessageId {
		return this.#at(fact.mailbox).learnSummary(fact);
	}

	/**
	 * One that is new in its mailbox, which may be another's that went elsewhere: then it is that message, with all that was
	 * held of it. Returns where it was before.
	 */
	learnNew(fact: Omit<SummaryFact, 'id'>): {readonly id: MessageId; readonly from: Place | undefined} {
		const tables = this.#at(fact.mailbox);
		const {mailbox, uid, sizeBytes, kept} = fact;
		const at = {mailbox, uidValidity: tables.mailboxes.uidValidity(mailbox) ?? 0, uid};
		const isKnown = tables.idOf(mailbox, uid) !== undefined;
		const found = isKnown ? undefined : tables.lost.takeFound(kept?.messageId ?? '', sizeBytes, at);
		// That it went from where it was may not have been told yet: then it is known twice, for a while.
		const id = found && tables.has(found.id) ? undefined : found?.id;
		return {id: tables.learnSummary(fact, id), from: found?.place};
	}

	/** It went from its mailbox, and may turn up in another. */
	loseMessage(id: MessageId): void {
		this.#of(id).loseMessage(id);
	}

	/**
	 * One that went was put there by the server, as it says: into a mailbox that is held, and was not heard of since. Returns
	 * which, when it is known of.
	 */
	land(from: Place, to: Place): MessageId | undefined {
		const tables = this.#at(to.mailbox);
		const isThere = isBeyond(this.held(to.mailbox), to) && tables === this.#at(from.mailbox);
		return isThere ? tables.land(from, to) : undefined;
	}

	/** The one that has landed there, and was not heard of from there since. */
	landedAt(place: Place): MessageId | undefined {
		return this.#at(place.mailbox).lost.landedAt(place);
	}

	/** What is known of one that has landed. */
	landed(id: MessageId): SummaryFact | undefined {
		return this.#disk?.lost.landed(id);
	}

	/** A mailbox has another name; what is known of it goes by that, in the place its model has for it. Returns the new names. */
	renameMailbox(renaming: Renaming): readonly MailboxPath[] {
		const now = [this.#memory, this.#disk].flatMap(tables => tables?.renameMailbox(renaming) ?? []);
		for (const path of now) this.move(path);
		return now;
	}

	/**
	 * The server's whole list. Mailboxes on the disk that were in the last one and are not in this are no more, or have
	 * another name: their messages may turn up there. Returns them.
	 */
	learnList(mailboxes: readonly ListedMailbox[], toldAt: number): readonly MailboxPath[] {
		const there = new Set(mailboxes.map(({path}) => path));
		const gone = this.listed.map(({path}) => path).filter(path => !there.has(path));
		for (const path of gone) this.#disk?.loseMailbox(path);
		this.learnListed(mailboxes, toldAt);
		return gone;
	}

	loseMailbox(path: MailboxPath): void {
		this.#at(path).loseMailbox(path);
	}

	learnFlags(id: MessageId, flags: readonly Flag[]): void {
		this.#of(id).learnFlags(id, flags);
	}

	learnLandedFlags(id: MessageId, flags: readonly Flag[]): void {
		this.#disk?.lost.learnFlags(id, flags);
	}

	forgetMessage(id: MessageId): void {
		this.#of(id).forgetMessage(id);
	}

	summary(id: MessageId): SummaryFact | undefined {
		return this.#of(id).summary(id);
	}

	/** Of all that is known of messages, here and on the disk. */
	addressFields(text: string, most: number): ReturnType<FactTables['addressFields']> {
		const onDisk = this.#disk ?? (this.#file !== undefined && fs.existsSync(this.#file) ? this.#openDisk() : undefined);
		return [this.#memory, ...(onDisk ? [onDisk] : [])].flatMap(tables => tables.addressFields(text, most));
	}

	uidOf(id: MessageId): number | undefined {
		return this.#of(id).uidOf(id);
	}

	idOf(mailbox: MailboxPath, uid: number): MessageId | undefined {
		return this.#at(mailbox).idOf(mailbox, uid);
	}

	/** The one that lies there; undefined also where the mailbox was renumbered since. */
	idAt(place: Place): MessageId | undefined {
		return this.#at(place.mailbox).idAt(place);
	}

	learnStructure(id: MessageId, json: string): void {
		this.#of(id).learnStructure(id, json);
	}

	structure(id: MessageId): string | undefined {
		return this.#of(id).structure(id);
	}

	learnPreview(id: MessageId, text: SafeText): void {
		this.#of(id).learnPreview(id, text);
	}

	/** Undefined: nobody asked for it. */
	preview(id: MessageId): SafeText | undefined {
		return this.#of(id).preview(id);
	}

	learnChunk(id: MessageId, section: string, offset: number, octets: Buffer): void {
		this.#of(id).bodies.learnChunk(id, section, offset, octets);
	}

	learnRead(id: MessageId, at: number): void {
		this.#of(id).bodies.learnRead(id, at);
	}

	hasChunks(id: MessageId): boolean {
		return this.#of(id).bodies.has(id);
	}

	heldBytes(id: MessageId, section: string): number {
		return this.#of(id).bodies.heldBytes(id, section);
	}

	isEnded(id: MessageId, section: string): boolean {
		return this.#of(id).bodies.isEnded(id, section);
	}

	octets(id: MessageId, section: string): Buffer {
		return this.#of(id).bodies.octets(id, section);
	}

	forgetSection(id: MessageId, section: string): void {
		this.#of(id).bodies.forgetSection(id, section);
	}

	forgetChunks(id: MessageId): void {
		this.#of(id).bodies.forget(id);
	}

	/** Octets of bodies in memory, and those messages, read longest ago first. */
	get memoryBodies(): {readonly bytes: number; readonly messages: () => MessageId[]} {
		return {bytes: this.#memory.bodies.bytes, messages: () => this.#memory.bodies.messages()};
	}

	/** The same of the disk. */
	get diskBodies(): {readonly bytes: number; readonly messages: () => MessageId[]} {
		const disk = this.#disk;
		return {bytes: disk?.bodies.bytes ?? 0, messages: () => disk?.bodies.messages() ?? []};
	}
}

/** Throws a Failure: what may not be on the disk is there. */
function removeCache(file: string): void {
	try {
		removeDatabase(file);
	} catch (error) {
		const {code, message} = error as NodeJS.ErrnoException;
		const sentence = `No mailbox is to be kept on the disk, and ${file} cannot be removed (${code ?? message}). Remove it`;
		throw new Failure('broken', safeLine(sentence), error);
	}
}

function openedOr(file: string, onLost: (failure: Failure) => void): FactTables {
	try {
		return new FactTables(file, {onLost});
	} catch (error) {
		if (!(error instanceof Failure)) throw error;
		onLost(error);
		return new FactTables(':memory:');
	}
}
