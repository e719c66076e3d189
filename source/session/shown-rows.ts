/**
 * Which message stands where on the screen, and what its row shows: the server's messages without those that are going,
 * then those that were moved here and have not arrived. Free, whatever is asked.
 */
import type {MessageId} from '../model/ids.ts';
import type {Message} from '../model/message.ts';
import type {Destination, Place} from '../model/operation.ts';
import type {Facts} from '../store/facts.ts';
import {Arriving, type ArrivingMessage} from './arriving.ts';
import {Going} from './going.ts';
import type {HeldBlock} from './held-block.ts';
import type {Window} from './mailbox-rows.ts';
import type {MailboxStanding} from './mailbox-standing.ts';
import type {Operations} from './operations.ts';
import type {Positions} from './positions.ts';
import {shownMessage} from './shown-message.ts';
import type {Tags} from './tags.ts';

type ShownSurroundings = {
	readonly facts: Facts;
	readonly operations: Operations;
	readonly standing: MailboxStanding;
	readonly block: HeldBlock;
	readonly positions: Positions;
	readonly tags: Tags;
	/** The mailbox something is moved to, where its name is known. */
	readonly resolve: (to: Destination) => Place['mailbox'] | '' | undefined;
};

export class ShownRows {
	readonly #around: ShownSurroundings;
	readonly #arriving: Arriving;
	readonly #going: Going;
	readonly #messages = new Map<MessageId, Message>();

	constructor(around: ShownSurroundings) {
		const {facts, operations, standing, resolve} = around;
		this.#around = around;
		this.#arriving = new Arriving({
			path: standing.path,
			facts,
			operations,
			resolve,
			// What the server has told of the mailbox since counts it.
			isBeyond: place => !standing.isLive && around.block.isBeyond(place) && place.uid >= (standing.uidNext ?? 0),
		});
		this.#going = new Going(around);
	}

	/** The facts with the log applied on top; undefined when it is gone, or going. */
	message(id: MessageId): Message | undefined {
		const known = this.#messages.get(id) ?? this.arrival(id);
		if (known) return known;
		const {facts, operations, standing, tags} = this.#around;
		const fact = facts.summary(id);
		// What went from here may have turned up elsewhere, as the same message.
		if (fact === undefined || fact.mailbox !== standing.path) return undefined;
		const isTagged = tags.has(fact.uid);
		const message = shownMessage(fact, standing.place(fact.uid), {decided: operations, facts, isTagged});
		if (message !== undefined) this.#messages.set(id, message);
		return message;
	}

	/** A message that was moved here and has not arrived. */
	arrival(id: MessageId): Message | undefined {
		return this.#arriving.message(id);
	}

	/** What a decision about this row is about; undefined: it cannot be decided about. */
	target({id, uid}: Message): Place | ArrivingMessage['message'] | undefined {
		return this.#arriving.find(id)?.message ?? (uid > 0 ? this.#around.standing.place(uid) : undefined);
	}

	/** Something about a message changed that its row shows. */
	changed(id: MessageId): void {
		this.#messages.delete(id);
		this.#arriving.changed(id);
	}

	allChanged(): void {
		this.#messages.clear();
		this.#arriving.forget();
	}

	/** Who is going and who is to arrive may be others now. */
	lookAgain(): void {
		this.#going.forget();
		this.#arriving.forget();
	}

	/** Something was decided elsewhere: whether others are to arrive here now. */
	haveArrivalsChanged(): boolean {
		return this.#arriving.hasChanged();
	}

	/** Rows on the screen; undefined: nobody knows. */
	get count(): number | undefined {
		return this.#around.standing.count === undefined ? undefined : this.#there + this.#arrivals.length;
	}

	get tagged(): number {
		return this.#around.tags.count;
	}

	/** Messages that are in the mailbox and not going, without those that are to arrive. */
	get #there(): number {
		return (this.#around.standing.count ?? 0) - this.#going.hidden.count;
	}

	/** Of a mailbox nobody has looked into, nothing is claimed. */
	get #arrivals(): readonly ArrivingMessage[] {
		return this.#around.standing.count === undefined ? [] : this.#arriving.all;
	}

	/** The message at a position, when it is known which. */
	idAt(position: number): MessageId | undefined {
		const arrival = this.#arrivals[position - this.#there - 1];
		return arrival?.id ?? this.#around.positions.at(this.sequenceAt(position));
	}

	positionOf(id: MessageId): number | undefined {
		const arrival = this.#arrivals.findIndex(each => each.id === id);
		if (arrival >= 0) return this.#there + arrival + 1;
		const sequence = this.#around.positions.of(id);
		return sequence === undefined ? undefined : this.#going.hidden.positionOf(sequence);
	}

	sequenceAt(position: number): number {
		return this.#going.hidden.sequenceAt(position);
	}

	/** Positions on the screen as sequence numbers. */
	windowOf(first: number, last: number): Window {
		const {count} = this.#around.standing;
		const end = this.sequenceAt(last);
		return {first: this.sequenceAt(Math.max(1, first)), last: count === undefined ? end : Math.min(end, count)};
	}

	/** So many of the newest, as sequence numbers; undefined: nobody knows how many there are. */
	newest(rows: number): Window | undefined {
		const {count} = this.#around.standing;
		return count === undefined ? undefined : {first: this.sequenceAt(Math.max(1, this.#there - rows + 1)), last: count};
	}

	/** The messages at these sequence numbers that are known and not going. */
	idsIn({first, last}: Window): MessageId[] {
		const {positions} = this.#around;
		const ids = Array.from({length: Math.max(0, last - first + 1)}, (_, index) => positions.at(first + index));
		return ids.filter(id => id !== undefined).filter(id => !this.isGoing(id));
	}

	isGoing(id: MessageId): boolean {
		const {facts, operations, standing} = this.#around;
		const uid = facts.uidOf(id);
		return uid !== undefined && operations.isGoing(standing.place(uid));
	}
}
