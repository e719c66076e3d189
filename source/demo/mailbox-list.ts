/**
 * The names: which mailboxes there are, what they are for (RFC 6154), which are subscribed. Names are Unicode here, with
 * `/` between levels; a level that is only a way to its children cannot be selected.
 */
import {MailboxState} from './mailbox-state.ts';

export type NamedMailbox = {readonly name: string; readonly specialUse?: string; readonly state: MailboxState};

const firstNewUidValidity = 1_800_000_000;

export const canonicalName = (name: string): string =>
	name.toUpperCase() === 'INBOX' ? 'INBOX' : name.replace(/^inbox(?=\/)/i, 'INBOX');

export class MailboxList {
	readonly #states = new Map<string, MailboxState>();
	readonly #uses = new Map<string, string>();
	readonly subscribed = new Set<string>();
	#nextUidValidity = firstNewUidValidity;

	constructor(mailboxes: Iterable<NamedMailbox>) {
		for (const {name, specialUse, state} of mailboxes) {
			this.#states.set(name, state);
			this.subscribed.add(name);
			if (specialUse !== undefined) this.#uses.set(name, specialUse);
		}
	}

	find(name: string): MailboxState | undefined {
		return this.#states.get(canonicalName(name));
	}

	specialUse(name: string): string | undefined {
		return this.#uses.get(name);
	}

	/** Every name including the levels between, INBOX first, then by alphabet. */
	names(): string[] {
		const names = new Set<string>();
		for (const name of this.#states.keys()) {
			const levels = name.split('/');
			for (let i = 1; i <= levels.length; i++) names.add(levels.slice(0, i).join('/'));
		}
		return [...names].sort((a, b) => Number(b === 'INBOX') - Number(a === 'INBOX') || (a < b ? -1 : 1));
	}

	hasChildren(name: string): boolean {
		return this.names().some(other => other.startsWith(`${name}/`));
	}

	create(given: string): boolean {
		const name = canonicalName(given.replace(/\/$/, ''));
		if (name === '' || this.#states.has(name)) return false;
		this.#states.set(name, new MailboxState(this.#nextUidValidity++));
		return true;
	}

	remove(name: string): boolean {
		this.#uses.delete(name);
		return name !== 'INBOX' && this.#states.delete(name);
	}

	rename(from: string, to: string): boolean {
		if (this.#states.has(to) || (!this.#states.has(from) && !this.hasChildren(from))) return false;
		for (const [name, state] of [...this.#states]) {
			if (name !== from && !name.startsWith(`${from}/`)) continue;
			this.#states.delete(name);
			this.#states.set(to + name.slice(from.length), state);
			const use = this.#uses.get(name);
			if (use !== undefined) this.#uses.set(to + name.slice(from.length), use);
			this.#uses.delete(name);
		}
		return true;
	}
}
