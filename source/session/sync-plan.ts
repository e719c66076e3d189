/**
 * What opening a mailbox that is held on the disk has to do, from how far it is held and what the server says of it now.
 * One pure function, tested as a table (RFC 4549 §4, RFC 7162 §3).
 */

/** As it is held, or as the server says it is. */
export type SyncState = {
	readonly uidValidity: number;
	/** Undefined: a server that does not say. */
	readonly uidNext: number | undefined;
	readonly count: number;
	/** Undefined: the mailbox has no change numbers (NOMODSEQ), or the server knows none. */
	readonly highestModseq: string | undefined;
};

export type SyncPlan =
	/** It is as it was. */
	| 'nothing'
	/** Messages came; of those that are held none has changed or gone. */
	| 'only-new'
	/** The server can say what changed (CONDSTORE, or with QRESYNC has said it already). */
	| 'changes'
	/** It cannot: flags are asked for, and what is not answered is gone. */
	| 'compare'
	/** Another UIDVALIDITY, or nothing was held. */
	| 'start-over';

export function planSync(before: SyncState | undefined, now: SyncState): SyncPlan {
	if (before === undefined || before.uidValidity !== now.uidValidity) return 'start-over';
	// A count of UIDs that went backwards breaks what UIDVALIDITY promised (RFC 9051 §2.3.1.1): nothing held is certain.
	if (now.uidNext !== undefined && before.uidNext !== undefined && now.uidNext < before.uidNext) return 'start-over';
	// What is empty and was given no UID since has nothing to compare, whether the server counts changes or not.
	const isEmpty = now.count === 0 && before.count === 0 && now.uidNext !== undefined && now.uidNext === before.uidNext;
	const modseqs = [before.highestModseq, now.highestModseq];
	const [was, is] = modseqs.map(modseq => (modseq === undefined ? undefined : BigInt(modseq)));
	if (was === undefined || is === undefined) return isEmpty ? 'nothing' : 'compare';
	// Change numbers that went backwards: a restored backup, or another server behind the same name.
	if (is < was) return 'compare';
	if (is > was) return 'changes';
	if (now.uidNext === before.uidNext && now.count === before.count) return 'nothing';
	// Every change has a number, an arrival too: a server for which that is not so cannot be asked by numbers.
	if (now.uidNext !== undefined && now.uidNext !== before.uidNext && now.count > before.count) return 'only-new';
	return 'compare';
}
