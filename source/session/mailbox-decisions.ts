/**
 * What the user decides about messages of one mailbox, and the tags that make one decision of many.
 *
 * Laws: what is so already is not sent; the former state goes into the log with the decision, so that it can be taken back
 * (law 2); tags are UIDs, so that ten thousand messages can be tagged whose rows nobody has seen.
 */
import {type Price, priceOf} from '../model/budget.ts';
import type {MessageId} from '../model/ids.ts';
import {type Flag, hasFlag, type Message} from '../model/message.ts';
import {type Change, isAcross} from '../model/operation.ts';
import {countOf, doneWords} from '../model/operation-words.ts';
import {hidden} from '../model/own-record.ts';
import {ours, type SafeText, safeLine} from '../model/safe-text.ts';
import {isPermanent} from '../model/state-place.ts';
import {ownDecisionWords, whyNotHere} from '../model/state-words.ts';
import type {Facts} from '../store/facts.ts';
import type {NewTarget} from '../store/log.ts';
import type {MessageName} from '../store/logged-messages.ts';
import {isToGo} from './decided-mailboxes.ts';
import type {HeldBlock} from './held-block.ts';
import type {MailboxRows} from './mailbox-rows.ts';
import type {MailboxStanding} from './mailbox-standing.ts';
import {oneQuestion} from './one-question.ts';
import type {Operations} from './operations.ts';
import type {OwnMarks} from './own-marks.ts';
import type {TagWhat, Tell, Which} from './session.ts';
import type {ShownRows} from './shown-rows.ts';
import {searchesFor, type Tags} from './tags.ts';
import type {Worker} from './worker.ts';

