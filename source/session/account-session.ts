/**
 * The session of one account: puts facts, worker, log and views together, and tells each of what concerns it. What each
 * does is in its own file; `session.ts` says what the session promises.
 */
import fs from 'node:fs';
import path from 'node:path';
import {addressOf} from '../model/account.ts';
import {type Budget, type BudgetName, budgets, localBudget} from '../model/budget.ts';
import type {MailboxPath, PartNumber} from '../model/ids.ts';
import type {Notice} from '../model/notice.ts';
import {type Destination, isAcross} from '../model/operation.ts';
import {ours, type SafeText, safeLine} from '../model/safe-text.ts';
import {costOfWish} from '../model/wish-cost.ts';
import {Facts, factsFile} from '../store/facts.ts';
import {LedgerStore} from '../store/ledger.ts';
import {AccountMailboxes} from './account-mailboxes.ts';
import {AcrossAccounts} from './across-accounts.ts';
import {bestKnown} from './best-known.ts';
import {budgetVerbs} from './budget-verbs.ts';
import {CallOfSession} from './call.ts';
import {choiceVerbs} from './choice-verbs.ts';
import {Choices} from './choices.ts';
import {comingTo, howManyCome} from './coming-messages.ts';
import {Confirmed} from './confirmed.ts';
import {DecidedMailboxes} from './decided-mailboxes.ts';
import {Downloads} from './downloads.ts';
import {findExisting} from './existing-uids.ts';
import {type GuardDisk, guardDisk} from './guard-disk.ts';
import {heldCounts} from './held-counts.ts';
import {LeavingDecisions} from './leaving-decisions.ts';
import {type LeavingMail, leavingMail} from './leaving-mail.ts';
import {defaultPatience} from './line.ts';
import {lineVerbs} from './line-verbs.ts';
import {live} from './live.ts';
import {logVerbs} from './log-verbs.ts';
import {MailboxViews} from './mailbox-views.ts';
import {Maildrops} from './maildrops.ts';
import {nameMessage} from './named-message.ts';
import {OpenedMessages} from './opened-messages.ts';
import {Operations} from './operations.ts';
import {OwnMarks} from './own-marks.ts';
import {OwnStates} from './own-states.ts';
import {RenamedElsewhere} from './renamed-elsewhere.ts';
import {Replay} from './replay.ts';
import {endCommands} from './run-command.ts';
import {lettersOctets} from './sequels.ts';
import type {CommandSession, Tell} from './session.ts';
import {SessionBudget} from './session-budget.ts';
import type {SessionOptions} from './session-options.ts';
import {SharedMailboxes} from './shared-mailboxes.ts';
import {Spending} from './spending.ts';
import {stateVerbs} from './state-verbs.ts';
import {WhereStateLives} from './where-state-lives.ts';
import {Worker} from './worker.ts';

export type AccountSession = CommandSession;

