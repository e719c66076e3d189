/**
HTML from a mail → a small, well-formed HTML of the few elements that make text: paragraphs, lists, headings, quotes. What is invisible, executable or remote is left out; links and images are words.

Laws:
- Linear in the input, whatever it is: no search goes further up than `maxSearch`, at most `maxElements` are emitted and none deeper than `maxDepth`, no recursion.
- Nothing of an attribute reaches the output but the words of `alt` and the numbers of links.
- What was cut is said in `remarks`.

The tokenizer is htmlparser2's, which knows how broken HTML is read; the tree is ours, because hostile trees are the point.
*/
import {Tokenizer} from 'htmlparser2';
import {LinkList} from './html-links.ts';
import {isVisible, rootVisibility, type Visibility, within} from './html-visibility.ts';

const maxInput = 2_000_000;
const maxDepth = 60;
/** Every level of these is written in front of every line. */
const maxIndent = 20;
const maxElements = 50_000;
const maxSearch = 256;
const maxAttribute = 8_000;
const maxAlt = 200;

const setOf = (names: string): ReadonlySet<string> => new Set(names.split(' '));
const indents = setOf('ul ol blockquote');
const voids = setOf('area base br col embed hr img input link meta param source track wbr');
const dropped = setOf(
	'script style title template object applet svg math iframe audio video canvas select textarea xml map noembed noframes datalist',
);
const kept = setOf('p ul ol li blockquote pre h1 h2 h3 h4 h5 h6');
const blocks = setOf(
	'div table tr section article header footer main nav aside form fieldset dl dt dd center figure figcaption address caption details summary body',
);
const cells = setOf('td th');
const tableParts = setOf('table thead tbody tfoot tr td th');
const closesParagraph = new Set([...kept, ...blocks, 'hr']);
const impliedEnds: Readonly<Record<string, ReadonlySet<string>>> = {
	li: setOf('li p'),
	td: setOf('td th p'),
	th: setOf('td th p'),
	tr: setOf('td th tr p'),
	dt: setOf('dt dd p'),
	dd: setOf('dt dd p'),
	option: setOf('option'),
	a: setOf('a'),
};
const paragraph = setOf('p');

type Frame = {
	readonly name: string;
	/** The element it became in the output; '' for none. */
	readonly emitted: string;
	readonly visibility: Visibility;
	/** Of an `<a>`: where it leads, and where its words begin in the output. */
	readonly href: string | undefined;
	readonly start: number;
};

type CleanHtml = {readonly html: string; readonly links: readonly string[]; readonly remarks: readonly string[]};

const escapeHtml = (text: string): string => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
const unescapeHtml = (text: string): string => text.replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&amp;/g, '&');

// The invisible filling behind a preheader.
const filler =
	/(?:[\u00a0\u00ad\u061c\u115f\u17b4\u17b5\u180e\u2000-\u200f\u2028-\u202e\u2060-\u2064\u3164\ufeff ]|\u034f){6,}/g;

class Cleaner {
	readonly links = new LinkList();
	readonly out: string[] = [];
	isSimplified = false;
	readonly #stack: Frame[] = [];
	#depth = 0;
	#indent = 0;
	#elements = 0;
	#text = '';
	readonly #hasStyleSheet: boolean;
	readonly #root: Visibility;

	constructor(hasStyleSheet: boolean) {
		this.#hasStyleSheet = hasStyleSheet;
		this.#root = rootVisibility(hasStyleSheet);
	}

