/**
 * The server's own reading of a command (RFC 3501 §9). A command arrives as one text of bytes, its literals in place:
 * `{5}\r\nhello`. The cursor takes it apart from the left.
 *
 * Law: whatever cannot be read is a BadSyntax, which becomes a tagged BAD. Nothing here crashes on any input.
 */
import type {Range} from './uid-runs.ts';

export class BadSyntax extends Error {}

const atomCharacter = /[^\x00-\x20\x7f(){%*"\\\]]/;
const astringCharacter = /[^\x00-\x20\x7f(){%*"\\]/;
const listCharacter = /[^\x00-\x20\x7f(){"\\]/;

export class Cursor {
	readonly text: string;
	at = 0;

	constructor(text: string) {
		this.text = text;
	}

	get isAtEnd(): boolean {
		return this.at >= this.text.length;
	}

	peek(expected: string): boolean {
		return this.text.slice(this.at, this.at + expected.length).toUpperCase() === expected;
	}

	/** Takes it when it is there. Letters match in any case. */
	take(expected: string): boolean {
		const isThere = this.peek(expected);
		if (isThere) this.at += expected.length;
		return isThere;
	}

	expect(expected: string): void {
		if (!this.take(expected)) throw new BadSyntax(`Expected ${JSON.stringify(expected)} at ${this.at}`);
	}

	space(): void {
		this.expect(' ');
	}

	end(): void {
		if (!this.isAtEnd) throw new BadSyntax(`Unexpected text at ${this.at}`);
	}

	run(allowed: RegExp, what: string): string {
		const start = this.at;
		while (this.at < this.text.length && allowed.test(this.text[this.at]!)) this.at++;
		if (this.at === start) throw new BadSyntax(`Expected ${what} at ${start}`);
		return this.text.slice(start, this.at);
	}

	atom(): string {
		return this.run(atomCharacter, 'an atom');
	}

	word(): string {
		return this.atom().toUpperCase();
	}

	number(): number {
		const digits = this.run(/[0-9]/, 'a number');
		if (digits.length > 15) throw new BadSyntax('Number too large');
		return Number(digits);
	}

	get isAtString(): boolean {
		return this.peek('"') || this.peek('{') || this.peek('~{');
	}

	string(): string {
		return this.peek('"') ? this.#quoted() : this.#literal();
	}

	astring(): string {
		return this.isAtString ? this.string() : this.run(astringCharacter, 'a string');
	}

	listPattern(): string {
		return this.isAtString ? this.string() : this.run(listCharacter, 'a pattern');
	}

	#quoted(): string {
		this.expect('"');
		let text = '';
		for (; this.at < this.text.length; this.at++) {
			const c = this.text[this.at]!;
			if (c === '"') {
				this.at++;
				return text;
			}
			if (c === '\r' || c === '\n') break;
			text += c === '\\' ? (this.text[++this.at] ?? '') : c;
		}
		throw new BadSyntax('Unfinished quoted string');
	}

	#literal(): string {
		const match = /^~?\{(\d{1,15})\+?\}\r\n/.exec(this.text.slice(this.at, this.at + 24));
		if (match === null) throw new BadSyntax(`Expected a string at ${this.at}`);
		const start = this.at + match[0].length;
		const end = start + Number(match[1]);
		if (end > this.text.length) throw new BadSyntax('Literal too short');
		this.at = end;
		return this.text.slice(start, end);
	}

	/** `(one two)`; `one` takes itself from the cursor. */
	list<T>(one: () => T): T[] {
		const found: T[] = [];
		this.expect('(');
		while (!this.take(')')) {
			if (found.length > 0) this.space();
			found.push(one());
		}
		return found;
	}

	flag(): string {
		if (!this.take('\\')) return this.atom();
		const name = this.atom();
		return `\\${name[0]!.toUpperCase()}${name.slice(1).toLowerCase()}`;
	}

	/** `*` is Infinity; a range may stand in either order. */
	sequenceSet(): Range[] {
		const ranges: Range[] = [];
		do {
			const from = this.#sequenceNumber();
			const to = this.take(':') ? this.#sequenceNumber() : from;
			ranges.push(from <= to ? [from, to] : [to, from]);
		} while (this.take(','));
		return ranges;
	}

	#sequenceNumber(): number {
		if (this.take('*')) return Number.POSITIVE_INFINITY;
		const n = this.number();
		if (n === 0) throw new BadSyntax('Numbers start at 1');
		return n;
	}
}
