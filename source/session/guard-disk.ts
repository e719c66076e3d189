/**
 * What the disk refuses while the server speaks: a notice says it and the line is left, so that what the server said is
 * asked again when there is room. Any other error is a bug and goes on.
 */
import {Failure} from '../model/failure.ts';
import type {SafeText} from '../model/safe-text.ts';

/** Does the work; undefined when the disk refused it. */
export type GuardDisk = <T>(work: () => T) => T | undefined;

export const guardDisk =
	(refused: (because: SafeText) => void): GuardDisk =>
	work => {
		try {
			return work();
		} catch (error) {
			if (!(error instanceof Failure)) throw error;
			refused(error.sentence);
			return undefined;
		}
	};
