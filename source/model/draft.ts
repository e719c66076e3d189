/**
 * A message that is being written: what the user said of it, and nothing of how it is spelled on the wire
 * (`source/compose`). What is in it came from the user or was shown to the user: it is not safe to show by itself.
 */

import type {Original} from './outgoing.ts';
import type {PartOnServer} from './piece.ts';

/** Somebody mail goes to or comes from (RFC 5322 §3.4). Not called a mailbox, which is where messages are. */
export type Address = {
	/** '' when there is none. */
	readonly name: string;
	/** `local@domain`, either side in any script. */
	readonly address: string;
};

/** Whether it is a message, which may not be encoded (RFC 2046 §5.2.1). */
export const isAttachedMessage = ({type}: Pick<Attachment, 'type'>): boolean =>
	/^message\/(rfc822|global)\s*(;|$)/i.test(type);

export type Attachment = {
	/** As the recipient sees it; a path in it is left behind. */
	readonly name: string;
	/** Media type, with parameters if there are any; '' when it is not known. */
	readonly type: string;
	/** In octets, as they are. */
	readonly sizeBytes: number;
	/** Of a message/rfc822: whether octets over 127 are in it, which may not be encoded (RFC 2046 §5.2.1). */
	readonly isEightBit?: boolean;
} & (FileHere | LeftOnServer);

/** Where its octets are, for who opens them. */
type FileHere = {readonly file: string; readonly at?: undefined};

/** It is not here: it stays where it is and is put into the message there, as it was sent. */
type LeftOnServer = {readonly at: PartOnServer; readonly file?: undefined};

/** The text once more, as a program reads it: the answer to an invitation (RFC 6047). */
export type Alternative = {
	/** Media type, with its parameters. */
	readonly type: string;
	/** Lines end in `\n`. */
	readonly text: string;
	/** What it says, for who writes. */
	readonly words: string;
};

export type Draft = {
	readonly from: Address;
	readonly to: readonly Address[];
	readonly cc: readonly Address[];
	/** Nobody sees them: they are in the envelope and never in the message. */
	readonly bcc: readonly Address[];
	readonly replyTo: readonly Address[];
	readonly subject: string;
	/** Lines end in `\n`. A line that begins with `>` is a quote. */
	readonly text: string;
	/** Message-IDs, in their angle brackets. */
	readonly inReplyTo: readonly string[];
	readonly references: readonly string[];
	/** Fields of the user's own. */
	readonly headers: readonly {readonly name: string; readonly value: string}[];
	readonly attachments: readonly Attachment[];
	readonly alternative?: Alternative | undefined;
	/** Messages it answers, and sends on: they are marked as that when it has been sent. */
	readonly answers?: readonly Original[];
	readonly forwards?: readonly Original[];
	/**
	 * A whole message that is sent on as it is (RFC 5322 §3.6.6): then `from`, `to`, `cc` and `bcc` say by whom and to whom,
	 * and nothing else counts. Of one that stays on its server `header` is here, as latin1, and `at` the rest of it.
	 */
	readonly resends?: Attachment & {readonly header?: string};
};

/** A draft on the disk. */
export type SavedDraft = {
	/** Unique in the account; a later one sorts behind. */
	readonly id: string;
	/** Ms since the epoch. */
	readonly savedAt: number;
	readonly draft: Draft;
};

export const emptyDraft = (from: Address): Draft => ({
	from,
	to: [],
	cc: [],
	bcc: [],
	replyTo: [],
	subject: '',
	text: '',
	inReplyTo: [],
	references: [],
	headers: [],
	attachments: [],
});

/** Who a message is carried from and to (RFC 5321 §2.3.1), whatever its header says. */
export type Envelope = {
	/** '' is nobody: what cannot be delivered is not told (RFC 5321 §4.5.5). */
	readonly from: string;
	readonly to: readonly string[];
};
