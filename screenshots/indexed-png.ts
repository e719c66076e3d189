/**
 * A PNG of at most 256 colours: a fifth of the size of one in true colour, and a terminal has no more to show.
 */
import {crc32, deflateSync} from 'node:zlib';

const mostColours = 256;

/** Four octets a pixel in: red, green, blue, and an alpha that is not looked at. */
export function indexedPng(width: number, height: number, pixels: Uint8Array): Buffer {
	// Edges of letters have thousands of shades; those that nobody can tell apart become one.
	for (let lostBits = 0; ; lostBits++) {
		const palette = new Map<number, number>();
		const rows = Buffer.alloc((width + 1) * height);
		let isEnough = true;
		for (let row = 0, from = 0; row < height && isEnough; row++) {
			for (let column = 0; column < width; column++, from += 4) {
				const colour = shade(pixels, from, lostBits);
				let index = palette.get(colour);
				if (index === undefined) {
					index = palette.size;
					palette.set(colour, index);
				}
				rows[row * (width + 1) + 1 + column] = index;
			}
			isEnough = palette.size <= mostColours;
		}
		if (isEnough) return png(width, height, [...palette.keys()], rows);
	}
}

function shade(pixels: Uint8Array, at: number, lostBits: number): number {
	let colour = 0;
	for (let channel = 0; channel < 3; channel++) {
		const value = pixels[at + channel] ?? 0;
		const step = 2 ** lostBits;
		colour = colour * 256 + Math.min(255, Math.round(value / step) * step);
	}
	return colour;
}

function png(width: number, height: number, palette: readonly number[], rows: Buffer): Buffer {
	const header = Buffer.alloc(13);
	header.writeUInt32BE(width, 0);
	header.writeUInt32BE(height, 4);
	// Eight bits, by palette.
	header.set([8, 3, 0, 0, 0], 8);
	const colours = Buffer.alloc(palette.length * 3);
	palette.forEach((colour, index) => void colours.writeUIntBE(colour, index * 3, 3));
	return Buffer.concat([
		Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
		chunk('IHDR', header),
		chunk('PLTE', colours),
		chunk('IDAT', deflateSync(rows, {level: 9})),
		chunk('IEND', Buffer.alloc(0)),
	]);
}

function chunk(type: string, content: Buffer): Buffer {
	const named = Buffer.concat([Buffer.from(type, 'latin1'), content]);
	const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
	length.writeUInt32BE(content.length);
	check.writeUInt32BE(crc32(named));
	return Buffer.concat([length, named, check]);
}
