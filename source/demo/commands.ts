/** Every command of the server: in which state, announced by which capability, and what runs it. */
import {authenticateCommands} from './authenticate.ts';
import type {Connection} from './connection.ts';
import {fetchCommands} from './fetch.ts';
import {listCommands} from './list.ts';
import {mailboxCommands} from './mailbox-commands.ts';
import {messageCommands} from './message-commands.ts';
import {searchCommands} from './search.ts';
import {selectCommands} from './select.ts';
import {sessionCommands} from './session-commands.ts';
import type {Cursor} from './syntax.ts';
import {urlCommands} from './urlauth.ts';

export type Reply = string | undefined;

export type Command = {
	readonly state: 'any' | 'not-authenticated' | 'authenticated' | 'selected';
	/** Unknown unless one of these is announced. */
	readonly needs?: readonly string[];
	/** It speaks of sequence numbers, so none may change before its reply. */
	readonly keepsSequence?: boolean;
	readonly writes?: boolean;
	/** The reply without the tag; `OK … completed.` when there is none. */
	readonly run: (connection: Connection, cursor: Cursor) => Reply | Promise<Reply>;
};

export type Commands = Readonly<Record<string, Command>>;

export const commandFor = (name: string): Command | undefined => {
	for (const group of groups()) if (Object.hasOwn(group, name)) return group[name];
	return undefined;
};

const groups = (): readonly Commands[] => [
	sessionCommands,
	authenticateCommands,
	selectCommands,
	listCommands,
	mailboxCommands,
	messageCommands,
	fetchCommands,
	searchCommands,
	urlCommands,
];
