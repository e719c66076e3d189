/**
 * One call of the disconnected model: ask what changed, show the plan, and on the user's word send, sync, bring what is
 * wished for, and hang up. A line that is cut is dialled again, and the call goes on where it was; what was not brought
 * this time is in the next plan.
 *
 * Laws: before the user's word nothing leaves but the question what changed; what is struck is left alone.
 */
import {type Call, type CallLine, isToDo} from '../model/call.ts';
import type {MailboxPath} from '../model/ids.ts';
import {type Change, isOfDraft, type Operation, type OperationId, type Target} from '../model/operation.ts';
import {ours, type SafeText} from '../model/safe-text.ts';
import type {Usage} from '../model/usage.ts';
import type {Wish} from '../model/wish.ts';
import type {WishCost} from '../model/wish-cost.ts';
import type {MailboxFact} from '../remote/remote.ts';
import type {HeldMailbox} from '../store/facts.ts';
import {CallDrains, isListing} from './call-drains.ts';
import {CallPlan, goingUpOf, stateKey} from './call-plan.ts';
import type {Live} from './live.ts';
import {mailboxesKey} from './mailboxes-need.ts';
import type {Maildrops} from './maildrops.ts';
import type {Need} from './needs.ts';
import type {Operations} from './operations.ts';
import {readKey, type SharedMailbox, tellKey} from './shared-mailbox.ts';
import {ShownCall} from './shown-call.ts';
import {type WishedInCall, type WishedMailbox, wishedKey} from './wished-mailbox.ts';
import type {Worker} from './worker.ts';

export type CallSurroundings = {
	readonly worker: Worker;
	readonly operations: Operations;
	readonly usage: () => Usage;
	readonly held: (path: MailboxPath) => HeldMailbox | undefined;
	/** Messages that are held without a gap. */
	readonly heldSize: (path: MailboxPath) => number;
	readonly isKept: (path: MailboxPath) => boolean;
	readonly wish: (path: MailboxPath) => Wish;
	/**
	 * What it would cost to bring what is wished for of a mailbox of so many messages, and of those that will arrive when what
	 * waits is sent; so many of those here are gone, or not wished for any more.
	 */
	readonly estimate: (path: MailboxPath, wish: Wish, messages: number | undefined, gone: number) => WishCost;
	readonly wished: (path: MailboxPath, wish: Wish, around: WishedInCall) => WishedMailbox;
	readonly maildrops: Maildrops;
	/** What of an offline mailbox stays on the server comes as this. */
	readonly stayingWish: Wish;
	/** A mailbox of which all came that was wished for and could. */
	readonly onFulfilled: (mailbox: WishedMailbox) => void;
	/** The server says of a mailbox that is held, without opening it, that it is as it was. */
	readonly onUnchanged: (path: MailboxPath) => void;
	/** What is wished for of a mailbox that is as it was may all be here, without a call. */
	readonly checkWish: (path: MailboxPath) => void;
	/** How many messages will arrive in a mailbox when what waits is sent. */
	readonly coming: (path: MailboxPath) => number;
	/** Whether it is called by this name only when what waits is sent. */
	readonly isToBeRenamed: (path: MailboxPath) => boolean;
	/** The mailbox messages are put into; undefined: none, or nobody knows. */
	readonly arrivesIn: (change: Change) => MailboxPath | undefined;
	readonly learnMailboxes: (mailboxes: readonly MailboxFact[]) => void;
	/** Mail that waits to be sent, and what sends it: resolves to whether all of it went. */
	readonly post: {
		readonly planned: {readonly sentence: SafeText; readonly bytes: number} | undefined;
		sendInCall(): Promise<boolean>;
	};
	/** Mailboxes of this account in which our own state is shared. */
	readonly shared: () => readonly SharedMailbox[];
	/** Parts that were chosen and wait for a line, and what they cost. */
	readonly chosenParts: () => {readonly count: number; readonly bytes: number};
	/** It is over, and these mailboxes were brought up to date. */
	readonly onOver: (mailboxes: Iterable<MailboxPath>) => void;
	/** Whether the line stays up when the call is over. */
	readonly staysUp: () => boolean;
};

const planKey = 'call';

