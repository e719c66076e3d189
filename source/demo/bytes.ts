/**
 * Bytes that are read by offset. A message is a run of pieces: ordinary buffers, and base64 runs whose bytes are
 * computed when they are read, so that a 40 MB video costs nothing until, and nothing beyond, the range asked for.
 *
 * Law: `read(from, to)` costs O(to - from), whatever the size. The same offset always gives the same byte.
 */
export type Bytes = {
	readonly sizeBytes: number;
	readonly read: (from: number, to: number) => Buffer;
};

/** The base64 text of some bytes, in lines of 76 characters, without a line end after the last one. */
export type Base64Run = Bytes & {readonly decoded: Bytes; readonly lineEnds: number};

export type Piece = Buffer | Base64Run;

const rawPerLine = 57;
const encodedPerLine = 78;

const mix = (n: number): number => {
	let x = n | 0;
	x = Math.imul(x ^ (x >>> 16), 0x7feb352d);
	x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
	return x ^ (x >>> 16);
};

/** Noise that does not compress, as video and pictures do not; `head` is what a file of this kind begins with. */
export const noise = (sizeBytes: number, seed: number, head: Buffer = Buffer.alloc(0)): Bytes => ({
	sizeBytes,
	read(from, to) {
		const end = Math.min(to, sizeBytes);
		const firstWord = from >>> 2;
		const words = Math.max(0, Math.ceil(end / 4) - firstWord);
		const out = Buffer.allocUnsafe(words * 4);
		for (let i = 0; i < words; i++) out.writeInt32LE(mix(Math.imul(firstWord + i, 0x9e3779b1) ^ seed), i * 4);
		if (from < head.length) head.copy(out, from - firstWord * 4, from, Math.min(end, head.length));
		return out.subarray(from - firstWord * 4, Math.max(from, end) - firstWord * 4);
	},
});

export const held = (buffer: Buffer): Bytes => ({
	sizeBytes: buffer.length,
	read: (from, to) => buffer.subarray(from, Math.max(from, to)),
});

export const base64Run = (decoded: Bytes): Base64Run => {
	const lines = Math.max(1, Math.ceil(decoded.sizeBytes / rawPerLine));
	const sizeBytes = Math.ceil(decoded.sizeBytes / 3) * 4 + (lines - 1) * 2;
	return {
		sizeBytes,
		lineEnds: lines - 1,
		decoded,
		read(from, to) {
			const end = Math.min(to, sizeBytes);
			if (end <= from) return Buffer.alloc(0);
			const first = Math.floor(from / encodedPerLine);
			const last = Math.floor((end - 1) / encodedPerLine);
			const raw = decoded.read(first * rawPerLine, Math.min(decoded.sizeBytes, (last + 1) * rawPerLine));
			let text = '';
			for (let at = 0; at < raw.length; at += rawPerLine) {
				text += `${raw.toString('base64', at, Math.min(raw.length, at + rawPerLine))}\r\n`;
			}
			return Buffer.from(text, 'latin1').subarray(from - first * encodedPerLine, end - first * encodedPerLine);
		},
	};
};

const isRun = (piece: Piece): piece is Base64Run => !Buffer.isBuffer(piece);
const pieceSize = (piece: Piece): number => (isRun(piece) ? piece.sizeBytes : piece.length);

export const joined = (pieces: readonly Piece[]): Bytes => {
	const starts: number[] = [];
	let sizeBytes = 0;
	for (const piece of pieces) {
		starts.push(sizeBytes);
		sizeBytes += pieceSize(piece);
	}
	return {
		sizeBytes,
		read(from, to) {
			const found: Buffer[] = [];
			pieces.forEach((piece, i) => {
				const start = starts[i]!;
				const a = Math.max(from, start) - start;
				const b = Math.min(to, start + pieceSize(piece)) - start;
				if (a < b) found.push(isRun(piece) ? piece.read(a, b) : piece.subarray(a, b));
			});
			return found.length === 1 ? found[0]! : Buffer.concat(found);
		},
	};
};

/**
 * What a MIME parser needs to read of a message: everything but the inside of its base64 runs, of which two bytes
 * remain so that "where it starts" and "where it ends" are different places.
 */
export type Skeleton = {
	readonly text: string;
	readonly toReal: (offset: number) => number;
	/** Line ends hidden between two places of the skeleton. */
	readonly hiddenLineEnds: (from: number, to: number) => number;
	readonly runAt: (from: number, to: number) => Base64Run | undefined;
};

export const skeletonOf = (pieces: readonly Piece[]): Skeleton => {
	const gaps: {at: number; run: Base64Run}[] = [];
	let text = '';
	for (const piece of pieces) {
		if (isRun(piece) && piece.sizeBytes > 2) {
			gaps.push({at: text.length, run: piece});
			text += 'AA';
		} else {
			text += (isRun(piece) ? piece.read(0, piece.sizeBytes) : piece).toString('latin1');
		}
	}
	return {
		text,
		toReal: offset => gaps.reduce((sum, gap) => (offset >= gap.at + 2 ? sum + gap.run.sizeBytes - 2 : sum), offset),
		hiddenLineEnds: (from, to) =>
			gaps.reduce((sum, gap) => (gap.at >= from && gap.at + 2 <= to ? sum + gap.run.lineEnds : sum), 0),
		runAt: (from, to) => gaps.find(gap => gap.at === from && gap.at + 2 === to)?.run,
	};
};
