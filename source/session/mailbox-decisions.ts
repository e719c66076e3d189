/**
 * What the user decides about messages of one mailbox, and the tags that make one decision of many.
 *
 * Laws: what is so already is not sent; the former state goes into the log with the decision, so that it can be taken back
 * (law 2); tags are UIDs, so that ten thousand messages can be tagged whose rows nobody has seen.
 */
import {type Price, priceOf} from '../model/budget.ts';
import type {MessageId} from '../model/ids.ts';
import {hasFlag, type Message} from '../model/message.ts';
import {type Change, isAcross} from '../model/operation.ts';
import {countOf, doneWords} from '../model/operation-words.ts';
import {ours, type SafeText, safeLine} from '../model/safe-text.ts';
import type {Facts} from '../store/facts.ts';
import type {MessageName, NewTarget} from '../store/log.ts';
import type {MailboxRows} from './mailbox-rows.ts';
import type {MailboxStanding} from './mailbox-standing.ts';
import type {Operations} from './operations.ts';
import type {TagWhat, Tell, Which} from './session.ts';
import type {ShownRows} from './shown-rows.ts';
import {searchesFor, type Tags} from './tags.ts';
import type {Worker} from './worker.ts';

type DecisionSurroundings = {
	readonly facts: Facts;
	readonly worker: Worker;
	readonly operations: Operations;
	readonly tell: Tell;
	readonly tags: Tags;
	readonly standing: MailboxStanding;
	readonly shown: ShownRows;
	readonly rows: MailboxRows;
	/** Messages are being taken away just now, so that sequence numbers are about to shift. */
	readonly isTaking: () => boolean;
	/** Rows look different now. */
	readonly onChange: () => void;
};

/** What an APPEND takes besides the octets: records of TLS; commands, answers, and the look at what arrived. */
const upShare = 1.007;
const upBytes = 700;

export class MailboxDecisions {
	readonly #around: DecisionSurroundings;

	constructor(around: DecisionSurroundings) {
		this.#around = around;
	}

	decide(which: Which, change: Change): boolean {
		const targets = which === 'tagged' ? this.#taggedTargets(change) : this.#targets(which, change);
		// What is so already needs no command.
		const fresh = targets.filter(({wasSet}) => change.kind !== 'flag' || wasSet !== change.isSet);
		if (which === 'tagged') this.#around.tags.clear();
		if (fresh.length === 0) {
			this.#around.onChange();
			return true;
		}
		if (this.#around.standing.isReadOnly && change.kind !== 'copy') {
			this.#around.tell('problem', ours('This mailbox is read-only: nothing in it can be changed'));
			this.#around.onChange();
			return false;
		}
		const isDecided = this.#around.operations.decide(change, fresh) !== undefined;
		// What is going is not seen any more, so nothing else must be decided of it by a tag.
		if (isDecided && which !== 'tagged' && (change.kind === 'move' || change.kind === 'remove')) this.tag(which, false);
		// What one key did to one row is seen in the row; a keyword has no letter there.
		const isInRow = change.kind === 'flag' && change.flag.startsWith('\\');
		if (isDecided && (fresh.length > 1 || !isInRow)) {
			const isUp = this.#around.worker.link.get().state === 'up';
			const advice = change.kind === 'remove' ? undefined : 'undo';
			this.#around.tell('done', decisionWords(change, fresh.length, isUp), advice);
		}
		return isDecided;
	}

	/** Down on this line, and up on the other, where nothing is compressed for certain. */
	priceAcross(which: Which): Price | undefined {
		const {tags, facts, standing, shown, worker} = this.#around;
		const ids = which === 'tagged' ? tags.uids.map(uid => facts.idOf(standing.path, uid)) : which;
		const sizes = ids.map(id => (id === undefined ? undefined : shown.message(id)?.sizeBytes));
		const known = sizes.filter(size => size !== undefined);
		if (known.length < sizes.length) return undefined;
		const down = priceOf(
			known.map(octets => ({octets, isDecoded: false, mayShrink: true})),
			worker.link.get(),
		);
		const up = known.reduce((bytes, octets) => bytes + Math.ceil(octets * upShare) + upBytes, 0);
		const {seconds} = down;
		return {
			...down,
			bytes: down.bytes + up,
			seconds: seconds === undefined ? undefined : (seconds * (down.bytes + up)) / down.bytes,
		};
	}

