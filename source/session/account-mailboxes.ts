/**
 * The mailboxes of an account, as a list: asked of the server when somebody wants it, remembered among the facts, and right
 * after what was confirmed and what a call has brought, without another question.
 */
import type {MailboxPath} from '../model/ids.ts';
import type {MailboxChange, Operation, OperationId} from '../model/operation.ts';
import {type Renaming, renamedPath} from '../model/renaming.ts';
import type {MailboxFact} from '../remote/remote.ts';
import type {Facts} from '../store/facts.ts';
import type {Stood} from '../store/stood-rows.ts';
import {DecidedCounts, standingIn} from './decided-counts.ts';
import type {GuardDisk} from './guard-disk.ts';
import {ListedMailboxes} from './listed-mailboxes.ts';
import {mailboxesKey, mailboxesNeed} from './mailboxes-need.ts';
import type {OwnMarks} from './own-marks.ts';
import type {Standing} from './renamed-elsewhere.ts';
import type {Session, Tell} from './session.ts';
import type {Worker} from './worker.ts';

type AccountMailboxesSurroundings = {
	readonly facts: Facts;
	readonly worker: Worker;
	readonly tell: Tell;
	/** Ms since the epoch. */
	readonly clock: () => number;
	readonly guarded: GuardDisk;
	/** Changes of mailboxes decided and not confirmed, oldest first. */
	readonly changes: () => readonly MailboxChange[];
	/** All that is in the log. */
	readonly operations: () => readonly Operation[];
	/** How many messages of a mailbox are unread for the user, where the server says how many are for it. */
	readonly unseen: (fact: Parameters<OwnMarks['unseen']>[1] & {readonly path: MailboxPath}) => number | undefined;
	/** Messages of a mailbox that are held without a gap. */
	readonly heldSize: (path: MailboxPath) => number;
	/** There is no mailbox of this name any more. */
	readonly onVacated: (path: MailboxPath) => void;
	/** The whole list: first as it was known before, then as the server tells it. */
	readonly onListed: (mailboxes: readonly (Standing & {readonly isSelectable: boolean})[]) => void;
	/** It has another name, with all that is in it. */
	readonly onRenamed: (renaming: Renaming) => void;
	/** How many messages of an offline mailbox are on the server, as the last call left it; undefined: nobody knows. */
	readonly leftOf: (path: MailboxPath) => number | undefined;
};

export class AccountMailboxes {
	readonly #around: AccountMailboxesSurroundings;
	readonly #listed: ListedMailboxes;
	/** What was renamed since the start, in that order. */
	readonly #renamings: Renaming[] = [];
	/** What was decided has changed how many messages there are, and how many are unread. */
	#areCountsOld = false;

	constructor(around: AccountMailboxesSurroundings) {
		this.#around = around;
		const {facts, operations} = around;
		const decided = new DecidedCounts({operations, standing: place => standingIn(facts, place)});
		this.#listed = new ListedMailboxes(around.changes, around.unseen, decided);
		const {listed, listedAt} = facts;
		if (listed.length === 0) return;
		this.#listed.learn(listed, listedAt);
		around.onListed(listed);
	}

	get list(): ListedMailboxes['list'] {
		return this.#listed.list;
	}

	get special(): ListedMailboxes['special'] {
		return this.#listed.special;
	}

	/** As the server told it last; nothing of one that is only decided. */
	stood(path: MailboxPath): Stood | undefined {
		return this.#listed.stood(path);
	}

	/** What a mailbox is called by now that was called so, where nothing else is. */
	nowCalled(path: MailboxPath): MailboxPath {
		if (this.#listed.has(path)) return path;
		return this.#renamings.reduce((now, renaming) => renamedPath(now, renaming) ?? now, path);
	}

	get delimiter(): string {
		return this.#listed.delimiter;
	}

	ensure({isFresh = false, withCounts = false}: Parameters<Session['ensureMailboxes']>[0] = {}): void {
		const {state} = this.list.get();
		if (state === 'known' && !isFresh && !(withCounts && this.#areCountsOld)) return;
		this.#areCountsOld = false;
		const {worker, tell} = this.#around;
		if (worker.isNeeded(mailboxesKey)) return;
		this.#listed.asking();
		worker.need(
			mailboxesNeed(this.learn, failure => {
				this.#listed.failed();
				tell('problem', failure.sentence);
			}),
		);
	}

	readonly learn = (told: readonly MailboxFact[]): void => {
		const {facts, guarded, clock} = this.#around;
		guarded(() => {
			for (const path of facts.learnList(told, clock())) this.#around.onVacated(path);
		});
		this.#listed.learn(told);
		this.#around.onListed(told);
	};

	/** What was decided about mailboxes has changed. */
	decided(): void {
		this.#listed.show();
	}

	/** What was decided about messages is not what it was, or some of it is done. `isOurs`: it was sent by us. */
	recounted(before: ReadonlyMap<OperationId, Operation>, isOurs: boolean): void {
		const {facts, guarded} = this.#around;
		const settled = this.#listed.settle(before);
		// Who sends writes it down: others may know less.
		if (settled.length > 0 && isOurs) guarded(() => facts.learnCounts(settled));
		this.#listed.recounted(settled.length > 0);
	}

	/** Something was confirmed, or the server has told news of a mailbox: nobody was told the counts since. */
	countsChanged(): void {
		this.#areCountsOld = true;
	}

	/** The server has confirmed it: the facts follow. */
	confirmed(change: MailboxChange): void {
		const {facts, guarded, clock} = this.#around;
		const now = this.#listed.confirmed(change);
		guarded(() => {
			if (now.length > 0) facts.learnListed(now, facts.listedAt ?? clock());
			if (change.kind === 'delete') facts.forgetMailbox(change.mailbox);
			if (change.kind !== 'rename') return;
			const renaming = {from: change.mailbox, to: change.to, delimiter: this.delimiter};
			this.#renamings.push(renaming);
			this.#around.onRenamed(renaming);
		});
	}

	/** After a call the list says what came of it, not what was before. */
	recount(paths: Iterable<MailboxPath>): void {
		const {facts, guarded, clock, heldSize} = this.#around;
		const counts = new Map<MailboxPath, {messages: number; unseen: number | undefined}>();
		for (const each of paths) {
			const path = this.nowCalled(each);
			const held = facts.held(path);
			if (held === undefined) {
				const left = this.#around.leftOf(path);
				if (left !== undefined) counts.set(path, {messages: left, unseen: left === 0 ? 0 : undefined});
				continue;
			}
			const isWhole = heldSize(path) === held.count;
			counts.set(path, {messages: held.count, unseen: isWhole ? facts.unseen(path, held) : undefined});
		}
		const all = this.#listed.recount(counts);
		if (all) guarded(() => facts.learnListed(all, clock()));
	}

	/** The line is gone: from now on the list is as old as it is. */
	age(): void {
		this.#listed.age(this.#around.facts.listedAt);
	}
}
