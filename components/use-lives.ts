/**
 * The values of several live values, as they are now; the component is drawn again when any of them changes.
 */
import {useLayoutEffect, useReducer, useRef} from 'react';
import type {Live} from '../source/session/live.ts';

export function useLives<T>(lives: readonly Live<T>[]): readonly T[] {
	const [, draw] = useReducer((count: number) => count + 1, 0);
	const shown = useRef<readonly T[]>([]);
	const now = lives.map(each => each.get());
	useLayoutEffect(() => {
		shown.current = now;
	});
	// The array is a new one each time; what matters is whose values they are.
	const held = useRef(lives);
	if (lives.length !== held.current.length || lives.some((each, index) => each !== held.current[index]))
		held.current = lives;
	const all = held.current;
	useLayoutEffect(() => {
		const stops = all.map(each => each.subscribe(draw));
		// What changed between the drawing and this is not missed.
		if (all.some((each, index) => !Object.is(each.get(), shown.current[index]))) draw();
		return () => {
			for (const stop of stops) stop();
		};
	}, [all]);
	return now;
}
