/**
 * Local mail, as something a maildrop is drained into: what the session has to know of it.
 *
 * All of it is on the disk (fsync) when it resolves, and what goes wrong rejects with a Failure that says what to do. A
 * message is known by its key, which is the same whenever it is asked for: delivered twice, it is there once.
 */
import type {MailboxPath} from '../model/ids.ts';
import type {Flag} from '../model/message.ts';

/** A message as it is to be there: `date` is INTERNALDATE, in ms since the epoch. */
export type Letter = {
	readonly key: string;
	readonly flags: readonly Flag[];
	readonly date: number;
	/** The key of one that may be the same message: where it is, octet for octet, nothing is put there. */
	readonly sameAs?: string | undefined;
};

export type LocalPlace = {
	/** Made where it is new, and looked into. */
	begin(): Promise<void>;
	/** Which of these are there or elsewhere in local mail, with so many octets. */
	whole(sizes: ReadonlyMap<string, number>): Promise<ReadonlySet<string>>;
	/** Puts messages there and reads them back; resolves to the keys they have. After a failure some of them may be there. */
	deliver(messages: readonly (Letter & {readonly octets: Buffer})[]): Promise<readonly string[]>;
	/** How many octets of a long message are here for certain, and the first of them. */
	begun(key: string, sizeBytes: number): Promise<{readonly heldBytes: number; readonly start: Buffer}>;
	/** The next octets of it. */
	write(key: string, octets: Buffer, offset: number): Promise<void>;
	/** All of its octets are written: puts it there. Resolves to the key it has. */
	finish(letter: Letter & {readonly sizeBytes: number}): Promise<string>;
};

export type LocalMail = {
	/** Is there and may be written to; made at first use, unless `knowsMail`: mail was put there before. */
	readonly begin: (knowsMail: boolean) => Promise<void>;
	/** The place of the mailbox `work/INBOX` and the like. */
	readonly place: (mailbox: MailboxPath) => LocalPlace | Promise<LocalPlace>;
};
