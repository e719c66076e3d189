/**
 * One step of reading: what the beginning of some octets is. Pure; one character of the input is one octet, so that the
 * regular expressions read like the standards (ECMA-48, and what terminals made of it).
 *
 * Law: what is decided about a sequence does not depend on how much of what follows is here already; where that is not
 * so, the answer is that more is needed.
 */
import type {Key} from './key-decoder.ts';
import {controlKey, csiKey, isReport, ss3Key} from './key-names.ts';

/** How many octets are used up, and what they made. `undefined`: more octets are needed. */
export type Step = {readonly length: number; readonly keys: readonly Key[]; readonly isReport?: true} | undefined;

export const pasteStart = '\x1b[200~';
const pasteEnd = '\x1b[201~';
/** What is longer is no key and no answer; pasted text is dropped. */
export const longest = {sequence: 64, string: 4096, paste: 1024 * 1024};

const named = (name: string): Key => ({name, text: ''});
const swallow = (length: number): Step => ({length, keys: []});
const report = (length: number): Step => ({length, keys: [], isReport: true});
const one = (length: number, name: string | undefined): Step => ({length, keys: name ? [named(name)] : []});
const oneKey = (length: number, key: string | Key | undefined): Step =>
	typeof key === 'object' ? {length, keys: [key]} : one(length, key);

/** `isAll`: nothing more will come. */
export function nextStep(input: string, isAll: boolean, isUtf8: boolean): Step {
	const code = input.charCodeAt(0);
	if (code === 0x1b) return afterEscape(input, isAll, isUtf8);
	if (code < 0x20 || code === 0x7f) return one(1, controlKey(code));
	return text(input, isUtf8);
}

export const isPaste = (input: string): boolean => input.startsWith(pasteStart);
/** DCS, SOS, OSC, PM, APC. */
export const isControlString = (input: string): boolean => /^\x1b[PX\]^_]/.test(input);

function afterEscape(input: string, isAll: boolean, isUtf8: boolean): Step {
	if (input === '\x1b') return isAll ? one(1, 'Escape') : undefined;
	// Escape and then a key, in one packet of a slow line, is more likely than the Alt+arrow of an old rxvt.
	if (input[1] === '\x1b') return one(1, 'Escape');
	if (input[1] === '[') return controlSequence(input, isAll);
	if (input[1] === 'O') return singleShift(input, isAll);
	if (isControlString(input)) return controlString(input, isAll);
	return alt(input, isUtf8);
}

/** Alt and a key. ESC before what is no character is swallowed with it. */
function alt(input: string, isUtf8: boolean): Step {
	const code = input.charCodeAt(1);
	if (code < 0x20 || code === 0x7f) return one(2, withAlt(controlKey(code) ?? ''));
	const wanted = isUtf8 ? octetsOf(code) : 1;
	const [more = ''] = /^[\x80-\xbf]*/.exec(input.slice(2, 1 + wanted)) ?? [];
	const length = 2 + more.length;
	if (length <= wanted && length === input.length) return undefined;
	const [key] = text(input.slice(1, length), isUtf8)?.keys ?? [];
	return one(length, key && withAlt(key.name));
}

const withAlt = (name: string): string => (name.startsWith('Ctrl+') ? `Ctrl+Alt+${name.slice(5)}` : `Alt+${name}`);

