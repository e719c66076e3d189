/**
Text that may be shown. Everything that comes from outside (a message, a server, a file name) passes here once, before it is a prop (DESIGN, law 9).

What a SafeText promises, for any input:
- No escape, control (C0, C1, DEL), line separator, lone surrogate, noncharacter or private-use character. `\n` occurs only in what `safeText` made.
- Nothing reorders it: no bidi override, embedding, isolate or mark. Right-to-left *letters* stay; terminals order them, or do not, all the same way.
- Nothing in it is hidden: no zero-width space, soft hyphen, tag character, variation selector, invisible operator or filler.
- A row cannot be spoilt: every terminal counts the same columns, no mark touches the neighbouring cell, a base carries at most `maxMarks` marks.
- `safeText(safeText(x)) === safeText(x)`, and a SafeText followed by a SafeText is a SafeText.

What becomes of the rest, and why:
- *Shown.* What no honest mail contains becomes visible, so that an attack is seen and does nothing: C0 and DEL as their pictures (`␛` is understood, `�` is not), C1 and the rest as `�`. The bidi *overrides* U+202D and U+202E belong here: `invoice\u202Efdp.exe` reads `invoice�fdp.exe`.
- *Removed.* What honest mail contains and nobody sees: marks and isolates of Hebrew and Arabic mail, soft hyphens, the fillers of newsletters. A `�` for each would bury the text.
- *Simplified.* Terminals disagree by columns about emoji sequences (family, skin tone, keycap, `❤` + VS16), so only the base characters stay: one misplaced column spoils a row and may wrap the last line of the screen. The parts of a family are shown one by one.
- *Kept.* ZWNJ and ZWJ between the letters or after the virama of a joining script, where Persian and Indic spelling needs them (after RFC 5892 A.1, A.2), and nowhere else.

Spaces of other widths become ordinary spaces (U+3000, which is wide, stays): they look the same, and search and copying then work.

Linear time: one pass, one table of classes that fills as code points are met. It must not know widths (only tabs ask for them), HTML or charsets.
*/
import {lazily} from './lazily.ts';
import {widthOf} from './width.ts';

declare const brand: unique symbol;
export type SafeText = string & {readonly [brand]: 'SafeText'};

/** Real text needs four at most (Hebrew with points and accents); more is an attack on the lines above and below. */
const maxMarks = 4;
const tabWidth = 8;
const replacement = '\ufffd';
const dottedCircle = '\u25cc';

/** What is done with a code point. 0 in the table is "not yet classified". */
const plain = 1;
const mark = 2;
const space = 3;
const newline = 4;
const tab = 5;
const control = 6;
const removed = 7;
const replaced = 8;
const joiner = 9;
const jamo = 10;

// Newlines apart, what makes the slow path necessary. ASCII text, most of all text, is returned as it came.
const notPlainAscii = /[^\n\x20-\x7e]/;

const isMark = lazily(() => /[\p{Mn}\p{Me}]/u);
const isInvisible = lazily(() => /\p{Default_Ignorable_Code_Point}/u);
const isUnfit = lazily(() => /[\p{Cf}\p{Cs}\p{Co}\p{Noncharacter_Code_Point}]/u);
// Vowels and trailing consonants of Hangul, which terminals draw into the cell before them.
const isJamo = /[\u1160-\u11ff\ud7b0-\ud7c6\ud7cb-\ud7fb]/u;
const isHangul = /[\u1100-\u115e\u1161-\u11ff\ua960-\ua97c\uac00-\ud7a3\ud7b0-\ud7c6\ud7cb-\ud7fb]/u;
const isSpace = lazily(() => /\p{Zs}/u);
// Skin tones and the box of a keycap.
const isSequencePart = /[\u{1f3fb}-\u{1f3ff}\u20e3]/u;

// Arabic and its kin, Mongolian; the Brahmic scripts from Devanagari to Sinhala, Myanmar, Khmer.
const joiningScripts = /[\u0600-\u08ff\u0900-\u0dff\u1000-\u109f\u1780-\u18aa\ufb50-\ufdff\ufe70-\ufefc]/u;
const isLetter = lazily(() => /\p{L}/u);
const viramas = /[\u094d\u09cd\u0a4d\u0acd\u0b4d\u0bcd\u0c4d\u0ccd\u0d4d\u0dca\u1039\u103a\u17d2]/u;

function classify(codePoint: number): number {
	const character = String.fromCodePoint(codePoint);
	if (codePoint === 0x09) return tab;
	if (/[\n\r\u0085\u2028\u2029]/.test(character)) return newline;
	if (codePoint < 0x20 || codePoint === 0x7f) return control;
	if (codePoint < 0xa0 && codePoint > 0x7f) return replaced;
	if (codePoint === 0x202d || codePoint === 0x202e) return replaced;
	if (codePoint === 0x200c || codePoint === 0x200d) return joiner;
	if (codePoint !== 0x3000 && isSpace().test(character)) return space;
	if (isInvisible().test(character) || isSequencePart.test(character)) return removed;
	if (isUnfit().test(character)) return replaced;
	if (isJamo.test(character)) return jamo;
	return isMark().test(character) ? mark : plain;
}

