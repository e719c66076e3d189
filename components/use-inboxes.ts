/**
 * A window onto the newest messages of all inboxes, and the cursor among them.
 *
 * Laws: as useRows; of each account only the rows the list has room for are asked, on its own connection; the list
 * grows by a screen when the user wants past its oldest end.
 */

import {useEffect, useMemo} from 'react';
import {inbox} from '../source/model/ids.ts';
import {modelOf, models} from '../source/model/model.ts';
import type {Session} from '../source/session/session.ts';
import {type Memory, useRemembered} from './memory.ts';
import {type Entry, type Inbox, inboxesOf, keyOf, type Merged, mergeInboxes} from './merged-inboxes.ts';
import type {InboxesView} from './places.ts';
import {type KnownRows, moveBy, moveTo, newestPlace, settle} from './rows-place.ts';
import {useLives} from './use-lives.ts';

/** What is wanted of an inbox: so many of its newest while nobody knows how many there are, else these positions. */
export type Wish =
	| {readonly newest: number}
	| {readonly first: number; readonly last: number; readonly isComplete: boolean};

type Inboxes = {
	readonly inboxes: readonly Inbox[];
	readonly wishes: readonly Wish[];
	readonly entries: readonly Entry[];
	/** From 1; undefined in an empty list. */
	readonly position: number | undefined;
	readonly first: number;
	readonly last: number;
	readonly current: Entry | undefined;
	/** Of all that are known to be there. */
	readonly total: number;
	moveBy(by: number): void;
	moveTo(position: number): void;
};

const firstView: InboxesView = {place: newestPlace, size: 0, isSettled: false};

/** Nobody has dialled, and nobody will by itself: what is not here does not come. */
export function isAtRest({session, mailbox}: Inbox): boolean {
	const model = models[modelOf(session.models.get(), mailbox.path)];
	return session.link.get().state === 'hung-up' && !model.dialsByItself;
}

/** The newest of it is on its way. */
function isLoading(inbox: Inbox): boolean {
	const {session, mailbox} = inbox;
	// Who has not been dialled yet has no reason to give.
	const isDown = session.link.get().because !== '' || isAtRest(inbox);
	const {count} = mailbox.state.get();
	return !isDown && (count === undefined || (count > 0 && mailbox.row(count) === undefined));
}

export function useInboxes(
	sessions: readonly Session[],
	height: number,
	memory: Memory<InboxesView>,
	now: number,
): Inboxes {
	useLives(sessions.map(({models}) => models));
	const offline = sessions.map(session => session.isOffline(inbox)).join();
	// biome-ignore lint/correctness/useExhaustiveDependencies: where an inbox is is a matter of the models
	const inboxes = useMemo(() => inboxesOf(sessions), [sessions, offline]);
	const states = useLives(inboxes.map(({mailbox}) => mailbox.state));
	useLives(sessions.map(({link}) => link));
	const [view, setView] = useRemembered<InboxesView>(memory, firstView);
	const total = states.reduce((sum, {count = 0}) => sum + count, 0);
	const size = Math.max(view.size, height);
	const merged = mergeInboxes(inboxes, size, now);
	const {entries} = merged;

	const positions = new Map(entries.map((entry, index) => [keyOf(entry), index + 1]));
	const known: KnownRows<string> = {
		count: entries.length === 0 ? undefined : entries.length,
		height,
		positionOf: key => positions.get(key),
		idAt: position => {
			const entry = entries[position - 1];
			return entry && keyOf(entry);
		},
	};
	// Until everybody who has a line has shown the newest, the cursor goes with it.
	const newest = known.idAt(entries.length);
	const isFollowing = !view.isSettled && !view.place.hasMoved && view.place.id !== newest;
	const settled = settle(isFollowing ? newestPlace : view.place, known);
	const isSettled = view.isSettled || !inboxes.some(isLoading);
	if (settled !== view.place || isSettled !== view.isSettled) setView({...view, place: settled, isSettled});

	// Past the oldest of the list: a screen more, and there when its rows are.
	const {wanted} = view;
	const arrived = wanted !== undefined && entries.length > wanted.from;
	useEffect(() => {
		if (!arrived || !wanted) return;
		setView({...view, place: moveBy(settled, wanted.by, known), wanted: undefined});
	});
	const move = (by: number): void => {
		const isPastOldest = (settled.position ?? 1) + by < 1;
		if (!isPastOldest || entries.length >= total)
			setView({...view, place: moveBy(settled, by, known), wanted: undefined});
		else setView({...view, size: entries.length + height, wanted: {by, from: entries.length}});
	};

	const first = settled.top;
	const last = Math.min(entries.length, first + height - 1);
	return {
		inboxes,
		wishes: inboxes.map((each, index) => wishOf(each, index, merged, {first, last, height, count: inboxes.length})),
		entries,
		position: entries.length === 0 ? undefined : settled.position,
		first,
		last,
		current: settled.position === undefined ? undefined : entries[settled.position - 1],
		total,
		moveBy: move,
		moveTo: position => setView({...view, place: moveTo(settled, position, known), wanted: undefined}),
	};
}

type Shown = {readonly first: number; readonly last: number; readonly height: number; readonly count: number};

/** The positions of an inbox that are on the screen, and at the old end of the list what it lacks there. */
function wishOf(each: Inbox, index: number, {entries, taken, isLacking}: Merged, shown: Shown): Wish {
	const {mailbox} = each;
	const {count} = mailbox.state.get();
	const share = Math.ceil(shown.height / shown.count) + 1;
	if (count === undefined || count === 0) return {newest: share};
	// While the newest are on their way nobody can say what is lacking behind them.
	if (mailbox.row(count) === undefined) return {first: Math.max(1, count - share + 1), last: count, isComplete: false};
	const visible = entries
		.slice(shown.first - 1, shown.last)
		.filter(entry => entry.mailbox === mailbox)
		.map(({message}) => mailbox.positionOf(message.id) ?? count);
	const end = count - (taken[index] ?? 0);
	const isLookedFor = isLacking[index] === true && shown.first === 1;
	// Twice as many each time: few turns, and never more than a screen at once.
	const more = Math.min(shown.height, Math.max(share, taken[index] ?? 0));
	const first = isLookedFor ? Math.max(1, end - more + 1) : (visible[0] ?? count);
	// At the new end of the list the newest is wanted, here or not.
	const last = shown.last === entries.length ? count : (visible.at(-1) ?? (isLookedFor ? end : count));
	let isComplete = true;
	for (let position = first; position <= last; position++) isComplete &&= mailbox.row(position) !== undefined;
	return {first, last, isComplete};
}
