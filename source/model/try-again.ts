/** Which refused decisions may be sent again. Pure. */
import type {MailboxPath} from './ids.ts';
import type {Operation} from './operation.ts';
import {type SafeText, safeLine} from './safe-text.ts';

/** The UIDs it was decided by are of a UIDVALIDITY that is no more: it can never be sent. */
export const renumberedWords = (mailbox: MailboxPath): SafeText =>
	safeLine(`the server has renumbered ${mailbox}, so nobody can tell which message was meant`);

/** Unless that is all it was refused for. */
export const mayTryAgain = ({state, refusal, targets}: Operation): boolean =>
	state === 'refused' && !targets.some(({place}) => refusal === renumberedWords(place.mailbox));
