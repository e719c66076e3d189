/**
 * The list of mailboxes as it is shown: what the server told, with what the user decided on top. One that is created is
 * there at once, one that is renamed has its new name, one that is deleted is gone; what was read, moved and removed is
 * counted as if the server had done it.
 */
import type {MailboxPath} from '../model/ids.ts';
import type {MailboxList} from '../model/mailbox.ts';
import type {MailboxChange, Operation, OperationId, Use} from '../model/operation.ts';
import {renamedPath} from '../model/renaming.ts';
import type {StatusFact} from '../remote/remote.ts';
import type {Stood} from '../store/stood-rows.ts';
import type {CountChange, CountChanges, DecidedCounts} from './decided-counts.ts';
import {type LiveSource, live} from './live.ts';
import {mailboxTree} from './mailbox-tree.ts';

/** As much of a fact as the list shows. */
type Listed = Parameters<typeof mailboxTree>[0][number] & Partial<Pick<StatusFact, 'uidValidity' | 'uidNext'>>;

const nothingDecided: CountChanges = new Map();

export class ListedMailboxes {
	readonly list: LiveSource<MailboxList> = live<MailboxList>({state: 'unknown', mailboxes: []});
	readonly #changes: () => readonly MailboxChange[];
	readonly #unseen: (fact: Listed) => number | undefined;
	readonly #decided: DecidedCounts | undefined;
	#facts: readonly Listed[] | undefined;
	#asOf: number | undefined;
	/** As they are shown. */
	#counts: CountChanges = nothingDecided;

	/**
	 * `changes` are those decided and not confirmed, oldest first; `unseen`: how many are unread for the user; `decided`: what
	 * is decided about messages, which nobody counts otherwise.
	 */
	constructor(
		changes: () => readonly MailboxChange[],
		unseen: (fact: Listed) => number | undefined = fact => fact.unseen,
		decided?: DecidedCounts,
	) {
		this.#changes = changes;
		this.#unseen = unseen;
		this.#decided = decided;
	}

	/** What separates the levels of a name; '' as long as nobody knows. */
	get delimiter(): string {
		return this.#facts?.find(({delimiter}) => delimiter !== '')?.delimiter ?? '';
	}

	/** How far anybody has been told of what is in the mailbox that is shown under this name. */
	stood(path: MailboxPath): Stood | undefined {
		const facts = this.#changes().reduce(changed, this.#facts ?? []);
		const {uidValidity, uidNext} = facts.find(each => each.path === path) ?? {};
		return uidValidity === undefined || uidNext === undefined ? undefined : {uidValidity, uidNext};
	}

	/** Whether there is a mailbox of this name, or is to be; what is only decided to be renamed has its former one. */
	has(path: MailboxPath): boolean {
		const isToBeMade = this.#changes().some(change => change.kind === 'create' && change.mailbox === path);
		return isToBeMade || this.#facts?.some(each => each.path === path) === true;
	}

	/** The mailbox of that use; '' when there is none, undefined when nobody knows. */
	readonly special = (use: Use): MailboxPath | '' | undefined => {
		const {state, mailboxes} = this.list.get();
		const found = mailboxes.find(each => each.specialUse === use && each.isSelectable);
		return found?.path ?? (state === 'known' ? '' : undefined);
	};

	/** As the server tells it. `asOf`: ms since the epoch, when it was told on another line than this. */
	learn(facts: readonly Listed[], asOf?: number): void {
		this.#decided?.told();
		this.#set(facts, asOf);
	}

