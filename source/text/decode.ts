/**
The bytes of one text part, as they came → the text in them: transfer encoding, then charset.

It decodes what is there: with `isWhole: false` the bytes are the first window of a longer part, and what the cut left unfinished (a soft line break, a quantum of base64, a character) is left out, so that the next window only adds.
The text is raw: pass it to `safeText`, `wrapText` or `htmlToText`.
*/
import {decodeCharset} from './charset.ts';
import {createTransferDecoder} from './transfer-encoding.ts';

export type PartEncoding = {
	/** Content-Transfer-Encoding; '' is 7bit. */
	readonly encoding: string;
	/** The charset parameter; '' when there is none. */
	readonly charset: string;
	readonly isWhole: boolean;
};

export type PartText = {
	readonly text: string;
	/** What the bytes were taken for, and whether that is a guess: the message did not say, or what it said cannot be. */
	readonly charset: string;
	readonly isCharsetGuess: boolean;
	/** False when the transfer encoding is unknown and its bytes are shown as they are. */
	readonly isEncodingKnown: boolean;
	/** What a reader should know about it: one safe line, or ''. */
	readonly remark: string;
};

/** @param bytes From the start of the part, as sent. */
export function decodePart(bytes: Buffer, {encoding, charset, isWhole}: PartEncoding): PartText {
	const decoder = createTransferDecoder(encoding);
	const written = decoder.write(bytes);
	const decoded = isWhole ? Buffer.concat([written, decoder.end()]) : written;
	const {text, charset: used, isGuess, remark} = decodeCharset(decoded, charset, {isWhole});
	const unknown = decoder.isKnown ? '' : 'The transfer encoding is unknown; shown as it came.';
	const remarks = [unknown, remark].filter(each => each !== '').join(' ');
	return {text, charset: used, isCharsetGuess: isGuess, isEncodingKnown: decoder.isKnown, remark: remarks};
}
