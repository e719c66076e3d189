/**
 * The records in one mailbox, as messages on a line: what goes there, what is above the cursor, and one message in the
 * place of many. What is asked for when is `shared-mailbox.ts`.
 *
 * Laws: what is below the cursor was read, or was not ours; a message is removed only when it was read whole, and another
 * that says the same is on the server for certain. Mail that is none of ours is never touched.
 */
import {Failure} from '../model/failure.ts';
import type {MailboxPath, PartNumber} from '../model/ids.ts';
import {piecesOf, readRecords, writeRecords} from '../model/record-text.ts';
import {type SafeText, safeLine} from '../model/safe-text.ts';
import {spellUids} from '../model/uid-list.ts';
import type {Appended, Remote, Selected} from '../remote/remote.ts';
import type {KnownPlace} from '../store/shared-places.ts';
import type {OwnStates} from './own-states.ts';

export type SharedRecordsSurroundings = {
	readonly place: KnownPlace;
	readonly mailbox: MailboxPath;
	readonly own: OwnStates;
	readonly has: (capability: string) => boolean;
	/** Of the mailbox, when it is open. */
	readonly uidValidity: () => number | undefined;
	/** How many there are in the mailbox, when it is open. */
	readonly messages: () => number | undefined;
	readonly tell: (because: SafeText) => void;
	/** When more messages of ours than this are there, one takes their place. */
	readonly mostMessages?: number;
};

/** A message says no more than this, so that one line of any speed takes it. */
const mostMessageBytes = 32_768;
const firstBytes = 40_000;
/**
 * A mailbox with so many messages that nobody has read is no place of its own; without UIDPLUS many never become one.
 */
const [mostUnread, mostUnreadKept] = [300, 2000];
const usuallyMostMessages = 64;
const firstPart = '1' as PartNumber;

/** What is to be read: above the cursor, up to `last`; undefined: to the end. */
export type Reach = {
	readonly last?: number | undefined;
	/** One that we have put there ourselves, right above `last`. */
	readonly ownUid?: number;
};
/** What came with the opening of the mailbox: all up to `last`. */
type Early = {readonly uidValidity: number; readonly last: number; readonly rows: ReadonlyMap<number, Buffer>};
/** Where the last message went; `isNext`: nobody else has written since we have read. */
export type Told = Appended & {readonly isNext: boolean};

export class SharedRecords {
	readonly #around: SharedRecordsSurroundings;

	constructor(around: SharedRecordsSurroundings) {
		this.#around = around;
	}

	/** As it is on the disk now: another process may have been there. */
	get place(): KnownPlace {
		const {own, place} = this.#around;
		return own.state.shared.place(place.id) ?? place;
	}

	/** Appends it in messages of a size any line takes. Where each is what was to come next, nobody else was there. */
	async append(remote: Remote, text: string): Promise<Told | undefined> {
		const {shared} = this.#around.own.state;
		let isNext = true;
		let last: Told | undefined;
		for (const piece of piecesOf(text, mostMessageBytes)) {
			const appended = await this.#appendOne(remote, Buffer.from(`Subject: Bonsai state\r\n\r\n${piece}`));
			if (appended === undefined) return undefined;
			const {place} = this;
			const isKnown = place.uidValidity === appended.uidValidity && place.uidNext === appended.uid;
			if (place.uidValidity === appended.uidValidity) shared.isOurs(place, appended.uid);
			if (isKnown) shared.read(place, appended.uidValidity, appended.uid + 1);
			isNext &&= isKnown;
			last = {...appended, isNext};
		}
		return last;
	}

