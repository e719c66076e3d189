/**
 * Bytes from a terminal become keys.
 *
 * Laws: pure and incremental; what one packet splits or joins makes no difference; a sequence we do not know is
 * swallowed, never leaked as text (a mouse report must not delete mail); pasted text is one key and never commands;
 * what the terminal answers to our questions is handed over whole, and is never a key.
 * It owns no clock: whoever owns the terminal calls `flush` when nothing followed for a while, which is how
 * the Escape key is told from the beginning of an arrow.
 */
import {controlKey, csiKey, isReport, ss3Key} from './key-names.ts';

export type Key = {
	/** `Up`, `PageDown`, `F1`, `Enter`, `Escape`, `Ctrl+x`, `Alt+x`, `Paste`, `Space`, else the grapheme itself. */
	readonly name: string;
	/** What the key writes into a text: the grapheme or what was pasted; '' for keys that write nothing. */
	readonly text: string;
};

export type KeyDecoder = {
	write(bytes: Uint8Array): Key[];
	/** Nothing followed: what is pending is all there is. */
	flush(): Key[];
	/** Whether `flush` could make a difference. */
	readonly isPending: boolean;
};

export type KeyDecoderOptions = {
	readonly isUtf8?: boolean;
	/** The terminal's answer as it came, one character an octet: `\x1b[?64;1;28c`, `\x1b[0n`, `\x1bP>|tmux 3.4\x1b\\`. */
	onReport?(report: string): void;
};

/** One step: how many octets are used up, and what they made. `undefined`: more octets are needed. */
type Step = {readonly length: number; readonly keys: readonly Key[]; readonly isReport?: true} | undefined;

const pasteStart = '\x1b[200~';
const pasteEnd = '\x1b[201~';
const longestPaste = 1024 * 1024;
const longestSequence = 64;
const longestReply = 4096;

const named = (name: string): Key => ({name, text: ''});
const swallow = (length: number): Step => ({length, keys: []});
const report = (length: number): Step => ({length, keys: [], isReport: true});
const one = (length: number, name: string | undefined): Step => ({length, keys: name ? [named(name)] : []});

export function createKeyDecoder({isUtf8 = true, onReport}: KeyDecoderOptions = {}): KeyDecoder {
	// One character of this string is one octet: regular expressions then read like the standards.
	let pending = '';

	const drain = (isAll: boolean): Key[] => {
		const keys: Key[] = [];
		while (pending !== '') {
			const step = next(pending, isAll, isUtf8);
			if (!step) break;
			if (step.isReport) onReport?.(pending.slice(0, step.length));
			pending = pending.slice(step.length);
			keys.push(...step.keys);
		}
		if (pending.length > longestPaste) pending = pasteStart + pending.slice(-pasteEnd.length);
		return keys;
	};

	return {
		write(bytes) {
			pending += Buffer.from(bytes).toString('latin1');
			return drain(false);
		},
		flush: () => drain(true),
		get isPending() {
			return pending !== '';
		},
	};
}

function next(input: string, isAll: boolean, isUtf8: boolean): Step {
	const code = input.charCodeAt(0);
	if (code === 0x1b) return afterEscape(input, isAll, isUtf8);
	if (code < 0x20 || code === 0x7f) return one(1, controlKey(code));
	return text(input, isAll, isUtf8);
}

function afterEscape(input: string, isAll: boolean, isUtf8: boolean): Step {
	if (input === '\x1b') return isAll ? one(1, 'Escape') : undefined;
	switch (input[1]) {
		// Escape and then a key, in one packet of a slow line, is more likely than the Alt+arrow of an old rxvt.
		case '\x1b':
			return one(1, 'Escape');
		case '[':
			return controlSequence(input, isAll);
		case 'O':
			return singleShift(input, isAll);
		case 'P':
		case 'X':
		case ']':
		case '^':
		case '_':
			return controlString(input, isAll);
		default: {
			const step = next(input.slice(1), isAll, isUtf8);
			if (!step) return undefined;
			const [first, ...rest] = step.keys;
			const length = step.length + 1;
			if (!first) return swallow(length);
			return {length, keys: [named(`Alt+${first.name}`), ...rest]};
		}
	}
}

