/** Asking for news now (`$`), as something to bring. */
import type {Failure} from '../model/failure.ts';
import type {MailboxPath} from '../model/ids.ts';
import {ours} from '../model/safe-text.ts';
import type {Need} from './needs.ts';
import {oneQuestion} from './one-question.ts';

export function lookNeed(mailbox: MailboxPath | undefined, onDone: () => void, fail: (failure: Failure) => void): Need {
	return oneQuestion({
		key: 'look',
		urgency: 'looking-at',
		mailbox,
		what: ours('Look for news'),
		expectedBytes: 100,
		mostBytes: 600,
		fail,
		ask: async remote => {
			await remote.look();
			onDone();
		},
	});
}
