/**
 * What a mailbox is for: what the server says (RFC 6154), else the account's setting, else a known name
 * (imapflow's table of them in forty languages).
 */
import {specialUse as byName} from 'imapflow/lib/special-use.js';
import type {Account} from '../model/account.ts';
import {inbox, type MailboxPath} from '../model/ids.ts';
import {type SpecialUse, specialUses} from '../model/mailbox.ts';

const isSpecialUse = (word: string): word is SpecialUse => (specialUses as readonly string[]).includes(word);
const use = (flag: string): SpecialUse | undefined => {
	const word = flag.replace(/^\\/, '').toLowerCase();
	return isSpecialUse(word) ? word : undefined;
};

type Named = {readonly path: MailboxPath; readonly delimiter: string; readonly attributes: readonly string[]};

/** The use of each mailbox. No use is given twice; what the server says wins. */
export function findSpecialMailboxes(
	mailboxes: readonly Named[],
	account: Account,
): ReadonlyMap<MailboxPath, SpecialUse> {
	const found = new Map<MailboxPath, SpecialUse>([[inbox, 'inbox']]);
	const taken = new Set<SpecialUse>(['inbox']);
	const give = (path: MailboxPath, purpose: SpecialUse | undefined): void => {
		if (purpose === undefined || taken.has(purpose) || found.has(path)) return;
		found.set(path, purpose);
		taken.add(purpose);
	};
	for (const {path, attributes} of mailboxes) for (const attribute of attributes) give(path, use(attribute));
	for (const [purpose, path] of Object.entries(account.specialMailboxes)) {
		if (isSpecialUse(purpose)) for (const mailbox of mailboxes) if (mailbox.path === path) give(mailbox.path, purpose);
	}
	for (const {path, delimiter} of mailboxes) {
		const levels = delimiter === '' ? [path as string] : path.split(delimiter);
		// A folder of the user's own deep in the tree that happens to be named so is not meant.
		if (levels.length > 2 || (levels.length === 2 && levels[0]?.toUpperCase() !== 'INBOX')) continue;
		const guessed = byName(false, {name: levels.at(-1) ?? '', flags: new Set<string>()} as never) as
			| {flag?: string | null}
			| undefined;
		if (guessed?.flag) give(path, use(guessed.flag));
	}
	return found;
}
