/**
 * A message as it stands in a list: its summary and what of it is held.
 */
import type {Advice} from './advice.ts';
import type {MailboxPath, MessageId} from './ids.ts';
import type {SafeText} from './safe-text.ts';

/** A flag as the server spells it: `\Seen`, `\Flagged`, `$Forwarded`. Compare with `hasFlag`. */
export type Flag = string;

/** What of a message is held: its row, its text, all of it. */
export type Held = 'summary' | 'text' | 'whole';

export type Message = {
	readonly id: MessageId;
	readonly mailbox: MailboxPath;
	readonly uid: number;
	readonly from: SafeText;
	readonly subject: SafeText;
	/** Ms since the epoch; undefined when the message has no date that can be read. */
	readonly date: number | undefined;
	/** RFC822.SIZE: octets of the whole message. */
	readonly sizeBytes: number;
	readonly flags: ReadonlySet<Flag>;
	readonly held: Held;
	/** The user decided something about it that the server has not confirmed. */
	readonly isPending: boolean;
	/** The user has tagged it, to decide about several at once. */
	readonly isTagged: boolean;
};

export type HeaderLine = {readonly name: SafeText; readonly value: SafeText};

/** One line on the screen. `quoteDepth` counts the `>` in front of it (RFC 3676 §4.5). */
export type TextLine = {
	readonly text: SafeText;
	readonly quoteDepth: number;
	readonly kind: 'text' | 'quote' | 'signature';
};

/** The text of an opened message, as far as it came. */
export type MessageText = {
	/** What is shown: the plain text, the HTML made readable, or nothing that can be read. */
	readonly kind: 'plain' | 'html' | 'none';
	readonly isAsking: boolean;
	/** Octets of the part that are here, and that there are (as sent); undefined when not known. */
	readonly heldBytes: number;
	readonly totalBytes: number | undefined;
	readonly isWhole: boolean;
	/** A sentence above the text: why it is HTML, that it is encrypted, that it could not be decoded. */
	readonly remark: SafeText;
	/** What to do about that. */
	readonly advice?: Advice | undefined;
	/** Whether there is another text to switch to. */
	readonly hasAlternative: boolean;
};

/** Flags are compared without regard to case (RFC 9051 §2.3.2). */
export function hasFlag(message: Pick<Message, 'flags'>, flag: Flag): boolean {
	if (message.flags.has(flag)) return true;
	const wanted = flag.toLowerCase();
	for (const each of message.flags) if (each.toLowerCase() === wanted) return true;
	return false;
}
