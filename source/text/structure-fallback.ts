/**
A whole raw message, or its beginning, → headers, text and attachments: for when a server's BODYSTRUCTURE cannot be parsed and the message is fetched as it is.

Laws:
- Truncation is normal: what is there is shown, and the sizes of what was cut are those of what is here.
- Headers come from our own reader, so that they look the same as everywhere else.
- Nothing throws for what a message contains: what mailparser refuses is shown as the text it is.

mailparser is loaded when it is first needed. It must not be used where the structure is known: it holds the whole message.
*/
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

function bodyOf(raw: Buffer): Buffer {
	const end = /\r?\n\r?\n/.exec(raw.toString('latin1'));
	return end ? raw.subarray(end.index + end[0].length) : Buffer.alloc(0);
}

/** @param isWhole False when `raw` is only the beginning of the message. */
export async function parseWholeMessage(raw: Buffer, isWhole: boolean): Promise<WholeMessage> {
	const headers = parseHeader(raw);
	try {
		const {simpleParser} = await import('mailparser');
		const parsed = await simpleParser(raw, {
			skipHtmlToText: true,
			skipTextToHtml: true,
			skipImageLinks: true,
			skipTextLinks: true,
		});
		const isHtml = parsed.text === undefined && typeof parsed.html === 'string';
		const text = isHtml ? (await htmlToText(parsed.html as string)).text : safeText(parsed.text ?? '');
		const attachments = parsed.attachments.map(({filename, contentType, size}) => ({
			name: safeLine((filename || '').slice(0, maxName)),
			type: safeLine(contentType.slice(0, maxName)),
			sizeBytes: size,
		}));
		return {headers, text, isHtml, attachments};
	} catch {
		const {text} = decodeCharset(bodyOf(raw), '', {isWhole});
		return {headers, text: safeText(text), isHtml: false, attachments: []};
	}
}
