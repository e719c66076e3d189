/**
 * How a cell looks: attributes and two colours, as a small number that can be compared.
 *
 * Laws: 0 is plain. The same look has the same number (looks are interned for the life of the program; a screen has
 * a dozen of them). Knows SGR (ECMA-48 §8.3.117) both ways, and nothing of cursors or cells.
 */
import {type ColourDepth, colourAtDepth} from './colour.ts';

export type StyleId = number;
export const plainStyle: StyleId = 0;

export const attributes = {
	bold: 1,
	dim: 2,
	italic: 4,
	underline: 8,
	blink: 16,
	inverse: 32,
	hidden: 64,
	strike: 128,
} as const;
export const allAttributes = 255;

/** Attribute, the parameter that sets it, the one that takes it away. Bold and dim share theirs. */
const codes: readonly (readonly [bit: number, on: string, off: string])[] = [
	[attributes.bold, '1', '22'],
	[attributes.dim, '2', '22'],
	[attributes.italic, '3', '23'],
	[attributes.underline, '4', '24'],
	[attributes.blink, '5', '25'],
	[attributes.inverse, '7', '27'],
	[attributes.hidden, '8', '28'],
	[attributes.strike, '9', '29'],
];

/** Colours are the parameters that choose them: `31`, `38;5;200`; '' is the terminal's own. */
type Style = {readonly bits: number; readonly foreground: string; readonly background: string};

const styles: Style[] = [{bits: 0, foreground: '', background: ''}];
const ids = new Map<string, StyleId>([['0||', 0]]);

function idOf(bits: number, foreground: string, background: string): StyleId {
	const key = `${bits}|${foreground}|${background}`;
	let id = ids.get(key);
	if (id === undefined) {
		id = styles.length;
		styles.push({bits, foreground, background});
		ids.set(key, id);
	}
	return id;
}

const styleOf = (id: StyleId): Style => styles[id] as Style;

/** The style after `CSI parameters m`, as far as the terminal has such attributes and colours. */
export function afterSgr(
	before: StyleId,
	parameters: string,
	has: {readonly attributes: number; readonly colours: ColourDepth},
): StyleId {
	let {bits, foreground, background} = styleOf(before);
	const values = parameters === '' ? ['0'] : parameters.split(/[;:]/);
	for (let index = 0; index < values.length; index++) {
		const value = Number(values[index]);
		if (value === 0) [bits, foreground, background] = [0, '', ''];
		else if (value <= 9) bits |= (codes.find(([, on]) => Number(on) === value)?.[0] ?? 0) & has.attributes;
		else if (value <= 29) for (const [bit, , off] of codes) bits &= Number(off) === value ? ~bit : -1;
		else if (value === 38 || value === 48) {
			const length = values[index + 1] === '5' ? 3 : 5;
			const colour = values.slice(index, index + length).join(';');
			if (value === 38) foreground = colourAtDepth(colour, has.colours);
			else background = colourAtDepth(colour, has.colours);
			index += length - 1;
		} else if (value === 39) foreground = '';
		else if (value === 49) background = '';
		else if (value <= 37 || (value >= 90 && value <= 97)) foreground = colourAtDepth(String(value), has.colours);
		else if (value <= 47 || (value >= 100 && value <= 107)) background = colourAtDepth(String(value), has.colours);
	}
	return idOf(bits, foreground, background);
}

export const inverted = (id: StyleId): StyleId => {
	const {bits, foreground, background} = styleOf(id);
	return idOf(bits ^ attributes.inverse, foreground, background);
};

/** What of a style is seen on a space: nothing of the letters, unless it is turned inside out. */
const seenOnSpace = attributes.underline | attributes.inverse | attributes.strike;
const spaceLooks: StyleId[] = [];

export function lookOfSpace(id: StyleId): StyleId {
	let look = spaceLooks[id];
	if (look === undefined) {
		const {bits, foreground, background} = styleOf(id);
		const isInverse = (bits & attributes.inverse) !== 0;
		look = idOf(
			bits & (seenOnSpace | (isInverse ? attributes.dim : 0)),
			isInverse || bits & (attributes.underline | attributes.strike) ? foreground : '',
			background,
		);
		spaceLooks[id] = look;
	}
	return look;
}

/** Whether erasing with this style leaves the same on every terminal: those that erase with the background too. */
export const erasesPlain = (id: StyleId): boolean => {
	const {bits, background} = styleOf(id);
	return background === '' && (bits & (attributes.inverse | attributes.underline | attributes.strike)) === 0;
};

const sequences = new Map<number, string>();

/** The shortest sequence from one style to another. A VT100 cannot take one attribute away, only all. */
export function sgrBetween(from: StyleId, to: StyleId, {hasOff}: {readonly hasOff: boolean}): string {
	if (from === to) return '';
	const key = (from * 65536 + to) * 2 + Number(hasOff);
	let sequence = sequences.get(key);
	if (sequence === undefined) {
		const [anew, changed] = [fromPlain(styleOf(to)), difference(styleOf(from), styleOf(to), hasOff)];
		sequence = changed !== undefined && changed.length < anew.length ? changed : anew;
		sequences.set(key, sequence);
	}
	return sequence;
}

function fromPlain({bits, foreground, background}: Style): string {
	const set = codes.filter(([bit]) => bits & bit).map(([, on]) => on);
	// The first parameter left out is 0.
	const all = ['', ...set, ...[foreground, background].filter(Boolean)];
	return `\x1b[${all.join(';')}m`;
}

function difference(from: Style, to: Style, hasOff: boolean): string | undefined {
	const parameters: string[] = [];
	let kept = from.bits;
	for (const [bit, , off] of codes) {
		if (!(kept & bit) || to.bits & bit) continue;
		if (!hasOff) return undefined;
		parameters.push(off);
		for (const [each, , alike] of codes) if (alike === off) kept &= ~each;
	}
	for (const [bit, on] of codes) if (to.bits & bit && !(kept & bit)) parameters.push(on);
	if (from.foreground !== to.foreground) parameters.push(to.foreground || '39');
	if (from.background !== to.background) parameters.push(to.background || '49');
	return `\x1b[${parameters.join(';')}m`;
}
