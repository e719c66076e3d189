/**
 * Where the mail of an offline mailbox is: in local mail, another account. Who opens the mailbox sees that, and everything
 * that is done there is done in that account; what stays on the server is the account's own list (`:left`). Pure.
 */
import {localName} from '../source/model/ids.ts';
import type {Session} from '../source/session/session.ts';
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
