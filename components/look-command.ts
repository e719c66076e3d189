/**
 * Asking for news: online the server is asked at once; disconnected a call is planned, and asks before it does anything.
 */
import type {MailboxPath} from '../source/model/ids.ts';
import {modelOf, models} from '../source/model/model.ts';
import type {Session} from '../source/session/session.ts';
import {emptyMemory} from './memory.ts';
import type {Program} from './places.ts';

export const openCall = (session: Session, program: Program): void =>
	program.open({screen: 'call', memory: emptyMemory()}, session.account);

/** `mailbox`: the one that is looked at, if it is one; `isList`: the list of mailboxes is looked at. */
export function lookCommand(
	session: Session,
	program: Program,
	{mailbox, isList = false}: {readonly mailbox?: MailboxPath | undefined; readonly isList?: boolean} = {},
): () => void {
	return () => {
		const chosen = session.models.get();
		const model = mailbox === undefined ? chosen.account : modelOf(chosen, mailbox);
		if (!models[model].dialsByItself) return openCall(session, program);
		session.look();
		if (isList) session.ensureMailboxes({isFresh: true});
	};
}
