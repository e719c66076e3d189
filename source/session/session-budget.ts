/**
 * What this session may still spend, when the user has set a limit (`:budget 200k`): no request leaves that could exceed
 * what is left, unless the user said yes to it. The one place that enforces it; the worker asks here before it asks there.
 *
 * Laws: what something could cost is a bound, not a guess (`Need.cost`); what is under way is set aside until it is
 * answered, so nobody is asked before that is known; a decision of the user's is never dropped, it stays in the log.
 */
import {bytesOf} from '../model/amounts.ts';
import {type OverBudget, shownBytesLeft} from '../model/budget.ts';
import {Failure} from '../model/failure.ts';
import {ours, safeJoin} from '../model/safe-text.ts';
import {live} from './live.ts';
import type {Cost, Need, Question} from './needs.ts';

/** Kept for leaving: LOGOUT, its answer, the end of TLS. */
const leavingBytes = 400;
/** Below this nobody waits for news: it comes unasked. */
const leastForNewsBytes = 4000;
/** Of what does not say what it could cost. */
const unknownCost: Cost = {what: ours('Ask the server'), mostBytes: 2000};

export class SessionBudget {
	/** Undefined without a limit. To two digits: the title line is not repainted for each packet. */
	readonly leftBytes = live<number | undefined>(undefined);
	readonly overBudget = live<OverBudget | undefined>(undefined);
	/** False where nobody can be asked: what does not fit is refused. */
	readonly #isAttended: boolean;
	#limit: number | undefined;
	#spent = 0;
	#underWay = 0;
	readonly #allowed = new WeakSet<Need>();
	#mayDial = false;
	#asked: Need | 'dial' | undefined;
	/** The first that did not fit in this look. */
	#over: {readonly by: Need | 'dial'; readonly question: OverBudget} | undefined;

	constructor(isAttended: boolean) {
		this.#isAttended = isAttended;
	}

	/** Undefined takes the limit away. What was spent before does not count. */
	limit(bytes: number | undefined): void {
		this.#limit = bytes;
		this.#spent = 0;
		this.#mayDial = false;
		this.#forgetQuestion();
		this.#show();
	}

	spend(bytes: number): void {
		this.#spent += bytes;
		if (this.#limit !== undefined) this.#show();
	}

	/** Sets aside what a question under way could cost. Returns what ends that. */
	reserve({expectedBytes, mostBytes = 2 * expectedBytes + 400}: Omit<Question, 'ask'>): () => void {
		this.#underWay += mostBytes;
		return () => {
			this.#underWay -= mostBytes;
		};
	}

	/** The line was lost, and with it what was under way. */
	lost(): void {
		this.#underWay = 0;
		this.#mayDial = false;
	}

	get mayWaitForNews(): boolean {
		return this.#free >= leastForNewsBytes;
	}

	/** What a question of this need may cost at most. */
	roomFor(need: Need): number {
		return this.#allowed.has(need) ? Number.POSITIVE_INFINITY : this.#free;
	}

	/** Whether a need may ask; `moreBytes` is what else it would cost (to open its mailbox). */
	mayAsk(need: Need, moreBytes = 0): boolean {
		if (this.#limit === undefined || this.#allowed.has(need)) return true;
		// Who counts bytes buys nothing that nobody has asked for.
		if (need.urgency === 'ahead') return false;
		const {what, mostBytes} = need.cost?.() ?? unknownCost;
		const leftBytes = this.#free;
		if (mostBytes + moreBytes <= leftBytes) return true;
		// What is under way may cost less than it could.
		if (this.#underWay === 0) this.#over ??= {by: need, question: {what, mostBytes: mostBytes + moreBytes, leftBytes}};
		return false;
	}

	mayDial(mostBytes: number): boolean {
		if (this.#limit === undefined || this.#mayDial || mostBytes <= this.#free) return true;
		this.#over = {by: 'dial', question: {what: ours('Dial'), mostBytes, leftBytes: this.#free}};
		return false;
	}

	/** After a look at all needs: puts the question about the first that did not fit. Returns what has to be refused. */
	settle(): Need | 'dial' | undefined {
		const over = this.#over;
		this.#over = undefined;
		if (over && !this.#isAttended) return over.by;
		if (over?.by === this.#asked) return undefined;
		this.#asked = over?.by;
		this.overBudget.set(over?.question);
		return undefined;
	}

	/** The user said yes. */
	allow(): void {
		if (this.#asked === 'dial') this.#mayDial = true;
		else if (this.#asked) this.#allowed.add(this.#asked);
		this.#forgetQuestion();
	}

	/** The user said no. Returns what has to be refused. */
	decline(): Need | 'dial' | undefined {
		const asked = this.#asked;
		this.#forgetQuestion();
		return asked;
	}

	refusal(need: Need): Failure {
		const {what, mostBytes} = need.cost?.() ?? unknownCost;
		const why = `: could cost ${bytesOf(mostBytes)}, and ${bytesOf(this.#free)} are left of the session budget`;
		return new Failure('denied', safeJoin([what, ours(why)], ours('')));
	}

	/** What is left and not set aside. */
	get #free(): number {
		if (this.#limit === undefined) return Number.POSITIVE_INFINITY;
		return Math.max(0, this.#limit - this.#spent - this.#underWay - leavingBytes);
	}

	#forgetQuestion(): void {
		this.#asked = undefined;
		this.overBudget.set(undefined);
	}

	#show(): void {
		this.leftBytes.set(shownBytesLeft(this.#limit, this.#spent));
	}
}
