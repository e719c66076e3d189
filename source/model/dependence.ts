/**
 * Which decisions count on which: those about the same message, and those about a mailbox and what is in it, in the order
 * they were made. Pure.
 *
 * Law: an operation that is refused or held keeps back those that depend on it, no others.
 */
import type {MailboxPath} from './ids.ts';
import {
	type Change,
	isElsewhere,
	isMailboxChange,
	type LogMessageId,
	type MailboxChange,
	type Operation,
	type OperationId,
} from './operation.ts';

/** Whether it comes to the same in which order both are done. */
const commute = (a: Change, b: Change): boolean =>
	a.kind === 'flag' && b.kind === 'flag' && (a.isSet === b.isSet || a.flag.toLowerCase() !== b.flag.toLowerCase());

export const notDone = ({targets}: Operation): Operation['targets'] => targets.filter(({state}) => state !== 'done');

/** The decisions that are not done, in a walk from the oldest on. */
export class Earlier {
	readonly #about = new Map<LogMessageId, Operation[]>();
	/** For each mailbox that any of them needs, one of them. */
	readonly #in = new Map<MailboxPath, Operation>();
	readonly #changes: Operation[] = [];

	/** One that has to be done before this one. */
	before(operation: Operation): Operation | undefined {
		const {change} = operation;
		const mine = mailboxesOf(operation);
		if (isMailboxChange(change)) {
			// What is to go into a mailbox that is made anew is better off behind it.
			if (change.kind === 'create')
				return this.#changes.find(other =>
					mailboxesOf(other).some(path => mine.some(each => isIn(each, path) || isIn(path, each))),
				);
			for (const [path, other] of this.#in) if (mine.some(each => isIn(each, path) || isIn(path, each))) return other;
			return undefined;
		}
		const changing = this.#changes.find(other =>
			mailboxesOf(other).some(changed => mine.some(each => isIn(each, changed))),
		);
		if (changing) return changing;
		for (const {message} of notDone(operation)) {
			const found = this.#about.get(message)?.find(other => !commute(other.change, change));
			if (found) return found;
		}
		return undefined;
	}

	add(operation: Operation): void {
		for (const path of mailboxesOf(operation)) this.#in.set(path, operation);
		if (isMailboxChange(operation.change)) this.#changes.push(operation);
		for (const {message} of notDone(operation)) {
			const about = this.#about.get(message);
			if (about) about.push(operation);
			else this.#about.set(message, [operation]);
		}
	}
}

function mailboxesOf(operation: Operation): MailboxPath[] {
	const {change} = operation;
	if (isMailboxChange(change)) return mailboxesOfChange(change);
	const to = 'to' in change && 'path' in change.to ? [change.to.path] : [];
	return [...new Set([...notDone(operation).map(({place}) => place.mailbox), ...to])];
}

const mailboxesOfChange = (change: MailboxChange): MailboxPath[] =>
	change.kind === 'rename' ? [change.mailbox, change.to] : [change.mailbox];

/** The mailbox itself, or one below it. Which delimiter the server has is not known here: to wait in vain harms nobody. */
const isIn = (path: MailboxPath, above: MailboxPath): boolean =>
	path === above || (path.startsWith(above) && /[^\p{L}\p{N}\s]/u.test(path.charAt(above.length)));

/** What of the log nobody will send now, and behind which operation it stands: itself when it is held, or with another account. */
export function standingStill(operations: readonly Operation[]): ReadonlyMap<OperationId, Operation> {
	const standing = new Map<OperationId, Operation>();
	const stuck = new Earlier();
	for (const operation of operations) {
		if (operation.state !== 'waiting') continue;
		const refused = operations.find(({id}) => id === operation.waitsFor);
		const behind = operation.isHeld || isElsewhere(operation) ? operation : (refused ?? stuck.before(operation));
		if (behind === undefined) continue;
		standing.set(operation.id, behind);
		stuck.add(operation);
	}
	return standing;
}
