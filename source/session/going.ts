/** Which rows of a mailbox are going and shown no more, found anew when something went, came or was decided. */
import type {MailboxPath} from '../model/ids.ts';
import type {Place} from '../model/operation.ts';
import type {Facts} from '../store/facts.ts';
import type {HeldBlock} from './held-block.ts';
import {Hidden, hiddenAmong, type KnownRow} from './hidden.ts';
import type {Operations} from './operations.ts';
import type {Positions} from './positions.ts';

export type GoingSurroundings = {
	readonly path: MailboxPath;
	readonly facts: Facts;
	readonly operations: Operations;
	readonly positions: Positions;
	readonly block: HeldBlock;
	/** Messages on the server. */
	readonly count: () => number;
	readonly place: (uid: number) => Place;
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
		const {operations, path} = this.#around;
		this.#hidden ??= operations.hasGoing(path) ? new Hidden(this.#sequences()) : new Hidden();
		return this.#hidden;
	}

	#sequences(): number[] {
		const {path, facts, operations, positions, block, count, place} = this.#around;
		const rows: KnownRow[] = [];
		for (const [sequence, id] of positions.all()) {
			const uid = facts.uidOf(id);
			if (uid !== undefined) rows.push({sequence, uid});
		}
		const leaving = operations.leaving(path, place(0).uidValidity);
		const known = new Set(rows.map(({uid}) => uid));
		// What is held on the disk has its place whether anybody has looked at it or not.
		for (const uid of leaving) {
			const sequence = known.has(uid) ? undefined : block.sequenceOf(uid);
			if (sequence !== undefined) rows.push({sequence, uid});
		}
		rows.sort((a, b) => a.sequence - b.sequence);
		return hiddenAmong(rows, uid => operations.isGoing(place(uid)), leaving, count());
	}
}
