/**
 * The link: the line to the server as the user meets it.
 */
import {smallestChunkBytes} from './budget.ts';
import {ours, type SafeText} from './safe-text.ts';

export type Link = {
	readonly state: 'hung-up' | 'dialling' | 'up' | 'waiting';
	/** Why it is not up, in a sentence that says what to do; '' when there is nothing to say. */
	readonly because: SafeText;
	/** When `waiting`: the moment of the next attempt, in ms since the epoch. */
	readonly retryAt: number | undefined;
	/** Measured, not configured; undefined until enough was moved to tell. */
	readonly bytesPerSecond: number | undefined;
	readonly roundTripMs: number | undefined;
	/** Octets that are asked for at once, rounded down. */
	readonly chunkBytes: number;
	readonly isEncrypted: boolean;
	readonly isCompressed: boolean;
	/** The server can send parts decoded (BINARY, RFC 3516), so that base64 does not cost a third more. */
	readonly hasBinary: boolean;
	/** There is no line at all: the mail is on this disk. `up` is that it is there. */
	readonly isLocal: boolean;
};

/** One that was never up. */
export const unknownLine: Link = {
	state: 'hung-up',
	because: ours(''),
	retryAt: undefined,
	bytesPerSecond: undefined,
	roundTripMs: undefined,
	chunkBytes: smallestChunkBytes,
	isEncrypted: false,
	isCompressed: false,
	hasBinary: false,
	isLocal: false,
};

/** What a line has shown of itself; undefined: it was never up, and what it is like is not known. */
export const knownLine = (link: Link): Link | undefined =>
	link.state === 'up' || link.roundTripMs !== undefined ? link : undefined;
