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

/** xterm's modifier parameter: 1 and the sum of Shift 1, Alt 2, Ctrl 4. */
function modified(name: string, modifier: string | undefined): string {
	const bits = Math.max(0, Number.parseInt(modifier ?? '1', 10) - 1) || 0;
	return `${bits & 4 ? 'Ctrl+' : ''}${bits & 2 ? 'Alt+' : ''}${bits & 1 ? 'Shift+' : ''}${name}`;
}

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
	if (final === 'u') return unicodeKey(...(parameters.split(';') as [string, string?]));
	const values = parameters.split(';');
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

/** `CSI code;modifier u` (kitty, fixterms) and xterm's modifyOtherKeys. */
function unicodeKey(code: string, modifier = '1'): string | Key | undefined {
	// kitty's event type 3 is the release of a key.
	if (/:3$/.test(modifier)) return undefined;
	const point = Number.parseInt(code, 10);
	// kitty's private area: Caps Lock and the like.
	if (!(point > 0) || point > 0x10ffff || (point >= 0xe000 && point <= 0xf8ff)) return undefined;
	const bits = Number.parseInt(modifier, 10) - 1;
	if (point < 0x20 || point === 0x7f) return modified(controlKey(point) ?? '', modifier);
	const character = String.fromCodePoint(point);
	const name = character === ' ' ? 'Space' : character;
	if (bits & 6) return modified(name, String((bits & 6) + 1));
	return {name, text: character};
}

const keypad: Readonly<Record<string, string>> = {X: '=', j: '*', k: '+', l: ',', m: '-', n: '.', o: '/'};

export function ss3Key(parameters: string, final: string): string | Key | undefined {
	if (final === 'M') return 'Enter';
	const written = final >= 'p' && final <= 'y' ? String(final.charCodeAt(0) - 0x70) : keypad[final];
	if (written) return {name: written, text: written};
	const name = letters[final];
	return name && modified(name, parameters.split(';').at(-1) || undefined);
}
