/**
 * A live value in a component: reading is free, and a change is one repaint.
 */
import {useSyncExternalStore} from 'react';
import type {Live} from '../source/session/live.ts';

export function useLive<T>(value: Live<T>): T {
	return useSyncExternalStore(value.subscribe, value.get);
}
