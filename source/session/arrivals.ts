/**
 * Messages that were moved to a mailbox and have not arrived there: they are shown at its end, and what is decided of them
 * is decided of the message, wherever it is by then. Pure.
 */
import type {MailboxPath} from '../model/ids.ts';
import {type Destination, isAcross, type LogMessageId, type Operation, type Place} from '../model/operation.ts';

export type Arrival = {readonly message: LogMessageId; readonly place: Place};

/** In the order they were decided. `resolve` gives the mailbox of a use, where it is known. */
export function arrivalsIn(
	mailbox: MailboxPath,
	operations: readonly Operation[],
	resolve: (to: Destination) => MailboxPath | '' | undefined,
): Arrival[] {
	const goingTo = new Map<LogMessageId, Arrival & {readonly to: MailboxPath | '' | undefined}>();
	for (const {state, change, targets} of operations) {
		if (state !== 'waiting' || (change.kind !== 'move' && change.kind !== 'remove')) continue;
		const to = change.kind === 'move' && !isAcross(change) ? resolve(change.to) : undefined;
		for (const {message, place, state: targetState} of targets) {
			// The last decision counts, and stands where the message was first decided to go last.
			goingTo.delete(message);
			if (targetState !== 'done') goingTo.set(message, {message, place, to});
		}
	}
	// One that went and comes back has another row there than it had.
	return [...goingTo.values()].filter(({to, place}) => to === mailbox && place.uid > 0);
}

/** How many messages of other accounts are to be put into a mailbox: of them nothing is known here. */
export const goingUpTo = (mailbox: MailboxPath, operations: readonly Operation[]): number =>
	operations
		.flatMap(({change, targets}) => (change.kind === 'append' && change.to.path === mailbox ? targets : []))
		.filter(({state, isRefused}) => state !== 'done' && !isRefused).length;

/** Where the messages are that are to be copied to a mailbox. */
export const copiedTo = (
	mailbox: MailboxPath,
	operations: readonly Operation[],
	resolve: (to: Destination) => MailboxPath | '' | undefined,
): Place[] =>
	operations
		.flatMap(({change, targets}) =>
			change.kind === 'copy' && !isAcross(change) && resolve(change.to) === mailbox ? targets : [],
		)
		.filter(({state, isRefused}) => state !== 'done' && !isRefused)
		.map(({place}) => place);
