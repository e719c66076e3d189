/**
 * A screen as SVG, cell for cell as a terminal would draw it, and as PNG at twice its size.
 *
 * Every run of cells has its place and its width in columns, so that a font with other widths (CJK, emoji) cannot move
 * what stands after it.
 */
import {delimiter} from 'node:path';
import process from 'node:process';
import {Resvg} from '@resvg/resvg-js';
import type {Bonsai} from '../test/helpers/screen.ts';
import {indexedPng} from './indexed-png.ts';

const cell = {width: 8.4, height: 18, fontSize: 14};
const margin = 8;
const colours = {text: '#d8d8d8', quiet: '#8f8f8f', ground: '#1c1c1c'};
/** The sixteen of xterm, softened. */
const palette =
	'#000000 #d75f5f #5faf5f #d7af5f #5f87d7 #af5faf #5fafaf #d8d8d8 #6c6c6c #ff8787 #87d787 #ffd787 #87afff #d787d7 #87d7d7 #ffffff'.split(
		' ',
	);

type Run = {
	readonly column: number;
	readonly columns: number;
	readonly text: string;
	readonly ink: string;
	readonly ground: string;
	readonly isBold: boolean;
};

export function svgOf(bonsai: Bonsai, title: string): string {
	const {cols, rows} = bonsai.terminal;
	const [width, height] = [cols * cell.width + 2 * margin, rows * cell.height + 2 * margin];
	const grounds: string[] = [];
	const texts: string[] = [];
	for (let row = 0; row < rows; row++) {
		for (const run of runsOf(bonsai, row)) {
			const x = (margin + run.column * cell.width).toFixed(1);
			const y = margin + row * cell.height;
			const length = (run.columns * cell.width).toFixed(1);
			if (run.ground !== colours.ground)
				grounds.push(`<rect x="${x}" y="${y}" width="${length}" height="${cell.height}" fill="${run.ground}"/>`);
			if (run.text.trim() === '') continue;
			// The pictures of control characters come from a font that knows no cells.
			const adjust = /^[\u2400-\u2426]$/.test(run.text) ? 'spacingAndGlyphs' : 'spacing';
			const weight = run.isBold ? ' font-weight="bold"' : '';
			texts.push(
				`<text x="${x}" y="${(y + cell.height * 0.74).toFixed(1)}" fill="${run.ink}" textLength="${length}" lengthAdjust="${adjust}"${weight}>${escaped(run.text)}</text>`,
			);
		}
	}
	return [
		`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" font-family="'DejaVu Sans Mono', Menlo, Consolas, monospace" font-size="${cell.fontSize}" xml:space="preserve">`,
		`<title>${escaped(title)}</title>`,
		`<rect width="100%" height="100%" fill="${colours.ground}"/>`,
		...grounds,
		...texts,
		'</svg>',
		'',
	].join('\n');
}

/**
 * Folders of fonts that are not installed, for the writing DejaVu lacks (the pictures that are committed were drawn with
 * Droid Sans Fallback and Symbola). Without them CJK and emoji are boxes in the PNG; text and SVG are not touched.
 */
const moreFonts = process.env.BONSAI_FONTS === undefined ? [] : process.env.BONSAI_FONTS.split(delimiter);

export function pngOf(svg: string): Buffer {
	const image = new Resvg(svg, {
		fitTo: {mode: 'zoom', value: 2},
		font: {
			loadSystemFonts: true,
			fontDirs: moreFonts,
			defaultFontFamily: 'DejaVu Sans Mono',
			monospaceFamily: 'DejaVu Sans Mono',
		},
	}).render();
	return indexedPng(image.width, image.height, image.pixels);
}

/** Runs of cells that look the same; a wide character is a run of its own. */
function runsOf(bonsai: Bonsai, row: number): Run[] {
	const {buffer, cols} = bonsai.terminal;
	const line = buffer.active.getLine(buffer.active.baseY + row);
	const runs: Run[] = [];
	let open: (Run & {readonly look: string}) | undefined;
	for (let column = 0; column < cols; column++) {
		const at = line?.getCell(column);
		if (at === undefined) break;
		// The second half of a wide character.
		if (at.getWidth() === 0) continue;
		const text = at.getChars() || ' ';
		const columns = at.getWidth();
		let ink = colourOf(at.getFgColor(), at.isFgDefault(), at.isFgRGB(), colours.text);
		let ground = colourOf(at.getBgColor(), at.isBgDefault(), at.isBgRGB(), colours.ground);
		if (at.isDim()) ink = at.isFgDefault() ? colours.quiet : ink;
		if (at.isInverse()) [ink, ground] = [ground, ink];
		const isBold = at.isBold() !== 0;
		const isAlone = columns > 1 || !/^[\x20-\x7e\u00a0-\u024f\u2500-\u25ff…]$/.test(text);
		const look = `${ink} ${ground} ${isBold} ${isAlone ? column : ''}`;
		if (open !== undefined && open.look === look && open.column + open.columns === column) {
			open = {...open, columns: open.columns + columns, text: open.text + text};
			runs[runs.length - 1] = open;
		} else {
			open = {column, columns, text, ink, ground, isBold, look};
			runs.push(open);
		}
	}
	return runs;
}

function colourOf(colour: number, isDefault: boolean, isRgb: boolean, fallback: string): string {
	if (isDefault) return fallback;
	if (isRgb) return `#${colour.toString(16).padStart(6, '0')}`;
	if (colour < 16) return palette[colour] ?? fallback;
	const level = (value: number): number => (value === 0 ? 0 : 55 + value * 40);
	const grey = 8 + (colour - 232) * 10;
	const [red, green, blue] =
		colour >= 232
			? [grey, grey, grey]
			: [level(Math.floor((colour - 16) / 36)), level(Math.floor((colour - 16) / 6) % 6), level((colour - 16) % 6)];
	return `rgb(${red},${green},${blue})`;
}

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
