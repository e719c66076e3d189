/**
 * A live value: free to read, says when it changes. `useSyncExternalStore` is all of the bridge to React.
 *
 * Laws: reading never spends; listeners are told once per change, in a later microtask, so that many changes
 * in one turn are one repaint; the value is never mutated, only replaced.
 */
export type Live<T> = {
	readonly get: () => T;
	readonly subscribe: (listener: () => void) => () => void;
};

export type LiveSource<T> = Live<T> & {readonly set: (value: T) => void};

export function live<T>(initial: T): LiveSource<T> {
	let value = initial;
	let isTelling = false;
	const listeners = new Set<() => void>();
	return {
		get: () => value,
		subscribe(listener) {
			listeners.add(listener);
			return () => listeners.delete(listener);
		},
		set(next) {
			if (Object.is(value, next)) return;
			value = next;
			if (isTelling || listeners.size === 0) return;
			isTelling = true;
			queueMicrotask(() => {
				isTelling = false;
				for (const listener of [...listeners]) listener();
			});
		},
	};
}
