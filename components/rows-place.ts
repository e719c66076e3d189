/**
 * Where the user is in a list of messages, and what becomes of it when rows come and go. Pure.
 *
 * Laws: the cursor stays on its message, not on its number; a message that vanished leaves the cursor where it was;
 * before the first move the cursor is on the newest.
 */
import type {MessageId} from '../source/model/ids.ts';

export type RowsPlace<Id = MessageId> = {
	/** From 1; undefined while nobody knows how many there are. */
	readonly position: number | undefined;
	/** The message under the cursor, once its row is known. */
	readonly id: Id | undefined;
	/** The position in the first row of the screen. */
	readonly top: number;
	readonly hasMoved: boolean;
	/** How many there were when this was settled. */
	readonly count?: number | undefined;
	/** Where the user is heading: 1 towards the newest. */
	readonly direction: 1 | -1;
};

export type KnownRows<Id = MessageId> = {
	readonly count: number | undefined;
	readonly height: number;
	positionOf(id: Id): number | undefined;
	idAt(position: number): Id | undefined;
};

export const newestPlace: RowsPlace<never> = {
	position: undefined,
	id: undefined,
	top: 1,
	hasMoved: false,
	direction: -1,
};

const between = (least: number, value: number, most: number): number => Math.max(least, Math.min(value, most));

/** The place in the rows as they are now. The same object when nothing changed. */
export function settle<Id>(place: RowsPlace<Id>, rows: KnownRows<Id>): RowsPlace<Id> {
	const {count, height} = rows;
	if (count === undefined) return place;
	const position = positionIn(place, rows, count);
	const shift = place.position === undefined ? 0 : position - place.position;
	const isFirstLook = place.position === undefined;
	// Who sees the end of the list goes on seeing it when something is added to it.
	const sawEnd = place.count !== undefined && count > place.count && place.top + height > place.count;
	const wanted = place.top + (place.id === undefined ? 0 : shift);
	const top = topFor(position, isFirstLook || sawEnd ? count - height + 1 : wanted, count, height);
	// A row that is not known (yet, or for a moment) does not let go of its message.
	const id = rows.idAt(position) ?? (place.position === undefined ? undefined : place.id);
	if (position === place.position && top === place.top && id === place.id && count === place.count) return place;
	return {...place, position, top, id, count};
}

function positionIn<Id>(place: RowsPlace<Id>, rows: KnownRows<Id>, count: number): number {
	if (place.position === undefined || (!place.hasMoved && place.id === undefined)) return count;
	const found = place.id === undefined ? undefined : rows.positionOf(place.id);
	return between(Math.min(1, count), found ?? place.position, count);
}

/** Moves the screen as little as possible so that the cursor is on it, and never past the end. */
function topFor(position: number, wanted: number, count: number, height: number): number {
	const visible = between(position - height + 1, wanted, position);
	return between(1, visible, Math.max(1, count - height + 1));
}

export function moveTo<Id>(place: RowsPlace<Id>, position: number, rows: KnownRows<Id>): RowsPlace<Id> {
	const {count, height} = rows;
	if (count === undefined || count === 0) return place;
	const target = between(1, position, count);
	const from = place.position ?? count;
	return {
		position: target,
		id: rows.idAt(target),
		top: topFor(target, place.top, count, height),
		hasMoved: true,
		direction: target === from ? place.direction : target > from ? 1 : -1,
	};
}

/** Moves the cursor and the screen together. */
export function moveBy<Id>(place: RowsPlace<Id>, by: number, rows: KnownRows<Id>): RowsPlace<Id> {
	const moved = moveTo(place, (place.position ?? 1) + by, rows);
	if (moved === place || moved.position === undefined || Math.abs(by) === 1) return moved;
	return {...moved, top: topFor(moved.position, place.top + by, rows.count ?? 0, rows.height)};
}
