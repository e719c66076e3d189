/**
Bytes in a charset → string.

Laws:
- Never throws and never refuses: mail names charsets that do not exist, and lies about those that do. What was assumed is in the answer.
- With `isWhole: false` the bytes are the beginning of something longer: a character cut in two at the end is left out, not shown as `�`.
- The result is a raw string: it becomes SafeText only where it is shown.

Node's TextDecoder (WHATWG) knows most of what mail uses; what it lacks (UTF-7, HZ, ISO-2022-KR, DOS code pages) is small enough to be here, so that no package has to be loaded for a row.
*/
import {isUtf8} from 'node:buffer';
import {codePages} from './code-pages.ts';
import {decodeHz, decodeIso2022Kr, decodeUtf7} from './shifting-charsets.ts';

export type DecodedText = {
	readonly text: string;
	/** What the bytes were taken for, lower case. */
	readonly charset: string;
	/** True when that is not what the message said. */
	readonly isGuess: boolean;
	/** What a reader should know about it: one safe sentence, or ''. */
	readonly remark: string;
};

type Reading = Pick<DecodedText, 'text' | 'charset' | 'isGuess'>;

// Spellings met in mail that WHATWG does not list.
const aliases: Readonly<Record<string, string>> = {
	cp932: 'shift_jis',
	'x-cp932': 'shift_jis',
	'windows-932': 'shift_jis',
	'cp-850': 'cp850',
	'iso-2022-jp-1': 'iso-2022-jp',
	'iso-2022-jp-2': 'iso-2022-jp',
	'iso-2022-jp-3': 'iso-2022-jp',
	'iso-2022-jp-ms': 'iso-2022-jp',
	cp50220: 'iso-2022-jp',
	cp50221: 'iso-2022-jp',
	cp51932: 'euc-jp',
	'eucjp-ms': 'euc-jp',
	cp936: 'gbk',
	cp949: 'euc-kr',
	uhc: 'euc-kr',
	cp950: 'big5',
	cp65001: 'utf-8',
	utf8mb4: 'utf-8',
	'utf-8-sig': 'utf-8',
	'x-unicode-2-0-utf-7': 'utf-7',
	'unicode-1-1-utf-7': 'utf-7',
	utf7: 'utf-7',
	hz: 'hz-gb-2312',
	ibm437: 'cp437',
	ibm850: 'cp850',
	ibm858: 'cp858',
	cp866: 'ibm866',
	'x-mac-roman': 'macintosh',
	macroman: 'macintosh',
	'mac-roman': 'macintosh',
};

const ownDecoders: Readonly<Record<string, (bytes: Buffer, isWhole: boolean) => string>> = {
	'windows-1252': decodeWindows1252,
	'utf-7': decodeUtf7,
	'hz-gb-2312': decodeHz,
	'iso-2022-kr': decodeIso2022Kr,
	'iso-2022-jp': decodeIso2022Jp,
	cp437: bytes => decodeCodePage(bytes, codePages.cp437),
	cp850: bytes => decodeCodePage(bytes, codePages.cp850),
	cp858: bytes => decodeCodePage(bytes, codePages.cp858),
};

const windows1252 = '€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ';

function decodeWindows1252(bytes: Buffer): string {
	const text = bytes.toString('latin1');
	return text.replace(/[\x80-\x9f]/g, character => windows1252[character.charCodeAt(0) - 0x80]!);
}

function decodeCodePage(bytes: Buffer, upperHalf: string): string {
	return bytes.toString('latin1').replace(/[\x80-\xff]/g, character => upperHalf[character.charCodeAt(0) - 0x80]!);
}

