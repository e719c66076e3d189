/** Asking for news now (`$`), as something to bring. */
import type {Failure} from '../model/failure.ts';
import type {MailboxPath} from '../model/ids.ts';
import {ours} from '../model/safe-text.ts';
import type {Need} from './needs.ts';

export function lookNeed(mailbox: MailboxPath | undefined, onDone: () => void, fail: (failure: Failure) => void): Need {
	let isAsked = false;
	let isDone = false;
	return {
		key: 'look',
		urgency: 'looking-at',
		mailbox,
		isDone: () => isDone,
		isAllAsked: () => isAsked,
		lost: () => {
			isAsked = false;
		},
		fail,
		cost: () => ({what: ours('Look for news'), mostBytes: 600}),
		next: () => {
			if (isAsked) return undefined;
			isAsked = true;
			return {
				expectedBytes: 100,
				ask: async remote => {
					await remote.look();
					isDone = true;
					onDone();
				},
			};
		},
	};
}
