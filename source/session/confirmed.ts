/** What the server has confirmed of the log becomes fact. What was moved or removed it tells by EXPUNGE. */
import type {Flag} from '../model/message.ts';
import {isMailboxChange, type Operation, type Place} from '../model/operation.ts';
import type {Facts} from '../store/facts.ts';
import type {AccountMailboxes} from './account-mailboxes.ts';
import {withFlags} from './projections.ts';

export class Confirmed {
	readonly #facts: Facts;
	readonly #mailboxes: AccountMailboxes;

	constructor(facts: Facts, mailboxes: AccountMailboxes) {
		this.#facts = facts;
		this.#mailboxes = mailboxes;
	}

	learn({change}: Operation): void {
		this.#mailboxes.countsChanged();
		if (isMailboxChange(change)) this.#mailboxes.confirmed(change);
	}

	learnFlags(places: readonly Place[], flag: Flag, isSet: boolean): void {
		for (const place of places) this.#learnFlag(place, flag, isSet);
	}

	#learnFlag(place: Place, flag: Flag, isSet: boolean): void {
		const flagsNow = (flags: ReadonlySet<Flag>): Flag[] => [...withFlags(flags, new Map([[flag, isSet]]))];
		const id = this.#facts.idAt(place);
		const fact = id === undefined ? undefined : this.#facts.summary(id);
		if (fact) this.#facts.learnFlags(fact.id, flagsNow(fact.flags));
		const landedId = fact ? undefined : this.#facts.landedAt(place);
		const landed = landedId === undefined ? undefined : this.#facts.landed(landedId);
		if (landed) this.#facts.learnLandedFlags(landed.id, flagsNow(landed.flags));
	}
}
