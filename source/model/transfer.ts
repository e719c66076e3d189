/**
 * A part on its way here: into memory to be looked at, or into a file.
 */
import type {MailboxPath, PartNumber} from './ids.ts';
import type {SafeText} from './safe-text.ts';

export type Transfer = {
	readonly id: number;
	readonly mailbox: MailboxPath;
	readonly uid: number;
	readonly part: PartNumber;
	readonly name: SafeText;
	/** To be looked at or piped; to a file of the user's; to a file that another program opens. */
	readonly into: 'memory' | 'file' | 'opener';
	/** The file it is saved to; '' for memory. */
	readonly file: SafeText;
	/** `waiting` until the first octets come; `failed` can be taken up again. */
	readonly state: 'waiting' | 'coming' | 'paused' | 'done' | 'failed';
	/** Octets that came, and that will come at most, as they travel; `totalBytes` is 0 while nobody knows. */
	readonly heldBytes: number;
	readonly totalBytes: number;
	/** Measured while it comes; undefined while it does not, or not long enough. */
	readonly bytesPerSecond: number | undefined;
	/** Why it failed, in a sentence that says what to do. */
	readonly because: SafeText;
};

export const isUnderWay = ({state}: Pick<Transfer, 'state'>): boolean => state === 'waiting' || state === 'coming';
