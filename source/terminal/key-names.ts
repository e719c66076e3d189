/**
 * What the sequences of terminals mean: xterm, VT220, rxvt, Linux console, PuTTY, tmux, kitty's CSI u.
 * Tables only. `undefined` is a sequence that is no key (a report, a key we have no name for).
 */
import type {Key} from './key-decoder.ts';

/** Several names are in use for one key: ^H and DEL are both Backspace, ^J and ^M both Enter. */
export function controlKey(code: number): string | undefined {
	switch (code) {
		case 0x00:
			return 'Ctrl+Space';
		case 0x08:
		case 0x7f:
			return 'Backspace';
		case 0x09:
			return 'Tab';
		case 0x0a:
		case 0x0d:
			return 'Enter';
		case 0x1b:
			return 'Escape';
		default:
			return code < 0x1b ? `Ctrl+${String.fromCharCode(code + 0x60)}` : `Ctrl+${String.fromCharCode(code + 0x40)}`;
	}
}

const letters: Readonly<Record<string, string>> = {
	A: 'Up',
	B: 'Down',
	C: 'Right',
	D: 'Left',
	F: 'End',
	H: 'Home',
	P: 'F1',
	Q: 'F2',
	R: 'F3',
	S: 'F4',
};

const numbers: Readonly<Record<string, string>> = {
	1: 'Home',
	2: 'Insert',
	3: 'Delete',
	4: 'End',
	5: 'PageUp',
	6: 'PageDown',
	7: 'Home',
	8: 'End',
	11: 'F1',
	12: 'F2',
	13: 'F3',
	14: 'F4',
	15: 'F5',
	17: 'F6',
	18: 'F7',
	19: 'F8',
	20: 'F9',
	21: 'F10',
	23: 'F11',
	24: 'F12',
};

const shiftedArrows: Readonly<Record<string, string>> = {
	a: 'Shift+Up',
	b: 'Shift+Down',
	c: 'Shift+Right',
	d: 'Shift+Left',
	Z: 'Shift+Tab',
};

/**
 * xterm's modifier parameter: 1 and the sum of Shift 1, Alt 2, Ctrl 4; Super 8, Hyper 16 and Meta 32 are taken for Alt,
 * so that a key with them is never the key without; Caps Lock 64 and Num Lock 128 are none.
 */
function bitsOf(modifier: string | undefined): number {
	const sum = Math.max(0, Number.parseInt(modifier ?? '1', 10) - 1) || 0;
	return (sum & 5) | (sum & 0b111010 ? 2 : 0);
}

function withBits(name: string, bits: number): string {
	return `${bits & 4 ? 'Ctrl+' : ''}${bits & 2 ? 'Alt+' : ''}${bits & 1 ? 'Shift+' : ''}${name}`;
}

const modified = (name: string, modifier: string | undefined): string => withBits(name, bitsOf(modifier));

/** kitty's event type 3 is the release of a key. */
const isRelease = (modifier: string | undefined): boolean => /:3$/.test(modifier ?? '');

/**
 * The answers to device attributes (c), status (n), cursor position (R), modes ($y) and the like; not the mouse, not
 * focus. `CSI 1;2R` is taken for Shift+F3, as every program does; no key has the modifiers of `CSI 1;80R`.
 */
export function isReport(parameters: string, intermediates: string, final: string): boolean {
	if (parameters.startsWith('<')) return false;
	if (/^[=>?]/.test(parameters) || intermediates !== '') return true;
	if (final === 'R') return /^\d+;\d+$/.test(parameters) && !/^1;(\d|1[0-6])$/.test(parameters);
	return /[cntx]/.test(final);
}

export function csiKey(parameters: string, final: string): string | Key | undefined {
	// `?`, `<`, `=` and `>` mark reports: mouse, device attributes, modes.
	if (/[<-?]/.test(parameters)) return undefined;
	const values = parameters.split(';');
	if (isRelease(values[1])) return undefined;
	if (final === 'u') return unicodeKey(values[0] ?? '', values[1], values[2]);
	if (final === '~') {
		if (values[0] === '27' && values[2]) return unicodeKey(values[2], values[1]);
		const name = numbers[values[0] ?? ''];
		return name && modified(name, values[1]);
	}
	if (final === '^' || final === '@') {
		const name = numbers[parameters];
		return name && `Ctrl+${final === '@' ? 'Shift+' : ''}${name}`;
	}
	if (parameters === '' && shiftedArrows[final]) return shiftedArrows[final];
	// `CSI 24;80R` is where the cursor is, `CSI 1;2R` is Shift+F3.
	if (!/^1?(;\d+(:\d+)?)?$/.test(parameters)) return undefined;
	const name = letters[final];
	return name && modified(name, values[1]);
}

/** What may be written: no control, no half of a character. */
const characterOf = (point: number): string | undefined =>
	point >= 0x20 && point <= 0x10ffff && !(point >= 0x7f && point < 0xa0) && !(point >= 0xd800 && point <= 0xdfff)
		? String.fromCodePoint(point)
		: undefined;

/**
 * `CSI code:shifted:base;modifier:event;text u` (kitty, fixterms) and xterm's modifyOtherKeys. The text that comes with it
 * is what the key writes, else the shifted code, else the code with Shift.
 */
function unicodeKey(codes: string, modifier: string | undefined, text = ''): string | Key | undefined {
	const [point = 0, shifted = 0] = codes.split(':').map(Number);
	const bits = bitsOf(modifier);
	const keypadKey = kittyKeypad[point];
	if (keypadKey !== undefined && keypadKey.length > 1) return withBits(keypadKey, bits);
	// kitty's private area: Caps Lock and the like.
	if (keypadKey === undefined && point >= 0xe000 && point <= 0xf8ff) return undefined;
	if ((point > 0 && point < 0x20) || point === 0x7f) return withBits(controlKey(point) ?? '', bits);
	const character = keypadKey ?? characterOf(point);
	if (character === undefined) return undefined;
	const named = (one: string): string => (one === ' ' ? 'Space' : one);
	if (bits & 4) return withBits(named(character), bits & 6);
	const isShifted = (bits & 1) !== 0;
	const written = isShifted ? (characterOf(shifted) ?? upperCase(character)) : character;
	if (bits & 2) return withBits(named(written), 2);
	const given = text.split(':').map(Number).map(characterOf).join('');
	const one = [...given].length === 1 ? given : written;
	return {name: named(one), text: given === '' ? written : given};
}

const upperCase = (character: string): string => {
	const upper = character.toUpperCase();
	return [...upper].length === 1 ? upper : character;
};

/** kitty's codes for the keypad: digits and signs, Enter, and what is there without Num Lock. */
const kittyKeypad: Readonly<Record<number, string>> = Object.fromEntries(
	[
		...['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '.', '/', '*', '-', '+', 'Enter', '=', ','],
		...['Left', 'Right', 'Up', 'Down', 'PageUp', 'PageDown', 'Home', 'End', 'Insert', 'Delete'],
	].map((name, index) => [57399 + index, name]),
);

const keypad: Readonly<Record<string, string>> = {X: '=', j: '*', k: '+', l: ',', m: '-', n: '.', o: '/'};

export function ss3Key(parameters: string, final: string): string | Key | undefined {
	if (final === 'M') return 'Enter';
	const written = final >= 'p' && final <= 'y' ? String(final.charCodeAt(0) - 0x70) : keypad[final];
	if (written) return {name: written, text: written};
	const name = letters[final];
	return name && modified(name, parameters.split(';').at(-1) || undefined);
}
