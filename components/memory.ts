/**
 * What a screen remembers while another lies on top of it: where the cursor was, what was marked.
 * A screen that is covered is not mounted, so it neither renders nor asks for anything.
 */
import {type Dispatch, type SetStateAction, useLayoutEffect, useState} from 'react';

export type Memory<T> = {current: T | undefined};

export const emptyMemory = <T>(): Memory<T> => ({current: undefined});

export function useRemembered<T>(memory: Memory<T>, initial: T): [T, Dispatch<SetStateAction<T>>] {
	const [value, setValue] = useState<T>(() => memory.current ?? initial);
	useLayoutEffect(() => {
		memory.current = value;
	}, [memory, value]);
	return [value, setValue];
}
