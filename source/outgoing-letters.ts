/** The mail of an account that is on its way out, as `bonsai outbox` shows and changes it. */
import type {OutboxVerb, WantedOutbox} from './command-line/outbox-options.ts';
import type {OutgoingMessage} from './commands/outbox.ts';
import {Undone} from './commands/undone.ts';
import type {Config} from './config.ts';
import type {Account} from './model/account.ts';
import {ours, type SafeText, safeLine} from './model/safe-text.ts';
import {folderOfIn} from './send-outgoing.ts';
import {subjectIn} from './session/letter-subject.ts';
import {takeBack} from './session/take-back.ts';
import {OutgoingMail} from './store/outgoing.ts';

/** Throws an Undone when what is to be done to one cannot be. */
export function outgoingLetters(config: Config, {name}: Account, {about}: WantedOutbox): readonly OutgoingMessage[] {
	const folder = config.accountFolder(name);
	const mail = new OutgoingMail(folder);
	mail.recover();
	if (about !== undefined && 'letter' in about) {
		const because = done(config, mail, about.letter, folder)[about.verb]();
		if (because !== '') throw new Undone(because);
	}
	return mail
		.all()
		.filter(({state}) => state !== 'sent')
		.map(each => ({...each, subject: subjectIn(each.letter.file)}));
}

/** '' when it is done, else why it cannot be. */
function done(
	config: Config,
	mail: OutgoingMail,
	id: string,
	folder: string,
): Readonly<Record<OutboxVerb, () => SafeText>> {
	const there = (isDone: boolean): SafeText => (isDone ? ours('') : missing(id));
	const waiting = (isDone: boolean): SafeText => (isDone ? ours('') : safeLine(`The mail ${id} does not wait`));
	return {
		again: () => there(mail.again(id)),
		discard: () => there(mail.remove(id)),
		hold: () => waiting(mail.setHeld(id, true)),
		release: () => waiting(mail.setHeld(id, false)),
		arrived: () =>
			mail.arrived(id, Date.now()) ? ours('') : safeLine(`Of the mail ${id} that is no question: it is not unknown`),
		undo() {
			const taken = takeBack(mail, id, {folder, folderOf: folderOfIn(config), now: Date.now()});
			if (taken === 'no-draft')
				return safeLine(`The mail ${id} was not written in Bonsai, so it can be no draft: --discard throws it away`);
			return taken === 'too-late' ? missing(id) : ours('');
		},
	};
}

const missing = (id: string) => safeLine(`There is no mail ${id} in the outbox, or it is being sent right now`);
