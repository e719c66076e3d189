/**
 * What the server says of a mailbox while it is open on the connection, or in opening it: how many messages there are, who
 * went, whose flags changed.
 *
 * Law: a sequence number is believed only where it is certain which message it means; else what is held is compared anew.
 */
import type {MessageId} from '../model/ids.ts';
import type {Flag} from '../model/message.ts';
import {ours, type SafeText} from '../model/safe-text.ts';
import type {Modseq, Selected, UidSet} from '../remote/remote.ts';
import type {Facts} from '../store/facts.ts';
import type {HeldBlock} from './held-block.ts';
import type {LookedAt} from './looked-at.ts';
import type {MailboxRows} from './mailbox-rows.ts';
import type {MailboxStanding} from './mailbox-standing.ts';
import type {MailboxSync} from './mailbox-sync.ts';
import type {Tell} from './session.ts';
import type {ShownRows} from './shown-rows.ts';
import type {Tags} from './tags.ts';
import {numbersWithin, rangesOf} from './uid-ranges.ts';

type NewsSurroundings = {
	readonly facts: Facts;
	readonly standing: MailboxStanding;
	readonly block: HeldBlock;
	readonly sync: MailboxSync;
	readonly rows: MailboxRows;
	readonly shown: ShownRows;
	readonly looked: LookedAt;
	readonly tags: Tags;
	readonly tell: Tell;
	/** What arrives is none of the user's mail. */
	readonly isQuiet: () => boolean;
};

export class MailboxNews {
	readonly #around: NewsSurroundings;

	constructor(around: NewsSurroundings) {
		this.#around = around;
	}

	/** The mailbox was opened on the connection, for the first time or again. */
	opened(selected: Selected): void {
		if (this.#isKept) this.#openedKept(selected);
		else this.#openedInMemory(selected);
	}

	#openedKept(selected: Selected): void {
		const {standing, rows, sync} = this.#around;
		const {count, isReadOnly, permanentFlags, uidValidity, uidNext} = selected;
		rows.askAgain();
		rows.positions.age();
		standing.uidNext = uidNext;
		standing.count = count;
		standing.set({state: 'open', because: ours(''), isReadOnly, permanentFlags, uidValidity});
		sync.begin(selected);
		rows.ensure('looking-at');
	}

	#openedInMemory({uidValidity, uidNext, count, isReadOnly, permanentFlags}: Selected): void {
		const {facts, standing, rows, looked, shown} = this.#around;
		const before = standing.count;
		const isSame = facts.learnMailbox(standing.path, uidValidity);
		facts.outgrowHeld(standing.path);
		rows.askAgain();
		if (!isSame) {
			this.startedOver(
				ours(
					'The server has renumbered this mailbox (UIDVALIDITY); what was known of it was forgotten and is fetched anew',
				),
			);
		} else if (before === count && standing.uidNext !== undefined && standing.uidNext === uidNext) {
			// As many as before and none was added: none was removed either. Only flags may have changed, and are asked for
			// when their rows are on the screen.
			if (this.#areFlagsOurs(isReadOnly)) rows.positions.refresh();
			else rows.positions.age();
		} else {
			// What was going may have gone with the line; what is still there is learned again.
			rows.positions.forget(id => shown.isGoing(id));
			rows.positions.doubt();
		}
		standing.uidNext = uidNext;
		standing.count = count;
		standing.set({state: 'open', because: ours(''), isReadOnly, permanentFlags, uidValidity, asOf: undefined});
		looked.opened();
		rows.ensure('looking-at');
	}

