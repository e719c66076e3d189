/** The header of a message as octets, and some of its fields as they were sent, as a server answers HEADER.FIELDS. */

/** Where the body begins; with no empty line all of it is header. */
export function endOfHeader(text: string, start = 0, end = text.length): number {
	for (let line = start; line < end; ) {
		const feed = text.indexOf('\n', line);
		if (feed < 0 || feed >= end) return end;
		if (feed === line || (feed === line + 1 && text[line] === '\r')) return feed + 1;
		line = feed + 1;
	}
	return end;
}

const field = /^[!-9;-~]+[ \t]*:/;

/** Whether it is a header at all that comes first. */
export const beginsWithField = (octets: Buffer): boolean => field.test(octets.subarray(0, 200).toString('latin1'));

/** Whether all of the header is there. */
export const isWholeHeader = (octets: Buffer): boolean => /(^|\n)\r?\n/.test(octets.toString('latin1'));

/** `names` in lower case; at most `most` octets. Ends with an empty line, unless it is cut. */
export function fieldsOf(octets: Buffer, names: readonly string[], most: number): Buffer {
	const text = octets.toString('latin1');
	const header = text.slice(0, endOfHeader(text));
	let fields = '';
	for (const field of header.split(/\r?\n(?![ \t])/)) {
		const name = /^([!-9;-~]+)[ \t]*:/.exec(field)?.[1];
		if (name !== undefined && names.includes(name.toLowerCase())) fields += `${field}\r\n`;
		if (fields.length >= most) break;
	}
	return Buffer.from(`${fields}\r\n`.slice(0, most), 'latin1');
}

/** As sent, with its angle brackets; '' when it has none. */
export const messageIdOf = (octets: Buffer, name: 'message-id' | 'resent-message-id' = 'message-id'): string =>
	new RegExp(`^${name}:\\s*(<[^<>\\s]+>)`, 'im').exec(fieldsOf(octets, [name], 1000).toString('latin1'))?.[1] ?? '';
