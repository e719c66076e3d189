/**
 * What of a mailbox is to come to the disk with each call, in the disconnected model: a few numbers, chosen by the user.
 */

/** Parts of one kind. `type` is a media type (`application/pdf`), or one with all its subtypes (`image/*`), or any. */
export type PartWish = {readonly type: string; readonly mostBytes: number};

export type Wish = {
	/** Which messages: all, the newest `last`, those of the last days, those since a day (`2026-01-31`), or none. */
	readonly summaries:
		| 'all'
		| 'none'
		| {readonly last: number}
		| {readonly sinceDays: number}
		| {readonly since: string};
	/** Octets of each message's text that come with it; 0: none. Of a longer text, its beginning. */
	readonly textBytes: number;
	/** Whole parts that come with it, by their size as they were sent. */
	readonly parts: readonly PartWish[];
	/** The first words of each message (PREVIEW, RFC 8970), where the server has them. */
	readonly hasPreviews: boolean;
};

export type Wishes = {
	/** For mailboxes without one of their own. */
	readonly otherwise: Wish;
	/** By the mailbox's path. */
	readonly mailboxes: Readonly<Record<string, Wish>>;
};

export const noWish: Wish = {summaries: 'none', textBytes: 0, parts: [], hasPreviews: false};

/** Until the user says otherwise: the newest of the inbox, with their text. */
export const defaultWishes: Wishes = {
	otherwise: noWish,
	mailboxes: {INBOX: {summaries: {last: 1000}, textBytes: 16_000, parts: [], hasPreviews: false}},
};

/** Whether a mailbox has a wish of its own. */
export const hasOwnWish = (wishes: Wishes, path: string): boolean => Object.hasOwn(wishes.mailboxes, path);

export const wishOf = (wishes: Wishes, path: string): Wish =>
	(hasOwnWish(wishes, path) ? wishes.mailboxes[path] : undefined) ?? wishes.otherwise;

/** With another wish of a mailbox, or of all without one of their own; `undefined` is back to what holds without it. */
export function withWish(wishes: Wishes, path: string | undefined, wish: Wish | undefined): Wishes {
	if (path === undefined) return {...wishes, otherwise: wish ?? noWish};
	const {[path]: _before, ...others} = wishes.mailboxes;
	return {...wishes, mailboxes: wish === undefined ? others : {...others, [path]: wish}};
}

const dayMs = 24 * 3600_000;

/**
 * The moment from which on messages are wished for (ms since the epoch); undefined where it is not by a date. A day is
 * UTC's, since it is asked for as a day (SEARCH SINCE), and the server knows its own only.
 */
export function wishedSince({summaries}: Wish, now: number): number | undefined {
	if (typeof summaries === 'string' || 'last' in summaries) return undefined;
	if ('sinceDays' in summaries) return now - summaries.sinceDays * dayMs;
	return Date.parse(`${summaries.since}T00:00:00Z`);
}

/** `2026-01-31`, and a day there is. */
export function isDay(text: string): boolean {
	const moment = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
	return !Number.isNaN(moment) && new Date(moment).toISOString().startsWith(text);
}
