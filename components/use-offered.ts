/**
 * Commands that stand in the key menu only while a screen has something for them: an answer, while an invitation is shown.
 */
import {createContext, useContext, useLayoutEffect} from 'react';
import type {CommandName} from '../source/keys/commands.ts';
import {type LiveSource, live} from '../source/session/live.ts';

export type Offered = LiveSource<readonly CommandName[]>;

const none: readonly CommandName[] = [];

export const noneOffered = (): Offered => live(none);

export const OfferedContext = createContext<Offered>(noneOffered());

/** Of the screen that is shown, for as long as it is. `names` has to be the same list while it says the same. */
export function useOffered(names: readonly CommandName[] = none): void {
	const offered = useContext(OfferedContext);
	useLayoutEffect(() => {
		offered.set(names);
		return () => offered.set(none);
	}, [offered, names]);
}
