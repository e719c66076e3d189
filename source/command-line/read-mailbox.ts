/**
 * A word that names a mailbox. Pure. Throws a UsageProblem.
 */
import {inbox, type MailboxPath, mailboxPath} from '../model/ids.ts';
import {UsageProblem} from './usage-problem.ts';

/** `looks`: how the whole command is written. */
export function readMailbox(word: string | undefined, looks: string): MailboxPath {
	if (word === undefined || word === '') throw new UsageProblem(`say which mailbox: ${looks}`);
	// The one name that is the same in any case (RFC 9051 §5.1).
	return /^inbox$/i.test(word) ? inbox : mailboxPath(word);
}
