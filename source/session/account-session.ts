/**
 * The session of one account: puts facts, worker and views together. What each does is in its own file.
 */
import fs from 'node:fs';
import type {Account} from '../model/account.ts';
import {type Budget, type BudgetName, budgets} from '../model/budget.ts';
import {inbox, type MailboxPath, type MessageId, type PartNumber} from '../model/ids.ts';
import type {MailboxList} from '../model/mailbox.ts';
import type {Message} from '../model/message.ts';
import type {Notice} from '../model/notice.ts';
import {ours, safeLine} from '../model/safe-text.ts';
import type {Dial, MailboxFact, RememberedServer} from '../remote/remote.ts';
import {Facts} from '../store/facts.ts';
import {Downloads} from './downloads.ts';
import {type Live, live} from './live.ts';
import {mailboxTree} from './mailbox-tree.ts';
import {MailboxView} from './mailbox-view.ts';
import {MessageView} from './message-view.ts';
import {nameMessage} from './named-message.ts';
import {endCommands} from './run-command.ts';
import type {CommandSession, Tell} from './session.ts';
import {defaultPatience, type Patience, Worker} from './worker.ts';

export type SessionOptions = {
	readonly account: Account;
	readonly secret: () => Promise<string>;
	readonly dial: Dial;
	readonly remembered: {
		readonly get: () => RememberedServer | undefined;
		readonly set: (server: RememberedServer) => void;
	};
	readonly patience?: Patience;
	/** Where the log and the ledger of this account are kept; undefined: in memory only (the demo, most tests). */
	readonly folder?: string;
	/** False for a command, which is gone before there is any news: no IDLE, nothing ahead. */
	readonly waitsForNews?: boolean;
};

/** Opened messages kept ready, decoded and wrapped. */
const mostMessages = 100;
/** Bodies held in memory beyond this are forgotten, oldest message first; they can be bought again. */
const mostBodyBytes = 64 * 1024 * 1024;

export type AccountSession = CommandSession;

