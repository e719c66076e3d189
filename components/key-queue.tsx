/**
 * Keys one at a time, each in the state the one before has left: `j⏎q` in one packet moves, opens, and goes back.
 * A key waits until React has shown what the key before it changed; one key is one update.
 *
 * Law: there is one queue for all of the program, so that no key is lost with a screen that goes. While nobody is there
 * to hear (one screen has gone, the next has not come) the keys wait.
 */
import {useContext, useLayoutEffect, useState} from 'react';
import type {Key, KeySource} from './key-source.ts';
import {type Listeners, ListenersContext} from './use-commands.ts';

/** Draws nothing. Comes last, so that whoever hears is there when the first key comes. */
export function KeyQueue({source}: {readonly source: KeySource}): null {
	const listeners = useContext(ListenersContext);
	const [turn, setTurn] = useState(0);
	const [queue] = useState(() => ({waiting: [] as Key[], isBusy: false}));

	const [next] = useState(() => () => {
		const hear = whoHears(listeners);
		const key = hear && queue.waiting.shift();
		queue.isBusy = key !== undefined;
		if (!key) return;
		hear?.(key);
		setTurn(before => before + 1);
	});

	useLayoutEffect(() => {
		listeners.onHearing = () => {
			if (queue.isBusy || queue.waiting.length === 0) return;
			queue.isBusy = true;
			queueMicrotask(next);
		};
		return source(key => {
			queue.waiting.push(key);
			if (!queue.isBusy) next();
		});
	}, [source, listeners, queue, next]);

	// In a microtask: a packet of a hundred keys must not look to React like an update that never ends.
	useLayoutEffect(() => {
		if (turn > 0) queueMicrotask(next);
	}, [turn, next]);

	return null;
}

function whoHears({text, screen, dispatch}: Listeners): ((key: Key) => void) | undefined {
	return text || screen ? (dispatch ?? text) : undefined;
}
