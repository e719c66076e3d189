/**
 * A mailbox as far as it is held on the disk: shown at once, for no byte, with how old it is, until the server has said how
 * it stands now; and what else of it is wished for.
 */
import type {MessageId} from '../model/ids.ts';
import {ours} from '../model/safe-text.ts';
import type {Wish} from '../model/wish.ts';
import type {KnownMailbox} from '../remote/remote.ts';
import type {Facts} from '../store/facts.ts';
import type {HeldBlock} from './held-block.ts';
import type {LookedAt} from './looked-at.ts';
import type {MailboxRows} from './mailbox-rows.ts';
import type {MailboxStanding} from './mailbox-standing.ts';
import type {MailboxSync} from './mailbox-sync.ts';
import type {ShownRows} from './shown-rows.ts';
import {type WishedInCall, WishedMailbox} from './wished-mailbox.ts';
import type {Worker} from './worker.ts';

type OnDiskSurroundings = {
	readonly facts: Facts;
	readonly worker: Worker;
	readonly standing: MailboxStanding;
	readonly block: HeldBlock;
	readonly sync: MailboxSync;
	readonly rows: MailboxRows;
	readonly shown: ShownRows;
	readonly looked: LookedAt;
};

export class MailboxOnDisk {
	readonly #around: OnDiskSurroundings;
	/** A call brings it: that it is as the server has it may be an answer to somebody else. */
	#onSynced: () => void = () => {};

	constructor(around: OnDiskSurroundings) {
		this.#around = around;
	}

	/** What to tell the server when it is opened. */
	get known(): KnownMailbox | undefined {
		return this.#around.block.known;
	}

	/** Messages that are held without a gap. */
	get heldSize(): number {
		return this.#around.block.size;
	}

	/** Whether it is among the newest, of which so many are wished for. */
	isWished(id: MessageId, wanted: number): boolean {
		return this.#around.block.isAmongNewest(this.#around.facts.uidOf(id), wanted);
	}

	/** What is wished for of it, to be brought by a call. */
	wished(wish: Wish, around: WishedInCall): WishedMailbox {
		this.#onSynced = around.onProgress;
		return this.#wished(wish, around);
	}

	/** What is wished for may have come without a call, by being looked at: then that is kept. */
	checkWish(wish: Wish): void {
		const wished = this.#wished(wish, {onFail() {}, onProgress() {}, isAwaiting: () => false});
		if (this.#around.block.held !== undefined) wished.fulfilled();
	}

	#wished(wish: Wish, {onFail, onProgress, isAwaiting}: WishedInCall): WishedMailbox {
		const {facts, worker, standing, block, sync, rows, shown} = this.#around;
		return new WishedMailbox({
			wish,
			facts,
			block,
			sync,
			rows,
			standing,
			worker,
			onProgress: () => {
				shown.allChanged();
				standing.set({});
				onProgress();
			},
			onFail,
			isAwaiting,
		});
	}

	/** The model has changed: what is held is elsewhere now, and what is looked at stays where it is. */
	moved(): void {
		this.#holdMoved();
		if (!this.#around.standing.isLive) this.age();
	}

	#holdMoved(): void {
		const {facts, worker, standing, block, sync, rows} = this.#around;
		const {held} = block;
		const isPlaced = !standing.isLive || sync.isDone;
		if (held !== undefined && !facts.isKept(standing.path) && isPlaced) {
			rows.trustHeld();
			standing.uidNext = held.count === standing.count ? held.uidNext : undefined;
		}
		if (standing.isLive) facts.outgrowHeld(standing.path);
		block.reload();
		if (block.held === undefined) standing.set({asOf: undefined});
		const {count, path} = standing;
		const {uidValidity, isReadOnly, permanentFlags} = standing.state.get();
		const newest = count === undefined ? undefined : rows.positions.at(count);
		const uid = newest === undefined ? undefined : facts.uidOf(newest);
		const isFirst = facts.isKept(path) && block.held === undefined;
		if (!isFirst) return;
		if (uidValidity === undefined || count === undefined || uid === undefined) {
			// Nothing is known to begin with: opened once more, it says where its newest end is.
			sync.lost();
			if (standing.isLive) worker.reopen();
			return;
		}
		if (standing.isLive) sync.adopt();
		// Without a number of changes the next opening compares, so that what is not certain now does no harm.
		block.begin({uidValidity, uidNext: uid + 1, count, isReadOnly, permanentFlags, highestModseq: undefined});
		rows.growBlock(sequence => rows.positions.at(sequence) !== undefined);
	}

	/** What is held is shown at once, and says how old it is. */
	recall(): void {
		const {standing, block, rows, shown} = this.#around;
		block.reload();
		const {held} = block;
		if (held === undefined || standing.isLive) return;
		rows.positions.forgetAll();
		shown.allChanged();
		standing.count = held.count;
		standing.uidNext = held.uidNext;
		const {isReadOnly, permanentFlags, uidValidity, syncedAt} = held;
		standing.set({state: 'open', because: ours(''), isReadOnly, permanentFlags, uidValidity, asOf: syncedAt});
	}

	/** The server has said, of a mailbox that is not open, that nothing in it has changed. */
	unchanged(): void {
		const {standing, block} = this.#around;
		block.checked();
		if (block.held !== undefined && standing.state.get().asOf !== undefined) standing.set({asOf: block.held.syncedAt});
	}

	/** The line is gone: what is held is from now on as old as it is. */
	age(): void {
		const {standing, block} = this.#around;
		const {held} = block;
		if (held === undefined) return;
		if (standing.state.get().asOf === undefined) standing.set({asOf: held.syncedAt});
		// It was opened, and not brought up to date: of what came nothing is known but how many.
		else if (standing.count !== held.count || standing.uidNext !== held.uidNext) this.recall();
	}

	/** What is held is as the server has it: where it stands is certain. */
	synced(): void {
		const {standing, rows, looked} = this.#around;
		rows.positions.forgetAll();
		standing.set({asOf: undefined});
		looked.renew();
		rows.ensure('looking-at');
		this.#onSynced();
	}
}
