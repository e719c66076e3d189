/**
HTML from a mail → text that reads well in a terminal, with its links numbered and listed at the end.

Laws:
- Nothing is loaded, nothing is run (law 10): images are their `alt` text, links are words.
- What the author hid stays hidden, and where a link's words name another host than it leads to, the text says so.
- 2 MB of hostile HTML take bounded time and memory; what was cut is said in the text.

The packages for HTML are loaded when the first HTML is read: rows and plain texts never pay for them.
*/
import {type SafeText, safeLine, safeText} from '../model/safe-text.ts';

const lineBreaks = {leadingLineBreaks: 2, trailingLineBreaks: 2};
const heading = {format: 'heading', options: {...lineBreaks, uppercase: false}};

const options = {
	wordwrap: false as const,
	selectors: [
		...['h1', 'h2', 'h3', 'h4', 'h5', 'h6'].map(selector => ({selector, ...heading})),
		{selector: 'hr', format: 'horizontalLine', options: {length: 30, ...lineBreaks}},
		{selector: 'ul', format: 'unorderedList', options: {itemPrefix: '* ', ...lineBreaks}},
		{selector: 'blockquote', format: 'blockquote', options: {trimEmptyLines: true, ...lineBreaks}},
	],
	limits: {maxInputLength: 1 << 24},
};

export type HtmlText = {
	readonly text: SafeText;
	/** The address of `[1]` at index 0. Only http, https and mailto. */
	readonly links: readonly SafeText[];
};

/** @param html Decoded, not yet safe; the beginning of a longer one will do. */
export async function htmlToText(html: string): Promise<HtmlText> {
	const [{cleanHtml}, {convert}] = await Promise.all([import('./html-clean.ts'), import('html-to-text')]);
	const clean = cleanHtml(html);
	const body = convert(clean.html, options)
		.split('\n')
		// Not by /\s+$/: a run of blanks that ends in a word would be tried from each of them.
		.map(line => line.trimEnd())
		.join('\n')
		.replace(/\n{3,}/g, '\n\n')
		.replace(/^\n+|\n+$/g, '');
	const links = clean.links.map(safeLine);
	const list = links.map((link, index) => `[${index + 1}] ${link}`).join('\n');
	const remarks = clean.remarks.map(remark => `[${remark}]`).join('\n');
	const sections = [remarks, body, list === '' ? '' : `Links:\n${list}`];
	return {text: safeText(sections.filter(section => section !== '').join('\n\n')), links};
}
