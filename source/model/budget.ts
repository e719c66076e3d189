/**
 * What may be spent without asking. The second knob beside the model; its numbers live here and nowhere else.
 */
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

/** What something would cost. `seconds` is undefined until the line was measured. */
export type Price = {
	readonly bytes: number;
	readonly seconds: number | undefined;
};

/** All that is under way together is at most this much of the line's time, so that nothing waits longer behind it. */
export const creditSeconds = 2;
/** What a line not yet measured gets. */
export const smallestChunkBytes = 4096;
const largestChunkBytes = 64 * 1024;
/** Framing of one chunk on the wire: the command, the row around the octets, the tagged answer. */
const chunkOverheadBytes = 160;

/** Octets to ask for in one chunk: a quarter of what may be under way. */
export function chunkBytesAt(bytesPerSecond = 0): number {
	const quarter = Math.round((bytesPerSecond * creditSeconds) / 4);
	return Math.min(largestChunkBytes, Math.max(smallestChunkBytes, quarter));
}

/**
 * What `sizeBytes` octets of body cost on this line: never under (COMPRESS can only make it less).
 */
export function priceOf(
	sizeBytes: number,
	line: {readonly bytesPerSecond: number | undefined; readonly roundTripMs: number | undefined},
): Price {
	// The smallest chunks have the most framing: 4 % of the whole, and the same price whatever the line does.
	const chunks = Math.max(1, Math.ceil(sizeBytes / smallestChunkBytes));
	const bytes = sizeBytes + chunks * chunkOverheadBytes;
	if (line.bytesPerSecond === undefined) return {bytes, seconds: undefined};
	return {bytes, seconds: bytes / line.bytesPerSecond + (line.roundTripMs ?? 0) / 1000};
}
