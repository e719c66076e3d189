/**
 * A message as a list shows it: what is known of it, with the log applied on top, and how much of it is here. Pure, but for
 * free reads.
 */
import type {MailboxPath, MessageId} from '../model/ids.ts';
import type {Message} from '../model/message.ts';
import type {Place} from '../model/operation.ts';
import {walk} from '../model/part.ts';
import type {Facts, SummaryFact} from '../store/facts.ts';
import type {Described} from './describe.ts';
import type {Projections} from './projections.ts';

/** Undefined: it is going. */
export function shownMessage(
	fact: SummaryFact,
	place: Place,
	{
		decided,
		facts,
		isTagged = false,
	}: {
		readonly decided: Pick<Projections, 'isGoing' | 'flagsOf' | 'isPending'>;
		readonly facts: HeldFacts;
		readonly isTagged?: boolean;
	},
): Message | undefined {
	if (decided.isGoing(place)) return undefined;
	const {sender: from, ...rest} = fact;
	return {
		...rest,
		from,
		flags: decided.flagsOf(place, fact.flags),
		held: heldOf(fact.id, facts),
		isPending: decided.isPending(place),
		isTagged,
	};
}

/** One that was moved to a mailbox and has not arrived there, or was not heard of from there, as it is shown there. `place`: where it is. */
export function arrivingMessage(
	fact: SummaryFact,
	place: Place,
	mailbox: MailboxPath,
	{
		decided,
		facts,
	}: {readonly decided: Pick<Projections, 'flagsOf' | 'isGoing' | 'isPending'>; readonly facts: HeldFacts},
): Message {
	const {sender: from, ...rest} = fact;
	const isThere = place.mailbox === mailbox && !decided.isGoing(place);
	return {
		...rest,
		from,
		mailbox,
		uid: isThere ? place.uid : 0,
		flags: decided.flagsOf(place, fact.flags),
		held: heldOf(fact.id, facts),
		isPending: !isThere || decided.isPending(place),
		isTagged: false,
	};
}

/** How much of a message is here. */
export type HeldFacts = Pick<Facts, 'hasChunks' | 'structure' | 'heldBytes'> & {readonly isLocal?: boolean};

function heldOf(id: MessageId, facts: HeldFacts): Message['held'] {
	if (facts.isLocal) return 'whole';
	if (!facts.hasChunks(id)) return 'summary';
	const json = facts.structure(id);
	if (json === undefined) return 'summary';
	const {structure} = JSON.parse(json) as Described;
	const leaves = structure ? [...walk(structure)].filter(part => part.children.length === 0) : [];
	const isWhole = leaves.length > 0 && leaves.every(part => facts.heldBytes(id, part.number) >= part.sizeBytes);
	return isWhole ? 'whole' : 'text';
}
