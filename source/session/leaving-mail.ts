/**
 * Mail that leaves an account, put together: the post, the drafts that lie on the server too, and the look for what nobody
 * was told of; each is told when there may be something to do.
 */
import type {Budget} from '../model/budget.ts';
import type {AccountMailboxes} from './account-mailboxes.ts';
import type {Choices} from './choices.ts';
import {isLending, lendParts, whenDialled} from './lend-parts.ts';
import type {Operations} from './operations.ts';
import type {OwnMarks} from './own-marks.ts';
import {PostOfSession} from './post.ts';
import {SentLook} from './sent-look.ts';
import {ServerDrafts} from './server-drafts.ts';
import type {Tell} from './session.ts';
import type {SessionBudget} from './session-budget.ts';
import type {SessionOptions} from './session-options.ts';
import type {Spending} from './spending.ts';
import type {Worker} from './worker.ts';

type LeavingMailSurroundings = Pick<
	SessionOptions,
	'account' | 'remembered' | 'makeLetter' | 'makeDraft' | 'carrier'
> & {
	readonly folder: SessionOptions['folder'] | undefined;
	readonly folderOf: SessionOptions['folderOf'];
	/** Ms for which a letter that could leave may be taken back. */
	readonly undoMs: number;
	/** Ms since the epoch. */
	readonly clock: () => number;
	readonly budget: () => Budget;
	readonly sessionBudget: SessionBudget;
	readonly spending: Spending;
	readonly worker: Worker;
	readonly choices: Choices;
	readonly operations: Operations;
	readonly marks: OwnMarks;
	readonly mailboxes: AccountMailboxes;
	/** A call is planned or under way: mail leaves in it, and not by itself. */
	readonly isCallOpen: () => boolean;
	readonly tell: Tell;
};

export type LeavingMail = {
	readonly post: PostOfSession;
	readonly drafts: ServerDrafts;
	readonly sentLook: SentLook;
};

export function leavingMail(around: LeavingMailSurroundings): LeavingMail {
	const {account, folder, folderOf, remembered, clock, tell} = around;
	const {worker, choices, operations, marks, mailboxes, sessionBudget} = around;
	const isUp = (): boolean => worker.link.get().state === 'up';
	const isDialled = (): boolean => choices.model().dialsByItself && !worker.line.isHungUp;
	const drafts = new ServerDrafts({
		account,
		folder,
		make: around.makeDraft,
		operations,
		special: mailboxes.special,
		clock,
		budget: () => around.budget().name,
		bytesPerSecond: () => worker.link.get().bytesPerSecond,
		isSentAtOnce: () => isUp() || isDialled(),
		tell,
	});
	const post = new PostOfSession({
		account,
		folder,
		folderOf,
		makeLetter: around.makeLetter,
		carrier: around.carrier,
		undoMs: around.undoMs,
		clock,
		mayGo() {
			if (around.isCallOpen()) return false;
			return choices.model().dialsByItself ? isDialled() : isUp();
		},
		budgetLeft: sessionBudget.leftBytes.get,
		onSpent(spent) {
			around.spending.spend(spent);
			sessionBudget.spend(spent.upBytes + spent.downBytes);
		},
		tell,
		drafts,
		onRecorded() {
			operations.refresh();
			operations.sendOn();
		},
		urlsOf: lendParts({account, worker, whereIs: at => operations.whereIs(at)}),
		hasLine: isUp,
		ensureLine: () => worker.line.ensureUp(),
		whenDialled: () => whenDialled(worker.link),
		isLent: () => isLending(account, worker.line.remote?.capabilities ?? new Set(remembered.get()?.capabilities)),
		markHere({mailbox, uidValidity, uid}, flag) {
			return marks.isOurs(mailbox) && marks.decide(mailbox, uidValidity, [uid], flag, true);
		},
	});
	const sentLook = new SentLook({
		worker,
		letters: () => (account.sending.sentCopies === 'server' ? post.letters.get() : []),
		sent: () => mailboxes.special('sent'),
		ensureMailboxes: () => mailboxes.ensure(),
		onFound: letter => post.arrived(letter),
	});
	let wasUp = false;
	worker.link.subscribe(() => {
		const isUpNow = isUp();
		if (isUpNow && !wasUp) {
			post.tryAnew();
			sentLook.anew();
		}
		wasUp = isUpNow;
	});
	for (const told of [operations.all, post.letters]) told.subscribe(() => post.logChanged());
	for (const told of [post.letters, mailboxes.list]) told.subscribe(() => sentLook.look());
	return {post, drafts, sentLook};
}