	/** What others mark in a mailbox that is not ours to mark is not worth a question on each coming back. */
	#areFlagsOurs(isReadOnly: boolean): boolean {
		return isReadOnly && this.#around.standing.state.get().statePlace.with !== 'server';
	}

	/** It is another mailbox under the same name. */
	startedOver(because: SafeText | undefined): void {
		const {rows, shown, tags, looked, tell} = this.#around;
		rows.positions.forgetAll();
		shown.allChanged();
		tags.clear();
		looked.forget();
		if (because !== undefined) tell('problem', because);
	}

	/** There is no mailbox of this name any more: it has another, or is gone. */
	vacated(): void {
		const {standing, block} = this.#around;
		this.startedOver(undefined);
		block.reload();
		standing.uidNext = undefined;
		standing.count = undefined;
		standing.set({state: 'closed', because: ours(''), uidValidity: undefined, asOf: undefined});
	}

	counted(count: number): void {
		const {standing, looked, tell} = this.#around;
		const before = standing.count ?? 0;
		if (count === before) return;
		standing.uidNext = undefined;
		standing.count = count;
		standing.set({});
		const fresh = count - before;
		if (fresh > 0 && !this.#around.isQuiet())
			tell('done', ours(fresh === 1 ? '1 new message' : `${fresh} new messages`));
		looked.grown();
	}

	/** Returns the message that was there, when it was known. */
	expunged(sequence: number): MessageId | undefined {
		const {facts, standing, block, rows, shown, looked, tags} = this.#around;
		if (!this.#isPlaced) {
			this.#missed(1);
			return undefined;
		}
		rows.recall({first: sequence, last: sequence});
		const gone = rows.positions.expunge(sequence);
		const uid = gone === undefined ? undefined : facts.uidOf(gone);
		if (uid !== undefined) tags.delete(uid);
		facts.transaction(standing.path, () => {
			block.expunged(sequence, uid);
			if (gone !== undefined) facts.loseMessage(gone);
		});
		if (gone !== undefined) shown.changed(gone);
		rows.askAgain();
		this.#fewer(1);
		if (standing.count !== undefined) looked.shrunk(standing.count);
		return gone;
	}

	/** The same, of a server that names them by UID (VANISHED, RFC 7162 §3.2.10.2); from the newest, so that no number shifts. */
	vanished(uids: UidSet): readonly MessageId[] {
		const gone: MessageId[] = [];
		const all = rangesOf(uids).flatMap(({first, last}) => numbersWithin(first, last));
		if (!this.#isPlaced) return this.#vanishedUnplaced(all);
		for (const uid of all.sort((a, b) => b - a)) {
			const sequence = this.#around.rows.sequenceOf(uid);
			const id = sequence === undefined ? undefined : this.expunged(sequence);
			if (id !== undefined) gone.push(id);
		}
		return gone;
	}

	#vanishedUnplaced(uids: readonly number[]): readonly MessageId[] {
		const {facts, standing, block, shown} = this.#around;
		const gone = uids.map(uid => facts.idOf(standing.path, uid)).filter(id => id !== undefined);
		facts.transaction(standing.path, () => {
			for (const id of gone) facts.loseMessage(id);
			if (gone.length > 0) block.fewer();
		});
		block.reload();
		for (const id of gone) shown.changed(id);
		this.#missed(uids.length);
		return gone;
	}

	flagged({sequence, uid, flags}: {sequence: number; uid: number | undefined; flags: readonly Flag[]}): void {
		const {facts, standing, rows, sync, shown} = this.#around;
		// What is held on the disk may not have been looked at.
		if (uid === undefined) rows.recall({first: sequence, last: sequence});
		const isFresh = rows.positions.isFresh(sequence);
		if (uid === undefined && !isFresh && !this.#isPlaced) sync.missed();
		const at = isFresh ? rows.positions.at(sequence) : undefined;
		const id = uid === undefined ? at : facts.idOf(standing.path, uid);
		if (id === undefined) return;
		facts.learnFlags(id, flags);
		shown.changed(id);
		standing.set({});
	}

	/** All up to this was told, and taken in. */
	learnModseq(highestModseq: Modseq): void {
		const {sync, block} = this.#around;
		if (sync.isDone) block.learn({highestModseq});
	}

	/** Whether it was said since the mailbox was opened on this connection that the message is there, and not that it went. */
	isTold(uid: number): boolean {
		const {facts, standing, sync, rows} = this.#around;
		const id = facts.idOf(standing.path, uid);
		if (id === undefined) return false;
		return this.#isKept ? sync.isDone : rows.positions.isFresh(rows.positions.of(id) ?? 0);
	}

	get #isKept(): boolean {
		return this.#around.facts.isKept(this.#around.standing.path);
	}

	/** Whether it is certain which message a sequence number means. */
	get #isPlaced(): boolean {
		return !this.#isKept || this.#around.sync.isDone;
	}

	#missed(gone: number): void {
		this.#around.sync.missed();
		this.#fewer(gone);
	}

	#fewer(gone: number): void {
		const {standing} = this.#around;
		if (standing.count !== undefined) standing.count = Math.max(0, standing.count - gone);
		standing.setSoon();
	}
}
