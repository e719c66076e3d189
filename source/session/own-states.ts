/**
 * Our own state of messages, one for all sessions of this process: what one account decides another may have to bring to
 * where it is shared. Also tells when another process has written.
 */
import type {Flag} from '../model/message.ts';
import type {OwnRecord} from '../model/own-record.ts';
import type {SafeText} from '../model/safe-text.ts';
import {type SharedPlace, spellShared} from '../model/state-place.ts';
import {type OwnDecision, type OwnMailbox, OwnState} from '../store/own-state.ts';
import type {KnownPlace} from '../store/shared-places.ts';
import {SharedFolder} from './shared-folder.ts';

/** How often it is looked whether another process has written, or another client in a shared folder. */
const lookMs = 400;

export type OwnListener = {
	/** Told the URLs of the mailboxes that look different; undefined: any may. */
	readonly onChange: (urls: ReadonlySet<string> | undefined) => void;
	/** Whoever has the line to this place is to read what others have written there. */
	readonly onLook?: (place: string) => void;
	/** Something is wrong with where records are shared. */
	readonly onProblem: (because: SafeText) => void;
};

export class OwnStates {
	/** To read from; it is written by the verbs here. */
	readonly state: OwnState;
	readonly #listeners = new Set<OwnListener>();
	readonly #folders = new Map<number, SharedFolder>();
	/** Where records are shared; undefined: to be looked up. */
	#places: readonly KnownPlace[] | undefined;
	#timer: NodeJS.Timeout | undefined;
	#soon: NodeJS.Immediate | undefined;

	/** `folder`: of all of Bonsai's state; undefined: in memory. */
	constructor(folder: string | undefined) {
		this.state = new OwnState(folder);
	}

	/** Throws what SQLite throws: then nothing was decided. */
	decide(mailbox: OwnMailbox, uids: readonly number[], what: Flag, isSet: boolean, madeAt: number): void {
		this.state.decide(mailbox, uids, what, isSet, madeAt);
		this.#tell(new Set([mailbox.url]));
		this.#shareSoon();
	}

	undo(decision: OwnDecision): void {
		this.state.undo(decision);
		this.#tell(new Set([decision.url]));
		this.#shareSoon();
	}

	/** A mailbox has another name: what was decided in it goes along. */
	rename(mailbox: OwnMailbox, now: string): void {
		this.state.rename(mailbox, now);
		this.#tell(new Set([mailbox.url, now]));
		this.#shareSoon();
	}

	/** Records that were read in a place where they are shared. */
	learn(records: Iterable<OwnRecord>, place: number): void {
		const changed = this.state.learn(records, place);
		if (changed.size > 0) this.#tell(changed);
	}

	/** A mailbox is shared in this place from now on; undefined: nowhere. */
	share(url: string, place: SharedPlace | undefined): void {
		if (place === undefined && !this.state.isThere) return;
		this.state.shared.share(url, place && spellShared(place));
		this.#places = undefined;
		this.#shareSoon();
	}

	/** A mailbox is looked at: what others have decided about it is wanted. */
	look(url: string): void {
		const place = this.state.isThere ? this.state.shared.placeOf(url) : undefined;
		if (place !== undefined) for (const {onLook} of [...this.#listeners]) onLook?.(place);
	}

	/** Where records are shared. */
	get places(): readonly KnownPlace[] {
		if (!this.state.isThere) return [];
		this.#places ??= this.state.shared.all();
		return this.#places;
	}

	/** Returns how to end it. */
	subscribe(listener: OwnListener): () => void {
		if (this.#timer === undefined) {
			this.#timer = setInterval(() => this.#look(), lookMs).unref();
			// Nobody has shown anything yet that could be other than before.
			this.#shareFolders();
		}
		this.#listeners.add(listener);
		return () => {
			this.#listeners.delete(listener);
			if (this.#listeners.size > 0) return;
			clearInterval(this.#timer);
			this.#timer = undefined;
			clearImmediate(this.#soon);
			this.#shareFolders();
			this.state.close();
		};
	}

	#look(): void {
		try {
			if (this.state.hasChanged()) {
				this.#places = undefined;
				this.#tell(undefined);
			}
		} catch {
			// Whoever needs it next says why it cannot be read.
		}
		this.#shareFolders();
	}

	/** Many decisions in a row are one addition. */
	#shareSoon(): void {
		clearImmediate(this.#soon);
		this.#soon = setImmediate(() => this.#shareFolders());
	}

	#shareFolders(): void {
		try {
			for (const place of this.places.filter(({name}) => name.startsWith('/'))) {
				const folder = this.#folders.get(place.id) ?? new SharedFolder(place, this);
				this.#folders.set(place.id, folder);
				const problem = folder.exchange();
				if (problem !== undefined) for (const {onProblem} of [...this.#listeners]) onProblem(problem);
			}
		} catch {
			// As above.
		}
	}

	#tell(urls: ReadonlySet<string> | undefined): void {
		for (const {onChange} of [...this.#listeners]) onChange(urls);
	}
}
