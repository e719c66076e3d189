/**
 * Messages that were moved to a mailbox and have not arrived there, or are there and nobody has asked for them: they are
 * shown at its end, and what is decided of them is decided of the message, wherever it is by then. Pure.
 */
import type {MailboxPath} from '../model/ids.ts';
import {type Destination, isAcross, type LogMessageId, type Operation, type Place} from '../model/operation.ts';

/** `place`: where it lies, as far as is known. */
export type Arrival = {readonly message: LogMessageId; readonly place: Place};

/**
 * First those that are there by now, by their UIDs, then the others in the order they were decided. `resolve` gives the
 * mailbox of a use, where it is known; `isBeyond` tells whether a message that lies there is none of those that are held.
 */
export function arrivalsIn(
	mailbox: MailboxPath,
	operations: readonly Operation[],
	resolve: (to: Destination) => MailboxPath | '' | undefined,
	isBeyond: (place: Place) => boolean = () => false,
): Arrival[] {
	const goingTo = new Map<LogMessageId, Arrival & {readonly to: MailboxPath | '' | undefined}>();
	const landed = new Map<LogMessageId, Arrival>();
	for (const {state, change, targets} of operations) {
		if (change.kind !== 'move' && change.kind !== 'remove') continue;
		const to = change.kind === 'move' && !isAcross(change) ? resolve(change.to) : undefined;
		for (const {message, place, state: targetState} of targets) {
			const isDone = targetState === 'done';
			if (!isDone && state !== 'waiting') continue;
			// The last decision counts, and stands where the message was first decided to go last.
			goingTo.delete(message);
			landed.delete(message);
			if (!isDone) goingTo.set(message, {message, place, to});
			else if (to !== undefined && place.mailbox === mailbox && isBeyond(place)) landed.set(message, {message, place});
		}
	}
	return [
		...[...landed.values()].sort((a, b) => a.place.uid - b.place.uid),
		// One that went and comes back has another row there than it had.
		...[...goingTo.values()].filter(({to, place}) => to === mailbox && place.uid > 0),
	];
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
