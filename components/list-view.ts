/**
 * A cursor in a short list that is all known (parts, mailboxes, fields). Pure.
 */
import type {Handlers} from './use-commands.ts';

export type ListView = {readonly row: number; readonly top: number};

/** The cursor inside the list and the list under the cursor, scrolled as little as possible. */
export function clampView(view: ListView, count: number, height: number): ListView {
	const row = Math.max(0, Math.min(view.row, count - 1));
	const visible = Math.max(row - height + 1, Math.min(view.top, row));
	return {row, top: Math.max(0, Math.min(visible, Math.max(0, count - height)))};
}

export function listCommands(view: ListView, count: number, height: number, move: (view: ListView) => void): Handlers {
	const to = (row: number): void => move(clampView({row, top: view.top}, count, height));
	const half = Math.max(1, Math.floor(height / 2));
	return {
		down: () => to(view.row + 1),
		up: () => to(view.row - 1),
		pageDown: () => to(view.row + height),
		pageUp: () => to(view.row - height),
		halfDown: () => to(view.row + half),
		halfUp: () => to(view.row - half),
		first: () => to(0),
		last: () => to(count - 1),
	};
}
