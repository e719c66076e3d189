/**
 * A draft becomes a letter in the queue of the account that sends it: whole and on the disk, or nothing of it.
 */
import {emptyDraft} from '../model/draft.ts';
import type {AccountName} from '../model/ids.ts';
import type {Posting, Sequel} from '../model/outgoing.ts';
import {ours, type SafeText, safeLine} from '../model/safe-text.ts';
import {maySend} from '../model/sending.ts';
import {Drafts} from '../store/drafts.ts';
import {OutgoingMail} from '../store/outgoing.ts';
import type {PostOptions} from './post.ts';

type QueueingOptions = Pick<PostOptions, 'account' | 'folder' | 'folderOf' | 'makeLetter' | 'undoMs' | 'clock'>;

/** Ms since the epoch. */
export type Queued = {readonly mail: OutgoingMail; readonly id: string; readonly madeAt: number};

/** Never rejects: it says why not. */
export async function queueLetter(
	posting: Posting,
	sender: AccountName,
	{account, folder, folderOf, makeLetter, undoMs, clock}: QueueingOptions,
): Promise<Queued | {readonly because: SafeText}> {
	const queue = sender === account.name ? folder : folderOf?.(sender);
	if (queue === undefined || makeLetter === undefined)
		return {because: safeLine(`${sender} keeps nothing on the disk, so nothing can be sent by it`)};
	if (sender === account.name && !maySend(account.sending)) return {because: noWay(sender)};
	const now = clock();
	let writing: ReturnType<OutgoingMail['begin']> | undefined;
	try {
		const {pieces, ...made} = await makeLetter(posting.draft, now);
		const mail = new OutgoingMail(queue);
		writing = mail.begin();
		for await (const each of pieces) writing.add(each);
		const sequel = {
			isFiled: true,
			answers: posting.answers ?? [],
			forwards: posting.forwards ?? [],
			...(posting.draft.resends ? {isResent: true as const} : {}),
			...ofDraft(posting, account.name),
		};
		const times = {madeAt: now, notBefore: now + undoMs, sendAt: posting.notBefore ?? 0};
		const {id} = writing.commit({...made, ...times, sequel}, posting.draft);
		return {mail, id, madeAt: now};
	} catch (error) {
		try {
			writing?.abandon();
		} catch {
			// What was written of it is swept away later.
		}
		const {code, message} = error as NodeJS.ErrnoException;
		if (code === 'ENOSPC') return {because: ours('The disk is full: the message stays a draft')};
		return {because: safeLine(`It cannot be sent as it is: ${message}`)};
	}
}

/**
 * A kill between a letter and the draft it was leaves both, and a draft is there to be sent: once more. One that says what its
 * letter says, and was not saved since, as one that is taken back is, goes. Throws what the file system throws.
 */
export function removeQueued(mail: OutgoingMail, folderOf: (account: AccountName) => string | undefined): void {
	for (const {id, madeAt, sequel} of mail.all()) {
		const queued = sequel.draft && mail.draftOf(id);
		const folder = sequel.draft && folderOf(sequel.draft.account);
		if (sequel.draft === undefined || queued === undefined || folder === undefined) continue;
		const drafts = new Drafts(folder);
		const kept = drafts.kept(sequel.draft.id);
		if (kept === undefined || kept.savedAt > madeAt) continue;
		if (JSON.stringify(kept.draft) === JSON.stringify({...emptyDraft(queued.from), ...queued}))
			drafts.remove(sequel.draft.id);
	}
}

const ofDraft = ({draftId: id}: Posting, account: AccountName): Partial<Sequel> => (id ? {draft: {account, id}} : {});

const noWay = (sender: AccountName) =>
	safeLine(`${sender} has no way to send. Say how: bonsai account add ${sender} … --replace --smtp smtp://me@host:587`);
