/**
 * What of a mailbox is to come to the disk with each call, in the disconnected model: a few numbers, chosen by the user.
 */

/** Parts of one kind. `type` is a media type (`application/pdf`), or one with all its subtypes (`image/*`). */
export type PartWish = {readonly type: string; readonly mostBytes: number};

export type Wish = {
	/** Which messages: all, the newest `last`, those since a date (days back from today), or none. */
	readonly summaries: 'all' | 'none' | {readonly last: number} | {readonly sinceDays: number};
	/** Octets of each message's text that come with it; 0: none. Of a longer text, its beginning. */
	readonly textBytes: number;
	/** Whole parts that come with it. */
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
	mailboxes: {INBOX: {summaries: {last: 1000}, textBytes: 16 * 1024, parts: [], hasPreviews: false}},
};

export const wishOf = (wishes: Wishes, path: string): Wish => wishes.mailboxes[path] ?? wishes.otherwise;
