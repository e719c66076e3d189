/**
 * Where the messages of an open mailbox stand: sequence numbers, known in windows (cost O(known), never O(mailbox)).
 *
 * A position is *fresh* when this connection told it; one from before a lost line is still good to look at, and is
 * asked again when it is on the screen.
 */
import type {MessageId} from '../model/ids.ts';

export class Positions {
	#ids = new Map<number, MessageId>();
	#positions = new Map<MessageId, number>();
	#fresh = new Set<number>();
	/** Told of the mailbox as it was when it was last open: fresh again when it is still so. */
	#sure = new Set<number>();

	at(position: number): MessageId | undefined {
		return this.#ids.get(position);
	}

	of(id: MessageId): number | undefined {
		return this.#positions.get(id);
	}

	/** All that are known, in no order. */
	all(): Iterable<readonly [position: number, id: MessageId]> {
		return this.#ids;
	}

	isFresh(position: number): boolean {
		return this.#fresh.has(position);
	}

	/** Which message stands there is certain, of its flags only what was told on an earlier line. */
	isSureOnly(position: number): boolean {
		return this.#sure.has(position) && !this.#fresh.has(position);
	}

	/** The server says the message stands there now. */
	learn(position: number, id: MessageId): void {
		const before = this.#positions.get(id);
		if (before !== undefined && before !== position) {
			this.#ids.delete(before);
			this.#fresh.delete(before);
			this.#sure.delete(before);
		}
		const displaced = this.#ids.get(position);
		if (displaced !== undefined && displaced !== id) this.#positions.delete(displaced);
		this.#ids.set(position, id);
		this.#positions.set(id, position);
		this.#fresh.add(position);
		this.#sure.add(position);
	}

	/** It stood there when it was last looked up. Returns false when something newer is known. */
	recall(position: number, id: MessageId, isCertain: boolean): boolean {
		if (this.#ids.has(position) || this.#positions.has(id)) return false;
		this.#ids.set(position, id);
		this.#positions.set(id, position);
		if (isCertain) this.#fresh.add(position);
		if (isCertain) this.#sure.add(position);
		return true;
	}

	/** It stood there when the mailbox was last told whole: it does so again if nothing has come or gone since. */
	trust(position: number, id: MessageId): void {
		this.recall(position, id, false);
		if (this.#ids.get(position) === id) this.#sure.add(position);
	}

	/** The message there is gone and all after it move up by one (EXPUNGE, RFC 9051 §7.5.1). */
	expunge(position: number): MessageId | undefined {
		const gone = this.#ids.get(position);
		const left = [...this.#ids].filter(([at]) => at !== position);
		const now = (at: number): number => (at > position ? at - 1 : at);
		const moved = (some: ReadonlySet<number>): Set<number> =>
			new Set(left.filter(([at]) => some.has(at)).map(([at]) => now(at)));
		this.#replace(new Map(left.map(([at, id]) => [now(at), id])), moved(this.#fresh), moved(this.#sure));
		return gone;
	}

	/** The line was lost: nothing is fresh any more. */
	age(): void {
		this.#fresh.clear();
	}

	/** The mailbox is as it was when it was left: what was told then is still so. */
	refresh(): void {
		this.#fresh = new Set(this.#sure);
	}

	/** It is not as it was when it was left: anything may stand elsewhere by now. */
	doubt(): void {
		this.#fresh.clear();
		this.#sure.clear();
	}

	/** Of these nothing was told: what stands there is not sure. */
	doubtThese(positions: readonly number[]): void {
		for (const at of positions) if (!this.#fresh.has(at)) this.#sure.delete(at);
	}

	/** Forgets where these stand: they may be gone. */
	forget(isForgotten: (id: MessageId) => boolean): void {
		this.#replace(new Map([...this.#ids].filter(([, id]) => !isForgotten(id))), this.#fresh);
	}

	/** Forgets what is not fresh: it may stand elsewhere by now. */
	forgetAged(): void {
		const ids = new Map([...this.#ids].filter(([at]) => this.#fresh.has(at)));
		this.#replace(ids, this.#fresh);
	}

	forgetAll(): void {
		this.#replace(new Map(), new Set());
	}

	get size(): number {
		return this.#ids.size;
	}

	/** Forgets all but the positions in these windows; returns what was forgotten. */
	keep(windows: readonly {readonly first: number; readonly last: number}[]): MessageId[] {
		const isKept = (at: number): boolean => windows.some(({first, last}) => at >= first && at <= last);
		const entries = [...this.#ids];
		const ids = new Map(entries.filter(([at]) => isKept(at)));
		this.#replace(ids, new Set([...this.#fresh].filter(isKept)));
		return entries.filter(([at]) => !isKept(at)).map(([, id]) => id);
	}

	#replace(ids: Map<number, MessageId>, fresh: Set<number>, sure = this.#sure): void {
		this.#ids = ids;
		this.#fresh = fresh;
		this.#sure = new Set([...sure].filter(at => ids.has(at)));
		this.#positions = new Map([...ids].map(([at, id]) => [id, at]));
	}
}

/** `[3, 4, 5, 9]` → `3:5,9` (RFC 9051 §9, sequence-set). Takes them in ascending order. */
export function sequenceSet(numbers: readonly number[]): string {
	const ranges: [number, number][] = [];
	for (const number of numbers) {
		const last = ranges.at(-1);
		if (last && last[1] === number - 1) last[1] = number;
		else ranges.push([number, number]);
	}
	return ranges.map(([from, to]) => (from === to ? `${from}` : `${from}:${to}`)).join(',');
}
