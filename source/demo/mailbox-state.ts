/**
 * One mailbox as the server holds it: which UIDs there are, the messages, flags, and the change numbers of RFC 7162.
 *
 * Laws: messages come from a source that computes them (a list, or a formula for a million); only what was changed
 * since the start is stored. Whoever watches is told of every change, and decides when to tell its client.
 */
import type {Message} from './mime.ts';
import {type Range, UidRuns} from './uid-runs.ts';

export type Letter = {readonly message: Message; readonly internalDate: number};

/** Where a mailbox's first messages come from. `countUnseen` and `totalBytes` spare a large one from being counted. */
type Source = {
	readonly uids: readonly Range[];
	readonly letterAt: (uid: number) => Letter;
	readonly flagsAt: (uid: number) => readonly string[];
	readonly sizeAt?: (uid: number) => number;
	readonly countUnseen?: number;
	readonly totalBytes?: number;
	readonly uidNext?: number;
};

export type Watcher = {
	readonly appended: (uid: number) => void;
	readonly expunged: (uid: number) => void;
	readonly changed: (uid: number) => void;
	readonly rebuilt: () => void;
};

const startModseq = 1000;
const emptySource: Source = {
	uids: [],
	letterAt: uid => {
		throw new Error(`no message ${uid}`);
	},
	flagsAt: () => [],
};

export class MailboxState {
	uidValidity: number;
	uidNext: number;
	highestModseq = startModseq;
	uids: UidRuns;
	readonly watchers = new Set<Watcher>();
	readonly keywords = new Set(['$Forwarded', '$MDNSent', '$Junk', '$NotJunk']);
	readonly #source: Source;
	readonly #letters = new Map<number, Letter>();
	readonly #flags = new Map<number, ReadonlySet<string>>();
	readonly #modseqs = new Map<number, number>();
	readonly #expunged: {uid: number; modseq: number}[] = [];
	#sourceUid: (uid: number) => number = uid => uid;
	#countUnseen: number | undefined;
	#totalBytes: number | undefined;

	constructor(uidValidity: number, source: Source = emptySource) {
		this.uidValidity = uidValidity;
		this.#source = source;
		this.uids = new UidRuns(source.uids);
		this.uidNext = source.uidNext ?? this.uids.last + 1;
		this.#countUnseen = source.countUnseen;
		this.#totalBytes = source.totalBytes;
	}

	get countUnseen(): number {
		this.#countUnseen ??= this.#sum(uid => (this.flags(uid).has('\\Seen') ? 0 : 1));
		return this.#countUnseen;
	}

	get totalBytes(): number {
		this.#totalBytes ??= this.#sum(uid => this.sizeBytes(uid));
		return this.#totalBytes;
	}

	letter(uid: number): Letter {
		return this.#letters.get(uid) ?? this.#source.letterAt(this.#sourceUid(uid));
	}

