/** The messages that were moved to a mailbox and have not arrived, or were not heard of from there, as its last rows. */
import type {MailboxPath, MessageId} from '../model/ids.ts';
import type {Message} from '../model/message.ts';
import type {Destination, Place} from '../model/operation.ts';
import type {Facts} from '../store/facts.ts';
import {type Arrival, arrivalsIn} from './arrivals.ts';
import type {Operations} from './operations.ts';
import {arrivingMessage} from './shown-message.ts';

type ArrivingSurroundings = {
	readonly path: MailboxPath;
	readonly facts: Facts;
	readonly operations: Operations;
	/** The mailbox something is moved to, where its name is known. */
	readonly resolve: (to: Destination) => MailboxPath | '' | undefined;
	/** Whether a message that lies here is none of those that are held. */
	readonly isBeyond: (place: Place) => boolean;
};

export type ArrivingMessage = Arrival & {readonly id: MessageId};

export class Arriving {
	readonly #around: ArrivingSurroundings;
	#all: readonly ArrivingMessage[] | undefined;
	/** As long as nothing about it changes it is the same row. */
	readonly #messages = new Map<MessageId, Message>();

	constructor(around: ArrivingSurroundings) {
		this.#around = around;
	}

	/** To be looked up again. */
	forget(): void {
		this.#all = undefined;
		this.#messages.clear();
	}

	/** Something about a message changed that its row shows. */
	changed(id: MessageId): void {
		this.#messages.delete(id);
	}

	/** Something was decided elsewhere: whether they are others by now. */
	hasChanged(): boolean {
		const before = this.#all?.map(wordsOf).join() ?? '';
		this.forget();
		return this.all.map(wordsOf).join() !== before;
	}

	/** Of those something is known of, in the order they were decided. */
	get all(): readonly ArrivingMessage[] {
		const {path, facts, operations, resolve, isBeyond} = this.#around;
		this.#all ??= arrivalsIn(path, operations.all.get(), resolve, isBeyond).flatMap(arrival => {
			const {place} = arrival;
			const id = facts.idAt(place) ?? facts.landedAt(place);
			return id === undefined ? [] : [{...arrival, id}];
		});
		return this.#all;
	}

	find(id: MessageId): ArrivingMessage | undefined {
		return this.all.find(each => each.id === id);
	}

	message(id: MessageId): Message | undefined {
		const {path, facts, operations} = this.#around;
		const known = this.#messages.get(id);
		if (known) return known;
		const arrival = this.find(id);
		const fact = arrival && (facts.landed(id) ?? facts.summary(id));
		if (arrival === undefined || fact === undefined) return undefined;
		const message = arrivingMessage(fact, arrival.place, path, {decided: operations, facts});
		this.#messages.set(id, message);
		return message;
	}
}

const wordsOf = ({id, place}: ArrivingMessage): string => `${id} ${place.mailbox} ${place.uid}`;