// 1.1 MB of address space, of which a mailbox in Latin and Greek touches two pages.
const classes = new Uint8Array(0x110000);

function classOf(codePoint: number): number {
	const before = classes[codePoint];
	if (before) return before;
	const kind = classify(codePoint);
	classes[codePoint] = kind;
	return kind;
}

const matches = (set: RegExp, codePoint: number): boolean =>
	codePoint > 0x7f && set.test(String.fromCodePoint(codePoint));

function isSpellingJoiner(before: number, after: number | undefined): boolean {
	if (matches(viramas, before)) return true;
	if (after === undefined) return false;
	// Bengali ra + ZWJ + virama + ya, the one spelling with the joiner before the virama.
	if (before === 0x09b0 && after === 0x09cd) return true;
	const isJoined = matches(joiningScripts, before) && (matches(isLetter(), before) || classOf(before) === mark);
	return isJoined && matches(joiningScripts, after) && matches(isLetter(), after) && classOf(after) === plain;
}

function pictureOf(codePoint: number): string {
	return String.fromCodePoint(codePoint === 0x7f ? 0x2421 : 0x2400 + codePoint);
}

// Korean from macOS arrives taken apart; one syllable is one cell pair on every terminal only when it is whole.
function composeHangul(text: string): string {
	return text.replace(/[\u1100-\u1112][\u1161-\u1175][\u11a8-\u11c2]?|[\uac00-\ud7a3][\u11a8-\u11c2]/g, syllable =>
		syllable.normalize('NFC'),
	);
}

function makeSafe(raw: string, keepsLines: boolean): SafeText {
	const first = raw.search(notPlainAscii);
	if (first === -1 && (keepsLines || !raw.includes('\n'))) return raw as SafeText;

	const out: string[] = [];
	let runStart = 0;
	let before = 0; // the code point last put out; 0 at the start of a line
	let marks = 0;
	let lineColumns = 0; // of this line, up to the last tab: nothing else asks
	let lineStart = 0; // index in `out` from which the line is not yet measured
	let hasJamo = false;

	const put = (text: string, last: number) => {
		out.push(text);
		before = last;
	};

	for (let index = 0; index < raw.length; ) {
		const codePoint = raw.codePointAt(index)!;
		const length = codePoint > 0xffff ? 2 : 1;
		const kind = classOf(codePoint);
		if (kind === plain) {
			before = codePoint;
			marks = 0;
			index += length;
			continue;
		}
		if (index > runStart) out.push(raw.slice(runStart, index));
		index += length;
		runStart = index;

		switch (kind) {
			case mark:
				if (before === 0) put(dottedCircle, 0x25cc);
				if (marks++ < maxMarks) put(String.fromCodePoint(codePoint), codePoint);
				continue;
			case jamo:
				hasJamo = true;
				if (!matches(isHangul, before)) put(replacement, 0xfffd);
				else if (marks++ < maxMarks) put(String.fromCodePoint(codePoint), codePoint);
				continue;
			case joiner:
				if (isSpellingJoiner(before, raw.codePointAt(index))) put(String.fromCodePoint(codePoint), codePoint);
				continue;
			case removed:
				continue;
			case newline:
				if (codePoint === 0x0d && raw.charCodeAt(index) === 0x0a) runStart = ++index;
				put(keepsLines ? '\n' : ' ', keepsLines ? 0 : 0x20);
				lineStart = out.length;
				lineColumns = 0;
				break;
			case tab: {
				if (keepsLines) lineColumns += widthOf(out.slice(lineStart).join(''));
				const columns = keepsLines ? tabWidth - (lineColumns % tabWidth) : 1;
				put(' '.repeat(columns), 0x20);
				lineColumns += columns;
				lineStart = out.length;
				break;
			}
			case space:
				put(' ', 0x20);
				break;
			case control:
				put(pictureOf(codePoint), 0x2400);
				break;
			default:
				put(replacement, 0xfffd);
		}
		marks = 0;
	}
	out.push(raw.slice(runStart));
	const text = out.join('');
	return (hasJamo ? composeHangul(text) : text) as SafeText;
}

/** One line of foreign text: newlines and tabs become a space. */
export function safeLine(raw: string): SafeText {
	return makeSafe(raw, false);
}

/** Foreign text of many lines: CRLF, CR, NEL, LS and PS become `\n`, tabs are expanded to columns of 8. */
export function safeText(raw: string): SafeText {
	return makeSafe(raw, true);
}

// What our own texts are made of; safe as it stands, which a test holds.
const ownCharacters = /^[\x20-\x7e\u00b7\u00d7\u2010-\u2027\u2190-\u21ff\u2500-\u25ff]*$/;

/** A text of our own. @throws TypeError when it is not already safe: then it was not ours. */
export function ours(text: string): SafeText {
	if (ownCharacters.test(text) || safeText(text) === text) return text as SafeText;
	throw new TypeError('this text needs safeLine() or safeText(): it is not ours');
}

/** Safe texts in a row, with a safe text between them. */
export function safeJoin(parts: readonly SafeText[], separator: SafeText): SafeText {
	return parts.join(separator) as SafeText;
}
