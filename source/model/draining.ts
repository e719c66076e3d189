/**
 * What of an offline mailbox leaves the server, and when: a few numbers beside the wish, chosen by the user.
 */
import type {SpecialUse} from './mailbox.ts';
import {type Models, modelOf} from './model.ts';

/** In the folder of an account from which anything was drained. */
export const receiptsFile = 'receipts.sqlite';

export type Draining = {
	/** Days a message stays on the server after it has come; 0: it is removed as soon as it is proven here. */
	readonly leaveDays: number;
	/** Only what came to the server so many days ago, or earlier; 0: all. */
	readonly olderThanDays: number;
	/** In octets. Larger ones stay on the server; null: there is no limit. */
	readonly mostBytes: number | null;
};

export type Drainings = {
	/** For mailboxes without one of their own. */
	readonly otherwise: Draining;
	/** By the mailbox's path. */
	readonly mailboxes: Readonly<Record<string, Draining>>;
};

export const drainAll: Draining = {leaveDays: 0, olderThanDays: 0, mostBytes: null};

export const defaultDrainings: Drainings = {otherwise: drainAll, mailboxes: {}};

export const drainingOf = ({otherwise, mailboxes}: Drainings, path: string): Draining =>
	(Object.hasOwn(mailboxes, path) ? mailboxes[path] : undefined) ?? otherwise;

/** With other numbers for a mailbox, or for all without their own; `undefined` is back to what holds without them. */
export function withDraining(
	drainings: Drainings,
	path: string | undefined,
	draining: Draining | undefined,
): Drainings {
	if (path === undefined) return {...drainings, otherwise: draining ?? drainAll};
	const {[path]: _before, ...others} = drainings.mailboxes;
	return {...drainings, mailboxes: draining === undefined ? others : {...others, [path]: draining}};
}

/** In an offline account these stay on the server: views of other mailboxes, what is being written, what is thrown away. */
const staying: readonly SpecialUse[] = ['all', 'flagged', 'drafts', 'junk', 'trash'];

/** Whether its mail is taken from the server: it was chosen itself, or its account was and it is none of these. */
export function isDrained(
	models: Models,
	{path, specialUse}: {readonly path: string; readonly specialUse: SpecialUse | undefined},
): boolean {
	if (Object.hasOwn(models.mailboxes, path)) return models.mailboxes[path] === 'offline';
	return modelOf(models, path) === 'offline' && (specialUse === undefined || !staying.includes(specialUse));
}
