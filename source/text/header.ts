/**
A block of header fields, as bytes, → fields, and a field's value as it may be shown (RFC 5322 §2.2).

Laws:
- 8-bit fields are UTF-8 (RFC 6532) if they are valid UTF-8, else ISO-2022-JP if they shift, else windows-1252: fields do not say what they are.
- `rawValue` is unfolded and nothing more. It is not safe to show; `fieldText` makes it so.
- Light: a list of a thousand rows is read in the time of one frame, so no package is loaded here.
*/
import {type SafeText, safeLine} from '../model/safe-text.ts';
import {decodeCharset} from './charset.ts';
import {decodeWords} from './encoded-words.ts';

export type HeaderField = {
	/** As spelled by the sender. Compare in lower case. */
	readonly name: string;
	readonly rawValue: string;
};

const not7bit = /[\x1b\x80-\xff]/;
const fieldStart = /^([!-9;-~]+)[ \t]*:[ \t]*/;

function toText(latin1: string): string {
	return not7bit.test(latin1) ? decodeCharset(Buffer.from(latin1, 'latin1'), '').text : latin1;
}

/**
The fields of a header block in their order, up to the empty line that ends it, or the end.
A line that is no field and continues none (mbox's `From `, damage) is left out.
*/
export function parseHeader(bytes: Buffer): HeaderField[] {
	const fields: {name: string; lines: string[]}[] = [];
	let isInsideField = false;
	for (const line of bytes.toString('latin1').split(/\r\n|\n|\r/)) {
		if (line === '') {
			if (fields.length > 0) break;
			continue; // some gateways put an empty line first
		}
		if (line.startsWith(' ') || line.startsWith('\t')) {
			if (isInsideField) fields.at(-1)!.lines.push(line);
			continue;
		}
		const start = fieldStart.exec(line);
		isInsideField = start !== null;
		if (start) fields.push({name: start[1]!, lines: [line.slice(start[0].length)]});
	}
	return fields.map(({name, lines}) => ({name, rawValue: toText(lines.join('')).trim()}));
}

/** The value of the first field of that name, in any case; undefined when there is none. */
export function findField(fields: readonly HeaderField[], name: string): string | undefined {
	const wanted = name.toLowerCase();
	return fields.find(field => field.name.toLowerCase() === wanted)?.rawValue;
}

/** An unstructured value (Subject, Comments) as it may be shown: encoded words undone, on one line. */
export function fieldText(rawValue: string): SafeText {
	return safeLine(decodeWords(rawValue).trim());
}
