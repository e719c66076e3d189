/**
 * A window onto a mailbox: the rows that fit on the screen, and the cursor among them.
 *
 * Laws: it asks for rows when the window changes, never because of a repaint; rows ahead only after the user moved
 * and once the rows looked at are here; until the number of messages is known it asks for the newest.
 */
import {useEffect} from 'react';
import type {MailboxState} from '../source/model/mailbox.ts';
import type {Message} from '../source/model/message.ts';
import type {OpenMailbox} from '../source/session/session.ts';
import {type Memory, useRemembered} from './memory.ts';
import {type KnownRows, moveBy, moveTo, newestPlace, type RowsPlace, settle} from './rows-place.ts';
import {useLive} from './use-live.ts';

export type Rows = {
	readonly state: MailboxState;
	readonly place: RowsPlace;
	/** Positions on the screen, both included; nothing when `last < first`. */
	readonly first: number;
	readonly last: number;
	/** Whether all rows on the screen are known. */
	readonly isComplete: boolean;
	/** The message under the cursor, when its row is known. */
	readonly current: Message | undefined;
	moveBy(by: number): void;
	moveTo(position: number): void;
};

export function useRows(mailbox: OpenMailbox, height: number, memory: Memory<RowsPlace>): Rows {
	const state = useLive(mailbox.state);
	const [remembered, setPlace] = useRemembered(memory, newestPlace);
	const known: KnownRows = {
		count: state.count,
		height,
		positionOf: id => mailbox.positionOf(id),
		idAt: position => mailbox.row(position)?.id,
	};
	const place = settle(remembered, known);
	if (place !== remembered) setPlace(place);

	const isCounted = state.count !== undefined;
	const first = place.top;
	const last = Math.min(state.count ?? 0, first + height - 1);
	let isComplete = isCounted;
	for (let position = first; position <= last; position++) isComplete &&= mailbox.row(position) !== undefined;

	useEffect(() => {
		if (!isCounted) mailbox.ensureNewest(height);
	}, [mailbox, height, isCounted]);

	// biome-ignore lint/correctness/useExhaustiveDependencies: rows that were here and are not any more are asked for again
	useEffect(() => {
		if (isCounted && last >= first) mailbox.ensureRows(first, last);
	}, [mailbox, isCounted, first, last, isComplete]);

	const {hasMoved, direction} = place;
	const ahead = direction === 1 ? last + 1 : first - height;
	const aheadFirst = Math.max(1, ahead);
	const aheadLast = Math.min(state.count ?? 0, ahead + height - 1);
	useEffect(() => {
		if (hasMoved && isComplete && aheadLast >= aheadFirst) mailbox.ensureAhead(aheadFirst, aheadLast);
	}, [mailbox, hasMoved, isComplete, aheadFirst, aheadLast]);

	return {
		state,
		place,
		first,
		last,
		isComplete,
		current: place.position === undefined ? undefined : mailbox.row(place.position),
		moveBy: by => setPlace(moveBy(place, by, known)),
		moveTo: position => setPlace(moveTo(place, position, known)),
	};
}
