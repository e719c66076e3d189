/**
 * Drafts of one account that lie on its server too: what is saved, sent or thrown away here becomes an operation of the log,
 * which has all the rest (replay-drafts.ts).
 *
 * Laws: the draft on this disk is what counts; its copy is not touched before the log has it on the disk; what goes up
 * unasked is within what the line does in a few seconds.
 */
import fs from 'node:fs';
import type {Account} from '../model/account.ts';
import {bytesOf} from '../model/amounts.ts';
import type {BudgetName} from '../model/budget.ts';
import type {Attachment, Draft} from '../model/draft.ts';
import type {MailboxPath} from '../model/ids.ts';
import {type DraftCopy, isSamePlace, type Place, type Use} from '../model/operation.ts';
import {ours, type SafeText, safeLine} from '../model/safe-text.ts';
import {isUnderWay} from '../store/draft-rows.ts';
import {Drafts} from '../store/drafts.ts';
import {bytesGoingUp, draftOctets, spillFile, versionOf} from './draft-octets.ts';
import type {Operations} from './operations.ts';
import type {MakeDraftOctets} from './replay-drafts.ts';
import type {Tell} from './session.ts';
import type {MakeDraft} from './session-options.ts';

type ServerDraftsOptions = {
	readonly account: Account;
	/** Where drafts and the log are kept; undefined: nowhere. */
	readonly folder: string | undefined;
	readonly make: MakeDraft | undefined;
	readonly operations: Operations;
	readonly special: (use: Use) => MailboxPath | '' | undefined;
	/** Ms since the epoch. */
	readonly clock: () => number;
	readonly budget: () => BudgetName;
	/** Measured; undefined: not yet. */
	readonly bytesPerSecond: () => number | undefined;
	/** Nobody sees a plan before it goes. */
	readonly isSentAtOnce: () => boolean;
	readonly tell: Tell;
};

/** So much goes up without a question, and where the line is known to be fast what it takes in so many seconds. */
const mostUnaskedBytes: Readonly<Record<BudgetName, number>> = {free: 256 * 1024, metered: 16 * 1024};
const mostUnaskedSeconds = 10;

export class ServerDrafts {
	readonly #options: ServerDraftsOptions;
	/** Those of which something attached was still to come. */
	readonly #lacking = new Set<string>();

	constructor(options: ServerDraftsOptions) {
		this.#options = options;
	}

	get #isOn(): boolean {
		const {account, folder, make, operations} = this.#options;
		const isWanted = account.folder === '' && account.sending.drafts === 'server';
		return isWanted && folder !== undefined && make !== undefined && operations.log !== undefined;
	}

	/** One leaves it: it is to be on the server as it is now. */
	keep(id: string): void {
		const {folder, operations, special, clock, isSentAtOnce, tell} = this.#options;
		if (!this.#isOn || folder === undefined || special('drafts') === '') return;
		this.#guarded(() => {
			const saved = new Drafts(folder).find(id);
			const known = operations.log?.drafts.find(id);
			if (saved === undefined || saved.draft.resends !== undefined) return;
			const isThere = known?.state === 'kept' && known.targetState === 'done';
			if (isThere && known.change.copy?.version === versionOf(saved)) return;
			const bytes = bytesGoingUp(saved, known?.change.copy);
			const operation = operations.log?.recordDraft(id, bytes, clock());
			const isDear = isSentAtOnce() && bytes > this.#mostUnasked;
			// What was let go once is not asked about again, unless it has become dear.
			const isHeld = operation !== undefined && operations.log?.setHeld(operation, isDear) && isDear;
			if (isHeld)
				tell(
					'done',
					safeLine(`The draft is kept here: to save it on the server too costs ${bytesOf(bytes)}`),
					'outbox',
				);
			this.#recorded();
		});
	}

	get #mostUnasked(): number {
		const {budget, bytesPerSecond} = this.#options;
		const most = mostUnaskedBytes[budget()];
		return budget() === 'free' ? Math.max(most, mostUnaskedSeconds * (bytesPerSecond() ?? 0)) : most;
	}

	/** A download is over, perhaps of what was attached to one. */
	arrived(): void {
		const {folder} = this.#options;
		if (folder === undefined || this.#lacking.size === 0) return;
		for (const id of this.#lacking) {
			if (new Drafts(folder).find(id)?.draft.attachments.some(isToCome)) continue;
			this.#lacking.delete(id);
			this.keep(id);
		}
	}

	/** It is on its way as mail: nothing more of it goes up, and its copy stays until that is taken. */
	queued(id: string): void {
		this.#guarded(() => {
			this.#options.operations.log?.withdrawDraft(id);
			this.#recorded();
		});
	}

	/**
	 * The same with its attachments where they are by now: with each saving they are in another message. While one is under way
	 * that is not known.
	 */
	placed(id: string, draft: Draft): Draft {
		const {operations, account} = this.#options;
		const known = operations.log?.drafts.find(id);
		const copy = known?.change.copy;
		if (known === undefined || copy === undefined || known.place.uid === 0 || isUnderWay(known)) return draft;
		const attachments = draft.attachments.map(attachment => {
			const {at, file: _, ...rest} = attachment;
			const part = at && copy.parts.find(({of}) => !('file' in of) && isSamePlace(of, at) && of.part === at.part);
			if (part === undefined) return attachment;
			const {sizeBytes, encoding} = part;
			return {...rest, at: {...known.place, account: account.name, part: part.part, sizeBytes, encoding}};
		});
		return {...draft, attachments};
	}

	/** It is over. */
	drop(id: string): void {
		this.#guarded(() => {
			this.#options.operations.log?.dropDraft(id, this.#options.clock());
			this.#recorded();
		});
	}

	/** One that lies on the server is written on here. Returns which draft it is, when it was begun here. */
	adopt(id: string, place: Place, copy: DraftCopy): string {
		let known = id;
		// Wherever drafts are kept: sent, it replaces that message.
		if (this.#options.folder !== undefined)
			this.#guarded(() => {
				known = this.#options.operations.log?.adoptDraft(id, place, copy, this.#options.clock()) ?? id;
			});
		return known;
	}

	#recorded(): void {
		const {operations} = this.#options;
		operations.log?.hold();
		operations.reload();
		operations.sendOn();
	}

	/** The draft is on the disk all the same. */
	#guarded(work: () => void): void {
		try {
			work();
		} catch (error) {
			const {message} = error as Error;
			this.#options.tell('problem', safeLine(`The draft is on this disk only: ${message}`));
		}
	}

	readonly octetsOf: MakeDraftOctets = async (change, place, {mayUsePieces}) => {
		const {account, folder, make, clock} = this.#options;
		if (folder === undefined || make === undefined) return undefined;
		try {
			const saved = new Drafts(folder).find(change.draft);
			if (saved === undefined || (place.uid > 0 && versionOf(saved) === change.copy?.version)) return undefined;
			if (saved.draft.attachments.some(isToCome)) this.#lacking.add(change.draft);
			const older = {place, copy: change.copy, mayUsePieces};
			const spill = spillFile(folder, change.draft);
			return await draftOctets(saved, older, {account: account.name, make, spill, now: clock()});
		} catch (error) {
			return {because: cannotRead(error)};
		}
	};
}

const isToCome = ({file}: Attachment): boolean => file !== undefined && !fs.existsSync(file);

const cannotRead = (error: unknown): SafeText => {
	const {code, message} = error as NodeJS.ErrnoException;
	return code === 'ENOSPC'
		? ours('the disk is full, and a long draft is put together there before it goes up')
		: safeLine(`the draft cannot be put together: ${message}`);
};
