/**
A file name from a message → one that can be saved.

Laws:
- It names a file in the folder it is saved to and nothing else: no separator of any system, no `..`, no device (`CON`), no stream (`a:b`), no hidden file, no option (`-rf`), no `~`.
- It reads as what it is: no control, no invisible and no bidi character, so that the extension at the end is the extension.
- At most 200 bytes of UTF-8 in NFC, the extension kept; `safeFileName` of its result is its result.
*/
import {safeLine} from '../model/safe-text.ts';

const maxBytes = 200;
/** A longer "extension" is a sentence with a dot in it. */
const maxExtensionBytes = 20;

// Separators, and what Windows forbids; the pictures and replacements SafeText puts for controls need no place in a name.
const forbidden = /[/\\:*?"<>|\u2400-\u2421\ufffd\u2044\u2215\u29f5\u29f8\uff0f\uff3c]+/g;
const reserved = /^(?:con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(?=\s*(?:\.|$))/i;

/** The longest beginning of at most so many bytes, in whole characters. */
function headOfBytes(text: string, bytes: number): string {
	let head = '';
	let used = 0;
	for (const character of text) {
		used += Buffer.byteLength(character);
		if (used > bytes) break;
		head += character;
	}
	return head;
}

function shorten(name: string): string {
	if (Buffer.byteLength(name) <= maxBytes) return name;
	const dot = name.lastIndexOf('.');
	const extension = dot > 0 && Buffer.byteLength(name.slice(dot)) <= maxExtensionBytes ? name.slice(dot) : '';
	const stem = extension === '' ? name : name.slice(0, dot);
	return headOfBytes(stem, maxBytes - Buffer.byteLength(extension)).trimEnd() + extension;
}

const trimEnds = (name: string): string => name.replace(/^[\s.~-]+/, '').replace(/[\s.]+$/, '');

function clean(name: string): string {
	// Nobody's name is this long; the limit keeps the work small. The end is kept, it has the extension.
	const limited = name.length > 2_000 ? name.slice(0, 1_000) + name.slice(-1_000) : name;
	const visible = safeLine(limited.normalize('NFC')).normalize('NFC');
	const flat = visible.replace(forbidden, '_').replace(/\s+/g, ' ');
	const trimmed = trimEnds(shorten(trimEnds(flat)));
	return reserved.test(trimmed) ? `_${trimmed}` : trimmed;
}

/**
@param name As the message has it, decoded: anything.
@param fallback What to call it when nothing of the name is left, such as `part-2.bin`; cleaned likewise, and `attachment` when nothing of that is left either.
*/
export function safeFileName(name: string, fallback: string): string {
	// Cleaning may uncover something (a dot behind a dash behind a cut); it settles in a step or two.
	let settled = clean(name);
	for (let step = 0; step < 4; step++) settled = clean(settled);
	if (settled !== '' && !/^_+$/.test(settled)) return settled;
	return fallback === '' ? 'attachment' : safeFileName(fallback, '');
}
