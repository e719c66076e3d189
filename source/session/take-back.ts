/** A letter becomes a draft again, as long as nobody has it. */
import type {AccountName} from '../model/ids.ts';
import {Drafts} from '../store/drafts.ts';
import type {OutgoingMail} from '../store/outgoing.ts';

type Places = {
	/** Of the account whose letter it is: where it becomes a draft when nobody knows where it was one. */
	readonly folder: string;
	/** Of another, in which it was written and which knows its copy on the server. */
	readonly folderOf: ((account: AccountName) => string | undefined) | undefined;
};

/**
 * The draft is on the disk before the letter goes. `now`: ms since the epoch. Returns its subject;
 * or why not: it was not written here, or it is too late. Throws what the file system throws.
 */
export function takeBack(
	mail: OutgoingMail,
	id: string,
	{folder, folderOf, now}: Places & {readonly now: number},
): {readonly subject: string} | 'no-draft' | 'too-late' {
	// Of one that some have already the rest can be sent or thrown away.
	const {sequelState, sequel} = mail.find(id) ?? {};
	if (sequelState !== 'to-come') return 'too-late';
	const draft = mail.draftOf(id);
	if (draft === undefined) return 'no-draft';
	const origin = sequel?.draft && folderOf?.(sequel.draft.account);
	const drafts = new Drafts(origin ?? folder);
	// Its copy on the server is known by its name.
	const former = sequel?.draft?.id;
	const isFree = former !== undefined && drafts.find(former) === undefined;
	const draftId = drafts.save(draft, {savedAt: now, ...(isFree ? {id: former} : {})});
	if (mail.remove(id)) return {subject: draft.subject};
	drafts.remove(draftId);
	return 'too-late';
}
