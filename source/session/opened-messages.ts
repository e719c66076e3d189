/**
 * The messages that are opened: kept ready, decoded and wrapped, as long as there are not too many; and how much of bodies
 * is held, in memory and on the disk.
 *
 * Laws: what can be bought again goes first, what was read longest ago before what was read just now; what is being read
 * stays.
 */
import type {Budget} from '../model/budget.ts';
import {inbox, type MessageId, type PartNumber} from '../model/ids.ts';
import {hasFlag, type Message} from '../model/message.ts';
import {ours} from '../model/safe-text.ts';
import {isPermanent} from '../model/state-place.ts';
import type {Facts} from '../store/facts.ts';
import type {Downloads} from './downloads.ts';
import {type Live, live} from './live.ts';
import type {MailboxView} from './mailbox-view.ts';
import {MessageView} from './message-view.ts';
import type {Tell} from './session.ts';
import type {Worker} from './worker.ts';

const mostMessages = 100;
/** Bodies held in memory beyond this are forgotten. */
const mostMemoryBytes = 64 * 1024 * 1024;

type OpenedSurroundings = {
	readonly facts: Facts;
	readonly worker: Worker;
	readonly downloads: Downloads;
	readonly tell: Tell;
	readonly budget: () => Budget;
	/** Ms since the epoch. */
	readonly clock: () => number;
	/** Octets of bodies the disk may hold. */
	readonly diskBytes: number;
	readonly mailbox: (path: Message['mailbox']) => MailboxView;
	/** A message that was moved, and has not arrived. */
	readonly arrival: (id: MessageId) => Message | undefined;
	/** Reading a message marks it as read, where that can be. */
	readonly marksRead: boolean;
	/** Of how many of a mailbox's newest messages the bodies are wished for: these stay on the disk. */
	readonly wantedBodies: (path: Message['mailbox']) => number;
};

export class OpenedMessages {
	readonly #around: OpenedSurroundings;
	readonly #messages = new Map<string, MessageView>();
	#last: MessageId | undefined;

	constructor(around: OpenedSurroundings) {
		this.#around = around;
	}

	/** The message to read; one that went between the key and the look says so. */
	open(id: MessageId, part: PartNumber): MessageView {
		this.#last = id;
		const {facts, clock} = this.#around;
		const found = this.find(id, part);
		if (found) facts.learnRead(id, clock());
		return found ?? this.#nothing(id, part);
	}