type DecisionSurroundings = {
	readonly facts: Facts;
	readonly worker: Worker;
	readonly operations: Operations;
	readonly own: OwnMarks;
	readonly tell: Tell;
	readonly tags: Tags;
	readonly standing: MailboxStanding;
	readonly shown: ShownRows;
	readonly rows: MailboxRows;
	readonly block: HeldBlock;
	readonly isToBeDeleted: () => boolean;
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
		if (this.#around.own.isOurs(this.#around.standing.path) && change.kind !== 'copy')
			return this.#decideHere(which, change);
		const targets = which === 'tagged' ? this.#taggedTargets(change) : this.#targets(which, change);
		// What is so already needs no command.
		const fresh = targets.filter(({wasSet}) => change.kind !== 'flag' || wasSet !== change.isSet);
		if (which === 'tagged') this.#around.tags.clear();
		if (fresh.length === 0) {
			this.#around.onChange();
			return true;
		}
		if (this.#around.isToBeDeleted()) {
			this.#around.tell('problem', isToGo);
			this.#around.onChange();
			return false;
		}
		const because = change.kind === 'copy' ? undefined : this.#whyNot(change);
		if (because !== undefined) {
			this.#around.tell('problem', because, 'keep-state-here');
			this.#around.onChange();
			return false;
		}
		const isDecided = this.#around.operations.decide(change, fresh) !== undefined;
		// Of a row that has not arrived it was decided where the message is now.
		if (isDecided && fresh.some(({message}) => typeof message === 'number')) this.#around.onChange();
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

	/** Why the server would not do it, or would forget it. */
	#whyNot(change: Change): SafeText | undefined {
		const {isReadOnly, permanentFlags} = this.#around.standing.state.get();
		if (isReadOnly) return ours('This mailbox is read-only: nothing in it can be changed');
		// Without any it is a server that lists none, for whoever chose to leave the state with it.
		if (change.kind !== 'flag' || permanentFlags?.length === 0 || isPermanent(change.flag, permanentFlags))
			return undefined;
		return safeLine(`The server does not keep ${change.flag} for this mailbox`);
	}

	/** The state of its messages is ours: done when it is on the disk, and no business of the server. */
	#decideHere(which: Which, change: Change): boolean {
		const {own, standing, tags, tell, onChange} = this.#around;
		const because = whyNotHere(change);
		if (because !== undefined) {
			tell('problem', because);
			return false;
		}
		const [what, isSet] = change.kind === 'flag' ? [change.flag, change.isSet] : [hidden, true];
		const flagChange: Change = {kind: 'flag', flag: what, isSet};
		const targets = which === 'tagged' ? this.#taggedTargets(flagChange) : this.#targets(which, flagChange);
		const fresh = targets.flatMap(({message, wasSet}) =>
			typeof message === 'number' || (own.wasSet(message, what) ?? wasSet) === isSet ? [] : [message],
		);
		if (which === 'tagged') tags.clear();
		const uids = fresh.map(({uid}) => uid);
		const isDecided = uids.length === 0 || own.decide(standing.path, standing.place(0).uidValidity, uids, what, isSet);
		if (isDecided && which !== 'tagged' && what === hidden) this.tag(which, false);
		const isInRow = what.startsWith('\\') && what !== hidden;
		if (isDecided && uids.length > 0 && (uids.length > 1 || !isInRow))
			tell('done', ownDecisionWords(what, isSet, uids.length), 'undo');
		onChange();
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
			// From this disk all of the way is the other line's, which nobody has measured here.
			seconds: seconds === undefined || down.bytes === 0 ? undefined : (seconds * (down.bytes + up)) / down.bytes,
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
		const {tags, tell, onChange} = this.#around;
		// What has not arrived has its UID in another mailbox, where that is one of this mailbox's other messages here.
		const uids = ids.flatMap(id => this.#uidHere(id) ?? []);
		for (const uid of uids) {
			if (isTagged) tags.add(uid);
			else tags.delete(uid);
		}
		if (isTagged && uids.length < ids.length)
			tell('problem', ours('What has not arrived here yet cannot be tagged: decide about it by itself'));
		onChange();
	}

	#uidHere(id: MessageId): number | undefined {
		const fact = this.#around.facts.summary(id);
		return fact?.mailbox === this.#around.standing.path ? fact.uid : undefined;
	}

	untagAll(): void {
		this.#around.tags.clear();
		this.#around.onChange();
	}

	ensureTagged(what: TagWhat): void {
		const sequences = (): TagWhat =>
			what.what === 'range' ? {what: 'range', ...this.#around.shown.windowOf(what.first, what.last)} : what;
		const wanted = sequences();
		const {own, rows, shown, standing} = this.#around;
		if (wanted.what === 'range' && rows.missing(wanted).length === 0) {
			this.tag(shown.idsIn(wanted), true);
			this.#tagged();
			return;
		}
		const {block, worker} = this.#around;
		if (block.held !== undefined && worker.link.get().state !== 'up') {
			this.#tagHere(wanted);
			return;
		}
		worker.need(
			oneQuestion({
				key: `tag:${standing.path}`,
				urgency: 'looking-at',
				mailbox: standing.path,
				what: ours('Look for these messages'),
				expectedBytes: 400,
				mostBytes: 600 + 24 * (standing.count ?? 0),
				mayAsk: () => !this.#around.isTaking(),
				fail: failure => this.#around.tell('problem', failure.sentence),
				ask: async remote => {
					const asked = sequences();
					const isOurs = own.isOurs(standing.path);
					const [who = [], unseen = [], flagged = []] = await Promise.all(
						searchesFor(isOurs && asked.what !== 'range' ? {what: 'all'} : asked).map(criteria =>
							remote.search(criteria),
						),
					);
					const [isUnseen, isFlagged] = [new Set(unseen), new Set(flagged)];
					for (const uid of who) {
						const place = standing.place(uid);
						if (this.#around.operations.isGoing(place)) continue;
						const isSeen = own.wasSet(place, '\\Seen') ?? !isUnseen.has(uid);
						const flags = {isSeen, isFlagged: own.wasSet(place, '\\Flagged') ?? isFlagged.has(uid)};
						// What the server does not know it cannot look for.
						if (isOurs && asked.what === 'unread' && flags.isSeen) continue;
						if (isOurs && asked.what === 'flagged' && !flags.isFlagged) continue;
						this.#around.tags.add(uid, flags);
					}
					this.#tagged();
				},
			}),
		);
	}

	/** Nobody can be asked: what is on the disk is tagged, and what is not is said. */
	#tagHere(wanted: TagWhat): void {
		const {block, facts, own, operations, standing, tags} = this.#around;
		const count = standing.count ?? 0;
		const {first, last} = wanted.what === 'range' ? wanted : {first: 1, last: count};
		for (const id of block.at(first, last).ids) {
			const fact = facts.summary(id);
			const place = standing.place(fact?.uid ?? 0);
			if (fact === undefined || operations.isGoing(place)) continue;
			const flags = operations.flagsOf(place, fact.flags);
			const isSet = (flag: Flag): boolean => own.wasSet(place, flag) ?? hasFlag({flags}, flag);
			const known = {isSeen: isSet('\\Seen'), isFlagged: isSet('\\Flagged')};
			if (wanted.what === 'unread' && known.isSeen) continue;
			if (wanted.what === 'flagged' && !known.isFlagged) continue;
			tags.add(fact.uid, known);
		}
		this.#tagged(Math.max(0, Math.min(last, block.first - 1) - first + 1));
	}

	/** `unknown` of those that were meant, nothing is known of. */
	#tagged(unknown = 0): void {
		this.#around.onChange();
		const but = unknown === 0 ? '' : `; ${countOf(unknown)} not here, and not looked at`;
		this.#around.tell('done', safeLine(`${countOf(this.#around.tags.count)} tagged${but}`), 'decide-about-tagged');
	}
}

const decisionWords = (change: Change, count: number, isUp: boolean): SafeText =>
	safeLine(`${doneWords(change, count)}${isUp ? '' : ', when there is a line'}`);
