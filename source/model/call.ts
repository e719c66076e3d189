/**
 * A call (RFC 4549): dial, send what was decided, bring what is wished for, hang up. First the plan, with prices.
 */
import {bytesOf} from './amounts.ts';
import {ours, type SafeText} from './safe-text.ts';

/** One thing a call does; it can be struck before it begins. */
export type CallLine = {
	/** `mail`, `send`, `save drafts`, `parts`, `state` and the path of a mailbox, or the path alone. */
	readonly key: string;
	readonly kind: 'mail' | 'send' | 'drafts' | 'parts' | 'state' | 'mailbox' | 'drain';
	readonly sentence: SafeText;
	/** Up and down, about. */
	readonly bytes: number;
	/** Parts come besides, whose sizes nobody knows before. */
	readonly hasUnknownParts: boolean;
	readonly isStruck: boolean;
	/** `planned`, in a call that is going: its turn has not come. */
	readonly state: 'planned' | 'going' | 'done' | 'failed';
	/** Of a drain: how many messages are to come, and how many have. */
	readonly messages?: number;
	readonly came?: number;
};

export type Call = {
	/** `asking` what changed; `planned`: waits for the user; `done`, or `ended` before it was. */
	readonly state: 'asking' | 'planned' | 'going' | 'done' | 'ended';
	/** In the order they are done. */
	readonly lines: readonly CallLine[];
	/** Of the lines that are not struck, with what dialling costs. */
	readonly bytes: number;
	/** At the measured rate; undefined: the line was not measured yet. */
	readonly seconds: number | undefined;
	/** Of this line, or of the last one of the session while this one was not measured. */
	readonly bytesPerSecond?: number | undefined;
	/** Why it ended early; or, done, what is left undone. */
	readonly because: SafeText;
	/** What it has cost by now. */
	readonly spent: {readonly upBytes: number; readonly downBytes: number; readonly turns: number};
};

/** Its turn has not come, or it is under way. */
export const isToDo = ({state, isStruck}: CallLine): boolean => !isStruck && (state === 'planned' || state === 'going');

/** `about 12 kB`, `about 12 kB and parts`. */
export const callBytes = ({bytes, hasUnknownParts}: CallLine): SafeText =>
	ours(`about ${bytesOf(bytes)}${hasUnknownParts ? ' and parts' : ''}`);

/** Of what is not struck. */
export const partsBesides = ({lines}: Call): SafeText =>
	ours(
		lines.some(({hasUnknownParts, isStruck}) => hasUnknownParts && !isStruck)
			? '; parts come besides, their sizes are not known before'
			: '',
	);

/** Of a call that has no line: nothing to send, or nothing that is not `held` back. */
export const idleWords = (held: number): SafeText =>
	ours(
		`Nothing has changed${held === 0 ? ', and nothing waits to be sent' : `; held back: ${held}, which the outbox lists`}`,
	);