/** CSI: `ESC [ parameters intermediates final` (ECMA-48 §5.4). */
function controlSequence(input: string, isAll: boolean): Step {
	if (input.startsWith(pasteStart)) return paste(input);
	if (input === '\x1b[') return isAll ? one(2, 'Alt+[') : undefined;
	// X10 mouse: three octets of any value follow.
	if (input.startsWith('\x1b[M')) return input.length >= 6 || isAll ? swallow(6) : undefined;
	// The Linux console's F1 to F5.
	if (input.startsWith('\x1b[[')) {
		if (input.length < 4) return isAll ? swallow(input.length) : undefined;
		return one(4, {A: 'F1', B: 'F2', C: 'F3', D: 'F4', E: 'F5'}[input[3] ?? '']);
	}
	const whole = /^\x1b\[([0-?]*)([ -/]*)([@-~])/.exec(input);
	if (whole) {
		const [sequence, parameters = '', intermediates = '', final = ''] = whole;
		if (isReport(parameters, intermediates, final)) return report(sequence.length);
		const key = intermediates === '' ? csiKey(parameters, final) : undefined;
		if (key === undefined) return swallow(sequence.length);
		return {length: sequence.length, keys: [typeof key === 'string' ? named(key) : key]};
	}
	const begun = /^\x1b\[[0-?]*[ -/]*/.exec(input)?.[0].length ?? 2;
	const isCut = begun === input.length && begun < longestSequence;
	return isCut && !isAll ? undefined : swallow(begun);
}

/** SS3: the arrows and F1 to F4 in application mode, and the keypad. */
function singleShift(input: string, isAll: boolean): Step {
	if (input === '\x1bO') return isAll ? one(2, 'Alt+O') : undefined;
	const whole = /^\x1bO([0-9;]*)([!-/:<-~])/.exec(input);
	if (whole) {
		const [sequence, parameters = '', final = ''] = whole;
		const key = ss3Key(parameters, final);
		if (key === undefined) return swallow(sequence.length);
		return {length: sequence.length, keys: [typeof key === 'string' ? named(key) : key]};
	}
	const begun = /^\x1bO[0-9;]*/.exec(input)?.[0].length ?? 2;
	const isCut = begun === input.length && begun < longestSequence;
	return isCut && !isAll ? undefined : swallow(begun);
}

/** DCS, SOS, OSC, PM, APC: a terminal's answers. Up to ST or BEL; never text. */
function controlString(input: string, isAll: boolean): Step {
	if (input.length === 2) return isAll ? one(2, `Alt+${input[1]}`) : undefined;
	const end = /\x07|\x1b\\|\x1b(?=[^\\])|(?=[\x03\x18\x1a])/.exec(input.slice(2));
	if (end) {
		const isOver = end[0] === '\x07' || end[0] === '\x1b\\';
		return isOver ? report(2 + end.index + end[0].length) : swallow(2 + end.index);
	}
	return isAll || input.length > longestReply ? swallow(input.length) : undefined;
}

/** Bracketed paste. Silence does not end it: half a paste must not become commands. ^C does, when the end got lost. */
function paste(input: string): Step {
	const end = input.indexOf(pasteEnd);
	const cancel = input.indexOf('\x03');
	if (cancel >= 0 && (end < 0 || cancel < end)) return swallow(cancel);
	if (end < 0) return undefined;
	const pasted = Buffer.from(input.slice(pasteStart.length, end), 'latin1').toString('utf8');
	return {length: end + pasteEnd.length, keys: [{name: 'Paste', text: pasted}]};
}

const segmenter = new Intl.Segmenter(undefined, {granularity: 'grapheme'});

function text(input: string, isAll: boolean, isUtf8: boolean): Step {
	const run = /^[^\x00-\x1f\x7f]+/.exec(input)?.[0] ?? '';
	const cut = isUtf8 && run.length === input.length ? cutTail(run) : 0;
	const whole = run.slice(0, run.length - cut);
	if (whole === '') return isAll ? swallow(run.length) : undefined;
	const decoded = isUtf8 ? Buffer.from(whole, 'latin1').toString('utf8') : whole;
	const keys: Key[] = [];
	for (const {segment} of segmenter.segment(decoded.replace(/[\ufffd\x80-\x9f]/g, ''))) {
		keys.push({name: segment === ' ' ? 'Space' : segment, text: segment});
	}
	return {length: whole.length, keys};
}

/** How many octets at the end are the beginning of a UTF-8 character whose rest has not come. */
function cutTail(octets: string): number {
	for (let back = 1; back <= Math.min(3, octets.length); back++) {
		const code = octets.charCodeAt(octets.length - back);
		if (code < 0x80) return 0;
		if (code >= 0xc0) return back < (code >= 0xf0 ? 4 : code >= 0xe0 ? 3 : 2) ? back : 0;
	}
	return 0;
}
