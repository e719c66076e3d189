/**
 * What is drained of an account: which mailboxes, into which local mail, with the receipts of all that came; and what the
 * log says of their removal becomes a receipt here.
 */
import type {Account} from '../model/account.ts';
import {drainingOf, isDrained} from '../model/draining.ts';
import {Failure} from '../model/failure.ts';
import {type MailboxPath, mailboxPath} from '../model/ids.ts';
import type {Mailbox} from '../model/mailbox.ts';
import type {Operation} from '../model/operation.ts';
import {type Renaming, renamedPath} from '../model/renaming.ts';
import {ours, type SafeText, safeLine} from '../model/safe-text.ts';
import type {MailboxFact} from '../remote/remote.ts';
import {hasReceipts, type ReceiptChange, Receipts} from '../store/receipts.ts';
import type {Choices} from './choices.ts';
import {planDrain, stayingWords} from './drain-plan.ts';
import {DrainedMailbox} from './drained-mailbox.ts';
import type {LocalMail} from './local-place.ts';
import type {MailboxViews} from './mailbox-views.ts';
import type {Operations} from './operations.ts';
import type {Tell} from './session.ts';
import type {Worker} from './worker.ts';

export type MaildropsOptions = {
	readonly account: Account;
	/** The account's own; undefined: receipts are in memory. */
	readonly folder: string | undefined;
	/** Undefined: there is none, so nothing is drained (the demo). */
	readonly localMail: LocalMail | undefined;
	readonly choices: Choices;
	readonly clock: () => number;
	readonly worker: Worker;
	readonly operations: Operations;
	readonly views: MailboxViews;
	readonly tell: Tell;
	/** The mailboxes of the account, as far as they are known. */
	readonly listed: () => readonly Mailbox[];
	/** What separates the levels of a name; '' where there are none. */
	readonly delimiter: () => string;
};

export class Maildrops {
	readonly #options: MaildropsOptions;
	#receipts: Receipts | undefined;

	constructor(options: MaildropsOptions) {
		this.#options = options;
	}

