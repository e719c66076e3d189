/**
 * The next unread message after a position, among the rows that are known: looking never spends.
 */
import {hasFlag} from '../source/model/message.ts';
import type {OpenMailbox} from '../source/session/session.ts';

/** Further than this nobody looked in one sitting, and a key must answer at once. */
const reach = 10_000;

export function nextUnread(mailbox: OpenMailbox, from: number, count: number): number | undefined {
	for (let step = 1; step <= Math.min(count, reach); step++) {
		const position = ((from - 1 + step) % count) + 1;
		if (position === from) continue;
		const message = mailbox.row(position);
		if (message && !hasFlag(message, '\\Seen')) return position;
	}
	return undefined;
}