	get #visibility(): Visibility {
		return this.#stack.at(-1)?.visibility ?? this.#root;
	}

	text(text: string): void {
		if (isVisible(this.#visibility)) this.#text += text;
	}

	#flush(): void {
		if (this.#text === '') return;
		this.out.push(escapeHtml(this.#text.replace(filler, ' ')));
		this.#text = '';
	}

	open(name: string, attributes: Record<string, string>): void {
		this.#flush();
		const ends = impliedEnds[name] ?? (closesParagraph.has(name) ? paragraph : undefined);
		while (ends?.has(this.#stack.at(-1)?.name ?? '')) this.#pop();

		const around = this.#visibility;
		const visibility = dropped.has(name) ? {...around, isGone: true} : within(around, attributes, this.#hasStyleSheet);
		if (voids.has(name)) {
			if (isVisible(visibility)) this.#openVoid(name, attributes);
			return;
		}
		const wanted = kept.has(name) ? name : blocks.has(name) ? 'div' : '';
		const emitted = wanted !== '' && !visibility.isGone && this.#begin(wanted) ? wanted : '';
		if (name === 'q') this.text('“');
		const href = name === 'a' ? attributes.href : undefined;
		this.#stack.push({name, emitted, visibility, href, start: this.out.length});
	}

	/** Whether there was room for the element; else its words begin a line, or at least stand apart. */
	#begin(name: string): boolean {
		const isIndent = indents.has(name);
		this.#elements++;
		if (this.#elements <= maxElements && this.#depth < maxDepth && (!isIndent || this.#indent < maxIndent)) {
			this.out.push(`<${name}>`);
			this.#depth++;
			if (isIndent) this.#indent++;
			return true;
		}
		this.isSimplified = true;
		this.out.push(this.#elements <= maxElements ? '<br>' : ' ');
		return false;
	}

	#openVoid(name: string, {alt = '', width = '', height = ''}: Record<string, string>): void {
		if (name === 'br' || name === 'hr') this.out.push(this.#elements++ < maxElements ? `<${name}>` : ' ');
		if (name !== 'img') return;
		const isPixel = /^[01](?:px)?$/.test(width.trim()) || /^[01](?:px)?$/.test(height.trim());
		const words = alt.replace(/\s+/g, ' ').trim().slice(0, maxAlt);
		if (isPixel || words === '') return;
		// An emoji as a picture is the emoji.
		this.#text += /[\p{L}\p{N}]/u.test(words) || !/\P{ASCII}/u.test(words) ? `[${words}]` : words;
	}

	close(name: string): void {
		this.#flush();
		const lowest = Math.max(0, this.#stack.length - maxSearch);
		for (let index = this.#stack.length - 1; index >= lowest; index--) {
			const open = this.#stack[index]!.name;
			if (open === name) {
				while (this.#stack.length > index) this.#pop();
				return;
			}
			// A stray end tag in a cell does not end what is around the table.
			if ((cells.has(open) || open === 'table') && !tableParts.has(name)) return;
		}
	}

	#pop(): void {
		const frame = this.#stack.at(-1)!;
		if (frame.name === 'q') this.text('”');
		this.#flush();
		this.#stack.pop();
		if (frame.href !== undefined) this.#finishLink(frame.href, frame.start);
		if (cells.has(frame.name) && !frame.visibility.isGone) this.out.push(' ');
		if (frame.emitted !== '') {
			this.out.push(`</${frame.emitted}>`);
			this.#depth--;
			if (indents.has(frame.emitted)) this.#indent--;
		}
	}

	#finishLink(href: string, start: number): void {
		// The words of a link fit in a line; what a hostile one wraps is not searched.
		const inside = this.out.slice(start, start + 200);
		const words = unescapeHtml(inside.filter(piece => !/^<\/?[a-z]/.test(piece)).join('')).replace(/\s+/g, ' ');
		const {mark, words: instead} = this.links.mark(href, words);
		if (mark === '') return;
		if (instead !== undefined && inside.length === 1) this.out[start] = escapeHtml(instead);
		this.out.push(escapeHtml(mark));
	}

	end(): void {
		while (this.#stack.length > 0) this.#pop();
		this.#flush();
	}
}

export function cleanHtml(html: string): CleanHtml {
	const input = html.length > maxInput ? html.slice(0, maxInput) : html;
	const cleaner = new Cleaner(/<style|<link/i.test(input));
	let name = '';
	let attributes: Record<string, string> = {};
	let attribute = '';
	let value = '';

	const openTag = () => cleaner.open(name, attributes);
	const tokenizer = new Tokenizer(
		{xmlMode: false, decodeEntities: true},
		{
			onopentagname(start, end) {
				name = input.slice(start, Math.min(end, start + 40)).toLowerCase();
				attributes = Object.create(null);
			},
			onattribname(start, end) {
				attribute = input.slice(start, Math.min(end, start + 40)).toLowerCase();
				value = '';
			},
			onattribdata(start, end) {
				if (value.length < maxAttribute) value += input.slice(start, Math.min(end, start + maxAttribute));
			},
			onattribentity(codePoint) {
				if (value.length < maxAttribute) value += String.fromCodePoint(codePoint);
			},
			onattribend() {
				attributes[attribute] ??= value;
			},
			onopentagend: openTag,
			onselfclosingtag: openTag,
			onclosetag: (start, end) => cleaner.close(input.slice(start, Math.min(end, start + 40)).toLowerCase()),
			ontext: (start, end) => cleaner.text(input.slice(start, end)),
			ontextentity: codePoint => cleaner.text(String.fromCodePoint(codePoint)),
			oncdata: () => {},
			oncomment: () => {},
			ondeclaration: () => {},
			onprocessinginstruction: () => {},
			onend: () => {},
		},
	);
	tokenizer.write(input);
	tokenizer.end();
	cleaner.end();

	const remarks: string[] = [];
	if (input.length < html.length) remarks.push(`Only the first ${maxInput / 1_000_000} MB of this HTML are shown.`);
	if (cleaner.isSimplified) remarks.push('This HTML is too deep or too long; its layout is lost in places.');
	if (cleaner.links.isCut) remarks.push('It has more links than are listed.');
	return {html: cleaner.out.join(''), links: cleaner.links.addresses, remarks};
}
