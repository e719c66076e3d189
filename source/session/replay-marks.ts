/**
 * What the sending of the log writes into it, for all operations of one step at once: one commit, one fsync.
 */
import type {LogMessageId, Place} from '../model/operation.ts';
import type {SafeText} from '../model/safe-text.ts';
import type {OperationLog} from '../store/log.ts';
import type {MessageName} from '../store/logged-messages.ts';
import type {Operations} from './operations.ts';
import {goneWords} from './refusal-words.ts';
import {type Batch, noMessageId} from './replay-step.ts';
import {messagesOf, targetsOf} from './uid-commands.ts';

export class ReplayMarks {
	readonly #operations: Operations;

	constructor(operations: Operations) {
		this.#operations = operations;
	}

	get log(): OperationLog {
		const {log} = this.#operations;
		if (log === undefined) throw new Error('there is no log');
		return log;
	}

	#each(batches: readonly Batch[], write: (log: OperationLog, batch: Batch) => void): void {
		const {log} = this;
		log.durably(() => {
			for (const batch of batches) write(log, batch);
		});
	}

	mark(batches: readonly Batch[], state: 'waiting' | 'sending'): void {
		this.#each(batches, (log, {operation, targets}) => log.mark(operation.id, messagesOf(targets), state));
	}

	settle(batches: readonly Batch[], places?: ReadonlyMap<LogMessageId, Place>): void {
		this.#each(batches, (log, {operation, targets}) => log.settle(operation.id, messagesOf(targets), places));
	}

	/** The originals are gone, so that the copies are the messages now. */
	settleAtCopies(batches: readonly Batch[]): void {
		this.#each(batches, (log, {operation, targets}) =>
			log.settle(operation.id, messagesOf(targets), log.messages.copiesOf(operation.id)),
		);
	}

	/** Of a copy that was all; of a move the original has still to go. */
	copied(batches: readonly Batch[], places: ReadonlyMap<LogMessageId, Place>): void {
		this.#each(batches, (log, {operation, targets}) => {
			const mine = messagesOf(targets);
			if (operation.change.kind === 'copy') log.settle(operation.id, mine, places, {isCopy: true});
			else
				log.messages.rememberCopies(
					operation.id,
					new Map(
						mine.flatMap(message => {
							const place = places.get(message);
							return place ? [[message, place] as const] : [];
						}),
					),
				);
		});
	}

	refuse(batches: readonly Batch[], because: SafeText): void {
		this.#each(batches, (log, {operation, targets}) =>
			log.refuse(operation.id, because, targets.length > 0 ? {messages: messagesOf(targets)} : {}),
		);
		this.#operations.reload();
	}

	/** Those that are not where they were: another client was there first. */
	gone(batches: readonly Batch[]): void {
		this.mark(batches, 'waiting');
		this.#each(batches, (log, {operation, targets}) => {
			const mailbox = targets[0]?.place.mailbox;
			if (mailbox === undefined) return;
			const because = goneWords(mailbox, targets.length, operation.targets.length);
			log.refuse(operation.id, because, {isGone: true, messages: messagesOf(targets)});
		});
		this.#operations.reload();
	}

	learnNames(found: ReadonlyMap<number, MessageName>, batches: readonly Batch[]): void {
		const none = {messageId: noMessageId, sizeBytes: 0};
		this.log.messages.learnNames(
			new Map(targetsOf(batches).map(({message, place}) => [message, found.get(place.uid) ?? none])),
		);
	}
}
