/**
 * The stand-in for the tty that Ink writes to: every octet to the screen passes here.
 *
 * It counts, homes the cursor on the alternate screen (Ink does not), keeps silent while a child has the terminal,
 * and speaks ASCII to a terminal that cannot do more. Issue 4 puts the cell difference in this place.
 */
import {Writable} from 'node:stream';
import type {WriteStream} from 'node:tty';
import {asciiOf} from './ascii.ts';

const enterAlternate = '\x1b[?1049h';
const leaveAlternate = '\x1b[?1049l';
const eraseAndHome = '\x1b[2J\x1b[H';

export class ScreenOutput extends Writable {
	/** Ink takes its window from these, and redraws at `resize`. */
	readonly isTTY = true;
	bytesWritten = 0;
	isAlternate = false;
	/** While a child has the terminal nothing of ours may reach it. */
	isSilent = false;
	readonly #tty: WriteStream;
	readonly #isUtf8: boolean;

	constructor(tty: WriteStream, isUtf8: boolean) {
		super({decodeStrings: false});
		this.#tty = tty;
		this.#isUtf8 = isUtf8;
	}

	get columns(): number {
		return this.#tty.columns || 80;
	}

	get rows(): number {
		return this.#tty.rows || 24;
	}

	/** At once, past the queue: for the last words of a program that is being killed. */
	writeNow(text: string): void {
		if (text.includes(enterAlternate)) this.isAlternate = true;
		if (text.includes(leaveAlternate)) this.isAlternate = false;
		const out = this.#isUtf8 ? text : asciiOf(text);
		this.bytesWritten += Buffer.byteLength(out);
		this.#tty.write(out.replaceAll(enterAlternate, enterAlternate + eraseAndHome));
	}

	override _write(chunk: string | Uint8Array, _encoding: BufferEncoding, done: () => void): void {
		if (!this.isSilent) this.writeNow(typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8'));
		done();
	}
}