function decodeIso2022Jp(bytes: Buffer, isWhole: boolean): string {
	// WHATWG makes an error of a shift that shifts nothing; joined encoded words are full of them.
	const shifts = /\x1b(?:\([BJI]|\$[@B])(?=\x1b(?:\([BJI]|\$[@B]))/g;
	const text = bytes.toString('latin1').replace(shifts, '');
	return new TextDecoder('iso-2022-jp').decode(Buffer.from(text, 'latin1'), {stream: !isWhole});
}

/** The name WHATWG (or we) know a charset by; undefined for one that nobody knows. RFC 2231 languages are cut off. */
function nameOf(charset: string): string | undefined {
	const label = charset
		.trim()
		.toLowerCase()
		.replace(/^["']+|["']+$/g, '')
		.replace(/\*.*$/s, '')
		.replace(/^3d"?/, '');
	const spelling = aliases[label] ?? label;
	if (spelling in ownDecoders) return spelling;
	const candidates = [
		spelling,
		spelling.replace(/_/g, '-'),
		spelling.replace(/^(?:x-)?(?:cp|win)-?(?=125\d$)/, 'windows-'),
	];
	for (const candidate of candidates) {
		try {
			return new TextDecoder(candidate).encoding;
		} catch {
			// Not one of WHATWG's labels; the next spelling may be.
		}
	}
	return undefined;
}

const names = new Map<string, string | undefined>();

function knownName(charset: string): string | undefined {
	if (names.has(charset)) return names.get(charset);
	const name = charset.length > 64 ? undefined : nameOf(charset);
	if (names.size < 256) names.set(charset, name);
	return name;
}

function decodeUtf8Strictly(bytes: Buffer, isWhole: boolean): string | undefined {
	// Many times faster than a decoder for the few bytes of an encoded word.
	if (isWhole) return isUtf8(bytes) ? bytes.toString('utf8').replace(/^\ufeff/, '') : undefined;
	try {
		return new TextDecoder('utf-8', {fatal: true}).decode(bytes, {stream: !isWhole});
	} catch {
		return undefined;
	}
}

function decodeUnlabelled(bytes: Buffer, isWhole: boolean): Reading {
	if (/\x1b\$[@B]/.test(bytes.toString('latin1', 0, 65_536))) {
		return {text: decodeIso2022Jp(bytes, isWhole), charset: 'iso-2022-jp', isGuess: true};
	}
	const text = decodeUtf8Strictly(bytes, isWhole);
	return text === undefined
		? {text: decodeWindows1252(bytes), charset: 'windows-1252', isGuess: true}
		: {text, charset: 'utf-8', isGuess: true};
}

function decodeUtf8(bytes: Buffer, isWhole: boolean): Reading {
	const text = decodeUtf8Strictly(bytes, isWhole);
	if (text !== undefined) return {text, charset: 'utf-8', isGuess: false};
	// A few damaged characters stay damaged; a text in which nothing is UTF-8 is Latin with a wrong label.
	const damaged = new TextDecoder('utf-8').decode(bytes, {stream: !isWhole});
	let errors = 0;
	let characters = 0;
	for (const character of damaged) {
		if (character === '\ufffd') errors++;
		else if (character > '\x7f') characters++;
	}
	return errors > characters
		? {text: decodeWindows1252(bytes), charset: 'windows-1252', isGuess: true}
		: {text: damaged, charset: 'utf-8', isGuess: false};
}

// "UTF-16" alone says nothing of the order of bytes: a BOM does, else the side on which Latin text has its zeros.
function utf16Name(bytes: Buffer): string {
	if (bytes.length >= 2 && bytes.readUInt16BE(0) === 0xfeff) return 'utf-16be';
	if (bytes.length >= 2 && bytes.readUInt16LE(0) === 0xfeff) return 'utf-16le';
	let balance = 0;
	for (const [index, byte] of bytes.subarray(0, 1024).entries()) if (byte === 0) balance += index % 2 === 0 ? 1 : -1;
	return balance > 0 ? 'utf-16be' : 'utf-16le';
}

const isAscii = (bytes: Buffer): boolean => !/[\x1b\x80-\xff]/.test(bytes.toString('latin1'));

function read(bytes: Buffer, charset: string, isWhole: boolean): Reading {
	const name = knownName(charset);
	const isLabelledAscii = name === 'windows-1252' && /ascii|ansi_x3\.4|646|^cp367$/i.test(charset);
	if (name === undefined || isLabelledAscii) {
		const needsNoGuess = (isLabelledAscii || charset === '') && isAscii(bytes);
		if (needsNoGuess) return {text: bytes.toString('latin1'), charset: 'us-ascii', isGuess: false};
		return decodeUnlabelled(bytes, isWhole);
	}
	if (name === 'utf-8') return decodeUtf8(bytes, isWhole);
	const own = ownDecoders[name];
	if (own) return {text: own(bytes, isWhole), charset: name, isGuess: false};
	const isOrderOpen = name === 'utf-16le' && !/le$/i.test(charset);
	const label = isOrderOpen ? utf16Name(bytes) : name;
	return {text: new TextDecoder(label).decode(bytes, {stream: !isWhole}), charset: label, isGuess: false};
}

function remarkOn({charset, isGuess}: Reading, label: string): string {
	if (!isGuess) return '';
	if (label === '') return `No charset is named; read as ${charset}.`;
	const shown = label.replace(/[^\w.:+-]/g, '').slice(0, 40);
	return knownName(label) === undefined
		? `The charset ${shown} is unknown; read as ${charset}.`
		: `This is not ${shown} as it says; read as ${charset}.`;
}

/**
The text in some bytes (RFC 2045 §2.2, RFC 2046 §4.1.2).

@param charset As the message names it; '' when it does not. Unknown, missing, or US-ASCII with 8-bit content: UTF-8 if it is valid, else windows-1252, and `isGuess`.
@param isWhole False when more bytes follow that are not here.
*/
export function decodeCharset(bytes: Buffer, charset: string, {isWhole = true} = {}): DecodedText {
	const reading = read(bytes, charset, isWhole);
	return {...reading, remark: remarkOn(reading, charset)};
}
