/**
 * The stand-in for the tty that Ink writes to: the cell terminal. Every octet to the screen passes here.
 *
 * What Ink writes is interpreted on a virtual screen; what reaches the tty is the difference between that and what is
 * shown, one write per frame. While the terminal is busy nothing is queued: frames that nobody has seen are dropped,
 * and when there is room again the newest screen is what is sent, the cursor's row first.
 *
 * Laws: nothing of ours reaches the tty while a child has it (`isSilent`) or off our own screen; the process never
 * waits for the terminal.
 */
import {Writable} from 'node:stream';
import type {WriteStream} from 'node:tty';
import {asciiOf} from './ascii.ts';
import {type Abilities, abilitiesAfter, type Capabilities} from './capabilities.ts';
import {encodeFrame} from './frame-encoder.ts';
import {Grid} from './grid.ts';
import {octetsOf} from './octets.ts';
import {isAnswer, Pace, question} from './pace.ts';
import {Pen, type PenState, penAtStart} from './pen.ts';
import {plainStyle} from './style.ts';
import {TtyWriter} from './tty-writer.ts';
import {VirtualScreen} from './virtual-screen.ts';

const enterAlternate = '\x1b[?1049h';
/** Smaller frames come whole by themselves; and on a slow line the beginning of one is better than nothing. */
const worthSynchronising = 4000;
const longestHoldMs = 200;

type OutputOptions = Pick<Capabilities, 'isUtf8' | 'abilities'> & {
	readonly isSlow?: boolean;
	readonly now?: () => number;
	/** The pace or what the terminal can do may have changed. */
	onMeasured?(): void;
};

export class ScreenOutput extends Writable {
	/** Ink takes its window from these, and redraws at `resize`. */
	readonly isTTY = true;
	readonly pace: Pace;
	can: Abilities;
	/** Whether our screen is the one that is shown. */
	isAlternate = false;
	/** While a child has the terminal nothing of ours may reach it. */
	isSilent = false;
	readonly #tty: WriteStream;
	readonly #writer: TtyWriter;
	readonly #isUtf8: boolean;
	readonly #onMeasured: () => void;
	readonly #screen: VirtualScreen;
	#shown: Grid;
	#pen: PenState;
	/** Written before the next frame: how our screen is entered or cleared. */
	#opening = '';
	#isCursorShown = true;
	#isDirty = false;
	#dirtySince = 0;
	#isScheduled = false;
	#heldUntil = 0;
	readonly #now: () => number;
	#timer: NodeJS.Timeout | undefined;

