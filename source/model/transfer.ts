/**
 * A part on its way here: into memory to be looked at, or into a file.
 */
import type {MessageId, PartNumber} from './ids.ts';
import type {SafeText} from './safe-text.ts';

export type Transfer = {
	readonly id: number;
	readonly message: MessageId;
	readonly part: PartNumber;
	readonly name: SafeText;
	/** The file it is saved to; '' for memory. */
	readonly file: SafeText;
	readonly state: 'waiting' | 'coming' | 'done' | 'failed' | 'cancelled';
	/** Octets that came and that there are, in the encoding they travel in. */
	readonly heldBytes: number;
	readonly totalBytes: number;
	readonly because: SafeText;
};
