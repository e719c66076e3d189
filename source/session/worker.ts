/**
 * One worker per account: one connection, the most important need first, as much under way as the line takes in two
 * seconds. Dials by itself while somebody needs something, again and again with back-off, until told to hang up.
 *
 * Laws: what is lost with the line is asked again; what the server refused or garbled is not. Only here is the
 * connection opened, left and counted.
 */
import type {Account} from '../model/account.ts';
import {type Budget, chunkBytesAt, creditSeconds, smallestChunkBytes, steadyChunkBytesAt} from '../model/budget.ts';
import {Failure} from '../model/failure.ts';
import type {MailboxPath} from '../model/ids.ts';
import type {Link} from '../model/link.ts';
import {ours, type SafeText} from '../model/safe-text.ts';
import {totalBytes} from '../model/usage.ts';
import type {Dial, Dialled, KnownMailbox, RememberedServer, Remote, RemoteEvents, Selected} from '../remote/remote.ts';
import {live} from './live.ts';
import {type Need, Needs, type Question, type Urgency, urgencies} from './needs.ts';
import type {SessionBudget} from './session-budget.ts';
import type {Spending} from './spending.ts';

export type WorkerOptions = {
	readonly account: Account;
	readonly secret: () => Promise<string>;
	readonly dial: Dial;
	readonly budget: () => Budget;
	/** Whether the line is dialled as soon as this is wanted; else it waits for who dials. */
	readonly mayDialFor: (need: Need) => boolean;
	/** Whether this may be asked now, on a line that is up. */
	readonly mayAsk: (need: Need) => boolean;
	/** Whether the mailbox that is looked at is to be open, and its news waited for, when nothing else is to do. */
	readonly mayGoHome: () => boolean;
	/** Whether a connection is to tell what changed (QRESYNC). */
	readonly wantsChanges: () => boolean;
	/** How far a mailbox is held, so that its opening can bring what changed; undefined: it is not kept. */
	readonly known: (mailbox: MailboxPath) => KnownMailbox | 'changes' | undefined;
	readonly remembered: {
		readonly get: () => RememberedServer | undefined;
		readonly set: (server: RememberedServer) => void;
	};
	readonly events: Omit<RemoteEvents, 'onClosed'>;
	/** A mailbox was opened, or could not be. */
	readonly onSelected: (selected: Selected) => void;
	readonly onNotSelected: (path: MailboxPath, failure: Failure) => void;
	/** After each exchange, with nothing left to ask. */
	readonly onQuiet: () => void;
	readonly patience: Patience;
	readonly spending: Spending;
	readonly sessionBudget: SessionBudget;
};

/** How long to wait: for a server that says nothing, and before dialling again. */
export type Patience = {
	/** Ms of silence after which a line that owes an answer is dead. */
	readonly silenceMs: number;
	/** Ms before the second attempt; doubled each time, with jitter, up to a minute. */
	readonly retryMs: number;
};

export const defaultPatience: Patience = {silenceMs: 60_000, retryMs: 1000};

const longestRetryMs = 60_000;

/** Bounds for a session budget: a login with its certificates and the first SELECT; a SELECT. */
const mostToDialBytes = {none: 4000, starttls: 12_000, tls: 12_000};
const mostToSelectBytes = 1500;
const noDialling = ours('The session budget does not allow a connection');

const nothingInFlight = (): Record<Urgency, number> => ({operations: 0, 'looking-at': 0, chosen: 0, ahead: 0});

