/**
 * The mailboxes of this account in which our own state is shared: told soon after a decision, read when a mailbox whose
 * state is in them is opened, looked at or asked about, and in each call.
 */
import type {AccountName, MailboxPath} from '../model/ids.ts';
import type {SafeText} from '../model/safe-text.ts';
import {spellShared} from '../model/state-place.ts';
import type {OwnStates} from './own-states.ts';
import {SharedMailbox} from './shared-mailbox.ts';
import type {Worker} from './worker.ts';

export type SharedMailboxesSurroundings = {
	readonly account: AccountName;
	readonly own: OwnStates;
	readonly worker: Worker;
	/** Of a mailbox that is open. */
	readonly uidValidityOf: (path: MailboxPath) => number | undefined;
	readonly messagesIn: (path: MailboxPath) => number | undefined;
	readonly tell: (because: SafeText) => void;
	/** False in a call: its plan knows from one LIST whether there is anything to read. */
	readonly mayLook: () => boolean;
};

export class SharedMailboxes {
	readonly #around: SharedMailboxesSurroundings;
	readonly #known = new Map<number, SharedMailbox>();
	readonly #ends: (() => void)[];

	/** `sends` is false for who only looks: nothing is told or read. */
	constructor(around: SharedMailboxesSurroundings, sends: boolean) {
		this.#around = around;
		const {own, worker} = around;
		if (!sends) {
			this.#ends = [];
			return;
		}
		let wasUp = false;
		this.#ends = [
			own.subscribe({
				onChange: () => this.exchange(),
				onLook: name => this.exchange(name),
				onProblem: () => {},
			}),
			worker.link.subscribe(() => {
				const isUp = worker.link.get().state === 'up';
				if (isUp && !wasUp) for (const each of this.all) each.forgive();
				wasUp = isUp;
			}),
		];
		this.exchange();
	}

	get all(): SharedMailbox[] {
		const {account, own, worker, uidValidityOf, messagesIn, tell} = this.#around;
		const prefix = spellShared({in: 'mailbox', account, mailbox: '' as MailboxPath});
		return own.places
			.filter(({name}) => name.startsWith(prefix))
			.map(place => {
				const mailbox = place.name.slice(prefix.length) as MailboxPath;
				const known =
					this.#known.get(place.id) ??
					new SharedMailbox({
						place,
						mailbox,
						own,
						need: need => worker.need(need),
						isNeeded: key => worker.isNeeded(key),
						has: capability => worker.line.has(capability),
						uidValidity: () => uidValidityOf(mailbox),
						messages: () => messagesIn(mailbox),
						isElsewhere: () => worker.selected !== undefined && worker.selected !== mailbox,
						tell,
					});
				this.#known.set(place.id, known);
				return known;
			});
	}

	has(mailbox: MailboxPath): boolean {
		return this.all.some(each => each.mailbox === mailbox);
	}

	/** The server says that something came into this mailbox, which is open. */
	counted(mailbox: MailboxPath): void {
		if (this.#ends.length > 0) this.all.find(each => each.mailbox === mailbox)?.arrived();
	}

	/** Tells what was not told; `looks`: the place that is to be read as well. */
	exchange(looks?: string): void {
		const {account, mayLook} = this.#around;
		for (const each of this.all) {
			const isMeant = looks === spellShared({in: 'mailbox', account, mailbox: each.mailbox});
			each.exchange({looks: isMeant && mayLook()});
		}
	}

	close(): void {
		for (const end of this.#ends) end();
	}
}
