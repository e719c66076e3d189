/**
 * The plan of a call: what would be sent, asked and brought, line by line, with what it would cost, from what the server says
 * of its mailboxes. It asks nothing.
 */
import type {CallLine} from '../model/call.ts';
import {inbox, type MailboxPath} from '../model/ids.ts';
import {isMailboxChange, isOfDraft, type Operation, type Target} from '../model/operation.ts';
import {countOf} from '../model/operation-words.ts';
import {laterPath} from '../model/renaming.ts';
import {ours, type SafeText, safeLine} from '../model/safe-text.ts';
import type {Wish} from '../model/wish.ts';
import type {MailboxFact} from '../remote/remote.ts';
import {carriedBytes} from './across-steps.ts';
import type {CallSurroundings} from './call.ts';
import {callSentence, newsOf, passedBy} from './call-news.ts';
import {massRemoval} from './mass-removal.ts';
import type {SharedMailbox} from './shared-mailbox.ts';
import {planSync} from './sync-plan.ts';

/** Bytes of sending one operation with its answer, and of opening a mailbox. */
const [operationBytes, openBytes] = [120, 250];
/** And of putting a small message into a mailbox, and of reading one. */
const [appendBytes, recordsBytes] = [120, 180];

type Known = Pick<
	CallSurroundings,
	| 'operations'
	| 'held'
	| 'heldSize'
	| 'isKept'
	| 'wish'
	| 'estimate'
	| 'maildrops'
	| 'stayingWish'
	| 'onUnchanged'
	| 'checkWish'
	| 'coming'
	| 'post'
	| 'shared'
	| 'chosenParts'
>;

/** No mailbox is called so. */
const draftsLineKey = 'save drafts';

export class CallPlan {
	readonly #around: Known;

	constructor(around: Known) {
		this.#around = around;
	}

	/** Whether anything of it is to be here. */
	isWished(fact: MailboxFact): boolean {
		const {isKept, held} = this.#around;
		return isKept(fact.path) && (this.wish(fact).summaries !== 'none' || held(fact.path) !== undefined);
	}

	/** Of an offline mailbox: of what stays on the server. */
	wish(fact: MailboxFact): Wish {
		return this.#around.maildrops.isDrained(fact) ? this.#around.stayingWish : this.#around.wish(fact.path);
	}

	/** In which there is mail, and not what clients of the user have agreed on. */
	mailIn(mailboxes: readonly MailboxFact[]): readonly MailboxFact[] {
		const shared = this.#around.shared();
		// Of a line that is cut the inbox is wanted most; servers list it anywhere.
		return mailboxes
			.filter(({path}) => shared.every(({mailbox}) => mailbox !== path))
			.sort((a, b) => Number(b.path === inbox) - Number(a.path === inbox));
	}

