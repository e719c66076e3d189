/**
Columns of a string, as a terminal shows it.

Laws:
- A width is the sum of its code points' widths, as wcwidth(3) counts them: marks and invisible characters 0, East Asian wide and emoji 2, everything else 1. Only an emoji sequence (ZWJ, VS16, skin tone) is counted as the one picture it is. `SafeText` contains no such sequence, so for it nothing has to be segmented and all terminals agree.
- East Asian *ambiguous* characters (Greek, Cyrillic, box drawing) are narrow.
- A grapheme is never split.
- Cost is linear; simple text costs one regular expression.

It must not know about escapes: a text that contains one is not SafeText, and controls count 0 here.
*/

import {lazily} from './lazily.ts';

/** Characters of one column each that join with none of the others: ASCII, Latin, dashes, quotes, arrows, boxes and blocks. */
const simple = /^[\x20-\x7e\u00a1-\u00ac\u00ae-\u02ff\u2010-\u2027\u2190-\u21ff\u2500-\u25fc\u25ff]*$/;

// Unicode 17, East Asian Width W and F, without what \p{Emoji_Presentation} already says. Pairs of first-last.
const wideRanges = (
	'1100-115f 2329-232a 2630-2637 268a-268f 2e80-2e99 2e9b-2ef3 2f00-2fd5 2ff0-303e 3041-3096 3099-30ff 3105-312f ' +
	'3131-318e 3190-31e5 31ef-321e 3220-3247 3250-a48c a490-a4c6 a960-a97c ac00-d7a3 f900-faff fe10-fe19 fe30-fe52 ' +
	'fe54-fe66 fe68-fe6b ff01-ff60 ffe0-ffe6 16fe0-16fe4 16ff0-16ff6 17000-18cda 18cff-18d20 18d80-18df2 18e00-19191 ' +
	'191a0-191d2 1aff0-1aff3 1aff5-1affb 1affd-1affe 1b000-1b128 1b132-1b132 1b150-1b152 1b155-1b155 1b164-1b168 ' +
	'1b170-1b2fb 1d300-1d356 1d360-1d376 1f1ae-1f1ae 1f200-1f202 1f210-1f23b 1f240-1f248 1f260-1f265 1f6d9-1f6d9 ' +
	'1f7da-1f7da 1fa8b-1fa8d 1facc-1fadd 1faeb-1faeb 1faf9-1fafa 20000-2fffd 30000-3fffd'
)
	.split(' ')
	.map(range => range.split('-').map(end => Number.parseInt(end, 16)) as [number, number]);

// Hangul vowels and trailing consonants (1160–11FF, D7B0–D7FB) are drawn into the cell of the consonant before them.
const zero = lazily(
	() => /[\p{Default_Ignorable_Code_Point}\p{Cc}\p{Cf}\p{Mn}\p{Me}\p{Cs}\u1160-\u11ff\ud7b0-\ud7c6\ud7cb-\ud7fb]/u,
);
const emojiPresentation = lazily(() => /\p{Emoji_Presentation}/u);
const sequenceSign = /[\u200d\ufe0f\u{1f3fb}-\u{1f3ff}]/u;

const emojiSequence = lazily(
	() =>
		/^(?:\p{RGI_Emoji}|[\p{Emoji}&&\p{Extended_Pictographic}]\ufe0f.*|\p{Extended_Pictographic}.*\u200d.*\p{Extended_Pictographic}.*)$/sv,
);

// One more than the width, filled as code points are met: 0 is "not yet known". Untouched pages cost no memory.
const known = new Uint8Array(0x110000);

function classify(codePoint: number): number {
	const character = String.fromCodePoint(codePoint);
	if (zero().test(character)) return 0;
	if (wideRanges.some(([first, last]) => codePoint >= first && codePoint <= last)) return 2;
	const isFlagLetter = codePoint >= 0x1f1e6 && codePoint <= 0x1f1ff;
	return emojiPresentation().test(character) && !isFlagLetter ? 2 : 1;
}

