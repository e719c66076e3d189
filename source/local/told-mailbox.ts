/**
 * What a session was told of the open mailbox: its numbers and flags. The index may be ahead, since other programs and other
 * processes change it; what differs becomes news, in the order a server would tell it.
 *
 * Law: a number means what was told, until the news of a change was told.
 */
import type {RemoteEvents} from '../remote/remote.ts';
import {readRanges} from '../remote/uid-set.ts';
import type {LocalMailbox} from './local-mailbox.ts';
import {flagsOf, readName} from './maildir-name.ts';

export class ToldMailbox {
	readonly mailbox: LocalMailbox;
	/** Ascending: number n is the message at n - 1. */
	#uids: readonly number[];
	#version: number;
	readonly #uidValidity: number;
	/** Flags that the session has changed itself are no news to it. */
	readonly #own = new Set<number>();

	constructor(mailbox: LocalMailbox) {
		this.mailbox = mailbox;
		const {version, uidValidity} = mailbox.indexed;
		this.#version = version;
		this.#uidValidity = uidValidity;
		this.#uids = mailbox.uids();
	}

	get count(): number {
		return this.#uids.length;
	}

	/** Whether it is another mailbox by now: somebody has deleted it, or the index. */
	get isAnother(): boolean {
		return this.mailbox.indexed.uidValidity !== this.#uidValidity;
	}

	sequenceOf(uid: number): number | undefined {
		const index = firstAtLeast(this.#uids, uid);
		return this.#uids[index] === uid ? index + 1 : undefined;
	}

	/** The UIDs of a set of numbers. */
	uidsAt(set: string): number[] {
		return readRanges(set).flatMap(([first, last]) => this.#uids.slice(Math.min(first, this.count) - 1, last));
	}

	/** Those of a set of UIDs that are there as far as was told; `*` is the last one only where it is within. */
	uidsIn(set: string): number[] {
		return readRanges(set).flatMap(([first, last]) =>
			this.#uids.slice(firstAtLeast(this.#uids, first), firstAtLeast(this.#uids, last + 1)),
		);
	}

	/** The session has made this version of the mailbox itself. */
	changed(version: number | undefined): void {
		if (version !== undefined) this.#own.add(version);
	}

	/** `mayTell`: no question waits whose numbers would change their meaning. */
	async tellNews(events: RemoteEvents, mayTell: () => boolean): Promise<void> {
		if (this.mailbox.indexed.version === this.#version) return;
		const keywords = await this.mailbox.keywords();
		// From here on nothing is awaited: nobody asks anything in the middle.
		if (!mayTell()) return;
		const {version} = this.mailbox.indexed;
		const changed = this.mailbox.changedSince(this.#version).filter(each => !this.#own.has(each.changed));
		this.#own.clear();
		const now = this.mailbox.uids();
		const there = new Set(now);
		const before = this.#uids;
		this.#version = version;
		this.#uids = now;
		let gone = 0;
		for (let index = before.length - 1; index >= 0; index--) {
			const uid = before[index]!;
			if (there.has(uid)) continue;
			gone += 1;
			events.onExpunge(index + 1);
		}
		if (now.length > before.length - gone) events.onCount(now.length);
		const newest = before.at(-1) ?? 0;
		for (const {uid, name} of changed)
			if (uid <= newest)
				events.onFlags({sequence: this.sequenceOf(uid)!, uid, flags: flagsOf(readName(name).letters, keywords)});
	}
}

function firstAtLeast(uids: readonly number[], uid: number): number {
	let [low, high] = [0, uids.length];
	while (low < high) {
		const middle = (low + high) >> 1;
		if (uids[middle]! < uid) low = middle + 1;
		else high = middle;
	}
	return low;
}
