/**
 * What a call has to bring of a mailbox, from how far it is held and what LIST-STATUS says of it; and that as a sentence.
 * Pure.
 *
 * UIDs that were given since bound how many messages came, and the counts how many stayed: where both come to the same it
 * is known, else five may have come beside five that went, and it is said to be a bound.
 */
import type {MailboxPath} from '../model/ids.ts';
import {countOf} from '../model/operation-words.ts';
import {type SafeText, safeLine} from '../model/safe-text.ts';
import type {Wish} from '../model/wish.ts';
import type {HeldMailbox} from '../store/facts.ts';
import type {SyncPlan} from './sync-plan.ts';

export type CallNews = {
	/** Messages that came since, at most; of those that are wished for. */
	readonly fresh: number;
	/** All that are wished for and not here, at most. */
	readonly missing: number;
	/** So many of those that are here may be gone; 0: the two above are no bounds but numbers. */
	readonly gone: number;
};

type Standing = {
	readonly held: HeldMailbox | undefined;
	/** Messages that are held without a gap. */
	readonly size: number;
	/** As the server says. */
	readonly messages: number;
	/** Undefined: a server that does not say. */
	readonly uidNext: number | undefined;
};

export function newsOf({summaries}: Wish, {held, size, messages, uidNext}: Standing): CallNews {
	if (held === undefined) {
		const wished = typeof summaries === 'object' && 'last' in summaries ? Math.min(summaries.last, messages) : messages;
		const missing = summaries === 'none' ? 0 : wished;
		return {fresh: missing, missing, gone: 0};
	}
	const least = Math.max(0, messages - held.count);
	const most = uidNext === undefined ? least : Math.min(messages, Math.max(0, uidNext - held.uidNext));
	const gone = Math.max(0, most - least);
	const came = Math.max(most, least);
	const left = size - Math.min(size, gone);
	const missing =
		summaries === 'all'
			? Math.max(0, messages - left)
			: typeof summaries === 'object' && 'last' in summaries
				? Math.max(Math.min(came, summaries.last), Math.min(summaries.last, messages) - left)
				: came;
	return {fresh: Math.min(missing, came), missing, gone};
}

/** So many of those that are here are none of the wished ones any more: gone, or newer ones take their place. */
export function passedBy({summaries}: Wish, {size, messages}: Standing, {missing, gone}: CallNews): number {
	if (typeof summaries !== 'object' || !('last' in summaries)) return gone;
	return Math.max(gone, size - (Math.min(summaries.last, messages) - missing));
}

/** `INBOX: up to 5 messages, 200 messages as wished`. */
export function callSentence(
	path: MailboxPath,
	plan: SyncPlan,
	{fresh, missing, gone, coming}: CallNews & {readonly coming: number},
): SafeText {
	const older = missing - fresh;
	const words = [
		...(plan === 'start-over' ? ['from the beginning'] : plan === 'compare' ? ['compare what is here'] : []),
		...(plan === 'changes' && fresh === 0 ? ['what changed'] : []),
		...(fresh > 0 ? [`${gone > 0 ? 'up to' : 'about'} ${countOf(fresh)}`] : []),
		...(older > 0 ? [`${countOf(older)} as wished`] : []),
		...(coming > 0 ? ['what you put there'] : []),
	];
	return safeLine(`${path}: ${words.length > 0 ? words.join(', ') : 'what is wished for and not here'}`);
}