export class CallOfSession {
	readonly state: Live<Call | undefined>;
	readonly #around: CallSurroundings;
	readonly #shown: ShownCall;
	#running = new Map<string, WishedMailbox>();
	readonly #drains: CallDrains;
	readonly #plan: CallPlan;
	/** How mailboxes stand, once the server has said so. */
	#told: readonly MailboxFact[] | undefined;
	/** What was decided and was to be sent when it began. */
	#toSend: ReadonlySet<OperationId> = new Set();
	/** What is done, and was looked at. */
	#done = new Set<OperationId>();
	#isMailOver = true;
	/** Nothing more of what was decided can be sent in this call. */
	#isSent = false;
	#stopWatching = (): void => {};

	constructor(around: CallSurroundings) {
		this.#around = around;
		const {maildrops, worker, wished, held, stayingWish} = around;
		this.#shown = new ShownCall(around);
		this.state = this.#shown.state;
		this.#plan = new CallPlan(around);
		this.#drains = new CallDrains({
			maildrops,
			worker,
			staying: (path, onFail, onProgress) =>
				wished(path, stayingWish, {onFail, onProgress, isAwaiting: () => this.#isAwaiting(path)}),
			isHeld: path => held(path) !== undefined,
			onProgress: () => this.#drained(),
			onFail: (path, because) => {
				this.#shown.failed(path, because);
				this.#drained();
			},
		});
	}

	/** Whether this need may be asked now: before the user's word only what the plan needs. */
	mayAsk(need: Need): boolean {
		const {key, mailbox, urgency} = need;
		const call = this.state.get();
		if (call === undefined || call.state === 'done' || call.state === 'ended') return true;
		if (call.state !== 'going') return key === planKey || isListing(key);
		const isStruck = (line: string): boolean => call.lines.some(each => each.key === line && each.isStruck);
		const state = call.lines.find(line => line.kind === 'state' && sharingKeys(line.key).includes(key));
		if (state !== undefined) return !state.isStruck;
		if (urgency === 'operations') {
			const drafts = call.lines.find(({kind}) => kind === 'drafts');
			return !isStruck('send') || drafts?.isStruck === false;
		}
		// How mailboxes stand was asked for the plan.
		if (key === mailboxesKey) return false;
		if (mailbox === undefined) return true;
		if (!this.#drains.mayAsk(need)) return false;
		if (key === wishedKey(mailbox) && this.#isAwaiting(mailbox)) return false;
		return !isStruck(mailbox) || (urgency === 'chosen' && !isStruck('parts'));
	}

	/** Whether its line of the plan was left out. */
	isLeftOut({change}: Pick<Operation, 'change'>): boolean {
		const call = this.state.get();
		const kind = isOfDraft(change) ? 'drafts' : 'send';
		return call?.state === 'going' && call.lines.some(line => line.kind === kind && line.isStruck);
	}

	/** None is planned or under way. */
	get isOver(): boolean {
		const {state = 'done'} = this.state.get() ?? {};
		return state === 'done' || state === 'ended';
	}

	/** Whether a line is to be dialled for what is wanted although the model would wait. */
	get isCalling(): boolean {
		const state = this.state.get()?.state;
		return state === 'asking' || state === 'going';
	}

	plan(): void {
		if (this.isCalling) return;
		// Another program, or another account, may have written into the log.
		this.#around.operations.refresh();
		this.#shown.asking();
		this.#told = undefined;
		const ready = this.#around.maildrops.check();
		if (ready === undefined) this.#ask();
		else void ready.then(because => (because === '' ? this.#ask() : this.#end(because)));
	}

	#ask(): void {
		if (this.state.get()?.state !== 'asking') return;
		let isAsked = false;
		this.#around.worker.need({
			key: planKey,
			urgency: 'operations',
			mailbox: undefined,
			// Not before all of it is here: of a line that is cut between, the rest is asked again.
			isDone: () => this.state.get()?.state !== 'asking',
			isAllAsked: () => isAsked,
			lost: () => {
				isAsked = false;
			},
			fail: failure => this.#end(failure.sentence),
			cost: () => ({what: ours('Ask what has changed'), mostBytes: 20_000}),
			next: () => {
				if (isAsked) return undefined;
				isAsked = true;
				return {
					expectedBytes: 2000,
					mostBytes: 20_000,
					ask: async remote => {
						// Of the mailbox that is open a server may say what it has said before (RFC 3501 §6.3.10): it says what is new
						// first. Not in one packet: Dovecot answers the LIST before a NOOP that is before it.
						if (this.#around.worker.selected !== undefined) await remote.look();
						const told = await remote.fetchMailboxes({withChanges: true});
						const toAsk = told.filter(
							each => each.isSelectable && each.uidNext === undefined && this.#plan.isWished(each),
						);
						const asked = await Promise.all(toAsk.map(({path}) => remote.fetchStatus(path, {withChanges: true})));
						const known = new Map(toAsk.map(({path}, index) => [path, asked[index]]));
						this.#listed(told.map(each => ({...each, ...known.get(each.path)})));
					},
				};
			},
		});
		this.#endWithLine();
		this.#around.worker.line.dial();
	}

	/** Of a line that is cut the question is asked again; who hung up, or is refused, dials no more by itself. */
	#endWithLine(): void {
		const {link} = this.#around.worker;
		const stop = link.subscribe(() => {
			const isAsking = this.state.get()?.state === 'asking';
			if (isAsking && link.get().state !== 'hung-up') return;
			stop();
			if (isAsking) this.#end(this.#hungUpWords);
		});
	}

	get #hungUpWords(): SafeText {
		return this.#around.worker.link.get().because || ours('The line was hung up');
	}

