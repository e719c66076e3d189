/** The mailboxes anybody has asked for, each made once and kept: where one stands in it is still so on coming back. */
import type {MailboxPath, MessageId} from '../model/ids.ts';
import type {Message} from '../model/message.ts';
import {type Renaming, renamedPath} from '../model/renaming.ts';
import {type MailboxSurroundings, MailboxView} from './mailbox-view.ts';

export class MailboxViews {
	readonly #around: MailboxSurroundings;
	readonly #views = new Map<MailboxPath, MailboxView>();

	constructor(around: MailboxSurroundings) {
		this.#around = around;
	}

	readonly at = (path: MailboxPath): MailboxView => {
		const known = this.#views.get(path) ?? new MailboxView(path, this.#around);
		this.#views.set(path, known);
		return known;
	};

	/** The one anybody has asked for. */
	known(path: MailboxPath): MailboxView | undefined {
		return this.#views.get(path);
	}

	/** What was decided without the log is other than before, in these mailboxes. */
	changed(isIt: (path: MailboxPath) => boolean): void {
		for (const each of this.#views.values()) if (isIt(each.path)) each.decided();
	}

	/** The one that is open on the connection, when anybody has asked for it. */
	get selected(): MailboxView | undefined {
		const {selected} = this.#around.worker;
		return selected === undefined ? undefined : this.#views.get(selected);
	}

	/** A message that was moved, and has not arrived. */
	readonly arrival = (id: MessageId): Message | undefined => {
		for (const each of this.#views.values()) {
			const message = each.arrival(id);
			if (message) return message;
		}
		return undefined;
	};

	/** Something was decided of messages of this mailbox; others may be where they arrive. */
	decided(mailbox: MailboxPath): void {
		this.#views.get(mailbox)?.decided();
		for (const each of this.#views.values()) if (each.path !== mailbox) each.decidedElsewhere();
	}

	/** What is decided about mailboxes themselves is other than before. */
	mailboxesDecided(): void {
		for (const each of this.#views.values()) each.mailboxesDecided();
	}

	/** What is held of this mailbox is elsewhere now. */
	moved(mailbox: MailboxPath): void {
		this.#views.get(mailbox)?.onDisk.moved();
	}

	/** There is no mailbox of this name any more. */
	vacated(mailbox: MailboxPath): void {
		const {worker} = this.#around;
		// It is open under a name that stands for nothing: who still wants something of it is to hear that.
		if (worker.selected === mailbox) worker.reopen();
		this.#views.get(mailbox)?.news.vacated();
	}

	/** What is held of some goes by these names now; the old ones stand for nothing. */
	renamed(renaming: Renaming, now: readonly MailboxPath[]): void {
		this.#around.worker.renamed(renaming);
		for (const path of now) this.#views.get(path)?.onDisk.recall();
		for (const path of this.#views.keys()) if (renamedPath(path, renaming) !== undefined) this.vacated(path);
	}

	/** The line is gone. */
	age(): void {
		for (const each of this.#views.values()) each.onDisk.age();
	}
}
