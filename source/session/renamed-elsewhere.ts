/**
 * Mailboxes that another client has renamed, as far as they can be told: of those in which something was decided here one is
 * gone from the list, and one that is new in it has its UIDVALIDITY and a UIDNEXT beyond what is known of it. Where more than
 * one could be meant none is: many servers number all mailboxes that are made within a second alike.
 */
import type {MailboxPath} from '../model/ids.ts';
import type {MarkedMailbox} from './own-marks.ts';

/** How a mailbox stands, from a list or since it was opened. */
export type Standing = {
	readonly path: MailboxPath;
	readonly uidValidity?: number | undefined;
	readonly uidNext?: number | undefined;
};

type Surroundings = {
	readonly marked: () => readonly MarkedMailbox[];
	/** Only this one: of what is below it nobody knows. */
	readonly onRenamed: (from: MailboxPath, to: MailboxPath) => void;
};

export class RenamedElsewhere {
	readonly #around: Surroundings;
	/** In the list as it is; undefined: there was none yet. */
	#listed: ReadonlySet<MailboxPath> | undefined;
	/** Not in the first list, and there since. */
	readonly #appeared = new Set<MailboxPath>();
	/** In an earlier list, and in none since. */
	readonly #vanished = new Set<MailboxPath>();

	constructor(around: Surroundings) {
		this.#around = around;
	}

	/** A whole list. */
	listed(told: readonly Standing[]): void {
		const before = this.#listed;
		this.#listed = new Set(told.map(({path}) => path));
		for (const path of before ?? []) if (!this.#listed.has(path)) this.#vanished.add(path);
		for (const path of this.#listed) {
			this.#vanished.delete(path);
			if (before && !before.has(path)) this.#appeared.add(path);
		}
		for (const path of this.#appeared) if (!this.#listed.has(path)) this.#appeared.delete(path);
		this.stand(told);
	}

	/** Of some is known how they stand. */
	stand(told: readonly Standing[]): void {
		if (this.#appeared.size === 0 || this.#vanished.size === 0) return;
		const marked = this.#around.marked();
		const isSame = (of: MarkedMailbox, {uidValidity, uidNext}: Standing): boolean =>
			uidValidity === of.uidValidity && (uidNext === undefined || uidNext > of.lastUid);
		const gone = marked.filter(({path}) => this.#vanished.has(path));
		const fresh = told.filter(({path}) => this.#appeared.has(path) && marked.every(each => each.path !== path));
		for (const each of gone) {
			const [to, ...others] = fresh.filter(now => isSame(each, now));
			const rivals = gone.filter(other => to !== undefined && isSame(other, to));
			if (to && others.length === 0 && rivals.length === 1) this.#around.onRenamed(each.path, to.path);
		}
	}
}
