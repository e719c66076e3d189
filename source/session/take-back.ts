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
	const {sequelState, sequel} = mail.find(id) ?? {};
	if (sequelState !== 'to-come') return 'too-late';
	const draft = mail.draftOf(id);
	if (draft === undefined) return 'no-draft';
	const drafts = new Drafts(folder);
	// Its copy on the server is known by its name.
	const former = sequel?.draft?.id;
	const isFree = former !== undefined && drafts.find(former) === undefined;
	const draftId = drafts.save(draft, {savedAt: now, ...(isFree ? {id: former} : {})});
	if (mail.remove(id)) return {subject: draft.subject};
	drafts.remove(draftId);
	return 'too-late';
}
