/**
 * Where one is in each account: a stack of places for every account, and one more for the list of all inboxes. Pure.
 *
 * Laws: who turns to another account and back finds everything as it was left; a place knows whose it is, since a
 * message opened from the list of inboxes may be anybody's.
 */
import {type AccountName, inbox, type MailboxPath} from '../source/model/ids.ts';
import {emptyMemory} from './memory.ts';
import type {Place} from './places.ts';

/** A place, and the account it is of. */
export type At = {readonly account: AccountName; readonly place: Place};

/** The stack that belongs to no account. */
const everybody = Symbol('everybody');
type Owner = AccountName | typeof everybody;

type Stacks = {
	readonly owner: Owner;
	/** The account that was shown last. */
	readonly account: AccountName;
	readonly of: ReadonlyMap<Owner, readonly At[]>;
};

const messagesOf = (account: AccountName, mailbox: MailboxPath): At => ({
	account,
	place: {screen: 'messages', memory: emptyMemory(), mailbox},
});

export const firstStacks = (account: AccountName, mailbox: MailboxPath): Stacks => ({
	owner: account,
	account,
	of: new Map([[account, [messagesOf(account, mailbox)]]]),
});

export const stackOf = ({owner, account, of}: Stacks): readonly At[] => of.get(owner) ?? [messagesOf(account, inbox)];

export const topOf = (stacks: Stacks): At => stackOf(stacks).at(-1) ?? messagesOf(stacks.account, inbox);

const withStack = (stacks: Stacks, stack: readonly At[]): Stacks => ({
	...stacks,
	of: new Map([...stacks.of, [stacks.owner, stack]]),
});

export const opened = (stacks: Stacks, place: Place, account = topOf(stacks).account): Stacks =>
	withStack(stacks, [...stackOf(stacks), {account, place}]);

export const replaced = (stacks: Stacks, place: Place, account = topOf(stacks).account): Stacks =>
	withStack(stacks, [...stackOf(stacks).slice(0, -1), {account, place}]);

/** Undefined at the top of an account. */
export function back(stacks: Stacks): Stacks | undefined {
	const stack = stackOf(stacks);
	if (stack.length > 1) return withStack(stacks, stack.slice(0, -1));
	return stacks.owner === everybody ? accountShown(stacks, stacks.account) : undefined;
}

/** The list of accounts is left behind by going to one of them. */
function withoutAccounts(stacks: Stacks): Stacks {
	const stack = stackOf(stacks);
	const kept = stack.filter(({place}) => place.screen !== 'accounts');
	return kept.length === stack.length ? stacks : withStack(stacks, kept);
}

/** The account as it was left; its INBOX the first time. */
export function accountShown(stacks: Stacks, account: AccountName): Stacks {
	const {of} = withoutAccounts(stacks);
	return {
		owner: account,
		account,
		of: of.has(account) ? of : new Map([...of, [account, [messagesOf(account, inbox)]]]),
	};
}

/** The mailbox and nothing on top of it, in its account. */
export const mailboxShown = (stacks: Stacks, account: AccountName, mailbox: MailboxPath): Stacks =>
	withStack(accountShown(stacks, account), [messagesOf(account, mailbox)]);

/** The list of all inboxes as it was left. */
export function inboxesShown(stacks: Stacks): Stacks {
	const {account, of} = withoutAccounts(stacks);
	if (of.has(everybody)) return {owner: everybody, account, of};
	const first: At = {account, place: {screen: 'inboxes', memory: emptyMemory()}};
	return {owner: everybody, account, of: new Map<Owner, readonly At[]>([...of, [everybody, [first]]])};
}

/** The mailbox whose messages were looked at last, below where one is. */
export const mailboxBelow = (stacks: Stacks): MailboxPath => {
	const found = stackOf(stacks).findLast(({place}) => place.screen === 'messages');
	return found?.place.screen === 'messages' ? found.place.mailbox : inbox;
};
