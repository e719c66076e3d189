/**
 * A mailbox as it stands in the list of mailboxes.
 */
import type {MailboxPath} from './ids.ts';
import type {SafeText} from './safe-text.ts';
import type {PermanentFlags, StatePlace} from './state-place.ts';

/** What a mailbox is for (RFC 6154), in the order the list shows them. */
export const specialUses = ['inbox', 'drafts', 'sent', 'archive', 'flagged', 'all', 'junk', 'trash'] as const;
export type SpecialUse = (typeof specialUses)[number];

export type Mailbox = {
	readonly path: MailboxPath;
	/** The whole name, decoded; shown. */
	readonly name: SafeText;
	/** The last level of the name. */
	readonly leaf: SafeText;
	/** Levels above it: 0 at the top. */
	readonly depth: number;
	/** The path of the level above, if there is one (it may be no mailbox itself). */
	readonly parent: MailboxPath | undefined;
	readonly specialUse: SpecialUse | undefined;
	readonly isSelectable: boolean;
	readonly hasChildren: boolean;
	/** Unknown until the server said (law 17). */
	readonly messages: number | undefined;
	readonly unseen: number | undefined;
};

export type MailboxList = {
	readonly state: 'unknown' | 'asking' | 'known';
	readonly mailboxes: readonly Mailbox[];
	/** Ms since the epoch: it is from the disk, and as old as that; undefined: the server has told it on this line. */
	readonly asOf?: number | undefined;
};

/** An open mailbox, apart from its rows. */
export type MailboxState = {
	readonly state: 'closed' | 'opening' | 'open' | 'refused';
	/** Why it is not open, in a sentence that says what to do. */
	readonly because: SafeText;
	/** Messages in it, without those that are going; unknown until it was opened once. */
	readonly count: number | undefined;
	readonly isReadOnly: boolean;
	/** Which flags the server lets us change for good. */
	readonly permanentFlags: PermanentFlags;
	/** Where the state of its messages lives: chosen, or the usual place as far as that is known. */
	readonly statePlace: StatePlace;
	readonly uidValidity: number | undefined;
	/** Ms since the epoch: what is shown is from the disk and as old as that; undefined: the server has just said so. */
	readonly asOf: number | undefined;
	/** How many messages are tagged. */
	readonly tagged: number;
	/** Goes up by one whenever a row may have changed. */
	readonly version: number;
};
