/**
 * One worker per account: one line, the most important need first, as much under way as the line takes in two seconds.
 *
 * Laws: what is lost with the line is asked again; what the server refused or garbled is not; a mailbox is left only when
 * all that was asked about it is answered.
 */
import type {Budget} from '../model/budget.ts';
import {Failure} from '../model/failure.ts';
import type {MailboxPath} from '../model/ids.ts';
import {type Renaming, renamedPath} from '../model/renaming.ts';
import {ours} from '../model/safe-text.ts';
import type {Remote, Selected} from '../remote/remote.ts';
import {Line, type LineOptions} from './line.ts';
import {lookNeed} from './look-need.ts';
import {type Need, Needs, type Question} from './needs.ts';
import {UnderWay} from './under-way.ts';

type WorkerOptions = LineOptions & {
	readonly budget: () => Budget;
	/** Whether the line is dialled as soon as this is wanted; else it waits for who dials. */
	readonly mayDialFor: (need: Need) => boolean;
	/** Whether this may be asked now, on a line that is up. */
	readonly mayAsk: (need: Need) => boolean;
	/** Whether the mailbox that is looked at is to be open, and its news waited for, when nothing else is to do. */
	readonly mayGoHome: (home: MailboxPath | undefined) => boolean;
	/** A mailbox was opened, or could not be. */
	readonly onSelected: (selected: Selected) => void;
	readonly onNotSelected: (path: MailboxPath, failure: Failure) => void;
	/** After each exchange, with nothing left to ask. */
	readonly onQuiet: () => void;
};

/** Bounds for a session budget: a login with its certificates and the first SELECT; a SELECT. */
const mostToDialBytes = {none: 4000, starttls: 12_000, tls: 12_000};
const mostToSelectBytes = 1500;
const noDialling = ours('The session budget does not allow a connection');

export class Worker {
	readonly #options: WorkerOptions;
	readonly #needs = new Needs();
	readonly line: Line;
	readonly #underWay: UnderWay;
	#selected: MailboxPath | undefined;
	#mustReopen = false;
	#isSelecting = false;
	#isPumpDue = false;
	/** Questions that failed with the line, whose end may not have been told yet. */
	#untold = 0;
	#waiters: (() => void)[] = [];
	/** Kept open while it is looked at, so that news arrives and a lost line is dialled again. */
	#home: MailboxPath | undefined;

	constructor(options: WorkerOptions) {
		this.#options = options;
		this.line = new Line(options, {
			mayDial: () => this.#mayDial(),
			firstMailbox: () => this.#firstMailbox(),
			isDeciding: () => this.#underWay.isDeciding,
			onUp: (opened, mailbox) => {
				if (opened instanceof Failure) {
					if (mailbox !== undefined) this.#notOpened(mailbox, opened);
				} else if (opened !== undefined) this.#opened(opened);
			},
			onLost: () => this.#lost(),
			onChange: () => this.reconsider(),
		});
		this.#underWay = new UnderWay(this.line);
	}

	get link(): Line['link'] {
		return this.line.link;
	}

	need(need: Need): void {
		this.#needs.add(need);
		this.reconsider();
	}

	/** The user looks into this mailbox now: its news is wanted, and what was looked at elsewhere is not. */
	lookInto(mailbox: MailboxPath): void {
		const isElsewhere = this.#home !== undefined && this.#home !== mailbox;
		this.#home = mailbox;
		// On this disk several are looked at in the list of inboxes, and nothing is wasted by it.
		if (!this.link.get().isLocal) this.#needs.keepLooksAt(mailbox);
		// Who turns to another mailbox does not want to wait for the next attempt.
		if (isElsewhere && this.line.isWaiting) this.line.dial();
	}

