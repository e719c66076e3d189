/**
 * What there is of one account besides its mail, for the lists where the cursor says which account is meant.
 */
import {inbox} from '../source/model/ids.ts';
import type {Session} from '../source/session/session.ts';
import {emptyMemory} from './memory.ts';
import type {Program} from './places.ts';
import type {Handlers} from './use-commands.ts';

export function accountCommands(session: Session | undefined, program: Program): Handlers {
	if (session === undefined) return {};
	const {account} = session;
	return {
		listMailboxes: () => program.open({screen: 'mailboxes', memory: emptyMemory(), from: inbox}, account),
		outbox: () => program.open({screen: 'outbox', memory: emptyMemory()}, account),
		wishes: () => program.open({screen: 'wishes', memory: emptyMemory(), from: undefined}, account),
		downloads: () => program.open({screen: 'downloads', memory: emptyMemory()}, account),
		usage: () => program.open({screen: 'usage', memory: emptyMemory()}, account),
	};
}
