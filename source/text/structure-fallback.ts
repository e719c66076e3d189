/**
A whole raw message, or its beginning, → headers, text and attachments: for when a server's BODYSTRUCTURE cannot be parsed and the message is fetched as it is.

Laws:
- Truncation is normal: what is there is shown, and the sizes of what was cut are those of what is here.
- Headers come from our own reader, so that they look the same as everywhere else.
- Nothing throws and nothing waits for ever: what mailparser refuses, or never finishes, is shown as the text it is.

mailparser is loaded when it is first needed. It must not be used where the structure is known: it holds the whole message.
*/
import type {ParsedMail} from 'mailparser';
import {type SafeText, safeLine, safeText} from '../model/safe-text.ts';
import {decodeCharset} from './charset.ts';
import {type HeaderField, parseHeader} from './header.ts';
import {htmlToText} from './html.ts';

export type WholeMessage = {
	readonly headers: HeaderField[];
	readonly text: SafeText;
	readonly isHtml: boolean;
	readonly attachments: {readonly name: SafeText; readonly type: SafeText; readonly sizeBytes: number}[];
};

const maxName = 300;
/** mailparser has all it will get from the start; it works in memory, and megabytes take it tenths of a second. */
const stalledAfterMs = 3_000;

function bodyOf(raw: Buffer): Buffer {
	const end = /\r?\n\r?\n/.exec(raw.toString('latin1'));
	return end ? raw.subarray(end.index + end[0].length) : Buffer.alloc(0);
}

/** For broken parts mailparser gives `false` where its types promise a string. */
const shownText = (value: unknown): SafeText => safeLine(typeof value === 'string' ? value.slice(0, maxName) : '');

async function parse(raw: Buffer, isWhole: boolean): Promise<ParsedMail | undefined> {
	const {simpleParser} = await import('mailparser');
	// An attached message whose headers are cut never ends for mailparser; an empty line ends them.
	const input = isWhole ? raw : Buffer.concat([raw, Buffer.from('\r\n\r\n')]);
	const options = {skipHtmlToText: true, skipTextToHtml: true, skipImageLinks: true, skipTextLinks: true};
	const parsing = simpleParser(input, options).catch(() => undefined);
	let watch: NodeJS.Timeout | undefined;
	const stalled = new Promise<undefined>(resolve => {
		watch = setTimeout(resolve, stalledAfterMs, undefined);
	});
	const parsed = await Promise.race([parsing, stalled]);
	clearTimeout(watch);
	return parsed;
}

/** @param isWhole False when `raw` is only the beginning of the message. */
export async function parseWholeMessage(raw: Buffer, isWhole: boolean): Promise<WholeMessage> {
	const headers = parseHeader(raw);
	const parsed = await parse(raw, isWhole);
	if (parsed === undefined) {
		const {text} = decodeCharset(bodyOf(raw), '', {isWhole});
		return {headers, text: safeText(text), isHtml: false, attachments: []};
	}
	const html = parsed.text || !parsed.html ? undefined : parsed.html;
	const text = html === undefined ? safeText((parsed.text ?? '').trimEnd()) : (await htmlToText(html)).text;
	const attachments = parsed.attachments.map(({filename, contentType, size}) => ({
		name: shownText(filename),
		type: shownText(contentType || 'application/octet-stream'),
		sizeBytes: size,
	}));
	return {headers, text, isHtml: html !== undefined, attachments};
}
