/**
 * The second oracle: what the server has to hold, from what its users asked for and what became of each decision.
 *
 * As long as one client after the other, each seeing how it stands, decides about a message, what must come of it is exact:
 * how many of it, where, with which flags. Where decisions cross (another had not heard of it yet), what may come of it is
 * a range: it is there at least once unless somebody removed it, no more often than was asked for, only where it was put,
 * with flags that somebody set.
 */
import assert from 'node:assert/strict';
import type {MailboxPath} from '../../../source/model/ids.ts';
import type {Change, LogMessageId, Operation, OperationId, Place} from '../../../source/model/operation.ts';
import type {Client} from './client.ts';
import type {Row} from './shown.ts';
import {boxes, familyOf, type Instance, placesOf, refusalText, trash, type World} from './world.ts';

/** `struck`: nothing of it was ever sent; `not`: in the end it was not done. */
export type Outcome = 'pending' | 'done' | 'struck' | 'not' | 'left behind' | 'unknown';
type Held = {readonly mailbox: MailboxPath; readonly flags: ReadonlySet<string>};
type Asking = {
	readonly key: string;
	readonly by: string;
	readonly change: Change | {readonly kind: 'uncopy'; readonly from: MailboxPath};
	readonly outcome: () => Outcome;
	/** Its number in the log of who decided. */
	readonly message?: LogMessageId | undefined;
};
type Thing = {
	readonly subject: string;
	/** As the server was seen to hold it when nothing was pending. The first is the one that is decided about. */
	was: readonly Held[];
	asked: Asking[];
	/** Who touched it, in order. */
	readonly touched: {readonly by: string; readonly key: string}[];
	isContested: boolean;
	isGone: boolean;
};
type Late = {readonly subject: string; readonly change: Change};
type Target = Operation['targets'][number];
type Meant = {
	readonly change: Change;
	/** Whether an answer about it may have been lost. */
	readonly mayHaveLost: () => boolean;
	readonly things: ReadonlyMap<string, Thing>;
	readonly messages: ReadonlyMap<Thing, LogMessageId>;
	/** Where the user saw it. */
	readonly shownIn: Map<Thing, () => MailboxPath>;
};

const placeKey = ({mailbox, uidValidity, uid}: Place): string => `${familyOf(mailbox)} ${uidValidity} ${uid}`;
/** Where it was decided names a target for good; where nobody knew that, our own number does. */
const targetKey = ({from, message}: Target): string => (from.uid > 0 ? placeKey(from) : `${message}`);
const keyOf = (client: Client, id: OperationId): string => `${client.name} ${id}`;

export class Asked {
	/** How many were checked exactly, and how many as a range. */
	readonly checked = {exact: 0, range: 0};
	readonly #world: World;
	readonly #things = new Map<string, Thing>();
	readonly #meant = new Map<string, Meant>();
	/** Which message a number of a client's log stands for. */
	readonly #logged = new Map<string, Thing>();
	readonly #askings = new Map<string, readonly {readonly thing: Thing; readonly asking: Asking}[]>();
	/** Decisions to delete a mailbox, and whose they are. */
	readonly #deletes = new Map<string, string>();
	/** Each operation as it was seen last. */
	readonly #seen = new Map<string, Operation | 'struck'>();

	constructor(world: World) {
		this.#world = world;
		for (const {subject} of this.#all()) this.#thing(subject);
	}

	#all(): Instance[] {
		const held = placesOf(this.#world).flatMap(this.#world.heldIn);
		return held.map(each => ({...each, mailbox: familyOf(each.mailbox)}));
	}

	#thing(subject: string): Thing {
		let thing = this.#things.get(subject);
		if (thing === undefined) {
			thing = {subject, was: this.#now(subject), asked: [], touched: [], isContested: false, isGone: false};
			this.#things.set(subject, thing);
		}
		return thing;
	}

	#now(subject: string): Instance[] {
		return this.#all().filter(each => each.subject === subject);
	}

