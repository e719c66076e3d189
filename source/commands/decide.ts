/**
 * `bonsai flag`, `move`, `copy`, `delete`: what the user decides, through the operation log. On disk before anything is
 * said; sent at once by whoever drains the log, which may be a mail client that runs beside (law 15).
 *
 * Laws: UIDs mean something under one UIDVALIDITY only, so that is looked up when it is not given; what is not sent yet
 * is said to be queued, never to be done.
 */
import {standingStill} from '../model/dependence.ts';
import type {MailboxPath} from '../model/ids.ts';
import {type Change, isAcross, isElsewhere, type Operation, type OperationId} from '../model/operation.ts';
import {countOf, sentenceOf} from '../model/operation-words.ts';
import {hidden} from '../model/own-record.ts';
import {ours, type SafeText, safeLine} from '../model/safe-text.ts';
import {ownDecisionWords} from '../model/state-words.ts';
import type {Around} from './command.ts';
import {Undone} from './undone.ts';

type DecideOptions = {
	readonly mailbox: MailboxPath;
	/** Ascending, each once. */
	readonly uids: readonly number[];
	/** Of these, those that were named one by one: it is said when they are not there. */
	readonly named: readonly number[];
	readonly uidValidity: number | undefined;
	/** One for each flag. */
	readonly changes: readonly Change[];
	readonly mayWait: boolean;
};

/** How long another process gets to send what this one wrote down. */
const patienceMs = 10_000;

type Found = {readonly uidValidity: number; readonly uids: readonly number[]; readonly missing: readonly number[]};
type Outcome = {readonly state: 'done' | 'queued' | 'refused'; readonly because: SafeText};

export async function decide(around: Around, options: DecideOptions, waitMs = patienceMs): Promise<void> {
	const {session, output, isJson} = around;
	const {mailbox, changes} = options;
	// In the disconnected model it is the next call that sends it, so there is nothing to wait for.
	const mayWait = options.mayWait && session.dialsByItself(mailbox);
	// Where the server is not asked now, the list of its mailboxes that is here is what is known.
	if (!session.dialsByItself(mailbox)) for (const change of changes) expectGoal(around, change);
	const found = await find(around, options);
	// The line of the look would send it now, and nobody has seen a plan.
	if (!session.dialsByItself(mailbox)) session.hangUp();
	if (found.uids.length === 0) throw new Undone(safeLine(`${mailbox} has no message of ${ofThese(options.uids)}`));
	if (session.statePlace(mailbox).with !== 'server' && changes.every(({kind}) => kind !== 'copy'))
		return decideHere(around, options, found);
	const ids = changes.map(change => record(around, mailbox, found, change));
	const outcome = mayWait ? await settle(around, ids, waitMs) : {state: 'queued' as const, because: ours('')};
	const operations = ids.map(id => session.operations.get().find(each => each.id === id));
	if (isJson) {
		const {uidValidity, uids, missing} = found;
		const because = outcome.because === '' ? null : outcome.because;
		output.json({account: session.account, mailbox, uidValidity, uids, missing, state: outcome.state, because});
	}
	const sentence = sentencesOf(operations, changes, found.uids.length);
	forgetRefused(around, operations);
	if (outcome.state === 'refused')
		throw new Undone(safeLine(`Not done: ${sentence}: ${outcome.because}${hint(around, changes, outcome.because)}`));
	if (outcome.state === 'queued' && mayWait) {
		const because = outcome.because === '' ? '' : ` (${outcome.because})`;
		throw new Undone(safeLine(`Queued, not sent yet: ${sentence}${because}`));
	}
	if (!isJson) output.lines([`${outcome.state === 'done' ? 'Done' : 'Queued'}: ${sentence}`]);
	if (found.missing.length > 0)
		throw new Undone(safeLine(`${mailbox} has no message of ${ofThese(found.missing)}; the others are dealt with`));
}

/** Their state is ours: it is done, and there is nothing to wait for. */
async function decideHere(
	{session, output, isJson}: Around,
	{mailbox, changes}: DecideOptions,
	found: Found,
): Promise<void> {
	const {uidValidity, uids, missing} = found;
	for (const change of changes)
		if (!session.decideHere(mailbox, uidValidity, uids, change))
			throw new Undone(session.notice.get()?.text ?? ours('Nothing was changed'));
	// Where it is shared on this line, others are told at once.
	if (session.statePlace(mailbox).with === 'shared' && session.dialsByItself(mailbox))
		await atMost(patienceMs, session.settled());
	if (isJson)
		output.json({account: session.account, mailbox, uidValidity, uids, missing, state: 'done', because: null});
	else output.lines(changes.map(change => safeLine(`Done: ${hereWords(change, uids.length)}`)));
	if (missing.length > 0)
		throw new Undone(safeLine(`${mailbox} has no message of ${ofThese(missing)}; the others are dealt with`));
}

const hereWords = (change: Change, count: number): SafeText =>
	change.kind === 'flag' ? ownDecisionWords(change.flag, change.isSet, count) : ownDecisionWords(hidden, true, count);

/** What is there of it. Who names a UIDVALIDITY knows the UIDs, and pays no turn for the look. */
async function find({session, line}: Around, {mailbox, uids, named, uidValidity}: DecideOptions): Promise<Found> {
	if (uidValidity !== undefined) return {uidValidity, uids, missing: []};
	const found = await line.arrived(session.ensureExisting(mailbox, uids), ({state}) => state !== 'asking');
	if (found.state !== 'known') throw new Undone('because' in found ? found.because : ours('The mailbox did not open'));
	const there = new Set(found.uids);
	return {
		uidValidity: found.uidValidity,
		uids: uids.filter(uid => there.has(uid)),
		missing: named.filter(uid => !there.has(uid)),
	};
}

