/**
 * Pieces of which the nasty messages of the tests are made. Strings are octets (latin1).
 */
import type {Random} from '../../source/demo/random.ts';

export const head = (rest: string): string =>
	`From: Nasty <nasty@example.org>\r\nTo: robin@example.org\r\nDate: Fri, 20 Nov 2026 10:00:00 +0000\r\nSubject: nasty\r\nMIME-Version: 1.0\r\n${rest}\r\n`;
export const multipart = (parts: readonly string[], boundary = 'b', subtype = 'mixed'): string =>
	`Content-Type: multipart/${subtype}; boundary="${boundary}"\r\n\r\n${parts.map(part => `--${boundary}\r\n${part}\r\n`).join('')}--${boundary}--\r\n`;
export const text = (body: string, fields = ''): string => `Content-Type: text/plain\r\n${fields}\r\n${body}`;
export const encoded = (encoding: string, body: string, type = 'text/plain'): string =>
	`Content-Type: ${type}\r\nContent-Transfer-Encoding: ${encoding}\r\n\r\n${body}`;
export const inBase64 = (body: string): string =>
	Buffer.from(body, 'latin1')
		.toString('base64')
		.replaceAll(/.{1,76}/g, '$&\r\n');

/** Puts some of these characters at random places. */
export function damaged(chance: Random, from: string, characters: string): string {
	const out = [...from];
	for (let times = 1 + chance.below(12); times > 0; times--)
		out.splice(chance.below(out.length), 0, chance.pick([...characters]));
	return out.join('');
}
