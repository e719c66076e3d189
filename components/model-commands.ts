/**
 * Another model for one mailbox, where a screen says which is meant.
 */
import type {MailboxPath} from '../source/model/ids.ts';
import type {Session} from '../source/session/session.ts';
import type {Program} from './places.ts';
import type {Handlers} from './use-commands.ts';

export const modelCommands = (session: Session, mailbox: MailboxPath | undefined, program: Program): Handlers => ({
	mailboxDisconnected: mailbox && (() => program.chooseModel(session, 'disconnected', mailbox)),
	mailboxOffline: mailbox && (() => program.offerOffline(session, mailbox)),
	mailboxOnline: mailbox && (() => program.chooseModel(session, 'online', mailbox)),
});