	/** Who looks at it asks by its new name from now on. */
	renamed(renaming: Renaming): void {
		const isFormer = (mailbox: MailboxPath): boolean => renamedPath(mailbox, renaming) !== undefined;
		if (this.#home !== undefined) this.#home = renamedPath(this.#home, renaming) ?? this.#home;
		this.#needs.removeLooks(isFormer);
	}

	isNeeded(key: string): boolean {
		return this.#needs.has(key);
	}

	unneed(key: string): void {
		this.#needs.remove(key);
		this.reconsider();
	}

	/** The mailbox that is open on this connection. */
	get selected(): MailboxPath | undefined {
		return this.#selected;
	}

	/** What it is open as has changed: before anything more is asked about it, it is opened once more. */
	reopen(): void {
		this.#mustReopen = true;
		this.reconsider();
	}

	/** Resolves when nothing is needed or nothing can be done about it now. */
	settled(): Promise<void> {
		if (this.#isSettled()) return Promise.resolve();
		return new Promise(resolve => this.#waiters.push(resolve));
	}

	/** Asks for news now. */
	look(onDone: () => void, onFailure: (failure: Failure) => void): void {
		this.need(lookNeed(this.#home, onDone, onFailure));
	}

	/**
	 * What may be asked is other than before: a need, the budget, the line, room on the disk. All of one turn of the event
	 * loop is one look at the needs, so that what it brings leaves in one packet.
	 */
	reconsider(): void {
		if (this.#isPumpDue) return;
		this.#isPumpDue = true;
		queueMicrotask(() => {
			this.#isPumpDue = false;
			this.#pump();
		});
	}

	#pump(): void {
		const needs = this.#wanted();
		const {remote} = this.line;
		if (remote === undefined) {
			if (this.#isDialWanted(needs)) this.line.ensureUp();
			this.#wake();
			return;
		}
		if (this.#untold > 0) return;
		const isFlowing = this.#askAll(remote, needs);
		this.#settleBudget();
		const {budget, sessionBudget, mayGoHome} = this.#options;
		if (!budget().mayIdle || !sessionBudget.mayWaitForNews || !mayGoHome(this.#home)) remote.endIdle();
		else if (!isFlowing && this.#selected !== undefined && !this.#isSelecting) remote.idle();
		this.line.measure();
		this.#goHome(remote, needs);
		if (this.#underWay.isNothing && !this.#isSelecting && needs.length === 0) this.#options.onQuiet();
		this.#wake();
	}

	/** Most important first. */
	#wanted(): Need[] {
		return this.#needs.inOrder(this.#selected).filter(need => this.#options.mayAsk(need));
	}

	#isDialWanted(needs: readonly Need[]): boolean {
		return !this.line.isHungUp && needs.some(need => this.#options.mayDialFor(need));
	}

	/** A part of another mailbox was fetched meanwhile: news is wanted of the one that is looked at. */
	#goHome(remote: Remote, needs: readonly Need[]): void {
		const isFree = needs.length === 0 && this.#underWay.isNothing && !this.#isSelecting;
		if (isFree && this.#home !== undefined && this.#selected !== undefined && this.#selected !== this.#home) {
			if (!this.#options.sessionBudget.mayWaitForNews || !this.#options.mayGoHome(this.#home)) return;
			void this.#select(remote, this.#home);
		}
	}

	/** Returns whether more will be asked as soon as answers are in, so that it is no time to wait for news. */
	#askAll(remote: Remote, needs: readonly Need[]): boolean {
		let isFlowing = false;
		const queue = [...needs];
		for (let need = queue.shift(); need !== undefined; need = queue.shift()) {
			const isOpen = need.mailbox === this.#selected && !this.#mustReopen;
			const isElsewhere = need.mailbox !== undefined && !isOpen;
			if (!this.#options.sessionBudget.mayAsk(need, isElsewhere ? mostToSelectBytes : 0)) {
				if (need.urgency === 'ahead') this.#needs.remove(need.key);
				continue;
			}
			if (isElsewhere) {
				// Nobody leaves a mailbox for what nobody has asked for yet.
				if (need.urgency === 'ahead') {
					this.#needs.remove(need.key);
					continue;
				}
				if (this.#isSelecting) return true;
				// A mailbox is left only when all that was asked about it is answered: a sequence number means another message elsewhere.
				if (!this.#underWay.isNothing) return true;
				void this.#select(remote, need.mailbox as MailboxPath, need.open);
				return true;
			}
			const question = need.next(this.#underWay.room(need.urgency), this.#options.sessionBudget.roomFor(need));
			if (question !== undefined) {
				void this.#ask(remote, need, question);
				queue.splice(this.#needs.turnOf(need, queue), 0, need);
			} else if (need.isDone()) {
				// Known now, while its mailbox is open: from another one it would be gone back to, and from there again.
				this.#needs.drop(need);
			} else if (!need.isAllAsked()) isFlowing = true;
		}
		return isFlowing;
	}

	async #ask(remote: Remote, need: Need, {ask, ...question}: Question): Promise<void> {
		const ended = this.#underWay.begin(need.urgency, question.expectedBytes);
		const answered = this.#options.sessionBudget.reserve(question);
		try {
			await ask(remote);
		} catch (error) {
			const told = this.#untilTold(error);
			this.#failed(need, error);
			await told;
		} finally {
			if (this.line.remote === remote) {
				ended();
				answered();
			}
			this.reconsider();
		}
	}

	/**
	 * Until the end of a line can have been told, if that is what failed, nothing is asked, whoever wants it: asked again at
	 * once, nothing else would be heard.
	 */
	async #untilTold(failure: unknown): Promise<void> {
		const isOfLine = failure instanceof Failure && (failure.kind === 'offline' || failure.kind === 'busy');
		if (!isOfLine) return;
		this.#untold += 1;
		await new Promise(setImmediate);
		this.#untold -= 1;
	}

	#failed(need: Need, error: unknown): void {
		if (!(error instanceof Failure)) throw error;
		if (error.kind === 'offline' || error.kind === 'busy') {
			need.lost();
			return;
		}
		this.#needs.drop(need);
		need.fail(error);
	}

	async #select(remote: Remote, path: MailboxPath, open?: Need['open']): Promise<void> {
		this.#isSelecting = true;
		this.#selected = undefined;
		this.#mustReopen = false;
		try {
			const known = this.#options.known(path);
			const selected = await (open ? open(remote, known) : remote.select(path, known));
			if (this.line.remote === remote) this.#opened(selected);
		} catch (error) {
			const failure = error as Failure;
			if (this.line.remote === remote && failure.kind !== 'offline' && failure.kind !== 'busy')
				this.#notOpened(path, failure);
			await this.#untilTold(failure);
		} finally {
			if (this.line.remote === remote) this.#isSelecting = false;
			this.reconsider();
		}
	}

	#opened(selected: Selected): void {
		this.#selected = selected.path;
		this.#options.onSelected(selected);
	}

	#notOpened(path: MailboxPath, failure: Failure): void {
		if (this.#home === path) this.#home = undefined;
		for (const need of this.#needs.inOrder()) {
			if (need.mailbox !== path) continue;
			this.#needs.remove(need.key);
			need.fail(failure);
		}
		this.#options.onNotSelected(path, failure);
	}

	/** What does not fit into the session budget waits for the user; where there is none, it is refused. */
	#settleBudget(): void {
		const {sessionBudget} = this.#options;
		const refused = sessionBudget.settle();
		if (refused === undefined) return;
		// Whoever waits for it is a command: it is told by the line's end.
		const because = refused === 'dial' ? noDialling : sessionBudget.refusal(refused).sentence;
		this.#refuse(refused);
		void this.line.hangUp(because);
	}

	/** The user was asked about what does not fit into the session budget. */
	answerBudget(isAllowed: boolean): void {
		const {sessionBudget} = this.#options;
		if (isAllowed) sessionBudget.allow();
		else {
			const refused = sessionBudget.decline();
			if (refused !== undefined) this.#refuse(refused);
		}
		this.reconsider();
	}

	#refuse(refused: Need | 'dial'): void {
		if (refused === 'dial') {
			void this.line.hangUp(noDialling);
			for (const need of this.#needs.inOrder()) this.#refuseNeed(need, new Failure('denied', noDialling));
		} else this.#refuseNeed(refused, this.#options.sessionBudget.refusal(refused));
	}

	/** What the user decided stays in the log. */
	#refuseNeed(need: Need, failure: Failure): void {
		this.#needs.drop(need);
		if (need.urgency !== 'operations') need.fail(failure);
		this.reconsider();
	}

	#mayDial(): boolean {
		const {sessionBudget, account} = this.#options;
		const mayDial = sessionBudget.mayDial(mostToDialBytes[account.security]);
		if (!mayDial) this.#settleBudget();
		return mayDial;
	}

	/** Opened with the login, which saves a turn. */
	#firstMailbox(): MailboxPath | undefined {
		const home = this.#options.mayGoHome(this.#home) ? this.#home : undefined;
		return this.#wanted().find(need => need.mailbox !== undefined)?.mailbox ?? home;
	}

	#lost(): void {
		this.#selected = undefined;
		this.#isSelecting = false;
		this.#mustReopen = false;
		this.#underWay.lost();
		for (const need of this.#needs.inOrder()) need.lost();
	}

	#isSettled(): boolean {
		if (this.#isPumpDue || this.#untold > 0 || this.line.isDialling || this.#isSelecting || !this.#underWay.isNothing)
			return false;
		const isAsking = this.#options.sessionBudget.overBudget.get() !== undefined;
		const needs = this.#wanted();
		if (needs.length === 0 || this.line.isHungUp || this.line.isWaiting || isAsking) return true;
		return this.line.remote === undefined && !this.#isDialWanted(needs);
	}

	#wake(): void {
		if (!this.#isSettled()) return;
		for (const wake of this.#waiters.splice(0)) wake();
	}
}
