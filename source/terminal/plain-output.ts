/**
 * The plain mode's stand-in for the tty that Ink writes to: for TERM=dumb, braille displays and speech.
 *
 * Laws: output is only ever appended, line by line; no escape sequence passes, whoever writes it; a terminal that is
 * still busy with the lines before is told about the newest screen only. What is said of a screen is in speech.ts.
 */
import {Writable} from 'node:stream';
import type {WriteStream} from 'node:tty';
import {spokenLines} from '../model/spoken.ts';
import {asciiOf} from './ascii.ts';
import {type Frame, whatToSay, wholeScreen} from './speech.ts';
import {TtyWriter} from './tty-writer.ts';

type Asked = {readonly id: string; readonly typed: string};

export type PlainOptions = {
	readonly isUtf8: boolean;
	/** Whether the terminal itself shows what is typed, line by line. */
	readonly echoesLines: boolean;
};

/** How much is said at once is no matter of the window's height. */
const pageRows = 24;
const leastColumns = 40;
/** Too short to be felt, and long enough for all the keys of a packet and for the answer of a near server. */
const stillMs = 50;
const longestWaitMs = 300;
const mostColumns = 100;

export class PlainOutput extends Writable {
	readonly isTTY = false;
	/** Of the window as it was at first: later widths are the terminal's matter. */
	readonly columns: number;
	readonly rows = pageRows;
	readonly isAlternate = false;
	readonly #writer: TtyWriter;
	readonly #options: PlainOptions;
	#isSilent = false;
	#now: Frame = [];
	/** The screen as the user knows it. */
	#known: Frame = [];
	#dueSince: number | undefined;
	#timer: NodeJS.Timeout | undefined;
	#again: 'no' | 'screen' | 'all rows' = 'no';
	/** The question at whose end the output stands. */
	#asked: Asked | undefined;

	constructor(tty: WriteStream, options: PlainOptions) {
		super({decodeStrings: false});
		this.#writer = new TtyWriter(tty, () => this.#due());
		this.#options = options;
		this.columns = Math.max(leastColumns, Math.min(mostColumns, tty.columns || 80));
	}

	get bytesWritten(): number {
		return this.#writer.octetsWritten;
	}

	/** How long the last words are worth waiting for when we go. */
	readonly farewellMs = 1000;

	/** Whether all that was to be said has been. */
	get isSettled(): boolean {
		return this.#dueSince === undefined && !this.#writer.isBusy;
	}

	/** While a child has the terminal nothing of ours may reach it; then the screen is said again. */
	get isSilent(): boolean {
		return this.#isSilent;
	}

	set isSilent(isSilent: boolean) {
		if (isSilent === this.#isSilent) return;
		this.#isSilent = isSilent;
		if (!isSilent && this.#now.length > 0) this.sayAgain();
	}

	sayAgain({hasAllRows = false}: {readonly hasAllRows?: boolean} = {}): void {
		this.#again = hasAllRows ? 'all rows' : 'screen';
		this.#due();
	}

	/** After somebody else has written: there is no other way to paint here. */
	repaint(): void {
		this.sayAgain();
	}

	/** Whoever writes next begins on a line of his own. */
	leave(): void {
		clearTimeout(this.#timer);
		this.#dueSince = undefined;
		this.#put(this.#endOfLine());
	}

	/** Modes, questions and windows are nothing here, nor is a screen of our own. */
	control(_sequence: string): void {}
	ask(): void {}
	answered(_report: string): void {}
	resized(): void {}
	hold(_isUnfinished: boolean): void {}
	enterAgain(): void {}

	/** Each write of Ink's is a whole screen. */
	override _write(chunk: string | Uint8Array, _encoding: BufferEncoding, done: () => void): void {
		const frame = spokenLines(typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8'));
		if (frame.length > 0) {
			this.#now = frame;
			this.#due();
		}
		done();
	}

	/** Once the screen stands still: what came and went meanwhile is not said. */
	#due(): void {
		const now = performance.now();
		this.#dueSince ??= now;
		clearTimeout(this.#timer);
		const wait = Math.max(0, Math.min(stillMs, this.#dueSince + longestWaitMs - now));
		this.#timer = setTimeout(() => {
			this.#dueSince = undefined;
			if (!this.#isSilent && !this.#writer.isBusy) this.#put(this.#speech());
		}, wait);
	}

	#speech(): string {
		const question = this.#now.find(({kind}) => kind === 'question');
		const typed = this.#now.find(({kind}) => kind === 'typed')?.words ?? '';
		const isSame = question !== undefined && question.id === this.#asked?.id;
		if (isSame && this.#again === 'no') return this.#echo(question.id, typed);

		const lines =
			this.#again === 'no'
				? whatToSay(this.#known, this.#now)
				: wholeScreen(this.#now, {hasAllRows: this.#again === 'all rows'});
		const before = this.#endOfLine();
		this.#known = this.#now;
		this.#again = 'no';
		const said = before + lines.map(line => `${line}\n`).join('');
		if (!question) return said;
		this.#asked = {id: question.id, typed};
		return `${said}${question.words} ${typed}${this.#options.echoesLines ? '\n' : ''}`;
	}

	/** What is typed at the end is added; anything else is the line once more. */
	#echo(id: string, typed: string): string {
		const before = this.#asked?.typed ?? '';
		this.#asked = {id, typed};
		if (this.#options.echoesLines || typed === before) return '';
		return typed.startsWith(before) ? typed.slice(before.length) : `\n${typed}`;
	}

	#endOfLine(): string {
		const isOpen = this.#asked !== undefined && !this.#options.echoesLines;
		this.#asked = undefined;
		return isOpen ? '\n' : '';
	}

	#put(text: string): void {
		if (text === '') return;
		const out = this.#options.isUtf8 ? text : asciiOf(text.replaceAll('…', '...'));
		this.#writer.write(out);
	}
}
