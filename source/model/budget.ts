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

/** So that a price does not change with every packet. */
const chunkSteps = [4, 5, 6, 8, 10, 12, 16, 20, 24, 32, 40, 48, 64].map(kibibytes => kibibytes * 1024);

/** A chunk of this line, rounded down. */
export const steadyChunkBytesAt = (bytesPerSecond = 0): number =>
	chunkSteps.findLast(step => step <= chunkBytesAt(bytesPerSecond)) ?? smallestChunkBytes;

/** A body that would come, in the octets it travels in. */
export type Load = {
	readonly octets: number;
	/** Whether compression makes it smaller: text, and base64 as it was sent. */
	readonly mayShrink: boolean;
};

/** What a price depends on. */
export type LineFacts = {
	readonly bytesPerSecond: number | undefined;
	readonly roundTripMs: number | undefined;
	readonly isEncrypted: boolean;
	readonly isCompressed: boolean;
	/** What is asked for at once. */
	readonly chunkBytes: number;
};

/** Measured on servers at work, and rounded up: docs/decisions/0016-price-of-a-part.md. */
const framing = {
	/** Of each chunk: the command, the row around the octets, the tagged answer. */
	chunk: 160,
	/** Waiting for news ends before, and begins again. */
	around: 100,
	/** Records of TLS: those of each chunk that are begun, and 22 bytes for each 2.7 kB. */
	tls: {chunk: 66, share: 0.008},
	/** DEFLATE of what does not shrink: the flush of each packet, and the heads of stored blocks. */
	deflate: {chunk: 16, share: 0.001},
};

/**
 * What bodies cost on this line: the one function that estimates. Never under, as long as the line does what it did; and
 * close, for what does not shrink.
 */
export function priceOf(loads: readonly Load[], line: LineFacts): Price {
	const coming = loads.filter(({octets}) => octets > 0);
	if (coming.length === 0) return {bytes: 0, seconds: 0, isAtMost: false};
	const layers = [...(line.isEncrypted ? [framing.tls] : []), ...(line.isCompressed ? [framing.deflate] : [])];
	const perChunk = layers.reduce((bytes, layer) => bytes + layer.chunk, framing.chunk);
	const share = layers.reduce((sum, layer) => sum + layer.share, 1);
	let bytes = framing.around;
	for (const {octets} of coming) bytes += Math.ceil(octets * share) + Math.ceil(octets / line.chunkBytes) * perChunk;
	const {bytesPerSecond, roundTripMs = 0} = line;
	return {
		bytes,
		seconds: bytesPerSecond === undefined ? undefined : bytes / bytesPerSecond + roundTripMs / 1000,
		isAtMost: line.isCompressed && coming.some(({mayShrink}) => mayShrink),
	};
}