	constructor(tty: WriteStream, {isUtf8, abilities, isSlow = false, now = Date.now, onMeasured}: OutputOptions) {
		super({decodeStrings: false});
		this.#tty = tty;
		this.#isUtf8 = isUtf8;
		this.can = abilities;
		this.#now = now;
		this.#onMeasured = onMeasured ?? (() => {});
		this.pace = new Pace({answers: abilities.answers, isSlow, now});
		this.#writer = new TtyWriter(tty, (octets, ms) => {
			this.pace.drained(octets, ms);
			this.#onMeasured();
			if (this.#isDirty) this.#flush();
		});
		this.#screen = new VirtualScreen(this.columns, this.rows, abilities, {
			onAlternate: isOn => (isOn ? this.#enter() : this.leave()),
		});
		this.#shown = new Grid(this.columns, this.rows);
		this.#pen = penAtStart(this.rows);
	}

	get columns(): number {
		return this.#tty.columns || 80;
	}

	get rows(): number {
		return this.#tty.rows || 24;
	}

	get bytesWritten(): number {
		return this.#writer.octetsWritten;
	}

	/** A sequence that changes nothing on the screen: a mode, a question. */
	control(sequence: string): void {
		if (sequence !== '') this.#writer.write(sequence);
	}

	/** What the terminal can do; the answer says how far away it is too. A VT100 would show what it does not know. */
	ask(): void {
		if (!this.can.answers) return;
		this.pace.asks('attributes');
		const isWorthSynchronising = this.columns * this.rows > worthSynchronising;
		this.control(this.can.marksPaste && isWorthSynchronising ? '\x1b[?2026$p\x1b[c' : '\x1b[c');
	}

	answered(report: string): void {
		if (isAnswer(report)) this.pace.answered('status');
		else if (/^\x1b\[\?[\d;]*c$/.test(report)) this.pace.answered('attributes');
		this.can = abilitiesAfter(this.can, report);
		this.#onMeasured();
		if (this.#isDirty) this.#schedule();
	}

	/** Everything again, at the next frame: after a child or somebody else has written on the screen. */
	repaint(): void {
		if (!this.isAlternate) return;
		this.#clear();
		// Whoever wrote there may have shown or hidden it.
		if (this.can.hidesCursor) this.#opening += '\x1b[?25h';
		this.#isCursorShown = true;
		this.#changed();
	}

	/** An unfinished frame waits for a moment, once; a finished one goes at once. */
	hold(isUnfinished: boolean): void {
		this.#heldUntil = isUnfinished ? this.#now() + longestHoldMs : 0;
		if (!isUnfinished && this.#isDirty) this.#schedule();
	}

	/** The window has changed: nothing that was drawn holds any more. */
	resized(): void {
		this.#screen.clear(this.columns, this.rows);
		this.#isDirty = false;
		if (this.isAlternate) this.#clear();
	}

	/** Unless our screen is still to be entered, which clears it. */
	#clear(): void {
		if (this.#opening === '') this.#opening = '\x1b[r\x1b[m\x1b[2J';
	}

	/** The screen before ours. `last`: the process ends now, and nobody will wait for the terminal. */
	leave(when: 'now' | 'last' = 'now', modes = ''): void {
		// What waits in the kernel's queue is lost then, with the end of the frame that was to put things back.
		const text = modes + this.#leaving(when === 'last' && this.#writer.isBusy);
		this.#isDirty = false;
		clearTimeout(this.#timer);
		if (text === '') return;
		if (when === 'last') this.#writer.writeLast(text);
		else this.#writer.write(text);
	}

	/** Our screen again, as it was, after somebody else had the terminal. */
	enterAgain(): void {
		this.#enter();
		this.#changed();
	}

	#leaving(isCut: boolean): string {
		if (!this.isAlternate) return '';
		this.isAlternate = false;
		const wasSent = !this.#opening.includes(enterAlternate);
		this.#opening = '';
		if (!wasSent) return '';
		const pen = new Pen(this.#pen, this, this.can);
		if (isCut) pen.write(`${this.can.synchronises ? '\x1b[?2026l' : ''}\x1b[r\x1b[m`);
		else if (pen.top !== 0 || pen.bottom !== pen.rows - 1) pen.write('\x1b[r');
		if (!isCut) pen.setStyle(plainStyle);
		// Where ours may be the only screen, the shell goes on below what we leave on it.
		if (!this.can.clearsAlternate) pen.write(`\x1b[${this.rows}H\x1b[K`);
		if (this.can.hasAlternate) pen.write('\x1b[?1049l');
		if (!this.#isCursorShown || (isCut && this.can.hidesCursor)) pen.write('\x1b[?25h');
		this.#isCursorShown = true;
		return pen.text;
	}

	override _write(chunk: string | Uint8Array, _encoding: BufferEncoding, done: () => void): void {
		const text = typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8');
		this.#screen.write(this.#isUtf8 ? text : asciiOf(text));
		this.#changed();
		done();
	}

	/** Whether all that was to be shown has been sent, and all that was asked answered. */
	get isSettled(): boolean {
		return !(this.#isDirty && this.isAlternate) && !this.#writer.isBusy && !this.pace.isAwaiting;
	}

	get farewellMs(): number {
		return this.pace.farewellMs;
	}

	#enter(): void {
		if (this.isAlternate) return;
		this.isAlternate = true;
		this.#opening = this.can.clearsAlternate
			? enterAlternate
			: `${this.can.hasAlternate ? enterAlternate : ''}\x1b[m\x1b[2J`;
	}

	#changed(): void {
		if (!this.#isDirty) this.#dirtySince = this.#now();
		this.#isDirty = true;
		this.#schedule();
	}

	/** All that is written in one go is one frame. */
	#schedule(): void {
		if (this.#isScheduled) return;
		this.#isScheduled = true;
		setImmediate(() => {
			this.#isScheduled = false;
			if (this.#isDirty) this.#flush();
		});
	}

	#flush(): void {
		if (this.isSilent || !this.isAlternate || this.#screen.isInUpdate || this.#writer.isBusy) return;
		clearTimeout(this.#timer);
		// Each key may bring another unfinished frame: the first of them does not wait longer for that.
		const heldMs = Math.min(this.#heldUntil, this.#dirtySince + longestHoldMs) - this.#now();
		if (heldMs > 0) {
			this.#timer = setTimeout(() => this.#flush(), heldMs + 1);
			return;
		}
		const room = this.pace.room();
		if (room > 0) {
			this.#send(room);
			return;
		}
		// The window became smaller than what is on its way, which was too little to be asked about.
		if (!this.pace.isAwaiting) {
			this.pace.asks('status');
			this.control(question);
		}
		this.#timer = setTimeout(() => this.#flush(), this.pace.patienceMs() + 1);
	}

	#send(room: number): void {
		const {grid, row, isCursorShown} = this.#screen;
		if (this.#opening !== '') {
			this.#shown = new Grid(grid.columns, grid.rows);
			this.#pen = penAtStart(grid.rows);
		}
		const frame = encodeFrame(this.#shown, grid, this.#pen, this.can, {mostOctets: room, firstRow: row});
		const pen = new Pen(frame.pen, grid, this.can);
		this.#placeCursor(pen, isCursorShown);
		let text = this.#opening + frame.text + pen.text;
		this.#opening = '';
		this.#shown = frame.shown;
		this.#pen = pen.state;
		this.#isDirty = !frame.isWhole;
		if (text === '') return;
		if (this.can.synchronises && text.length > worthSynchronising) text = `\x1b[?2026h${text}\x1b[?2026l`;
		if (this.pace.sends(octetsOf(text))) {
			text += question;
			this.pace.asks('status');
		}
		this.#writer.write(text);
	}

	#placeCursor(pen: Pen, isShown: boolean): void {
		if (isShown !== this.#isCursorShown && this.can.hidesCursor) {
			pen.write(isShown ? '\x1b[?25h' : '\x1b[?25l');
			this.#isCursorShown = isShown;
		}
		const {row, column, grid} = this.#screen;
		if (isShown || !this.can.hidesCursor) pen.moveTo(row, Math.min(column, grid.columns - 1));
	}
}