	/** Of an account without any offline mailbox there are none on the disk, and none are made. */
	#openReceipts(): Receipts {
		this.#receipts ??= orFailure(() => new Receipts(this.#options.folder));
		return this.#receipts;
	}

	isDrained({path, specialUse}: Pick<MailboxFact, 'path' | 'specialUse'>): boolean {
		const {choices, localMail} = this.#options;
		return localMail !== undefined && isDrained(choices.models.get(), {path, specialUse});
	}

	isOffline(path: MailboxPath): boolean {
		const known = this.#options.listed().find(each => each.path === path);
		return this.isDrained({path, specialUse: known?.specialUse});
	}

	/** How many messages of a mailbox that is drained are on the server, as the last call left it. */
	leftOf(path: MailboxPath): number | undefined {
		const {uidValidity} = this.#options.views.at(path).state.get();
		if (uidValidity === undefined || !this.isOffline(path)) return undefined;
		return this.#openReceipts().open(path, uidValidity).length;
	}

	/** How many stay on the server, and why; '' when none does, or nobody knows. */
	staying(path: MailboxPath): SafeText {
		const {choices, clock, worker, views, localMail} = this.#options;
		if (localMail === undefined) return ours('');
		const {uidValidity} = views.at(path).state.get();
		if (uidValidity === undefined) return ours('');
		const draining = drainingOf(choices.drainings.get(), path);
		try {
			const open = this.#openReceipts().open(path, uidValidity);
			const canExpunge = worker.link.get().state === 'up' && worker.line.has('UIDPLUS');
			return stayingWords(planDrain(open, draining, {now: clock(), canExpunge}).staying, draining);
		} catch (error) {
			return sentenceOf(error);
		}
	}

	/** The mailbox of local mail that its messages come to. */
	localOf(path: MailboxPath): MailboxPath {
		const {account, delimiter} = this.#options;
		return mailboxPath(localName(account.name, path, delimiter()));
	}

	/** Why nothing may be drained now, before anything is asked; '' when it may. Undefined: nothing is to be drained. */
	check(): Promise<SafeText> | undefined {
		const {choices, localMail} = this.#options;
		const {account, mailboxes} = choices.models.get();
		const isAny = account === 'offline' || Object.values(mailboxes).includes('offline');
		if (!isAny || localMail === undefined) return undefined;
		return Promise.resolve()
			.then(() => localMail.begin(this.#openReceipts().hasCome))
			.then(() => ours(''), sentenceOf);
	}

	/** Whether a call has to look into it: something came, or is to be taken or removed. */
	isToDo({path, uidValidity, uidNext, messages}: MailboxFact): boolean {
		const {choices, clock, worker} = this.#options;
		if (uidValidity === undefined || uidNext === undefined) return messages !== 0;
		const receipts = this.#openReceipts();
		if (receipts.lastListed(path, uidValidity) + 1 < uidNext && messages !== 0) return true;
		const draining = drainingOf(choices.drainings.get(), path);
		const canExpunge = worker.line.has('UIDPLUS');
		const {take, remove} = planDrain(receipts.open(path, uidValidity), draining, {now: clock(), canExpunge});
		return take.length + remove.length > 0;
	}

	/** For one call. */
	mailbox(path: MailboxPath, onProgress: () => void, onFail: (because: SafeText) => void): DrainedMailbox {
		const {account, localMail, choices, clock, worker, operations, views} = this.#options;
		const {line} = worker;
		const standing = () => views.at(path).state.get();
		const isOpen = () => worker.selected === path && standing().state === 'open';
		if (localMail === undefined) throw new Error('there is no local mail');
		return new DrainedMailbox({
			path,
			account: account.name,
			receipts: this.#openReceipts(),
			gone: () => this.#gone(),
			place: () => localMail.place(this.localOf(path)),
			draining: () => drainingOf(choices.drainings.get(), path),
			clock,
			uidValidity: () => (isOpen() ? standing().uidValidity : undefined),
			isReadOnly: () => standing().isReadOnly,
			line,
			isCompressed: () => worker.link.get().isCompressed,
			leaving: uidValidity => new Set(this.#leaving(path, uidValidity)),
			remove: (uidValidity, uids) => {
				const targets = uids.map(uid => ({message: {mailbox: path, uidValidity, uid}, wasSet: undefined}));
				this.#forgetRefused(path);
				return operations.decide({kind: 'remove', isDrained: true}, targets) !== undefined;
			},
			onProgress,
			onFail,
		});
	}

	/** A list that is not known says of nothing that it is gone. */
	#gone(): readonly MailboxPath[] {
		const listed = new Set(this.#options.listed().map(({path}) => path));
		return listed.size === 0 ? [] : this.#openReceipts().mailboxes.filter(path => !listed.has(path));
	}

	#leaving(path: MailboxPath, uidValidity: number): number[] {
		return this.#options.operations.waiting
			.filter(({change}) => change.kind === 'remove')
			.flatMap(({targets}) => targets)
			.filter(({place}) => place.mailbox === path && place.uidValidity === uidValidity)
			.map(({place}) => place.uid);
	}

	/** Why the server would not remove what is here; '' when it has, or cannot, or was not asked. */
	refusal(path: MailboxPath): SafeText {
		// Until the next microtask it is in the log all the same.
		if (this.#cannotExpunge) return ours('');
		const refused = this.#options.operations.all
			.get()
			.find(({state, change, targets}) => state === 'refused' && isOfDrain(change) && isIn(path, targets));
		return refused?.refusal ?? ours('');
	}

	/** It is decided once more. */
	#forgetRefused(path: MailboxPath): void {
		const {operations} = this.#options;
		for (const {id, state, change, targets} of operations.all.get())
			if (state === 'refused' && isOfDrain(change) && isIn(path, targets)) operations.discard(id);
	}

	/** Whether what was decided of this mailbox has still to be sent. */
	isRemoving(path: MailboxPath): boolean {
		return this.#options.operations.waiting.some(({change, targets}) => isOfDrain(change) && isIn(path, targets));
	}

	/** What came from a mailbox came from it, whatever it is called now. */
	rename(renaming: Renaming): void {
		const {folder, tell} = this.#options;
		if (this.#receipts === undefined && !hasReceipts(folder)) return;
		try {
			const receipts = this.#openReceipts();
			for (const path of receipts.mailboxes) {
				const now = renamedPath(path, renaming);
				if (now !== undefined) receipts.rename(path, now);
			}
		} catch (error) {
			tell('problem', sentenceOf(error));
		}
	}

	/** The server has removed them. */
	done(operation: Operation): void {
		if (isOfDrain(operation.change)) this.#change(operation, 'removed');
	}

	/** Returns whether nobody need be told that it was refused. */
	refused(operation: Operation): boolean {
		const {operations, tell} = this.#options;
		if (!isOfDrain(operation.change) || !this.#cannotExpunge) return false;
		this.#change(operation, 'marked');
		queueMicrotask(() => operations.discard(operation.id));
		tell('problem', cannotExpunge);
		return true;
	}

	get #cannotExpunge(): boolean {
		const {worker} = this.#options;
		return worker.link.get().state === 'up' && !worker.line.has('UIDPLUS');
	}

	#change({targets}: Operation, state: 'removed' | 'marked'): void {
		const byPlace = new Map<string, {path: MailboxPath; uidValidity: number; changes: ReceiptChange[]}>();
		for (const {from} of targets) {
			const key = `${from.uidValidity} ${from.mailbox}`;
			const place = byPlace.get(key) ?? {path: from.mailbox, uidValidity: from.uidValidity, changes: []};
			place.changes.push({uid: from.uid, state});
			byPlace.set(key, place);
		}
		try {
			for (const {path, uidValidity, changes} of byPlace.values())
				this.#openReceipts().change(path, uidValidity, changes);
		} catch (error) {
			// What the server says when it is listed next tells as much.
			this.#options.tell('problem', sentenceOf(error));
		}
	}
}

const isOfDrain = (change: Operation['change']): boolean => change.kind === 'remove' && change.isDrained === true;

const isIn = (path: MailboxPath, targets: Operation['targets']): boolean =>
	targets.some(({from}) => from.mailbox === path);

/** `work/INBOX`; levels are separated as local mail does it. */
export function localName(account: string, path: MailboxPath, delimiter: string): string {
	const levels = delimiter === '' ? [path] : path.split(delimiter);
	return [account, ...levels].map(level => level.replaceAll('/', '-') || '-').join('/');
}

const cannotExpunge = ours(
	'This server cannot remove single messages (it has no UIDPLUS): what came is marked as deleted there, and stays until some program expunges the mailbox. It does not come twice',
);

const sentenceOf = (error: unknown): SafeText => {
	if (error instanceof Failure) return error.sentence;
	return safeLine(
		`Nothing is taken from the server: what came cannot be kept account of (${(error as Error).message})`,
	);
};

function orFailure<T>(work: () => T): T {
	try {
		return work();
	} catch (error) {
		throw new Failure('refused', sentenceOf(error), error);
	}
}
