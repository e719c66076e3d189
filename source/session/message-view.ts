/**
 * A message one reads: headers, structure and text, as far as they came.
 *
 * Opening costs one turn: structure, To, Cc and the first octets of part 1 are asked for together, within the budget
 * and never without a range (part 1 may be the video). What more of the text the budget covers follows in chunks.
 * When the server's description cannot be read, the raw message is fetched in windows and parsed here.
 */
import type {Budget} from '../model/budget.ts';
import {type Price, priceOf} from '../model/budget.ts';
import type {Failure} from '../model/failure.ts';
import {type MessageId, type PartNumber, partNumber} from '../model/ids.ts';
import type {Message, MessageText, TextLine} from '../model/message.ts';
import {encryptionOf, findPart, htmlOf, mayShrink, type Part, plainTextOf, walk} from '../model/part.ts';
import {ours, type SafeText, safeLine} from '../model/safe-text.ts';
import type {Section} from '../remote/remote.ts';
import type {Facts} from '../store/facts.ts';
import {type Described, describe, envelopeHeaders, headerLines, mergeHeaders} from './describe.ts';
import type {Downloads} from './downloads.ts';
import {type Live, live} from './live.ts';
import type {Need, Question} from './needs.ts';
import {fittingProbeBytes, mostToOpenBytes, probeBytes} from './probe.ts';
import {type Readable, readRaw, readText, wrapReadable} from './readable.ts';
import type {SectionReader} from './section-reader.ts';
import type {MessageContent, OpenMessage, PipeOutput, Tell} from './session.ts';
import type {Worker} from './worker.ts';

/** All headers of a message; longer ones are cut and say so. */
const headerBytes = 64 * 1024;

export type MessageSurroundings = {
	readonly facts: Facts;
	readonly worker: Worker;
	readonly downloads: Downloads;
	readonly budget: () => Budget;
	readonly summary: Live<Message | undefined>;
	readonly tell: Tell;
	/** The message's row shows more than before. */
	readonly onHeld: () => void;
	/** The user has seen its text. */
	readonly onShown: () => void;
};

const noText: MessageText = {
	kind: 'none',
	isAsking: false,
	heldBytes: 0,
	totalBytes: undefined,
	isWhole: false,
	remark: ours(''),
	hasAlternative: false,
};

export class MessageView implements OpenMessage {
	readonly id: MessageId;
	readonly part: PartNumber;
	readonly summary: Live<Message | undefined>;
	readonly content = live<MessageContent>({
		state: 'unknown',
		because: ours(''),
		headers: [],
		allHeaders: undefined,
		preview: ours(''),
		structure: undefined,
		text: noText,
		links: [],
	});
	/** Resolves when what came is readable. */
	decoded: Promise<void> = Promise.resolve();
	readonly pipeOutput = live<PipeOutput | undefined>(undefined);
	readonly #around: MessageSurroundings;
	#message: Message;
	#described: Described | undefined;
	#isRaw = false;
	#isOpeningAsked = false;
	#isHtml: boolean | undefined;
	#text: SectionReader | undefined;
	#readable: Readable | undefined;
	#wrapped: {columns: number; readable: Readable; lines: readonly TextLine[]} | undefined;
	#reading = 0;
	/** Octets that were decoded the last time. */
	#shownBytes = 0;

	constructor(message: Message, part: PartNumber, around: MessageSurroundings) {
		this.id = message.id;
		this.part = part;
		this.summary = around.summary;
		this.#message = message;
		this.#around = around;
		const preview = part === '' ? around.facts.preview(this.id) : undefined;
		if (preview) this.#set({preview});
		const json = around.facts.structure(this.id);
		if (json !== undefined) this.#know(JSON.parse(json) as Described);
		else this.#set({headers: mergeHeaders(message, this.#from, [])});
	}