export class Worker {
	readonly #options: WorkerOptions;
	readonly #needs = new Needs();
	readonly link = live<Link>({
		state: 'hung-up',
		because: ours(''),
		retryAt: undefined,
		bytesPerSecond: undefined,
		roundTripMs: undefined,
		chunkBytes: smallestChunkBytes,
		isEncrypted: false,
		isCompressed: false,
		hasBinary: false,
	});
	#remote: Remote | undefined;
	#selected: MailboxPath | undefined;
	#isSelecting = false;
	#inFlight = 0;
	#inFlightBytes = nothingInFlight();
	#isHungUp = false;
	/** A line that is left while a decision is on its way: until its answer is in, or nobody waits for it any more. */
	#leaving: Promise<void> | undefined;
	/** Every line that is left, until it is. */
	#left: Promise<unknown> = Promise.resolve();
	#attempts = 0;
	#upSince = 0;
	#retry: NodeJS.Timeout | undefined;
	#dialling: AbortController | undefined;
	#isPumpDue = false;
	#waiters: (() => void)[] = [];
	/** Kept open while it is looked at, so that news arrives and a lost line is dialled again. */
	#home: MailboxPath | undefined;

	constructor(options: WorkerOptions) {
		this.#options = options;
	}

	need(need: Need): void {
		this.#needs.add(need);
		this.#schedule();
	}