/** Columns of one code point: 0, 1 or 2. */
export function widthOfCodePoint(codePoint: number): number {
	const before = known[codePoint];
	if (before) return before - 1;
	const width = classify(codePoint);
	known[codePoint] = width + 1;
	return width;
}

function sum(text: string): number {
	let width = 0;
	for (let index = 0; index < text.length; index++) {
		const codePoint = text.codePointAt(index)!;
		if (codePoint > 0xffff) index++;
		width += widthOfCodePoint(codePoint);
	}
	return width;
}

function widthOfGrapheme(grapheme: string): number {
	// No real emoji is longer; the limit keeps a hostile cluster away from the backtracking expression.
	const isShort = grapheme.length > 1 && grapheme.length <= 50;
	return isShort && sequenceSign.test(grapheme) && emojiSequence().test(grapheme) ? 2 : sum(grapheme);
}

let segmenter: Intl.Segmenter | undefined;

/** Letters and signs that never join what is before or after them: each is a grapheme. The segmenter is ten times slower. */
const separate = lazily(
	() =>
		/^[\x20-\x7e[[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Common}]&&[[\p{L}\p{N}\p{P}\p{S}\p{Zs}]--[\u{1f1e6}-\u{1f1ff}\u{1f3fb}-\u{1f3ff}\uff9e\uff9f]]]]*$/v,
);

/** Whether each code point of a text is a grapheme of its own, as far as that is told quickly. */
export const isSeparate = (text: string): boolean => simple.test(text) || separate().test(text);

function* eachGrapheme(text: string): Generator<string> {
	if (isSeparate(text)) {
		yield* text;
		return;
	}
	// Made when first needed: it costs ten milliseconds, and a simple screen never needs it.
	segmenter ??= new Intl.Segmenter('en', {granularity: 'grapheme'});
	for (const {segment} of segmenter.segment(text)) yield segment;
}

/** The user-perceived characters of a text (UAX 29), in order. */
export function graphemes(text: string): string[] {
	return simple.test(text) ? text.split('') : [...eachGrapheme(text)];
}

/** Columns a text takes on one line. Newlines and controls count 0. */
export function widthOf(text: string): number {
	if (simple.test(text)) return text.length;
	if (!sequenceSign.test(text)) return sum(text);
	let width = 0;
	for (const grapheme of eachGrapheme(text)) width += widthOfGrapheme(grapheme);
	return width;
}

/** The longest beginning of a text, in whole graphemes, that takes at most `columns`. Reads no further than it has to. */
export function headOf<T extends string>(text: T, columns: number): {head: T; width: number} {
	const beginning = text.slice(0, columns + 1);
	if (simple.test(beginning))
		return {head: beginning.slice(0, columns) as T, width: Math.min(columns, beginning.length)};
	// The segmenter copies what it is given. A column of SafeText is at most 16 UTF-16 units; other texts widen the look.
	for (let reach = 16 * (columns + 2); ; reach *= 4) {
		const part = text.slice(0, reach);
		let length = 0;
		let width = 0;
		for (const grapheme of eachGrapheme(part)) {
			const next = width + widthOfGrapheme(grapheme);
			if (next > columns) return {head: text.slice(0, length) as T, width};
			width = next;
			length += grapheme.length;
		}
		if (part.length === text.length) return {head: text, width};
	}
}

type FitOptions = {readonly align?: 'left' | 'right'};

/**
A text in exactly `columns` columns: padded with spaces, or cut at a grapheme and ended with `…`.
What goes in as SafeText comes out as SafeText: whole graphemes, spaces and `…` are harmless.
*/
export function fit<T extends string>(text: T, columns: number, {align = 'left'}: FitOptions = {}): T {
	if (columns <= 0) return '' as T;
	let shown: string = text;
	let width: number;
	if (text.length <= columns && simple.test(text)) {
		width = text.length;
	} else {
		const whole = headOf(text, columns);
		width = whole.width;
		if (whole.head.length < text.length) {
			const cut = headOf(whole.head, columns - 1);
			shown = `${cut.head}…`;
			width = cut.width + 1;
		}
	}
	const padding = ' '.repeat(columns - width);
	return (align === 'left' ? shown + padding : padding + shown) as T;
}