	lines(columns: number): readonly TextLine[] {
		const readable = this.#readable;
		if (readable === undefined) return [];
		if (this.#wrapped?.columns !== columns || this.#wrapped.readable !== readable) {
			this.#wrapped = {columns, readable, lines: wrapReadable(readable, columns)};
		}
		return this.#wrapped.lines;
	}

	ensureContent(): void {
		const {state} = this.content.get();
		if (state === 'gone' || this.#around.worker.isNeeded(this.#key)) return;
		if (state === 'known' && this.#isTextThere()) return;
		if (state !== 'known') this.#set({state: 'asking', because: ours('')});
		this.#around.worker.need(this.#need());
	}

	leave(): void {
		this.#around.worker.unneed(this.#key);
	}

	ensureMoreText(bytes = this.#around.budget().textBytes): void {
		const reader = this.#text;
		if (reader === undefined || reader.isWhole) return;
		reader.wishMore(bytes);
		this.#around.worker.need(this.#need());
		this.#showText();
	}

	ensureAllHeaders(): void {
		if (this.content.get().allHeaders !== undefined) return;
		const section: Section = {part: this.part, of: 'header'};
		const reader = this.#around.downloads.reader(this.#message, section, undefined);
		reader.wish(headerBytes);
		const show = () => this.#set({allHeaders: headerLines(reader.octets())});
		if (reader.isSatisfied) show();
		else this.#around.worker.need(reader.need('looking-at', 'headers', show, failure => this.#problem(failure)));
	}

	shown(): void {
		if (this.part === '') this.#around.onShown();
	}

	chooseHtml(isHtml: boolean): void {
		this.#isHtml = isHtml;
		this.#chooseText();
		this.ensureContent();
	}

	price(parts: readonly PartNumber[]): Price {
		const {held} = this.#around.downloads;
		const loads = parts.flatMap(number => {
			const part = this.#partOrWhole(number);
			if (part === undefined) return [];
			const isDecoded = held.cheaperForm(this.id, part) === 'decoded';
			return {octets: held.leftBytes(this.id, part), isDecoded, mayShrink: mayShrink(part, isDecoded)};
		});
		return priceOf(loads, this.#around.worker.link.get());
	}

	priceOfMoreText(bytes = this.#around.budget().textBytes): Price {
		const reader = this.#text;
		const left = reader === undefined || reader.isWhole ? 0 : (reader.totalBytes ?? bytes) - reader.heldBytes;
		const load = {octets: Math.min(left, bytes), isDecoded: false, mayShrink: true};
		return priceOf([load], this.#around.worker.link.get());
	}

	heldBytes(number: PartNumber): number {
		const part = this.#partOrWhole(number);
		return part === undefined ? 0 : this.#around.downloads.held.heldBytes(this.id, part);
	}

	travelBytes(number: PartNumber): number {
		const part = this.#partOrWhole(number);
		const {held} = this.#around.downloads;
		return part === undefined ? 0 : held.heldBytes(this.id, part) + held.leftBytes(this.id, part);
	}

	isWhole(number: PartNumber): boolean {
		const part = this.#partOrWhole(number);
		return part !== undefined && part.type !== 'multipart' && this.#around.downloads.held.isWhole(this.id, part);
	}

	choose(parts: readonly PartNumber[]): void {
		for (const number of parts) {
			const part = this.#part(number);
			if (part) this.#around.downloads.fetch(this.#message, part, () => this.#around.onHeld());
		}
	}

	partLines(number: PartNumber, columns: number): readonly TextLine[] | undefined {
		const part = this.#part(number);
		if (part === undefined || !this.isWhole(number)) return undefined;
		return this.#around.downloads.lines(this.id, part, columns);
	}

	suggestedFile(number: PartNumber): string {
		return this.#around.downloads.suggestedFile(this.#part(number), number);
	}

	save(number: PartNumber, file: string, {mayReplace = false} = {}): number | undefined {
		const part = this.#partOrWhole(number);
		return part && this.#around.downloads.save(this.#message, part, file, mayReplace);
	}

	stream(number: PartNumber, write: (octets: Buffer) => Promise<void>): number | undefined {
		const part = this.#partOrWhole(number);
		return part && this.#around.downloads.stream(this.#message, part, write);
	}

	saveAll(numbers: readonly PartNumber[], folder: string): void {
		const parts = numbers.map(number => this.#part(number)).filter(part => part !== undefined);
		this.#around.downloads.saveAll(this.#message, parts, folder);
	}

	open(number: PartNumber): void {
		const part = this.#partOrWhole(number);
		if (part) this.#around.downloads.open(this.#message, part);
	}

	pipe(number: PartNumber, command: string): void {
		const part = this.#partOrWhole(number);
		if (part) this.#around.downloads.pipe(this.#message, part, command, this.pipeOutput);
	}

	/** The message was removed on the server. What came of it can still be read. */
	removed(): void {
		this.#around.worker.unneed(this.#key);
		this.#set({
			state: 'gone',
			because: ours(
				'This message was removed on the server, perhaps by another program. What came of it is shown; nothing more can be fetched',
			),
		});
	}

	/** The whole From; a row shows only the name. */
	get #from(): SafeText {
		return this.#around.facts.summary(this.id)?.fromField ?? ours('');
	}

	/** Its row could not be read either, so there is nothing to ask by. */
	unreadable(): void {
		const because = ours(
			'The server’s answer about this message cannot be read, so it cannot be opened. Another mail program may do better',
		);
		this.#set({state: 'failed', because});
	}

	get #key(): string {
		return `message:${this.id}:${this.part}`;
	}

	#set(change: Partial<MessageContent>): void {
		this.content.set({...this.content.get(), ...change});
	}

