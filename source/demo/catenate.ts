/**
 * A message to be stored that is put together of octets that came with the command and of octets that lie in messages
 * here (RFC 4469), named by relative URLs (RFC 5092).
 *
 * As Dovecot: a part that the message does not have is empty. All is read before anything is said of it.
 */
import {type Connection, Refusal} from './connection.ts';
import {parseSection} from './fetch-syntax.ts';
import {sectionBytes} from './section.ts';
import type {World} from './server.ts';
import {BadSyntax, Cursor} from './syntax.ts';

/** From behind `CATENATE `. */
export const readCatenated = (connection: Connection, cursor: Cursor): Buffer => {
	const pieces = cursor.list(() => {
		if (cursor.take('TEXT ')) {
			if (!cursor.peek('{')) throw new BadSyntax('TEXT takes a literal');
			return {octets: cursor.string()};
		}
		cursor.expect('URL ');
		return {url: cursor.astring()};
	});
	if (pieces.length === 0) throw new BadSyntax('CATENATE of nothing');
	return Buffer.concat(
		pieces.map(({octets, url}) =>
			url === undefined ? Buffer.from(octets, 'latin1') : octetsAt(connection.world, url),
		),
	);
};

const relative = /^\/([^;?]+);UIDVALIDITY=(\d+)\/;UID=(\d+)(?:\/;SECTION=([^;?]+))?$/i;

/** Throws a Refusal: NO [BADURL]. */
export const octetsAt = (world: World, url: string): Buffer => {
	const bad = (why: string): Refusal => new Refusal('NO', `[BADURL ${url}] ${why}`);
	const [, name = '', uidValidity, uid, section = ''] = relative.exec(url) ?? [];
	if (name === '') throw bad('Not a URL of a message here.');
	const mailbox = world.mailboxes.find(decoded(name) ?? '');
	if (mailbox === undefined) throw bad("Mailbox doesn't exist.");
	if (mailbox.uidValidity !== Number(uidValidity)) throw bad('Invalid UIDVALIDITY');
	if (!mailbox.uids.has(Number(uid))) throw bad('Message not found.');
	const {message} = mailbox.letter(Number(uid));
	const bytes = sectionBytes(message, parseSection(new Cursor(`[${decoded(section) ?? ''}]`)));
	return bytes === undefined ? Buffer.alloc(0) : bytes.read(0, bytes.sizeBytes);
};

const decoded = (text: string): string | undefined => {
	try {
		return decodeURIComponent(text);
	} catch {
		return undefined;
	}
};
