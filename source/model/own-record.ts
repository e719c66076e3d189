/**
 * What the user decided about a message whose state is not the server's to keep (RFC 1733's last page): one record each
 * for read, flagged, a keyword, and hidden, which is what delete means there. Pure.
 *
 * The law: of the records of one thing the latest holds, by the counter of who made it, then by who that was, then by
 * what they say. That is an order in which no two different records are equal, so joining is commutative, associative and
 * idempotent: whoever has heard the same records, in whatever order and however often, agrees. Counters are Lamport's: a
 * record made after another was heard is later than it. No clock of any machine is trusted.
 */
import type {Flag} from './message.ts';

/** Not a flag of any server: the message is not shown to this user any more. */
export const hidden: Flag = '\\Hidden';

/** Who made a record: a client, by a name it gave itself. */
export type ClientId = string;

export type OwnRecord = {
	/** Which mailbox, the same for all clients: its URL (state-place.ts). */
	readonly mailbox: string;
	readonly uidValidity: number;
	readonly uid: number;
	/** A flag, a keyword, or `hidden`; compared without regard to case, as flags are (RFC 9051 §2.3.2). */
	readonly what: Flag;
	readonly isSet: boolean;
	/** Lamport's counter of the client, 1 and up. */
	readonly when: number;
	readonly who: ClientId;
};

/** A greater counter is damage: believing it would leave no room for later decisions. */
export const mostWhen = 2 ** 48;

/** What a record is about: of those with one key, one holds. */
export const keyOf = ({mailbox, uidValidity, uid, what}: Omit<OwnRecord, 'isSet' | 'when' | 'who'>): string =>
	`${uid} ${what.toLowerCase()} ${uidValidity} ${mailbox}`;

const compare = <T extends number | string>(a: T, b: T): number => (a < b ? -1 : a > b ? 1 : 0);

/** Whether the first takes the place of the second. Both have one key. */
export const isLater = (a: OwnRecord, b: OwnRecord): boolean =>
	(compare(a.when, b.when) ||
		compare(a.who, b.who) ||
		compare(Number(a.isSet), Number(b.isSet)) ||
		compare(a.what, b.what)) > 0;

/** What whoever has heard all of these holds to be so, by key. */
export function join(...heard: readonly Iterable<OwnRecord>[]): Map<string, OwnRecord> {
	const holds = new Map<string, OwnRecord>();
	for (const records of heard) {
		for (const record of records) {
			const key = keyOf(record);
			const other = holds.get(key);
			if (other === undefined || isLater(record, other)) holds.set(key, record);
		}
	}
	return holds;
}