	/** Whether a message of that subject can be told from all others. Half of a move makes two of it, as a copy does. */
	isAlone(subject: string): boolean {
		const thing = this.#things.get(subject);
		const makesTwo = ({change, outcome}: Asking): boolean =>
			change.kind === 'copy' || outcome() === 'left behind' || (change.kind === 'move' && outcome() === 'unknown');
		return thing !== undefined && thing.was.length === 1 && !thing.asked.some(makesTwo);
	}

	/** A client decided about these messages, as it showed them. */
	decided(client: Client, id: OperationId, change: Change, rows: readonly Row[]): void {
		const shown = new Map(rows.map(row => [placeKey(row), row]));
		const meant = this.#mean(client, id, target => {
			const row = shown.get(placeKey(target.from));
			return row === undefined ? this.#logged.get(`${client.name} ${target.message}`) : this.#thing(row.subject);
		});
		const key = keyOf(client, id);
		for (const [name, thing] of meant.things) {
			const row = shown.get(name);
			const message = meant.messages.get(thing);
			// Where it has come by now may be shown beside where it was once. Under two numbers nothing is in order.
			const isInOrder = (asking: Asking): boolean =>
				asking.message === message || (row !== undefined && this.#isThere(row) && asking.outcome() !== 'pending');
			const isSeen = (asking: Asking): boolean => asking.by === client.name && isInOrder(asking);
			const isOwn = thing.asked.length > 0 && thing.asked.every(isSeen);
			const isSo = thing.asked.length === 0 && row !== undefined && this.#isSo(row, change);
			if (!isOwn && !isSo) thing.isContested = true;
			meant.shownIn.set(thing, shownIn(thing, rows, client.name));
			this.#ask(thing, {key, by: client.name, change, message, outcome: () => this.#outcome(key, thing)});
		}
	}

	/** Takes down which message each target of an operation is. */
	#mean(client: Client, id: OperationId, find: (target: Target) => Thing | undefined): Meant {
		const operation = client.session.operations.get().find(each => each.id === id)!;
		const things = new Map<string, Thing>();
		const messages = new Map<Thing, LogMessageId>();
		for (const target of operation.targets) {
			const thing = find(target);
			if (thing === undefined) continue;
			things.set(targetKey(target), thing);
			messages.set(thing, target.message);
			this.#logged.set(`${client.name} ${target.message}`, thing);
		}
		const {losses} = client;
		const mayHaveLost = (): boolean => client.losses > losses;
		const meant = {
			change: operation.change,
			mayHaveLost,
			things,
			messages,
			shownIn: new Map<Thing, () => MailboxPath>(),
		};
		this.#meant.set(keyOf(client, id), meant);
		return meant;
	}

	/** Whether the server has it as the client shows it, as far as it matters to the change. */
	#isSo(row: Row, change: Change): boolean {
		const held = this.#heldAt(row);
		return held !== undefined && (change.kind !== 'flag' || held.flags.has(change.flag) === row.flags.has(change.flag));
	}

	#isThere = (row: Row): boolean => this.#heldAt(row) !== undefined;

	#heldAt({mailbox, uid, uidValidity}: Row): Instance | undefined {
		const held = this.#world.heldIn(mailbox).find(each => each.uid === uid);
		// There may be no such mailbox any more.
		return held !== undefined && this.#world.uidValidityOf(mailbox) === uidValidity ? held : undefined;
	}

	#ask(thing: Thing, asking: Asking): void {
		thing.asked.push(asking);
		thing.touched.push(asking);
		const all = this.#askings.get(asking.key) ?? [];
		this.#askings.set(asking.key, [...all, {thing, asking}]);
		// What it decides itself later is about what it knows.
		this.#mayBeDeleted(thing, by => by === asking.by);
	}

	/** The client has taken something back: which, is in its log. What came from several places goes back by as many. */
	tookBack(client: Client, before: readonly Operation[]): void {
		this.learn(client);
		const known = new Set(before.map(({id}) => id));
		for (const operation of client.session.operations.get())
			if (operation.undoes !== undefined && !known.has(operation.id)) this.#tookBackBy(client, operation, before);
	}

	#tookBackBy(client: Client, inverse: Operation, before: readonly Operation[]): void {
		const [undoneKey, key] = [keyOf(client, inverse.undoes!), keyOf(client, inverse.id)];
		const undone = before.find(({id}) => id === inverse.undoes);
		const meant = this.#meant.get(undoneKey);
		if (meant === undefined || undone === undefined) return;
		const thingAbout = ({message}: Target): Thing | undefined => {
			const target = undone.targets.find(each => each.message === message);
			return target && meant.things.get(targetKey(target));
		};
		const {things, messages} = this.#mean(client, inverse.id, thingAbout);
		for (const [name, thing] of things) {
			const last = thing.touched.findLastIndex(each => each.key === undoneKey);
			// Of several in one mailbox only their numbers tell which is the copy.
			const isMany =
				meant.change.kind === 'copy'
					? thing.was.filter(({mailbox}) => 'to' in meant.change && mailbox === destination(meant.change.to)).length > 1
					: thing.was.length > 1;
			// What was decided before it may have been sent behind it, and the client not have heard of that.
			const at = inverse.targets.find(({message}) => message === messages.get(thing))?.place.mailbox;
			const isElsewhere = at !== undefined && !thing.was.some(({mailbox}) => mailbox === familyOf(at));
			const isCrossed = thing.touched.slice(last + 1).some(({by}) => by !== client.name);
			if (isMany || isCrossed || (isElsewhere && thing.asked.length === 0)) thing.isContested = true;
			const from = meant.shownIn.get(thing);
			if (from === undefined) throw new Error(`nobody knows where ${name} was`);
			const outcome = (): Outcome => {
				const was = this.#outcome(undoneKey, thing);
				// What never left is where it was.
				if (was === 'left behind') return 'not';
				return was === 'done' ? this.#outcome(key, thing) : was;
			};
			const message = messages.get(thing);
			// Where it was shown depends on what becomes of what was decided before.
			const asking: Asking = {
				key,
				by: client.name,
				get change() {
					return inverseOf(meant.change, from());
				},
				message,
				outcome,
			};
			this.#ask(thing, asking);
		}
	}

	/** A refused one is tried again, because the user wants it or what was gone has turned up. */
	retried(client: Client, id: OperationId): void {
		const again = keyOf(client, id);
		const operation = client.session.operations.get().find(each => each.id === id);
		// With all that it was refused for.
		if (this.#deletes.has(again) && operation !== undefined) {
			this.#seen.set(again, operation);
			for (const thing of this.#things.values()) this.#mayBeDeleted(thing, (_by, key) => key === again);
		}
		for (const {thing, asking} of this.#askings.get(again) ?? []) {
			thing.isContested = true;
			if (!thing.asked.includes(asking)) thing.asked.push(asking);
			// Out of the order in which it was decided: what is taken back later may have been before it or after.
			thing.touched.push({by: 'again', key: asking.key});
		}
	}

	/** A message comes. */
	async arrives(subject: string, act: () => Promise<void>): Promise<void> {
		await act();
		await this.#world.look();
		this.#thing(subject);
	}

	/** Another program does something to a message, at once. */
	async other(subject: string, change: Change, act: () => Promise<void>): Promise<void> {
		const thing = this.#thing(subject);
		if (thing.asked.length === 0) this.#check(thing);
		else thing.isContested = true;
		await act();
		await this.#world.look();
		thing.touched.push({by: 'another', key: ''});
		if (thing.asked.length > 0) thing.asked.push({key: '', by: 'another', change, outcome: () => 'done'});
		else this.#renew(thing);
	}

	/** Another program removes it at some moment from now on. */
	goes(subject: string, outcome: () => Outcome): void {
		const thing = this.#thing(subject);
		thing.isContested = true;
		this.#ask(thing, {key: `another ${subject}`, by: 'another', change: {kind: 'remove'}, outcome});
	}

	/** The same, of several messages at once. */
	async others(subjects: readonly string[], change: Change, act: () => Promise<void>): Promise<void> {
		const [first, ...rest] = subjects;
		if (first === undefined) return act();
		await this.other(first, change, () => this.others(rest, change, act));
	}

	/** A client deletes a mailbox, with what is in it now: what others put there later makes it be refused. */
	deletes(client: Client, id: OperationId): void {
		const key = keyOf(client, id);
		this.#deletes.set(key, client.name);
		for (const thing of this.#things.values()) this.#mayBeDeleted(thing);
	}

	#mayBeDeleted(thing: Thing, isMeant: (by: string, key: string) => boolean = () => true): void {
		const isThere = thing.was.some(({mailbox}) => isBox(mailbox)) || thing.asked.some(({change}) => goesToBox(change));
		for (const [key, by] of isThere ? this.#deletes : []) {
			const outcome = (): Outcome => this.#outcomeOfMailbox(key);
			if (!isMeant(by, key) || outcome() !== 'pending' || thing.asked.some(each => each.key === key)) continue;
			thing.isContested = true;
			this.#ask(thing, {key, by, change: {kind: 'remove'}, outcome});
		}
	}

	#outcomeOfMailbox(key: string): Outcome {
		const operation = this.#seen.get(key);
		if (operation === undefined) return 'pending';
		if (operation === 'struck') return 'struck';
		if (operation.state === 'waiting') return 'pending';
		return operation.state === 'refused' ? 'unknown' : 'done';
	}

	/**
	 * A program that has seen the server some time ago does these things to messages, as far as they still are where they
	 * were, and ends what is marked as deleted, whoever has marked it.
	 */
	async late(changes: readonly Late[], act: () => Promise<void>): Promise<void> {
		const marked = this.#all().filter(({flags}) => flags.has('\\Deleted'));
		const all = [...changes, ...marked.map(({subject}): Late => ({subject, change: {kind: 'remove'}}))];
		await act();
		await this.#world.look();
		for (const {subject} of this.#all()) this.#thing(subject);
		for (const thing of this.#things.values()) {
			const own = all.filter(({subject}) => subject === thing.subject);
			const isFree = thing.asked.length === 0;
			if (own.length > 0) thing.isContested = true;
			for (const {change} of own) {
				thing.touched.push({by: 'another', key: ''});
				thing.asked.push({key: '', by: 'another', change, outcome: () => 'done'});
			}
			if (!isFree) continue;
			this.#check(thing);
			this.#renew(thing);
		}
	}

	/** What the client's log says now. */
	learn(client: Client): void {
		const now = new Map(client.session.operations.get().map(operation => [operation.id, operation]));
		for (const [id, operation] of now) {
			const before = this.#seen.get(keyOf(client, id));
			const wasRefused = before !== undefined && before !== 'struck' && before.state === 'refused';
			// It may be refused again by now, with more of it done: what was gone had turned up.
			const isOther = wasRefused && (operation.state !== 'refused' || statesOf(before) !== statesOf(operation));
			if (
				client.wentOn.delete(id) ||
				isOther ||
				(operation.undoes !== undefined && before !== undefined && wentOn(before, operation))
			)
				this.retried(client, id);
			this.#seen.set(keyOf(client, id), operation);
		}
		for (const [key, operation] of this.#seen) {
			if (operation === 'struck' || !key.startsWith(`${client.name} `) || now.has(operation.id)) continue;
			if (operation.state === 'waiting') this.#seen.set(key, 'struck');
		}
	}

	#outcome(key: string, thing: Thing): Outcome {
		const operation = this.#seen.get(key);
		if (operation === undefined) return 'pending';
		const {things, mayHaveLost} = this.#meant.get(key)!;
		return outcomeOf(operation, target => things.get(targetKey(target)) === thing, mayHaveLost());
	}

	#mayHaveLost(key: string): boolean {
		return this.#meant.get(key)?.mayHaveLost() === true;
	}

	/** Compares what is settled. */
	check(): void {
		for (const thing of this.#things.values()) {
			if (thing.asked.some(({outcome}) => outcome() === 'pending')) continue;
			this.#check(thing);
			this.#renew(thing);
		}
	}

	#renew(thing: Thing): void {
		thing.was = this.#now(thing.subject);
		thing.asked = [];
		thing.isContested = false;
	}

	#check(thing: Thing): void {
		const now = this.#now(thing.subject);
		const isExact =
			!thing.isContested && this.#again(thing) === 0 && thing.asked.every(({outcome}) => outcome() !== 'unknown');
		this.checked[isExact ? 'exact' : 'range'] += thing.asked.length > 0 ? 1 : 0;
		const story = thing.asked
			.map(({by, change, outcome}) => `${by}: ${JSON.stringify(change)} ${outcome()}`)
			.join('; ');
		const because = `the server holds of ${thing.subject} what was asked for (before: ${words(thing.was)}; ${story})`;
		if (isExact) assert.deepEqual(words(now), words(expected(thing)), because);
		else this.#checkRange(thing, now, because);
	}

	/** What is marked as deleted is no copy that has arrived: where the answer to its COPY was lost, it is made again. */
	#again({was, asked}: Thing): number {
		const isMarked =
			was.some(({flags}) => flags.has('\\Deleted')) || asked.some(({outcome}) => outcome() === 'left behind');
		return isMarked ? asked.filter(({key, change}) => change.kind === 'move' && this.#mayHaveLost(key)).length : 0;
	}

	#checkRange(thing: Thing, now: readonly Instance[], because: string): void {
		const {was, asked} = thing;
		const effective = asked.filter(({outcome}) => outcome() !== 'struck').map(({change}) => change);
		const count = (...kinds: readonly string[]): number => effective.filter(({kind}) => kinds.includes(kind)).length;
		const isHalf = !this.#world.hasMove || asked.some(({outcome}) => /left|unknown/.test(outcome()));
		// A copy whose answer was lost is looked for where it was to be: who has moved it on meanwhile has it made again.
		const isMovedOn = asked.some(({change}) => change.kind === 'move');
		const again = asked.filter(({key, change}) => isMovedOn && change.kind === 'copy' && this.#mayHaveLost(key)).length;
		const most = was.length + count('copy') + again + this.#again(thing) + (isHalf ? count('move') : 0);
		const removed = count('remove', 'uncopy');
		// Half of a move was done before, and the original goes now.
		const fewest = Math.max(
			removed > 0 || was.length === 0 ? 0 : 1,
			was.length - removed - (isHalf ? count('move') : 0),
		);
		assert.ok(now.length <= most, `${because}: no more than ${most}, now ${words(now)}`);
		assert.ok(now.length >= fewest, `${because}: at least ${fewest}, now ${words(now)}`);
		const allowed = new Set([
			...was.map(({mailbox}) => mailbox),
			...effective.map(change =>
				change.kind === 'move' || change.kind === 'copy' ? destination(change.to) : undefined,
			),
		]);
		const set = effective.flatMap(change => (change.kind === 'flag' && change.isSet ? [change.flag] : []));
		const unset = effective.flatMap(change => (change.kind === 'flag' && !change.isSet ? [change.flag] : []));
		const flags = new Set<string>([...was.flatMap(each => [...each.flags]), ...set, '\\Deleted']);
		for (const {mailbox, flags: own} of now) {
			assert.ok(allowed.has(mailbox), `${because}: not in ${mailbox}`);
			assert.ok(
				[...own].every(flag => flags.has(flag)),
				`${because}: nobody set ${[...own].join(' ')}`,
			);
			const kept = [...(was[0]?.flags ?? [])].filter(flag => was.every(each => each.flags.has(flag)));
			for (const flag of kept.filter(each => !unset.some(gone => gone === each)))
				assert.ok(own.has(flag), `${because}: nobody took ${flag} away`);
		}
	}
}