	sizeBytes(uid: number): number {
		if (!this.#letters.has(uid) && this.#source.sizeAt !== undefined) return this.#source.sizeAt(this.#sourceUid(uid));
		return this.letter(uid).message.bytes.sizeBytes;
	}

	flags(uid: number): ReadonlySet<string> {
		return this.#flags.get(uid) ?? new Set(this.#letters.has(uid) ? [] : this.#source.flagsAt(this.#sourceUid(uid)));
	}

	/** A keyword keeps the spelling it was first given: flags are the same in any case (RFC 9051 §2.3.2). */
	spelled(flag: string): string {
		if (flag.startsWith('\\') || this.keywords.has(flag)) return flag;
		return [...this.keywords].find(known => known.toLowerCase() === flag.toLowerCase()) ?? flag;
	}

	modseq(uid: number): number {
		return this.#modseqs.get(uid) ?? startModseq;
	}

	append(letter: Letter, flags: Iterable<string>): number {
		const unseen = this.countUnseen;
		const total = this.#totalBytes;
		const uid = this.uidNext++;
		const own = new Set(flags);
		this.#letters.set(uid, letter);
		this.#flags.set(uid, own);
		this.#remember(own);
		this.#modseqs.set(uid, ++this.highestModseq);
		this.uids.add(uid, uid);
		this.#countUnseen = unseen + (own.has('\\Seen') ? 0 : 1);
		if (total !== undefined) this.#totalBytes = total + letter.message.bytes.sizeBytes;
		for (const watcher of this.watchers) watcher.appended(uid);
		return uid;
	}

	setFlags(uid: number, flags: Iterable<string>): void {
		const before = this.flags(uid);
		const after = new Set(flags);
		if (before.size === after.size && [...after].every(flag => before.has(flag))) return;
		this.#countUnseen = this.countUnseen + Number(before.has('\\Seen')) - Number(after.has('\\Seen'));
		this.#flags.set(uid, after);
		this.#remember(after);
		this.#modseqs.set(uid, ++this.highestModseq);
		for (const watcher of this.watchers) watcher.changed(uid);
	}

	expunge(uid: number): void {
		if (!this.uids.has(uid)) return;
		this.#countUnseen = this.countUnseen - (this.flags(uid).has('\\Seen') ? 0 : 1);
		if (this.#totalBytes !== undefined) this.#totalBytes -= this.sizeBytes(uid);
		this.uids.remove(uid);
		this.#letters.delete(uid);
		this.#flags.delete(uid);
		this.#modseqs.delete(uid);
		this.#expunged.push({uid, modseq: ++this.highestModseq});
		for (const watcher of this.watchers) watcher.expunged(uid);
	}

	/** UIDs changed after that change number, ascending; O(changes), except for a number before the start. */
	changedSince(modseq: number): Iterable<number> {
		if (modseq < startModseq) return this.uids.within(1, this.uidNext);
		return [...this.#modseqs]
			.filter(([, own]) => own > modseq)
			.map(([uid]) => uid)
			.sort((a, b) => a - b);
	}

	/** Ranges of UIDs that are gone and were not known to be before that change number (RFC 7162 §3.2.6). */
	expungedSince(modseq: number): Range[] {
		if (modseq >= startModseq) {
			const gone = this.#expunged.filter(entry => entry.modseq > modseq).map(entry => entry.uid);
			return gone.sort((a, b) => a - b).map(uid => [uid, uid]);
		}
		const gaps: Range[] = [];
		let next = 1;
		for (const [from, to] of [...this.uids.ranges, [this.uidNext, this.uidNext] as Range]) {
			if (from > next) gaps.push([next, from - 1]);
			next = to + 1;
		}
		return gaps;
	}

	/** The mailbox is another one now: every UID means something else. Who watches must let go. */
	rebuild(uidValidity: number): void {
		const uids = [...this.uids.within(1, this.uidNext)];
		const kept = uids.map(uid => ({
			letter: this.#letters.get(uid),
			flags: this.flags(uid),
			from: this.#sourceUid(uid),
		}));
		this.#letters.clear();
		this.#flags.clear();
		this.#modseqs.clear();
		this.#expunged.length = 0;
		kept.forEach(({letter, flags}, i) => {
			if (letter !== undefined) this.#letters.set(i + 1, letter);
			this.#flags.set(i + 1, flags);
		});
		this.#sourceUid = uid => kept[uid - 1]?.from ?? uid;
		this.uids = new UidRuns([[1, kept.length]]);
		this.uidNext = kept.length + 1;
		this.uidValidity = uidValidity;
		this.highestModseq = startModseq;
		for (const watcher of [...this.watchers]) watcher.rebuilt();
	}

	#remember(flags: Iterable<string>): void {
		for (const flag of flags) if (!flag.startsWith('\\')) this.keywords.add(flag);
	}

	#sum(of: (uid: number) => number): number {
		let sum = 0;
		for (const uid of this.uids.within(1, this.uidNext)) sum += of(uid);
		return sum;
	}
}