	#set(facts: readonly Listed[], asOf: number | undefined): void {
		this.#facts = facts;
		this.#asOf = asOf;
		this.show();
	}

	/** How many messages mailboxes have by now; of those not named it stays what was told. Returns all of it. */
	recount(counts: ReadonlyMap<MailboxPath, {readonly messages: number; readonly unseen: number | undefined}>) {
		if (this.#facts === undefined || counts.size === 0) return undefined;
		const facts = this.#facts.map(each => {
			const now = counts.get(each.path);
			if (now === undefined) return each;
			const unseen = now.unseen ?? (each.unseen && Math.min(each.unseen, now.messages));
			return {...each, messages: now.messages, unseen};
		});
		this.#decided?.told();
		this.#set(facts, this.#asOf);
		return facts;
	}

	/** What was decided is done on the server, as far as these operations are not what they were. Returns what has other numbers. */
	settle(before: ReadonlyMap<OperationId, Operation>): readonly Listed[] {
		const done = this.#decided?.settled(before) ?? nothingDecided;
		if (this.#facts === undefined || done.size === 0) return [];
		const has = ({path}: Listed): boolean => done.has(path);
		this.#facts = this.#facts.map(each => counted(each, done.get(each.path)));
		return this.#facts.filter(has);
	}

	/** The server has confirmed it. */
	confirmed(change: MailboxChange): readonly Listed[] {
		if (this.#facts === undefined) return [];
		this.#set(changed(this.#facts, change), this.#asOf);
		return this.#facts;
	}

	/** The line is gone: from now on it is as old as that. */
	age(asOf: number | undefined): void {
		if (this.#facts !== undefined && this.#asOf === undefined) this.#set(this.#facts, asOf);
	}

	asking(): void {
		if (this.#facts === undefined) this.list.set({state: 'asking', mailboxes: []});
	}

	failed(): void {
		if (this.#facts === undefined) this.list.set({state: 'unknown', mailboxes: []});
	}

	/** What is decided about messages may have changed: most of it changes no number. */
	recounted(isSettled: boolean): void {
		const decided = this.#countChanges();
		if (isSettled || !isSame(decided, this.#counts)) this.show(decided);
	}

	#countChanges(): CountChanges {
		const special = (use: Use) => this.#facts?.find(each => each.specialUse === use && each.isSelectable)?.path;
		return this.#decided?.changes({special, delimiter: this.delimiter}) ?? nothingDecided;
	}

	/** What is decided has changed. */
	show(decided = this.#countChanges()): void {
		this.#counts = decided;
		if (this.#facts === undefined) return;
		const facts = this.#changes()
			.reduce(changed, this.#facts)
			.map(fact => counted(fact, decided.get(fact.path)))
			.map(fact => ({...fact, unseen: this.#unseen(fact)}));
		this.list.set({state: 'known', mailboxes: mailboxTree(facts), asOf: this.#asOf});
	}
}

const isSame = (some: CountChanges, others: CountChanges): boolean =>
	some.size === others.size &&
	[...some].every(([path, {messages, unseen}]) => {
		const other = others.get(path);
		return other?.messages === messages && other.unseen === unseen;
	});

/** Told numbers with changes on top; what nobody told stays unknown. */
function counted<T extends {readonly messages: number | undefined; readonly unseen: number | undefined}>(
	fact: T,
	change: CountChange | undefined,
): T {
	if (change === undefined || fact.messages === undefined) return fact;
	const messages = Math.max(0, fact.messages + change.messages);
	const unseen = fact.unseen === undefined ? undefined : Math.min(messages, Math.max(0, fact.unseen + change.unseen));
	return {...fact, messages, unseen};
}

function changed(facts: readonly Listed[], change: MailboxChange): readonly Listed[] {
	const delimiter = facts.find(each => each.delimiter !== '')?.delimiter ?? '';
	switch (change.kind) {
		case 'create':
			return facts.some(({path}) => path === change.mailbox)
				? facts
				: [
						...facts,
						{path: change.mailbox, delimiter, specialUse: undefined, isSelectable: true, messages: 0, unseen: 0},
					];
		case 'rename': {
			const renaming = {from: change.mailbox, to: change.to, delimiter};
			return facts.map(fact => ({...fact, path: renamedPath(fact.path, renaming) ?? fact.path}));
		}
		case 'delete':
			return facts.filter(({path}) => path !== change.mailbox);
	}
}
