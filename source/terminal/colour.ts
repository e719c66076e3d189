/**
 * Colours for terminals that have fewer: the nearest one there is. Pure. A colour is the SGR parameters that choose
 * it: `31`, `97`, `38;5;200`, `48;2;255;128;0`.
 */

/** How many colours there are: 1 is none. */
export type ColourDepth = 1 | 8 | 16 | 256 | 16_777_216;

type Rgb = readonly [red: number, green: number, blue: number];

/** xterm's first sixteen. */
const basic: readonly Rgb[] = [
	[0, 0, 0],
	[205, 0, 0],
	[0, 205, 0],
	[205, 205, 0],
	[0, 0, 238],
	[205, 0, 205],
	[0, 205, 205],
	[229, 229, 229],
	[127, 127, 127],
	[255, 0, 0],
	[0, 255, 0],
	[255, 255, 0],
	[92, 92, 255],
	[255, 0, 255],
	[0, 255, 255],
	[255, 255, 255],
];

const steps = [0, 95, 135, 175, 215, 255];

export function colourAtDepth(colour: string, depth: ColourDepth): string {
	if (depth === 1) return '';
	const [kind, space, ...rest] = colour.split(';').map(Number) as [number, number?, ...number[]];
	if (space === undefined) return depth === 8 ? dark(kind) : colour;
	const base = kind === 48 ? 40 : 30;
	if (space === 5) {
		const index = rest[0] ?? 0;
		if (depth >= 256) return colour;
		return basicColour(index < 16 ? index : nearest(rgbOf(index), basic), base, depth);
	}
	const rgb: Rgb = [rest[0] ?? 0, rest[1] ?? 0, rest[2] ?? 0];
	if (depth > 256) return colour;
	return depth === 256 ? `${kind};5;${indexOf(rgb)}` : basicColour(nearest(rgb, basic), base, depth);
}

/** `97` is `37` where there are eight. */
const dark = (kind: number): string => String(kind >= 90 ? kind - 60 : kind);

function basicColour(index: number, base: number, depth: ColourDepth): string {
	if (index < 8) return String(base + index);
	return String(depth === 8 ? base + index - 8 : base + 60 + index - 8);
}

/** Colour n of 256: the cube of 6 × 6 × 6, and 24 greys. */
function rgbOf(index: number): Rgb {
	if (index >= 232) {
		const grey = 8 + (index - 232) * 10;
		return [grey, grey, grey];
	}
	const cube = index - 16;
	return [steps[Math.floor(cube / 36)] ?? 0, steps[Math.floor(cube / 6) % 6] ?? 0, steps[cube % 6] ?? 0];
}

function indexOf(rgb: Rgb): number {
	const step = (value: number): number =>
		nearest(
			[value, 0, 0],
			steps.map((each): Rgb => [each, 0, 0]),
		);
	const cube = 16 + 36 * step(rgb[0]) + 6 * step(rgb[1]) + step(rgb[2]);
	const grey = 232 + Math.max(0, Math.min(23, Math.round(((rgb[0] + rgb[1] + rgb[2]) / 3 - 8) / 10)));
	return distance(rgb, rgbOf(cube)) <= distance(rgb, rgbOf(grey)) ? cube : grey;
}

const distance = (a: Rgb, b: Rgb): number => (a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2 + (a[2] - b[2]) ** 2;

function nearest(wanted: Rgb, among: readonly Rgb[]): number {
	let best = 0;
	for (const [index, each] of among.entries()) {
		if (distance(wanted, each) < distance(wanted, among[best] as Rgb)) best = index;
	}
	return best;
}
