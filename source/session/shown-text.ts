/**
 * Which text of a message is shown, as far as it came: the plain one, the HTML one made readable, or, where the server's
 * description of the message is of no use, the message as it was sent; and what a reader should know about it.
 */
import type {MessageText, TextLine} from '../model/message.ts';
import {calendarOf, encryptionOf, findPart, htmlOf, type Part, plainTextOf} from '../model/part.ts';
import {ours, type SafeText} from '../model/safe-text.ts';
import type {LiveSource} from './live.ts';
import {asWritten, type Readable, readRaw, readText, unwrapped, wrapReadable} from './readable.ts';
import type {SectionReader} from './section-reader.ts';
import type {MessageContent} from './session.ts';

export const noText: MessageText = {
	kind: 'none',
	isAsking: false,
	heldBytes: 0,
	totalBytes: undefined,
	isWhole: false,
	remark: ours(''),
	hasAlternative: false,
};

type ShownTextSurroundings = {
	/** Where it is shown: its text, its links, and the header when only the text had it. */
	readonly content: LiveSource<MessageContent>;
	/** Reads a part, or the message as it was sent. */
	readonly reader: (part: Part | 'as-sent') => SectionReader;
	/** Octets that come without asking. */
	readonly budgetBytes: () => number;
	/** It is another text than before by itself, and has to be brought. */
	readonly onOther: () => void;
};

export class ShownText {
	/** Resolves when what came is readable. */
	decoded: Promise<void> = Promise.resolve();
	readonly #around: ShownTextSurroundings;
	#root: Part | undefined;
	/** What the user said; undefined: nothing. */
	#wantsHtml: boolean | undefined;
	#isRaw = false;
	#reader: SectionReader | undefined;
	#readable: Readable | undefined;
	#wrapped: {columns: number; readable: Readable; lines: readonly TextLine[]} | undefined;
	#reading = 0;
	/** Octets that were decoded the last time. */
	#shownBytes = 0;

	constructor(around: ShownTextSurroundings) {
		this.#around = around;
	}

	/** Brings its octets; undefined: there is no text, or nobody knows yet which. */
	get reader(): SectionReader | undefined {
		return this.#reader;
	}

	/** Whether as much of it is here as was wished for. */
	get isThere(): boolean {
		return this.#reader === undefined || this.#reader.isSatisfied;
	}

