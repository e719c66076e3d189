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
	/** False when it says base64 and plainly is not; shown as it is too. */
	readonly isEncodingTrue: boolean;
	/** What a reader should know about it: one safe line, or ''. */
	readonly remark: string;
};

/**
 * Whether a text that is said to be base64 is: a few characters that are none are damage, one in eight is prose.
 * Only for reading; what is saved is decoded as it says (RFC 2045 §6.8).
 */
function isBase64(bytes: Buffer): boolean {
	const sample = bytes.toString('latin1', 0, 4096).replaceAll(/[\r\n]/g, '');
	const others = sample.replaceAll(/[A-Za-z0-9+/=]/g, '').length;
	return others * 8 <= sample.length;
}

/** @param bytes From the start of the part, as sent. */
export function decodePart(bytes: Buffer, {encoding, charset, isWhole}: PartEncoding): PartText {
	const isEncodingTrue = encoding.trim().toLowerCase() !== 'base64' || isBase64(bytes);
	const decoder = createTransferDecoder(isEncodingTrue ? encoding : '');
	const written = decoder.write(bytes);
	const decoded = isWhole ? Buffer.concat([written, decoder.end()]) : written;
	const {text, charset: used, isGuess, remark} = decodeCharset(decoded, charset, {isWhole});
	const {isKnown: isEncodingKnown} = decoder;
	const unknown = isEncodingKnown ? '' : 'The transfer encoding is unknown; shown as it came.';
	const untrue = isEncodingTrue ? '' : 'It says base64 and is not; shown as it came.';
	const remarks = [unknown, untrue, remark].filter(each => each !== '').join(' ');
	return {text, charset: used, isCharsetGuess: isGuess, isEncodingKnown, isEncodingTrue, remark: remarks};
}
