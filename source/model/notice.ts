/**
 * The last thing that happened, in a sentence, for the status line.
 */
import type {Advice} from './advice.ts';
import type {SafeText} from './safe-text.ts';

export type Notice = {
	readonly kind: 'done' | 'problem';
	readonly text: SafeText;
	readonly advice?: Advice | undefined;
	/** Goes up by one with each notice, so that the same sentence twice is seen twice. */
	readonly serial: number;
};
