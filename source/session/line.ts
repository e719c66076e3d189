/**
 * The line to the server: dialled when somebody wants it, dialled again with back-off when it is lost, left politely, and
 * measured. Only here is a connection opened and left.
 *
 * Laws: who was told to hang up stays away until `dial`; a refusal of password or certificate is not tried again by itself.
 */
import type {Account} from '../model/account.ts';
import {chunkBytesAt, steadyChunkBytesAt} from '../model/budget.ts';
import {Failure} from '../model/failure.ts';
import type {MailboxPath} from '../model/ids.ts';
import {type Link, unknownLine} from '../model/link.ts';
import {ours, type SafeText} from '../model/safe-text.ts';
import {totalBytes} from '../model/usage.ts';
import type {Dial, Dialled, KnownMailbox, RememberedServer, Remote, RemoteEvents} from '../remote/remote.ts';
import {live} from './live.ts';
import type {SessionBudget} from './session-budget.ts';
import type {Spending} from './spending.ts';

export type LineOptions = {
	readonly account: Account;
	readonly secret: () => Promise<string>;
	readonly dial: Dial;
	readonly remembered: {
		readonly get: () => RememberedServer | undefined;
		readonly set: (server: RememberedServer) => void;
	};
	/** Whether a connection is to tell what changed (QRESYNC). */
	readonly wantsChanges: () => boolean;
	/** How far a mailbox is held, so that its opening can bring what changed; undefined: it is not kept. */
	readonly known: (mailbox: MailboxPath) => KnownMailbox | 'changes' | undefined;
	readonly events: Omit<RemoteEvents, 'onClosed'>;
	readonly patience: Patience;
	readonly spending: Spending;
	readonly sessionBudget: SessionBudget;
};

