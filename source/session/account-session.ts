/**
 * The session of one account: puts facts, worker and views together. What each does is in its own file.
 */
import fs from 'node:fs';
import {type Account, addressOf} from '../model/account.ts';
import {bytesOf} from '../model/amounts.ts';
import {type Budget, type BudgetName, budgets} from '../model/budget.ts';
import {inbox, type MailboxPath, type MessageId, type PartNumber} from '../model/ids.ts';
import type {MailboxList} from '../model/mailbox.ts';
import {type Flag, hasFlag, type Message} from '../model/message.ts';
import type {Notice} from '../model/notice.ts';
import {type Operation, type Place, sentenceOf} from '../model/operation.ts';
import {ours, type SafeText, safeLine} from '../model/safe-text.ts';
import {nothingHeld} from '../model/wish-cost.ts';
import type {Dial, MailboxFact, RememberedServer} from '../remote/remote.ts';
import {Facts} from '../store/facts.ts';
import {LedgerStore} from '../store/ledger.ts';
import {Choices, type Keep} from './choices.ts';
import {Downloads} from './downloads.ts';
import {findExisting} from './existing-uids.ts';
import {type Live, live} from './live.ts';
import {mailboxTree} from './mailbox-tree.ts';
import {MailboxView} from './mailbox-view.ts';
import {MessageView} from './message-view.ts';
import {nameMessage} from './named-message.ts';
import {Operations, withFlags} from './operations.ts';
import {Replay} from './replay.ts';
import {endCommands} from './run-command.ts';
import type {CommandSession, Tell} from './session.ts';
import {SessionBudget} from './session-budget.ts';
import {Spending} from './spending.ts';
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
	/** False for who only looks: what waits in the log is left to others. */
	readonly drains?: boolean;
	readonly preferences?: {
		/** Reading a message marks it as read on the server. */
		readonly markRead: boolean;
		/** What opens a file, given it as the last word; '' for the system's own. */
		readonly openCommand?: string;
		/** Where parts are saved unless told otherwise; '' for where the program was started. */
		readonly downloadFolder?: string;
	};
	/** Keeps models and wishes for the next run; undefined: they hold for this one. */
	readonly keep?: Keep | undefined;
	/** Ms since the epoch, by which bytes are counted for an hour; fixed in screenshots. */
	readonly clock?: () => number;
	/** What all of it may cost without another question: the session budget. */
	readonly sessionBytes?: number | undefined;
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
	drains = true,
	folder,
	preferences = {markRead: true},
	clock = Date.now,
	sessionBytes,
	keep,
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
	const tell: Tell = (kind, text, advice) => notice.set({kind, text, advice, serial: ++serial});

	const choices = new Choices(account, keep, tell);
	const ledger = new LedgerStore(folder, ({message}) => tell('problem', cannotKeepLedger(message)), clock);
	const spending = new Spending(ledger);
	const sessionBudget = new SessionBudget(waitsForNews);
	sessionBudget.limit(sessionBytes);

	const selectedView = (): MailboxView | undefined =>
		worker.selected === undefined ? undefined : views.get(worker.selected);
	const worker: Worker = new Worker({
		account,
		secret,
		dial,
		remembered,
		patience,
		spending,
		sessionBudget,
		budget: budget.get,
		events: {
			onCount: count => selectedView()?.counted(count),
			onExpunge: sequence => {
				const gone = selectedView()?.expunged(sequence);
				if (gone === undefined) return;
				for (const message of messages.values()) if (message.id === gone) message.removed();
			},
			onFlags: change => selectedView()?.flagged(change),
			// Only of a line that wants what changed, which no model asks for yet.
			onVanished: () => {},
			onHighestModseq: () => {},
			onAlert: text => tell('problem', safeLine(`The server says: ${text}`)),
		},
		onSelected: selected => {
			view(selected.path).opened(selected);
			downloads.selected(selected.path, selected.uidValidity);
			tellOfRemoved();
		},
		onNotSelected: (path, failure) => {
			view(path).notOpened(failure);
			tell('problem', failure.sentence);
		},
		onQuiet: forgetOldBodies,
	});
	const special = (use: 'trash' | 'archive'): MailboxPath | '' | undefined => {
		const list = mailboxes.get();
		const found = list.mailboxes.find(each => each.specialUse === use && each.isSelectable);
		return found?.path ?? (list.state === 'known' ? '' : undefined);
	};
	const operations: Operations = new Operations({
		folder,
		clock,
		onWaiting: () => worker.need(replay.need()),
		onChange: mailbox => views.get(mailbox)?.decided(),
		onDone: operation => follow(operation),
		// The reason first: a status line is short, and X has the rest.
		onRefused: ({refusal}) => tell('problem', safeLine(`${refusal.charAt(0).toUpperCase()}${refusal.slice(1)}`)),
		onBroken: because => tell('problem', because),
	});
	const uidValidityOf = (path: MailboxPath): number | undefined => view(path).state.get().uidValidity;
	const isOpen = (path: MailboxPath): boolean => worker.selected === path;
	const replay: Replay = new Replay({
		operations,
		around: {
			special,
			uidValidityOf: path => (isOpen(path) ? view(path).state.get().uidValidity : undefined),
			isReadOnly: path => isOpen(path) && view(path).state.get().isReadOnly,
		},
		has: capability => worker.has(capability),
		selected: () => worker.selected,
		learnMailboxes: known => mailboxes.set({state: 'known', mailboxes: mailboxTree(known)}),
		onMarkedDeleted: places => {
			for (const place of places) learnFlags(place, new Map([['\\Deleted', true]]));
		},
	});
	const downloads: Downloads = new Downloads({
		account: account.name,
		facts,
		worker,
		tell,
		// What a command leaves unfinished goes on when it is run again, and not by itself in the mail client.
		folder: waitsForNews ? folder : undefined,
		openCommand: preferences.openCommand ?? '',
		downloadFolder: preferences.downloadFolder ?? '',
		uidValidityOf: path => view(path).state.get().uidValidity,
	});

	function view(path: MailboxPath): MailboxView {
		let known = views.get(path);
		if (known === undefined) {
			known = new MailboxView(path, {facts, worker, operations, replay, budget: budget.get, tell});
			views.set(path, known);
		}
		return known;
	}

	/** What was decided has changed how many messages there are, and how many are unread. */
	let areCountsOld = false;

	/** The server has confirmed it: the facts follow. What was moved or removed is told by EXPUNGE. */
	function follow({change, targets}: Operation): void {
		areCountsOld = true;
		if (change.kind !== 'flag') return;
		for (const {place} of targets) learnFlags(place, new Map([[change.flag, change.isSet]]));
	}

	function learnFlags({mailbox, uid}: Place, changes: ReadonlyMap<Flag, boolean>): void {
		const id = facts.idOf(mailbox, uid);
		const fact = id === undefined ? undefined : facts.summary(id);
		if (fact) facts.learnFlags(fact.id, [...withFlags(fact.flags, changes)]);
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
			onShown: () => read(view(message.mailbox), id),
		});
		messages.set(key, opened);
		// What was shown can be shown again from the facts.
		for (const old of [...messages.keys()].slice(0, Math.max(0, messages.size - mostMessages))) messages.delete(old);
		return opened;
	}

	/** Reading marks as read, where that is wanted and can be. */
	function read(mailbox: MailboxView, id: MessageId): void {
		const message = mailbox.message(id);
		const isUnread = message !== undefined && !hasFlag(message, '\\Seen');
		if (!preferences.markRead || !isUnread || mailbox.state.get().isReadOnly) return;
		mailbox.decide([id], {kind: 'flag', flag: '\\Seen', isSet: true});
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
			onShown: () => {},
		});
		if (id < 0) opened.unreadable();
		else opened.removed();
		return opened;
	}

	if (drains) operations.start();
	return {
		account: account.name,
		address: safeLine(addressOf(account)),
		link: worker.link,
		usage: spending.usage,
		ledger: spending.ledger,
		budgetLeft: sessionBudget.leftBytes,
		overBudget: sessionBudget.overBudget,
		notice,
		budget,
		mailboxes,
		transfers: downloads.transfers,
		wishes: choices.wishes,
		models: choices.models,

		ensureMailboxes({isFresh = false, withCounts = false} = {}) {
			const {state} = mailboxes.get();
			if (state === 'known' && !isFresh && !(withCounts && areCountsOld)) return;
			areCountsOld = false;
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
		operations: operations.all,
		special,
		undo() {
			const undone = operations.undo();
			if ('because' in undone) tell('problem', undone.because);
			else tell('done', safeLine(`Taken back: ${sentenceOf(undone)}`));
		},
		discard(id) {
			if (!operations.discard(id)) tell('problem', ours('It was sent already'), 'undo');
		},
		retry: id => operations.retry(id),
		decideByUid: (mailbox, uidValidity, uids, change) =>
			operations.decide(
				change,
				uids.map(uid => ({message: {mailbox, uidValidity, uid}, wasSet: undefined})),
			),

		// Facts are in memory so far.
		held: () => nothingHeld,
		setWish: (mailbox, wish) => choices.setWish(mailbox, wish),
		chooseModel: (name, mailbox) => choices.chooseModel(name, mailbox),
		chooseBudget(name) {
			budget.set(budgetOf(name));
			worker.budgetChanged();
			if (name === 'metered') tell('done', ours('Metered: nothing is fetched ahead, no waiting for news'), 'look');
			else tell('done', ours('Free: rows come ahead, news arrives by itself'));
		},
		limitSession(bytes) {
			sessionBudget.limit(bytes);
			if (bytes === undefined) tell('done', ours('No session budget'));
			else tell('done', ours(`Session budget: asks before more than ${bytesOf(bytes)} are spent from now on`));
			if (operations.waiting.length > 0) worker.need(replay.need());
			worker.budgetChanged();
		},
		answerOverBudget: isAllowed => worker.answerBudget(isAllowed),
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
		pause: id => downloads.pause(id),
		resume: id => downloads.resume(id),
		openFile: id => downloads.openFile(id),
		takeUpDownloads: () => downloads.takeUp(),
		// A folder is no file of that name: the part is saved in it.
		fileExists: file => fs.statSync(file, {throwIfNoEntry: false})?.isDirectory() === false,
		async close() {
			// The facts stay open: an answer that was on its way may still be taken in. They end with the process.
			endCommands();
			await Promise.all([worker.hangUp(ours('')), downloads.close()]);
			operations.close();
			spending.close();
		},
		ensureNamed: (mailbox, uid, {uidValidity, withText = false} = {}) =>
			nameMessage({mailbox, uid, uidValidity, withText}, {facts, worker, budget: budget.get, uidValidityOf}),
		ensureExisting: (mailbox, uids) => findExisting(mailbox, uids, {worker, uidValidityOf}),
		stream: (id, part, write) => openMessage(id, '' as PartNumber)?.stream(part, write),
		isDraining: () => operations.mayDrain,
		async settled() {
			for (;;) {
				await worker.settled();
				await Promise.all([...messages.values()].map(message => message.decoded));
				if (!downloads.isBusy) return;
				await downloads.settled();
			}
		},
	};
}

const cannotKeepLedger = (why: string): SafeText =>
	safeLine(`The bytes ledger cannot be kept on disk (${why}); bytes are counted for this run only`);

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
	isTagged: false,
});

/** For a session budget: a list cannot be bounded by the question; this has some eighty mailboxes. */
const mostToListBytes = 8000;
const mostToCountBytes = 400;

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
		fail: failure => {
			if (known === undefined) mailboxes.set({state: 'unknown', mailboxes: []});
			tell('problem', failure.sentence);
		},
		cost: () => ({what: ours('List the mailboxes'), mostBytes: isAsked ? mostToCountBytes : mostToListBytes}),
		next: () => {
			if (!isAsked) {
				isAsked = true;
				return {
					expectedBytes: 2000,
					mostBytes: mostToListBytes,
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
				mostBytes: mostToCountBytes,
				ask: async remote => {
					const status = await remote.fetchStatus(mailbox.path);
					known = known?.map(each => (each.path === mailbox.path && status ? {...each, ...status} : each));
					show();
				},
			};
		},
	});
}
