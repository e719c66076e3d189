/**
 * The screen the program opens with, before React and Ink are loaded: made by the same functions as the components, so
 * that what Ink draws on top of it is the same. Pure, and nothing heavy is imported here, not even by others.
 *
 * It shows the moment in which the line is dialled and nothing else is known, or what of the mailbox is on the disk.
 */
import type {Keymap} from '../source/keys/keymap.ts';
import {type BudgetName, budgets} from '../source/model/budget.ts';
import type {AccountName, MailboxPath} from '../source/model/ids.ts';
import {type Link, unknownLine} from '../source/model/link.ts';
import type {Message} from '../source/model/message.ts';
import type {ModelName} from '../source/model/model.ts';
import {ours, type SafeText, safeLine} from '../source/model/safe-text.ts';
import type {StatePlace} from '../source/model/state-place.ts';
import {fit} from '../source/model/width.ts';
import {isTooSmall, layoutOf} from './frame-layout.ts';
import {keyMenuLines} from './key-menu-lines.ts';
import type {Line} from './lines.tsx';
import {lackOf, linkSentence} from './link-words.ts';
import {rowLines} from './message-rows.ts';
import {emptyLines, emptyWords, mailboxTitle, placeWords} from './messages-words.ts';
import {safe} from './safe.ts';
import {emptyFormState, startFrame} from './start-frame.ts';
import type {Theme} from './theme.ts';
import {accountTitle, threeColumns} from './title-words.ts';
import {tooSmallLines} from './too-small-lines.ts';

export type Opening = {
	readonly account: AccountName;
	readonly mailbox: MailboxPath;
	/** Mail on this disk: no line is dialled. */
	readonly isLocal: boolean;
	readonly budget: BudgetName;
	/** Of a session budget. */
	readonly budgetLeft: number | undefined;
	readonly keymap: Keymap;
	readonly model: ModelName;
	/** Whether the line is dialled as soon as the program is there. */
	readonly isDialled: boolean;
	/** How many decisions wait. */
	readonly waiting: number;
	/** Where the user chose that the state of its messages lives, else with the server. */
	readonly statePlace: StatePlace;
	/** What is known of the mailbox. */
	readonly rows: KnownRows | undefined;
};

export type KnownRows = {
	readonly count: number;
	readonly isReadOnly: boolean;
	/** Ms since the epoch. */
	readonly asOf: number;
	/** By position; where one is lacking, it is not here. */
	readonly messages: ReadonlyMap<number, Message>;
};

export type Frame = {
	readonly lines: readonly Line[];
	readonly cursor: {readonly x: number; readonly y: number} | undefined;
};

type Window = {readonly columns: number; readonly rows: number; readonly theme: Theme; readonly now: number};

/** Without an account: the start screen. */
export function firstFrame(opening: Opening | undefined, window: Window): Frame {
	const {columns, rows, theme} = window;
	if (isTooSmall(columns, rows)) return {lines: tooSmallLines(columns, rows), cursor: undefined};
	if (opening === undefined) return startFrame(emptyFormState, {...window, said: undefined, mayLeave: false});
	const {screenRows, menuRows} = layoutOf(rows, {hasMenu: true});
	const {account, mailbox, model, waiting, budgetLeft} = opening;
	const keys = opening.keymap.on('messages');
	const state = opening.isDialled ? 'dialling' : 'hung-up';
	const link: Link = {...unknownLine, state, isLocal: opening.isLocal};
	const {statePlace} = opening;
	const left = mailboxTitle(account, safeLine(mailbox), {isReadOnly: opening.rows?.isReadOnly ?? false, statePlace});
	const budget = budgets[opening.budget];
	const pending = waiting === 0 ? undefined : safe`${theme.pending}${waiting}`;
	const right = accountTitle({link, budget, budgetLeft, model, pending});
	const {list, middle, cursor} = listOf(opening, link, {...window, rows: screenRows - 1});
	const blank: Line[] = Array.from({length: Math.max(0, screenRows - 1 - list.length)}, () => ({text: ours('')}));
	return {
		lines: [
			{text: threeColumns(left, middle, right, columns), style: theme.title},
			...list.slice(0, screenRows - 1),
			...blank,
			{text: fit(safe` ${linkSentence(link, 0, {keys}) ?? ours('')}`, columns)},
			...(menuRows > 0 ? keyMenuLines(keys, columns) : []),
		],
		cursor: {x: 0, y: cursor},
	};
}

/** The list below the title, and what the title says of it. */
function listOf(
	{rows: known, keymap}: Opening,
	link: Link,
	{rows, columns, theme, now}: Window,
): {readonly list: readonly Line[]; readonly middle: readonly SafeText[]; readonly cursor: number} {
	const keys = keymap.on('messages');
	const because = ours('');
	const state = known === undefined ? 'closed' : 'open';
	const middle = known === undefined ? [] : placeWords({...known, state, because, tagged: 0}, known.count, now);
	if (known === undefined || known.count === 0)
		return {list: emptyLines(emptyWords(state, because, link, keys), columns, theme), middle, cursor: 1};
	const {count, messages} = known;
	const first = Math.max(1, count - rows + 1);
	const window = {first, last: count, selected: count, at: (position: number) => messages.get(position)};
	return {
		list: rowLines(window, {columns, count, theme, now, showsPending: true, lack: lackOf(link, keys)}),
		middle,
		cursor: count - first + 1,
	};
}
