/**
 * What is decided about mailboxes themselves and not confirmed: which are to be made or to go, what they are called on the
 * server until then, and which names are not free before that.
 *
 * Law: as long as decisions wait, a name means one mailbox. Mail goes where its user saw it go.
 */
import type {MailboxPath} from '../model/ids.ts';
import type {Change, MailboxChange} from '../model/operation.ts';
import {formerPath, laterPath, renamedPath} from '../model/renaming.ts';
import {ours, type SafeText, safeLine} from '../model/safe-text.ts';

export class DecidedMailboxes {
	readonly #changes: () => readonly MailboxChange[];
	readonly #delimiter: () => string;

	/** `changes`: oldest first. `delimiter`: what separates the levels of a name. */
	constructor(changes: () => readonly MailboxChange[], delimiter: () => string) {
		this.#changes = changes;
		this.#delimiter = delimiter;
	}

	isToBeMade(path: MailboxPath | undefined): boolean {
		return this.#changes().some(change => change.kind === 'create' && change.mailbox === path);
	}

	/** `path` is what the server calls it. */
	isToBeDeleted(path: MailboxPath): boolean {
		return this.#changes().some(change => change.kind === 'delete' && this.former(change.mailbox) === path);
	}

	/** What the server, and all that is known of it, calls the mailbox that is shown under this name. */
	former(path: MailboxPath): MailboxPath {
		return formerPath(path, this.#changes(), this.#delimiter());
	}

	/** What a mailbox that the server calls so is shown as; one that is to be deleted as it is. */
	shownAs(path: MailboxPath): MailboxPath {
		return laterPath(path, this.#changes(), this.#delimiter()) ?? path;
	}

	/** Why it cannot be decided before what waits is sent; undefined: it can. */
	whyNot(change: Change): SafeText | undefined {
		const name = change.kind === 'create' ? change.mailbox : change.kind === 'rename' ? change.to : undefined;
		if (name === undefined) return undefined;
		const delimiter = this.#delimiter();
		const isUsed = this.#changes().some(each =>
			each.kind === 'rename'
				? renamedPath(name, {from: each.mailbox, to: each.to, delimiter}) !== undefined
				: each.kind === 'delete' && each.mailbox === name,
		);
		return isUsed ? safeLine(`${name} is still another mailbox: send first what you decided`) : undefined;
	}
}

export const isToGo = ours('This mailbox is to be deleted: take that back first, in the outbox');
