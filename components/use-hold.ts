/**
 * Holds the screen back for a moment while something is on its way that will be drawn over this: on a quick line the
 * rows are there before the eye is, and "on its way" would be paid for twice. After that moment it is said.
 */
import {createContext, useContext, useLayoutEffect} from 'react';

/** Tells the terminal whether what is drawn now is unfinished. */
export const HoldContext = createContext<(isUnfinished: boolean) => void>(() => {});

export function useHold(isUnfinished: boolean): void {
	const hold = useContext(HoldContext);
	useLayoutEffect(() => {
		hold(isUnfinished);
		return () => hold(false);
	}, [hold, isUnfinished]);
}