	/** The user looks into this mailbox now: its news is wanted, and what was looked at elsewhere is not. */
	lookInto(mailbox: MailboxPath): void {
		const isElsewhere = this.#home !== undefined && this.#home !== mailbox;
		this.#home = mailbox;
		this.#needs.keepLooksAt(mailbox);
		// Who turns to another mailbox does not want to wait for the next attempt.
		if (isElsewhere && this.#retry !== undefined) this.dial();
	}

	/** What may be done unasked has changed. */
	budgetChanged(): void {
		this.#schedule();
	}

	/** Something a need waited for has come that is not an answer: room on a disk. */
	reconsider(): void {
		this.#schedule();
	}

	isNeeded(key: string): boolean {
		return this.#needs.has(key);
	}

	unneed(key: string): void {
		this.#needs.remove(key);
		this.#schedule();
	}

	/** The mailbox that is open on this connection. */
	get selected(): MailboxPath | undefined {
		return this.#selected;
	}

	/** Since when the line is up, or was last, in ms since the epoch. */
	get upSince(): number {
		return this.#upSince;
	}

	/** Whether the server has an extension, and has it right; false without a line. */
	has(capability: string): boolean {
		return this.#remote?.capabilities.has(capability) === true;
	}

	/** Octets to ask for in one chunk on this line. */
	get chunkBytes(): number {
		return chunkBytesAt(this.#remote?.atLeastBytesPerSecond);
	}

	/** What comes in this time for certain: a guess of that size, when it was wrong, cost no more than that. */
	bytesIn(seconds: number): number {
		return (this.#remote?.atLeastBytesPerSecond ?? 0) * seconds;
	}

	/** Resolves when nothing is needed or nothing can be done about it now. */
	settled(): Promise<void> {
		if (this.#isSettled()) return Promise.resolve();
		return new Promise(resolve => this.#waiters.push(resolve));
	}

	dial(): void {
		this.#isHungUp = false;
		this.#attempts = 0;
		clearTimeout(this.#retry);
		this.#retry = undefined;
		this.#schedule();
		if (this.#remote === undefined && this.#dialling === undefined) void this.#dial();
	}

	/** Leaves politely and stays away until `dial`. */
	async hangUp(because: SafeText): Promise<void> {
		this.#isHungUp = true;
		clearTimeout(this.#retry);
		this.#retry = undefined;
		await this.#leave(because);
		// One that was left before may still be saying good-bye, and who goes now would cut it short.
		await this.#left;
	}

	/** Resolves when no line is being left. */
	async left(): Promise<void> {
		await this.#left;
	}

	/** Leaves politely, until something is wanted for which the line is dialled. */
	async rest(): Promise<void> {
		if (this.#remote !== undefined) await this.#leave(ours(''));
	}

	async #leave(because: SafeText): Promise<void> {
		this.#dialling?.abort();
		const remote = this.#remote;
		const isDeciding = this.#inFlightBytes.operations > 0;
		this.#lose();
		this.#tell({state: 'hung-up', because, retryAt: undefined});
		const leaving = remote?.leave();
		if (isDeciding) this.#leaving = leaving;
		this.#left = Promise.all([this.#left, leaving]);
		await leaving;
	}

	/** Asks for news now. */
	look(onDone: () => void, onFailure: (failure: Failure) => void): void {
		let isAsked = false;
		let isDone = false;
		this.need({
			key: 'look',
			urgency: 'looking-at',
			mailbox: this.#home,
			isDone: () => isDone,
			isAllAsked: () => isAsked,
			lost: () => {
				isAsked = false;
			},
			fail: onFailure,
			cost: () => ({what: ours('Look for news'), mostBytes: 600}),
			next: () => {
				if (isAsked) return undefined;
				isAsked = true;
				return {
					expectedBytes: 100,
					ask: async remote => {
						await remote.look();
						isDone = true;
						onDone();
					},
				};
			},
		});
	}

	/** Several wishes in one turn of the event loop are one look at the needs, so they leave in one packet. */
	#schedule(): void {
		if (this.#isPumpDue) return;
		this.#isPumpDue = true;
		queueMicrotask(() => {
			this.#isPumpDue = false;
			this.#pump();
		});
	}

	#pump(): void {
		const needs = this.#wanted();
		const remote = this.#remote;
		if (remote === undefined) {
			if (this.#isDialWanted(needs) && !this.#dialling && !this.#retry) void this.#dial();
			this.#wake();
			return;
		}
		const isFlowing = this.#askAll(remote, needs);
		this.#settleBudget();
		const {budget, sessionBudget, mayGoHome} = this.#options;
		if (!budget().mayIdle || !sessionBudget.mayWaitForNews || !mayGoHome()) remote.endIdle();
		else if (!isFlowing && this.#selected !== undefined && !this.#isSelecting) remote.idle();
		this.#measure(remote);
		this.#goHome(remote, needs);
		if (this.#inFlight === 0 && !this.#isSelecting && needs.length === 0) this.#options.onQuiet();
		this.#wake();
	}

	/** Most important first. */
	#wanted(): Need[] {
		return this.#needs.inOrder(this.#selected).filter(need => this.#options.mayAsk(need));
	}

	#isDialWanted(needs: readonly Need[]): boolean {
		return !this.#isHungUp && needs.some(need => this.#options.mayDialFor(need));
	}

	/** A part of another mailbox was fetched meanwhile: news is wanted of the one that is looked at. */
	#goHome(remote: Remote, needs: readonly Need[]): void {
		const isFree = needs.length === 0 && this.#inFlight === 0 && !this.#isSelecting;
		if (isFree && this.#home !== undefined && this.#selected !== undefined && this.#selected !== this.#home) {
			if (!this.#options.sessionBudget.mayWaitForNews || !this.#options.mayGoHome()) return;
			void this.#select(remote, this.#home);
		}
	}

	/** Returns whether more will be asked as soon as answers are in, so that it is no time to wait for news. */
	#askAll(remote: Remote, needs: readonly Need[]): boolean {
		let isFlowing = false;
		const queue = [...needs];
		for (let need = queue.shift(); need !== undefined; need = queue.shift()) {
			const isElsewhere = need.mailbox !== undefined && need.mailbox !== this.#selected;
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
				// A mailbox is left only when all that was asked about it is answered (sequence numbers, WIRE.md).
				if (this.#inFlight > 0) return true;
				void this.#select(remote, need.mailbox as MailboxPath);
				return true;
			}
			const question = need.next(this.#room(need.urgency), this.#options.sessionBudget.roomFor(need));
			if (question !== undefined) {
				void this.#ask(remote, need, question);
				queue.splice(this.#needs.turnOf(need, queue), 0, need);
			} else if (!need.isDone() && !need.isAllAsked()) isFlowing = true;
		}
		return isFlowing;
	}

	/** What matters more does not wait for the credit that what matters less has taken. */
	#room(urgency: Urgency): number {
		if (this.#inFlight === 0) return Number.POSITIVE_INFINITY;
		let taken = 0;
		for (const each of urgencies.slice(0, urgencies.indexOf(urgency) + 1)) taken += this.#inFlightBytes[each];
		return this.#creditBytes(urgency) - taken;
	}

	/** Nobody waits for what was chosen or comes ahead, but others do behind it: it gets what keeps the line full, no more. */
	#creditBytes(urgency: Urgency): number {
		const {atLeastBytesPerSecond = 0, roundTripMs = 0} = this.#remote ?? {};
		const roundTripBytes = (atLeastBytesPerSecond * roundTripMs * 1.2) / 1000;
		if (urgency === 'chosen' || urgency === 'ahead') {
			const {chunkBytes} = this;
			return chunkBytes * (1 + Math.max(1, Math.ceil(roundTripBytes / chunkBytes)));
		}
		return Math.max(smallestChunkBytes, atLeastBytesPerSecond * creditSeconds, roundTripBytes);
	}

	async #ask(remote: Remote, need: Need, {ask, ...question}: Question): Promise<void> {
		const bytes = question.expectedBytes;
		this.#inFlight += 1;
		this.#inFlightBytes[need.urgency] += bytes;
		const answered = this.#options.sessionBudget.reserve(question);
		try {
			await ask(remote);
		} catch (error) {
			this.#failed(need, error);
		} finally {
			if (this.#remote === remote) {
				this.#inFlight -= 1;
				this.#inFlightBytes[need.urgency] -= bytes;
				answered();
			}
			this.#schedule();
		}
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

	async #select(remote: Remote, path: MailboxPath): Promise<void> {
		this.#isSelecting = true;
		this.#selected = undefined;
		try {
			const selected = await remote.select(path, this.#options.known(path));
			if (this.#remote === remote) this.#opened(selected);
		} catch (error) {
			const failure = error as Failure;
			if (this.#remote === remote && failure.kind !== 'offline' && failure.kind !== 'busy')
				this.#notOpened(path, failure);
		} finally {
			if (this.#remote === remote) this.#isSelecting = false;
			this.#schedule();
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
		void this.hangUp(because);
	}

	/** The user was asked about what does not fit into the session budget. */
	answerBudget(isAllowed: boolean): void {
		const {sessionBudget} = this.#options;
		if (isAllowed) sessionBudget.allow();
		else {
			const refused = sessionBudget.decline();
			if (refused !== undefined) this.#refuse(refused);
		}
		this.#schedule();
	}

	#refuse(refused: Need | 'dial'): void {
		if (refused === 'dial') {
			void this.hangUp(noDialling);
			for (const need of this.#needs.inOrder()) this.#refuseNeed(need, new Failure('denied', noDialling));
		} else this.#refuseNeed(refused, this.#options.sessionBudget.refusal(refused));
	}

	/** What the user decided stays in the log. */
	#refuseNeed(need: Need, failure: Failure): void {
		this.#needs.drop(need);
		if (need.urgency !== 'operations') need.fail(failure);
		this.#schedule();
	}

	async #dial(): Promise<void> {
		if (!this.#options.sessionBudget.mayDial(mostToDialBytes[this.#options.account.security])) {
			this.#settleBudget();
			return;
		}
		const dialling = new AbortController();
		this.#dialling = dialling;
		this.#retry = undefined;
		this.#tell({state: 'dialling', because: this.link.get().because, retryAt: undefined});
		const home = this.#options.mayGoHome() ? this.#home : undefined;
		const mailbox = this.#wanted().find(need => need.mailbox !== undefined)?.mailbox ?? home;
		try {
			const {account, secret, remembered, events, spending, sessionBudget} = this.#options;
			// Who looked it up on another line before the server came to it would not find it, and send it twice.
			await this.#leaving;
			const known = mailbox === undefined ? undefined : this.#options.known(mailbox);
			spending.begin();
			const dialled = await this.#options.dial(
				{
					account,
					secret,
					mailbox,
					wants: this.#options.wantsChanges() ? 'changes' : 'nothing',
					known: known === 'changes' ? undefined : known,
					patienceMs: this.#options.patience.silenceMs,
					remembered: remembered.get(),
					onTraffic: spent => {
						spending.spend(spent);
						sessionBudget.spend(totalBytes(spent));
					},
					events: {...events, onClosed: failure => this.#closed(failure)},
				},
				dialling.signal,
			);
			if (dialling.signal.aborted) dialled.remote.cut();
			else this.#up(dialled, mailbox);
		} catch (error) {
			if (!dialling.signal.aborted) this.#retryLater(error);
		} finally {
			if (this.#dialling === dialling) this.#dialling = undefined;
			this.#schedule();
		}
	}

	#up({remote, selected}: Dialled, mailbox: MailboxPath | undefined): void {
		this.#remote = remote;
		this.#dialling = undefined;
		this.#upSince = Date.now();
		this.#options.remembered.set({capabilities: [...remote.capabilities]});
		this.#tell({
			state: 'up',
			because: ours(''),
			retryAt: undefined,
			isEncrypted: remote.isEncrypted,
			isCompressed: remote.isCompressed,
			hasBinary: remote.capabilities.has('BINARY'),
		});
		if (selected instanceof Failure) {
			if (mailbox !== undefined) this.#notOpened(mailbox, selected);
		} else if (selected !== undefined) this.#opened(selected);
	}

	#closed(failure: Failure): void {
		this.#lose();
		this.#options.spending.settle();
		if (this.#isHungUp) return;
		// A line that held for a while earns a quick second try.
		if (Date.now() - this.#upSince > 10_000) this.#attempts = 0;
		this.#retryLater(failure);
	}

	#lose(): void {
		this.#remote = undefined;
		this.#selected = undefined;
		this.#isSelecting = false;
		this.#inFlight = 0;
		this.#inFlightBytes = nothingInFlight();
		this.#options.sessionBudget.lost();
		for (const need of this.#needs.inOrder()) need.lost();
	}

	#retryLater(error: unknown): void {
		if (!(error instanceof Failure)) throw error;
		if (error.kind === 'denied') {
			this.#isHungUp = true;
			this.#tell({state: 'hung-up', because: error.sentence, retryAt: undefined});
			this.#wake();
			return;
		}
		const atMost = Math.min(longestRetryMs, this.#options.patience.retryMs * 2 ** this.#attempts);
		// Jitter, so that a thousand clients of a server that came back do not come back together.
		const delayMs = Math.round(atMost * (0.5 + Math.random() / 2));
		this.#attempts += 1;
		this.#tell({state: 'waiting', because: error.sentence, retryAt: Date.now() + delayMs});
		this.#retry = setTimeout(() => {
			this.#retry = undefined;
			if (!this.#isHungUp) void this.#dial();
		}, delayMs);
		this.#retry.unref();
		this.#wake();
	}

	#tell(change: Partial<Link>): void {
		this.link.set({...this.link.get(), ...change});
	}

	/** To two digits: the title line is not repainted for a rate that did not really change. */
	#measure(remote: Remote): void {
		const {bytesPerSecond, roundTripMs, atLeastBytesPerSecond} = remote;
		const link = this.link.get();
		const rate = bytesPerSecond && Number(bytesPerSecond.toPrecision(2));
		const roundTrip = roundTripMs && Number(roundTripMs.toPrecision(2));
		const chunkBytes = steadyChunkBytesAt(atLeastBytesPerSecond);
		if (rate !== link.bytesPerSecond || roundTrip !== link.roundTripMs || chunkBytes !== link.chunkBytes)
			this.#tell({bytesPerSecond: rate, roundTripMs: roundTrip, chunkBytes});
	}

	#isSettled(): boolean {
		if (this.#isPumpDue || this.#dialling || this.#isSelecting || this.#inFlight > 0) return false;
		const isAsking = this.#options.sessionBudget.overBudget.get() !== undefined;
		const needs = this.#wanted();
		if (needs.length === 0 || this.#isHungUp || this.#retry !== undefined || isAsking) return true;
		return this.#remote === undefined && !this.#isDialWanted(needs);
	}

	#wake(): void {
		if (!this.#isSettled()) return;
		for (const wake of this.#waiters.splice(0)) wake();
	}
}
