/**
 * Scrolling through lines: the commands a text screen has in common, and the bounds they keep. Pure.
 */
import {ours} from '../source/model/safe-text.ts';
import type {Program} from './places.ts';
import type {Handlers} from './use-commands.ts';

export type Scroll = {
	/** The first line shown, from 0. */
	readonly top: number;
	/** Lines there are, and lines that fit. */
	readonly count: number;
	readonly rows: number;
};

const lastTop = ({count, rows}: Pick<Scroll, 'count' | 'rows'>): number => Math.max(0, count - rows);
export const clampTop = (scroll: Scroll): number => Math.max(0, Math.min(scroll.top, lastTop(scroll)));

/** `onPastEnd` is called instead of moving when the end is in sight already. */
export function scrollCommands(scroll: Scroll, move: (top: number) => void, onPastEnd?: () => void): Handlers {
	const by = (lines: number): void => {
		if (lines > 0 && scroll.top >= lastTop(scroll)) onPastEnd?.();
		else move(clampTop({...scroll, top: scroll.top + lines}));
	};
	// One line of the page before stays in sight.
	const page = Math.max(1, scroll.rows - 1);
	const half = Math.max(1, Math.floor(scroll.rows / 2));
	return {
		down: () => by(1),
		up: () => by(-1),
		pageDown: () => by(page),
		pageUp: () => by(-page),
		halfDown: () => by(half),
		halfUp: () => by(-half),
		first: () => move(0),
		last: () => move(lastTop(scroll)),
	};
}

/** Where one sees that it goes no further. */
export const sayEnd = (program: Program) => (): void => program.sayAloud(ours('the end'));

/** `37%`, `all` when everything is in sight, `end`. */
export function scrollWords(scroll: Scroll): 'all' | 'end' | 'top' | `${number}%` {
	if (scroll.count <= scroll.rows) return 'all';
	if (scroll.top >= lastTop(scroll)) return 'end';
	return scroll.top === 0 ? 'top' : `${Math.floor(((scroll.top + scroll.rows) / scroll.count) * 100)}%`;
}