	/** What is sent first makes these, empty. */
	toBeMade(told: readonly MailboxFact[]): readonly MailboxFact[] {
		return this.#around.operations.ready.flatMap(({change}) => {
			if (change.kind !== 'create' || told.some(({path}) => path === change.mailbox)) return [];
			const delimiter = told.find(each => each.delimiter !== '')?.delimiter ?? '';
			const nobodyKnows = {specialUse: undefined, uidValidity: undefined, uidNext: undefined, highestModseq: undefined};
			return [{...nobodyKnows, path: change.mailbox, delimiter, isSelectable: true, messages: 0, unseen: 0}];
		});
	}

	/** What there is to do, in the order in which it is done. `drainOf`: of a mailbox that is emptied. */
	lines(mailboxes: readonly MailboxFact[], drainOf: (path: MailboxPath) => CallLine | undefined): readonly CallLine[] {
		const mail = this.#around.post.planned;
		const lines = [
			mail && planned('mail', 'mail', mail.sentence, mail.bytes),
			this.#sendLine(mailboxes),
			this.#draftsLine(),
			this.#partsLine(),
			...this.#around.shared().map(each => this.#stateLine(each, mailboxes)),
			...this.mailIn(mailboxes).map(each => drainOf(each.path) ?? this.#mailboxLine(each)),
		];
		return lines.filter(line => line !== undefined);
	}

	/** What would remove much for good is left out, until the user takes it in. */
	#sendLine(mailboxes: readonly MailboxFact[]): CallLine | undefined {
		const ready = this.#around.operations.ready.filter(({change}) => !isOfDraft(change));
		if (ready.length === 0) return undefined;
		const removal = massRemoval(ready, mailbox => mailboxes.find(({path}) => path === mailbox)?.messages);
		const targets = ready.flatMap(each => each.targets);
		const messages = new Set(targets.map(({message}) => message)).size;
		const carried = ready.reduce((bytes, each) => bytes + carriedBytes(each), 0);
		const what = ready.length === 1 ? 'what you decided' : `${ready.length} decisions`;
		// Of mailboxes it is about no message.
		const sentence = safeLine(`Send ${what}${messages === 0 ? '' : ` (${countOf(messages)})`}`);
		const bytes = ready.length * operationBytes + targets.length * 6 + carried;
		const goingUp = goingUpOf(ready).length;
		const line = {...planned('send', 'send', sentence, bytes), ...(goingUp > 1 ? {messages: goingUp} : {})};
		if (removal === undefined) return line;
		const {mailbox, removed, of} = removal;
		const warning = safeLine(`Send what removes ${removed} of the ${countOf(of)} in ${mailbox} for good`);
		return {...line, sentence: warning, isStruck: true};
	}

	/** A line of its own: one may be long, and wait for a better line. */
	#draftsLine(): CallLine | undefined {
		const ready = this.#around.operations.ready.filter(({change}) => isOfDraft(change));
		if (ready.length === 0) return undefined;
		const saved = ready.filter(({change}) => change.kind === 'draft').length;
		const words =
			saved === 0
				? 'Take from the server what is no draft any more'
				: saved === 1
					? 'Save a draft on the server'
					: `Save ${saved} drafts on the server`;
		const carried = ready.reduce((bytes, each) => bytes + carriedBytes(each), 0);
		return planned('drafts', draftsLineKey, ours(words), openBytes + ready.length * operationBytes + carried);
	}

	#partsLine(): CallLine | undefined {
		const {count, bytes} = this.#around.chosenParts();
		if (count === 0) return undefined;
		return planned(
			'parts',
			'parts',
			ours(count === 1 ? 'Fetch the part you chose' : `Fetch ${count} parts you chose`),
			bytes,
		);
	}

	/** What clients of the user have decided of mailboxes that keep no state for them. */
	#stateLine(shared: SharedMailbox, mailboxes: readonly MailboxFact[]): CallLine | undefined {
		const fact = mailboxes.find(({path}) => path === shared.mailbox);
		const unread = fact === undefined ? 0 : shared.unread(fact);
		const {untoldBytes} = shared;
		if (untoldBytes === 0 && unread === 0) return undefined;
		const words = [
			...(untoldBytes > 0 ? ['say what you marked'] : []),
			...(unread !== 0 ? ['read what other clients marked'] : []),
		];
		const bytes =
			(untoldBytes > 0 ? untoldBytes + appendBytes : 0) + (unread === 0 ? 0 : openBytes + (unread ?? 1) * recordsBytes);
		return planned('state', stateKey(shared.mailbox), safeLine(`${shared.mailbox}: ${words.join(', ')}`), bytes);
	}

	#mailboxLine(fact: MailboxFact): CallLine | undefined {
		const {path, isSelectable, messages = 0, uidNext, uidValidity, highestModseq} = fact;
		const later = this.later(fact);
		if (!isSelectable || !this.isWished(fact) || later === undefined) return undefined;
		const held = this.#around.held(path);
		const wish = this.wish(fact);
		const plan = planSync(held, {uidValidity: uidValidity ?? 0, uidNext, count: messages, highestModseq});
		if (plan === 'nothing') this.#around.onUnchanged(path);
		// Of what starts over nothing stays.
		const [left, size] = plan === 'start-over' ? [undefined, 0] : [held, this.#around.heldSize(path)];
		const standing = {held: left, size, messages, uidNext};
		const news = newsOf(wish, standing);
		const isFulfilled = (): boolean =>
			wish.summaries === 'none' || this.#around.held(path)?.wishDone === JSON.stringify(wish);
		const isSame = plan === 'nothing' && news.missing === 0;
		if (isSame && !isFulfilled()) this.#around.checkWish(path);
		const coming = this.#around.coming(path);
		if (isSame && isFulfilled() && coming === 0) return undefined;
		const gone = left ? passedBy(wish, standing, news) : Number.POSITIVE_INFINITY;
		const {bytes = 0, hasUnknownParts} = this.#around.estimate(path, wish, messages, gone);
		// Of what is yet to be made there is nothing to begin with.
		const isToBeMade = uidValidity === undefined && messages === 0;
		const sentence = callSentence(later, isToBeMade ? 'nothing' : plan, {...news, coming});
		return {...planned('mailbox', path, sentence, openBytes + bytes), hasUnknownParts};
	}

	/** What it is called by when what is ready was sent; undefined: it will be no more. */
	later({path, delimiter}: MailboxFact): MailboxPath | undefined {
		const changes = this.#around.operations.ready.map(({change}) => change).filter(isMailboxChange);
		return laterPath(path, changes, delimiter);
	}
}

/** Messages that go up whole. */
export const goingUpOf = (operations: readonly Operation[]): readonly Target[] =>
	operations.flatMap(({change, targets}) => (change.kind === 'append' ? targets : []));

export const stateKey = (mailbox: MailboxPath): string => `state ${mailbox}`;

const planned = (kind: CallLine['kind'], key: string, sentence: SafeText, bytes: number): CallLine => ({
	key,
	kind,
	sentence,
	bytes,
	hasUnknownParts: false,
	isStruck: false,
	state: 'planned',
});
