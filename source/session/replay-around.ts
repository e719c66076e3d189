/** What the steps of the sending of the log know of the rest. */
import type {MailboxPath} from '../model/ids.ts';
import type {Flag} from '../model/message.ts';
import type {Place} from '../model/operation.ts';
import type {FlagsFact} from '../remote/remote.ts';
import type {ReplayMarks} from './replay-marks.ts';

export type ReplayAround = {
	readonly marks: ReplayMarks;
	readonly has: (capability: string) => boolean;
	readonly uidValidityOf: (mailbox: MailboxPath) => number | undefined;
	/** Whether it is known to be marked as deleted, as copies of it are. */
	readonly isMarked: (place: Place) => boolean;
	/** Whether this connection has said that the message is there, and not that it went. */
	readonly isTold: (place: Place) => boolean;
	/**
	 * The server has set or taken this flag. Told before the log says so: what is known of a message may not fall behind a
	 * number of changes that covers it.
	 */
	readonly onFlagged: (places: readonly Place[], flag: Flag, isSet: boolean) => void;
	/** Flags in the mailbox that is open, told with an answer: what is new in them no server tells twice. */
	readonly onFlags: (fact: FlagsFact & {readonly sequence: number}) => void;
};