	async #appendOne(remote: Remote, octets: Buffer): Promise<Appended | undefined> {
		const {mailbox} = this.#around;
		const options = {flags: ['\\Seen'], date: undefined};
		try {
			return await remote.append(mailbox, octets, options);
		} catch (error) {
			const isMissing = error instanceof Failure && (error.code === 'TRYCREATE' || error.code === 'NONEXISTENT');
			if (!isMissing) throw error;
			await remote.createMailbox(mailbox).catch((failure: Failure) => {
				// Another client was faster.
				if (failure.code !== 'ALREADYEXISTS') throw failure;
			});
			return remote.append(mailbox, octets, options);
		}
	}

	/** What others have put there below the message that is ours. */
	below({uidValidity, uid}: Told): Reach {
		return this.place.uidValidity === uidValidity ? {last: uid - 1, ownUid: uid} : {last: uid};
	}

	/** Opens the mailbox and asks in the same packet for what is to be read: a turn less, and a seventh of the bytes. */
	async open(remote: Remote, known: Parameters<Remote['select']>[1], last: number | undefined) {
		const {mailbox} = this.#around;
		const {uidNext: first, uidValidity} = this.place;
		const upTo = last ?? first + mostUnread;
		const rows = new Map<number, Buffer>();
		let asked: Promise<boolean> | undefined;
		const ask = (): void => {
			asked = remote
				.fetchStarts(rangeOf(first, upTo), firstPart, firstBytes, (uid, octets) => rows.set(uid, octets))
				.then(
					() => true,
					// The question is asked again when the mailbox is open.
					() => false,
				);
		};
		// Of a mailbox that nobody has read here it is not known how much there is in it.
		const mayAsk = first > 1 && upTo >= first;
		const selected: Selected = await remote.select(mailbox, known, mayAsk ? ask : undefined);
		// What is asked to the end is all only where the server says where that is.
		const end = last ?? (selected.uidNext ?? Number.POSITIVE_INFINITY) - 1;
		const isAll = (await asked) === true && end <= upTo && selected.uidValidity === uidValidity;
		const early: Early | undefined = isAll ? {uidValidity, last: end, rows} : undefined;
		return {selected, early};
	}

	/** Reads it, of a mailbox that is open. */
	async read(remote: Remote, reach: Reach, early: Early | undefined): Promise<void> {
		const {uidValidity, has, own} = this.#around;
		const {shared} = own.state;
		const now = uidValidity() ?? 0;
		let {last, ownUid = 0} = reach;
		if (this.place.uidValidity !== now) {
			// Another mailbox under the same name, or the first time: all of it is news, and it is told everything.
			if (this.place.uidValidity !== 0) shared.lost(this.place);
			shared.read(this.place, now, 1);
			// What was said of the other one.
			[last, ownUid] = [undefined, 0];
		}
		const {uidNext: first} = this.place;
		const messages = this.#around.messages() ?? 0;
		if (first === 1 && messages > (has('UIDPLUS') ? mostUnread : mostUnreadKept))
			throw new Failure('refused', safeLine(`it has ${messages} messages, so it is no mailbox of its own for this`));
		let highest = Math.max(last ?? 0, ownUid);
		const learn = (uid: number, octets: Buffer): void => {
			highest = Math.max(highest, uid);
			this.#learn(uid, octets);
		};
		if (early?.uidValidity === now) {
			highest = Math.max(highest, early.last);
			for (const [uid, octets] of early.rows) learn(uid, octets);
		} else if (last === undefined || last >= first)
			await remote.fetchStarts(rangeOf(first, last ?? '*'), firstPart, firstBytes, learn);
		shared.read(this.place, now, Math.max(first, highest + 1));
	}

	#learn(uid: number, octets: Buffer): void {
		const {own, tell, mailbox} = this.#around;
		const {records, isNewer, unreadable} = readRecords(octets.toString('latin1'));
		if (isNewer) tell(safeLine(`A later Bonsai writes into ${mailbox}: what it says is not understood here`));
		own.learn(records, this.place.id);
		if (records.length > 0 && unreadable === 0 && !isNewer && octets.length < firstBytes)
			own.state.shared.isOurs(this.place, uid);
	}

	/** Whether one message should take the place of many. */
	get areMany(): boolean {
		const {has, own, mostMessages = usuallyMostMessages} = this.#around;
		return has('UIDPLUS') && own.state.shared.ourUids(this.place).length > mostMessages;
	}

	/** One message takes the place of those that were read; it says all they said that still holds. Resolves to it. */
	async compact(remote: Remote): Promise<Told | undefined> {
		const {shared} = this.#around.own.state;
		const {place} = this;
		const uids = shared.ourUids(place);
		const last = await this.append(remote, writeRecords(shared.records(place, true)));
		// On a server that has made the mailbox anew meanwhile, other messages have these UIDs.
		if (last?.uidValidity !== place.uidValidity) return undefined;
		const set = spellUids(uids);
		await remote.storeFlag(set, '\\Deleted', true);
		await remote.expunge(set);
		shared.areGone(place, uids);
		return last;
	}
}

const rangeOf = (first: number, last: number | '*'): string => (first === last ? `${first}` : `${first}:${last}`);
