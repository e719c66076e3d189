/**
 * What the session has spent: all of this run, this connection, and the ledger that outlives both.
 *
 * Laws: counting is never on the path of a frame or of a key: the disk is touched at most once a second, at the loss of
 * the line and at the end. Who watches the ledger is told at most once a second, since each telling is a repaint.
 */
import type {Ledger, Spent, Usage} from '../model/usage.ts';
import {noUsage, plus} from '../model/usage.ts';
import type {LedgerStore} from '../store/ledger.ts';
import {type Live, live} from './live.ts';

const settleMs = 1000;

export class Spending {
	/** Of this run, all connections together. */
	readonly usage = live<Usage>(noUsage);
	readonly ledger: Live<Ledger>;
	readonly #store: LedgerStore;
	readonly #watchers = new Set<() => void>();
	#connection = noUsage;
	#known: Ledger | undefined;
	#timer: NodeJS.Timeout | undefined;

	constructor(store: LedgerStore) {
		this.#store = store;
		this.ledger = {
			get: () => {
				this.#known ??= {connection: this.#connection, ...store.history()};
				return this.#known;
			},
			subscribe: listener => {
				this.#watchers.add(listener);
				// Another process may have spent since somebody looked last.
				this.#known = undefined;
				return () => this.#watchers.delete(listener);
			},
		};
	}

	/** A connection begins. */
	begin(): void {
		this.#connection = noUsage;
	}

	spend(spent: Spent): void {
		this.usage.set(plus(this.usage.get(), spent));
		this.#connection = plus(this.#connection, spent);
		this.#store.spend(spent);
		this.#timer ??= setTimeout(() => this.settle(), settleMs).unref();
	}

	/** Writes down what was counted, and tells who watches. */
	settle(): void {
		clearTimeout(this.#timer);
		this.#timer = undefined;
		this.#store.flush();
		this.#known = undefined;
		for (const watcher of [...this.#watchers]) watcher();
	}

	close(): void {
		this.settle();
		this.#store.close();
	}
}