	find(id: MessageId, part: PartNumber): MessageView | undefined {
		const key = `${id}:${part}`;
		const known = this.#messages.get(key);
		const {facts, worker, downloads, tell, budget, mailbox} = this.#around;
		const fact = facts.landed(id) ?? facts.summary(id);
		if (known || fact === undefined) return known;
		const view = mailbox(fact.mailbox);
		const message = this.#shown(view, id);
		if (message === undefined) return undefined;
		// Of one that was moved and has not arrived, what is not here is where it still lies.
		const lying = {...message, mailbox: fact.mailbox, uid: fact.uid};
		const opened = new MessageView(lying, part, {
			facts,
			worker,
			downloads,
			tell,
			budget,
			summary: this.#summaryOf(view, id),
			onHeld: () => this.#shownIn(view, id).changed(id),
			onShown: () => this.#read(this.#shownIn(view, id), id),
		});
		this.#messages.set(key, opened);
		// What was shown can be shown again from the facts.
		for (const old of [...this.#messages.keys()].slice(0, Math.max(0, this.#messages.size - mostMessages)))
			this.#messages.delete(old);
		return opened;
	}

	/** The message's row, live: it changes with the row's mailbox. */
	#summaryOf(view: MailboxView, id: MessageId): Live<Message | undefined> {
		return {
			get: () => this.#shown(view, id),
			subscribe: listener => {
				const ends = [...new Set([view, this.#shownIn(view, id)])].map(each => each.state.subscribe(listener));
				return () => {
					for (const end of ends) end();
				};
			},
		};
	}

	/** The mailbox of its row. */
	#shownIn(view: MailboxView, id: MessageId): MailboxView {
		const message = this.#shown(view, id);
		return message === undefined ? view : this.#around.mailbox(message.mailbox);
	}

	#read(mailbox: MailboxView, id: MessageId): void {
		const message = mailbox.message(id);
		const isUnread = message !== undefined && !hasFlag(message, '\\Seen');
		const {isReadOnly, permanentFlags, statePlace} = mailbox.state.get();
		const isKept = statePlace.with !== 'server' || (!isReadOnly && isPermanent('\\Seen', permanentFlags));
		if (!this.#around.marksRead || !isUnread || !isKept) return;
		mailbox.decide([id], {kind: 'flag', flag: '\\Seen', isSet: true});
	}

	/** Where it is, or where it was moved to and will arrive. */
	#shown(view: MailboxView, id: MessageId): Message | undefined {
		return view.message(id) ?? this.#around.arrival(id);
	}

	#nothing(id: MessageId, part: PartNumber): MessageView {
		const {facts, worker, downloads, tell, budget} = this.#around;
		const opened = new MessageView(noMessage(id), part, {
			facts,
			worker,
			downloads,
			tell,
			budget,
			summary: live<Message | undefined>(undefined),
			onHeld: () => {},
			onShown: () => {},
		});
		if (id < 0) opened.unreadable();
		else opened.removed();
		return opened;
	}

	/** A message that is read while it is removed says so. */
	removed(ids: readonly MessageId[]): void {
		const gone = new Set(ids);
		for (const message of this.#messages.values()) if (gone.has(message.id)) message.removed();
	}

	tellOfRemoved(): void {
		const {facts} = this.#around;
		const isThere = (id: MessageId): boolean => facts.summary(id) !== undefined || facts.landed(id) !== undefined;
		for (const message of this.#messages.values()) if (!isThere(message.id)) message.removed();
	}

	/** One that was told to be removed lies where it was moved to. */
	landed(id: MessageId): void {
		for (const [key, message] of this.#messages) if (message.id === id) this.#messages.delete(key);
	}

	/** Resolves when all that came is readable. */
	async decoded(): Promise<void> {
		await Promise.all([...this.#messages.values()].map(message => message.decoded));
	}

	forgetOldBodies(): void {
		const {facts, diskBytes} = this.#around;
		this.#forget(
			() => facts.memoryBodies,
			mostMemoryBytes,
			() => false,
		);
		// In memory what was wished for has an end, too.
		this.#forget(
			() => facts.diskBodies,
			facts.isLost ? mostMemoryBytes : diskBytes,
			id => !facts.isLost && this.#mustStay(id),
		);
	}

	/** What is wished for, and what something was decided about, stays on the disk. */
	#mustStay(id: MessageId): boolean {
		const {facts, mailbox, wantedBodies} = this.#around;
		const fact = facts.summary(id);
		if (fact === undefined) return false;
		const view = mailbox(fact.mailbox);
		return view.onDisk.isWished(id, wantedBodies(fact.mailbox)) || view.message(id)?.isPending === true;
	}

	#forget(held: () => Facts['memoryBodies'], mostBytes: number, mustStay: (id: MessageId) => boolean): void {
		if (held().bytes <= mostBytes) return;
		for (const id of held().messages()) {
			if (held().bytes <= mostBytes) return;
			if (id === this.#last || mustStay(id)) continue;
			const {facts, mailbox} = this.#around;
			const path = facts.summary(id)?.mailbox;
			facts.forgetChunks(id);
			if (path !== undefined) mailbox(path).changed(id);
			for (const [key, message] of this.#messages) if (message.id === id) this.#messages.delete(key);
		}
	}
}

const noMessage = (id: MessageId): Message => ({
	id,
	mailbox: inbox,
	uid: 0,
	from: ours(''),
	subject: ours(''),
	date: undefined,
	sizeBytes: 0,
	flags: new Set(),
	held: 'summary',
	isPending: false,
	isTagged: false,
});
