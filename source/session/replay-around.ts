/** What the steps of the sending of the log know of the rest. */
import type {MailboxPath} from '../model/ids.ts';
import type {Place} from '../model/operation.ts';
import type {ReplayMarks} from './replay-marks.ts';

export type ReplayAround = {
	readonly marks: ReplayMarks;
	readonly has: (capability: string) => boolean;
	readonly uidValidityOf: (mailbox: MailboxPath) => number | undefined;
	/** Since when the line is up, in ms since the epoch. */
	readonly upSince: () => number;
	/** The originals are still there, marked \Deleted. */
	readonly onMarkedDeleted: (places: readonly Place[]) => void;
};
