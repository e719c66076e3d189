/**
 * Where the mail of an offline mailbox is: in local mail, another account. Who opens the mailbox sees that, and everything
 * that is done there is done in that account; what stays on the server is the account's own list (`:left`). Pure.
 */
import {localName, type MailboxPath} from '../source/model/ids.ts';
import type {MailboxList} from '../source/model/mailbox.ts';
import type {Session} from '../source/session/session.ts';
import type {SeenMailbox} from './mailbox-rows.ts';
import type {Place} from './places.ts';
import type {At} from './stacks.ts';

export type Seen = {readonly session: Session; readonly place: Place};
export type Found = {readonly session: Session; readonly path: MailboxPath};

/** The account of local mail; of several that of this name. */
export const localOf = (sessions: readonly Session[]): Session | undefined =>
	sessions.find(each => each.account === localName) ?? sessions.find(each => each.link.get().isLocal);

/** The account and place that are shown for those one is at. */
export function seenAt(session: Session, place: Place, sessions: readonly Session[]): Seen {
	if (place.screen !== 'messages' || place.isLeft) return {session, place};
	const local = session.isOffline(place.mailbox) ? localOf(sessions) : undefined;
	if (local === undefined) return {session, place};
	return {session: local, place: {...place, mailbox: session.localOf(place.mailbox), isOffline: true}};
}

/**
 * The account one is in, of a message too that was opened in an offline mailbox: its mailboxes are listed and its calls made
 * from there, though the message is local mail.
 */
export function homeOf(stack: readonly At[], sessions: readonly Session[]): Session | undefined {
	const of = ({account}: At): Session | undefined => sessions.find(each => each.account === account);
	const top = stack.at(-1);
	if (top === undefined) return undefined;
	const placed = of(top);
	const isOfMessage = top.place.screen === 'message' || top.place.screen === 'parts' || top.place.screen === 'viewer';
	if (!isOfMessage || placed === undefined || placed !== localOf(sessions)) return placed;
	const list = stack.findLast(({place}) => place.screen === 'messages');
	const home = list && of(list);
	return list && home && seenAt(home, list.place, sessions).session === placed ? home : placed;
}

/** Where the mail of a mailbox is: of an offline one in local mail. */
export function mailOf(found: Found, sessions: readonly Session[]): Found {
	const local = found.session.isOffline(found.path) ? localOf(sessions) : undefined;
	return local === undefined ? found : {session: local, path: found.session.localOf(found.path)};
}

/** The mailboxes of an account as who opens them sees them: an offline one with the counts of its local mailbox. */
export function seenMailboxes(
	session: Session,
	{mailboxes}: MailboxList,
	local: MailboxList | undefined,
): readonly SeenMailbox[] {
	if (local === undefined) return mailboxes;
	return mailboxes.map(mailbox => {
		if (!mailbox.isSelectable || !session.isOffline(mailbox.path)) return mailbox;
		const path = session.localOf(mailbox.path);
		const found = local.mailboxes.find(each => each.path === path);
		// It is made when the first message comes.
		const none = local.state === 'known' ? 0 : undefined;
		const {messages, unseen} = found ?? {messages: none, unseen: none};
		return {...mailbox, messages, unseen, isOffline: true};
	});
}
