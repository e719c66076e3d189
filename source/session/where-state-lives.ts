/**
 * Where the state of each mailbox's messages lives: where the user has chosen, else where it usually does, as the server has
 * said last.
 */
import type {MailboxPath} from '../model/ids.ts';
import {type Renaming, renamedPath} from '../model/renaming.ts';
import {type StatePlace, usualPlace, withServer} from '../model/state-place.ts';
import type {Selected} from '../remote/remote.ts';
import type {Facts} from '../store/facts.ts';
import type {Choices} from './choices.ts';

export class WhereStateLives {
	readonly #choices: Choices;
	readonly #facts: Facts;
	/** Where it was not chosen; asked of the disk once. */
	readonly #usual = new Map<MailboxPath, StatePlace>();

	constructor(choices: Choices, facts: Facts) {
		this.#choices = choices;
		this.#facts = facts;
	}

	of(mailbox: MailboxPath): StatePlace {
		const chosen = this.#choices.statePlace(mailbox);
		if (chosen !== undefined) return chosen;
		const held = this.#usual.has(mailbox) ? undefined : this.#facts.held(mailbox);
		const usual = this.#usual.get(mailbox) ?? (held ? usualPlace(held) : withServer);
		this.#usual.set(mailbox, usual);
		return usual;
	}

	/** The server has opened a mailbox. */
	learn(selected: Selected): void {
		this.#usual.set(selected.path, usualPlace(selected));
	}

	/** What was chosen goes along by `Choices`. */
	rename(renaming: Renaming): void {
		for (const [path, place] of [...this.#usual]) {
			const now = renamedPath(path, renaming);
			if (now !== undefined) this.#usual.set(now, place);
		}
	}
}
