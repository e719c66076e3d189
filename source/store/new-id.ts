/**
 * Numbers for messages: never given twice, by any process or in any database, so that a message keeps its own when its
 * mailbox moves between memory and disk. Time in 1/2048 ms, and one more than the last.
 */
let last = 0;

export function newId(): number {
	last = Math.max(last + 1, Date.now() * 2048);
	return last;
}
