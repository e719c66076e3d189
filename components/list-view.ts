/**
 * A cursor in a short list that is all known (parts, mailboxes, fields). Pure.
 */
import {ours, type SafeText} from '../source/model/safe-text.ts';
import type {Program} from './places.ts';
import type {Handlers} from './use-commands.ts';

export type ListView = {readonly row: number; readonly top: number};

/** The cursor inside the list and the list under the cursor, scrolled as little as possible. */
export function clampView(view: ListView, count: number, height: number): ListView {
	const row = Math.max(0, Math.min(view.row, count - 1));
	const visible = Math.max(row - height + 1, Math.min(view.top, row));
	return {row, top: Math.max(0, Math.min(visible, Math.max(0, count - height)))};
}

export function listCommands(
	view: ListView,
	count: number,
	height: number,
	move: (view: ListView) => void,
	program: Program,
): Handlers {
	const to = (row: number): void => move(clampView({row, top: view.top}, count, height));
	const half = Math.max(1, Math.floor(height / 2));
	const moves: Handlers = {
		down: () => to(view.row + 1),
		up: () => to(view.row - 1),
		pageDown: () => to(view.row + height),
		pageUp: () => to(view.row - height),
		halfDown: () => to(view.row + half),
		halfUp: () => to(view.row - half),
		first: () => to(0),
		last: () => to(count - 1),
	};
	return sayingEnds(moves, {isFirst: view.row <= 0, isLast: view.row >= count - 1}, program);
}

/** The moves of a list that is a window: so many rows down or up. */
export function windowCommands(
	moveBy: (rows: number) => void,
	height: number,
	ends: {readonly isFirst: boolean; readonly isLast: boolean},
	program: Program,
): Handlers {
	const half = Math.ceil(height / 2);
	const moves: Handlers = {
		down: () => moveBy(1),
		up: () => moveBy(-1),
		pageDown: () => moveBy(height),
		pageUp: () => moveBy(-height),
		halfDown: () => moveBy(half),
		halfUp: () => moveBy(-half),
	};
	return sayingEnds(moves, ends, program);
}

/** At the end of a list one sees that the cursor stays; who hears is told. */
function sayingEnds(
	moves: Handlers,
	{isFirst, isLast}: {readonly isFirst: boolean; readonly isLast: boolean},
	program: Program,
): Handlers {
	const saying =
		(words: SafeText) =>
		(move: Handlers[keyof Handlers]): Handlers[keyof Handlers] =>
			move &&
			((...pressed) => {
				move(...pressed);
				program.sayAloud(words);
			});
	const atFirst = saying(ours('this is the first'));
	const atLast = saying(ours('this is the last'));
	const {up, pageUp, halfUp, down, pageDown, halfDown} = moves;
	return {
		...moves,
		...(isFirst ? {up: atFirst(up), pageUp: atFirst(pageUp), halfUp: atFirst(halfUp)} : {}),
		...(isLast ? {down: atLast(down), pageDown: atLast(pageDown), halfDown: atLast(halfDown)} : {}),
	};
}
