/**
 * The screen the program opens with, before React and Ink are loaded: made by the same functions as the components, so
 * that what Ink draws on top of it is the same. Pure, and nothing heavy is imported here, not even by others.
 *
 * It shows the moment in which the line is dialled and nothing else is known.
 */
import type {Keymap} from '../source/keys/keymap.ts';
import {type BudgetName, budgets, smallestChunkBytes} from '../source/model/budget.ts';
import type {AccountName, MailboxPath} from '../source/model/ids.ts';
import type {Link} from '../source/model/link.ts';
import {ours, safeLine} from '../source/model/safe-text.ts';
import {fit} from '../source/model/width.ts';
import {isTooSmall, layoutOf} from './frame-layout.ts';
import {keyMenuLines} from './key-menu-lines.ts';
import type {Line} from './lines.tsx';
import {linkSentence} from './link-words.ts';
import {emptyLines, emptyWords, mailboxTitle} from './messages-words.ts';
import {safe} from './safe.ts';
import {emptyFormState, startFrame} from './start-frame.ts';
import type {Theme} from './theme.ts';
import {accountTitle, threeColumns} from './title-words.ts';
import {tooSmallLines} from './too-small-lines.ts';

export type Opening = {
	readonly account: AccountName;
	readonly mailbox: MailboxPath;
	readonly budget: BudgetName;
	/** Of a session budget. */
	readonly budgetLeft: number | undefined;
	readonly keymap: Keymap;
};

export type Frame = {
	readonly lines: readonly Line[];
	readonly cursor: {readonly x: number; readonly y: number} | undefined;
};

const dialling: Link = {
	state: 'dialling',
	because: ours(''),
	retryAt: undefined,
	bytesPerSecond: undefined,
	roundTripMs: undefined,
	chunkBytes: smallestChunkBytes,
	isEncrypted: false,
	isCompressed: false,
	hasBinary: false,
};

type Window = {readonly columns: number; readonly rows: number; readonly theme: Theme};

/** Without an account: the start screen. */
export function firstFrame(opening: Opening | undefined, window: Window): Frame {
	const {columns, rows, theme} = window;
	if (isTooSmall(columns, rows)) return {lines: tooSmallLines(columns, rows), cursor: undefined};
	if (opening === undefined) return startFrame(emptyFormState, {...window, said: undefined, mayLeave: false});
	const {screenRows, menuRows} = layoutOf(rows, {hasMenu: true});
	const left = mailboxTitle(opening.account, safeLine(opening.mailbox), false);
	const budget = budgets[opening.budget];
	const right = accountTitle({link: dialling, budget, budgetLeft: opening.budgetLeft, pending: undefined});
	const list = emptyLines(emptyWords('closed', ours(''), dialling), columns, theme);
	const blank: Line[] = Array.from({length: Math.max(0, screenRows - 1 - list.length)}, () => ({text: ours('')}));
	return {
		lines: [
			{text: threeColumns(left, ours(''), right, columns), style: theme.title},
			...list.slice(0, screenRows - 1),
			...blank,
			{text: fit(safe` ${linkSentence(dialling, 0) ?? ours('')}`, columns)},
			...(menuRows > 0 ? keyMenuLines(opening.keymap.on('messages'), columns) : []),
		],
		cursor: {x: 0, y: 1},
	};
}
