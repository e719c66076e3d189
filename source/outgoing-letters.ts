/** The mail of an account that is on its way out, as `bonsai outbox` shows and changes it. */
import type {OutgoingMessage} from './commands/outbox.ts';
import {Undone} from './commands/undone.ts';
import type {Config} from './config.ts';
import type {Account} from './model/account.ts';
import {safeLine} from './model/safe-text.ts';
import {subjectIn} from './session/letter-subject.ts';
import {OutgoingMail} from './store/outgoing.ts';

/** Throws an Undone when what is to be done to one cannot be. */
export function outgoingLetters(
	config: Config,
	{name}: Account,
	{again, discard}: {readonly again: string | undefined; readonly discard: string | undefined},
): readonly OutgoingMessage[] {
	const mail = new OutgoingMail(config.accountFolder(name));
	mail.recover();
	if (again !== undefined && !mail.again(again)) throw new Undone(missing(again));
	if (discard !== undefined && !mail.remove(discard)) throw new Undone(missing(discard));
	return mail
		.all()
		.filter(({state}) => state !== 'sent')
		.map(each => ({...each, subject: subjectIn(each.letter.file)}));
}

const missing = (id: string) => safeLine(`There is no mail ${id} in the outbox, or it is being sent right now`);
