/**
 * The steps of the log that change mailboxes themselves: CREATE, RENAME, DELETE (RFC 9051 §6.3).
 *
 * Law: what counts is how things stand. After a lost answer, and after a NO, the list of mailboxes is looked at: what is
 * so already is done, whoever did it. A mailbox is deleted with what was known to be in it when that was decided, and with
 * nothing that came since: the moment before, STATUS says how it stands.
 */
import {Failure} from '../model/failure.ts';
import type {MailboxPath} from '../model/ids.ts';
import type {MailboxChange, Operation} from '../model/operation.ts';
import type {MailboxFact, Remote, StatusFact} from '../remote/remote.ts';
import type {Stood} from '../store/stood-rows.ts';
import {arrivedWords, unsaidWords} from './refusal-words.ts';
import type {ReplayMarks} from './replay-marks.ts';
import type {StepOf} from './replay-step.ts';

type Around = {
	readonly learnMailboxes: (mailboxes: readonly MailboxFact[]) => void;
	readonly delimiter: () => string;
};

type MailboxStep = StepOf<'mailbox' | 'look-mailboxes'>;

export class ReplayMailboxes {
	readonly #marks: ReplayMarks;
	readonly #around: Around;

	constructor(marks: ReplayMarks, around: Around) {
		this.#marks = marks;
		this.#around = around;
	}

	async change(remote: Remote, {batches, change}: MailboxStep): Promise<void> {
		for (const {operation} of batches) {
			if (change.kind === 'delete' && !(await this.#isAgreed(remote, operation, change.mailbox))) continue;
			this.#marks.log.markSent(operation.id, true);
			try {
				await send(remote, change);
			} catch (error) {
				const isNo = error instanceof Failure && (error.kind === 'refused' || error.kind === 'gone');
				if (!isNo) throw error;
				if (!(await this.#isSo(remote, change))) {
					this.#marks.log.markSent(operation.id, false);
					throw error;
				}
			}
			this.#done(operation, change);
		}
	}

	/** Whether nothing is in it that the user has not known of; else it is refused, and to try again is to know of it. */
	async #isAgreed(remote: Remote, {id}: Operation, mailbox: MailboxPath): Promise<boolean> {
		const status = await remote.fetchStatus(mailbox, {withArrivals: true});
		const {log} = this.#marks;
		if (status === undefined || status.messages === undefined) {
			if (await this.#isSo(remote, {kind: 'delete', mailbox})) return true;
			log.refuse(id, unsaidWords(mailbox));
			return false;
		}
		const {uidValidity = 0, uidNext = 0} = status;
		const stood = log.stood.of(id);
		const came = this.#cameSince(mailbox, stood, status);
		if (came === 0) return true;
		log.durably(() => {
			log.stood.agree(id, {uidValidity, uidNext});
			log.refuse(id, arrivedWords(mailbox, came, stood?.uidValidity === uidValidity));
		});
		return false;
	}

	/** No fewer than came and are there. */
	#cameSince(mailbox: MailboxPath, stood: Stood | undefined, status: StatusFact): number {
		const {messages = 0, uidValidity, uidNext} = status;
		if (uidValidity === undefined || uidNext === undefined) return messages;
		const from = stood?.uidValidity === uidValidity ? stood : {uidValidity, uidNext: 1};
		const decided = this.#marks.log.stood.decidedAbout(mailbox, from, uidNext);
		return Math.min(messages, Math.max(0, uidNext - from.uidNext - decided));
	}

	async look(remote: Remote, {batches, change}: MailboxStep): Promise<void> {
		const isSo = await this.#isSo(remote, change);
		for (const {operation} of batches) {
			if (isSo) this.#done(operation, change);
			else this.#marks.log.markSent(operation.id, false);
		}
	}

	async #isSo(remote: Remote, change: MailboxChange): Promise<boolean> {
		const listed = await remote.fetchMailboxes();
		this.#around.learnMailboxes(listed);
		const has = (path: MailboxPath): boolean => listed.some(each => each.path === path && each.isSelectable);
		switch (change.kind) {
			case 'create':
				return has(change.mailbox);
			case 'rename':
				return has(change.to) && !has(change.mailbox);
			case 'delete':
				return !has(change.mailbox);
		}
	}

	#done({id}: Operation, change: MailboxChange): void {
		const {log} = this.#marks;
		log.durably(() => {
			if (change.kind === 'rename') log.rename(change.mailbox, change.to, this.#around.delimiter());
			log.settle(id, []);
		});
	}
}

function send(remote: Remote, change: MailboxChange): Promise<void> {
	switch (change.kind) {
		case 'create':
			return remote.createMailbox(change.mailbox);
		case 'rename':
			return remote.renameMailbox(change.mailbox, change.to);
		case 'delete':
			return remote.deleteMailbox(change.mailbox);
	}
}
