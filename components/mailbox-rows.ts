/**
 * The mailboxes in the order they are shown: those with a purpose first, then the rest as a tree. Pure.
 */
import type {MailboxPath} from '../source/model/ids.ts';
import {type Mailbox, specialUses} from '../source/model/mailbox.ts';
import {ours, type SafeText} from '../source/model/safe-text.ts';
import {fit} from '../source/model/width.ts';
import {phrases} from './aloud.ts';
import {safe, spaces} from './safe.ts';
import type {Theme} from './theme.ts';

/** `isOffline`: its mail is on this disk, and it is that which is counted. */
export type SeenMailbox = Mailbox & {readonly isOffline?: boolean};

export type MailboxRow = {
	readonly mailbox: SeenMailbox;
	readonly depth: number;
	readonly isFoldable: boolean;
	readonly isFolded: boolean;
};

/** A list longer than this starts with nothing below the top shown. */
const longList = 100;

export function foldedAtFirst(mailboxes: readonly Mailbox[]): ReadonlySet<MailboxPath> {
	if (mailboxes.length <= longList) return new Set();
	return new Set(mailboxes.filter(mailbox => mailbox.hasChildren).map(mailbox => mailbox.path));
}

export function mailboxRows(mailboxes: readonly SeenMailbox[], folded: ReadonlySet<MailboxPath>): MailboxRow[] {
	const known = new Set(mailboxes.map(mailbox => mailbox.path));
	const below = new Map<MailboxPath | undefined, SeenMailbox[]>();
	for (const mailbox of mailboxes) {
		// A mailbox with a purpose stands at the top, wherever the server keeps it.
		const isTop = mailbox.specialUse !== undefined || mailbox.parent === undefined || !known.has(mailbox.parent);
		const parent = isTop ? undefined : mailbox.parent;
		below.set(parent, [...(below.get(parent) ?? []), mailbox]);
	}
	const rank = ({specialUse}: Mailbox): number =>
		specialUse === undefined ? specialUses.length : specialUses.indexOf(specialUse);
	const tops = [...(below.get(undefined) ?? [])].sort((a, b) => rank(a) - rank(b));

	const rows: MailboxRow[] = [];
	const add = (mailbox: SeenMailbox, depth: number): void => {
		const children = below.get(mailbox.path) ?? [];
		const isFolded = folded.has(mailbox.path);
		rows.push({mailbox, depth, isFoldable: children.length > 0, isFolded});
		if (!isFolded) for (const child of children) add(child, depth + 1);
	};
	for (const mailbox of tops) add(mailbox, 0);
	return rows;
}

const countColumns = 9;

export function mailboxLine(
	{mailbox, depth, isFoldable, isFolded}: MailboxRow,
	columns: number,
	theme: Theme,
): SafeText {
	const fold = isFoldable ? (isFolded ? theme.folded : theme.unfolded) : ours(' ');
	const name = depth === 0 ? mailbox.name : mailbox.leaf;
	const purpose = purposeWords(mailbox);
	const widest = Math.min(64, columns - 2 * countColumns - 3);
	const label = safe`${spaces(depth * 2)}${fold} ${name}${purpose}`;
	const counts = mailbox.isSelectable
		? safe`${countOf(mailbox.unseen)}${countOf(mailbox.messages)}`
		: spaces(2 * countColumns);
	return fit(safe`${fit(label, widest)}${counts}`, columns - 1);
}

/** What of it may change: what is below it, and the counts as far as they are known. */
export function mailboxState({mailbox, isFoldable, isFolded}: MailboxRow): SafeText {
	const count = (amount: number | undefined, words: SafeText): SafeText =>
		amount === undefined ? ours('') : safe`${amount} ${words}`;
	return phrases(
		ours(isFoldable ? (isFolded ? 'closed' : 'opened') : ''),
		mailbox.isSelectable ? count(mailbox.unseen, ours('unread')) : ours('holds no messages'),
		mailbox.isSelectable ? count(mailbox.messages, ours('in all')) : ours(''),
	);
}

export const mailboxAloud = (row: MailboxRow): SafeText =>
	phrases(safe`${row.mailbox.name}${purposeWords(row.mailbox)}`, mailboxState(row));

export function mailboxHeading(columns: number): SafeText {
	const widest = Math.min(64, columns - 2 * countColumns - 3);
	const count = (word: SafeText): SafeText => fit(word, countColumns, {align: 'right'});
	return safe` ${fit(ours('  Mailbox'), widest)}${count(ours('unread'))}${count(ours('all'))}`;
}

/** What is not known is not claimed to be none. */
const countOf = (count: number | undefined): SafeText =>
	fit(count === undefined ? ours('?') : ours(String(count)), countColumns, {align: 'right'});

/** What a mailbox is for, where its name does not say so; and whether its mail is here. */
function purposeWords({name, specialUse, isOffline = false}: SeenMailbox): SafeText {
	const use = specialUse === 'all' ? 'all mail' : specialUse;
	const isSaid = specialUse === undefined || name.toLowerCase().includes(specialUse);
	const words = [...(isSaid ? [] : [use]), ...(isOffline ? ['offline'] : [])];
	return ours(words.length === 0 ? '' : `  (${words.join(', ')})`);
}
