/**
 * The first frame, painted by the entry before the client and Ink are loaded.
 *
 * Law: it only looks. What it does not understand at a glance (a configuration that is odd, an account that is not
 * there, a cache that another version has written) it leaves to the way everything else goes, and paints nothing.
 */
import {readFileSync} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import {firstFrame, type Opening} from '../components/first-frame.ts';
import {firstListRows} from '../components/frame-layout.ts';
import {frameText} from '../components/frame-text.ts';
import {themeFor} from '../components/theme.ts';
import {clock} from './clock.ts';
import type {Wanted} from './command-line/command-line.ts';
import {accountFolder, type Folders, folders, hasLocalMail} from './config-folders.ts';
import {readKeymap} from './keys/read-keymap.ts';
import {accountDefaults} from './model/account.ts';
import {type BudgetName, shownBytesLeft} from './model/budget.ts';
import {accountName, demoName, inbox, mailboxPath} from './model/ids.ts';
import {isModelName, type ModelName, type Models, modelOf, models} from './model/model.ts';
import {readStatePlace, type StatePlace, withServer} from './model/state-place.ts';
import {storedList} from './session/stored-list.ts';
import {isPlainTerminal} from './terminal/plain-terminal.ts';
import {openTerminal, type Terminal} from './terminal/terminal.ts';

type ClientWanted = Extract<Wanted, {command: 'client' | 'demo'}>;

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
	const shown = opening === 'start' ? undefined : withRows(opening, firstListRows(rows), folders(env));
	// What is on the disk is not as it should be: the session says so.
	if (shown === 'unclear') return terminal;
	const frame = firstFrame(shown, {columns, rows, theme, now: clock()});
	terminal.stdout.write(frameText(frame, columns));
	return terminal;
}

type Start = Omit<Opening, 'isDialled' | 'waiting' | 'rows'> & {
	/** That of the account, which may be another than the mailbox's. */
	readonly accountModel: ModelName;
	readonly isPlaceChosen?: boolean;
};

/** Undefined where it is not clear. */
function openingOf(wanted: ClientWanted, {keys, accounts = {}}: Stored): Start | 'start' | undefined {
	const read = readKeymap(keys);
	if ('problem' in read || !isObject(accounts)) return undefined;
	const mailbox = wanted.mailbox === undefined ? inbox : mailboxPath(wanted.mailbox);
	const around = {mailbox, budgetLeft: shownBytesLeft(wanted.sessionBytes, 0), keymap: read.keymap};
	const online = {model: 'online', accountModel: 'online', statePlace: withServer} as const;
	if (wanted.command === 'demo')
		return {account: demoName, isLocal: false, budget: wanted.budget ?? 'free', ...online, ...around};
	const name = wanted.account ?? Object.keys(accounts)[0];
	// With local mail it is that account that is shown.
	if (name === undefined) return hasLocalMail(folders(process.env)) ? undefined : 'start';
	const account = Object.hasOwn(accounts, name) ? accounts[name] : undefined;
	if (!isObject(account)) return undefined;
	const isLocal = typeof account.folder === 'string' && account.folder !== '';
	const models = isLocal ? {account: accountDefaults.model, mailboxes: {}} : modelsOf(account);
	const budget: BudgetName = wanted.budget ?? (account.budget === 'metered' ? 'metered' : 'free');
	const model = modelOf(models, mailbox);
	// Its mail is another account's, the local one.
	if (model === 'offline') return undefined;
	const place = placeIn(account, mailbox);
	if (place === 'unclear') return undefined;
	const statePlace = place ?? withServer;
	return {
		account: accountName(name),
		isLocal,
		statePlace,
		isPlaceChosen: place !== undefined,
		budget,
		model,
		accountModel: models.account,
		...around,
	};
}

function modelsOf({model, mailboxModels}: Readonly<Record<string, unknown>>): Models {
	const others = isObject(mailboxModels) ? Object.entries(mailboxModels) : [];
	return {
		account: isModelName(model) ? model : accountDefaults.model,
		mailboxes: Object.fromEntries(
			others.flatMap(([path, name]): [string, ModelName][] => (isModelName(name) ? [[path, name]] : [])),
		),
	};
}

/** What the user chose; undefined: nothing. */
function placeIn(
	{statePlaces}: Readonly<Record<string, unknown>>,
	mailbox: string,
): StatePlace | undefined | 'unclear' {
	if (!isObject(statePlaces) || !Object.hasOwn(statePlaces, mailbox)) return undefined;
	const place = readStatePlace(String(statePlaces[mailbox]), os.homedir());
	return typeof place === 'string' ? 'unclear' : place;
}

/** With what is on the disk of the mailbox. */
function withRows(start: Start, height: number, {state, cache}: Folders): Opening | 'unclear' {
	const {account, mailbox} = start;
	const {isOnDisk, dialsByItself} = models[start.model];
	if (!isOnDisk) return {...start, isDialled: true, waiting: 0, rows: undefined};
	const at = {account: accountFolder(state, account), cache: accountFolder(cache, account)};
	const stored = storedList(at, mailbox, height, start.isPlaceChosen ? start.statePlace : undefined);
	if (stored === undefined) return 'unclear';
	// What waits in the log is sent at once where the account is online.
	const isDialled = dialsByItself || (stored.waiting > 0 && models[start.accountModel].dialsByItself);
	return {...start, ...stored, isDialled};
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
