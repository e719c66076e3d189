/** Which rows of a mailbox are going and shown no more, found anew when something went, came or was decided. */
import type {Facts} from '../store/facts.ts';
import type {HeldBlock} from './held-block.ts';
import {Hidden, hiddenAmong, type KnownRow} from './hidden.ts';
import type {MailboxStanding} from './mailbox-standing.ts';
import type {Operations} from './operations.ts';
import type {Positions} from './positions.ts';

type GoingSurroundings = {
	readonly facts: Facts;
	readonly operations: Operations;
	readonly positions: Positions;
	readonly block: HeldBlock;
	readonly standing: MailboxStanding;
};

export class Going {
	readonly #around: GoingSurroundings;
	#hidden: Hidden | undefined = new Hidden();

	constructor(around: GoingSurroundings) {
		this.#around = around;
	}

	/** To be looked up again. */
	forget(): void {
		this.#hidden = undefined;
	}

	get hidden(): Hidden {
		const {operations, standing} = this.#around;
		this.#hidden ??= operations.hasGoing(standing.path) ? new Hidden(this.#sequences()) : new Hidden();
		return this.#hidden;
	}

	#sequences(): number[] {
		const {facts, operations, positions, block, standing} = this.#around;
		const rows: KnownRow[] = [];
		for (const [sequence, id] of positions.all()) {
			const uid = facts.uidOf(id);
			if (uid !== undefined) rows.push({sequence, uid});
		}
		const leaving = operations.leaving(standing.path, standing.place(0).uidValidity);
		const known = new Set(rows.map(({uid}) => uid));
		// What is held on the disk has its place whether anybody has looked at it or not, and what is not among it is gone.
		const there = leaving.filter(uid => known.has(uid) || !block.isGone(uid));
		let isAllPlaced = true;
		for (const uid of there) {
			if (known.has(uid)) continue;
			const sequence = block.sequenceOf(uid);
			if (sequence === undefined) isAllPlaced = false;
			else rows.push({sequence, uid});
		}
		rows.sort((a, b) => a.sequence - b.sequence);
		const held = isAllPlaced ? undefined : block.sequences;
		return hiddenAmong(rows, uid => operations.isGoing(standing.place(uid)), there, standing.count ?? 0, held);
	}
}
