/**
 * Which decisions count on which: those about the same message, in the order they were made. Pure.
 *
 * Law: an operation that is refused or held keeps back those that depend on it, no others.
 */

import type {Change, LogMessageId, Operation, OperationId} from './operation.ts';

/** Whether it comes to the same in which order both are done. */
export const commute = (a: Change, b: Change): boolean =>
	a.kind === 'flag' && b.kind === 'flag' && (a.isSet === b.isSet || a.flag.toLowerCase() !== b.flag.toLowerCase());

/** The earlier decisions about each message that are not done, in a walk from the oldest on. */
export class Earlier {
	readonly #about = new Map<LogMessageId, Operation[]>();

	/** One that has to be done before this one. */
	before(operation: Operation): Operation | undefined {
		for (const {message} of notDone(operation)) {
			const found = this.#about.get(message)?.find(({change}) => !commute(change, operation.change));
			if (found) return found;
		}
		return undefined;
	}

	add(operation: Operation): void {
		for (const {message} of notDone(operation)) {
			const about = this.#about.get(message);
			if (about) about.push(operation);
			else this.#about.set(message, [operation]);
		}
	}
}

export const notDone = ({targets}: Operation): Operation['targets'] => targets.filter(({state}) => state !== 'done');

/** What of the log nobody will send now, and behind which operation it stands: itself when it is held. */
export function standingStill(operations: readonly Operation[]): ReadonlyMap<OperationId, Operation> {
	const standing = new Map<OperationId, Operation>();
	const stuck = new Earlier();
	for (const operation of operations) {
		if (operation.state !== 'waiting') continue;
		const refused = operations.find(({id}) => id === operation.waitsFor);
		const behind = operation.isHeld ? operation : (refused ?? stuck.before(operation));
		if (behind === undefined) continue;
		standing.set(operation.id, behind);
		stuck.add(operation);
	}
	return standing;
}
