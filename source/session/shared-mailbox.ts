/**
 * Records shared in a mailbox of this account: what was decided is appended as a small message, what others appended is
 * read by UID. For all accounts of the user, since what is marked in a public mailbox of one may be kept in a mailbox of
 * another.
 *
 * Laws: sending a record twice does no harm, so a lost answer is simply asked again; what is below the cursor was read, or
 * was not ours; a message is removed only when it was read whole, and another that says the same is on the server for
 * certain. Mail that is none of ours is never touched.
 */
import {Failure} from '../model/failure.ts';
import type {MailboxPath, PartNumber} from '../model/ids.ts';
import {readRecords, writeRecords} from '../model/record-text.ts';
import {ours, type SafeText, safeLine} from '../model/safe-text.ts';
import {spellUids} from '../model/uid-list.ts';
import type {Appended, Remote} from '../remote/remote.ts';
import type {KnownPlace} from '../store/shared-places.ts';
import type {Need} from './needs.ts';
import type {OwnStates} from './own-states.ts';

export type SharedMailboxSurroundings = {
	readonly place: KnownPlace;
	readonly mailbox: MailboxPath;
	readonly own: OwnStates;
	readonly need: (need: Need) => void;
	readonly isNeeded: (key: string) => boolean;
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
const firstBytes = 65_536;
/**
 * A mailbox with so many messages that nobody has read is no place of its own; without UIDPLUS many never become one.
 */
const [mostUnread, mostUnreadKept] = [300, 2000];
const usuallyMostMessages = 64;

/** Where the last message went; `isNext`: nobody else has written since we have read. */
type Told = Appended & {readonly isNext: boolean};

export const tellKey = (mailbox: MailboxPath): string => `tell-state:${mailbox}`;
export const readKey = (mailbox: MailboxPath): string => `read-state:${mailbox}`;

export class SharedMailbox {
	readonly #around: SharedMailboxSurroundings;
	readonly mailbox: MailboxPath;
	/** The server has said that something came. */
	#hasNews = false;
	/** It failed, and is not tried again on this connection. */
	#isRefused = false;

	constructor(around: SharedMailboxSurroundings) {
		this.#around = around;
		this.mailbox = around.mailbox;
	}

	/** As it is on the disk now: another process may have been there. */
	get #place(): KnownPlace {
		const {own, place} = this.#around;
		return own.state.shared.place(place.id) ?? place;
	}

	get hasUntold(): boolean {
		return this.#around.own.state.shared.hasUntold(this.#place);
	}

	/** Octets of what it would be told. */
	get untoldBytes(): number {
		return writeRecords(this.#around.own.state.shared.untold(this.#place).records).length;
	}

	/** How many messages were not read, where the mailbox stands so; undefined: nobody knows. */
	unread({
		uidValidity,
		uidNext,
	}: {
		readonly uidValidity: number | undefined;
		readonly uidNext: number | undefined;
	}): number | undefined {
		const place = this.#place;
		if (uidNext === undefined || uidValidity === undefined) return undefined;
		return place.uidValidity === uidValidity ? Math.max(0, uidNext - place.uidNext) : uidNext - 1;
	}

	/** Says what it was not told, and reads what it has. `looks`: also when there is nothing to say. */
	exchange({looks}: {readonly looks: boolean}): void {
		const {isNeeded, need} = this.#around;
		if (this.#isRefused || isNeeded(tellKey(this.mailbox))) return;
		if (this.hasUntold) need(this.#tellNeed());
		else if (looks && !isNeeded(readKey(this.mailbox))) need(this.#lookNeed());
	}

	/** Something came into the mailbox while it is open. */
	arrived(): void {
		const {isNeeded, need} = this.#around;
		this.#hasNews = true;
		// What we have just put there ourselves is told by its answer.
		if (this.#isRefused || isNeeded(tellKey(this.mailbox)) || isNeeded(readKey(this.mailbox))) return;
		need(this.#readNeed());
	}

	/** A new line: what was refused is tried again. */
	forgive(): void {
		this.#isRefused = false;
	}

	#once(
		key: string,
		urgency: Need['urgency'],
		mailbox: MailboxPath | undefined,
		bytes: number,
		ask: (remote: Remote) => Promise<void>,
	): Need {
		let [isAsked, isDone] = [false, false];
		return {
			key,
			urgency,
			mailbox,
			isDone: () => isDone,
			// Nobody dials for it: it comes with whatever else there is to do.
			isHeld: () => urgency === 'chosen',
			isAllAsked: () => isAsked,
			lost: () => {
				isAsked = false;
			},
			fail: failure => this.#failed(failure),
			cost: () => ({what: ours('Share your own state'), mostBytes: 2 * bytes + 600}),
			next: () => {
				if (isAsked) return undefined;
				isAsked = true;
				return {
					expectedBytes: bytes,
					mostBytes: 2 * bytes + 600,
					ask: async remote => {
						await ask(remote);
						isDone = true;
					},
				};
			},
		};
	}

	#failed(failure: Failure): void {
		this.#isRefused = true;
		this.#around.tell(safeLine(`Not shared in ${this.mailbox}: ${failure.sentence}; what you mark is kept here`));
	}

	#tellNeed(): Need {
		return this.#once(tellKey(this.mailbox), 'operations', undefined, 300, async remote => {
			const {shared} = this.#around.own.state;
			const place = this.#place;
			const {records, upTo} = shared.untold(place);
			if (records.length === 0) return;
			const last = await this.#append(remote, writeRecords(records));
			shared.told(place, upTo);
			// What was decided meanwhile goes the same way.
			if (this.hasUntold) this.#around.need(this.#tellNeed());
			if (last === undefined || !last.isNext) this.#around.need(last ? this.#readNeed(last.uid) : this.#lookNeed());
		});
	}

	/** Appends it in messages of a size any line takes. Where each is what was to come next, nobody else was there. */
	async #append(remote: Remote, text: string): Promise<Told | undefined> {
		let isNext = true;
		let last: Told | undefined;
		for (const piece of piecesOf(text)) {
			const octets = Buffer.from(`Subject: Bonsai state\r\n\r\n${piece}`);
			const appended = await this.#appendOne(remote, octets);
			if (appended === undefined) return undefined;
			const place = this.#place;
			const {shared} = this.#around.own.state;
			const isKnown = place.uidValidity === appended.uidValidity && place.uidNext === appended.uid;
			if (place.uidValidity === appended.uidValidity) shared.isOurs(place, appended.uid);
			if (isKnown) shared.read(place, appended.uidValidity, appended.uid + 1);
			isNext &&= isKnown;
			last = {...appended, isNext};
		}
		return last;
	}

	async #appendOne(remote: Remote, octets: Buffer) {
		const options = {flags: ['\\Seen'], date: undefined};
		try {
			return await remote.append(this.mailbox, octets, options);
		} catch (error) {
			const isMissing = error instanceof Failure && (error.code === 'TRYCREATE' || error.code === 'NONEXISTENT');
			if (!isMissing) throw error;
			await remote.createMailbox(this.mailbox).catch((failure: Failure) => {
				// Another client was faster.
				if (failure.code !== 'ALREADYEXISTS') throw failure;
			});
			return remote.append(this.mailbox, octets, options);
		}
	}

	#lookNeed(): Need {
		return this.#once(readKey(this.mailbox), 'chosen', undefined, 150, async remote => {
			if (this.#around.uidValidity() !== undefined) {
				// Of a mailbox that is open STATUS need not say what is new (RFC 9051 §6.3.11).
				this.#hasNews = false;
				await remote.look();
				if (this.#hasNews) this.#around.need(this.#readNeed());
				return;
			}
			const status = await remote.fetchStatus(this.mailbox, {onlyArrivals: true});
			const unread = status && this.unread(status);
			if (status?.uidNext !== undefined && unread !== 0) this.#around.need(this.#readNeed(status.uidNext - 1));
		});
	}

	/** Reads what is above the cursor, up to this UID, or to the end. */
	#readNeed(last?: number): Need {
		return this.#once(readKey(this.mailbox), 'chosen', this.mailbox, 600, async remote => {
			const {own, uidValidity, tell, has, mostMessages = usuallyMostMessages} = this.#around;
			const {shared} = own.state;
			const now = uidValidity() ?? 0;
			if (this.#place.uidValidity !== now) {
				// Another mailbox under the same name, or the first time: all of it is news, and it is told everything.
				if (this.#place.uidValidity !== 0) shared.lost(this.#place);
				shared.read(this.#place, now, 1);
			}
			const {id, uidNext: first} = this.#place;
			const messages = this.#around.messages() ?? 0;
			if (first === 1 && messages > (has('UIDPLUS') ? mostUnread : mostUnreadKept))
				throw new Failure('refused', safeLine(`it has ${messages} messages, so it is no mailbox of its own for this`));
			let highest = last ?? 0;
			if (last === undefined || last >= first)
				await remote.fetchStarts(`${first}:${last ?? '*'}`, '1' as PartNumber, firstBytes, (uid, octets) => {
					highest = Math.max(highest, uid);
					const {records, isNewer, unreadable} = readRecords(octets.toString('latin1'));
					if (isNewer)
						tell(safeLine(`A later Bonsai writes into ${this.mailbox}: what it says is not understood here`));
					own.learn(records, id);
					if (records.length > 0 && unreadable === 0 && !isNewer && octets.length < firstBytes)
						shared.isOurs(this.#place, uid);
				});
			shared.read(this.#place, now, Math.max(first, highest + 1));
			if (this.hasUntold) this.#around.need(this.#tellNeed());
			else if (has('UIDPLUS') && shared.ourUids(this.#place).length > mostMessages) await this.#compact(remote);
		});
	}

	/** One message takes the place of those that were read; it says all they said that still holds. */
	async #compact(remote: Remote): Promise<void> {
		const {shared} = this.#around.own.state;
		const place = this.#place;
		const uids = shared.ourUids(place);
		const last = await this.#append(remote, writeRecords(shared.records(place, true)));
		// On a server that has made the mailbox anew meanwhile, other messages have these UIDs.
		if (last?.uidValidity !== place.uidValidity) return;
		const set = spellUids(uids);
		await remote.storeFlag(set, '\\Deleted', true);
		await remote.expunge(set);
		shared.areGone(place, uids);
		if (!last.isNext) this.#around.need(this.#readNeed(last.uid));
	}
}

/** Each begins with what it needs to be understood alone. */
function piecesOf(text: string): string[] {
	if (text.length <= mostMessageBytes) return [text];
	const pieces: string[] = [];
	let [client, mailbox, piece] = ['', '', ''];
	for (const line of text.split(/(?<=\r\n)/)) {
		if (line.startsWith('c ')) client = line;
		else if (line.startsWith('m ')) mailbox = line;
		if (piece.length + line.length > mostMessageBytes) {
			pieces.push(piece);
			piece = `bonsai-state 1\r\n${client}${mailbox}`;
			if (line === client || line === mailbox) continue;
		}
		piece += line;
	}
	return [...pieces, piece];
}