/** Of messages that may know an address one types: more say no more about it. */
const mostAddressFields = 500;

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
	own = new OwnStates(undefined),
	cacheFolder,
	preferences = {markRead: true},
	clock = Date.now,
	sessionBytes,
	keep,
	localMail,
	makeLetter,
	makeDraft,
	carrier,
}: SessionOptions): AccountSession {
	const notice = live<Notice | undefined>(undefined);
	const isLocal = account.folder !== '';
	const budgetOf = (name: BudgetName): Budget => {
		const chosen = isLocal ? localBudget : budgets[name];
		return waitsForNews ? chosen : {...chosen, mayIdle: false, mayFetchAhead: false};
	};
	const budget = live<Budget>(budgetOf(account.budget));
	let serial = 0;
	const tell: Tell = (kind, text, advice) => notice.set({kind, text, advice, serial: ++serial});
	const choices = new Choices(account, keep, tell);
	const facts = new Facts(
		cacheFolder === undefined ? undefined : path.join(cacheFolder, factsFile),
		mailbox => choices.model(mailbox).isOnDisk,
		failure => tell('problem', failure.sentence),
		{isLocal},
	);
	facts.keepOnlyKept(choices.isAnyOnDisk);
	const places = new WhereStateLives(choices, facts);
	const ledger = new LedgerStore(folder, ({message}) => tell('problem', cannotKeepLedger(message)), clock);
	const spending = new Spending(ledger);
	const sessionBudget = new SessionBudget(waitsForNews);
	sessionBudget.limit(sessionBytes);

	const guarded: GuardDisk = guardDisk(because => {
		tell('problem', because);
		void worker.line.hangUp(because);
	});
	/** Who looks at the list next wants it as it is now; on a metered line as it was told, until it is asked for. */
	const toldNews = (): void => {
		if (budget.get().mayIdle) mailboxes.countsChanged();
	};
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
			if (call.isCalling || choices.model(need.mailbox).dialsByItself) return true;
			// A command brings what it was asked for; what is decided waits for the next call all the same.
			return !waitsForNews && need.urgency !== 'operations' && need.isHeld?.() !== true;
		},
		// What is decided in one that is there already comes before what makes it.
		mayAsk: need => call.mayAsk(need) && (need.urgency === 'operations' || !decided.isToBeMade(need.mailbox)),
		mayGoHome: home => !call.isCalling && !decided.isToBeMade(home),
		wantsChanges: () => choices.isAnyOnDisk,
		known: mailbox => (facts.isKept(mailbox) ? (views.at(mailbox).onDisk.known ?? 'changes') : undefined),
		events: {
			onCount: count => {
				guarded(() => views.selected?.news.counted(count));
				if (worker.selected === undefined) return;
				toldNews();
				shared.counted(worker.selected);
			},
			onExpunge: sequence => {
				const gone = guarded(() => views.selected?.news.expunged(sequence));
				toldNews();
				if (gone !== undefined) opened.removed([gone]);
			},
			onVanished: uids => {
				opened.removed(guarded(() => views.selected?.news.vanished(uids)) ?? []);
				toldNews();
			},
			onHighestModseq: modseq => guarded(() => views.selected?.news.learnModseq(modseq)),
			onFlags: change => guarded(() => views.selected?.news.flagged(change)),
			onAlert: text => tell('problem', safeLine(`The server says: ${text}`)),
			onIndexing: (mailbox, done, all) => tell('done', safeLine(indexingWords(mailbox, done, all))),
		},
		onSelected: selected => {
			places.learn(selected);
			guarded(() => views.at(selected.path).news.opened(selected));
			renamedElsewhere.stand([selected]);
			marks.look(selected.path);
			downloads.selected(selected.path, selected.uidValidity);
			opened.tellOfRemoved();
		},
		onNotSelected: (path, failure) => {
			views.at(path).notOpened(failure);
			tell('problem', failure.sentence);
		},
		onQuiet: () => opened.forgetOldBodies(),
	});
	const resolve = (to: Destination): MailboxPath | '' | undefined =>
		'path' in to ? to.path : mailboxes.special(to.use);
	/** The same, as the server calls it. */
	const arrivesIn: typeof resolve = to => {
		const path = resolve(to);
		return path && decided.former(path);
	};
	const across =
		folder === undefined || folderOf === undefined
			? undefined
			: new AcrossAccounts({account: account.name, folder, folderOf});
	const marks: OwnMarks = new OwnMarks({
		account,
		own,
		places,
		lookedAt: () => (budget.get().mayIdle ? worker.selected : undefined),
		clock,
		onChange(isIt) {
			views.changed(isIt);
			mailboxes.decided();
		},
		onBroken: because => tell('problem', because),
	});
	const renamedElsewhere = new RenamedElsewhere({
		marked: () => marks.mailboxes,
		onRenamed(from, to) {
			const renaming = {from, to, delimiter: ''};
			choices.renameStatePlaces(renaming);
			marks.rename(renaming);
			tell('done', safeLine(`${from} is called ${to} now: what you marked in it goes along`));
		},
	});
	const operations: Operations = new Operations({
		folder,
		own: marks,
		across,
		clock,
		onWaiting: () => worker.need(replay.need()),
		onChange: mailbox => views.decided(mailbox),
		onDone(operation) {
			confirmed.learn(operation);
			maildrops.done(operation);
		},
		onFlagged: (...flagged) => guarded(() => confirmed.learnFlags(...flagged)),
		onMoved(from, to) {
			const id = guarded(() => facts.land(from, to));
			if (id !== undefined) opened.landed(id);
		},
		// The reason first: a status line is short, and X has the rest.
		onRefused(operation) {
			const {refusal, change} = operation;
			// Nobody decided it: the message that was answered may be gone by now, or the server keeps no such flag.
			if (change.kind === 'flag' && change.isSequel) return void operations.discard(operation.id);
			if (!maildrops.refused(operation))
				tell('problem', safeLine(`${refusal.charAt(0).toUpperCase()}${refusal.slice(1)}`));
		},
		onMailboxes() {
			mailboxes.decided();
			views.mailboxesDecided();
			// What is not to be made any more may be asked for.
			worker.reconsider();
		},
		onCounts: (...read) => mailboxes.recounted(...read),
		onBroken: because => tell('problem', because),
	});
	const decided: DecidedMailboxes = new DecidedMailboxes(
		() => operations.mailboxChanges,
		() => mailboxes.delimiter,
	);
	const mailboxes: AccountMailboxes = new AccountMailboxes({
		facts,
		worker,
		tell,
		clock,
		guarded,
		changes: () => operations.mailboxChanges,
		operations: () => operations.all.get(),
		unseen: fact => marks.unseen(fact.path, fact),
		heldSize: path => views.at(path).onDisk.heldSize,
		onVacated: path => views.vacated(path),
		onRenamed(renaming) {
			choices.rename(renaming);
			marks.rename(renaming);
			maildrops.rename(renaming);
			views.renamed(renaming, facts.renameMailbox(renaming));
		},
		onListed: listed => renamedElsewhere.listed(listed.filter(({isSelectable}) => isSelectable)),
		leftOf: path => maildrops.leftOf(path),
	});
	const confirmed = new Confirmed(facts, mailboxes);
	worker.link.subscribe(() => {
		if (worker.link.get().state === 'up') return;
		views.age();
		mailboxes.age();
	});
	const uidValidityOf = (path: MailboxPath): number | undefined => views.at(path).state.get().uidValidity;
	const isOpen = (path: MailboxPath): boolean => worker.selected === path;
	const replay: Replay = new Replay({
		operations,
		around: {
			special: mailboxes.special,
			uidValidityOf: path => (isOpen(path) ? uidValidityOf(path) : undefined),
			isReadOnly: path => isOpen(path) && views.at(path).state.get().isReadOnly,
			isLeftOut: operation => call.isLeftOut(operation),
		},
		has: capability => worker.line.has(capability),
		selected: () => worker.selected,
		learnMailboxes: mailboxes.learn,
		delimiter: () => mailboxes.delimiter,
		isMarked(place) {
			const id = facts.idAt(place);
			return id !== undefined && facts.summary(id)?.flags.has('\\Deleted') === true;
		},
		isTold: ({mailbox, uid}) => isOpen(mailbox) && views.at(mailbox).news.isTold(uid),
		chunkBytes: () => worker.line.chunkBytes,
		onFlagged: (...flagged) => guarded(() => confirmed.learnFlags(...flagged)),
		onFlags: fact => guarded(() => views.selected?.news.flagged(fact)),
		lettersOctets: change => lettersOctets(post.mail, change, at => operations.whereIs(at)),
		draftOctets: (...asked) => drafts.octetsOf(...asked),
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
		uidValidityOf,
	});
	const views: MailboxViews = new MailboxViews({
		facts,
		worker,
		operations,
		replay,
		own: marks,
		isQuiet: path => shared.has(path),
		chosenPlace: path => choices.statePlace(path),
		budget: budget.get,
		tell,
		clock,
		decided,
		wanted: path => choices.wanted(path),
		resolve: arrivesIn,
		onGone: ids => opened.removed(ids),
	});
	const {post, drafts, sentLook}: LeavingMail = leavingMail({
		account,
		folder,
		folderOf,
		makeLetter,
		makeDraft,
		carrier,
		remembered,
		undoMs: waitsForNews ? 1000 * (preferences.undoSendSeconds ?? usualUndoSeconds) : 0,
		clock,
		budget: budget.get,
		sessionBudget,
		spending,
		worker,
		choices,
		operations,
		marks,
		mailboxes,
		isCallOpen: () => !call.isOver,
		tell,
	});
	const maildrops: Maildrops = new Maildrops({
		account,
		folder,
		localMail,
		choices,
		clock,
		worker,
		operations,
		views,
		tell,
		listed: () => mailboxes.list.get().mailboxes,
		delimiter: () => mailboxes.delimiter,
	});
	const call: CallOfSession = new CallOfSession({
		worker,
		operations,
		usage: spending.usage.get,
		held: path => facts.held(path),
		coming: path => howManyCome(decided.former(path), {operations, resolve: arrivesIn}),
		isToBeRenamed: path => decided.former(path) !== path,
		arrivesIn(change) {
			if (change.kind === 'append') return change.to.path;
			const isHere = (change.kind === 'move' || change.kind === 'copy') && !isAcross(change);
			return isHere ? arrivesIn(change.to) || undefined : undefined;
		},
		heldSize: path => views.at(path).onDisk.heldSize,
		isKept: path => facts.isKept(path),
		wish: path => choices.wish(path),
		estimate: (path, wish, messages, gone) =>
			costOfWish(
				{
					messages,
					held: heldCounts(facts, path, gone),
					coming: comingTo(path, {facts, operations, resolve: arrivesIn}),
				},
				wish,
				worker.link.get(),
			),
		post: {
			get planned() {
				return post.planned;
			},
			sendInCall: () => post.sendInCall(),
		},
		shared: () => shared.all,
		onUnchanged: path => guarded(() => views.at(path).onDisk.unchanged()),
		checkWish: path => guarded(() => views.at(path).onDisk.checkWish(choices.wish(path))),
		onFulfilled: mailbox => guarded(() => mailbox.fulfilled()),
		wished: (path, wish, inCall) => views.at(path).onDisk.wished(wish, inCall),
		maildrops,
		stayingWish: choices.stayingWish,
		learnMailboxes: mailboxes.learn,
		chosenParts: () => downloads.waiting,
		staysUp: () => choices.model().dialsByItself,
		onOver: paths => mailboxes.recount(paths),
	});
	const leaving = new LeavingDecisions({
		operations,
		worker,
		isDialled: () => choices.model().dialsByItself && !worker.line.isHungUp,
		isLeftOut: operation => call.isLeftOut(operation),
	});
	downloads.transfers.subscribe(() => drafts.arrived());
	spending.ledger.subscribe(() => call.spent());
	// What was left out of a call is wanted again when that is over.
	call.state.subscribe(() => {
		if (call.isOver) operations.sendOn();
	});
	const opened = new OpenedMessages({
		facts,
		worker,
		downloads,
		tell,
		budget: budget.get,
		clock,
		diskBytes: account.diskBytes,
		mailbox: views.at,
		arrival: views.arrival,
		marksRead: preferences.markRead,
		wantedBodies: path => choices.wantedBodies(path),
	});
	if (drains) operations.start();
	post.start({isSending: drains && waitsForNews});
	post.logChanged();
	const shared: SharedMailboxes = new SharedMailboxes(
		{
			account: account.name,
			own,
			worker,
			uidValidityOf: path => (isOpen(path) ? uidValidityOf(path) : undefined),
			messagesIn: path => views.at(path).state.get().count,
			tell: because => tell('problem', because),
			mayLook: () => !call.isCalling,
		},
		drains,
	);
	return {
		account: account.name,
		address: safeLine(addressOf(account)),
		usage: spending.usage,
		ledger: spending.ledger,
		notice,
		mailboxes: mailboxes.list,
		transfers: downloads.transfers,
		addressFields: text => facts.addressFields(text, mostAddressFields),
		post,

		bring: (at, mediaType, file) => downloads.bring({...at, ...operations.whereIs(at)}, mediaType, file),
		priceToBring: at => downloads.priceToBring(at),
		ensureMailboxes: options => mailboxes.ensure(options),
		mailbox: path => views.at(mailboxes.nowCalled(decided.former(path))),
		nowCalled: path => decided.shownAs(mailboxes.nowCalled(decided.former(path))),
		message: (id, part = '' as PartNumber) => opened.open(id, part),
		special: mailboxes.special,
		...logVerbs({
			operations,
			decided,
			marks,
			link: worker.link,
			tell,
			lastLetter: () => post.lastWaiting,
			takeBack: letter => post.takeBack(letter),
			resolve,
			standingOf(path) {
				// What is renamed and not confirmed is known by its former name, which may be another's by now.
				const isRenamed = operations.mailboxChanges.some(({kind}) => kind === 'rename');
				const held = isRenamed ? undefined : (facts.held(path) ?? views.known(path)?.stood);
				return bestKnown([mailboxes.stood(path), held]);
			},
		}),
		...lineVerbs({isLocal, worker, choices, marks, post, sentLook, notice, tell}),
		...budgetVerbs({isLocal, budget, budgetOf, sessionBudget, operations, worker, tell}),
		...choiceVerbs({isLocal, isDrainable: localMail !== undefined, choices, facts, views, guarded, worker, call, tell}),
		...stateVerbs({
			choices,
			marks,
			uidValidityOf,
			tell,
			onPlace(mailbox) {
				views.known(mailbox)?.decided();
				mailboxes.decided();
			},
		}),

		bodies: () => ({heldBytes: facts.diskBodies.bytes, mostBytes: account.diskBytes}),
		held: mailbox => heldCounts(facts, mailbox),
		isOffline: mailbox => maildrops.isOffline(mailbox),
		localOf: mailbox => maildrops.localOf(mailbox),
		staying: mailbox => maildrops.staying(mailbox),
		call: call.state,
		planCall: () => call.plan(),
		strike: (line, isStruck) => call.strike(line, isStruck),
		goCall: () => call.go(),
		stopCall: () => call.stop(),
		cancel: id => downloads.cancel(id),
		pause: id => downloads.pause(id),
		resume: id => downloads.resume(id),
		openFile: id => downloads.openFile(id),
		takeUpDownloads: () => downloads.takeUp(),
		// A folder is no file of that name: the part is saved in it.
		fileExists: file => fs.statSync(file, {throwIfNoEntry: false})?.isDirectory() === false,
		leaving: () => leaving.count,
		left: (patienceMs = leavingMs) => leaving.left(patienceMs),
		async close({patienceMs = leavingMs} = {}) {
			// The facts stay open: an answer that was on its way may still be taken in. They end with the process.
			endCommands();
			await post.close();
			await leaving.left(patienceMs);
			await Promise.all([worker.line.hangUp(ours('')), downloads.close()]);
			operations.close();
			shared.close();
			marks.close();
			spending.close();
		},
		ensureNamed: (mailbox, uid, {uidValidity, withText = false} = {}) =>
			nameMessage({mailbox, uid, uidValidity, withText}, {facts, worker, budget: budget.get, uidValidityOf}),
		ensureExisting: (mailbox, uids) => findExisting(mailbox, uids, {worker, facts, uidValidityOf}),
		stream: (id, part, write) => opened.find(id, '' as PartNumber)?.stream(part, write),
		sendMail: () => post.sendInCall(),
		keepsFacts: () => !facts.isLost,
		brokenLog: () => operations.broken,
		async settled() {
			for (;;) {
				await worker.settled();
				await opened.decoded();
				await worker.line.left();
				if (!downloads.isBusy) return;
				await downloads.settled();
			}
		},
	};
}

const usualUndoSeconds = 10;
/** Longer than an answer takes on a slow line. */
const leavingMs = 30_000;

const cannotKeepLedger = (why: string): SafeText =>
	safeLine(`The bytes ledger cannot be kept on disk (${why}); bytes are counted for this run only`);

const indexingWords = (mailbox: MailboxPath, done: number, all: number): string =>
	done < all
		? `${mailbox} is read for the first time: ${done} of ${all} messages so far`
		: `${mailbox} was read for the first time: ${all} messages`;