export function createSession({
	account,
	secret,
	dial,
	remembered,
	patience = defaultPatience,
	waitsForNews = true,
}: SessionOptions): AccountSession {
	const facts = new Facts(':memory:');
	const notice = live<Notice | undefined>(undefined);
	const budgetOf = (name: BudgetName): Budget =>
		waitsForNews ? budgets[name] : {...budgets[name], mayIdle: false, mayFetchAhead: false};
	const budget = live<Budget>(budgetOf(account.budget));
	const mailboxes = live<MailboxList>({state: 'unknown', mailboxes: []});
	const views = new Map<MailboxPath, MailboxView>();
	const messages = new Map<string, MessageView>();
	let serial = 0;
	const tell: Tell = (kind, text) => notice.set({kind, text, serial: ++serial});

	const selectedView = (): MailboxView | undefined =>
		worker.selected === undefined ? undefined : views.get(worker.selected);
	const worker: Worker = new Worker({
		account,
		secret,
		dial,
		remembered,
		patience,
		budget: budget.get,
		events: {
			onCount: count => selectedView()?.counted(count),
			onExpunge: sequence => {
				selectedView()?.expunged(sequence);
				tellOfRemoved();
			},
			onFlags: change => selectedView()?.flagged(change),
			onAlert: text => tell('problem', safeLine(`The server says: ${text}`)),
		},
		onSelected: selected => {
			view(selected.path).opened(selected);
			tellOfRemoved();
		},
		onNotSelected: (path, failure) => {
			view(path).notOpened(failure);
			tell('problem', failure.sentence);
		},
		onQuiet: forgetOldBodies,
	});
	const downloads = new Downloads(facts, worker, tell);

	function view(path: MailboxPath): MailboxView {
		let known = views.get(path);
		if (known === undefined) {
			known = new MailboxView(path, facts, worker, budget.get, tell);
			views.set(path, known);
		}
		return known;
	}

	/** A message that is read while it is removed says so. */
	function tellOfRemoved(): void {
		for (const message of messages.values()) if (facts.summary(message.id) === undefined) message.removed();
	}

	function forgetOldBodies(): void {
		if (facts.bodyBytes <= mostBodyBytes) return;
		for (const id of facts.messagesWithChunks()) {
			if (facts.bodyBytes <= mostBodyBytes) return;
			if (id === lastOpened) continue;
			facts.forgetChunks(id);
			for (const [key, message] of messages) if (message.id === id) messages.delete(key);
		}
	}

	let lastOpened: MessageId | undefined;

	/** The message's row, live: it changes with the row's mailbox. */
	function summaryOf(id: MessageId, known: Message): Live<Message | undefined> {
		const mailbox = view(known.mailbox);
		return {get: () => mailbox.message(id), subscribe: mailbox.state.subscribe};
	}

	function openMessage(id: MessageId, part: PartNumber): MessageView | undefined {
		const key = `${id}:${part}`;
		const known = messages.get(key);
		const fact = facts.summary(id);
		if (known || fact === undefined) return known;
		const message = view(fact.mailbox).message(id);
		if (message === undefined) return undefined;
		const opened = new MessageView(message, part, {
			facts,
			worker,
			downloads,
			tell,
			budget: budget.get,
			summary: summaryOf(id, message),
			onHeld: () => view(message.mailbox).changed(id),
		});
		messages.set(key, opened);
		// What was shown can be shown again from the facts.
		for (const old of [...messages.keys()].slice(0, Math.max(0, messages.size - mostMessages))) messages.delete(old);
		return opened;
	}

	/** What stands in for a message that went between the key and the look. */
	function nothing(id: MessageId, part: PartNumber): MessageView {
		const opened = new MessageView(noMessage(id), part, {
			facts,
			worker,
			downloads,
			tell,
			budget: budget.get,
			summary: live<Message | undefined>(undefined),
			onHeld: () => {},
		});
		if (id < 0) opened.unreadable();
		else opened.removed();
		return opened;
	}

	return {
		account: account.name,
		link: worker.link,
		usage: worker.usage,
		notice,
		budget,
		mailboxes,
		transfers: downloads.transfers,

		ensureMailboxes({isFresh = false} = {}) {
			const {state} = mailboxes.get();
			if (state === 'known' && !isFresh) return;
			if (worker.isNeeded('mailboxes')) return;
			if (state === 'unknown') mailboxes.set({state: 'asking', mailboxes: []});
			needMailboxes(worker, mailboxes, tell);
		},
		mailbox: view,
		message(id, part = '' as PartNumber) {
			lastOpened = id;
			const opened = openMessage(id, part);
			return opened ?? nothing(id, part);
		},
		chooseBudget(name) {
			budget.set(budgetOf(name));
			worker.budgetChanged();
			tell(
				'done',
				name === 'metered'
					? ours('Metered: nothing is fetched ahead, no waiting for news; $ looks for it')
					: ours('Free: rows come ahead, news arrives by itself'),
			);
		},
		look() {
			const before = notice.get();
			worker.look(
				() => {
					if (notice.get() === before) tell('done', ours('No news'));
				},
				failure => tell('problem', failure.sentence),
			);
		},
		dial: () => worker.dial(),
		hangUp: () => void worker.hangUp(ours('You hung up')),
		cancel: id => downloads.cancel(id),
		// A folder is no file of that name: the part is saved in it.
		fileExists: file => fs.statSync(file, {throwIfNoEntry: false})?.isDirectory() === false,
		async close() {
			// The facts stay open: an answer that was on its way may still be taken in. They end with the process.
			endCommands();
			await worker.hangUp(ours(''));
		},
		ensureNamed: (mailbox, uid, {uidValidity, withText = false} = {}) =>
			nameMessage(
				{mailbox, uid, uidValidity, withText},
				{facts, worker, budget: budget.get, uidValidityOf: path => view(path).state.get().uidValidity},
			),
		settled: () => worker.settled(),
	};
}

const noMessage = (id: MessageId): Message => ({
	id,
	mailbox: inbox,
	uid: 0,
	from: ours(''),
	subject: ours(''),
	date: undefined,
	sizeBytes: 0,
	flags: new Set(),
	held: 'summary',
	isPending: false,
});

/** One LIST-STATUS where the server has it, else LIST and then a STATUS each, as the line has room. */
function needMailboxes(worker: Worker, mailboxes: ReturnType<typeof live<MailboxList>>, tell: Tell): void {
	let known: MailboxFact[] | undefined;
	let toCount: MailboxFact[] = [];
	let isAsked = false;
	const show = () => {
		if (known) mailboxes.set({state: 'known', mailboxes: mailboxTree(known)});
	};
	worker.need({
		key: 'mailboxes',
		urgency: 'looking-at',
		mailbox: undefined,
		isDone: () => known !== undefined && toCount.length === 0,
		isAllAsked: () => isAsked && toCount.length === 0,
		lost: () => {
			isAsked = known !== undefined;
		},
		fail: failure => tell('problem', failure.sentence),
		next: () => {
			if (!isAsked) {
				isAsked = true;
				return {
					expectedBytes: 2000,
					ask: async remote => {
						known = [...(await remote.fetchMailboxes())];
						toCount = known.filter(each => each.isSelectable && each.messages === undefined);
						show();
					},
				};
			}
			const mailbox = toCount.shift();
			if (mailbox === undefined) return undefined;
			return {
				expectedBytes: 80,
				ask: async remote => {
					const counts = await remote.fetchCounts(mailbox.path);
					known = known?.map(each => (each.path === mailbox.path && counts ? {...each, ...counts} : each));
					show();
				},
			};
		},
	});
}
