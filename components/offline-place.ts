/**
 * Where the mail of an offline mailbox is: in local mail, another account. Who opens the mailbox sees that, and everything
 * that is done there is done in that account; what stays on the server is the account's own list (`:left`). Pure.
 */
import {localName} from '../source/model/ids.ts';
import type {MailboxList} from '../source/model/mailbox.ts';
import type {Session} from '../source/session/session.ts';
import type {SeenMailbox} from './mailbox-rows.ts';
import type {Place} from './places.ts';

export type Seen = {readonly session: Session; readonly place: Place};

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
