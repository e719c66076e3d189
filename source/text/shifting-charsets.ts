/**
Seven-bit charsets that shift: UTF-7 (RFC 2152), HZ (RFC 1843) and ISO-2022-KR (RFC 1557), which no TextDecoder knows.

They are rewritten into a charset that TextDecoder does know. Damaged input gives damaged text, never an error.
With `isWhole: false` an unfinished character at the end is left out.
*/

/** UTF-7: `+…-` holds UTF-16BE in base64; `+-` is a plus sign. */
export function decodeUtf7(bytes: Buffer): string {
	return bytes.toString('latin1').replace(/\+([A-Za-z0-9+/]*)-?/g, (_, base64: string) => {
		if (base64 === '') return '+';
		const units = Buffer.from(base64, 'base64');
		return new TextDecoder('utf-16be').decode(units.subarray(0, units.length & ~1));
	});
}

/** Each match's first group, with the high bits set, in a charset of two bytes for a character. */
function decodeShifted(text: string, shifted: RegExp, charset: string, isWhole: boolean): string {
	let decoded = '';
	let end = 0;
	for (const match of text.matchAll(shifted)) {
		const pairs = Buffer.from(match[1]!, 'latin1');
		for (let index = 0; index < pairs.length; index++) if (pairs[index]! > 0x20) pairs[index]! |= 0x80;
		decoded += text.slice(end, match.index);
		end = match.index + match[0].length;
		const isCut = !isWhole && end === text.length;
		decoded += new TextDecoder(charset).decode(pairs, {stream: isCut});
	}
	return decoded + text.slice(end);
}

/** HZ: `~{…~}` holds GB 2312; `~~` is a tilde, `~` at the end of a line joins it to the next. */
export function decodeHz(bytes: Buffer, isWhole: boolean): string {
	const text = decodeShifted(bytes.toString('latin1'), /~\{((?:[^~\n]|~(?!\}))*)(?:~\}|\n|$)/g, 'gb18030', isWhole);
	return text.replace(/~(~|\r?\n)/g, (_, after: string) => (after === '~' ? '~' : ''));
}

/** ISO-2022-KR: between SO and SI stands KS X 1001; the designator at the start says nothing. */
export function decodeIso2022Kr(bytes: Buffer, isWhole: boolean): string {
	const text = bytes.toString('latin1').replaceAll('\x1b$)C', '');
	return decodeShifted(text, /\x0e([^\x0f\n]*)(?:\x0f|(?=\n)|$)/g, 'euc-kr', isWhole);
}