	#listed(mailboxes: readonly MailboxFact[]): void {
		if (this.state.get()?.state !== 'asking') return;
		this.#around.learnMailboxes(mailboxes);
		this.#told = [...mailboxes, ...this.#plan.toBeMade(mailboxes)];
		this.#drains.list(this.#plan.mailIn(mailboxes));
		this.#drained();
	}

	/** A maildrop was listed, or something has come of one. */
	#drained(): void {
		const {state} = this.state.get() ?? {};
		if (state === 'asking' && this.#told !== undefined && this.#drains.isListed)
			this.#shown.planned(this.#plan.lines(this.#told, path => this.#drains.line(path)));
		if (state === 'going') this.#look();
	}

	strike(key: string, isStruck: boolean): void {
		this.#shown.strike(key, isStruck);
	}

	go(): void {
		const call = this.state.get();
		if (call?.state !== 'planned') return;
		// What is looked at is as the server has it, or was left out: no mailbox is opened for it.
		if (call.lines.every(({isStruck}) => isStruck)) {
			this.#finish();
			return;
		}
		const {worker, operations, wished} = this.#around;
		this.#running = new Map();
		this.#toSend = new Set(operations.ready.map(({id}) => id));
		this.#done = new Set(
			operations.all
				.get()
				.filter(isDone)
				.map(({id}) => id),
		);
		this.#isSent = false;
		const isSending = call.lines.some(({kind, isStruck}) => kind === 'send' && !isStruck);
		this.#shown.going(this.#inTurn(call.lines));
		for (const {key, kind, isStruck} of call.lines) {
			if (kind === 'state' && !isStruck) {
				const shared = this.#sharedAs(key);
				shared?.exchange({looks: true, standing: this.#told?.find(({path}) => path === shared.mailbox)});
				continue;
			}
			const path = key as MailboxPath;
			if (kind === 'drain' && !isStruck) this.#drains.go(path);
			const fact = this.#told?.find(each => each.path === path);
			if (isStruck || kind !== 'mailbox' || fact === undefined) continue;
			const name = isSending ? (this.#plan.later(fact) ?? path) : path;
			const mailbox = wished(name, this.#plan.wish(fact), {
				onFail: failure => this.#shown.failed(key, failure.sentence),
				onProgress: () => this.#look(),
				isAwaiting: () => this.#isAwaiting(name),
			});
			this.#running.set(key, mailbox);
			worker.need(mailbox.need());
		}
		operations.sendOn();
		this.#stopWatching = operations.all.subscribe(() => {
			this.#showGoingUp();
			this.#bringAgain();
			// What waited until all was sent may be asked for now, though no answer has come: of some of it nothing was to be sent.
			worker.reconsider();
		});
		worker.line.dial();
		// The outbox goes first (RFC 4549 §3.1), over a line of its own; what follows of it is among what is sent here.
		if (call.lines.some(({kind, isStruck}) => kind === 'mail' && !isStruck)) this.#sendMail();
		void worker.settled().then(() => this.#settled());
	}

	/** What is sent will still bring messages into it: it is brought when they are there. */
	#isAwaiting(path: MailboxPath): boolean {
		const {operations, coming, isToBeRenamed} = this.#around;
		// Beside another Bonsai that sends, or where the rest cannot be sent now, nobody knows when that is.
		if (!operations.mayDrain || this.#isSent) return false;
		const isSending = this.state.get()?.lines.some(line => line.kind === 'send' && isToDo(line)) === true;
		return isSending && (isToBeRenamed(path) || coming(path) > 0);
	}

	/**
	 * What could not be sent when it was tried may be by now: a message another client had moved was found. Where it went
	 * may have been brought before.
	 */
	#bringAgain(): void {
		const {operations, arrivesIn, worker} = this.#around;
		for (const operation of operations.all.get()) {
			if (!isDone(operation) || this.#done.has(operation.id)) continue;
			this.#done.add(operation.id);
			const into = arrivesIn(operation.change);
			for (const [key, mailbox] of this.#running) {
				if (mailbox.path !== into || !mailbox.isDone) continue;
				mailbox.again();
				this.#shown.again(key);
				worker.need(mailbox.need());
			}
		}
	}

	#sendMail(): void {
		this.#isMailOver = false;
		void this.#around.post.sendInCall().then(isAllSent => {
			this.#isMailOver = true;
			if (this.state.get()?.state !== 'going') return;
			if (!isAllSent) this.#shown.failed('mail', ours('Not all mail was sent: see the outbox'));
			void this.#around.worker.settled().then(() => this.#settled());
		});
	}

	#sharedAs(key: string): SharedMailbox | undefined {
		return this.#around.shared().find(({mailbox}) => stateKey(mailbox) === key);
	}

	#isSharing(key: string): boolean {
		const isAsked = sharingKeys(key).some(each => this.#around.worker.isNeeded(each));
		return isAsked || this.#sharedAs(key)?.hasUntold === true;
	}

	/** Something was spent: to be told not too often, since each telling is a repaint. */
	spent(): void {
		this.#look();
	}

	/** What is done of it by now. */
	#look(): void {
		const call = this.state.get();
		if (call?.state !== 'going') return;
		const isOver = ({key, kind}: CallLine): boolean => {
			if (kind === 'mail') return this.#isMailOver;
			if (kind === 'send' || kind === 'drafts')
				return !this.#around.operations.ready.some(({change}) => isOfDraft(change) === (kind === 'drafts'));
			if (kind === 'state') return !this.#isSharing(key);
			if (kind === 'drain') return this.#drains.isDone(key as MailboxPath);
			if (kind === 'parts') return this.#around.chosenParts().count === 0;
			return this.#running.get(key)?.isDone === true;
		};
		// What was refused in the middle of it may be done by now: what another client had moved was found.
		const isSending = ({kind}: CallLine): boolean => kind === 'send' || kind === 'drafts';
		const isAsked = (line: CallLine): boolean => isToDo(line) || (isSending(line) && line.state === 'failed');
		const done = new Set(call.lines.filter(line => isAsked(line) && isOver(line)).map(({key}) => key));
		for (const key of done) {
			const mailbox = this.#running.get(key) ?? this.#drains.fulfilled(key as MailboxPath);
			if (mailbox) this.#around.onFulfilled(mailbox);
		}
		const shown = (line: CallLine): CallLine => ({
			...line,
			...(line.kind === 'drain' ? {came: this.#drains.came(line.key as MailboxPath)} : {}),
			...(done.has(line.key) ? {state: this.#refusedOf(line).length === 0 ? 'done' : 'failed'} : {}),
		});
		// One may have been found to have failed meanwhile.
		this.#shown.going(this.#inTurn((this.state.get() ?? call).lines.map(shown)));
	}

	/** What is sent goes first, and of mailboxes one is open at a time. */
	#inTurn(lines: readonly CallLine[]): readonly CallLine[] {
		const isToSend = (kind: CallLine['kind']): boolean => lines.some(line => line.kind === kind && isToDo(line));
		const isUnderWay = ({key, kind}: CallLine): boolean => {
			if (kind === 'mail' || kind === 'send') return true;
			if (isToSend('send')) return false;
			if (kind === 'drafts') return true;
			if (isToSend('drafts')) return false;
			return (
				(kind !== 'mailbox' && kind !== 'drain') ||
				this.#around.worker.selected === (this.#running.get(key)?.path ?? key)
			);
		};
		return lines.map(line => (isToDo(line) ? {...line, state: isUnderWay(line) ? 'going' : 'planned'} : line));
	}

	/** What of it the server did not take. */
	#refusedOf({kind}: CallLine): readonly Operation[] {
		const isOf = (change: Change): boolean => kind === (isOfDraft(change) ? 'drafts' : 'send');
		const {operations} = this.#around;
		return operations.all
			.get()
			.filter(({id, change, state}) => state === 'refused' && isOf(change) && this.#toSend.has(id));
	}

	/** How many of the messages that go up are there by now. */
	#showGoingUp(): void {
		const call = this.state.get();
		const line = call?.lines.find(({kind}) => kind === 'send');
		if (call?.state !== 'going' || line?.messages === undefined || !isToDo(line)) return;
		const isLeft = ({state}: Target): boolean => state === 'waiting' || state === 'sending';
		const came = line.messages - goingUpOf(this.#around.operations.ready).filter(isLeft).length;
		if (came !== line.came) this.#shown.going(call.lines.map(each => (each === line ? {...line, came} : each)));
	}

	/** Nothing is under way: it is over, or the line waits for its next attempt. */
	#settled(): void {
		const {begun} = this.#drains;
		this.#look();
		if (this.#drains.begun > begun) {
			void this.#around.worker.settled().then(() => this.#settled());
			return;
		}
		const call = this.state.get();
		if (call?.state !== 'going') return;
		const {worker} = this.#around;
		const link = worker.link.get();
		if (link.state === 'waiting' || link.state === 'dialling') {
			// It goes on by itself, when the line is back.
			const stop = worker.link.subscribe(() => {
				if (worker.link.get().state === 'waiting') return;
				stop();
				void worker.settled().then(() => this.#settled());
			});
			return;
		}
		// It comes back here when that is over.
		if (!this.#isMailOver) return;
		if (!this.#isSent && [...this.#running.values()].some(({path}) => this.#isAwaiting(path))) {
			this.#isSent = true;
			worker.reconsider();
			void worker.settled().then(() => this.#settled());
			return;
		}
		const isLeft = call.lines.some(isToDo);
		if (isLeft && link.state === 'hung-up') this.#end(this.#hungUpWords);
		else this.#finish();
	}

	#finish(): void {
		const lines = this.state.get()?.lines ?? [];
		const refused = lines.reduce((count, line) => count + this.#refusedOf(line).length, 0);
		this.#shown.done(refused, this.#drains.leftWords);
		this.#over();
	}

	/** The user leaves it, or it cannot go on. What came stays, and the next call goes on from there. */
	stop(): void {
		const state = this.state.get()?.state;
		if (state === undefined) return;
		if (state === 'done' || state === 'ended') {
			this.#shown.forget();
			return;
		}
		this.#end(ours('You stopped the call'));
		if (state !== 'going') this.#shown.forget();
	}

	#end(because: SafeText): void {
		this.#shown.ended(because);
		this.#over();
	}

	#over(): void {
		this.#stopWatching();
		const {worker, staysUp} = this.#around;
		for (const {path} of this.#running.values()) worker.unneed(wishedKey(path));
		worker.unneed(planKey);
		this.#drains.end();
		const upToDate = [...this.#running.values()].filter(({isDone}) => isDone).map(({path}) => path);
		this.#around.onOver(new Set([...upToDate, ...this.#drains.paths]));
		if (!staysUp() && !this.#shown.wasUp) void worker.line.rest().then(() => this.#shown.hungUp());
	}
}

const isDone = ({state}: Operation): boolean => state === 'done';

const sharingKeys = (key: string): readonly string[] => {
	const mailbox = key.replace(/^state /, '') as MailboxPath;
	return [tellKey(mailbox), readKey(mailbox)];
};
