/**
 * Where the state of a mailbox's messages lives, asked for and changed: `:state client`, `:state shared ~/Sync/bonsai`.
 */
import os from 'node:os';
import type {MailboxPath} from '../source/model/ids.ts';
import {safeLine} from '../source/model/safe-text.ts';
import {readStatePlace, spellStatePlace} from '../source/model/state-place.ts';
import type {Session} from '../source/session/session.ts';
import type {Program} from './places.ts';
import {safe} from './safe.ts';
import type {Handlers} from './use-commands.ts';

export const stateCommands = (
	session: Session,
	sessions: readonly Session[],
	mailbox: MailboxPath | undefined,
	program: Pick<Program, 'say' | 'ask'>,
): Handlers => ({
	statePlace:
		mailbox &&
		(argument => {
			const choose = (text: string) => {
				const place = readStatePlace(text, os.homedir());
				if (typeof place === 'string') {
					program.say(safeLine(place));
					return;
				}
				const account = place.with === 'shared' && place.place.in === 'mailbox' ? place.place.account : undefined;
				if (account !== undefined && !sessions.some(each => each.account === account))
					return program.say(safe`there is no account ${safeLine(account)}: :accounts lists them`);
				session.chooseStatePlace(mailbox, place);
			};
			if (argument !== '') return choose(argument);
			const now = session.mailbox(mailbox).state.get().statePlace;
			program.ask({
				kind: 'line',
				label: safe`State with (server, client, shared PLACE): `,
				initial: spellStatePlace(now),
				onEnter: choose,
			});
		}),
});
