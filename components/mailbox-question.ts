/**
 * Going to a mailbox by its name: what may be typed, and which mailbox it means.
 */
import type {ScreenKeys} from '../source/keys/screen-keys.ts';
import {inbox, type MailboxPath, mailboxPath} from '../source/model/ids.ts';
import {ours, type SafeText, safeLine} from '../source/model/safe-text.ts';
import type {Session} from '../source/session/session.ts';
import type {Question} from './prompt.tsx';
import {safe} from './safe.ts';

/** `others` are accounts whose mailboxes may be named too, as `account/mailbox`. */
export function mailboxQuestion(
	session: Session,
	go: (name: string) => void,
	others: readonly Session[] = [],
): Question {
	return {
		kind: 'line',
		label: ours('Go to mailbox: '),
		initial: '',
		onEnter: go,
		complete: text => completed(text, [...namesIn(session), ...others.flatMap(namesOf)]),
	};
}

export const namesIn = ({mailboxes}: Session): SafeText[] => mailboxes.get().mailboxes.map(mailbox => mailbox.name);

/** Of an account nothing was asked yet, its INBOX at least. */
export function namesOf(session: Session): SafeText[] {
	const known = namesIn(session);
	return (known.length > 0 ? known : [ours('INBOX')]).map(name => safe`${safeLine(session.account)}/${name}`);
}

/** As much as all names that begin so have in common. */
export function completed(text: string, names: readonly SafeText[]): string {
	const typed = text.toLowerCase();
	const [first, ...others] = names.filter(name => name.toLowerCase().startsWith(typed));
	if (first === undefined) return text;
	let length = first.length;
	for (const other of others) {
		while (other.slice(0, length).toLowerCase() !== first.slice(0, length).toLowerCase()) length--;
	}
	return first.slice(0, length);
}

/** A known name, else a part of one that means only one mailbox, else what was typed: the server will say. */
export function findMailbox(
	session: Session,
	name: string,
	keys: ScreenKeys,
): MailboxPath | {readonly because: SafeText} {
	const {state, mailboxes} = session.mailboxes.get();
	const wanted = name.toLowerCase();
	const exact = mailboxes.find(mailbox => mailbox.name.toLowerCase() === wanted);
	if (exact) return exact.path;
	const similar = mailboxes.filter(mailbox => mailbox.isSelectable && mailbox.name.toLowerCase().includes(wanted));
	if (similar.length === 1 && similar[0]) return similar[0].path;
	if (similar.length > 1)
		return {because: safe`${similar.length} mailboxes have ${safeLine(name)} in their name: type more of it`};
	if (state === 'known')
		return {because: safe`there is no mailbox ${safeLine(name)}: ${keys.hint('listMailboxes', 'lists them')}`};
	return mailboxPath(wanted === 'inbox' ? 'INBOX' : name);
}

/**
 * A mailbox of this account, unless the name says `account/mailbox` and this account has none of that name. In local mail it
 * does have one of that name where something was drained: while that account is offline that one is meant, else the server's.
 */
export function findAnywhere(
	session: Session,
	name: string,
	sessions: readonly Session[],
	keys: ScreenKeys,
): {readonly session: Session; readonly path: MailboxPath} | {readonly because: SafeText} {
	const slash = name.indexOf('/');
	const account = slash > 0 ? name.slice(0, slash).toLowerCase() : undefined;
	const isOwn = session.mailboxes.get().mailboxes.some(each => each.name.toLowerCase() === name.toLowerCase());
	const named = sessions.find(each => each.account.toLowerCase() === account);
	const rest = name.slice(slash + 1) || 'INBOX';
	const isMeant = session.link.get().isLocal ? !isOwn || isOnServer(named, rest) : !isOwn;
	const other = isMeant ? named : undefined;
	const found = findMailbox(other ?? session, other ? rest : name, keys);
	return typeof found === 'object' ? found : {session: other ?? session, path: found};
}

function isOnServer(session: Session | undefined, name: string): boolean {
	if (session === undefined || session.link.get().isLocal) return false;
	const wanted = name.toLowerCase();
	const found = session.mailboxes.get().mailboxes.find(each => each.name.toLowerCase() === wanted);
	const path = found?.path ?? (wanted === 'inbox' ? inbox : undefined);
	return path !== undefined && !session.isOffline(path);
}
