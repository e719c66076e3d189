/** A letter becomes a draft again, as long as nobody has it. */
import {Drafts} from '../store/drafts.ts';
import type {OutgoingMail} from '../store/outgoing.ts';

/**
 * The draft is on the disk before the letter goes. `folder`: of the account; `now`: ms since the epoch. Returns its subject;
 * or why not: it was not written here, or it is too late. Throws what the file system throws.
 */
export function takeBack(
	mail: OutgoingMail,
	id: string,
	{folder, now}: {readonly folder: string; readonly now: number},
): {readonly subject: string} | 'no-draft' | 'too-late' {
	// Of one that some have already the rest can be sent or thrown away.
	if (mail.find(id)?.sequelState !== 'to-come') return 'too-late';
	const draft = mail.draftOf(id);
	if (draft === undefined) return 'no-draft';
	const drafts = new Drafts(folder);
	const draftId = drafts.save(draft, {savedAt: now});
	if (mail.remove(id)) return {subject: draft.subject};
	drafts.remove(draftId);
	return 'too-late';
}
