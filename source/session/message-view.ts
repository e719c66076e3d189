/**
 * A message one reads: headers, structure and text, as far as they came.
 *
 * Opening costs one turn (`opening.ts`); what more of the text the budget covers follows in chunks. When the server's
 * description cannot be read, the raw message is fetched in windows and parsed here (`shown-text.ts`).
 */
import type {Budget} from '../model/budget.ts';
import {type Price, priceOf} from '../model/budget.ts';
import {type MessageId, type PartNumber, partNumber} from '../model/ids.ts';
import type {Message, TextLine} from '../model/message.ts';
import {findPart, hasNoOctets, mayShrink, type Part, wholeMessage} from '../model/part.ts';
import {ours, type SafeText} from '../model/safe-text.ts';
import type {Facts} from '../store/facts.ts';
import {type Described, envelopeHeaders, headerLines, mergeHeaders} from './describe.ts';
import type {Downloads} from './downloads.ts';
import {type Live, live} from './live.ts';
import {MessageFields} from './message-fields.ts';
import type {Need} from './needs.ts';
import {Opening} from './opening.ts';
import type {SectionReader} from './section-reader.ts';
import type {ListFields, MessageContent, OpenMessage, PipeOutput, Tell, WrittenMessage} from './session.ts';
import {ShownCalendar} from './shown-calendar.ts';
import {noText, ShownText} from './shown-text.ts';
import type {Worker} from './worker.ts';

