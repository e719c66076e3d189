/**
Content-Transfer-Encoding undone, a chunk at a time (RFC 2045 §6): for downloads, which must not hold a file, and for windows of a text.

Laws:
- Any cut of the input into chunks gives the same output.
- Nothing throws: what the encoding does not allow is skipped (base64) or kept as it is (quoted-printable).
- `write` gives out only what no later byte can change. Whoever has only the beginning of a part never calls `end`, and so leaves out what was cut in two.
- Memory is a few bytes besides the chunk.
*/
import {createUuDecoder} from './uuencode.ts';

export type TransferDecoder = {
	/** False when nobody knows the encoding, or it is another than it says: the bytes then pass as they are. */
	readonly isKnown: boolean;
	write(chunk: Buffer): Buffer;
	/** The rest, once there is no more input. */
	end(): Buffer;
	/** What another decoder of the encoding needs to go on from here; undefined when it cannot be said. */
	state(): string | undefined;
};

const nothing = Buffer.alloc(0);

function createIdentity(isKnown: boolean): TransferDecoder {
	return {isKnown, write: chunk => chunk, end: () => nothing, state: () => ''};
}

const base64Values = new Uint8Array(256).fill(255);
for (const [value, character] of [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'].entries()) {
	base64Values[character.charCodeAt(0)] = value;
}
const equals = 0x3d;

/**
 * What is no base64 is skipped, and padding that completes a quantum ends the part (RFC 2045 §6.8: it "may be taken as
 * evidence that the end of the data has been reached"): mailing lists put their footers behind it.
 */
function createBase64(before: string): TransferDecoder {
	let [bits = 0, sextets = 0, pads = 0, isOver = 0] = before === '' ? [] : before.split(' ').map(Number);

	// Two or three sextets before padding, or at the end, are one or two bytes.
	const flush = (out: Buffer, at: number): number => {
		if (sextets >= 2) out[at++] = bits >> (sextets * 6 - 8);
		if (sextets === 3) out[at++] = (bits >> 2) & 0xff;
		bits = 0;
		sextets = 0;
		return at;
	};

	return {
		isKnown: true,
		write(chunk) {
			if (isOver === 1) return nothing;
			const out = Buffer.allocUnsafe(Math.ceil(((chunk.length + 3) * 3) / 4) + 3);
			let length = 0;
			for (let index = 0; index < chunk.length; index++) {
				const byte = chunk[index]!;
				const value = base64Values[byte]!;
				if (value === 255) {
					if (byte !== equals || sextets < 2 || sextets + ++pads < 4) continue;
					length = flush(out, length);
					isOver = 1;
					break;
				}
				pads = 0;
				bits = (bits << 6) | value;
				if (++sextets < 4) continue;
				out[length++] = bits >> 16;
				out[length++] = (bits >> 8) & 0xff;
				out[length++] = bits & 0xff;
				bits = 0;
				sextets = 0;
			}
			return out.subarray(0, length);
		},
		end() {
			const out = Buffer.alloc(2);
			return out.subarray(0, flush(out, 0));
		},
		state: () => `${bits} ${sextets} ${pads} ${isOver}`,
	};
}

// Blanks are held back until it is clear whether a line end follows, but more than this of them are no padding.
const maxHeldBlanks = 1024;
const isBlank = (byte: number): boolean => byte === 0x20 || byte === 0x09;

function hexValue(byte: number | undefined): number {
	if (byte === undefined) return -1;
	if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
	const letter = byte | 0x20;
	return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}

function createQuotedPrintable(before: string): TransferDecoder {
	let held: Buffer = Buffer.from(before, 'base64');
	let isInLongBlanks = false; // more than `maxHeldBlanks` went out, and the run goes on

	const decode = (chunk: Buffer, isEnd: boolean): Buffer => {
		const input = held.length > 0 ? Buffer.concat([held, chunk]) : chunk;
		const out = Buffer.allocUnsafe(input.length);
		let length = 0;
		let index = 0;
		held = nothing;
		if (input.length === 0) return nothing;
		const continuesBlanks = isInLongBlanks && isBlank(input[0]!);
		isInLongBlanks = false;

		const hold = (from: number) => {
			held = Buffer.from(input.subarray(from));
			return out.subarray(0, length);
		};

		while (index < input.length) {
			const start = index;
			const byte = input[index]!;
			if (byte !== equals && !isBlank(byte)) {
				out[length++] = byte;
				index++;
				continue;
			}

			if (byte === equals) {
				const high = hexValue(input[index + 1]);
				const low = hexValue(input[index + 2]);
				if (high >= 0 && low >= 0) {
					out[length++] = high * 16 + low;
					index += 3;
					continue;
				}
				if (high >= 0 && input.length === index + 2 && !isEnd) return hold(start);
				index++;
			}

			// Blanks before a line end were added on the way (RFC 2045 §6.7 rule 3); after `=` they are part of a soft break.
			while (index < input.length && isBlank(input[index]!)) index++;
			const isTooLong = index - start > maxHeldBlanks || (continuesBlanks && start === 0);
			isInLongBlanks = isTooLong && index >= input.length;
			const isCut = index >= input.length || (input[index] === 0x0d && index + 1 >= input.length);
			if (isCut && !isEnd && !isTooLong) return hold(start);
			const lineEnd = input[index] === 0x0a ? 1 : input[index] === 0x0d && input[index + 1] === 0x0a ? 2 : 0;
			if (byte === equals) {
				if (lineEnd > 0 && !isTooLong) index += lineEnd;
				else if (!isEnd || index < input.length) {
					// Not an encoding at all: shown as it is written.
					length += input.copy(out, length, start, start + 1);
					index = start + 1;
				}
				continue;
			}
			const isPadding = !isTooLong && (lineEnd > 0 || (isEnd && index >= input.length));
			if (!isPadding) length += input.copy(out, length, start, index);
		}
		return out.subarray(0, length);
	};

	return {
		isKnown: true,
		write: chunk => decode(chunk, false),
		end: () => decode(nothing, true),
		state: () => (isInLongBlanks ? undefined : held.toString('base64')),
	};
}

/**
 * @param encoding As in the header or BODYSTRUCTURE, in any case; '' is 7bit.
 * @param before The `state` of the decoder that took what came before.
 */
export function createTransferDecoder(encoding: string, before = ''): TransferDecoder {
	switch (encoding.trim().toLowerCase()) {
		case '':
		case '7bit':
		case '8bit':
		case 'binary':
		case '7-bit':
		case '8-bit':
			return createIdentity(true);
		case 'base64':
			return createBase64(before);
		case 'quoted-printable':
			return createQuotedPrintable(before);
		case 'x-uuencode':
		case 'x-uue':
		case 'uuencode':
		case 'uue':
			return createUuDecoder();
		default:
			return createIdentity(false);
	}
}