/** What took something back found nothing to do, and has found it since. */
const wentOn = (before: Operation | 'struck', now: Operation): boolean =>
	before !== 'struck' &&
	before.state === 'done' &&
	(now.state === 'waiting' ||
		before.targets.some(({place}, at) => place.mailbox !== (now.targets[at]?.place ?? place).mailbox));

const statesOf = ({targets}: Operation): string => targets.map(({message, state}) => `${message} ${state}`).join();

function outcomeOf(
	operation: Operation | 'struck',
	isMeant: (target: Target) => boolean,
	mayHaveLost: boolean,
): Outcome {
	if (operation === 'struck') return 'struck';
	const targets = operation.targets.filter(isMeant);
	if (targets.length === 0) return operation.state === 'waiting' ? 'pending' : 'unknown';
	const outcomes = new Set(targets.map(target => outcomeOfTarget(operation, target, mayHaveLost)));
	if (outcomes.has('pending')) return 'pending';
	// Chosen twice, where it is and where it is still shown: of the second nothing was left to do.
	const [outcome = 'unknown', ...others] = outcomes;
	return others.length === 0 ? outcome : 'unknown';
}

function outcomeOfTarget(operation: Operation, target: Target, mayHaveLost: boolean): Outcome {
	if (target.state === 'done') return 'done';
	if (operation.state === 'waiting') return 'pending';
	if (operation.state !== 'refused') return 'done';
	if (target.state === 'waiting') return 'not';
	const isLeft = target.state === 'copied' || operation.change.kind === 'remove';
	const isMarked = /stays until some program expunges/.test(operation.refusal);
	// Of several messages it may have been said of one and the other of another.
	if (isLeft && isMarked) return operation.refusal.includes(refusalText) ? 'unknown' : 'left behind';
	// A flag that was sent before, and obeyed without anybody hearing so, is refused only when it is sent again.
	const isUntouched =
		target.state === 'sending' &&
		operation.change.kind === 'flag' &&
		operation.refusal.includes(refusalText) &&
		!mayHaveLost;
	return isUntouched ? 'not' : 'unknown';
}