function record(around: Around, mailbox: MailboxPath, {uidValidity, uids}: Found, change: Change): OperationId {
	const {session} = around;
	const id = session.decideByUid(mailbox, uidValidity, uids, change);
	if (id !== undefined) return id;
	const because = session.notice.get()?.text ?? ours('The log cannot be written');
	throw new Undone(safeLine(`${because}${hint(around, [change], because)}`));
}

/** Until the server has answered, or nobody is going to ask it soon. */
async function settle(
	{session, line, others = []}: Around,
	ids: readonly OperationId[],
	waitMs: number,
): Promise<Outcome> {
	const mine = (): Operation[] => session.operations.get().filter(({id}) => ids.includes(id));
	const isOver = (): boolean => mine().every(({state}) => state !== 'waiting');
	let because = ours('');
	if (!session.isDraining()) await within(waitMs, session.operations.subscribe, isOver);
	if (session.isDraining()) {
		// What others left in the log is on its way as well, and is not cut off in the middle.
		const isDrained = (all: readonly Operation[]): boolean => {
			const still = standingStill(all);
			const mayStay = (each: Operation): boolean => still.has(each.id) && (others.length === 0 || !isElsewhere(each));
			return all.every(each => each.state !== 'waiting' || mayStay(each));
		};
		// Who cannot be reached is not waited for.
		const givenUp = others.map(other => other.line.arrived(other.session.operations, () => false));
		await Promise.race([line.arrived(session.operations, isDrained), ...givenUp]).catch((error: unknown) => {
			if (!(error instanceof Undone)) throw error;
			because = safeLine(error.message);
		});
	} else if (!isOver()) because = ours('another Bonsai has this account, and has not come to it');
	const handed = mine().find(each => each.state === 'waiting' && isElsewhere(each));
	if (handed) because = because || elsewhereWords(handed);
	else if (mine().some(({id}) => standingStill(session.operations.get()).has(id)))
		because = ours('it waits behind another operation that is held or was refused: bonsai outbox');
	const refused = mine().find(({state}) => state === 'refused');
	if (refused) return {state: 'refused', because: refused.refusal};
	return isOver() ? {state: 'done', because: ours('')} : {state: 'queued', because};
}

const elsewhereWords = ({change}: Operation): SafeText =>
	isAcross(change)
		? safeLine(`it is handed over, and waits to be sent there: bonsai outbox --account ${change.to.account}`)
		: ours('');

/** Resolves when it is so, and when the time is over. */
function within(ms: number, subscribe: (listener: () => void) => () => void, isSo: () => boolean): Promise<void> {
	return new Promise(resolve => {
		const end = (): void => {
			clearTimeout(timer);
			unsubscribe();
			resolve();
		};
		const timer = setTimeout(end, ms);
		const look = (): void => {
			if (isSo()) end();
		};
		const unsubscribe = subscribe(look);
		look();
	});
}

async function atMost(ms: number, what: Promise<void>): Promise<void> {
	let timer: NodeJS.Timeout | undefined;
	await Promise.race([what, new Promise(resolve => (timer = setTimeout(resolve, ms)))]);
	clearTimeout(timer);
}

/** As the mail client, it says at once that there is no such mailbox. */
function expectGoal(around: Around, change: Change): void {
	const path = goalOf(change);
	const {state, mailboxes} = around.session.mailboxes.get();
	if (path !== undefined && state === 'known' && !mailboxes.some(each => each.path === path))
		throw new Undone(safeLine(`There is no mailbox ${path}: bonsai mailboxes lists them${acrossHint(around, change)}`));
}

/** The mailbox of this account that messages are to go to, where it is named. */
const goalOf = (change: Change): MailboxPath | undefined =>
	(change.kind === 'move' || change.kind === 'copy') && 'path' in change.to ? change.to.path : undefined;

/** Where it is the Trash that stands in the way, or another account is meant. */
function hint(around: Around, changes: readonly Change[], because: string): string {
	const isToUse = changes.some(({kind, ...change}) => kind === 'move' && 'to' in change && 'use' in change.to);
	if (/Trash/.test(because) && isToUse) return '. bonsai delete --forever removes for good';
	return changes.map(change => acrossHint(around, change)).join('');
}

/** In the mail client another account is named in front of the mailbox. */
function acrossHint({session, accounts = []}: Around, change: Change): string {
	const path = goalOf(change) ?? '';
	const account = accounts.find(name => name !== session.account && path.startsWith(`${name}/`));
	return account === undefined
		? ''
		: `. To the account ${account}: ${path.slice(account.length + 1) || 'INBOX'} --to-account ${account}`;
}

/** It was said here; nobody wants to find it in the outbox another day. */
function forgetRefused({session}: Around, operations: readonly (Operation | undefined)[]): void {
	for (const operation of operations) if (operation?.state === 'refused') session.discard(operation.id);
}

/** An operation that is over may be out of the log already. */
function sentencesOf(
	operations: readonly (Operation | undefined)[],
	changes: readonly Change[],
	count: number,
): SafeText {
	const some = operations.filter(operation => operation !== undefined);
	if (some.length < changes.length) return countOf(count);
	return safeLine(some.map(sentenceOf).join(', '));
}

const ofThese = (uids: readonly number[]): string =>
	uids.length === 1 ? `UID ${uids[0]}` : uids.length <= 5 ? `the UIDs ${uids.join(', ')}` : `these ${uids.length} UIDs`;