type MessageSurroundings = {
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
		calendar: undefined,
		links: [],
	});
	readonly pipeOutput = live<PipeOutput | undefined>(undefined);
	readonly #around: MessageSurroundings;
	readonly #message: Message;
	readonly #opening: Opening;
	readonly #fields: MessageFields;
	readonly #text: ShownText;
	readonly #calendar: ShownCalendar;
	/** Octets that its invitation takes of the budget. */
	#calendarBytes = 0;

	constructor(message: Message, part: PartNumber, around: MessageSurroundings) {
		this.id = message.id;
		this.part = part;
		this.summary = around.summary;
		this.#message = message;
		this.#around = around;
		this.#fields = new MessageFields({
			reader: of => around.downloads.reader(message, {part, of}, undefined),
			worker: around.worker,
			tell: around.tell,
		});
		this.#text = new ShownText({
			content: this.content,
			reader: part => this.#reader(part),
			budgetBytes: () => Math.max(0, around.budget().textBytes - this.#calendarBytes),
			onOther: () => this.ensureContent(),
		});
		this.#calendar = new ShownCalendar({
			content: this.content,
			reader: part => this.#reader(part),
			whole: part => {
				const {held} = around.downloads;
				return held.isWhole(this.id, part) ? held.asHeld(this.id, part) : undefined;
			},
		});
		const preview = part === '' ? around.facts.preview(this.id) : undefined;
		if (preview) this.#set({preview});
		this.#opening = new Opening(message, {...around, onOpened: opened => this.#opened(opened)});
		const {described} = this.#opening;
		if (described !== undefined) this.#know(described);
		else this.#set({headers: mergeHeaders(message, this.#from, [])});
	}

	get lies(): Pick<Message, 'mailbox' | 'uid'> {
		return this.#message;
	}

	/** Resolves when what came is readable. */
	get decoded(): Promise<unknown> {
		return Promise.all([this.#text.decoded, this.#calendar.decoded]);
	}

	lines(columns: number): readonly TextLine[] {
		return this.#text.lines(columns);
	}

	calendarLines(columns: number): readonly TextLine[] {
		return this.#calendar.lines(columns);
	}

	ensureContent(): void {
		const {state} = this.content.get();
		if (state === 'gone' || this.#around.worker.isNeeded(this.#key)) return;
		if (state === 'known' && this.#isThere) return;
		if (state !== 'known') this.#set({state: 'asking', because: ours('')});
		this.#around.worker.need(this.#need());
	}

	leave(): void {
		this.#around.worker.unneed(this.#key);
	}

	ensureMoreText(bytes = this.#around.budget().textBytes): void {
		const isMore = this.#calendar.isOffered ? this.#calendar.wish() : this.#text.wishMore(bytes);
		if (isMore) this.#around.worker.need(this.#need());
	}

	ensureAllHeaders(): void {
		if (this.content.get().allHeaders === undefined)
			this.#fields.ensureAll(octets => this.#set({allHeaders: headerLines(octets)}));
	}

	ensureForAnswer(): void {
		// That they are here is news to who waits.
		if (this.#answerHeader() === undefined) this.#fields.ensureForAnswer(() => this.#set({}));
	}

	ensureListFields(): Live<ListFields> {
		return this.#fields.ensureList();
	}

	written(): WrittenMessage {
		const {state, text, calendar} = this.content.get();
		const header = this.#answerHeader();
		const found = text.kind === 'none' && calendar ? this.#calendar.asText : this.#text.unwrapped;
		const isOver = state === 'gone' || state === 'failed';
		return {
			header: header ?? this.#knownHeader(),
			isHeaderHere: header !== undefined,
			text: found ?? ours(''),
			written: this.#text.asWritten,
			isTextWhole: text.isWhole,
			isTextHere:
				isOver || (state === 'known' && !text.isAsking && calendar?.state !== 'asking' && found !== undefined),
		};
	}

	/** Undefined until it is here. */
	#answerHeader(): Buffer | undefined {
		return this.content.get().allHeaders === undefined ? this.#fields.forAnswer() : this.#fields.all();
	}

	/** What rows and summaries have of it. */
	#knownHeader(): Buffer {
		const kept = this.part === '' ? this.#around.facts.summary(this.id)?.kept : undefined;
		const {headers} = this.content.get();
		const shown = headers.flatMap(({name, value}) => (/^\(no/.test(value) ? [] : [`${name}: ${value}`]));
		const ids = kept && [
			['Message-ID', kept.messageId],
			['In-Reply-To', kept.inReplyTo],
			['References', kept.references],
		];
		const known = (ids ?? []).flatMap(([name, value]) => (value === '' ? [] : [`${name}: ${value}`]));
		return Buffer.from(`${[...shown, ...known].join('\r\n')}\r\n\r\n`);
	}

	shown(): void {
		if (this.part === '') this.#around.onShown();
	}

	chooseHtml(isHtml: boolean): void {
		this.#text.chooseHtml(isHtml);
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
		const {part, isOffered} = this.#calendar;
		if (part && isOffered) return this.price([part.number]);
		const {reader} = this.#text;
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

	save(number: PartNumber, file: string, {mayReplace = false, isQuiet = false} = {}): number | undefined {
		const part = this.#partOrWhole(number);
		return part && this.#around.downloads.save(this.#message, part, file, {mayReplace, isQuiet});
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
		if (this.content.get().calendar?.state !== 'known') this.#set({calendar: undefined});
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
		const root = this.#opening.described?.structure;
		return root && findPart(root, number);
	}

	#partOrWhole(number: PartNumber): Part | undefined {
		return number === '' ? wholeMessage(this.#message.sizeBytes) : this.#part(number);
	}

	/** The message itself, or the attached one that this is. */
	get #root(): Part | undefined {
		return this.part === '' ? this.#opening.described?.structure : this.#part(this.part);
	}

	#need(): Need {
		return {
			key: this.#key,
			urgency: 'looking-at',
			mailbox: this.#message.mailbox,
			isDone: () => this.#isThere,
			isAllAsked: () =>
				this.#opening.described === undefined ? this.#opening.isAsked : this.#readers.every(each => each.isAllAsked),
			next: (room, mostBytes) => {
				if (this.#opening.described === undefined) return this.#opening.next(mostBytes);
				for (const reader of this.#readers) {
					const question = reader.isAllAsked ? undefined : reader.next(room, 'text');
					if (question) return question;
				}
				return undefined;
			},
			cost: () =>
				this.#opening.described === undefined
					? {what: ours('Open this message'), mostBytes: this.#opening.mostBytes()}
					: {
							what: ours('Fetch the text of this message'),
							mostBytes: this.#readers.reduce((sum, each) => sum + each.mostBytes(), 0),
						},
			lost: () => {
				this.#opening.lost();
				for (const reader of this.#readers) reader.lost();
			},
			fail: failure => {
				this.#opening.lost();
				this.#calendar.failed();
				if (failure.kind === 'gone') this.removed();
				else
					this.#set({state: 'failed', because: failure.sentence, text: {...this.content.get().text, isAsking: false}});
			},
		};
	}

	/** What of it is wished for is here. */
	get #isThere(): boolean {
		return this.#opening.described !== undefined && this.#readers.every(each => each.isSatisfied);
	}

	/** The invitation first: it says what the text says, and more. */
	get #readers(): readonly SectionReader[] {
		return [this.#calendar.reader, this.#text.reader].filter(each => each !== undefined);
	}

	#opened(opened: Described | 'gone' | 'unreadable'): void {
		if (opened === 'gone') this.removed();
		else if (opened === 'unreadable')
			this.#chooseRaw(ours('The server’s description of this message cannot be read, so it is shown as it was sent'));
		else {
			this.#know(opened);
			this.#around.onHeld();
		}
	}

	#know(described: Described): void {
		const root = this.#root;
		const headers =
			root?.envelope && this.part !== ''
				? envelopeHeaders(root.envelope)
				: mergeHeaders(this.#message, this.#from, described.headers);
		this.#set({state: 'known', because: ours(''), headers, structure: root});
		if (root === undefined) return;
		if (this.part === '' && hasNoOctets(root) && this.#message.sizeBytes > 0)
			this.#chooseRaw(ours('The server sees no text in this message, so it is shown as it was sent'));
		else {
			const leftBytes = this.#around.budget().textBytes - this.#opening.broughtBytes;
			this.#calendarBytes = this.#calendar.choose(root, leftBytes);
			this.#text.choose(root);
		}
	}

	#chooseRaw(because: SafeText): void {
		this.#set({state: 'known', because});
		this.#text.chooseRaw(this.#root);
	}

	#reader(part: Part | 'as-sent'): SectionReader {
		const [number, sizeBytes] =
			part === 'as-sent' ? [partNumber(''), this.#message.sizeBytes] : [part.number, part.sizeBytes];
		return this.#around.downloads.reader(this.#message, {part: number, of: 'content'}, sizeBytes);
	}
}
