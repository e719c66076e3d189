/**
 * The newest messages of several mailboxes as one list: a merge from their newest ends, by date. Pure.
 *
 * Laws: of each mailbox the order is the mailbox's own, so that what came last stands last, whatever date it claims; what
 * is not known yet is left out and never waited for, so one account without a line keeps nobody from reading; of each
 * mailbox only as many rows are wanted as the list has room for.
 */
import {inbox} from '../source/model/ids.ts';
import type {Message} from '../source/model/message.ts';
import type {OpenMailbox, Session} from '../source/session/session.ts';
import {mailOf} from './offline-place.ts';

export type Inbox = {
	readonly session: Session;
	readonly mailbox: OpenMailbox;
	/** Whose inbox it is: of an offline one its mail is another account's, the local one. */
	readonly home: Session;
};

export type Entry = Inbox & {readonly message: Message};

export type Merged = {
	/** Oldest first, as in a mailbox. */
	readonly entries: readonly Entry[];
	/** For each inbox, how many of its newest are in the list. */
	readonly taken: readonly number[];
	/** For each inbox, whether the list lacks rows of it that would stand before the end. */
	readonly isLacking: readonly boolean[];
};

export const inboxesOf = (sessions: readonly Session[]): Inbox[] =>
	sessions.map(home => {
		const {session, path} = mailOf({session: home, path: inbox}, sessions);
		return {session, mailbox: session.mailbox(path), home};
	});

export const keyOf = ({session, message}: {session: Session; message: Pick<Message, 'id'>}): string =>
	`${session.account} ${message.id}`;

/** Further back a message with a strange date is not looked for company. */
const company = 3;

/** More unknown rows than these at the newest end are not passed over. */
const farthest = 100;

/** `size`: how many of the newest. `now`: nothing was sent later than that. */
export function mergeInboxes(inboxes: readonly Inbox[], size: number, now: number): Merged {
	const heads = inboxes.map(inbox => new Head(inbox, now));
	const newestFirst: Entry[] = [];
	while (newestFirst.length < size) {
		let newest: Head | undefined;
		for (const head of heads) if (head.message && (!newest || head.date > newest.date)) newest = head;
		if (!newest?.message) break;
		newestFirst.push({...newest.inbox, message: newest.message});
		newest.take(newestFirst.length);
	}
	const isFull = newestFirst.length >= size;
	return {
		entries: newestFirst.reverse(),
		taken: heads.map(({taken}) => taken),
		// What is behind the last that was taken may be newer than what others gave after it.
		isLacking: heads.map(head => head.hasUnknown && !(isFull && head.lastTakenAt === newestFirst.length)),
	};
}

/** The newest message of a mailbox that is not in the list yet. */
class Head {
	readonly inbox: Inbox;
	readonly #now: number;
	readonly #count: number;
	#position: number;
	message: Message | undefined;
	date = 0;
	/** How long the list was when it gave its last. */
	lastTakenAt = 0;

	constructor(inbox: Inbox, now: number) {
		this.inbox = inbox;
		this.#now = now;
		this.#count = inbox.mailbox.state.get().count ?? 0;
		this.#position = this.#count;
		this.date = now;
		// New mail is counted before its row is here; what was known stays in the list meanwhile.
		const least = Math.max(0, this.#count - farthest);
		while (this.#position > least && inbox.mailbox.row(this.#position) === undefined) this.#position -= 1;
		if (this.#position === least) this.#position = this.#count;
		this.#look();
	}

	get taken(): number {
		return this.#count - this.#position;
	}

	get hasUnknown(): boolean {
		return this.#position > 0 && this.message === undefined;
	}

	take(length: number): void {
		this.lastTakenAt = length;
		this.#position -= 1;
		this.#look();
	}

	#look(): void {
		this.message = this.#position > 0 ? this.inbox.mailbox.row(this.#position) : undefined;
		this.date = this.#arrival() ?? this.date;
	}

	/**
	 * About when it came. A date of long ago (or none) on a message that came after others is not believed, or it would
	 * bury all that stand behind it.
	 */
	#arrival(): number | undefined {
		let latest: number | undefined;
		for (let back = 0; back <= company && back < this.#position; back++) {
			const date = this.inbox.mailbox.row(this.#position - back)?.date;
			if (date !== undefined) latest = Math.max(latest ?? Number.NEGATIVE_INFINITY, Math.min(date, this.#now));
		}
		return latest;
	}
}
