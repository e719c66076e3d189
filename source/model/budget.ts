/**
 * What may be spent without asking. The second knob beside the model; its numbers live here and nowhere else.
 */
import type {SafeText} from './safe-text.ts';

export type BudgetName = 'free' | 'metered';

export type Budget = {
	readonly name: BudgetName;
	/** Octets of a message's text that may come unasked when it is opened. */
	readonly textBytes: number;
	/** Whether the connection may wait in IDLE for news (RFC 2177). */
	readonly mayIdle: boolean;
	/** Whether the next window of rows may come before it is looked at. */
	readonly mayFetchAhead: boolean;
};

export const budgets: Readonly<Record<BudgetName, Budget>> = {
	free: {name: 'free', textBytes: 64 * 1024, mayIdle: true, mayFetchAhead: true},
	metered: {name: 'metered', textBytes: 4 * 1024, mayIdle: false, mayFetchAhead: false},
};

/** Of mail on this disk, which costs nothing: a text has an end all the same, for what a screen can show. */
export const localBudget: Budget = {...budgets.free, textBytes: 4_000_000};

/** What something would cost. */
export type Price = {
	readonly bytes: number;
	/** Undefined until the line was measured. */
	readonly seconds: number | undefined;
	/** It may come for much less: what is compressible, on a line that compresses. */
	readonly isAtMost: boolean;
};

/** Whether a price has to be asked about. */
export const isOver = ({textBytes}: Budget, price: Price): boolean => price.bytes > textBytes;

/** What a session budget does not cover, as the user is asked about it. */
export type OverBudget = {
	/** `Open this message`. */
	readonly what: SafeText;
	/** Could cost so much. */
	readonly mostBytes: number;
	readonly leftBytes: number;
};

/** What is left of a session budget, to two digits, so that it is not repainted for every packet. */
export function shownBytesLeft(limitBytes: number | undefined, spentBytes: number): number | undefined {
	return limitBytes === undefined ? undefined : Number(Math.max(0, limitBytes - spentBytes).toPrecision(2));
}

/** All that is under way together is at most this much of the line's time, so that nothing waits longer behind it. */
export const creditSeconds = 2;
/** What a line not yet measured gets. */
export const smallestChunkBytes = 4096;
const largestChunkBytes = 64 * 1024;
/** Octets to ask for in one chunk: a quarter of what may be under way. */
export function chunkBytesAt(bytesPerSecond = 0): number {
	const quarter = Math.round((bytesPerSecond * creditSeconds) / 4);
	return Math.min(largestChunkBytes, Math.max(smallestChunkBytes, quarter));
}

/** A chunk of this line, rounded down to steps of a tenth, so that a price does not change with every packet. */
export function steadyChunkBytesAt(bytesPerSecond = 0): number {
	const steps = Math.floor(Math.log(chunkBytesAt(bytesPerSecond) / smallestChunkBytes) / Math.log(1.1));
	return Math.floor(smallestChunkBytes * 1.1 ** steps);
}

/** The last chunk may be longer than the others, to save a question. */
export const lastChunkFactor = 1.25;

/** A body that would come, in the octets it travels in. */
type Load = {
	/** At most, when it travels decoded; else exactly. */
	readonly octets: number;
	readonly isDecoded: boolean;
	/** Whether compression makes it smaller: text, and base64 as it was sent. */
	readonly mayShrink: boolean;
};

/** What a price depends on. */
export type LineFacts = {
	readonly bytesPerSecond: number | undefined;
	readonly roundTripMs: number | undefined;
	readonly isEncrypted: boolean;
	readonly isCompressed: boolean;
	/** On this disk nothing costs anything. */
	readonly isLocal?: boolean;
	/** What is asked for at once. */
	readonly chunkBytes: number;
};

/** On which everything costs most. */
export const worstLine: LineFacts = {
	bytesPerSecond: undefined,
	roundTripMs: undefined,
	isEncrypted: true,
	isCompressed: false,
	chunkBytes: smallestChunkBytes,
};

/**
 * Bytes beside the octets, as Dovecot has them, which is the most of the servers measured; rounded up. Of each chunk: the
 * command, the row around the octets, the tagged answer, and records of TLS that are begun; of each octet: full records,
 * and blocks that DEFLATE stored. docs/decisions/0016-price-of-a-part.md
 */
const framing = {
	cleartext: {chunk: 150, around: 80, share: 0},
	deflate: {chunk: 108, around: 80, share: 0.0005},
	tls: {chunk: 205, around: 124, share: 0.0065},
	tlsAndDeflate: {chunk: 138, around: 124, share: 0.007},
};

const framingOf = ({isEncrypted, isCompressed}: LineFacts) =>
	isEncrypted
		? isCompressed
			? framing.tlsAndDeflate
			: framing.tls
		: isCompressed
			? framing.deflate
			: framing.cleartext;

/**
 * What bodies cost on this line: the one function that estimates. Never under, as long as the line does what it did; and
 * close, for what does not shrink.
 */
export function priceOf(loads: readonly Load[], line: LineFacts): Price {
	const coming = loads.filter(({octets}) => octets > 0);
	if (coming.length === 0 || line.isLocal) return {bytes: 0, seconds: 0, isAtMost: false};
	const {chunk, around, share} = framingOf(line);
	// Waiting for news ends before, and begins again.
	let bytes = around;
	for (const {octets, isDecoded} of coming) {
		// Octets that are a bound leave room for a line that gets slower. Those that are exact do not.
		const chunkBytes = isDecoded ? line.chunkBytes : Math.max(smallestChunkBytes, line.chunkBytes / 4);
		const chunks = Math.max(1, Math.ceil(octets / chunkBytes - (lastChunkFactor - 1)));
		bytes += Math.ceil(octets * (1 + share)) + chunks * chunk;
	}
	const {bytesPerSecond, roundTripMs = 0} = line;
	return {
		bytes,
		seconds: bytesPerSecond === undefined ? undefined : bytes / bytesPerSecond + roundTripMs / 1000,
		isAtMost: line.isCompressed && coming.some(({mayShrink}) => mayShrink),
	};
}
