/** The mailboxes of local mail: which there are, what they are for, how they stand; and those that are made, renamed, deleted. */
import {Failure} from '../model/failure.ts';
import {inbox, type MailboxPath} from '../model/ids.ts';
import {type SpecialUse, specialUses} from '../model/mailbox.ts';
import type {MailboxFact, StatusFact} from '../remote/remote.ts';
import type {MaildirIndex} from '../store/maildir-index.ts';
import {LocalMailbox} from './local-mailbox.ts';
import {type MailboxFolders, nonexistent} from './mailbox-folders.ts';

const knownUses: Readonly<Record<string, SpecialUse>> = {
	INBOX: 'inbox',
	Archive: 'archive',
	Drafts: 'drafts',
	Junk: 'junk',
	Sent: 'sent',
	Trash: 'trash',
};

const nothingKnown: StatusFact = {
	messages: undefined,
	unseen: undefined,
	uidValidity: undefined,
	uidNext: undefined,
	highestModseq: undefined,
};

export class LocalMailboxes {
	readonly #folders: MailboxFolders;
	readonly #index: MaildirIndex;
	/** Mailboxes by purpose, where the account says so. */
	readonly #chosen: Readonly<Record<string, string>>;

	constructor(folders: MailboxFolders, index: MaildirIndex, chosen: Readonly<Record<string, string>>) {
		this.#folders = folders;
		this.#index = index;
		this.#chosen = chosen;
	}

	/** Throws a Failure that says which one is missing, unless the folder of all of them is. */
	async existing(mailbox: MailboxPath, missing = nonexistent): Promise<LocalMailbox> {
		if (!(await this.#has(mailbox))) {
			await this.#folders.expectThere();
			throw missing(mailbox);
		}
		return new LocalMailbox(mailbox, this.#folders, this.#index);
	}

	/** No folder has a name that can be none. */
	#has(mailbox: MailboxPath): Promise<boolean> {
		return this.#folders.has(mailbox).catch(error => {
			if (error instanceof Failure && error.code === 'CANNOT') return false;
			throw error;
		});
	}

	async list(): Promise<MailboxFact[]> {
		const facts: MailboxFact[] = [];
		for (const {path, isSelectable} of await this.#folders.list()) {
			const status = isSelectable ? await this.#statusOf(path) : nothingKnown;
			facts.push({path, delimiter: '/', specialUse: this.#purposeOf(path), isSelectable, ...status});
		}
		return facts;
	}

	#purposeOf(mailbox: MailboxPath): SpecialUse | undefined {
		const known = knownUses[mailbox];
		const isFree = known !== undefined && this.#chosen[known] === undefined;
		return specialUses.find(use => this.#chosen[use] === mailbox) ?? (isFree ? known : undefined);
	}

	/** Undefined: there is none. */
	async status(mailbox: MailboxPath): Promise<StatusFact | undefined> {
		return (await this.#has(mailbox)) ? this.#statusOf(mailbox) : undefined;
	}

	async #statusOf(path: MailboxPath): Promise<StatusFact> {
		const mailbox = new LocalMailbox(path, this.#folders, this.#index);
		await mailbox.look();
		const {uidValidity, uidNext} = mailbox.indexed;
		return {...mailbox.counts(), uidValidity, uidNext, highestModseq: undefined};
	}

	create(mailbox: MailboxPath): Promise<void> {
		return this.#folders.create(mailbox);
	}

	async rename(from: MailboxPath, to: MailboxPath): Promise<void> {
		await this.#folders.rename(from, to);
		this.#index.renameMailbox(from, to);
		// There is always one (RFC 9051 §6.3.6).
		if (from === inbox) await this.#folders.create(inbox);
	}

	async remove(mailbox: MailboxPath): Promise<void> {
		await this.#folders.remove(mailbox);
		this.#index.forgetMailbox(mailbox);
	}
}
