/**
 * What of a mailbox is looked at: the rows on the screen, which stay the same positions or the newest so many when messages
 * come and go, and those the user is heading for. Asks for what of it is not here.
 */
import type {Budget} from '../model/budget.ts';
import {ours} from '../model/safe-text.ts';
import type {MailboxRows, Window} from './mailbox-rows.ts';
import type {MailboxStanding} from './mailbox-standing.ts';
import type {Operations} from './operations.ts';
import type {ShownRows} from './shown-rows.ts';
import type {Worker} from './worker.ts';

type LookedAtSurroundings = {
	readonly standing: MailboxStanding;
	readonly shown: ShownRows;
	readonly rows: MailboxRows;
	readonly worker: Worker;
	readonly operations: Operations;
	readonly budget: () => Budget;
};

export class LookedAt {
	readonly #around: LookedAtSurroundings;
	#window: Window | undefined;
	/** The positions it stands for, which mean other messages when it turns out where those stood that are going. */
	#positions: Window | undefined;
	/** Or so many of the newest; 0: it stands for positions. */
	#newest = 0;
	#ahead: Window | undefined;

	constructor(around: LookedAtSurroundings) {
		this.#around = around;
	}

	/** As sequence numbers; undefined: nothing is looked at, or nobody knows where it is. */
	get window(): Window | undefined {
		const {operations, standing} = this.#around;
		// Rows that have come say where what is going stands.
		if (this.#window !== undefined && operations.hasGoing(standing.path)) this.renew();
		return this.#window;
	}

	/** What may be looked at next, as sequence numbers. */
	get ahead(): Window | undefined {
		return this.#ahead;
	}

	ensureRows(first: number, last: number): void {
		const {worker, standing, shown} = this.#around;
		worker.lookInto(standing.path);
		this.#positions = {first, last};
		this.#window = shown.windowOf(first, last);
		this.#newest = 0;
		this.#ensure();
	}

	ensureNewest(count: number): void {
		const {worker, standing} = this.#around;
		worker.lookInto(standing.path);
		this.#newest = count;
		this.#findNewest();
		this.#ensure();
	}

	ensureAhead(first: number, last: number): void {
		const {standing, shown, rows, budget} = this.#around;
		if (standing.state.get().state !== 'open' || standing.count === undefined || !budget().mayFetchAhead) return;
		this.#ahead = shown.windowOf(first, last);
		if (rows.missing(this.#ahead).length > 0) rows.ensure('ahead');
	}

	#findNewest(): void {
		if (this.#newest > 0) this.#window = this.#around.shown.newest(this.#newest) ?? this.#window;
	}

	/** Other messages stand there now. */
	renew(): void {
		if (this.#newest > 0) this.#findNewest();
		else if (this.#positions !== undefined)
			this.#window = this.#around.shown.windowOf(this.#positions.first, this.#positions.last);
	}

	/** The mailbox was opened on the connection: who looks at the newest looks at other sequence numbers by now. */
	opened(): void {
		this.#findNewest();
	}

	/** Where what is going stood was a guess: other rows may be on the screen, and nobody has asked for them. */
	decided(): void {
		const {standing, rows} = this.#around;
		this.renew();
		if (standing.isLive && rows.missing(this.#window).length > 0) rows.ensure('looking-at');
	}

	/** Messages have come: who looks at the newest looks at them. */
	grown(): void {
		if (this.#newest === 0) return;
		this.#findNewest();
		this.#ensure();
	}

	/** There are only so many messages any more. */
	shrunk(count: number): void {
		if (this.#window) this.#window = {...this.#window, last: Math.min(this.#window.last, count)};
	}

	/** All numbers mean something else now. */
	forget(): void {
		this.#window = undefined;
		this.#positions = undefined;
		this.#newest ||= 1;
	}

	#ensure(): void {
		const {standing, rows} = this.#around;
		this.#recall();
		if (standing.state.get().state !== 'open') standing.set({state: 'opening', because: ours('')});
		if (standing.isLive && rows.missing(this.#window).length === 0) return;
		rows.ensure('looking-at');
	}

	/** What is held comes on the screen; who of it is going is seen only then, and others take their places. */
	#recall(): void {
		const {rows, operations, standing} = this.#around;
		const {positions} = rows;
		const before = positions.size;
		for (let size = -1; this.#window !== undefined && size !== positions.size; this.renew()) {
			size = positions.size;
			rows.recall(this.#window);
		}
		if (positions.size !== before && operations.hasGoing(standing.path)) standing.set({});
	}
}