const isBox = (mailbox: MailboxPath): boolean => familyOf(mailbox) === boxes[0];
const goesToBox = (change: Asking['change']): boolean =>
	(change.kind === 'move' || change.kind === 'copy') && isBox(destination(change.to));

const destination = (to: {readonly path: MailboxPath} | object): MailboxPath =>
	'path' in to ? familyOf(to.path) : trash;

/** What was just moved is where it is to be, unless that move is struck, or came to nothing: then it is where it was before. */
function shownIn({subject, was, asked}: Thing, rows: readonly Row[], to: string): () => MailboxPath {
	const isWaiting = ({by, change, outcome}: Asking): boolean =>
		by === to && change.kind === 'move' && outcome() === 'pending';
	const moves = asked.filter(isWaiting);
	const row = rows.find(each => each.subject === subject);
	const before = asked.findLast(({change, outcome}) => change.kind === 'move' && outcome() === 'done')?.change;
	const stood = before?.kind === 'move' ? destination(before.to) : was[0]?.mailbox;
	return () => {
		const moved = moves.findLast(({outcome}) => !['struck', 'not'].includes(outcome()))?.change;
		if (moved?.kind === 'move') return destination(moved.to);
		return row?.uid === 0 && stood !== undefined ? stood : familyOf(row!.mailbox);
	};
}

