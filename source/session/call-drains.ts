/**
 * The offline mailboxes of one call: listed while it is planned, emptied when it goes, and then the summaries of what stays
 * on the server. docs/decisions/0037-offline.md
 */
import type {CallLine} from '../model/call.ts';
import type {MailboxPath} from '../model/ids.ts';
import {countOf} from '../model/operation-words.ts';
import {ours, type SafeText, safeJoin, safeLine} from '../model/safe-text.ts';
import type {MailboxFact} from '../remote/remote.ts';
import {howManyStay, stayingWords} from './drain-plan.ts';
import {type DrainedMailbox, drainKey} from './drained-mailbox.ts';
import type {Maildrops} from './maildrops.ts';
import type {Need} from './needs.ts';
import {type WishedMailbox, wishedKey} from './wished-mailbox.ts';
import type {Worker} from './worker.ts';

export type CallDrainsOptions = {
	readonly maildrops: Maildrops;
	readonly worker: Worker;
	/** What stays on the server, as summaries. */
	readonly staying: (path: MailboxPath, onFail: Need['fail'], onProgress: () => void) => WishedMailbox;
	/** Whether summaries of it are on the disk: they are to be brought up to date. */
	readonly isHeld: (path: MailboxPath) => boolean;
	/** Something has come of one of them, or it failed. */
	readonly onProgress: () => void;
	readonly onFail: (path: MailboxPath, because: SafeText) => void;
};

const listingKey = (path: MailboxPath): string => `call-list:${path}`;
export const isListing = (key: string): boolean => key.startsWith('call-list:');

type Drained = {readonly mailbox: DrainedMailbox; staying: WishedMailbox | undefined; isRefused: boolean};

export class CallDrains {
	readonly #options: CallDrainsOptions;
	#all = new Map<MailboxPath, Drained>();
	/** Of how many what stays is being brought, or was. */
	begun = 0;

	constructor(options: CallDrainsOptions) {
		this.#options = options;
	}

	/** Lists what has come to them. */
	list(facts: readonly MailboxFact[]): void {
		const {maildrops, worker, onProgress, onFail} = this.#options;
		this.#all = new Map();
		for (const fact of facts) {
			if (!fact.isSelectable || !maildrops.isDrained(fact) || !maildrops.isToDo(fact)) continue;
			const {path} = fact;
			const mailbox = maildrops.mailbox(path, onProgress, because => onFail(path, because));
			this.#all.set(path, {mailbox, staying: undefined, isRefused: false});
			worker.need(mailbox.listing(listingKey(path)));
		}
	}

	get isListed(): boolean {
		return [...this.#all.values()].every(({mailbox}) => mailbox.plan !== undefined || mailbox.isBroken);
	}

	isDrained(fact: MailboxFact): boolean {
		return this.#options.maildrops.isDrained(fact);
	}

	/** Undefined: there is nothing to do. */
	line(path: MailboxPath): CallLine | undefined {
		const {maildrops, worker} = this.#options;
		const mailbox = this.#all.get(path)?.mailbox;
		const plan = mailbox?.plan;
		if (mailbox === undefined) return undefined;
		const failed = {
			key: path,
			kind: 'drain',
			bytes: 0,
			hasUnknownParts: false,
			messages: 0,
			isStruck: false,
			state: 'failed',
		} as const;
		if (plan === undefined) return {...failed, sentence: safeLine(`${path}: ${mailbox.because}`)};
		const {take, remove, staying} = plan;
		if (take.length + remove.length === 0) {
			this.#all.delete(path);
			return undefined;
		}
		const octets = take.reduce((bytes, {sizeBytes}) => bytes + sizeBytes, 0);
		const words = [
			...(take.length > 0 ? [safeLine(`take ${countOf(take.length)} into Local ${maildrops.localOf(path)}`)] : []),
			...(take.length === 0
				? [safeLine(`remove ${countOf(remove.length)} that ${remove.length === 1 ? 'is' : 'are'} here`)]
				: []),
			...(howManyStay(staying) > 0 ? [stayingWords(staying, mailbox.draining)] : []),
		];
		const shrinks = worker.link.get().isCompressed ? 2 : 1;
		return {
			key: path,
			kind: 'drain',
			sentence: safeLine(`${path}: ${safeJoin(words, ours('; '))}`),
			bytes: Math.ceil(octets / shrinks) + 30 * take.length + 8 * remove.length + 250,
			hasUnknownParts: false,
			messages: take.length,
			came: 0,
			isStruck: false,
			state: 'planned',
		};
	}

	go(path: MailboxPath): void {
		const mailbox = this.#all.get(path)?.mailbox;
		if (mailbox) this.#options.worker.need(mailbox.need());
	}

	/** Not before it is known what stays. */
	mayAsk({key}: Need): boolean {
		for (const [path, {staying}] of this.#all) if (key === wishedKey(path)) return staying !== undefined;
		return true;
	}

	/** Whether all of it is done; begins with the summaries of what stays when the rest is. */
	isDone(path: MailboxPath): boolean {
		const drained = this.#all.get(path);
		if (drained === undefined) return true;
		const {maildrops, worker, staying, isHeld, onProgress, onFail} = this.#options;
		const {mailbox} = drained;
		if (mailbox.isBroken || drained.isRefused || !mailbox.isDone || maildrops.isRemoving(path)) return false;
		const refusal = maildrops.refusal(path);
		if (refusal !== '') {
			drained.isRefused = true;
			onFail(path, safeLine(`What came of ${path} is here, and could not be removed there: ${refusal}`));
			return false;
		}
		const stays = howManyStay(mailbox.plan?.staying ?? nothingStays) > 0;
		if (drained.staying === undefined && (stays || isHeld(path))) {
			drained.staying = staying(path, failure => onFail(path, failure.sentence), onProgress);
			worker.need(drained.staying.need());
			this.begun += 1;
		}
		return drained.staying?.isDone !== false;
	}

	get paths(): readonly MailboxPath[] {
		return [...this.#all.keys()];
	}

	/** How many have come of it so far. */
	came(path: MailboxPath): number {
		return this.#all.get(path)?.mailbox.came ?? 0;
	}

	/** All of what stays came, so that the next call has nothing to look for. */
	fulfilled(path: MailboxPath): WishedMailbox | undefined {
		return this.#all.get(path)?.staying;
	}

	/** What could not be done, and what stays, in words. */
	get leftWords(): SafeText[] {
		return [...this.#all.values()].map(({mailbox}) => mailbox.leftWords).filter(words => words !== '');
	}

	end(): void {
		const {worker} = this.#options;
		for (const path of this.#all.keys())
			for (const key of [listingKey(path), drainKey(path), wishedKey(path)]) worker.unneed(key);
	}
}

const nothingStays = {tooLarge: 0, tooNew: 0, leftForDays: 0, marked: 0, odd: 0};
