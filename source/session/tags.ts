/**
 * The messages of a mailbox the user has tagged, by UID, with what is known of their flags: the former state that an
 * undo needs (law 2).
 */
import type {Flag} from '../model/message.ts';
import type {SearchCriteria} from '../remote/remote.ts';
import type {TagWhat} from './session.ts';

/** Whether the flags were set; undefined: nobody knows. */
type TaggedFlags = {readonly isSeen: boolean | undefined; readonly isFlagged: boolean | undefined};

export class Tags {
	#uids = new Map<number, TaggedFlags>();

	get count(): number {
		return this.#uids.size;
	}

	get uids(): number[] {
		return [...this.#uids.keys()].sort((a, b) => a - b);
	}

	has(uid: number): boolean {
		return this.#uids.has(uid);
	}

	add(uid: number, flags: TaggedFlags = {isSeen: undefined, isFlagged: undefined}): void {
		this.#uids.set(uid, flags);
	}

	delete(uid: number): void {
		this.#uids.delete(uid);
	}

	clear(): void {
		this.#uids.clear();
	}

	/** Whether a flag was set when it was tagged. */
	wasSet(uid: number, flag: Flag): boolean | undefined {
		const known = this.#uids.get(uid);
		const name = flag.toLowerCase();
		return name === '\\seen' ? known?.isSeen : name === '\\flagged' ? known?.isFlagged : undefined;
	}
}

/** What to search for: who is meant, and how their flags stand, all in one packet. */
export function searchesFor(wanted: TagWhat): readonly SearchCriteria[] {
	const who: SearchCriteria =
		wanted.what === 'range'
			? {by: 'sequence', set: `${wanted.first}:${wanted.last}`}
			: wanted.what === 'all'
				? {by: 'all'}
				: {by: 'flag', flag: wanted.what === 'unread' ? 'UNSEEN' : 'FLAGGED'};
	return [who, {by: 'flag', flag: 'UNSEEN'}, {by: 'flag', flag: 'FLAGGED'}];
}
