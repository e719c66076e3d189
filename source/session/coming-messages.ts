/**
 * The messages that will arrive in a mailbox by what the user decided, with what is known of each here: what they will cost
 * there. It asks nothing.
 */
import type {MailboxPath} from '../model/ids.ts';
import type {Destination, Place} from '../model/operation.ts';
import type {ComingMessage} from '../model/wish-cost.ts';
import type {Facts} from '../store/facts.ts';
import {arrivalsIn, copiedTo, goingUpTo} from './arrivals.ts';
import {sampleOf} from './held-counts.ts';
import type {Operations} from './operations.ts';

type Known = {
	readonly facts: Facts;
	readonly operations: Pick<Operations, 'waiting' | 'ready'>;
	readonly resolve: (to: Destination) => MailboxPath | '' | undefined;
};

const unknown: ComingMessage = {known: undefined, isSame: false, hasPreview: false};

export function comingTo(mailbox: MailboxPath, {facts, operations, resolve}: Known): readonly ComingMessage[] {
	const coming = (place: Place, isMove: boolean): ComingMessage => {
		const id = facts.idAt(place);
		if (id === undefined) return unknown;
		// One that went is known again by its Message-ID, where both mailboxes are in the same place.
		const isSame =
			isMove && facts.isKept(place.mailbox) === facts.isKept(mailbox) && Boolean(facts.summary(id)?.kept?.messageId);
		return {known: sampleOf(facts, id), isSame, hasPreview: facts.preview(id) !== undefined};
	};
	return [
		...arrivalsIn(mailbox, operations.waiting, resolve).map(({place}) => coming(place, true)),
		...copiedTo(mailbox, operations.ready, resolve).map(place => coming(place, false)),
		...Array.from({length: goingUpTo(mailbox, operations.ready)}, () => unknown),
	];
}

/** How many will, of what waits for nothing but a line. */
export const howManyCome = (mailbox: MailboxPath, {operations, resolve}: Omit<Known, 'facts'>): number =>
	arrivalsIn(mailbox, operations.ready, resolve).length +
	copiedTo(mailbox, operations.ready, resolve).length +
	goingUpTo(mailbox, operations.ready);
