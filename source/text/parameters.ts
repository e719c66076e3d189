/**
Parameters of Content-Type and Content-Disposition (RFC 2045 §5.1), with continuations, charsets and languages (RFC 2231), and encoded words where no encoded word may be, because mailers put file names into them.
*/
import {decodeCharset} from './charset.ts';
import {decodeWords} from './encoded-words.ts';

export type Parameters = Readonly<Record<string, string>>;

const parameter = /;\s*([^\s=;"]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"?|([^;]*))/gs;

/** The value before the first `;` in lower case, and the parameters as written, names in lower case. */
export function parseParameters(value: string): {value: string; parameters: Parameters} {
	const parameters: Record<string, string> = Object.create(null);
	// A field of this size is an attack; no file name is.
	const text = value.slice(0, 100_000);
	for (const [, name, quoted, bare] of text.matchAll(parameter)) {
		const isFirst = !(name!.toLowerCase() in parameters);
		if (isFirst)
			parameters[name!.toLowerCase()] = quoted === undefined ? bare!.trim() : quoted.replace(/\\(.)/gs, '$1');
	}
	const [first = ''] = text.split(';', 1);
	return {value: first.trim().toLowerCase(), parameters};
}

function unescapePercent(text: string): Buffer {
	return Buffer.concat(
		text.split(/((?:%[0-9a-f]{2})+)/i).map((piece, index) => {
			if (index % 2 === 1) return Buffer.from(piece.replaceAll('%', ''), 'hex');
			return Buffer.from(piece);
		}),
	);
}

/** `charset'language'text`; a mailer that left the quotes out meant the text. */
function splitExtended(text: string): {charset: string; content: string} {
	const match = /^([^']*)'[^']*'(.*)$/s.exec(text);
	return match ? {charset: match[1]!, content: match[2]!} : {charset: '', content: text};
}

/**
One parameter, decoded. Raw: a file name still has to pass `safeFileName`, a text `safeLine`.

@param parameters Names in lower case, as in `Part.parameters`.
@returns undefined when there is no such parameter.
*/
export function decodeParameter(parameters: Parameters, name: string): string | undefined {
	const extended = parameters[`${name}*`];
	if (extended !== undefined) {
		const {charset, content} = splitExtended(extended);
		return decodeCharset(unescapePercent(content), charset).text;
	}

	const pieces: Buffer[] = [];
	let charset: string | undefined;
	let isEncoded = false;
	for (let index = 0; ; index++) {
		const plain = parameters[`${name}*${index}`];
		const escaped = parameters[`${name}*${index}*`];
		if (plain === undefined && escaped === undefined) break;
		if (escaped === undefined) {
			pieces.push(Buffer.from(plain!));
			continue;
		}
		isEncoded = true;
		const isFirst = index === 0;
		const split = isFirst ? splitExtended(escaped) : {charset: undefined, content: escaped};
		charset ??= split.charset;
		pieces.push(unescapePercent(split.content));
	}
	if (pieces.length > 0) {
		const bytes = Buffer.concat(pieces);
		return isEncoded ? decodeCharset(bytes, charset ?? '').text : decodeWords(bytes.toString());
	}

	const plain = parameters[name];
	return plain === undefined ? undefined : decodeWords(plain);
}