function inverseOf(change: Change, from: MailboxPath): Asking['change'] {
	if (change.kind === 'flag') return {...change, isSet: !change.isSet};
	if (change.kind === 'copy') return {kind: 'uncopy', from: destination(change.to)};
	return {kind: 'move', to: {path: from}};
}

/** What becomes of a message by decisions that were made one after the other. */
function expected({was, asked}: Thing): Held[] {
	const held = was.map(({mailbox, flags}) => ({mailbox, flags: new Set(flags)}));
	for (const {change, outcome} of asked) {
		const result = outcome();
		const [first] = held;
		if (first === undefined || result === 'not' || result === 'struck') continue;
		const isLeft = result === 'left behind';
		if (change.kind === 'flag') first.flags[change.isSet ? 'add' : 'delete'](change.flag);
		else if (change.kind === 'copy' || (change.kind === 'move' && isLeft))
			held.push({mailbox: destination(change.to), flags: new Set(first.flags)});
		else if (change.kind === 'move') first.mailbox = destination(change.to);
		else if (change.kind === 'uncopy') {
			const copy = held.findLastIndex(({mailbox}) => mailbox === change.from);
			if (isLeft) held[copy]?.flags.add('\\Deleted');
			else if (copy >= 0) held.splice(copy, 1);
			continue;
		} else if (!isLeft) held.shift();
		if (isLeft) first.flags.add('\\Deleted');
	}
	return held;
}

const words = (held: readonly Held[]): string =>
	held
		.map(({mailbox, flags}) => [mailbox, ...[...flags].sort()].join(' '))
		.sort()
		.join(', ') || 'nothing';