	/** Of a message of these parts. */
	choose(root: Part): void {
		this.#root = root;
		const [plain, html] = [plainTextOf(root), htmlOf(root)];
		const isHtml = html !== undefined && (this.#wantsHtml ?? plain === undefined);
		this.#readable = undefined;
		const chosen = isHtml ? html : plain;
		if (chosen === undefined) {
			this.#reader = undefined;
			this.#look();
		} else this.#read(chosen);
	}

	/** The message itself, in windows, as text. `root`: its parts as the server has them, where it says so. */
	chooseRaw(root: Part | undefined): void {
		this.#root = root;
		this.#isRaw = true;
		this.#read('as-sent');
	}

	chooseHtml(isHtml: boolean): void {
		this.#wantsHtml = isHtml;
		if (this.#root !== undefined && !this.#isRaw) this.choose(this.#root);
	}

	/** Returns whether there is more to wish for. */
	wishMore(bytes: number): boolean {
		if (this.#reader === undefined || this.#reader.isWhole) return false;
		this.#reader.wishMore(bytes);
		this.#look();
		return true;
	}

	/** As it was written, without the width of a screen; undefined until it is here and readable. */
	get unwrapped(): SafeText | undefined {
		if (this.#readable === undefined) return this.#reader === undefined ? ours('') : undefined;
		return unwrapped(this.#readable);
	}

	/** The same, for who goes on with it: not to be shown. */
	get asWritten(): string | undefined {
		return this.#readable && asWritten(this.#readable);
	}

	lines(columns: number): readonly TextLine[] {
		const readable = this.#readable;
		if (readable === undefined) return [];
		if (this.#wrapped?.columns !== columns || this.#wrapped.readable !== readable) {
			this.#wrapped = {columns, readable, lines: wrapReadable(readable, columns)};
		}
		return this.#wrapped.lines;
	}

	#read(part: Part | 'as-sent'): void {
		this.#reader = this.#around.reader(part);
		this.#reader.onChange = () => this.#look();
		this.#reader.wish(this.#around.budgetBytes());
		this.#look();
	}

	/** Decodes what is here. HTML takes a moment; an older answer never replaces a newer one. */
	#look(): void {
		const reader = this.#reader;
		const root = this.#root;
		const part = reader && root ? findPart(root, reader.section.part) : undefined;
		const isHtml = part?.subtype === 'html';
		const text: MessageText = {
			kind: reader === undefined ? 'none' : isHtml ? 'html' : 'plain',
			isAsking: reader !== undefined && !reader.isSatisfied,
			heldBytes: reader?.heldBytes ?? 0,
			totalBytes: reader?.totalBytes,
			isWhole: reader?.isWhole ?? true,
			...remarkOn(root, reader !== undefined, isHtml),
			hasAlternative: root !== undefined && plainTextOf(root) !== undefined && htmlOf(root) !== undefined,
		};
		this.#set({text});
		if (reader === undefined || (reader.heldBytes === 0 && !reader.isWhole)) return;
		// Decoding all of it again at each chunk of a long text would cost more than the line.
		const isMuchMore = reader.heldBytes >= this.#shownBytes * 1.5;
		if (this.#readable !== undefined && !reader.isSatisfied && !isMuchMore) return;
		this.#shownBytes = reader.heldBytes;
		this.#reading += 1;
		const reading = this.#reading;
		const octets = reader.octets();
		const result = this.#isRaw
			? readRaw(octets, reader.isWhole)
			: part
				? readText(part, octets, reader.isWhole)
				: undefined;
		if (result instanceof Promise) this.decoded = result.then(readable => this.#showLatest(readable, reading));
		else if (result) this.#show(result);
	}

	#showLatest(readable: Readable, reading: number): void {
		if (reading === this.#reading) this.#show(readable);
	}

	#show(readable: Readable): void {
		this.#readable = readable;
		const {text} = this.#around.content.get();
		const isBlank = !text.isAsking && readable.text.trim() === '';
		const blankRemark = text.isWhole ? blankText : blankWindow;
		// An empty plain text beside an HTML one is a mailer's leavings; who wants it all the same asks for it.
		const hasSaid = this.#wantsHtml !== undefined || this.#isRaw;
		if (isBlank && text.isWhole && text.kind === 'plain' && text.hasAlternative && !hasSaid) {
			this.chooseHtml(true);
			this.#around.onOther();
			return;
		}
		const isBlankHtml = isBlank && text.kind === 'html';
		const isSaid = text.remark !== '' || readable.remark !== '';
		const isBlankSaid = isBlankHtml || (isBlank && !isSaid);
		const said = text.remark === '' ? {remark: readable.remark} : {};
		this.#set({
			links: readable.links,
			text: {...text, ...(isBlankSaid ? blankRemark : said)},
			...(readable.headers.length > 0 ? {headers: readable.headers} : {}),
		});
	}

	#set(change: Partial<MessageContent>): void {
		this.#around.content.set({...this.#around.content.get(), ...change});
	}
}

type Remark = Pick<MessageText, 'remark' | 'advice'>;

const blankText: Remark = {remark: ours('The text of this message is empty'), advice: 'see-parts'};
const blankWindow: Remark = {
	remark: ours('There is nothing to read in what came of this text so far'),
	advice: 'more-text',
};

function remarkOn(root: Part | undefined, hasText: boolean, isHtml: boolean): Remark {
	const encryption = root && encryptionOf(root);
	if (encryption === 'pgp') return {remark: ours('This message is encrypted (OpenPGP)'), advice: 'decrypt-openpgp'};
	if (encryption === 'smime') return {remark: ours('This message is encrypted (S/MIME)'), advice: 'decrypt-smime'};
	if (root && !hasText && calendarOf(root)) return {remark: ours('')};
	if (root && !hasText) return {remark: ours('This message has no text'), advice: 'see-parts'};
	if (root && isHtml && plainTextOf(root) === undefined)
		return {remark: ours('This message has only HTML; made readable here, nothing is loaded from it')};
	return {remark: ours('')};
}
