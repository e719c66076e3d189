/**
 * Why a decision could not be done, and what to do about it, in plain words that fit a status line. Pure. The rules are in
 * docs/protocol.md, "When others have been there first".
 */
import type {Failure} from '../model/failure.ts';
import type {MailboxPath} from '../model/ids.ts';
import {countOf} from '../model/operation-words.ts';
import {type SafeText, safeLine} from '../model/safe-text.ts';
import type {Step} from './replay-step.ts';

/** The server said NO to a step. */
export function refusalWords({sentence, code, kind}: Failure, step: Step): SafeText {
	// What could not be put together there is nothing about the mailbox; the letter it is a copy of was sent.
	if (code === 'BADURL')
		return safeLine(`${sentence.replace(/\.$/, '')}. It was sent all the same, and no copy can be filed`);
	const to = 'to' in step ? step.to : undefined;
	if (to !== undefined && (code === 'TRYCREATE' || code === 'NONEXISTENT' || kind === 'gone'))
		return safeLine(`no mailbox ${to}: create it (:mailbox create ${to}), then try again`);
	if (code === 'OVERQUOTA') return safeLine(`${sentence.replace(/\.$/, '')}. Make room there, then try this again`);
	return sentence;
}

/** The mailbox could not be opened. */
export const notOpenedWords = (mailbox: MailboxPath, {sentence, kind}: Failure): SafeText =>
	kind === 'gone' ? safeLine(`no mailbox ${mailbox} any more: if it was renamed, decide this anew there`) : sentence;

/** `of` messages of one operation, `count` are not where they were. */
export function goneWords(mailbox: MailboxPath, count: number, of: number): SafeText {
	const [who, them] = count === 1 ? ['it is', 'it'] : ['they are', 'them'];
	const some = count === of ? who : count === 1 ? `one of ${of} is` : `${count} of ${of} are`;
	return safeLine(`${some} not in ${mailbox} any more: another client moved or removed ${them}`);
}

/** A mailbox that was to be deleted has messages in it that nobody knew of; `isSince`: they came after that was decided. */
export function arrivedWords(mailbox: MailboxPath, count: number, isSince: boolean): SafeText {
	const [are, them] = count === 1 ? ['is', 'it'] : ['are', 'them'];
	const what = isSince
		? `${countOf(count)} came to ${mailbox} since you decided this`
		: `${countOf(count)} ${are} in ${mailbox}, unknown here when you decided this`;
	return safeLine(`${what}: look at ${them} and delete it again, or try this again to delete ${them} too`);
}

/** The server would not say whether anything is in a mailbox that was to be deleted. */
export const unsaidWords = (mailbox: MailboxPath): SafeText =>
	safeLine(`the server does not say what is in ${mailbox}, so it stays: look into it, then try this again`);
