/**
The uuencode some old mailers name as a Content-Transfer-Encoding: one file between the lines `begin MODE NAME` and `end`. What stands outside is left out.
Where no line begins one, the bytes are not uuencode and pass as they are: better than an empty file.
Same laws as the other transfer decoders (transfer-encoding.ts), but that what stands before the beginning is held.
*/
import type {TransferDecoder} from './transfer-encoding.ts';

// A line is at most 61 characters; what is longer without an end is not uuencode, and not kept waiting for one.
const maxLine = 1024;
/** Who has not begun by then does not. */
const maxHeld = 64 * 1024;
const beginning = /^begin [0-7]+ ./;

const valueAt = (character: number | undefined): number => (character === undefined ? 0 : (character - 0x20) & 0x3f);

function decodeLine(line: Buffer): Buffer {
	const count = valueAt(line[0]);
	const out = Buffer.alloc(count);
	for (let group = 0; group * 3 < count; group++) {
		const at = 1 + group * 4;
		const [a, b, c, d] = [valueAt(line[at]), valueAt(line[at + 1]), valueAt(line[at + 2]), valueAt(line[at + 3])];
		const bytes = [(a << 2) | (b >> 4), ((b & 15) << 4) | (c >> 2), ((c & 3) << 6) | d];
		for (let index = 0; index < 3 && group * 3 + index < count; index++) out[group * 3 + index] = bytes[index]!;
	}
	return out;
}

export function createUuDecoder(): TransferDecoder {
	let state: 'before' | 'inside' | 'behind' | 'not-uuencode' = 'before';
	let before: Buffer[] = [];
	let beforeBytes = 0;
	let held: Buffer = Buffer.alloc(0);

	const giveUp = (): Buffer => {
		state = 'not-uuencode';
		const all = Buffer.concat(before);
		before = [];
		return all;
	};

	const decode = (chunk: Buffer, isEnd: boolean): Buffer => {
		if (state === 'not-uuencode') return chunk;
		if (state === 'before') {
			before.push(Buffer.from(chunk));
			beforeBytes += chunk.length;
		}
		const input = Buffer.concat([held, chunk]);
		const out: Buffer[] = [];
		let start = 0;
		while (state !== 'behind') {
			let end = input.indexOf(0x0a, start);
			if (end === -1 && !(isEnd && start < input.length)) break;
			if (end === -1) end = input.length;
			const isCrlf = end > start && input[end - 1] === 0x0d;
			const line = input.subarray(start, isCrlf ? end - 1 : end);
			start = end + 1;
			if (state === 'before') {
				if (!beginning.test(line.toString('latin1', 0, 64))) continue;
				state = 'inside';
				before = [];
			} else if (line.toString('latin1', 0, 8).trim() === 'end') state = 'behind';
			else out.push(decodeLine(line));
		}
		if (state === 'before' && (isEnd || beforeBytes > maxHeld)) return giveUp();
		const rest = input.subarray(Math.min(start, input.length));
		held = Buffer.from(rest.length > maxLine ? rest.subarray(0, maxLine) : rest);
		return Buffer.concat(out);
	};

	return {
		get isKnown() {
			return state !== 'not-uuencode';
		},
		write: chunk => decode(chunk, false),
		end: () => decode(Buffer.alloc(0), true),
		// Too rare to be taken up in the middle.
		state: () => undefined,
	};
}
