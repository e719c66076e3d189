/**
 * The brake: what waits in the log and would remove more than a fifth of a mailbox for good is not sent by a call unless
 * the user says so once more. A script gone wrong, or a tag too many, is noticed before and not after. Pure.
 */
import type {MailboxPath} from '../model/ids.ts';
import type {Operation} from '../model/operation.ts';

type MassRemoval = {readonly mailbox: MailboxPath; readonly removed: number; readonly of: number};

/** Of so few nobody has to be asked again: they were chosen by hand. */
const fewMessages = 20;

/** The worst of them; undefined: there is none. `messagesOf` is how many a mailbox has; undefined: unknown. */
export function massRemoval(
	waiting: readonly Operation[],
	messagesOf: (mailbox: MailboxPath) => number | undefined,
): MassRemoval | undefined {
	const removed = new Map<MailboxPath, number>();
	const add = (mailbox: MailboxPath, count: number): unknown =>
		removed.set(mailbox, (removed.get(mailbox) ?? 0) + count);
	for (const {change, targets, isHeld} of waiting) {
		if (isHeld) continue;
		if (change.kind === 'delete') add(change.mailbox, messagesOf(change.mailbox) ?? 0);
		// What was drained is here, and proven; and of drafts it is our own copies.
		if (change.kind !== 'remove' || change.isDrained || change.isDraft) continue;
		for (const {place, state} of targets) if (state !== 'done') add(place.mailbox, 1);
	}
	const many = [...removed]
		.map(([mailbox, count]) => ({mailbox, removed: count, of: Math.max(count, messagesOf(mailbox) ?? count)}))
		.filter(({removed: count, of}) => count > fewMessages && count * 5 > of);
	return many.sort((a, b) => b.removed - a.removed)[0];
}