	#part(number: PartNumber): Part | undefined {
		const root = this.#described?.structure;
		return root && findPart(root, number);
	}

	#partOrWhole(number: PartNumber): Part | undefined {
		return number === '' ? wholeMessagePart(this.#message) : this.#part(number);
	}

	/** The message itself, or the attached one that this is. */
	get #root(): Part | undefined {
		return this.part === '' ? this.#described?.structure : this.#part(this.part);
	}

	#need(): Need {
		return {
			key: this.#key,
			urgency: 'looking-at',
			mailbox: this.#message.mailbox,
			isDone: () => this.#described !== undefined && this.#isTextThere(),
			isAllAsked: () =>
				this.#described === undefined && !this.#isRaw ? this.#isOpeningAsked : (this.#text?.isAllAsked ?? true),
			next: (room, mostBytes) => {
				if (this.#described !== undefined || this.#isRaw) return this.#text?.next(room, 'text');
				return this.#isOpeningAsked ? undefined : this.#askOpening(mostBytes);
			},
			cost: () => ({
				what: ours(this.#described === undefined ? 'Open this message' : 'Fetch the text of this message'),
				mostBytes: this.#mostBytes(),
			}),
			lost: () => {
				this.#isOpeningAsked = false;
				this.#text?.lost();
			},
			fail: failure => {
				this.#isOpeningAsked = false;
				if (failure.kind === 'gone') this.removed();
				else
					this.#set({state: 'failed', because: failure.sentence, text: {...this.content.get().text, isAsking: false}});
			},
		};
	}

	#mostBytes(): number {
		if (this.#described !== undefined || this.#isRaw) return this.#text?.mostBytes() ?? 0;
		return mostToOpenBytes(fittingProbeBytes(probeBytes(this.#around.budget(), this.#around.worker.line), 0));
	}

	#askOpening(mostBytes: number): Question {
		this.#isOpeningAsked = true;
		const {budget, worker} = this.#around;
		const length = fittingProbeBytes(probeBytes(budget(), worker.line), mostBytes);
		return {
			expectedBytes: length + 1000,
			mostBytes: mostToOpenBytes(length),
			ask: async remote => {
				const {answer, structure, header, probe: octets} = await remote.fetchOpening(this.#message.uid, length);
				if (answer === 'gone') return this.removed();
				if (answer === 'unreadable' || structure === undefined)
					return this.#readRawMessage(
						ours('The server’s description of this message cannot be read, so it is shown as it was sent'),
					);
				if (octets.length > 0) this.#around.facts.learnChunk(this.id, '1', 0, octets);
				const described = describe(structure, header);
				this.#around.facts.learnStructure(this.id, JSON.stringify(described));
				this.#know(described);
				this.#around.onHeld();
			},
		};
	}

	#know(described: Described): void {
		this.#described = described;
		const root = this.#root;
		const headers =
			root?.envelope && this.part !== ''
				? envelopeHeaders(root.envelope)
				: mergeHeaders(this.#message, this.#from, described.headers);
		this.#set({state: 'known', because: ours(''), headers, structure: root});
		this.#chooseText();
	}

	/** The server's description cannot be read: the message itself, in windows, as text. */
	#readRawMessage(because: SafeText): void {
		this.#isRaw = true;
		this.#set({state: 'known', because});
		this.#text = this.#around.downloads.reader(
			this.#message,
			{part: partNumber(''), of: 'content'},
			this.#message.sizeBytes,
		);
		this.#text.onChange = () => this.#showText();
		this.#text.wish(this.#around.budget().textBytes);
		this.#described ??= {structure: undefined, headers: []};
		this.#showText();
	}

	#chooseText(): void {
		const root = this.#root;
		if (root === undefined) return;
		if (this.part === '' && seesNothing(root) && this.#message.sizeBytes > 0) {
			this.#readRawMessage(ours('The server sees no text in this message, so it is shown as it was sent'));
			return;
		}
		const [plain, html] = [plainTextOf(root), htmlOf(root)];
		const isHtml = html !== undefined && (this.#isHtml ?? plain === undefined);
		const chosen = isHtml ? html : plain;
		this.#readable = undefined;
		if (chosen === undefined) {
			this.#text = undefined;
			this.#showText();
			return;
		}
		this.#text = this.#around.downloads.reader(this.#message, {part: chosen.number, of: 'content'}, chosen.sizeBytes);
		this.#text.onChange = () => this.#showText();
		this.#text.wish(this.#around.budget().textBytes);
		this.#showText();
	}

	#isTextThere(): boolean {
		return this.#text === undefined || this.#text.isSatisfied;
	}

	/** Decodes what is here. HTML takes a moment; an older answer never replaces a newer one. */
	#showText(): void {
		const reader = this.#text;
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
		const {text} = this.content.get();
		const isBlank = !text.isAsking && readable.text.trim() === '';
		const blankRemark = text.isWhole ? blankText : blankWindow;
		// An empty plain text beside an HTML one is a mailer's leavings; who wants it all the same asks for it.
		if (isBlank && text.isWhole && text.kind === 'plain' && text.hasAlternative && this.#isHtml === undefined) {
			this.chooseHtml(true);
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

	#problem(failure: Failure): void {
		this.#around.tell('problem', safeLine(failure.sentence));
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
	if (root && !hasText) return {remark: ours('This message has no text'), advice: 'see-parts'};
	if (root && isHtml && plainTextOf(root) === undefined)
		return {remark: ours('This message has only HTML; made readable here, nothing is loaded from it')};
	return {remark: ours('')};
}

/** A server that found no end of a header, or a boundary that is none, describes parts of no octets. */
const seesNothing = (root: Part): boolean => {
	const leaves = [...walk(root)].filter(part => part.children.length === 0);
	return leaves.every(part => part.sizeBytes === 0);
};

/** The whole message as one part, for piping it. */
function wholeMessagePart(message: Message): Part {
	return {
		number: partNumber(''),
		type: 'message',
		subtype: 'rfc822',
		parameters: {},
		encoding: '8bit',
		sizeBytes: message.sizeBytes,
		disposition: '',
		name: ours(''),
		description: ours(''),
		children: [],
		envelope: undefined,
	};
}
