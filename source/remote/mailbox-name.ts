/**
 * Mailbox names between us and the server: modified UTF-7 (RFC 3501 §5.1.3) unless UTF8=ACCEPT is on (RFC 6855).
 * A name goes back exactly as it came, since a server may spell one in a way we would not.
 */
import iconv from 'iconv-lite';
import {inbox, type MailboxPath, mailboxPath} from '../model/ids.ts';

export class MailboxNames {
	readonly #spelled = new Map<MailboxPath, string>();
	isUtf8 = false;

	/** The name as the server spelled it → ours. */
	learn(spelled: string): MailboxPath {
		const path = this.#decode(spelled);
		this.#spelled.set(path, spelled);
		return path;
	}

	/** Ours → as the server spelled it, or as it would. */
	spell(path: MailboxPath): string {
		const known = this.#spelled.get(path);
		if (known !== undefined) return known;
		return this.isUtf8 ? path : iconv.encode(path, 'utf-7-imap').toString('latin1');
	}

	#decode(spelled: string): MailboxPath {
		if (spelled.toUpperCase() === 'INBOX') return inbox;
		return mailboxPath(
			this.isUtf8 || !spelled.includes('&') ? spelled : iconv.decode(Buffer.from(spelled), 'utf-7-imap'),
		);
	}
}

/** A mailbox name as an argument: an atom where it can be one (RFC 9051 §9, ASTRING-CHAR), two bytes less. */
export const asArgument = (spelled: string): {type: string; value: string} => ({
	type: /^[A-Za-z0-9._/-]+$/.test(spelled) ? 'ATOM' : 'STRING',
	value: spelled,
});
