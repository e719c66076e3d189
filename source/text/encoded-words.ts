/**
RFC 2047 encoded words → string.

Laws:
- Adjacent words of one charset are joined as *bytes* before the charset is undone: mailers cut characters, and shift states, in two.
- White space between two words is part of the encoding and goes; between a word and other text it stays (§6.2).
- A word that is not one stays as it is written. Words are found anywhere, also in quoted strings and glued to text, because mailers put them there.
- Linear: a word contains no `?` and no `=?`, so no search starts twice.
*/
import {decodeCharset} from './charset.ts';
import {createTransferDecoder} from './transfer-encoding.ts';

// Blanks inside the text are forbidden and common. `b` is base64, `q` quoted-printable with `_` for a space.
const words = /=\?([^?\s]+)\?([bq])\?([^?]*)\?=/gi;

type Run = {charset: string; bytes: Buffer[]};

function bytesOf(encoding: string, text: string): Buffer {
	if (encoding.toLowerCase() === 'b') {
		const decoder = createTransferDecoder('base64');
		return Buffer.concat([decoder.write(Buffer.from(text, 'latin1')), decoder.end()]);
	}
	// Text that is not ASCII here was 8-bit in the header, and went through our guess: it goes back to bytes as UTF-8.
	return Buffer.concat(
		text.split(/((?:=[0-9a-f]{2})+)/i).map((piece, index) => {
			if (index % 2 === 1) return Buffer.from(piece.replaceAll('=', ''), 'hex');
			return Buffer.from(piece.replaceAll('_', ' '));
		}),
	);
}

/** @param text A header value, unfolded. */
export function decodeWords(text: string): string {
	if (!text.includes('=?')) return text;
	let decoded = '';
	let end = 0;
	let run: Run | undefined;

	const finish = () => {
		if (run) decoded += decodeCharset(Buffer.concat(run.bytes), run.charset).text;
		run = undefined;
	};

	for (const match of text.matchAll(words)) {
		const [whole, label, encoding, content] = match as unknown as [string, string, string, string];
		const charset = label.replace(/\*.*$/s, '').toLowerCase();
		const between = text.slice(end, match.index);
		const isAdjacent = run !== undefined && between.trim() === '';
		if (!isAdjacent || run!.charset !== charset) finish();
		if (!isAdjacent) decoded += between;
		run ??= {charset, bytes: []};
		run.bytes.push(bytesOf(encoding, content));
		end = match.index + whole.length;
	}
	finish();
	return decoded + text.slice(end);
}
