/**
 * What the components have to know of the terminal and its line. Pure.
 */
import type {Abilities, Capabilities} from './capabilities.ts';
import type {Pace} from './pace.ts';

export type Looks = {
	/** The selected row turned inside out, or an arrow in front of it, which is ten times fewer octets. */
	readonly selection: 'bar' | 'arrow';
	/** No ticking clocks, and progress in steps. */
	readonly isSlow: boolean;
	/** How long to wait after ESC for the rest of a key, in ms: what an octet may be late by. */
	readonly escapeTimeoutMs: number;
};

export function looksOf(
	{profile, hasStyles, isRemote, escapeTimeoutMs}: Capabilities,
	{can, pace}: {readonly can: Pick<Abilities, 'rectangles'>; readonly pace: Pick<Pace, 'isSlow' | 'roundTripMs'>},
): Looks {
	const {isSlow, roundTripMs} = pace;
	// Behind tmux and screen there is another line, and they have no rectangles.
	const isCheap = can.rectangles || (profile === 'xterm' && !isRemote);
	const measured = roundTripMs === undefined ? escapeTimeoutMs : Math.min(1000, 50 + 2 * roundTripMs);
	return {
		selection: hasStyles && isCheap && !isSlow ? 'bar' : 'arrow',
		isSlow,
		// In steps, so that each new measurement is not news.
		escapeTimeoutMs: Math.ceil((isSlow ? Math.max(measured, 600) : measured) / 50) * 50,
	};
}
