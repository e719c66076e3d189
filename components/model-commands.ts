/**
 * Another model for one mailbox, where a screen says which is meant.
 */
import type {MailboxPath} from '../source/model/ids.ts';
import type {Session} from '../source/session/session.ts';
import type {Handlers} from './use-commands.ts';

export const modelCommands = (session: Session, mailbox: MailboxPath | undefined): Handlers => ({
	mailboxDisconnected: mailbox && (() => session.chooseModel('disconnected', mailbox)),
	mailboxOnline: mailbox && (() => session.chooseModel('online', mailbox)),
});
