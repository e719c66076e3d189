/**
 * How a mailbox stands as a whole: how many messages the server has in it, and what is shown of that. Who watches is told
 * in one go of all that one packet has changed.
 */
import type {MailboxPath} from '../model/ids.ts';
import type {MailboxState} from '../model/mailbox.ts';
import type {Place} from '../model/operation.ts';
import {ours} from '../model/safe-text.ts';
import {type StatePlace, usualPlace, withServer} from '../model/state-place.ts';
import {live} from './live.ts';
import type {ShownRows} from './shown-rows.ts';
import type {Worker} from './worker.ts';

export class MailboxStanding {
	readonly path: MailboxPath;
	readonly state = live<MailboxState>({
		state: 'closed',
		because: ours(''),
		count: undefined,
		isReadOnly: false,
		permanentFlags: undefined,
		statePlace: withServer,
		uidValidity: undefined,
		asOf: undefined,
		tagged: 0,
		version: 0,
	});
	/** Messages on the server; undefined: nobody knows. */
	count: number | undefined;
	/** It is to be made on the server, and nothing else is known of it: it is empty. */
	#isToBeMade = false;
	readonly #worker: Worker;
	/** As told when `count` was; undefined: not told, or more came since. */
	uidNext: number | undefined;
	readonly #shown: () => ShownRows;
	/** Where the user wants the state of messages; undefined: where it usually is. */
	readonly #chosenPlace: () => StatePlace | undefined;
	#soon: NodeJS.Immediate | undefined;

	constructor(path: MailboxPath, worker: Worker, shown: () => ShownRows, chosenPlace: () => StatePlace | undefined) {
		this.path = path;
		this.#worker = worker;
		this.#shown = shown;
		this.#chosenPlace = chosenPlace;
		this.state.set({...this.state.get(), statePlace: chosenPlace() ?? withServer});
	}

	/** Whether the mailbox is open on the connection. */
	get isLive(): boolean {
		return this.#worker.selected === this.path;
	}

	/** Whether the server's answers about rows and numbers are about this mailbox. */
	get isOpen(): boolean {
		return this.isLive && this.state.get().state === 'open';
	}

	get isReadOnly(): boolean {
		return this.state.get().isReadOnly;
	}

	/** What is decided about mailboxes is other than before. */
	learnToBeMade(isToBeMade: boolean): void {
		if (isToBeMade && this.count === undefined) {
			this.#isToBeMade = true;
			this.count = 0;
			this.set({state: 'open', because: ours('')});
		} else if (!isToBeMade && this.#isToBeMade) {
			this.#isToBeMade = false;
			// Opened meanwhile it is as the server says.
			if (this.state.get().uidValidity !== undefined) return;
			this.count = undefined;
			this.set({state: 'closed'});
		}
	}

	place(uid: number): Place {
		return {mailbox: this.path, uidValidity: this.state.get().uidValidity ?? 0, uid};
	}

	set(change: Partial<MailboxState>): void {
		clearImmediate(this.#soon);
		this.#soon = undefined;
		const shown = this.#shown();
		shown.lookAgain();
		const before = this.state.get();
		const now = {...before, ...change, version: before.version + 1};
		this.state.set({...now, statePlace: this.#chosenPlace() ?? usualPlace(now)});
		const {count, tagged} = shown;
		if (count !== before.count || tagged !== before.tagged) this.state.set({...this.state.get(), count, tagged});
	}

	/** Ten thousand EXPUNGEs in one packet are one repaint. */
	setSoon(): void {
		this.#shown().lookAgain();
		this.#soon ??= setImmediate(() => this.set({}));
	}
}