/** CSI: `ESC [ parameters intermediates final` (ECMA-48 §5.4). */
function controlSequence(input: string, isAll: boolean): Step {
	if (isPaste(input)) return paste(input);
	if (input === '\x1b[') return isAll ? one(2, 'Alt+[') : undefined;
	// X10 mouse: three octets of any value follow.
	if (input.startsWith('\x1b[M')) return input.length >= 6 || isAll ? swallow(Math.min(6, input.length)) : undefined;
	// The Linux console's F1 to F5.
	if (input.startsWith('\x1b[[')) {
		if (input.length < 4) return isAll ? swallow(input.length) : undefined;
		return one(4, {A: 'F1', B: 'F2', C: 'F3', D: 'F4', E: 'F5'}[input[3] ?? '']);
	}
	const [whole] = /^\x1b\[[ -?]*[@-~]/.exec(input) ?? [];
	if (whole === undefined) return unfinished(input, /^\x1b\[[ -?]*/, isAll);
	const [, parameters, intermediates = '', final = ''] = /^\x1b\[([0-?]*)([ -/]*)(.)$/.exec(whole) ?? [];
	if (parameters === undefined || whole.length > longest.sequence) return swallow(whole.length);
	if (isReport(parameters, intermediates, final)) return report(whole.length);
	return oneKey(whole.length, intermediates === '' ? csiKey(parameters, final) : undefined);
}

/** SS3: the arrows and F1 to F4 in application mode, and the keypad. */
function singleShift(input: string, isAll: boolean): Step {
	if (input === '\x1bO') return isAll ? one(2, 'Alt+O') : undefined;
	const [whole, parameters = '', final = ''] = /^\x1bO([0-9;]*)([!-/:<-~])/.exec(input) ?? [];
	if (whole === undefined) return unfinished(input, /^\x1bO[0-9;]*/, isAll);
	return whole.length > longest.sequence ? swallow(whole.length) : oneKey(whole.length, ss3Key(parameters, final));
}

/** What cannot go on as it began ends there, and what follows is read by itself. */
function unfinished(input: string, beginning: RegExp, isAll: boolean): Step {
	const begun = beginning.exec(input)?.[0].length ?? input.length;
	return begun < input.length || isAll ? swallow(begun) : undefined;
}

/** A terminal's answer, up to ST or BEL. Never text; a control character that has no place in it ends it and counts. */
function controlString(input: string, isAll: boolean): Step {
	if (input.length === 2) return isAll ? one(2, `Alt+${input[1]}`) : undefined;
	const end = /\x07|\x1b\\|\x1b(?=[^\\])|(?=[\x00-\x06\x08-\x1a\x1c-\x1f\x7f])/.exec(input.slice(2));
	if (end) {
		const isOver = end[0] === '\x07' || end[0] === '\x1b\\';
		const length = 2 + end.index + (isOver ? end[0].length : 0);
		return isOver && length <= longest.string ? report(length) : swallow(length);
	}
	// Escape, unless the `\` of its end is late.
	return isAll && input.endsWith('\x1b') ? swallow(input.length - 1) : undefined;
}

/** Bracketed paste. Silence does not end it: half a paste must not become commands. ^C does, when the end got lost. */
function paste(input: string): Step {
	const end = input.indexOf(pasteEnd, pasteStart.length);
	const cancel = input.indexOf('\x03');
	if (cancel >= 0 && (end < 0 || cancel < end)) return swallow(cancel);
	if (end < 0) return undefined;
	const isTooLong = end - pasteStart.length > longest.paste;
	const octets = isTooLong ? '' : input.slice(pasteStart.length, end);
	return {
		length: end + pasteEnd.length,
		keys: [{name: 'Paste', text: Buffer.from(octets, 'latin1').toString('utf8')}],
	};
}

/** A key for each character: what belongs together is put together by whoever edits the text. */
function text(input: string, isUtf8: boolean): Step {
	const run = /^[^\x00-\x1f\x7f]+/.exec(input)?.[0] ?? '';
	const cut = isUtf8 && run.length === input.length ? cutTail(run) : 0;
	const whole = run.slice(0, run.length - cut);
	if (whole === '') return undefined;
	const decoded = isUtf8 ? Buffer.from(whole, 'latin1').toString('utf8') : whole;
	const characters = [...decoded.replace(/[\ufffd\x80-\x9f]/g, '')];
	return {length: whole.length, keys: characters.map(each => ({name: each === ' ' ? 'Space' : each, text: each}))};
}

/** How many octets at the end are the beginning of a UTF-8 character whose rest has not come. */
function cutTail(octets: string): number {
	for (let back = 1; back <= Math.min(3, octets.length); back++) {
		const code = octets.charCodeAt(octets.length - back);
		if (code < 0x80) return 0;
		if (code >= 0xc0) return back < octetsOf(code) ? back : 0;
	}
	return 0;
}

/** Of a UTF-8 character, by its first. */
const octetsOf = (code: number): number => (code >= 0xf0 ? 4 : code >= 0xe0 ? 3 : code >= 0xc0 ? 2 : 1);
