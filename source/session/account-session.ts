/**
 * The session of one account: puts facts, worker and views together. What each does is in its own file.
 */
import fs from 'node:fs';
import path from 'node:path';
import {type Account, addressOf} from '../model/account.ts';
import {bytesOf} from '../model/amounts.ts';
import {type Budget, type BudgetName, budgets} from '../model/budget.ts';
import {Failure} from '../model/failure.ts';
import type {AccountName, MailboxPath, MessageId, PartNumber} from '../model/ids.ts';
import {type Flag, hasFlag} from '../model/message.ts';
import {type Model, modelOf, models} from '../model/model.ts';
import type {Notice} from '../model/notice.ts';
import {type Destination, isMailboxChange, type MailboxChange, type Operation, type Place} from '../model/operation.ts';
import {doneWords, sentenceOf} from '../model/operation-words.ts';
import {ours, type SafeText, safeLine} from '../model/safe-text.ts';
import {type Wish, wishOf} from '../model/wish.ts';
import {costOfWish} from '../model/wish-cost.ts';
import type {Dial, MailboxFact, RememberedServer} from '../remote/remote.ts';
import {Facts, factsFile} from '../store/facts.ts';
import {LedgerStore} from '../store/ledger.ts';
import {AcrossAccounts} from './across-accounts.ts';
import {arrivalsIn} from './arrivals.ts';
import {CallOfSession} from './call.ts';
import {Choices, type Keep} from './choices.ts';
import {Downloads} from './downloads.ts';
import {findExisting} from './existing-uids.ts';
import {heldCounts} from './held-counts.ts';
import {ListedMailboxes} from './listed-mailboxes.ts';
import {live} from './live.ts';
import {MailboxView} from './mailbox-view.ts';
import {mailboxesKey, mailboxesNeed} from './mailboxes-need.ts';
import {nameMessage} from './named-message.ts';
import {OpenedMessages} from './opened-messages.ts';
import {Operations} from './operations.ts';
import {withFlags} from './projections.ts';
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
	/** Where another account keeps its log; undefined when there is no such account, or it keeps none. */
	readonly folderOf?: (account: AccountName) => string | undefined;
	/** Where what is kept on the disk of the server's facts is; undefined: what would be is in memory (the demo). */
	readonly cacheFolder?: string;
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
	folderOf,
	cacheFolder,
	preferences = {markRead: true},
	clock = Date.now,
	sessionBytes,
	keep,
}: SessionOptions): AccountSession {
	const notice = live<Notice | undefined>(undefined);
	const budgetOf = (name: BudgetName): Budget =>
		waitsForNews ? budgets[name] : {...budgets[name], mayIdle: false, mayFetchAhead: false};
	const budget = live<Budget>(budgetOf(account.budget));
	const views = new Map<MailboxPath, MailboxView>();
	let serial = 0;
	const tell: Tell = (kind, text, advice) => notice.set({kind, text, advice, serial: ++serial});
	const choices = new Choices(account, keep, tell);
	const modelFor = (mailbox?: MailboxPath): Model => {
		const chosen = choices.models.get();
		return models[mailbox === undefined ? chosen.account : modelOf(chosen, mailbox)];
	};
	const facts = new Facts(
		cacheFolder === undefined ? undefined : path.join(cacheFolder, factsFile),
		mailbox => modelFor(mailbox).isOnDisk,
		failure => tell('problem', failure.sentence),
	);
	const isAnyOnDisk = (): boolean =>
		[modelFor(), ...Object.keys(choices.models.get().mailboxes).map(each => modelFor(each as MailboxPath))].some(
			({isOnDisk}) => isOnDisk,
		);
	facts.keepOnlyKept(isAnyOnDisk());
	const listed: ListedMailboxes = new ListedMailboxes(() => operations.mailboxChanges);
	const mailboxes = listed.list;

	const ledger = new LedgerStore(folder, ({message}) => tell('problem', cannotKeepLedger(message)), clock);
	const spending = new Spending(ledger);
	const sessionBudget = new SessionBudget(waitsForNews);
	sessionBudget.limit(sessionBytes);

	/** What the disk refuses while the server speaks: what it says is asked again when there is room. */
	const guarded = <T>(work: () => T): T | undefined => {
		try {
			return work();
		} catch (error) {
			if (!(error instanceof Failure)) throw error;
			tell('problem', error.sentence);
			void worker.hangUp(error.sentence);
			return undefined;
		}
	};
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
		mayDialFor(need) {
			if (call.isCalling || modelFor(need.mailbox).dialsByItself) return true;
			// A command brings what it was asked for; what is decided waits for the next call all the same.
			return !waitsForNews && need.urgency !== 'operations' && need.isHeld?.() !== true;
		},
		mayAsk: need => call.mayAsk(need),
		mayGoHome: () => !call.isCalling,
		wantsChanges: isAnyOnDisk,
		known: mailbox => (facts.isKept(mailbox) ? (view(mailbox).known ?? 'changes') : undefined),
		events: {
			onCount: count => guarded(() => selectedView()?.counted(count)),
			onExpunge: sequence => {
				const gone = guarded(() => selectedView()?.expunged(sequence));
				if (gone !== undefined) opened.removed([gone]);
			},
			onVanished: uids => opened.removed(guarded(() => selectedView()?.vanished(uids)) ?? []),
			onHighestModseq: modseq => guarded(() => selectedView()?.learnModseq(modseq)),
			onFlags: change => guarded(() => selectedView()?.flagged(change)),
			onAlert: text => tell('problem', safeLine(`The server says: ${text}`)),
		},
		onSelected: selected => {
			guarded(() => view(selected.path).opened(selected));
			downloads.selected(selected.path, selected.uidValidity);
			opened.tellOfRemoved();
		},
		onNotSelected: (path, failure) => {
			view(path).notOpened(failure);
			tell('problem', failure.sentence);
		},
		onQuiet: () => opened.forgetOldBodies(mustStay),
	});
	const learnMailboxes = (known: readonly MailboxFact[]): void => {
		guarded(() => facts.learnListed(known, clock()));
		listed.learn(known);
	};
	const {special} = listed;
	const resolve = (to: Destination): MailboxPath | '' | undefined => ('path' in to ? to.path : special(to.use));
	const across =
		folder === undefined || folderOf === undefined
			? undefined
			: new AcrossAccounts({account: account.name, folder, folderOf});
	const operations: Operations = new Operations({
		folder,
		across,
		clock,
		onWaiting: () => worker.need(replay.need()),
		onChange(mailbox) {
			views.get(mailbox)?.decided();
			for (const each of views.values()) if (each.path !== mailbox) each.decidedElsewhere();
		},
		onDone: operation => follow(operation),
		// The reason first: a status line is short, and X has the rest.
		onRefused: ({refusal}) => tell('problem', safeLine(`${refusal.charAt(0).toUpperCase()}${refusal.slice(1)}`)),
		onMailboxes: () => listed.show(),
		onBroken: because => tell('problem', because),
	});
	if (facts.listed.length > 0) listed.learn(facts.listed, facts.listedAt);
	worker.link.subscribe(() => {
		if (worker.link.get().state === 'up') return;
		for (const each of views.values()) each.age();
		listed.age(facts.listedAt);
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
		learnMailboxes,
		delimiter: () => listed.delimiter,
		upSince: () => worker.upSince,
		chunkBytes: () => worker.chunkBytes,
		onFlagged: (places, flag, isSet) => {
			guarded(() => {
				for (const place of places) learnFlags(place, new Map([[flag, isSet]]));
			});
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
			known = new MailboxView(path, {
				facts,
				worker,
				operations,
				replay,
				budget: budget.get,
				tell,
				clock,
				wanted: () => wantedOf(wishFor(path)),
				resolve,
				onGone: ids => opened.removed(ids),
			});
			views.set(path, known);
		}
		return known;
	}

	/** What was decided has changed how many messages there are, and how many are unread. */
	let areCountsOld = false;

	/** The server has confirmed it: the facts follow. What was moved or removed is told by EXPUNGE. */
	function follow({change, targets}: Operation): void {
		areCountsOld = true;
		if (isMailboxChange(change)) confirmed(change);
		if (change.kind !== 'flag') return;
		for (const {place} of targets) learnFlags(place, new Map([[change.flag, change.isSet]]));
	}

	function confirmed(change: MailboxChange): void {
		const now = listed.confirmed(change);
		guarded(() => {
			if (now.length > 0) facts.learnListed(now, facts.listedAt ?? clock());
			if (change.kind !== 'create') facts.forgetMailbox(change.mailbox);
		});
	}

	function learnFlags({mailbox, uidValidity, uid}: Place, changes: ReadonlyMap<Flag, boolean>): void {
		if (facts.uidValidity(mailbox) !== uidValidity) return;
		const id = facts.idOf(mailbox, uid);
		const fact = id === undefined ? undefined : facts.summary(id);
		if (fact) facts.learnFlags(fact.id, [...withFlags(fact.flags, changes)]);
	}

	/** Reading marks as read, where that is wanted and can be. */
	function read(mailbox: MailboxView, id: MessageId): void {
		const message = mailbox.message(id);
		const isUnread = message !== undefined && !hasFlag(message, '\\Seen');
		if (!preferences.markRead || !isUnread || mailbox.state.get().isReadOnly) return;
		mailbox.decide([id], {kind: 'flag', flag: '\\Seen', isSet: true});
	}

	const wishFor = (path: MailboxPath): Wish => wishOf(choices.wishes.get(), path);
	const call: CallOfSession = new CallOfSession({
		worker,
		operations,
		usage: spending.usage.get,
		held: path => facts.held(path),
		arriving: path => arrivalsIn(path, operations.waiting, resolve).length,
		heldSize: path => view(path).heldSize,
		isKept: path => facts.isKept(path),
		wish: wishFor,
		estimate: (path, wish, messages) =>
			costOfWish({messages, held: heldCounts(facts, path)}, wish, worker.link.get()).bytes ?? 0,
		onUnchanged: path => guarded(() => view(path).unchanged()),
		onFulfilled: mailbox => guarded(() => mailbox.fulfilled()),
		wished: (path, onFail, onProgress) => view(path).wished(wishFor(path), onFail, onProgress),
		learnMailboxes,
		chosenParts: () => downloads.waiting,
		staysUp: () => modelFor().dialsByItself,
		onOver: recount,
	});
	/** After a call the list of mailboxes says what came of it, not what was before. */
	function recount(paths: Iterable<MailboxPath>): void {
		const counts = new Map<MailboxPath, {messages: number; unseen: number | undefined}>();
		for (const path of paths) {
			const held = facts.held(path);
			if (held === undefined) continue;
			const isWhole = view(path).heldSize === held.count;
			counts.set(path, {messages: held.count, unseen: isWhole ? facts.unseen(path, held) : undefined});
		}
		const all = listed.recount(counts);
		if (all) guarded(() => facts.learnListed(all, clock()));
	}

	/** What is wished for, and what something was decided about, stays on the disk. */
	const mustStay = (id: MessageId): boolean => {
		const fact = facts.summary(id);
		if (fact === undefined) return false;
		const mailbox = view(fact.mailbox);
		return mailbox.isWished(id, wantedOf(wishFor(fact.mailbox))) || mailbox.message(id)?.isPending === true;
	};
	const opened = new OpenedMessages({
		facts,
		worker,
		downloads,
		tell,
		budget: budget.get,
		clock,
		diskBytes: account.diskBytes,
		mailbox: view,
		arrival(id) {
			for (const each of views.values()) {
				const message = each.arrival(id);
				if (message) return message;
			}
			return undefined;
		},
		onShown: read,
	});
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
			if (worker.isNeeded(mailboxesKey)) return;
			listed.asking();
			worker.need(
				mailboxesNeed(learnMailboxes, failure => {
					listed.failed();
					tell('problem', failure.sentence);
				}),
			);
		},
		mailbox: view,
		message(id, part = '' as PartNumber) {
			return opened.open(id, part);
		},
		operations: operations.all,
		special,
		undo(id) {
			const undone = operations.undo(id);
			if ('because' in undone) tell('problem', undone.because);
			else tell('done', safeLine(`Taken back: ${sentenceOf(undone)}`));
		},
		discard(id) {
			if (!operations.discard(id)) tell('problem', ours('It was sent already'), 'undo');
		},
		retry: id => operations.retry(id),
		hold(id, isHeld) {
			if (!operations.setHeld(id, isHeld)) tell('problem', ours('It was sent already'));
		},
		decideAboutMailbox(change) {
			const id = operations.decide(change, []);
			const isUp = worker.link.get().state === 'up';
			if (id !== undefined)
				tell('done', safeLine(`${doneWords(change, 0)}${isUp ? '' : ', when there is a line'}`), 'undo');
		},
		decideByUid: (mailbox, uidValidity, uids, change) =>
			operations.decide(
				change,
				uids.map(uid => ({message: {mailbox, uidValidity, uid}, wasSet: undefined})),
			),

		// Facts are in memory so far.
		held: mailbox => heldCounts(facts, mailbox),
		setWish: (mailbox, wish) => choices.setWish(mailbox, wish),
		chooseModel(name, mailbox) {
			const places = new Map(facts.paths.map(each => [each, facts.isKept(each)]));
			choices.chooseModel(name, mailbox);
			guarded(() => {
				for (const [each, wasKept] of places) {
					if (facts.isKept(each) === wasKept) continue;
					facts.move(each);
					views.get(each)?.moved();
				}
				facts.keepOnlyKept(isAnyOnDisk());
			});
			// What waited for a call may be wanted at once now.
			worker.reconsider();
			if (modelFor(mailbox).dialsByItself) worker.dial();
			else void worker.settled().then(() => (modelFor().dialsByItself ? undefined : worker.rest()));
		},
		call: call.state,
		planCall: () => call.plan(),
		strike: (line, isStruck) => call.strike(line, isStruck),
		goCall: () => call.go(),
		stopCall: () => call.stop(),
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
			operations.sendOn();
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
		// Where the line is down most of the time, that is no news.
		hangUp: () => void worker.hangUp(ours(modelFor().dialsByItself ? 'You hung up' : '')),
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
		ensureExisting: (mailbox, uids) => findExisting(mailbox, uids, {worker, facts, uidValidityOf}),
		stream: (id, part, write) => opened.find(id, '' as PartNumber)?.stream(part, write),
		isDraining: () => operations.mayDrain,
		dialsByItself: mailbox => modelFor(mailbox).dialsByItself,
		async settled() {
			for (;;) {
				await worker.settled();
				await opened.decoded();
				await worker.left();
				if (!downloads.isBusy) return;
				await downloads.settled();
			}
		},
	};
}

/** How many of the newest messages a wish wants; since a date: nobody knows, so whatever is held is kept. */
function wantedOf({summaries}: Wish): number {
	if (summaries === 'none') return 0;
	return typeof summaries === 'object' && 'last' in summaries ? summaries.last : Number.POSITIVE_INFINITY;
}

const cannotKeepLedger = (why: string): SafeText =>
	safeLine(`The bytes ledger cannot be kept on disk (${why}); bytes are counted for this run only`);
