/**
 * The line as a command has it: nobody is there to wait for better times, so it gives up where the mail client would
 * dial for hours. A line that never came up is tried once; one that was cut is dialled again, as long as that brings
 * anything.
 */
import {ours, type SafeText} from '../model/safe-text.ts';
import type {Live} from '../session/live.ts';
import type {CommandSession} from '../session/session.ts';
import {Undone} from './undone.ts';

/** Cuts in a row without anything new in between. */
const mostCuts = 3;

export type Line = {
	/** Resolves when the value is as wanted. Rejects with Undone when the line is given up. */
	readonly arrived: <T>(value: Live<T>, isThere: (value: T) => boolean) => Promise<T>;
	/** Something came: a cut after this is a first cut again. */
	readonly advanced: () => void;
	readonly stop: () => void;
};

export function watchLine({link}: Pick<CommandSession, 'link'>): Line {
	let wasUp = false;
	let failures = 0;
	let cuts = 0;
	let before = link.get();
	let because: SafeText | undefined;
	const lookers = new Set<() => void>();
	const stop = link.subscribe(() => {
		const now = link.get();
		if (now.state === before.state && now.because === before.because) return;
		if (now.state === 'up') {
			wasUp = true;
			failures = 0;
		}
		if (now.state === 'waiting' && before.state !== 'waiting') {
			if (before.state === 'up') cuts += 1;
			else failures += 1;
			const mayTryAgain = wasUp && failures <= 1 && cuts <= mostCuts;
			if (!mayTryAgain) because = now.because;
		}
		if (now.state === 'hung-up') because = now.because || ours('The line was hung up');
		before = now;
		for (const look of [...lookers]) look();
	});
	return {
		arrived: (value, isThere) =>
			new Promise((resolve, reject) => {
				const look = (): void => {
					const now = value.get();
					const isHere = isThere(now);
					if (!isHere && because === undefined) return;
					unsubscribe();
					lookers.delete(look);
					if (isHere) resolve(now);
					else reject(new Undone(because ?? ours('The line was lost')));
				};
				const unsubscribe = value.subscribe(look);
				lookers.add(look);
				look();
			}),
		advanced: () => {
			cuts = 0;
		},
		stop,
	};
}
