/**
 * Records shared in a mailbox of this account: what was decided is appended as a small message, what others appended is
 * read by UID. For all accounts of the user, since what is marked in a public mailbox of one may be kept in a mailbox of
 * another. Here is when; how is `shared-records.ts`.
 *
 * Law: sending a record twice does no harm, so a lost answer is simply asked again.
 */
import type {Failure} from '../model/failure.ts';
import type {MailboxPath} from '../model/ids.ts';
import {writeRecords} from '../model/record-text.ts';
import {ours, safeLine} from '../model/safe-text.ts';
import type {Remote} from '../remote/remote.ts';
import type {Need} from './needs.ts';
import {oneQuestion} from './one-question.ts';
import {type Reach, SharedRecords, type SharedRecordsSurroundings} from './shared-records.ts';

export type SharedMailboxSurroundings = SharedRecordsSurroundings & {
	readonly need: (need: Need) => void;
	readonly isNeeded: (key: string) => boolean;
	/** Whether another mailbox is open, which would have to be opened again. */
	readonly isElsewhere: () => boolean;
};

/** How the server says that the mailbox stands. */
type Standing = {readonly uidValidity: number | undefined; readonly uidNext: number | undefined};

export const tellKey = (mailbox: MailboxPath): string => `tell-state:${mailbox}`;
export const readKey = (mailbox: MailboxPath): string => `read-state:${mailbox}`;

export class SharedMailbox {
	readonly #around: SharedMailboxSurroundings;
	readonly #records: SharedRecords;
	readonly mailbox: MailboxPath;
	/** The server has said that something came. */
	#hasNews = false;
	/** It failed, and is not tried again on this connection. */
	#isRefused = false;

	constructor(around: SharedMailboxSurroundings) {
		this.#around = around;
		this.mailbox = around.mailbox;
		this.#records = new SharedRecords(around);
	}

	get hasUntold(): boolean {
		return this.#around.own.state.shared.hasUntold(this.#records.place);
	}

	/** Octets of what it would be told. */
	get untoldBytes(): number {
		return writeRecords(this.#around.own.state.shared.untold(this.#records.place).records).length;
	}

	/** How many messages were not read, where the mailbox stands so; undefined: nobody knows. */
	unread({uidValidity, uidNext}: Standing): number | undefined {
		const place = this.#records.place;
		if (uidNext === undefined || uidValidity === undefined) return undefined;
		return place.uidValidity === uidValidity ? Math.max(0, uidNext - place.uidNext) : uidNext - 1;
	}

	/**
	 * Says what it was not told, and reads what it has. `looks`: also when there is nothing to say; `standing`: the server has
	 * just said so.
	 */
	exchange({looks, standing}: {readonly looks: boolean; readonly standing?: Standing | undefined}): void {
		const {isNeeded, need, uidValidity, isElsewhere} = this.#around;
		if (this.#isRefused || isNeeded(tellKey(this.mailbox))) return;
		if (this.hasUntold) need(this.#tellNeed());
		else if (looks && !isNeeded(readKey(this.mailbox))) {
			const unread = standing && this.unread(standing);
			if (unread === 0) return;
			if (standing?.uidNext !== undefined && unread !== undefined) need(this.#readNeed({last: standing.uidNext - 1}));
			// Where no other mailbox has to be left, opening it is the look.
			else if (uidValidity() === undefined && !isElsewhere() && this.#records.place.uidNext > 1)
				need(this.#readNeed({}));
			else need(this.#lookNeed());
		}
	}

	/** Something came into the mailbox while it is open. */
	arrived(): void {
		const {isNeeded, need} = this.#around;
		this.#hasNews = true;
		// What we have just put there ourselves is told by its answer.
		if (this.#isRefused || isNeeded(tellKey(this.mailbox)) || isNeeded(readKey(this.mailbox))) return;
		need(this.#readNeed({}));
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
		open?: Need['open'],
	): Need {
		return oneQuestion({
			key,
			urgency,
			mailbox,
			// Nobody dials for it: it comes with whatever else there is to do.
			isHeld: () => urgency === 'chosen',
			...(open ? {open} : {}),
			what: ours('Share your own state'),
			expectedBytes: bytes,
			mostBytes: 2 * bytes + 600,
			fail: failure => this.#failed(failure),
			ask,
		});
	}

	#failed(failure: Failure): void {
		this.#isRefused = true;
		this.#around.tell(safeLine(`Not shared in ${this.mailbox}: ${failure.sentence}; what you mark is kept here`));
	}

	#tellNeed(): Need {
		return this.#once(tellKey(this.mailbox), 'operations', undefined, 300, async remote => {
			const {shared} = this.#around.own.state;
			const place = this.#records.place;
			const {records, upTo} = shared.untold(place);
			if (records.length === 0) return;
			const last = await this.#records.append(remote, writeRecords(records));
			shared.told(place, upTo);
			// What was decided meanwhile goes the same way.
			if (this.hasUntold) this.#around.need(this.#tellNeed());
			if (last === undefined) this.#around.need(this.#lookNeed());
			else if (!last.isNext) this.#around.need(this.#readNeed(this.#records.below(last)));
		});
	}

	#lookNeed(): Need {
		return this.#once(readKey(this.mailbox), 'chosen', undefined, 150, async remote => {
			if (this.#around.uidValidity() !== undefined) {
				// Of a mailbox that is open STATUS need not say what is new (RFC 9051 §6.3.11).
				this.#hasNews = false;
				await remote.look();
				if (this.#hasNews) this.#around.need(this.#readNeed({}));
				return;
			}
			const status = await remote.fetchStatus(this.mailbox, {onlyArrivals: true});
			const unread = status && this.unread(status);
			if (status?.uidNext !== undefined && unread !== 0) this.#around.need(this.#readNeed({last: status.uidNext - 1}));
		});
	}

	#readNeed(reach: Reach): Need {
		let early: Awaited<ReturnType<SharedRecords['open']>>['early'];
		return this.#once(
			readKey(this.mailbox),
			'chosen',
			this.mailbox,
			600,
			async remote => {
				await this.#records.read(remote, reach, early);
				if (this.hasUntold) this.#around.need(this.#tellNeed());
				else if (this.#records.areMany) {
					const last = await this.#records.compact(remote);
					if (last !== undefined && !last.isNext) this.#around.need(this.#readNeed(this.#records.below(last)));
				}
			},
			async (remote, known) => {
				const opened = await this.#records.open(remote, known, reach.last);
				early = opened.early;
				return opened.selected;
			},
		);
	}
}
