/**
 * Other wishes than all, and what of a mailbox has to be on the disk by them when a call is over.
 */
import type {MailboxPath} from '../../../source/model/ids.ts';
import {type Wish, wishOf} from '../../../source/model/wish.ts';
import type {Client} from './client.ts';
import type {Step} from './steps.ts';
import {places} from './world.ts';

export const everything: Wish = {summaries: 'all', textBytes: 4096, parts: [], hasPreviews: false};

const wishes: readonly Wish[] = [
	everything,
	everything,
	{...everything, summaries: {last: 3}},
	{...everything, summaries: {last: 1}},
	{...everything, summaries: 'none'},
	// All of it came later.
	{...everything, summaries: {since: '2020-01-01'}},
	{...everything, textBytes: 0},
	{...everything, textBytes: 5},
	{...everything, hasPreviews: true},
	{...everything, textBytes: 0, parts: [{type: 'text/*', mostBytes: 1000}]},
	{...everything, parts: [{type: 'application/pdf', mostBytes: 1000}]},
	{...everything, textBytes: 0, parts: [{type: '*/*', mostBytes: 1000}]},
	// Larger than that.
	{...everything, parts: [{type: 'application/pdf', mostBytes: 5}]},
];

export const wish: Step = ({chance}, client) => {
	const wanted = chance.pick(wishes);
	const mailbox = chance.isOneIn(4) ? undefined : chance.pick(places);
	client.session.setWish(mailbox, wanted);
	return `wishes of ${mailbox ?? 'all others'}: ${JSON.stringify(wanted)}`;
};

/** How many of `count` messages have to be there, the newest; undefined: the mailbox is in no call. */
export function wished({account}: Client, mailbox: MailboxPath, count: number): number | undefined {
	const {summaries} = wishOf(account.wishes, mailbox);
	if (summaries === 'none') return undefined;
	return typeof summaries === 'object' && 'last' in summaries ? Math.min(summaries.last, count) : count;
}

/** Whether the whole text of these short letters is there, and their second part. */
export function brought({account}: Client, mailbox: MailboxPath): {readonly text: boolean; readonly chart: boolean} {
	const {textBytes, parts} = wishOf(account.wishes, mailbox);
	const types = parts.filter(({mostBytes}) => mostBytes > 100).map(({type}) => type);
	return {
		text: textBytes > 100 || types.some(type => /^(text|\*)\//.test(type)),
		chart: types.some(type => /^(application|\*)\//.test(type)),
	};
}
