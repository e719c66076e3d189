/** Text into the charsets of old, which node can only read: each table is that reading turned around. */
const tables = new Map<string, ReadonlyMap<string, number>>();

const singleByteTable = (charset: string): ReadonlyMap<string, number> => {
	const decoder = new TextDecoder(charset);
	const table = new Map<string, number>();
	for (let byte = 255; byte >= 0; byte--) table.set(decoder.decode(Uint8Array.of(byte)), byte);
	return table;
};

/** JIS X 0208, by way of EUC-JP, which is the same with the high bits set. */
const japaneseTable = (): ReadonlyMap<string, number> => {
	const decoder = new TextDecoder('euc-jp');
	const table = new Map<string, number>();
	for (let row = 0xa1; row <= 0xf4; row++) {
		const bytes = new Uint8Array(94 * 2);
		for (let cell = 0; cell < 94; cell++) bytes.set([row, 0xa1 + cell], cell * 2);
		[...decoder.decode(bytes)].forEach((character, cell) => {
			if (character !== '\ufffd') table.set(character, ((row & 0x7f) << 8) | (0x21 + cell));
		});
	}
	return table;
};

const tableOf = (charset: string): ReadonlyMap<string, number> => {
	let table = tables.get(charset);
	if (table === undefined) {
		table = charset === 'iso-2022-jp' ? japaneseTable() : singleByteTable(charset);
		tables.set(charset, table);
	}
	return table;
};

const encodeJapanese = (text: string): Buffer => {
	const table = tableOf('iso-2022-jp');
	const bytes: number[] = [];
	let isJapanese = false;
	for (const character of text) {
		const isAscii = character.charCodeAt(0) < 0x80;
		if (isAscii === isJapanese) bytes.push(0x1b, ...(isAscii ? [0x28, 0x42] : [0x24, 0x42]));
		isJapanese = !isAscii;
		const code = isAscii ? character.charCodeAt(0) : (table.get(character) ?? 0x2222);
		if (isAscii) bytes.push(code);
		else bytes.push(code >> 8, code & 0xff);
	}
	if (isJapanese) bytes.push(0x1b, 0x28, 0x42);
	return Buffer.from(bytes);
};

/** A character the charset does not have becomes `?`. */
export const encodeCharset = (text: string, charset: string): Buffer => {
	const name = charset.toLowerCase();
	if (name === 'utf-8' || name === 'us-ascii') return Buffer.from(text, 'utf8');
	if (name === 'iso-2022-jp') return encodeJapanese(text);
	const table = tableOf(name);
	return Buffer.from([...text].map(character => table.get(character) ?? 0x3f));
};
