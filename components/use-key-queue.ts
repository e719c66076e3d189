/**
 * Keys one at a time, each in the state the one before has left: `j⏎q` in one packet moves, opens, and goes back.
 * A key waits until React has shown what the key before it changed; one key is one update.
 */
import {useLayoutEffect, useRef, useState} from 'react';
import type {Key, KeySource} from './key-source.ts';

export function useKeyQueue(source: KeySource, handle: (key: Key) => void): void {
	const [turn, setTurn] = useState(0);
	const state = useRef({waiting: [] as Key[], isBusy: false, handle});

	useLayoutEffect(() => {
		state.current.handle = handle;
	});

	const [next] = useState(() => () => {
		const key = state.current.waiting.shift();
		state.current.isBusy = key !== undefined;
		if (!key) return;
		state.current.handle(key);
		setTurn(before => before + 1);
	});

	useLayoutEffect(
		() =>
			source(key => {
				state.current.waiting.push(key);
				if (!state.current.isBusy) next();
			}),
		[source, next],
	);

	// In a microtask: a packet of a hundred keys must not look to React like an update that never ends.
	useLayoutEffect(() => {
		if (turn > 0) queueMicrotask(next);
	}, [turn, next]);
}