/** Who uses the line. */
type LineUser = {
	/** Whether what dialling costs may be spent; who says no has asked the user, or hung up. */
	readonly mayDial: () => boolean;
	/** The mailbox to open with the login. */
	readonly firstMailbox: () => MailboxPath | undefined;
	/** Whether a decision is on its way, so that nobody may look for it on another line before its answer is in. */
	readonly isDeciding: () => boolean;
	/** The line is up; `opened` is what came of opening `mailbox`. */
	readonly onUp: (opened: Dialled['selected'], mailbox: MailboxPath | undefined) => void;
	/** The line is gone, and with it whatever was not answered. */
	readonly onLost: () => void;
	/** What can be done on it is other than before. */
	readonly onChange: () => void;
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
/** A line that held for so long earns a quick second try. */
const heldForMs = 10_000;

export class Line {
	readonly link;
	readonly #options: LineOptions;
	readonly #user: LineUser;
	#remote: Remote | undefined;
	#isHungUp = false;
	/** A line that is left while a decision is on its way: until its answer is in, or nobody waits for it any more. */
	#leaving: Promise<void> | undefined;
	/** Every line that is left, until it is. */
	#left: Promise<unknown> = Promise.resolve();
	#attempts = 0;
	#upSince = 0;
	#retry: NodeJS.Timeout | undefined;
	#dialling: AbortController | undefined;

	constructor(options: LineOptions, user: LineUser) {
		this.link = live<Link>({...unknownLine, isLocal: options.account.folder !== ''});
		this.#options = options;
		this.#user = user;
	}

	/** The connection, while it is up. */
	get remote(): Remote | undefined {
		return this.#remote;
	}

	/** Whether nobody dials by itself any more, until `dial`. */
	get isHungUp(): boolean {
		return this.#isHungUp;
	}

	get isDialling(): boolean {
		return this.#dialling !== undefined;
	}

	/** Whether the next attempt has its time. */
	get isWaiting(): boolean {
		return this.#retry !== undefined;
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

	/** The user dials: at once, whatever was before. */
	dial(): void {
		this.#isHungUp = false;
		this.#attempts = 0;
		this.#stopWaiting();
		this.#user.onChange();
		this.ensureUp();
	}

	/** Dials, unless that is under way, or the next attempt has its time. */
	ensureUp(): void {
		if (this.#remote === undefined && this.#dialling === undefined && this.#retry === undefined) void this.#dial();
	}

	/** Leaves politely and stays away until `dial`. */
	async hangUp(because: SafeText): Promise<void> {
		this.#isHungUp = true;
		this.#stopWaiting();
		await this.#leave(because);
		// One that was left before may still be saying good-bye, and who goes now would cut it short.
		await this.#left;
	}

	/** Leaves politely, and tries no more where there was none, until something is wanted for which the line is dialled. */
	async rest(): Promise<void> {
		const isTrying = this.isDialling || this.isWaiting;
		this.#stopWaiting();
		if (this.#remote !== undefined || isTrying) await this.#leave(ours(''));
	}

	/** Resolves when no line is being left. */
	async left(): Promise<void> {
		await this.#left;
	}

	/** Says how fast it is by now, to two digits: the title line is not repainted for a rate that did not really change. */
	measure(): void {
		if (this.#remote === undefined) return;
		const {bytesPerSecond, roundTripMs, atLeastBytesPerSecond} = this.#remote;
		const link = this.link.get();
		const rate = bytesPerSecond && Number(bytesPerSecond.toPrecision(2));
		const roundTrip = roundTripMs && Number(roundTripMs.toPrecision(2));
		const chunkBytes = steadyChunkBytesAt(atLeastBytesPerSecond);
		if (rate !== link.bytesPerSecond || roundTrip !== link.roundTripMs || chunkBytes !== link.chunkBytes)
			this.#tell({bytesPerSecond: rate, roundTripMs: roundTrip, chunkBytes});
	}

	async #leave(because: SafeText): Promise<void> {
		this.#dialling?.abort();
		const remote = this.#remote;
		const isDeciding = this.#user.isDeciding();
		this.#lose();
		this.#tell({state: 'hung-up', because, retryAt: undefined});
		const leaving = remote?.leave();
		if (isDeciding) this.#leaving = leaving;
		this.#left = Promise.all([this.#left, leaving]);
		await leaving;
	}

	async #dial(): Promise<void> {
		if (!this.#user.mayDial()) return;
		const dialling = new AbortController();
		this.#dialling = dialling;
		this.#tell({state: 'dialling', because: this.link.get().because, retryAt: undefined});
		const mailbox = this.#user.firstMailbox();
		try {
			// Who looked it up on another line before the server came to it would not find it, and send it twice.
			await this.#leaving;
			const dialled = await this.#dialled(mailbox, dialling.signal);
			if (dialling.signal.aborted) dialled.remote.cut();
			else this.#up(dialled, mailbox);
		} catch (error) {
			if (!dialling.signal.aborted) this.#retryLater(error);
		} finally {
			if (this.#dialling === dialling) this.#dialling = undefined;
			this.#user.onChange();
		}
	}

	#dialled(mailbox: MailboxPath | undefined, signal: AbortSignal): Promise<Dialled> {
		const {account, secret, remembered, events, patience, spending, sessionBudget, ...options} = this.#options;
		const known = mailbox === undefined ? undefined : options.known(mailbox);
		spending.begin();
		return options.dial(
			{
				account,
				secret,
				mailbox,
				wants: options.wantsChanges() ? 'changes' : 'nothing',
				known: known === 'changes' ? undefined : known,
				patienceMs: patience.silenceMs,
				remembered: remembered.get(),
				onTraffic: spent => {
					spending.spend(spent);
					sessionBudget.spend(totalBytes(spent));
				},
				events: {...events, onClosed: failure => this.#closed(failure)},
			},
			signal,
		);
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
		this.#user.onUp(selected, mailbox);
	}

	#closed(failure: Failure): void {
		this.#lose();
		this.#options.spending.settle();
		if (this.#isHungUp) return;
		if (Date.now() - this.#upSince > heldForMs) this.#attempts = 0;
		this.#retryLater(failure);
	}

	#lose(): void {
		this.#remote = undefined;
		this.#options.sessionBudget.lost();
		this.#user.onLost();
	}

	#retryLater(error: unknown): void {
		if (!(error instanceof Failure)) throw error;
		if (error.kind === 'denied') {
			this.#isHungUp = true;
			this.#tell({state: 'hung-up', because: error.sentence, retryAt: undefined});
		} else {
			const atMost = Math.min(longestRetryMs, this.#options.patience.retryMs * 2 ** this.#attempts);
			// Jitter, so that a thousand clients of a server that came back do not come back together.
			const delayMs = Math.round(atMost * (0.5 + Math.random() / 2));
			this.#attempts += 1;
			this.#tell({state: 'waiting', because: error.sentence, retryAt: Date.now() + delayMs});
			this.#retry = setTimeout(() => this.#again(), delayMs).unref();
		}
		this.#user.onChange();
	}

	#again(): void {
		this.#retry = undefined;
		if (!this.#isHungUp) void this.#dial();
	}

	#stopWaiting(): void {
		clearTimeout(this.#retry);
		this.#retry = undefined;
	}

	#tell(change: Partial<Link>): void {
		this.link.set({...this.link.get(), ...change});
	}
}
