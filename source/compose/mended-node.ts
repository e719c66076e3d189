/**
What nodemailer 10.3.1 gets wrong in a header, mended by overriding two of its methods, and what it does not know: content that lies on a server (the version is exact on purpose; `test/compose/awkward.test.ts` notices what an upgrade breaks).

- Text that only looks like an encoded word (`=?utf-8?q?x?=`) would be read as one. It is encoded (RFC 2047 §7).
- A word that is longer than a line may be (998 octets, RFC 5322 §2.1.1) cannot be folded. It is encoded, and so cut.
- Runs of blanks do not survive every reader's unfolding. They are encoded.
*/
import {PassThrough} from 'node:stream';
import {encodeWord} from 'nodemailer/lib/mime-funcs';
import MimeNode from 'nodemailer/lib/mime-node';
import type {PartOnServer} from '../model/piece.ts';

/** Of an encoded word, in octets (RFC 2047 §2 allows 75); the name of the field takes the rest of the line. */
const longestWord = 52;
/** Quoted, it must still be a line; folding adds nothing to it. */
const longestPlainWord = 400;

const misread = new RegExp(`=\\?|[\\t\\0-\\x1f\\x7f]|\\s\\s|^\\s|\\s$|\\S{${longestPlainWord}}`);

/** The shorter of the two encodings. */
function encodedWords(text: string): string {
	const octets = Buffer.from(text);
	const escaped = octets.filter(octet => !/[a-z0-9!*+\-/ ]/i.test(String.fromCharCode(octet))).length;
	return encodeWord(text, escaped * 2 < octets.length / 3 ? 'Q' : 'B', longestWord);
}

const needsWords = (text: string): boolean => /[^\x20-\x7e]/.test(text) || misread.test(text);

type Inner = {
	readonly childNodes: readonly MendedNode[];
	readonly boundary: string;
	readonly multipart: string | false;
};

export class MendedNode extends MimeNode {
	#at: PartOnServer | undefined;

	/** Its content is not here. */
	takenFrom(at: PartOnServer): this {
		this.#at = at;
		return this;
	}

	/** Else it is for the envelope only. */
	keepsBcc(isKept: boolean): void {
		(this as unknown as {keepBcc: boolean}).keepBcc = isKept;
	}

	/** The message in octets, and where they lie elsewhere, where. Ends in a CRLF. */
	async *pieces(): AsyncGenerator<Buffer | PartOnServer> {
		let last: Buffer | PartOnServer | undefined;
		for await (const piece of this.#pieces()) {
			last = piece;
			yield piece;
		}
		if (!Buffer.isBuffer(last) || last.at(-1) !== 0x0a) yield Buffer.from('\r\n');
	}

	/** What `stream` writes, which knows no other content than octets. */
	async *#pieces(): AsyncGenerator<Buffer | PartOnServer> {
		const header = Buffer.from(`${this.buildHeaders()}\r\n\r\n`);
		// With its header nodemailer decides what it is.
		const {childNodes, boundary, multipart} = this as unknown as Inner;
		if (this.#at !== undefined) {
			yield header;
			yield this.#at;
			return;
		}
		if (!multipart) {
			const octets = new PassThrough();
			this.stream(octets, {}, error => (error ? octets.destroy(error) : octets.end()));
			for await (const each of octets as AsyncIterable<Buffer>) if (each.length > 0) yield each;
			return;
		}
		yield header;
		for (const [index, child] of childNodes.entries()) {
			yield Buffer.from(`${index > 0 ? '\r\n' : ''}--${boundary}\r\n`);
			yield* child.#pieces();
		}
		yield Buffer.from(`\r\n--${boundary}--\r\n`);
	}

	_encodeAddressName(name: string): string {
		if (needsWords(name)) return encodedWords(name);
		return /^[\w ]*$/.test(name) ? name : `"${name.replace(/["\\]/g, '\\$&')}"`;
	}

	_encodeHeaderText(text: string): string {
		return needsWords(text) ? encodedWords(text) : text;
	}
}