	#targets(ids: readonly MessageId[], change: Change): NewTarget[] {
		return ids.flatMap(id => {
			const message = this.#around.shown.message(id);
			const target = message && this.#around.shown.target(message);
			if (target === undefined) return [];
			const wasSet = change.kind === 'flag' ? hasFlag(message as Message, change.flag) : undefined;
			return [{message: target, wasSet, name: this.#nameOf(id, change)}];
		});
	}

	#taggedTargets(change: Change): NewTarget[] {
		return this.#around.tags.uids.map(uid => {
			const id = this.#around.facts.idOf(this.#around.standing.path, uid);
			const message = id === undefined ? undefined : this.#around.shown.message(id);
			const name = id === undefined ? undefined : this.#nameOf(id, change);
			if (change.kind !== 'flag') return {message: this.#around.standing.place(uid), wasSet: undefined, name};
			const wasSet = message ? hasFlag(message, change.flag) : this.#around.tags.wasSet(uid, change.flag);
			return {message: this.#around.standing.place(uid), wasSet};
		});
	}

	/** What is moved or copied may have to be looked up: where its name is known from the disk, nobody is asked for it later. */
	#nameOf(id: MessageId, change: Change): MessageName | undefined {
		const {kind} = change;
		const fact = kind === 'move' || kind === 'copy' ? this.#around.facts.summary(id) : undefined;
		const messageId = fact?.kept?.messageId ?? '';
		const isName = /^<[^<>\s]+>$/.test(messageId);
		// What goes to another account has to be weighed, whatever its name is.
		if (fact === undefined || (!isName && !isAcross(change))) return undefined;
		return {messageId: isName ? messageId : '', sizeBytes: fact.sizeBytes};
	}

	tag(ids: readonly MessageId[], isTagged: boolean): void {
		for (const id of ids) {
			const uid = this.#around.facts.uidOf(id);
			if (uid === undefined) continue;
			if (isTagged) this.#around.tags.add(uid);
			else this.#around.tags.delete(uid);
		}
		this.#around.onChange();
	}

	untagAll(): void {
		this.#around.tags.clear();
		this.#around.onChange();
	}

	ensureTagged(what: TagWhat): void {
		const sequences = (): TagWhat =>
			what.what === 'range' ? {what: 'range', ...this.#around.shown.windowOf(what.first, what.last)} : what;
		const wanted = sequences();
		const {rows, shown} = this.#around;
		if (wanted.what === 'range' && rows.missing(wanted).length === 0) {
			this.tag(shown.idsIn(wanted), true);
			this.#tagged();
			return;
		}
		let [isAsked, isDone] = [false, false];
		this.#around.worker.need({
			key: `tag:${this.#around.standing.path}`,
			urgency: 'looking-at',
			mailbox: this.#around.standing.path,
			isDone: () => isDone,
			isAllAsked: () => isAsked,
			lost: () => {
				isAsked = false;
			},
			fail: failure => this.#around.tell('problem', failure.sentence),
			cost: () => ({what: ours('Look for these messages'), mostBytes: 600 + 24 * (this.#around.standing.count ?? 0)}),
			next: () => {
				if (isAsked || this.#around.isTaking()) return undefined;
				isAsked = true;
				const asked = sequences();
				return {
					expectedBytes: 400,
					mostBytes: 600 + 24 * (this.#around.standing.count ?? 0),
					ask: async remote => {
						const [who = [], unseen = [], flagged = []] = await Promise.all(
							searchesFor(asked).map(criteria => remote.search(criteria)),
						);
						isDone = true;
						const [isUnseen, isFlagged] = [new Set(unseen), new Set(flagged)];
						for (const uid of who) {
							if (this.#around.operations.isGoing(this.#around.standing.place(uid))) continue;
							this.#around.tags.add(uid, {isSeen: !isUnseen.has(uid), isFlagged: isFlagged.has(uid)});
						}
						this.#tagged();
					},
				};
			},
		});
	}

	#tagged(): void {
		this.#around.onChange();
		this.#around.tell('done', safeLine(`${countOf(this.#around.tags.count)} tagged`), 'decide-about-tagged');
	}
}

const decisionWords = (change: Change, count: number, isUp: boolean): SafeText =>
	safeLine(`${doneWords(change, count)}${isUp ? '' : ', when there is a line'}`);
