/**
 * The list of mailboxes as something to bring: one LIST-STATUS where the server has it, else LIST and then a STATUS each,
 * as the line has room.
 */
import {ours} from '../model/safe-text.ts';
import type {MailboxFact} from '../remote/remote.ts';
import type {Need} from './needs.ts';

/** For a session budget: a list cannot be bounded by the question; this has some eighty mailboxes. */
const mostToListBytes = 11_000;
const mostToCountBytes = 400;

export const mailboxesKey = 'mailboxes';

/** `onKnown` is told of the list, and again with each count that comes later. */
export function mailboxesNeed(onKnown: (mailboxes: readonly MailboxFact[]) => void, fail: Need['fail']): Need {
	let known: MailboxFact[] | undefined;
	let toCount: MailboxFact[] = [];
	let isAsked = false;
	const show = () => {
		if (known) onKnown(known);
	};
	return {
		key: mailboxesKey,
		urgency: 'looking-at',
		mailbox: undefined,
		isDone: () => known !== undefined && toCount.length === 0,
		isAllAsked: () => isAsked && toCount.length === 0,
		lost: () => {
			isAsked = known !== undefined;
		},
		fail,
		cost: () => ({what: ours('List the mailboxes'), mostBytes: isAsked ? mostToCountBytes : mostToListBytes}),
		next: () => {
			if (!isAsked) {
				isAsked = true;
				return {
					expectedBytes: 2000,
					mostBytes: mostToListBytes,
					ask: async remote => {
						known = [...(await remote.fetchMailboxes({withArrivals: true}))];
						toCount = known.filter(each => each.isSelectable && each.messages === undefined);
						show();
					},
				};
			}
			const mailbox = toCount.shift();
			if (mailbox === undefined) return undefined;
			return {
				expectedBytes: 80,
				mostBytes: mostToCountBytes,
				ask: async remote => {
					const status = await remote.fetchStatus(mailbox.path, {withArrivals: true});
					known = known?.map(each => (each.path === mailbox.path && status ? {...each, ...status} : each));
					show();
				},
			};
		},
	};
}
