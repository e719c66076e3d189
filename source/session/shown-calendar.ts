/**
 * The invitation of a message, or another calendar in it: brought whole, where what the budget leaves beside the text covers
 * it, and then in words. What reads it is loaded when the first one is here.
 */
import type {CalendarReading} from '../model/invitation.ts';
import {invitationText} from '../model/invitation-words.ts';
import type {TextLine} from '../model/message.ts';
import {calendarOf, isAlternative, type Part} from '../model/part.ts';
import {ours, type SafeText} from '../model/safe-text.ts';
import {decodePart, htmlToText, wrapText} from '../text/text.ts';
import type {LiveSource} from './live.ts';
import type {SectionReader} from './section-reader.ts';
import type {MessageContent, ShownCalendar as Shown} from './session.ts';

type Surroundings = {
	readonly content: LiveSource<MessageContent>;
	readonly reader: (part: Part) => SectionReader;
	/** Its octets, where all of them are here, and how they are encoded. */
	readonly whole: (part: Part) => {readonly part: Part; readonly octets: Buffer} | undefined;
};

/** The user's, as the runtime knows it. */
const ownZone = (): string => new Intl.DateTimeFormat().resolvedOptions().timeZone;

const looksLikeHtml = /<(?:br|p|a|b|i|u|ul|ol|li|div|span|html|table)(?:\s[^<>]*)?\/?>/i;

/** It is to be plain text, and what some programs have in it is not. */
async function withoutHtml(reading: CalendarReading): Promise<CalendarReading> {
	if (reading.is === 'text' || !looksLikeHtml.test(reading.invitation.description)) return reading;
	const {text} = await htmlToText(reading.invitation.description.replaceAll('\n', '<br>'));
	return {...reading, invitation: {...reading.invitation, description: text}};
}

export class ShownCalendar {
	/** Resolves when what came is readable. */
	decoded: Promise<void> = Promise.resolve();
	readonly #around: Surroundings;
	#part: Part | undefined;
	#reader: SectionReader | undefined;
	#wrapped: {text: SafeText; columns: number; lines: readonly TextLine[]} | undefined;

	constructor(around: Surroundings) {
		this.#around = around;
	}

	/** Brings its octets; undefined: there is none, or it is here, or it was not wished for. */
	get reader(): SectionReader | undefined {
		return this.#reader;
	}

	get isThere(): boolean {
		return this.#reader === undefined || this.#reader.isSatisfied;
	}

	/** It could be brought, and was not wished for. */
	get isOffered(): boolean {
		return this.#shown?.state === 'offered';
	}

	get part(): Part | undefined {
		return this.#part;
	}

	/** Of a message of these parts; what is longer than so many octets has to be asked for. Returns how many may come. */
	choose(root: Part, leftBytes: number): number {
		if (this.#part !== undefined) return this.#reader?.isSatisfied === false ? this.#part.sizeBytes : 0;
		const part = calendarOf(root);
		if (part === undefined) return 0;
		this.#part = part;
		const isToldByText = isAlternative(root, part);
		this.#set({part: part.number, state: 'offered', sizeBytes: part.sizeBytes, reading: undefined, isToldByText});
		if (this.#readHeld()) return 0;
		if (part.sizeBytes > leftBytes) return 0;
		this.wish();
		return part.sizeBytes;
	}

	/** All of it is wished for. Returns whether there is anything to bring. */
	wish(): boolean {
		if (this.#part === undefined || !this.isOffered || this.#readHeld()) return false;
		this.#reader = this.#around.reader(this.#part);
		this.#reader.onChange = () => this.#look();
		this.#reader.wish(Number.POSITIVE_INFINITY);
		this.#set({state: 'asking'});
		return true;
	}

	/** It will not come by itself any more. */
	failed(): void {
		if (this.#shown?.state !== 'asking') return;
		this.#reader = undefined;
		this.#set({state: 'offered'});
	}

	lines(columns: number): readonly TextLine[] {
		const reading = this.#shown?.reading;
		if (reading === undefined) return [];
		const text = reading.is === 'text' ? reading.text : reading.invitation.description;
		if (text === '') return [];
		if (this.#wrapped?.text !== text || this.#wrapped.columns !== columns)
			this.#wrapped = {text, columns, lines: wrapText(text, {columns})};
		return this.#wrapped.lines;
	}

	/** As text, to be quoted. */
	get asText(): SafeText {
		const reading = this.#shown?.reading;
		if (reading === undefined) return ours('');
		return reading.is === 'text' ? reading.text : invitationText(reading.invitation);
	}

	get #shown(): Shown | undefined {
		return this.#around.content.get().calendar;
	}

	#look(): void {
		const [part, reader] = [this.#part, this.#reader];
		if (part && reader?.isWhole) this.#read(part, reader.octets());
	}

	/** Returns whether all of it is here. */
	#readHeld(): boolean {
		const held = this.#part && this.#around.whole(this.#part);
		if (held) this.#read(held.part, held.octets);
		return held !== undefined;
	}

	#read({encoding, parameters}: Part, octets: Buffer): void {
		const {text} = decodePart(octets, {encoding, charset: parameters.charset ?? '', isWhole: true});
		this.decoded = import('../calendar/calendar.ts').then(async ({readCalendar}) => {
			const reading = readCalendar(text, {zone: ownZone(), method: parameters.method ?? ''});
			this.#set({state: 'known', reading: await withoutHtml(reading)});
		});
	}

	#set(change: Partial<Shown>): void {
		const content = this.#around.content.get();
		this.#around.content.set({...content, calendar: {...content.calendar, ...change} as Shown});
	}
}
