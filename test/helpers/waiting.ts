/**
 * Waiting for something to be true, without ever sleeping for a guess: each change wakes the question.
 */
import type {Live} from '../../source/session/live.ts';

/** Resolves when the live value is as wanted; the test's own time limit ends a wait for what never comes. */
export function until<T>(value: Live<T>, isWanted: (value: T) => boolean): Promise<T> {
	return new Promise(resolve => {
		const look = (): void => {
			const now = value.get();
			if (!isWanted(now)) return;
			stop();
			resolve(now);
		};
		const stop = value.subscribe(look);
		look();
	});
}

/** Something that is told and can be waited for. */
export function heard<T>(): {
	readonly all: T[];
	readonly tell: (each: T) => void;
	readonly next: (count: number) => Promise<T[]>;
} {
	const all: T[] = [];
	const waiting = new Set<() => void>();
	return {
		all,
		tell(each) {
			all.push(each);
			for (const look of [...waiting]) look();
		},
		next: count =>
			new Promise(resolve => {
				const look = (): void => {
					if (all.length < count) return;
					waiting.delete(look);
					resolve(all);
				};
				waiting.add(look);
				look();
			}),
	};
}
