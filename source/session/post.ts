/**
 * Mail of one account: a draft becomes a letter in the queue on the disk (store/outgoing.ts), in which it is the user's
 * decision to send it.
 *
 * Laws: a letter is on the disk, whole, before its draft goes; at every instant there is one or the other, and after a
 * crash between the two both, never neither.
 */
import type {Account} from '../model/account.ts';
import type {AccountName} from '../model/ids.ts';
import type {Posted, Posting} from '../model/outgoing.ts';
import {ours, safeLine} from '../model/safe-text.ts';
import {maySend} from '../model/sending.ts';
import {Drafts} from '../store/drafts.ts';
import {OutgoingMail} from '../store/outgoing.ts';
import type {Post} from './session.ts';
import type {MakeLetter, SessionOptions} from './session-options.ts';

type PostOptions = {
	readonly account: Account;
	readonly folder: string | undefined;
	/** Where another account keeps what leaves by it. */
	readonly folderOf: SessionOptions['folderOf'];
	readonly makeLetter: MakeLetter | undefined;
	/** Ms since the epoch. */
	readonly clock: () => number;
};

export class PostOfSession implements Post {
	readonly #options: PostOptions;

	constructor(options: PostOptions) {
		this.#options = options;
	}

	get maySend(): boolean {
		const {account, folder, makeLetter} = this.#options;
		return folder !== undefined && makeLetter !== undefined && maySend(account.sending);
	}

	async send(posting: Posting): Promise<Posted> {
		const {account, folder} = this.#options;
		const {draftId, account: sender = account.name} = posting;
		const queued = await this.#queue(posting, sender);
		if ('because' in queued || draftId === undefined || folder === undefined) return queued;
		try {
			new Drafts(folder).remove(draftId);
		} catch {
			// It is on its way all the same; a draft too many is thrown away by hand.
		}
		return queued;
	}

	async #queue(posting: Posting, sender: AccountName): Promise<Posted> {
		const {account, folder, folderOf, makeLetter, clock} = this.#options;
		const queue = sender === account.name ? folder : folderOf?.(sender);
		if (queue === undefined || makeLetter === undefined)
			return {because: safeLine(`${sender} keeps nothing on the disk, so nothing can be sent by it`)};
		if (sender === account.name && !maySend(account.sending)) return {because: noWay(sender)};
		const now = clock();
		let writing: ReturnType<OutgoingMail['begin']> | undefined;
		try {
			const {octets, ...made} = await makeLetter(posting.draft, now);
			writing = new OutgoingMail(queue).begin();
			for await (const each of octets) writing.write(each);
			const sequel = {isFiled: true, answers: posting.answers ?? [], forwards: posting.forwards ?? []};
			const {id} = writing.commit({...made, madeAt: now, notBefore: posting.notBefore ?? 0, sequel});
			return {id, account: sender};
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
}

const noWay = (sender: AccountName) =>
	safeLine(`${sender} has no way to send. Say how: bonsai account add ${sender} … --replace --smtp smtp://me@host:587`);
