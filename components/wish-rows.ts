/**
 * The wishes of an account as rows: each mailbox with what is to come of it, what is here, and what the rest would cost
 * now. Pure.
 *
 *     INBOX                 the newest 1000, text up to 16 kB      200    1200     ~1.2M
 */

import type {ScreenKeys} from '../source/keys/screen-keys.ts';
import {bytesOf} from '../source/model/amounts.ts';
import type {MailboxPath} from '../source/model/ids.ts';
import {knownLine, type Link} from '../source/model/link.ts';
import type {Mailbox} from '../source/model/mailbox.ts';
import {type Models, modelOf} from '../source/model/model.ts';
import {ours, type SafeText, safeLine} from '../source/model/safe-text.ts';
import {fit} from '../source/model/width.ts';
import {hasOwnWish, type Wish, type Wishes, wishOf} from '../source/model/wish.ts';
import {
	costOfWish,
	costSize,
	costWords,
	type HeldCounts,
	nothingHeld,
	shortCostWords,
	sumOfCosts,
	type WishCost,
} from '../source/model/wish-cost.ts';
import {wishWords} from '../source/model/wish-words.ts';
import {aloud, phrases} from './aloud.ts';
import {mailboxRows} from './mailbox-rows.ts';
import {safe} from './safe.ts';

type WishRow = {
	/** Undefined: all mailboxes without a wish of their own. */
	readonly path: MailboxPath | undefined;
	readonly name: SafeText;
	readonly wish: Wish;
	readonly isOwn: boolean;
	/** Whether anything of it comes; online, nothing does. */
	readonly isDisconnected: boolean;
	/** Of each mailbox it is about. */
	readonly mailboxes: readonly Counted[];
};

/** What is known of how many messages a mailbox has. */
type Counted = {readonly messages: number | undefined; readonly held: HeldCounts};

/** `1.2 MB of texts and parts are here, of at most 500 MB` */
export const bodiesNote = ({
	heldBytes,
	mostBytes,
}: {
	readonly heldBytes: number;
	readonly mostBytes: number;
}): SafeText =>
	safe`Here: ${bytesOf(heldBytes)} of texts and parts, of at most ${bytesOf(mostBytes)} (bonsai wishes --disk).`;

/** Those that hold messages, in the order of their list; then those that are wished for and not in the list. */
export function wishRows(
	{wishes, models}: {readonly wishes: Wishes; readonly models: Models},
	mailboxes: readonly Mailbox[],
	held: (path: MailboxPath) => HeldCounts,
): readonly WishRow[] {
	const listed = mailboxRows(mailboxes, new Set())
		.map(({mailbox}) => mailbox)
		.filter(({isSelectable}) => isSelectable);
	const known = new Set<string>(listed.map(({path}) => path));
	const named = Object.keys(wishes.mailboxes).filter(path => !known.has(path)) as MailboxPath[];
	const rows: WishRow[] = [
		...listed.map(({path, name, messages}) => ({path, name, counted: {messages, held: held(path)}})),
		...named.map(path => ({
			path,
			name: safeLine(path),
			counted: {messages: mailboxes.length > 0 ? 0 : undefined, held: nothingHeld},
		})),
	].map(({path, name, counted}) => ({
		path,
		name,
		wish: wishOf(wishes, path),
		isOwn: hasOwnWish(wishes, path),
		isDisconnected: modelOf(models, path) === 'disconnected',
		mailboxes: [counted],
	}));
	const others = rows.filter(({isOwn}) => !isOwn).flatMap(row => row.mailboxes);
	const all: WishRow = {
		path: undefined,
		name: ours('(all others)'),
		wish: wishes.otherwise,
		isOwn: true,
		isDisconnected: models.account === 'disconnected',
		mailboxes: others,
	};
	return [all, ...rows];
}

/** What it would cost now with this wish in its place. */
const costOfRow = ({mailboxes}: WishRow, wish: Wish, link: Link): WishCost =>
	sumOfCosts(mailboxes.map(each => costOfWish(each, wish, knownLine(link))));

/** The same in words; where nothing is wished for nothing need be here. */
export const rowCostWords = (row: WishRow, wish: Wish, link: Link): SafeText =>
	wish.summaries === 'none' ? ours('nothing') : costWords(costOfRow(row, wish, link));

/** Of all that is disconnected, each by its wish: what a call would bring. */
const costOfCall = (rows: readonly WishRow[], link: Link): WishCost =>
	sumOfCosts(
		rows
			.filter(({path, isDisconnected}) => path !== undefined && isDisconnected)
			.map(row => costOfRow(row, row.wish, link)),
	);

const nameColumns = 22;
const countColumns = 8;
const costColumns = 10;

function columnsOf(
	columns: number,
	[name, wish, here, all, cost]: readonly [SafeText, SafeText, SafeText, SafeText, SafeText],
): SafeText {
	const right = (text: SafeText, width: number): SafeText => fit(text, width, {align: 'right'});
	const room = Math.max(10, columns - 2 - nameColumns - 2 * countColumns - costColumns - 1);
	const left = safe`${fit(name, nameColumns - 1)} ${fit(wish, room)}`;
	return fit(
		safe`${left}${right(here, countColumns)}${right(all, countColumns)}${right(cost, costColumns)}`,
		columns - 1,
	);
}

export const wishHeading = (columns: number): SafeText =>
	safe` ${columnsOf(columns, [ours('Mailbox'), ours('Wish'), ours('here'), ours('all'), ours('costs now')])}`;

const count = (amount: number | undefined): SafeText => ours(amount === undefined ? '?' : String(amount));

function countsOf({mailboxes}: WishRow): {readonly here: SafeText; readonly all: SafeText} {
	const here = mailboxes.reduce((sum, {held}) => sum + held.summaries, 0);
	const isKnown = mailboxes.every(({messages}) => messages !== undefined);
	const all = mailboxes.reduce((sum, {messages = 0}) => sum + messages, 0);
	return {here: count(here), all: count(isKnown ? all : undefined)};
}

const words = ({wish, isOwn}: WishRow): SafeText => (isOwn ? wishWords(wish) : ours('as all others'));

export function wishLine(row: WishRow, columns: number, link: Link): SafeText {
	const {here, all} = countsOf(row);
	return columnsOf(columns, [row.name, words(row), here, all, costSize(costOfRow(row, row.wish, link))]);
}

/** What of it is worth a word when it changes. */
export const wishState = (row: WishRow): SafeText => words(row);

export function wishAloud(row: WishRow, link: Link): SafeText {
	const {here, all} = countsOf(row);
	const counts = all === '?' ? safe`${here} here` : safe`${here} of ${all} here`;
	const name = row.path === undefined ? ours('all others') : row.name;
	return phrases(name, words(row), counts, aloud(safe`costs now ${shortCostWords(costOfRow(row, row.wish, link))}`));
}

/** Below the list: the whole sentence, what it would cost, and why nothing comes where nothing does. */
export function wishNote(row: WishRow, rows: readonly WishRow[], link: Link, keys: ScreenKeys): SafeText {
	const cost = rowCostWords(row, row.wish, link);
	const sum = shortCostWords(costOfCall(rows, link));
	const changes = keys.hint(row.path === undefined ? 'modelDisconnected' : 'mailboxDisconnected', 'changes that');
	const online = row.isDisconnected ? ours('') : safe` Online, so nothing comes: ${changes}.`;
	return safe`${row.name}: ${wishWords(row.wish)}. Would cost now: ${cost}.${online} All that is disconnected: ${sum}.`;
}
