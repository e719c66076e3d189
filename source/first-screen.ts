/**
 * The first frame, painted by the entry before the client and Ink are loaded.
 *
 * Law: it only looks. What it does not understand at a glance (a configuration that is odd, an account that is not
 * there) it leaves to the way everything else goes, and paints nothing.
 */
import {readFileSync} from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import {firstFrame, type Opening} from '../components/first-frame.ts';
import {frameText} from '../components/frame-text.ts';
import {themeFor} from '../components/theme.ts';
import type {Wanted} from './command-line/command-line.ts';
import {folders} from './config-folders.ts';
import {readKeymap} from './keys/read-keymap.ts';
import {type BudgetName, shownBytesLeft} from './model/budget.ts';
import {accountName, demoName, inbox, mailboxPath} from './model/ids.ts';
import {isPlainTerminal} from './terminal/plain-terminal.ts';
import {openTerminal, type Terminal} from './terminal/terminal.ts';

export type ClientWanted = Extract<Wanted, {command: 'client' | 'demo'}>;

/** The terminal with the frame on it; undefined when that has to wait, or nothing is to be painted. */
export function paintFirstScreen(wanted: ClientWanted): Terminal | undefined {
	const {stdin, stdout, env} = process;
	if (!stdin.isTTY || !stdout.isTTY || wanted.isPlain || isPlainTerminal(env)) return undefined;
	const stored = storedIn(path.join(folders(env).config, 'config.json'));
	const opening = stored && openingOf(wanted, stored);
	if (stored === undefined || opening === undefined) return undefined;
	const {slow, plain} = isObject(stored.preferences) ? stored.preferences : {};
	if (plain === true) return undefined;
	const terminal = openTerminal({stdin, stdout, env, isSlow: wanted.isSlow || slow === true});
	const {columns, rows} = terminal.size.get();
	const theme = themeFor({...terminal, ...terminal.looks.get()});
	const frame = firstFrame(opening === 'start' ? undefined : opening, {columns, rows, theme});
	terminal.stdout.write(frameText(frame, columns));
	return terminal;
}

/** Undefined where it is not clear. */
function openingOf(wanted: ClientWanted, {keys, accounts = {}}: Stored): Opening | 'start' | undefined {
	const read = readKeymap(keys);
	if ('problem' in read || !isObject(accounts)) return undefined;
	const around = {
		mailbox: wanted.mailbox === undefined ? inbox : mailboxPath(wanted.mailbox),
		budgetLeft: shownBytesLeft(wanted.sessionBytes, 0),
		keymap: read.keymap,
	};
	if (wanted.command === 'demo') return {account: demoName, budget: wanted.budget ?? 'free', ...around};
	const name = wanted.account ?? Object.keys(accounts)[0];
	if (name === undefined) return 'start';
	const account = Object.hasOwn(accounts, name) ? accounts[name] : undefined;
	if (!isObject(account)) return undefined;
	const budget: BudgetName = wanted.budget ?? (account.budget === 'metered' ? 'metered' : 'free');
	return {account: accountName(name), budget, ...around};
}

type Stored = {readonly accounts?: unknown; readonly keys?: unknown; readonly preferences?: unknown};

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
	typeof value === 'object' && value !== null;

/** Undefined when it cannot be read as it should; config.ts then says why. */
function storedIn(file: string): Stored | undefined {
	try {
		const stored: unknown = JSON.parse(readFileSync(file, 'utf8'));
		return isObject(stored) ? stored : undefined;
	} catch (error) {
		return (error as NodeJS.ErrnoException).code === 'ENOENT' ? {} : undefined;
	}
}
