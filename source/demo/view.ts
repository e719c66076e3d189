/**
 * A mailbox as one connection sees it: its own sequence numbers, and what it has not been told yet.
 *
 * Law (RFC 3501 §7.4.1): an EXPUNGE is told only when no command is in progress that speaks of sequence numbers.
 */

import type {MailboxState, Watcher} from './mailbox-state.ts';
import {BadSyntax} from './syntax.ts';
import {type Range, type UidRuns, writeSet} from './uid-runs.ts';

export type Telling = {readonly withExpunges: boolean; readonly hasQresync: boolean; readonly hasCondstore: boolean};

export class View implements Watcher {
	readonly mailbox: MailboxState;
	readonly isReadOnly: boolean;
	/** As the client counts. */
	readonly uids: UidRuns;
	readonly #expunged: number[] = [];
	readonly #appended: number[] = [];
	readonly #changed = new Set<number>();
	readonly #wake: () => void;
	readonly rebuilt: () => void;

	constructor(mailbox: MailboxState, isReadOnly: boolean, wake: () => void, rebuilt: () => void) {
		this.mailbox = mailbox;
		this.isReadOnly = isReadOnly;
		this.uids = mailbox.uids.copy();
		this.#wake = wake;
		this.rebuilt = rebuilt;
		mailbox.watchers.add(this);
	}

	close(): void {
		this.mailbox.watchers.delete(this);
	}

	appended(uid: number): void {
		this.#appended.push(uid);
		this.#wake();
	}

	expunged(uid: number): void {
		this.#expunged.push(uid);
		this.#changed.delete(uid);
		this.#wake();
	}

	changed(uid: number): void {
		this.#changed.add(uid);
		this.#wake();
	}

	/** Others have changed it, and the client was not told. */
	hasChanged(uid: number): boolean {
		return this.#changed.has(uid);
	}

	/** The client knows already: it asked for the change and is answered otherwise. */
	told(uid: number): void {
		this.#changed.delete(uid);
	}

	/** UIDs of a set as the client means it; `*` is the last message. */
	resolve(ranges: readonly Range[], isUid: boolean): number[] {
		const found = new Set<number>();
		const last = isUid ? this.uids.last : this.uids.count;
		if (this.uids.count === 0) return [];
		for (const [a, b] of ranges) {
			const from = Math.min(a, b === Number.POSITIVE_INFINITY ? Math.min(a, last) : a);
			const to = Math.min(b, last);
			if (isUid) for (const uid of this.uids.within(from, to)) found.add(uid);
			else {
				if (b > last && b !== Number.POSITIVE_INFINITY) throw new BadSyntax('There are fewer messages');
				for (let n = from; n <= to; n++) found.add(this.uids.uidAt(n)!);
			}
		}
		return [...found].sort((x, y) => x - y);
	}

	/** Lines that bring the client up to date. */
	news(telling: Telling): string[] {
		const lines: string[] = [];
		if (telling.withExpunges && this.#expunged.length > 0) {
			const gone = this.#expunged.splice(0).sort((a, b) => a - b);
			for (const uid of gone) {
				// Never told of: it came and went between two commands.
				const unknown = this.#appended.indexOf(uid);
				if (unknown >= 0) this.#appended.splice(unknown, 1);
			}
			const known = gone.filter(uid => this.uids.has(uid));
			for (const uid of known) {
				if (!telling.hasQresync) lines.push(`* ${this.uids.sequenceOf(uid)} EXPUNGE`);
				this.uids.remove(uid);
			}
			if (telling.hasQresync && known.length > 0) lines.push(`* VANISHED ${writeSet(known)}`);
		}
		if (this.#appended.length > 0) {
			for (const uid of this.#appended.splice(0)) this.uids.add(uid, uid);
			lines.push(`* ${this.uids.count} EXISTS`, '* 0 RECENT');
		}
		for (const uid of [...this.#changed].sort((a, b) => a - b)) {
			const sequence = this.uids.sequenceOf(uid);
			if (sequence > 0) lines.push(this.flagsRow(uid, telling));
		}
		this.#changed.clear();
		return lines;
	}

	flagsRow(uid: number, telling: Pick<Telling, 'hasQresync' | 'hasCondstore'>, withUid = telling.hasQresync): string {
		const items = [`FLAGS (${[...this.mailbox.flags(uid)].join(' ')})`];
		if (withUid) items.unshift(`UID ${uid}`);
		if (telling.hasCondstore) items.push(`MODSEQ (${this.mailbox.modseq(uid)})`);
		return `* ${this.uids.sequenceOf(uid)} FETCH (${items.join(' ')})`;
	}
}
